"""Reminders: wishing to be told about tasks, and keeping what was wished for in step with their dates."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Any, TypedDict, Unpack
from uuid import UUID
from zoneinfo import ZoneInfo

from domain import task_facts
from domain.conflicts import taken
from domain.errors import DomainError, DuplicateValue, Forbidden, TaskFinal, refuse
from domain.once import Once
from domain.people import chosen, reaches
from domain.policy import allow
from domain.principal import Principal
from domain.relations import Relation, stands, words
from domain.reminder_rules import MOMENT, When, complete, faults, moment, when, whom, wrong_recipient
from domain.work import Work
from domain.workflow import FINAL
from models.reminders import Anchor, Channel, Recipient, Reminder, ReminderStatus
from models.tasks import Task

OWNERS = (Relation.ASSIGNEE, Relation.CREATOR, Relation.REACH)
"""Who has others than one person in their reach reminded."""
AFRESH: MappingProxyType[str, Any] = MappingProxyType({"attempts": 0, "error": None, "failed_at": None})
"""No attempt counts any more, and none has failed."""
_ZONES = """
select null::uuid as id, time_zone from workspaces where id = $1
union all select id, time_zone from users where workspace_id = $1 and id = any($2)
"""
_UNTIE = "update notifications set reminder_id = null where reminder_id = $1"


class Patch(TypedDict, total=False):
    """What is changed about a reminder; what is absent stays."""

    anchor: Anchor
    offset_minutes: int
    days: int
    working_days: int
    after: bool
    local_time: str | None
    remind_at: datetime | None
    channel: Channel | None


async def create(
    task_id: UUID,
    *,
    recipient: Recipient = Recipient.PERSON,
    user_id: UUID | None = None,
    channel: Channel | None = None,
    by: Principal,
    once: Once | None = None,
    **at: Unpack[When],
) -> UUID:
    """Remind oneself, somebody in one's reach, or who has to do with a task then, of it.

    What is there already is not doubled. Without the date that it goes by, a reminder waits for one.
    """
    wanted = complete(at)
    refuse((*faults(wanted), *wrong_recipient(recipient, user_id)))
    async with Work(by, once=once) as work:
        if work.answer:
            return work.answer
        task = await work.load(Task, task_id, to="remind", path=("taskId",))
        if recipient is Recipient.PERSON:
            user_id = (await chosen(work, user_id, "remind", path=("userId",))).id
        refuse((*_final(task), *_not_ours(task, recipient, by)))
        whom = {"task_id": task.id, "recipient": recipient, "user_id": user_id, "channel": channel}
        return await work.answers(await _set(work, task, wanted | whom))


async def update(reminder_id: UUID, patch: Patch, *, by: Principal, version: int | None = None) -> None:
    """Change when or how a reminder is sent; if its moment is still to come, what was sent is sent again."""
    async with Work(by) as work:
        task, reminder = await _opened(work, reminder_id, "reminder_update", version)
        wanted = when(reminder) | {name: value for name, value in patch.items() if name in MOMENT}
        refuse((*_final(task), *faults(wanted)))
        if any(getattr(reminder, name) != value for name, value in patch.items()):
            (due_at,) = await _moments(work, [(wanted | _told(reminder), task)])
            doubled = DuplicateValue(path=("reminderId",), field="A reminder", value="of this moment")
            with taken("reminders_once", doubled):
                await work.change(reminder, "updated", **patch, **_planned(work, reminder, due_at))
            await work.record(task, "reminder_changed", {"reminder": [reminder.id, reminder.id]})


async def delete(reminder_id: UUID, *, by: Principal, version: int | None = None) -> UUID:
    """Take a reminder away; what it has told stays in the inboxes. Answers the task's id."""
    async with Work(by) as work:
        task, reminder = await _opened(work, reminder_id, "reminder_delete", version)
        await work.fetch(_UNTIE, reminder.id)
        await reminder.delete()
        await work.record(task, "reminder_removed", {"reminder": [reminder.id, None]})
        return task.id


async def replan(work: Work, task: Task) -> None:
    """Make what is to be sent about a locked task fit its dates; nothing is sent about a finished one.

    What was sent is sent again when the date that it goes by has moved, so that its moment is still to come.
    """
    planned = Reminder.filter(task_id=task.id).exclude(status=ReminderStatus.SKIPPED).order_by("id")
    rows = await planned.select_for_update()
    for reminder, due_at in zip(rows, await moments(work, rows, {task.id: task}), strict=True):
        pending = reminder.status is ReminderStatus.PENDING
        if task.status not in FINAL and (pending or (due_at and due_at > work.now)):
            await work.change(reminder, "replanned", **_planned(work, reminder, due_at))
        elif pending:
            skipped: dict[str, Any] = {"status": ReminderStatus.SKIPPED, "due_at": None}
            await work.change(reminder, "skipped", **{**skipped, **AFRESH, "error": f"The task is {task.status}."})


async def begin(
    work: Work, tasks: Sequence[Task], wishes: Sequence[Mapping[str, Any]], creator_id: UUID | None
) -> None:
    """Set the same reminders for new tasks. One whose moment is past waits for another date."""
    wanted = [({**complete(wish), "user_id": None, "task_id": task.id}, task) for task in tasks for wish in wishes]
    await _add(work, wanted, creator_id)


async def carry(work: Work, copies: Mapping[UUID, Task], later: Callable[[datetime | None], datetime | None]) -> None:
    """Remind of new tasks whoever is reminded of those that they come from, as far as they are in reach.

    Instants are moved by `later`. Nothing is sent about a moment that is past: it waits for another date, if it goes
    by one.
    """
    found = await Reminder.filter(task_id__in=copies).order_by("id")
    mine = [each for each in found if each.user_id is None or reaches(work.by, each.user_id)]
    wanted = [
        (
            when(row) | _told(row) | {"task_id": copies[row.task_id].id, "remind_at": later(row.remind_at)},
            copies[row.task_id],
        )
        for row in mine
    ]
    await _add(work, wanted, work.by.id)


async def moments(work: Work, rows: Sequence[Reminder], tasks: Mapping[UUID, Task]) -> list[datetime | None]:
    """When reminders are due now."""
    return await _moments(work, [(when(row) | _told(row), tasks[row.task_id]) for row in rows])


async def zones(work: Work, people: Collection[UUID]) -> dict[UUID | None, ZoneInfo]:
    """The zones of people; that of nobody is the workspace's."""
    rows = await work.fetch(_ZONES, work.by.workspace_id, list(people))
    return {row["id"]: ZoneInfo(row["time_zone"]) for row in rows}


async def _set(work: Work, task: Task, wanted: dict[str, Any]) -> UUID:
    """The id of a reminder, which is made unless it is there."""
    reminder = await Reminder.get_or_none(**wanted)
    if reminder is None:
        (due_at,) = await _moments(work, [(wanted, task)])
        reminder = await work.create(Reminder, **wanted, creator_id=work.by.id, due_at=due_at)
        await work.record(task, "reminder_set", {"reminder": [None, reminder.id]})
    return reminder.id


async def _add(work: Work, wanted: Sequence[tuple[dict[str, Any], Task]], creator_id: UUID | None) -> None:
    """Store reminders of moments that are to come, or that will be there once their date is another one."""
    due = await _moments(work, wanted)
    rows = [
        {**each, "creator_id": creator_id, "due_at": at if at and at > work.now else None}
        for (each, _), at in zip(wanted, due, strict=True)
        if (at and at > work.now) or each["anchor"] != Anchor.INSTANT
    ]
    await work.create_all(Reminder, rows, unless_there=True)


async def _moments(work: Work, wanted: Iterable[tuple[Mapping[str, Any], Task]]) -> list[datetime | None]:
    """When reminders are due: by the clock of the one person whom each tells, or of the workspace."""
    told = [(each, task, whom(each["recipient"], each["user_id"], task)) for each, task in wanted]
    clocks = await zones(work, {key for _, _, key in told if key}) if told else {}
    return [moment(each, task, clocks[key]) for each, task, key in told]


def _told(reminder: Reminder) -> dict[str, Any]:
    """Whom a reminder tells, and how."""
    return {"recipient": reminder.recipient, "user_id": reminder.user_id, "channel": reminder.channel}


def _planned(work: Work, reminder: Reminder, due_at: datetime | None) -> dict[str, Any]:
    """What makes a reminder be sent at a moment; one that was sent, or left out, stays so if the moment is past."""
    if reminder.status is not ReminderStatus.PENDING and not (due_at and due_at > work.now):
        return {}
    return {"status": ReminderStatus.PENDING, "sent_at": None, "due_at": due_at, **AFRESH}


async def _opened(work: Work, reminder_id: UUID, to: str, version: int | None) -> tuple[Task, Reminder]:
    """A reminder and its task, both locked: first the task, as when it gets another date."""
    allow(work.by, to)
    path = ("reminderId",)
    task = await work.load(Task, (await work.see(Reminder, reminder_id, path=path)).task_id, to=to)
    reminder = await work.load(Reminder, reminder_id, to=to, version=version, path=path)
    mine = any(key and reaches(work.by, key) for key in (reminder.creator_id, reminder.user_id))
    if not (mine or stands((Relation.REACH,), task_facts.of_row(task, work.by), work.by)):
        who = "whoever set it, whom it reminds, supervisors and admins"
        raise Forbidden(path=path, action="change this reminder", who=who)
    return task, reminder


def _final(task: Task) -> Iterator[DomainError]:
    if task.status in FINAL:
        yield TaskFinal(status=task.status)


def _not_ours(task: Task, recipient: Recipient, by: Principal) -> Iterator[DomainError]:
    if recipient is not Recipient.PERSON and not stands(OWNERS, task_facts.of_row(task, by), by):
        action = f"have the {recipient.lower()} of this task reminded"
        yield Forbidden(path=("recipient",), action=action, who=words(OWNERS))
