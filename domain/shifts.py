"""Moving a task's day, and with it the days of all that waits for it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from domain import policy, reminders, task_facts, task_rules, task_tree
from domain.conflicts import expect
from domain.errors import DomainError, Forbidden, InvalidInput, LimitExceeded, refuse
from domain.once import Once
from domain.principal import Principal
from domain.relations import words
from domain.work import Work
from domain.working_days import between, moved
from domain.zones import later, zone
from models.tasks import Task

MOST = 100
"""Tasks that move with one."""
_WAITING = """
with recursive waiting (id) as (
    select $1::uuid
    union
    select t.id from waiting w join dependencies d on d.predecessor_id = w.id join tasks t on t.id = d.successor_id
    where t.finished_at is null and {seen}
)
select t.id from waiting w join tasks t on t.id = w.id
where t.id <> $1 and (t.due_on is not null or t.scheduled_at is not null)
order by least(t.due_on, (t.scheduled_at at time zone 'UTC')::date), t.number
"""
_ZONE = "select time_zone from workspaces where id = $1"


@dataclass(frozen=True, slots=True)
class Shift:
    """Where the dates of one task go, and why whoever acts may not move them."""

    task: Task
    due_on: date | None
    scheduled_at: datetime | None
    refusals: tuple[DomainError, ...]


async def preview(task_id: UUID, due_on: date, *, by: Principal) -> list[Shift]:
    """Where the dates of all that waits for a task would go if its day became another; nothing is moved."""
    async with Work(by) as work:
        task = await work.see(Task, task_id, path=("taskId",))
        keys = await _waiting(work, task_id)
        rows = {row.id: row for row in await work.see_all(Task, keys)}
        return await _shifts(work, task, due_on, [rows[key] for key in keys])


async def shift(
    task_id: UUID, due_on: date, *, by: Principal, version: int | None = None, once: Once | None = None
) -> list[UUID]:
    """Move a task's day, and by as many working days all that waits for it; the ids of the others, nearest first.

    What is finished stays, and so does what waits for that alone. Either all are moved, or none is.
    """
    policy.allow(by, "edit")
    async with Work(by, once=once) as work:
        if work.outcomes is not None:
            return [UUID(each) for each in work.outcomes]
        task, *rows = await _hold(work, task_id)
        expect(task, version)
        found = await _shifts(work, task, due_on, rows)
        mine = task_rules.edit(await task_facts.gather(work, task), by, ("due_on",))
        refuse((*mine, *(error for each in found for error in each.refusals)))
        await _move(work, task, "updated", due_on=due_on)
        for each in found:
            dates = {"due_on": each.due_on, "scheduled_at": each.scheduled_at}
            await _move(work, each.task, "shifted", reason=f"It waits for T-{task.number}, which moved.", **dates)
        keys = [each.task.id for each in found]
        await work.keep(list(keys))
        return keys


async def _hold(work: Work, task_id: UUID) -> list[Task]:
    """A task and all that waits for it, locked; who was finished before they were held is left out."""
    await task_tree.share(work)
    keys = [task_id, *await _waiting(work, task_id)]
    held = {row.id: row for row in await work.lock(Task, keys, path=("taskId",))}
    return [held[key] for key in (task_id, *await _waiting(work, task_id)) if key in held]


async def _waiting(work: Work, task_id: UUID) -> list[UUID]:
    """The unfinished tasks with a date that wait for a task, perhaps through others, as far as they are seen."""
    seen, values = policy.bind(work.by, "tasks", t="t", first=2)
    found = await work.fetch(_WAITING.format(seen=f"({seen})"), task_id, *values)
    if len(found) > MOST:
        raise LimitExceeded(path=("taskId",), what="The tasks that move", limit=MOST, actual=len(found))
    return [row["id"] for row in found]


async def _shifts(work: Work, task: Task, due_on: date, rows: Sequence[Task]) -> list[Shift]:
    if task.due_on is None:
        raise InvalidInput(path=("taskId",), reason=f"T-{task.number} has no day from which others could be moved")
    days = between(task.due_on, due_on)
    (found,) = await work.fetch(_ZONE, work.by.workspace_id)
    place = zone(found["time_zone"])
    try:
        return [
            Shift(
                row,
                row.due_on and moved(row.due_on, days),
                row.scheduled_at and _at(row.scheduled_at, days, place),
                await _forbids(work, row, task),
            )
            for row in (rows if days else ())
        ]
    except OverflowError as error:
        raise InvalidInput(path=("dueOn",), reason="what waits for the task would leave the calendar") from error


def _at(instant: datetime, days: int, place: ZoneInfo) -> datetime:
    """The same time of another day, by the clocks of the workspace."""
    day = instant.astimezone(place).date()
    return later(instant, (moved(day, days) - day).days, place)


async def _forbids(work: Work, row: Task, task: Task) -> tuple[DomainError, ...]:
    facts = await task_facts.gather(work, row)
    dates = [name for name in ("due_on", "scheduled_at") if getattr(row, name) is not None]
    if not task_rules.edit(facts, work.by, dates):
        return ()
    who = words((*facts.flow.editors, *facts.flow.planners))
    return (Forbidden(path=("taskId",), action=f"move T-{row.number}, which waits for T-{task.number}", who=who),)


async def _move(work: Work, task: Task, verb: str, *, reason: str | None = None, **dates: Any) -> None:
    if await work.change(task, verb, reason=reason, **dates):
        await reminders.replan(work, task)
