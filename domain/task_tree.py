"""Where a task stands below another: no deeper than allowed, and never below itself."""

from collections.abc import Iterable
from decimal import Decimal
from uuid import UUID

from domain import positions, task_order
from domain.errors import CycleDetected, TaskFinal, TooDeep
from domain.work import Work
from domain.workflow import FINAL
from models.tasks import Task

DEEPEST = 8
POSITION = "coalesce({t}.position, {t}.number)"
"""A task's place among its siblings: its number, which is greater than theirs when it is made, until it is moved."""

_SHARE = "select pg_advisory_xact_lock_shared(hashtextextended('task tree ' || $1, 0))"
_ALONE = "select pg_advisory_xact_lock(hashtextextended('task tree ' || $1, 0))"
_ALONE_TO_FINISH = f"""
{_ALONE} from tasks t join tasks p on p.id = t.parent_id where t.id = any($2) and p.finish_with_subtasks limit 1
"""
_ABOVE = """
with recursive above (id, parent_id) as (
    select id, parent_id from tasks where id = $1
    union select t.id, t.parent_id from tasks t join above on t.id = above.parent_id
) select id from above
"""
_LEVELS_BELOW = """
with recursive below (id, level) as (
    select $1::uuid, 1 union select t.id, below.level + 1 from tasks t join below on t.parent_id = below.id
) select max(level) as levels from below
"""
_BELOW = """
with recursive below (id, finished_at) as (
    select id, finished_at from tasks where parent_id = $1 and deletion_id is null
    union select t.id, t.finished_at from tasks t join below on t.parent_id = below.id where t.deletion_id is null
) select id from below
"""

_DONE = """
select bool_and(finished_at is not null) and bool_or(status <> 'CANCELLED') as done from tasks
where parent_id = $1 and deletion_id is null
"""
_LAST = "select max(coalesce(position, number)) as last from tasks where parent_id = $1 and id <> $2"
_NEIGHBOURS = """
select here.place, max(s.place) filter (where s.place < here.place) as before,
    min(s.place) filter (where s.place > here.place) as after
from (select coalesce(position, number) as place from tasks where id = $3) here
left join (select coalesce(position, number) as place from tasks where parent_id = $1 and id <> $2) s on true
group by here.place
"""


async def place_new(work: Work, parent_id: UUID, *, levels: int = 1) -> None:
    """Hold the parent of new tasks, so that it is not finished meanwhile, and no branch with it is moved."""
    await share(work)
    await _hold(work, parent_id, levels=levels)


async def share(work: Work) -> None:
    """Wait until nobody changes the tree; who will hold several tasks in the order of their ids does this first."""
    await work.fetch(_SHARE, str(work.by.workspace_id))


async def alone(work: Work) -> None:
    """Wait until nobody else changes the tree; whoever will hold several of its tasks does this before any of them."""
    await work.fetch(_ALONE, str(work.by.workspace_id))


async def finish(work: Work, task_ids: Iterable[UUID]) -> None:
    """Wait as for `alone` if one of these may finish its parent, which is then held after it."""
    await work.fetch(_ALONE_TO_FINISH, str(work.by.workspace_id), list(task_ids))


async def move(work: Work, task: Task, parent_id: UUID | None) -> Decimal | None:
    """Hold the new parent of a task, see that the task fits there with all below it, and find its place at the end.

    A task without a position of its own stands where its number puts it, which among new ones is the end.
    """
    if parent_id is None:
        return None
    (below,) = await work.fetch(_LEVELS_BELOW, task.id)
    if task.id in await _hold(work, parent_id, levels=below["levels"]):
        raise CycleDetected(path=("parentId",), kind="task")
    await task_order.keep(work, task.id, parent_id, path=("parentId",))
    (there,) = await work.fetch(_LAST, parent_id, task.id)
    return positions.between(there["last"], None) if there["last"] and there["last"] > task.number else None


async def place(work: Work, task: Task, beside: Task, *, after: bool) -> Decimal:
    """The position right before or after a sibling, while nobody else changes the tree."""
    (near,) = await work.fetch(_NEIGHBOURS, beside.parent_id, task.id, beside.id)
    ends = (near["place"], near["after"]) if after else (near["before"], near["place"])
    return positions.between(*ends)


async def open_below(work: Work, task: Task) -> list[Task]:
    """The unfinished tasks below a task, locked."""
    found = await work.fetch(f"{_BELOW} where finished_at is null", task.id)
    held = await work.lock(Task, [row["id"] for row in found])
    return [each for each in held if each.status not in FINAL]


async def all_below(work: Work, task: Task) -> list[Task]:
    """The tasks below a task, locked, also those that whoever acts does not see."""
    found = await work.fetch(_BELOW, task.id)
    return await Task.filter(id__in=[row["id"] for row in found]).order_by("id").select_for_update(no_key=True)


async def done_below(work: Work, task: Task) -> Task | None:
    """The parent of a task, locked, if it is to finish with its subtasks, and all are finished, and not for nothing."""
    if task.parent_id is None:
        return None
    # Whoever finishes a subtask need not see its parent.
    found = Task.filter(id=task.parent_id, finish_with_subtasks=True).select_for_update(no_key=True)
    parent = await found.first()
    return parent if parent and (await work.fetch(_DONE, parent.id))[0]["done"] else None


async def _hold(work: Work, parent_id: UUID, *, levels: int) -> list[UUID]:
    """The ids from the parent upwards, if that many levels fit below it."""
    (parent,) = await work.lock(Task, [parent_id], path=("parentId",))
    if parent.status in FINAL:
        raise TaskFinal(path=("parentId",), status=parent.status)
    above = [row["id"] for row in await work.fetch(_ABOVE, parent_id)]
    if len(above) + levels > DEEPEST:
        raise TooDeep(path=("parentId",), kind="task", depth=len(above) + levels, limit=DEEPEST)
    return above
