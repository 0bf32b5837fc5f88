"""What a person has to do in the weeks around today, as entries of a calendar."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from domain import calendar_series, policy
from domain.calendar_text import Entry
from domain.work import Work
from models.calendars import CalendarEntry
from models.recurrence import Series
from models.tasks import Priority, TaskStatus
from models.visits import VisitStatus

BACK, AHEAD = timedelta(days=30), timedelta(days=400)
"""How far a feed looks; what is still to be done is there however long it has been due."""
MOST, MOST_SERIES = 1000, 100
"""Tasks, visits and series of one feed: the next ones, then the latest."""
_TASKS = """
select t.* from tasks t,
lateral (select coalesce(t.scheduled_at, t.due_on::timestamp at time zone 'UTC') as at) dated
where {seen} and {mine} and t.status <> 'CANCELLED'
and dated.at < now() + $2::interval
and (dated.at > now() - $3::interval or t.status in ('PENDING', 'IN_PROGRESS', 'RELEASED'))
order by dated.at < now() - interval '1 day', abs(extract(epoch from dated.at - now())), t.id limit $4
"""
_VISITS = """
select t.*, c.name as customer, l.name as location, l.street, l.postal_code, l.city
from visits t join customers c on c.id = t.customer_id join locations l on l.id = t.location_id
where {seen} and {mine} and t.status <> 'CANCELLED'
and t.planned_start < now() + $2::interval and t.planned_end > now() - $3::interval
order by t.planned_end < now(), abs(extract(epoch from t.planned_start - now())), t.id limit $4
"""
_MADE = """
select series_id, occurrence from tasks where series_id = any($1) and occurrence >= $2
union all select series_id, occurrence from visits where series_id = any($1) and occurrence >= $2
"""
_SERIES = """
select t.id from series t where {seen} and t.assignee_id = $1 and t.ended_at is null and t.paused_at is null
and t.anchor = 'SCHEDULE' order by t.id limit $2
"""
_DONE = {VisitStatus.COMPLETED: TaskStatus.COMPLETED, VisitStatus.IN_PROGRESS: TaskStatus.IN_PROGRESS}


async def entries(work: Work, tasks_as: CalendarEntry) -> list[Entry]:
    """The tasks and visits of whoever acts, as far as they see them, and the series whose they are."""
    seen, values = policy.bind(work.by, "series", t="t", first=3)
    rows = await work.fetch(_SERIES.format(seen=f"({seen})"), work.by.id, MOST_SERIES, *values)
    series = await work.see_all(Series, [row["id"] for row in rows])
    wholes = await _wholes(work, series, tasks_as)
    return await _together(work, {key: each for key, each in wholes.items() if _by_rule(each)}, tasks_as, work.by.id)


async def of_series(work: Work, series: Series, tasks_as: CalendarEntry) -> list[Entry]:
    """A series with those of its occurrences that whoever acts sees; one that no rule can say is nothing but dates."""
    wholes = await _wholes(work, [series], tasks_as)
    if wholes and not _by_rule(wholes[series.id]):
        return [*wholes.values()]
    return await _together(work, wholes, tasks_as, series.id, mine="t.series_id = $1")


async def _wholes(work: Work, series: Sequence[Series], kind: CalendarEntry) -> dict[UUID, Entry]:
    """The series as entries that come again, by their ids; their dates are looked for beside the event loop."""
    now = (await work.fetch("select now()"))[0]["now"]

    def found() -> dict[UUID, Entry]:
        entries = ((each.id, calendar_series.entry(each, kind, since=now - BACK, now=now)) for each in series)
        return {key: entry for key, entry in entries if entry}

    return await asyncio.to_thread(found) if series else {}


def _by_rule(whole: Entry) -> bool:
    return whole.recurrence is not None and whole.recurrence.rule is not None


async def _together(
    work: Work, wholes: Mapping[UUID, Entry], kind: CalendarEntry, key: object, mine: str = "t.assignee_id = $1"
) -> list[Entry]:
    tasks, visits = await _seen(work, _TASKS, "tasks", mine, key), await _seen(work, _VISITS, "visits", mine, key)
    found = [(row, _task(row, kind)) for row in tasks] + [(row, _visit(row)) for row in visits]
    first = min((whole.at for whole in wholes.values()), default=None)
    made = await work.fetch(_MADE, list(wholes), first.isoformat()) if first else []
    return calendar_series.together(
        wholes,
        [(row["series_id"], row["occurrence"], entry) for row, entry in found],
        [(row["series_id"], row["occurrence"]) for row in made],
    )


def _task(row: Mapping[str, Any], kind: CalendarEntry) -> Entry:
    """A task when it is scheduled, or on the day that it is due."""
    minutes = row["scheduled_at"] and row["expected_minutes"]
    return Entry(
        uid=str(row["id"]),
        kind=kind,
        title=row["title"],
        at=row["scheduled_at"] or row["due_on"],
        lasts=timedelta(minutes=minutes) if minutes else None,
        description=row["description"],
        place=row["place"],
        status=TaskStatus(row["status"]),
        priority=Priority(row["priority"]),
        finished_at=row["finished_at"],
        **_stamps(row),
    )


def _visit(row: Mapping[str, Any]) -> Entry:
    place = (row["location"], row["street"], " ".join(filter(None, (row["postal_code"], row["city"]))))
    return Entry(
        uid=str(row["id"]),
        kind=CalendarEntry.EVENT,
        title=f"Visit {row['customer']}",
        at=row["planned_start"],
        lasts=row["planned_end"] - row["planned_start"],
        description=row["purpose"],
        place=", ".join(filter(None, place)),
        status=_DONE.get(row["status"], TaskStatus.PENDING),
        **_stamps(row),
    )


def _stamps(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: row[name] for name in ("created_at", "updated_at", "version")}


async def _seen(work: Work, sql: str, table: str, mine: str, key: object) -> list[Any]:
    seen, values = policy.bind(work.by, table, t="t", first=5)
    return await work.fetch(sql.format(seen=f"({seen})", mine=mine), key, AHEAD, BACK, MOST, *values)
