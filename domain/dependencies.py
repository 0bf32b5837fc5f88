"""Letting a task wait for others; nothing waits for itself."""

from collections.abc import Mapping
from uuid import UUID

from domain import task_order, task_parts, task_tree
from domain.errors import InvalidInput, LimitExceeded
from domain.principal import Principal
from domain.work import Work
from models.dependencies import Dependency
from models.tasks import Task

MOST = 50
"""Tasks for which one waits."""
_PATH = ("blockerId",)


async def add(task_id: UUID, blocker_id: UUID, *, by: Principal, version: int | None = None) -> None:
    """Let a task wait until another one is finished; to say so is to plan the one that waits."""
    async with Work(by) as work:
        await task_tree.alone(work)
        task = await task_parts.opened(work, task_id, "blockers", version=version)
        blocker = await work.see(Task, blocker_id, path=_PATH)
        if blocker.id == task.id:
            raise InvalidInput(path=_PATH, reason="no task waits for itself")
        known = [row.predecessor_id for row in await Dependency.filter(successor_id=task.id)]
        if blocker.id in known:
            return
        if len(known) >= MOST:
            raise LimitExceeded(path=_PATH, what="The tasks for which one waits", limit=MOST, actual=MOST + 1)
        await task_order.keep(work, blocker.id, task.id, path=_PATH)
        await work.create(Dependency, predecessor_id=blocker.id, successor_id=task.id)
        await work.record(task, "blocker_added", {"blocker": [None, blocker.id]})


async def remove(task_id: UUID, blocker_id: UUID, *, by: Principal, version: int | None = None) -> None:
    """Let a task wait for another one no longer; when it does not, nothing changes."""
    async with Work(by) as work:
        task = await task_parts.opened(work, task_id, "blockers", version=version)
        blocker = await work.see(Task, blocker_id, path=_PATH)
        if await Dependency.filter(successor_id=task.id, predecessor_id=blocker.id).delete():
            await work.record(task, "blocker_removed", {"blocker": [blocker.id, None]})


async def carry(work: Work, copies: Mapping[UUID, UUID]) -> None:
    """Let new tasks wait for each other as those do that they come from; `copies` leads from these to them."""
    found = await Dependency.filter(successor_id__in=copies, predecessor_id__in=copies).order_by("id")
    ends = ("predecessor_id", "successor_id")
    await work.create_all(Dependency, [{end: copies[getattr(each, end)] for end in ends} for each in found])
