"""Series: tasks that come again, kept as real tasks up to a horizon."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, time, timedelta
from typing import Any, Required, TypedDict, Unpack
from uuid import UUID
from zoneinfo import ZoneInfo

from domain import tasks
from domain.errors import DomainError, InvalidInput, InvalidRecurrence, refuse
from domain.jobs import Job
from domain.once import Once
from domain.people import chosen
from domain.policy import allow
from domain.principal import Principal
from domain.rrule import parse, times_a_day
from domain.rule_set import Occurrence, RuleSet, occurrences
from domain.work import Work
from domain.zones import zone
from models.accounts import Team, User
from models.customers import Customer
from models.links import LinkKind, TaskLink
from models.recurrence import Series
from models.reminders import Anchor, Reminder
from models.tasks import Priority, Task, TaskType
from settings import settings

MOST = 500
"""Tasks that one run makes; what is left stays due."""
HOURS = 24
PAUSE = timedelta(days=1)
"""How long a series that has reached the horizon waits for it to move on."""
COPIED = ("title", "type", "priority", "description", "expected_minutes", "creator_id", "team_id")
_EXPANDED = (
    "update series set expanded_until = $2, due_at = $3, attempts = 0, error = null, failed_at = null where id = $1"
)


class Blueprint(TypedDict, total=False):
    """What each task of a series will be like; what is absent has its default."""

    title: Required[str]
    type: TaskType
    priority: Priority
    description: str | None
    expected_minutes: int | None
    reminder_minutes: int | None
    assignee_id: UUID | None
    team_id: UUID | None
    customer_id: UUID | None


async def create(
    *, rule: str, start: str, time_zone: str, by: Principal, once: Once | None = None, **blueprint: Unpack[Blueprint]
) -> UUID:
    """Let a task come again by an RFC 5545 rule, from a local start such as 2026-11-23T09:00:00 in a time zone.

    Without an assignee its tasks wait to be claimed. A rule that cannot be expanded is refused now.
    """
    allow(by, "series_create")
    local, place = _local(start), zone(time_zone)
    refuse(_out_of_range(blueprint))
    async with Work(by, once=once) as work:
        if work.answer:
            return work.answer
        await chosen(work, blueprint.get("assignee_id"), "plan work for", path=("assigneeId",))
        await _refer(work, blueprint)
        await _find(rule, local, place, until=work.now + _horizon(), limit=1)
        refuse(_too_often(rule))
        recurs: dict[str, Any] = {"rule": rule, "start": local.isoformat(), "time_zone": time_zone, "due_at": work.now}
        series = await work.create(Series, creator_id=by.id, **recurs, **blueprint)
        work.enqueue(Job.EXPAND_SERIES)
        return await work.answers(series.id)


async def expand(series_id: UUID, *, by: Principal) -> None:
    """Make the tasks of a series up to the horizon, from its start on, but none before the day it was created.

    Each occurrence becomes a task once, for ever: what was made before stays as it is. While the horizon has not moved
    by `PAUSE`, nothing is made.
    """
    async with Work(by) as work:
        series = await work.load(Series, series_id, to="expand")
        if series.ended_at is not None:
            return
        place, until = zone(series.time_zone), work.now + _horizon()
        reached = series.expanded_until or _day_before(series.created_at, place)
        if until - reached >= PAUSE:
            span = {"after": reached, "until": until, "limit": MOST}
            found = await _find(series.rule, _local(series.start), place, **span)
            await _make(work, series, found)
            reached = found[-1].at if len(found) == MOST else until
        await work.fetch(_EXPANDED, series.id, reached, reached + PAUSE - _horizon())


async def _make(work: Work, series: Series, found: Sequence[Occurrence]) -> None:
    """The tasks of those occurrences that have none yet, with their link and their reminder."""
    blueprint = {name: getattr(series, name) for name in COPIED} | {"assignee_id": await _holder(work, series)}
    names = {at.original.isoformat(): at for at in found}
    there = {task.occurrence for task in await Task.filter(series_id=series.id, occurrence__in=list(names))}
    rows = [
        {**blueprint, "series_id": series.id, "occurrence": name, "due_on": at.local.date(), "scheduled_at": at.at}
        for name, at in names.items()
        if name not in there
    ]
    made = await tasks.add(work, rows, unless_there=True) if rows else []
    if series.customer_id is not None:
        kind = LinkKind((await work.see(Customer, series.customer_id)).kind)
        about = {"kind": kind, "customer_id": series.customer_id, "is_primary": True}
        await work.create_all(TaskLink, [{"task_id": task.id, **about} for task in made])
    if series.reminder_minutes is not None:
        await work.create_all(Reminder, [_reminder(series, task, series.reminder_minutes) for task in made])


def _reminder(series: Series, task: Task, minutes: int) -> Mapping[str, Any]:
    """Tells who holds the task, or, while nobody does, who made the series."""
    moment = task.scheduled_at and task.scheduled_at - timedelta(minutes=minutes)
    whom = {"user_id": task.assignee_id or series.creator_id, "creator_id": series.creator_id}
    return {"task_id": task.id, **whom, "anchor": Anchor.SCHEDULED, "offset_minutes": minutes, "due_at": moment}


async def _holder(work: Work, series: Series) -> UUID | None:
    """Who gets the tasks; those of somebody who is no longer active wait to be claimed."""
    if series.assignee_id is None:
        return None
    return series.assignee_id if (await work.see(User, series.assignee_id)).active else None


async def _refer(work: Work, blueprint: Blueprint) -> None:
    """Whoever acts sees the team and the customer that the tasks are to belong to."""
    if team := blueprint.get("team_id"):
        await work.see(Team, team, path=("teamId",))
    if customer := blueprint.get("customer_id"):
        await work.see(Customer, customer, path=("customerId",))


async def _find(rule: str, start: datetime, place: ZoneInfo, **span: Any) -> list[Occurrence]:
    """The occurrences, looked for beside the event loop, which a hard rule would hold up."""
    try:
        rules = RuleSet(rule=parse(rule), start=start, zone=place)
        return await asyncio.to_thread(occurrences, rules, **span)
    except InvalidRecurrence as error:
        raise InvalidRecurrence(path=("rule",), **error.facts) from error


def _horizon() -> timedelta:
    return timedelta(days=settings().horizon_days)


def _day_before(created_at: datetime, place: ZoneInfo) -> datetime:
    """The last moment before the local day of an instant."""
    return datetime.combine(created_at.astimezone(place), time.min, place) - timedelta(microseconds=1)


def _local(start: str) -> datetime:
    """A local time without an offset, to the second."""
    try:
        local = datetime.fromisoformat(start).replace(microsecond=0)
    except ValueError as error:
        raise InvalidInput(
            path=("start",), reason=f"{start[:40]} is no local time such as 2026-11-23T09:00:00"
        ) from error
    if local.tzinfo is not None:
        raise InvalidInput(path=("start",), reason="a local time has no offset; the time zone says it")
    return local


def _too_often(rule: str) -> Iterator[DomainError]:
    """More work than one task an hour is none for people, however the rule says it."""
    if times_a_day(parse(rule)) > HOURS:
        yield InvalidRecurrence(path=("rule",), reason=f"it occurs more than {HOURS} times a day")


def _out_of_range(blueprint: Blueprint) -> Iterator[DomainError]:
    for path, minutes in (
        ("expectedDuration", blueprint.get("expected_minutes")),
        ("reminderOffset", blueprint.get("reminder_minutes")),
    ):
        if not 0 <= (minutes or 0) <= tasks.LONGEST_MINUTES:
            yield InvalidInput(path=(path,), reason="it must be between nothing and 365 days")
