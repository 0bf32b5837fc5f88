"""When a reminder is due, and what can be wished for: plain values, no database."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, NotRequired, Protocol, TypedDict
from uuid import UUID
from zoneinfo import ZoneInfo

from domain.errors import DomainError, InvalidInput, LimitExceeded, Required
from domain.working_days import moved
from models.reminders import Anchor, Channel, Recipient, Reminder
from models.tasks import Task

MORNING = time(9)
"""When a day that a task is due on counts for a reminder: nine o'clock where the reminded person is."""
EARLIEST = datetime.min.replace(tzinfo=UTC)
LATEST = datetime.max.replace(tzinfo=UTC, microsecond=0)
_COUNTED = (("offset", "offset_minutes", 525_600), ("days", "days", 365), ("workingDays", "working_days", 365))
MOST_WISHES = 10
"""Reminders that tasks of a type, or of a series, begin with."""
_CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d", re.ASCII)


class Dated(Protocol):
    """What a reminder may go by."""

    @property
    def due_on(self) -> date | None:
        """The day on which it is due."""

    @property
    def scheduled_at(self) -> datetime | None:
        """The instant for which it is scheduled."""


class When(TypedDict):
    """The moment of a reminder: so long before its anchor, or after it, or an instant."""

    anchor: Anchor
    offset_minutes: NotRequired[int]
    days: NotRequired[int]
    working_days: NotRequired[int]
    after: NotRequired[bool]
    local_time: NotRequired[str | None]
    remind_at: NotRequired[datetime | None]


class Wish(When):
    """A reminder that tasks are to begin with, whoever holds them then."""

    recipient: Recipient
    channel: NotRequired[Channel | None]


MOMENT = ("anchor", "offset_minutes", "days", "working_days", "after", "local_time", "remind_at")
"""What says when."""
_NOTHING: Mapping[str, Any] = {
    "offset_minutes": 0,
    "days": 0,
    "working_days": 0,
    "after": False,
    "local_time": None,
    "remind_at": None,
}


def complete(when: Mapping[str, Any]) -> dict[str, Any]:
    """When is wished for, with the default of everything that it leaves out."""
    return {**_NOTHING, **when}


def when(reminder: Reminder) -> dict[str, Any]:
    """When a reminder was wished for."""
    return {name: getattr(reminder, name) for name in MOMENT}


def whom(recipient: Recipient, user_id: UUID | None, task: Task) -> UUID | None:
    """The one person whom a reminder tells now, if it tells one: the clock where they are counts."""
    known = {Recipient.PERSON: user_id, Recipient.ASSIGNEE: task.assignee_id, Recipient.CREATOR: task.creator_id}
    return known.get(recipient)


def moment(when: Mapping[str, Any], task: Dated, zone: ZoneInfo) -> datetime | None:
    """When to remind, in UTC; none until the date is known that the reminder goes by.

    Days are counted by the clock of the zone, which says the same time before and after, or the local time if one is
    wished for: a time that the clock skips moves forward by what was skipped, and one that comes twice is its first.
    """
    at = _anchor(when, task, zone)
    if at is None:
        return None
    try:
        if when["days"] or when["working_days"] or when["local_time"]:
            at = _moved(at.astimezone(zone), when)
        return at.astimezone(UTC) + _towards(when) * timedelta(minutes=when["offset_minutes"])
    except OverflowError:  # before the year 1 or after 9999, which a mistyped year comes near
        return EARLIEST if at.year < 5000 else LATEST


def faults(when: Mapping[str, Any], path: tuple[str, ...] = ()) -> Iterator[DomainError]:
    """Everything that is wrong with a wish; the path is as the API spells it, inside `path`."""
    anchor, at = when["anchor"], when["remind_at"]
    for name, column, most in _COUNTED:
        if not 0 <= when[column] <= most:
            yield InvalidInput(path=(*path, name), reason="it must be between nothing and 365 days")
    if anchor is Anchor.INSTANT and at is None:
        yield Required(path=(*path, "remindAt"), field="The instant")
    if anchor is not Anchor.INSTANT and at is not None:
        yield InvalidInput(path=(*path, "remindAt"), reason=f"it does not go with {anchor}")
    if anchor is Anchor.INSTANT and (when["days"] or when["working_days"]):
        yield InvalidInput(path=(*path, "days"), reason="days do not go with INSTANT")
    if when["days"] and when["working_days"]:
        yield InvalidInput(path=(*path, "workingDays"), reason="they do not go with days")
    yield from _wrong_clock(when, path)


def wrong_wishes(wishes: Sequence[Wish], path: tuple[str, ...] = ("reminders",)) -> Iterator[DomainError]:
    """Everything that is wrong with what tasks are to begin with: no instant and no person fits each of them."""
    if len(wishes) > MOST_WISHES:
        yield LimitExceeded(path=path, what="Reminders to begin with", limit=MOST_WISHES, actual=len(wishes))
    for place, wish in enumerate(wishes):
        inside = (*path, str(place))
        yield from faults(complete(wish), inside)
        if wish["anchor"] is Anchor.INSTANT:
            yield InvalidInput(path=(*inside, "anchor"), reason="an instant does not fit every task")
        if wish["recipient"] is Recipient.PERSON:
            yield InvalidInput(path=(*inside, "recipient"), reason="no person fits every task")


def stored(wish: Wish) -> dict[str, Any]:
    """A wish as JSON holds it, complete."""
    return {name: value for name, value in complete({"channel": None, **wish}).items() if name != "remind_at"}


def wrong_recipient(recipient: Recipient, user_id: UUID | None) -> Iterator[DomainError]:
    """That a person is named where another recipient is wished for."""
    if recipient is not Recipient.PERSON and user_id is not None:
        yield InvalidInput(path=("userId",), reason=f"it does not go with {recipient}")


def is_clock(value: str) -> bool:
    """Whether a text is a local time such as 09:00."""
    return bool(_CLOCK.fullmatch(value))


def clock(value: str) -> time:
    """A local time such as 09:00."""
    return time.fromisoformat(value)


def message(anchor: Anchor, task: Task, zone: ZoneInfo) -> str:
    """What a reminder says, by the clock of the zone."""
    name = f"T-{task.number} {task.title}"
    if anchor is Anchor.DUE:
        return f"{name} is due on {task.due_on}."
    if anchor is Anchor.SCHEDULED and task.scheduled_at:
        return f"{name} is scheduled for {task.scheduled_at.astimezone(zone):%Y-%m-%d %H:%M}."
    return f"You wanted to be reminded of {name}."


def _anchor(when: Mapping[str, Any], task: Dated, zone: ZoneInfo) -> datetime | None:
    if when["anchor"] == Anchor.SCHEDULED:
        return task.scheduled_at
    if when["anchor"] == Anchor.DUE:
        return datetime.combine(task.due_on, MORNING, zone) if task.due_on else None
    at: datetime | None = when["remind_at"]
    return at


def _towards(when: Mapping[str, Any]) -> int:
    return 1 if when["after"] else -1


def _moved(at: datetime, when: Mapping[str, Any]) -> datetime:
    way = _towards(when)
    day = moved(at.date() + way * timedelta(days=when["days"]), way * when["working_days"])
    time_of_day = clock(when["local_time"]) if when["local_time"] else at.time().replace(fold=0)
    return datetime.combine(day, time_of_day, at.tzinfo)


def _wrong_clock(when: Mapping[str, Any], path: tuple[str, ...]) -> Iterator[DomainError]:
    at = when["local_time"]
    if at is None:
        return
    if not is_clock(at):
        yield InvalidInput(path=(*path, "localTime"), reason=f"{at[:10]} is no local time such as 09:00")
    if when["anchor"] is Anchor.INSTANT or when["offset_minutes"]:
        yield InvalidInput(path=(*path, "localTime"), reason="it goes with days, not with an offset or INSTANT")
