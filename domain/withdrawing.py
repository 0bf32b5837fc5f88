"""Taking back occurrences that nobody has touched, so that they can be made anew, or not at all."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from uuid_utils.compat import uuid7

from domain import deletions, task_tree
from domain.statements import Statement
from domain.telling import event
from domain.work import Work
from models.recurrence import Series, SeriesKind

_AHEAD = """
select t.id from {table} t where t.series_id = $1 and t.{at} > $2 and t.occurrence >= $3 and t.occurrence < $4
and t.status = '{status}' and t.version = 1 order by t.id for update
"""
_BELOW = "select id, {column} as root from tasks where {column} = any($1) order by id for update"
_TOUCHED = """
select distinct p.root from unnest($1::uuid[], $2::uuid[]) p (id, root) where exists (
    select from events e where e.subject_id = p.id
    and (e.verb not in ('created', 'reminded') or e.actor_id is not null and p.id <> p.root)
)
"""
_HANGS = " or ".join(
    f"exists (select from {table} x where {column} = any(array[p.id, p.root]))"
    for table, column in (
        *((table, "x.task_id") for table in ("time_entries", "notes", "attachments")),
        *((table, "x.visit_id") for table in ("notes", "attachments", "task_links")),
        *(("tasks", column) for column in ("x.follow_up_of_id", "x.follow_up_visit_id")),
        *(("dependencies", column) for column in ("x.predecessor_id", "x.successor_id")),
    )
)
_DEEPER = "exists (select from tasks x where x.parent_id = p.id and p.id <> p.root)"
_USED = f"select distinct p.root from unnest($1::uuid[], $2::uuid[]) p (id, root) where {_HANGS} or {_DEEPER}"
_KINDS = {
    SeriesKind.TASK: ("tasks", "scheduled_at", "PENDING", "parent_id"),
    SeriesKind.VISIT: ("visits", "planned_start", "PLANNED", "visit_id"),
}


async def withdraw(work: Work, series: Series, after: datetime, *, first: str = "", end: str = "~") -> int:
    """Remove what is to come of a locked series and nobody has touched, from one original start on and before another.

    What was claimed, changed by hand or finished stays, and so does what is deleted. How many were removed.
    """
    table, at, status, column = _KINDS[series.kind]
    sql = _AHEAD.format(table=table, at=at, status=status)
    roots = [row["id"] for row in await work.fetch(sql, series.id, after, first, end)]
    below = [(row["id"], row["root"]) for row in await work.fetch(_BELOW.format(column=column), roots)]
    parts = [(root, root) for root in roots] + below
    pairs: tuple[list[UUID], list[UUID]] = ([key for key, _ in parts], [root for _, root in parts])
    kept = {row["root"] for sql in (_TOUCHED, _USED) for row in await work.fetch(sql, *pairs)}
    gone = [(key, root) for key, root in parts if root not in kept]
    await _remove(work, series, gone)
    return len({root for _, root in gone})


async def lock_tree(work: Work) -> None:
    """Let nobody hang anything below an occurrence meanwhile; to be called before the series is locked."""
    await task_tree.alone(work)


async def _remove(work: Work, series: Series, gone: Sequence[tuple[UUID, UUID]]) -> None:
    visits = [key for key, root in gone if key == root] if series.kind is SeriesKind.VISIT else []
    tasks = [key for key, root in gone if key != root or series.kind is SeriesKind.TASK]
    if tasks:
        await deletions.erase(work, tasks)
        await work.fetch("delete from tasks where id = any($1)", tasks)
    if visits:
        await work.fetch("delete from visits where id = any($1)", visits)
    if gone:
        await _tell(work, [("tasks", key) for key in tasks] + [("visits", key) for key in visits])


async def _tell(work: Work, gone: Sequence[tuple[str, UUID]]) -> None:
    """The log alone still tells of them."""
    statement, same = Statement(), {"workspace_id": work.by.workspace_id, "created_at": work.now}
    told: list[dict[str, Any]] = [
        {"id": uuid7(), **same, **event(work.by, table, key, "withdrawn", {}, reason=None)} for table, key in gone
    ]
    await work.fetch(statement.events(told), *statement.values)
