"""Tasks that are opened to change a part of them, such as their links or their checklist."""

from typing import TypeVar
from uuid import UUID

from domain import task_facts, task_rules
from domain.errors import refuse
from domain.work import Work
from models.checklists import ChecklistItem
from models.indicators import TaskIndicator
from models.tasks import Task

R = TypeVar("R", ChecklistItem, TaskIndicator)


async def opened(work: Work, task_id: UUID, part: str, *, version: int | None = None) -> Task:
    """The task, locked, if whoever acts may change this part of it."""
    task = await work.load(Task, task_id, to="edit", version=version, path=("taskId",))
    refuse(task_rules.edit(await task_facts.gather(work, task), work.by, (part,)))
    return task


async def opened_with(
    work: Work, model: type[R], key: UUID, part: str, *, version: int | None, path: str
) -> tuple[Task, R]:
    """A row of this part and its task, both locked, the task first: so no two callers wait for each other."""
    seen = await work.see(model, key, path=(path,))
    task = await opened(work, seen.task_id, part)
    return task, await work.load(model, key, to="edit", version=version)
