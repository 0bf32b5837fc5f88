"""Sending reminders that are due: at most once to each person, at each moment, by each channel."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from domain import audience, digests, notification_rules, reminders, telling
from domain.audience import Hearer
from domain.principal import Principal
from domain.reminder_rules import message
from domain.work import Work
from domain.workflow import FINAL
from models.history import Event
from models.notifications import Notification, NotificationKind, NotificationStatus
from models.reminders import Recipient, Reminder, ReminderStatus
from models.tasks import Task

_DONE = """
update reminders r set status = d.status, due_at = d.due_at, error = d.error, attempts = 0, failed_at = null,
    sent_at = case d.status when 'SENT' then $5::timestamptz end, version = r.version + 1, updated_at = $5
from unnest($1::uuid[], $2::text[], $3::timestamptz[], $4::text[]) d (id, status, due_at, error) where r.id = d.id
"""
_FOLDED = NotificationStatus.FOLDED
_NOBODY = {
    Recipient.ASSIGNEE: "Nobody holds the task.",
    Recipient.WATCHERS: "Nobody watches the task.",
    Recipient.TEAM: "The task has no team, or one without members.",
}


@dataclass(slots=True)
class Outcome:
    """What becomes of a reminder now."""

    reminder: Reminder
    task: Task
    status: ReminderStatus
    due_at: datetime | None = None
    error: str | None = None
    told: list[dict[str, Any]] = field(default_factory=list)


async def send(keys: Sequence[UUID], *, by: Principal) -> None:
    """Send due reminders of one workspace by few statements, unless by now there is a reason not to."""
    async with Work(by) as work:
        locked = await work.lock_seen(Reminder, keys)
        due = [each for each in locked.values() if each.status is ReminderStatus.PENDING]
        tasks = {task.id: task for task in await Task.filter(id__in={each.task_id for each in due})}
        moments = await reminders.moments(work, due, tasks)
        heard = await audience.of_reminders(work, [each.id for each in due])
        outcomes = [
            _outcome(work.now, each, tasks[each.task_id], at, heard[each.id])
            for each, at in zip(due, moments, strict=True)
        ]
        await work.create_all(Notification, [row for each in outcomes for row in each.told], unless_there=True)
        await _finish(work, outcomes)
        await digests.wake(work, {row["user_id"] for each in outcomes for row in each.told if row["status"] is _FOLDED})


def _outcome(now: datetime, reminder: Reminder, task: Task, at: datetime | None, heard: Sequence[Hearer]) -> Outcome:
    if task.deletion_id is not None:  # what waits for it to be restored
        return Outcome(reminder, task, ReminderStatus.PENDING, None, "The task is deleted.")
    if task.status in FINAL:
        return Outcome(reminder, task, ReminderStatus.SKIPPED, None, f"The task is {task.status}.")
    if at is None or at > now:  # moved while it was taken
        return Outcome(reminder, task, ReminderStatus.PENDING, at)
    told = [row for hearer in heard for row in _rows(now, reminder, task, at, hearer)]
    if any(row["status"] is not NotificationStatus.SKIPPED for row in told):
        return Outcome(reminder, task, ReminderStatus.SENT, told=told)
    reason = told[0]["error"] if told else _NOBODY[reminder.recipient]
    return Outcome(reminder, task, ReminderStatus.SKIPPED, None, reason, told)


def _rows(now: datetime, reminder: Reminder, task: Task, at: datetime, hearer: Hearer) -> list[dict[str, Any]]:
    """The notifications of one person."""
    about = {"task_id": task.id, "reminder_id": reminder.id, "user_id": hearer.user_id}
    said = message(reminder.anchor, task, hearer.wishes.zone)
    how: Any = {"since": reminder.created_at, "asked": reminder.channel, "reason": hearer.reason}
    told = notification_rules.told_of_moment(NotificationKind.REMINDER, hearer.wishes, now, at, **how)
    return [{**about, "message": said, **each} for each in told]


async def _finish(work: Work, outcomes: Sequence[Outcome]) -> None:
    columns = zip(*((each.reminder.id, each.status, each.due_at, each.error) for each in outcomes), strict=True)
    if outcomes:
        await work.fetch(_DONE, *map(list, columns), work.now)
    told = [
        telling.event(work.by, "tasks", each.task.id, "reminded", {"people": [None, _people(each)]}, reason=None)
        for each in outcomes
        if each.status is ReminderStatus.SENT
    ]
    await work.create_all(Event, told)


def _people(outcome: Outcome) -> list[UUID]:
    """Whom a reminder told."""
    return sorted({row["user_id"] for row in outcome.told if row["status"] is not NotificationStatus.SKIPPED})
