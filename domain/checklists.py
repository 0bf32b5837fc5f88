"""Checklists: the small steps of a task, which are part of planning it."""

from collections.abc import Mapping
from typing import Any, TypedDict, Unpack
from uuid import UUID

from domain import carrying, positions, task_parts
from domain.errors import InvalidInput, LimitExceeded
from domain.once import Once
from domain.principal import Principal
from domain.work import Work
from models.checklists import ChecklistItem
from models.tasks import Task

PART = "checklist"
MOST = 100
"""Lines of one checklist."""
_END = """
select count(*) as items, coalesce(floor(max(position)), 0) + 1 as position from checklist_items where task_id = $1
"""
_NEIGHBOURS = """
select max(position) filter (where position < $2) as before, min(position) filter (where position > $2) as after
from checklist_items where task_id = $1 and id <> $3
"""
_DELETE = "delete from checklist_items where id = $1"


class Line(TypedDict, total=False):
    """What people write into a line; what is absent has its default, or stays as it is."""

    text: str
    required: bool


async def create(task_id: UUID, *, by: Principal, once: Once | None = None, **line: Unpack[Line]) -> UUID:
    """Add a line at the end of a task's checklist."""
    async with Work(by, once=once) as work:
        if work.answer:
            return work.answer
        task = await task_parts.opened(work, task_id, PART)
        (end,) = await work.fetch(_END, task.id)
        if end["items"] >= MOST:
            raise LimitExceeded(path=("taskId",), what="The lines of a checklist", limit=MOST, actual=MOST + 1)
        item = await work.create(ChecklistItem, task_id=task.id, position=end["position"], **line)
        await work.record(task, "checklist_item_added", {"checklist_item": [None, item.text]})
        return await work.answers(item.id)


async def update(item_id: UUID, patch: Line, *, by: Principal, version: int | None = None) -> None:
    """Write a line anew."""
    async with Work(by) as work:
        task, item = await _load(work, item_id, version)
        before: dict[str, Any] = {name: getattr(item, name) for name in patch}
        if await work.change(item, "updated", **patch):
            told = {name: [value, getattr(item, name)] for name, value in before.items()}
            changes = {"checklist_item": [before.get("text", item.text), item.text]}
            changes |= {"required": told["required"]} if "required" in told else {}
            await work.record(task, "checklist_item_changed", changes)


async def tick(item_id: UUID, *, done: bool, by: Principal, version: int | None = None) -> None:
    """Say that a line is done, or that it is not; saying it again changes nothing, so the first to tick stays named."""
    async with Work(by) as work:
        task, item = await _load(work, item_id, version)
        if done is (item.ticked_at is not None):
            return
        who = {"ticked_at": work.now, "ticked_by_id": by.id} if done else {"ticked_at": None, "ticked_by_id": None}
        await work.change(item, "ticked", **who)
        verb = "checklist_item_ticked" if done else "checklist_item_unticked"
        await work.record(task, verb, {"ticked": [None, item.text] if done else [item.text, None]})


async def move(
    item_id: UUID,
    *,
    before_id: UUID | None = None,
    after_id: UUID | None = None,
    by: Principal,
    version: int | None = None,
) -> None:
    """Put a line right before or after another one of the same checklist; no other line is written."""
    async with Work(by) as work:
        task, item = await _load(work, item_id, version)
        if (before_id is None) is (after_id is None):
            raise InvalidInput(path=("before_id",), reason="either beforeId or afterId says where")
        path = ("before_id",) if before_id else ("after_id",)
        beside = await work.see(ChecklistItem, before_id or after_id or item.id, path=path)
        if beside.task_id != task.id or beside.id == item.id:
            raise InvalidInput(path=path, reason="name another line of the same checklist")
        (near,) = await work.fetch(_NEIGHBOURS, task.id, beside.position, item.id)
        ends = (near["before"], beside.position) if before_id else (beside.position, near["after"])
        await work.change(item, "moved", position=positions.between(*ends))
        await work.record(task, "checklist_item_moved", {"checklist_item": [item.text, item.text]})


async def delete(item_id: UUID, *, by: Principal, version: int | None = None) -> UUID:
    """Take a line off its checklist; the id of the task."""
    async with Work(by) as work:
        task, item = await _load(work, item_id, version)
        await work.fetch(_DELETE, item.id)
        await work.record(task, "checklist_item_deleted", {"checklist_item": [item.text, None]})
        return task.id


async def carry(work: Work, origins: Mapping[UUID, UUID]) -> None:
    """Give new tasks the lines of those that they come from, none of them ticked."""
    await carrying.carry(work, ChecklistItem, origins, ("text", "required", "position"))


async def _load(work: Work, item_id: UUID, version: int | None) -> tuple[Task, ChecklistItem]:
    return await task_parts.opened_with(work, ChecklistItem, item_id, PART, version=version, path="checklistItemId")
