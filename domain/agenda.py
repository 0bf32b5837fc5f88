"""What a person has to do in the weeks around today, as entries of a calendar."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from domain import policy
from domain.calendar_text import Entry
from domain.work import Work
from models.calendars import CalendarEntry
from models.tasks import Priority, TaskStatus
from models.visits import VisitStatus

BACK, AHEAD = timedelta(days=30), timedelta(days=400)
"""How far a feed looks; what is still to be done is there however long it has been due."""
MOST = 1000
"""Tasks, and visits, of one feed: the next ones, then the latest."""
_TASKS = """
select t.* from tasks t,
lateral (select coalesce(t.scheduled_at, t.due_on::timestamp at time zone 'UTC') as at) dated
where {seen} and t.assignee_id = $1 and t.status <> 'CANCELLED'
and dated.at < now() + $2::interval
and (dated.at > now() - $3::interval or t.status in ('PENDING', 'IN_PROGRESS', 'RELEASED'))
order by dated.at < now() - interval '1 day', abs(extract(epoch from dated.at - now())), t.id limit $4
"""
_VISITS = """
select t.*, c.name as customer, l.name as location, l.street, l.postal_code, l.city
from visits t join customers c on c.id = t.customer_id join locations l on l.id = t.location_id
where {seen} and t.assignee_id = $1 and t.status <> 'CANCELLED'
and t.planned_start < now() + $2::interval and t.planned_end > now() - $3::interval
order by t.planned_end < now(), abs(extract(epoch from t.planned_start - now())), t.id limit $4
"""
_DONE = {VisitStatus.COMPLETED: TaskStatus.COMPLETED, VisitStatus.IN_PROGRESS: TaskStatus.IN_PROGRESS}


async def entries(work: Work, tasks_as: CalendarEntry) -> list[Entry]:
    """The tasks and visits of whoever acts, as far as they see them."""
    tasks, visits = await _mine(work, _TASKS, "tasks"), await _mine(work, _VISITS, "visits")
    return [*(task(row, tasks_as) for row in tasks), *map(_visit, visits)]


def task(row: Mapping[str, Any], kind: CalendarEntry) -> Entry:
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


async def _mine(work: Work, sql: str, table: str) -> list[Any]:
    seen, values = policy.bind(work.by, table, t="t", first=5)
    return await work.fetch(sql.format(seen=f"({seen})"), work.by.id, AHEAD, BACK, MOST, *values)
