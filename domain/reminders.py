"""Reminders: asking to be told about a task, and telling, at most once."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from types import MappingProxyType
from typing import Any, NotRequired, Protocol, TypedDict, Unpack
from uuid import UUID
from zoneinfo import ZoneInfo

from domain import policy, tokens
from domain.errors import DomainError, InvalidInput, Required, TaskFinal, refuse
from domain.once import Once
from domain.people import chosen, reaches
from domain.principal import Principal
from domain.work import Work
from domain.workflow import FINAL
from models.accounts import User
from models.reminders import Anchor, Channel, Notification, Reminder, ReminderStatus
from models.tasks import Task

MORNING = time(9)
"""When a day that a task is due on counts for a reminder: nine o'clock where the reminded person is."""
EARLIEST = datetime.min.replace(tzinfo=UTC)
LONGEST_MINUTES = 525_600
_AFRESH: MappingProxyType[str, Any] = MappingProxyType({"attempts": 0, "error": None, "failed_at": None})
"""No attempt counts any more, and none has failed."""
_SAME = ("user_id", "channel", "anchor", "offset_minutes")
_SEES = "select true as sees from tasks t where t.id = $1 and "


class Dated(Protocol):
    """What a reminder may go by."""

    @property
    def due_on(self) -> date | None:
        """The day on which it is due."""

    @property
    def scheduled_at(self) -> datetime | None:
        """The instant for which it is scheduled."""


def moment(
    anchor: Anchor, offset_minutes: int, remind_at: datetime | None, *, task: Dated, zone: ZoneInfo
) -> datetime | None:
    """When to remind: so many minutes before the due or scheduled time, or at an instant; none until that is known."""
    at = remind_at
    if anchor is Anchor.SCHEDULED:
        at = task.scheduled_at
    elif anchor is Anchor.DUE:
        at = datetime.combine(task.due_on, MORNING, zone) if task.due_on else None
    try:
        return at.astimezone(UTC) - timedelta(minutes=offset_minutes) if at else None
    except OverflowError:  # before the year 1, which a mistyped year comes near
        return EARLIEST


class When(TypedDict):
    """The moment of a reminder: so many minutes before its anchor, or an instant."""

    anchor: Anchor
    offset_minutes: NotRequired[int]
    remind_at: NotRequired[datetime | None]


async def create(
    task_id: UUID, *, user_id: UUID | None = None, by: Principal, once: Once | None = None, **when: Unpack[When]
) -> UUID:
    """Remind oneself, or somebody in one's reach, of a task, before it is due or scheduled or at an instant.

    What is there already is not doubled. Without the date that it goes by, a reminder waits for one.
    """
    wanted: dict[str, Any] = {"offset_minutes": 0, "remind_at": None, **when}
    refuse(_wrong(**wanted))
    async with Work(by, once=once) as work:
        if work.answer:
            return work.answer
        task = await work.load(Task, task_id, to="remind", path=("taskId",))
        user = await chosen(work, user_id, "remind", path=("userId",))
        refuse((TaskFinal(status=task.status),) if task.status in FINAL else ())
        wanted |= {"task_id": task.id, "user_id": user.id, "channel": Channel.IN_APP}
        reminder = await Reminder.get_or_none(**wanted)
        if reminder is None:
            due_at = _moment(Reminder(**wanted), task, ZoneInfo(user.time_zone))
            reminder = await work.create(Reminder, **wanted, creator_id=by.id, due_at=due_at)
            await work.record(task, "reminder_set", {"reminder": [None, reminder.id]})
        return await work.answers(reminder.id)


async def replan(work: Work, task: Task) -> None:
    """Make what is to be sent about a locked task fit its dates; nothing is sent about a finished one.

    What was sent is sent again when the date that it goes by has moved, so that its moment is still to come.
    """
    planned = Reminder.filter(task_id=task.id).exclude(status=ReminderStatus.SKIPPED)
    for reminder in await planned.select_for_update():
        pending = reminder.status is ReminderStatus.PENDING
        due_at = _moment(reminder, task, await _zone(reminder))
        if task.status not in FINAL and (pending or (due_at and due_at > work.now)):
            await _replan(work, reminder, due_at)
        elif pending:
            await _skip(work, reminder, f"The task is {task.status}.")


async def carry(work: Work, copies: Mapping[UUID, Task], later: Callable[[datetime | None], datetime | None]) -> None:
    """Remind of new tasks whoever is reminded of those that they come from, as far as they are in reach.

    Instants are moved by `later`. Nothing is sent about a moment that is past: it waits for another date, if it goes
    by one.
    """
    found = await Reminder.filter(task_id__in=copies).order_by("id")
    mine = [each for each in found if reaches(work.by, each.user_id)]
    zones = {user.id: ZoneInfo(user.time_zone) for user in await User.filter(id__in={each.user_id for each in mine})}
    rows = []
    for each in mine:
        task, at = copies[each.task_id], later(each.remind_at)
        due_at = moment(each.anchor, each.offset_minutes, at, task=task, zone=zones[each.user_id])
        to_come = due_at is not None and due_at > work.now
        if to_come or each.anchor is not Anchor.INSTANT:
            same = {name: getattr(each, name) for name in _SAME}
            more = {"task_id": task.id, "creator_id": work.by.id, "remind_at": at}
            rows.append({**same, **more, "due_at": due_at if to_come else None})
    await work.create_all(Reminder, rows, unless_there=True)


async def send(reminder_id: UUID, *, by: Principal) -> None:
    """Put a due reminder into its person's inbox, unless by now there is a reason not to."""
    async with Work(by) as work:
        reminder = await work.load(Reminder, reminder_id, to="send")
        if reminder.status is not ReminderStatus.PENDING:
            return
        task = await work.see(Task, reminder.task_id)
        zone = await _zone(reminder)
        due_at = _moment(reminder, task, zone)
        if reason := await _reason_not_to(work, reminder, task):
            await _skip(work, reminder, reason)
        elif due_at is None or due_at > work.now:  # moved while it was taken
            await _replan(work, reminder, due_at)
        else:
            note = {"user_id": reminder.user_id, "task_id": task.id, "reminder_id": reminder.id, "moment": due_at}
            note["message"] = _message(reminder.anchor, task, zone)
            await work.create_all(Notification, [note], unless_there=True)
            done: dict[str, Any] = {"status": ReminderStatus.SENT, "sent_at": work.now, "due_at": None}
            await work.change(reminder, "sent", **done, **_AFRESH)
            await work.record(task, "reminded", {"user": [None, reminder.user_id]})


async def _zone(reminder: Reminder) -> ZoneInfo:
    return ZoneInfo((await User.get(id=reminder.user_id)).time_zone)


def _moment(reminder: Reminder, task: Task, zone: ZoneInfo) -> datetime | None:
    return moment(reminder.anchor, reminder.offset_minutes, reminder.remind_at, task=task, zone=zone)


async def _reason_not_to(work: Work, reminder: Reminder, task: Task) -> str | None:
    """Why a reminder that was wanted is not to be sent now."""
    if task.status in FINAL:
        return f"The task is {task.status}."
    person = await tokens.of_user(reminder.user_id)
    if person is None:
        return "The person is no longer active."
    seen, values = policy.bind(person, "tasks", t="t", first=2)
    return None if await work.fetch(_SEES + seen, task.id, *values) else "The person may no longer see the task."


async def _replan(work: Work, reminder: Reminder, due_at: datetime | None) -> None:
    planned: dict[str, Any] = {"status": ReminderStatus.PENDING, "sent_at": None, "due_at": due_at}
    await work.change(reminder, "replanned", **planned, **_AFRESH)


async def _skip(work: Work, reminder: Reminder, reason: str) -> None:
    done: dict[str, Any] = {"status": ReminderStatus.SKIPPED, "due_at": None, **_AFRESH, "error": reason}
    await work.change(reminder, "skipped", **done)


def _message(anchor: Anchor, task: Task, zone: ZoneInfo) -> str:
    name = f"T-{task.number} {task.title}"
    if anchor is Anchor.DUE:
        return f"{name} is due on {task.due_on}."
    if anchor is Anchor.SCHEDULED and task.scheduled_at:
        return f"{name} is scheduled for {task.scheduled_at.astimezone(zone):%Y-%m-%d %H:%M}."
    return f"You wanted to be reminded of {name}."


def _wrong(*, anchor: Anchor, offset_minutes: int, remind_at: datetime | None) -> list[DomainError]:
    errors: list[DomainError] = []
    if not 0 <= offset_minutes <= LONGEST_MINUTES:
        errors.append(InvalidInput(path=("offset",), reason="it must be between nothing and 365 days"))
    if anchor is Anchor.INSTANT and remind_at is None:
        errors.append(Required(path=("remindAt",), field="The instant"))
    if anchor is not Anchor.INSTANT and remind_at is not None:
        errors.append(InvalidInput(path=("remindAt",), reason=f"it does not go with {anchor}"))
    return errors
