"""Where a task stands below another: no deeper than allowed, and never below itself."""

from uuid import UUID

from domain.errors import CycleDetected, TaskFinal, TooDeep
from domain.work import Work
from domain.workflow import FINAL
from models.tasks import Task

DEEPEST = 8

_SHARE = "select pg_advisory_xact_lock_shared(hashtextextended('task tree ' || $1, 0))"
_ALONE = "select pg_advisory_xact_lock(hashtextextended('task tree ' || $1, 0))"
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
_OPEN_BELOW = """
with recursive below (id, finished_at) as (
    select id, finished_at from tasks where parent_id = $1
    union select t.id, t.finished_at from tasks t join below on t.parent_id = below.id
) select id from below where finished_at is null
"""


async def place_new(work: Work, parent_id: UUID) -> None:
    """Hold the parent of a new task, so that it is not finished meanwhile, and no branch with it is moved."""
    await share(work)
    await _hold(work, parent_id, levels=1)


async def share(work: Work) -> None:
    """Wait until nobody changes the tree; who will hold several tasks in the order of their ids does this first."""
    await work.fetch(_SHARE, str(work.by.workspace_id))


async def alone(work: Work) -> None:
    """Wait until nobody else changes the tree; whoever will hold several of its tasks does this before any of them."""
    await work.fetch(_ALONE, str(work.by.workspace_id))


async def move(work: Work, task: Task, parent_id: UUID | None) -> None:
    """Hold the new parent of a task, and see that the task fits there with all below it."""
    if parent_id is not None:
        (below,) = await work.fetch(_LEVELS_BELOW, task.id)
        if task.id in await _hold(work, parent_id, levels=below["levels"]):
            raise CycleDetected(path=("parentId",), kind="task")


async def open_below(work: Work, task: Task) -> list[Task]:
    """The unfinished tasks below a task, locked."""
    found = await work.fetch(_OPEN_BELOW, task.id)
    held = await work.lock(Task, [row["id"] for row in found])
    return [each for each in held if each.status not in FINAL]


async def _hold(work: Work, parent_id: UUID, *, levels: int) -> list[UUID]:
    """The ids from the parent upwards, if that many levels fit below it."""
    (parent,) = await work.lock(Task, [parent_id], path=("parentId",))
    if parent.status in FINAL:
        raise TaskFinal(path=("parentId",), status=parent.status)
    above = [row["id"] for row in await work.fetch(_ABOVE, parent_id)]
    if len(above) + levels > DEEPEST:
        raise TooDeep(path=("parentId",), kind="task", depth=len(above) + levels, limit=DEEPEST)
    return above
