"""Expanding series: their occurrences become tasks and visits up to the horizon, many at once."""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from domain import reminders, task_types, tasks
from domain.growing import Crop, Ground, grow
from domain.principal import Principal
from domain.series_dates import Made, Plan, name, plan
from domain.statements import table
from domain.work import Work
from models.accounts import User
from models.checklists import ChecklistItem
from models.customers import Customer
from models.links import LinkKind, TaskLink
from models.recurrence import Series, SeriesAnchor, SeriesKind
from models.reminders import Reminder
from models.tasks import Task
from models.visits import Visit

ROWS = 2500
"""Occurrences that one transaction makes: so long nobody else makes tasks in the workspace."""
_THERE = "select series_id, occurrence from {table} where series_id = any($1) and occurrence >= $2"
_MADE = """
select distinct on (o.series_id) o.series_id, o.occurrence, o.over_at,
    count(*) over (partition by o.series_id) as number
from (
    select t.series_id, t.occurrence, coalesce(t.finished_at, d.created_at) as over_at
    from tasks t left join deletions d on d.id = t.deletion_id where t.series_id = any($1)
    union all
    select v.series_id, v.occurrence,
        case when v.status not in ('PLANNED', 'IN_PROGRESS') then coalesce(v.checked_out_at, v.updated_at) end
    from visits v where v.series_id = any($1)
) o order by o.series_id, o.occurrence desc
"""
_EXPANDED = """
update series s set expanded_until = p.reached, due_at = p.due_at, attempts = 0, error = null, failed_at = null
from unnest($1::uuid[], $2::timestamptz[], $3::timestamptz[]) p (id, reached, due_at) where s.id = p.id
"""


async def expand(keys: Sequence[UUID], *, by: Principal) -> list[UUID]:
    """Make the tasks or visits of series up to the horizon, from their starts on, but none before they were created.

    Each occurrence is made once, for ever: what was made before stays as it is. The series for which one transaction is
    too small are answered: they are next.
    """
    async with Work(by) as work:
        locked = await work.lock_seen(Series, keys)
        going = [each for each in locked.values() if each.ended_at is None and each.paused_at is None]
        made = await _made(work, [each.id for each in going if each.anchor is SeriesAnchor.COMPLETION])
        plans = await asyncio.to_thread(_plans, going, work.now, made) if going else []
        await make(work, plans)
        done = [each.series.id for each in plans]
        await work.fetch(_EXPANDED, done, [each.reached for each in plans], [each.due_at for each in plans])
        return [each.id for each in going if each.id not in done]


async def make(work: Work, plans: Sequence[Plan]) -> None:
    """Make what was found and is not there yet; the series are locked, so nobody else makes it."""
    there = await _there(work, [each for each in plans if each.found])
    ground = await _ground(work, [each.series for each in plans])
    crop = await asyncio.to_thread(_grown, plans, there, ground)
    await work.copy(Visit, crop.visits)
    await tasks.copy(work, crop.tasks)
    await work.copy(TaskLink, crop.links)
    await work.copy(ChecklistItem, crop.lines)
    await work.copy(Reminder, crop.reminders)


def _grown(plans: Sequence[Plan], there: set[tuple[UUID, str]], ground: Ground) -> Crop:
    crop = Crop()
    for each in plans:
        new = [at for at in each.found if (each.series.id, name(at)) not in there] if there else each.found
        grow(crop, each.series, new, ground)
    return crop


def _plans(going: Sequence[Series], now: datetime, made: dict[UUID, Made]) -> list[Plan]:
    """What is to be made of the first of these series, as many as one transaction takes; at least of one."""
    plans: list[Plan] = []
    rows = 0
    for series in going:
        if rows >= ROWS:
            break
        plans.append(plan(series, now, made.get(series.id)))
        rows += len(plans[-1].found)
    return plans


async def _made(work: Work, keys: Sequence[UUID]) -> dict[UUID, Made]:
    """The last occurrence of each series that has any."""
    found = await work.fetch(_MADE, keys) if keys else []
    return {row["series_id"]: Made(row["occurrence"], row["number"], row["over_at"]) for row in found}


async def _there(work: Work, plans: Sequence[Plan]) -> set[tuple[UUID, str]]:
    """Which occurrences were made before, also those that are deleted by now."""
    found: list[tuple[UUID, str]] = []
    for model, kind in ((Task, SeriesKind.TASK), (Visit, SeriesKind.VISIT)):
        mine = [each for each in plans if each.series.kind is kind]
        if mine:
            first = min(at.original for each in mine for at in each.found).isoformat()
            keys = [each.series.id for each in mine]
            found += [tuple(row) for row in await work.fetch(_THERE.format(table=table(model)), keys, first)]
    return set(found)


async def _ground(work: Work, series: Sequence[Series]) -> Ground:
    def keys(column: str) -> set[UUID]:
        return {key for each in series if (key := getattr(each, column)) is not None}

    people = keys("assignee_id") | keys("creator_id")
    customers = await work.see_all(Customer, keys("customer_id"))
    return Ground(
        now=work.now,
        active=frozenset([each.id for each in await User.filter(id__in=people, active=True)]),
        zones=await reminders.zones(work, people),
        kinds=await task_types.going_on(work, keys("custom_type_id")),
        customers={each.id: LinkKind(each.kind) for each in customers},
    )
