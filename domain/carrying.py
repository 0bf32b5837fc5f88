"""What new tasks take over from those that they come from."""

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from domain.work import Work
from models.checklists import ChecklistItem
from models.indicators import TaskIndicator
from models.links import TaskLink


async def carry(
    work: Work,
    model: type[ChecklistItem | TaskIndicator | TaskLink],
    origins: Mapping[UUID, UUID],
    columns: Collection[str],
    **which: Any,
) -> None:
    """Give new tasks rows like those that hang on their origins, the same in these columns; `origins` leads to them.

    `which` are conditions on the rows, as Tortoise writes them.
    """
    found = await model.filter(task_id__in=origins.values(), **which).order_by("id")
    pairs = [(task, row) for task, origin in origins.items() for row in found if row.task_id == origin]
    rows = [{**{name: getattr(row, name) for name in columns}, "task_id": task} for task, row in pairs]
    await work.create_all(model, rows)
