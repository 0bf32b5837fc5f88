"""Where a task stands: below which other one, and between which of its siblings."""

from typing import TypedDict, Unpack
from uuid import UUID

from domain import task_facts, task_rules, task_tree
from domain.errors import DomainError, InvalidInput, TaskFinal, refuse
from domain.principal import Principal
from domain.work import Work
from domain.workflow import FINAL
from models.tasks import Task


class Place(TypedDict, total=False):
    """One of these: below a task after all others, or, for none, at the top; right before or after another subtask."""

    parent_id: UUID | None
    before_id: UUID
    after_id: UUID


async def move(task_id: UUID, *, by: Principal, version: int | None = None, **place: Unpack[Place]) -> None:
    """Put a task, with all below it, below another one or at another place among its siblings.

    To arrange the subtasks of a task is to edit that task.
    """
    async with Work(by) as work:
        await task_tree.alone(work)
        task = await work.load(Task, task_id, to="edit", version=version)
        if len(place) != 1:
            raise InvalidInput(path=("parent_id",), reason="exactly one of parentId, beforeId and afterId says where")
        beside = await _beside(work, task, place)
        parent_id = beside.parent_id if beside else place.get("parent_id")
        refuse([*await _forbids(work, task, parent_id), *(await _arranges(work, parent_id) if beside else ())])
        position = task.position
        if parent_id != task.parent_id:
            position = await task_tree.move(work, task, parent_id)
        if beside:
            position = await task_tree.place(work, task, beside, after="after_id" in place)
        await work.change(task, "moved", parent_id=parent_id, position=position)


async def _beside(work: Work, task: Task, place: Place) -> Task | None:
    """The subtask that the task is to stand beside."""
    ((name, key),) = place.items()
    if name == "parent_id":
        return None
    beside = await work.see(Task, UUID(str(key)), path=(name,))
    if beside.parent_id is None or beside.id == task.id:
        raise InvalidInput(path=(name,), reason="name another task that is a subtask")
    return beside


async def _forbids(work: Work, task: Task, parent_id: UUID | None) -> tuple[DomainError, ...]:
    """Why the task itself may not be moved there."""
    if task.status in FINAL:
        return (TaskFinal(status=task.status),)
    if parent_id == task.parent_id:
        return ()
    return task_rules.edit(await task_facts.gather(work, task), work.by, ("parent_id",))


async def _arranges(work: Work, parent_id: UUID | None) -> tuple[DomainError, ...]:
    """Why whoever acts may not arrange the subtasks of this task."""
    if parent_id is None:
        return ()
    (parent,) = await work.lock(Task, [parent_id])
    return task_rules.edit(await task_facts.gather(work, parent), work.by, ("subtasks",))
