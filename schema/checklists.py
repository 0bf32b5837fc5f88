"""Checklists of tasks."""

from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING
from uuid import UUID

import strawberry

import models
from domain import checklists
from schema.compiler.fields import Node, changed, column, node, one
from schema.context import Info
from schema.inputs import expected_version, given, idempotency_key, key, once, optional_key, part
from schema.mutation import mutation
from schema.payload import Payload
from schema.tasks import Task

if TYPE_CHECKING:
    from schema.accounts import User


@node(models.ChecklistItem, prefix="check")
class ChecklistItem(Node):
    """One line of a task's checklist, which somebody ticks."""

    text: str = column("What is to be done, up to 500 characters.")
    required: bool = column("Whether the task cannot be released, completed or closed before it is ticked.")
    ticked_at: datetime | None = column("When it was ticked; null while it is open.")
    ticked_by: "User | None" = one("Who ticked it.")
    position: Decimal = column("Its place in the checklist: the greater, the later.")
    task: "Task | None" = one("Whose checklist it is on.")
    version: int = column("Counts changes; give it as expectedVersion.")
    created_at: datetime = column("When it was added.")
    updated_at: datetime = column("When it was last changed.")


@strawberry.input(description="A line to add to a checklist.")
class ChecklistItemCreateInput:
    """What `checklists.create` takes."""

    task_id: UUID = key("The task.", "Task")
    text: str = strawberry.field(description="What is to be done, up to 500 characters.")
    required: bool = strawberry.field(
        description="Whether the task cannot be released, completed or closed before it is ticked.", default=False
    )
    idempotency_key: str | None = idempotency_key()


@strawberry.input(description="What to change about a line: what is left out stays.")
class ChecklistItemUpdateInput:
    """What `checklists.update` takes."""

    checklist_item_id: UUID = key("The line.", "ChecklistItem")
    text: strawberry.Maybe[str | None] = part("What is to be done, up to 500 characters.")
    required: strawberry.Maybe[bool | None] = part("Whether the task waits until it is ticked.")
    expected_version: int | None = expected_version()


@strawberry.input(description="Which line is done.")
class ChecklistItemTickInput:
    """What `checklists.tick` takes."""

    checklist_item_id: UUID = key("The line.", "ChecklistItem")
    expected_version: int | None = expected_version()


@strawberry.input(description="Which line is not done after all.")
class ChecklistItemUntickInput:
    """What `checklists.tick` takes."""

    checklist_item_id: UUID = key("The line.", "ChecklistItem")
    expected_version: int | None = expected_version()


@strawberry.input(description="Which line is put where: give `beforeId` or `afterId`.")
class ChecklistItemMoveInput:
    """What `checklists.move` takes."""

    checklist_item_id: UUID = key("The line.", "ChecklistItem")
    before_id: UUID | None = optional_key("The line right before which it is put.", "ChecklistItem")
    after_id: UUID | None = optional_key("The line right after which it is put.", "ChecklistItem")
    expected_version: int | None = expected_version()


@strawberry.input(description="Which line is taken off.")
class ChecklistItemDeleteInput:
    """What `checklists.delete` takes."""

    checklist_item_id: UUID = key("The line.", "ChecklistItem")
    expected_version: int | None = expected_version()


@strawberry.type(description="What became of `checklistItemCreate`.")
class ChecklistItemCreatePayload(Payload):
    """What `checklistItemCreate` answers."""

    checklist_item: UUID | None = changed("The line; null when it was refused.", ChecklistItem)


@strawberry.type(description="What became of `checklistItemUpdate`.")
class ChecklistItemUpdatePayload(Payload):
    """What `checklistItemUpdate` answers."""

    checklist_item: UUID | None = changed("The line as it is now.", ChecklistItem)


@strawberry.type(description="What became of `checklistItemTick`.")
class ChecklistItemTickPayload(Payload):
    """What `checklistItemTick` answers."""

    checklist_item: UUID | None = changed("The line as it is now.", ChecklistItem)


@strawberry.type(description="What became of `checklistItemUntick`.")
class ChecklistItemUntickPayload(Payload):
    """What `checklistItemUntick` answers."""

    checklist_item: UUID | None = changed("The line as it is now.", ChecklistItem)


@strawberry.type(description="What became of `checklistItemMove`.")
class ChecklistItemMovePayload(Payload):
    """What `checklistItemMove` answers."""

    checklist_item: UUID | None = changed("The line as it is now.", ChecklistItem)


@strawberry.type(description="What became of `checklistItemDelete`.")
class ChecklistItemDeletePayload(Payload):
    """What `checklistItemDelete` answers."""

    checklist_item: UUID | None = changed("The line as it is now; null once it is gone.", ChecklistItem)
    task: UUID | None = changed("The task as it is now; null when it was refused.", Task)


@strawberry.type
class ChecklistMutations:
    """Writing and ticking checklists: for whoever may plan the task."""

    @mutation
    async def checklist_item_create(self, info: Info, input: ChecklistItemCreateInput) -> ChecklistItemCreatePayload:
        """Add a line at the end of a task's checklist, which has 100 at most."""
        line, by = given(input, checklists.Line.__annotations__), info.context.by
        item = await checklists.create(input.task_id, **line, by=by, once=once(input))
        return ChecklistItemCreatePayload(checklist_item=item)

    @mutation
    async def checklist_item_update(self, info: Info, input: ChecklistItemUpdateInput) -> ChecklistItemUpdatePayload:
        """Write a line anew."""
        patch, key = given(input, checklists.Line.__annotations__), input.checklist_item_id
        await checklists.update(key, patch, by=info.context.by, version=input.expected_version)
        return ChecklistItemUpdatePayload(checklist_item=key)

    @mutation
    async def checklist_item_tick(self, info: Info, input: ChecklistItemTickInput) -> ChecklistItemTickPayload:
        """Say that a line is done; saying it again changes nothing."""
        key = input.checklist_item_id
        await checklists.tick(key, done=True, by=info.context.by, version=input.expected_version)
        return ChecklistItemTickPayload(checklist_item=key)

    @mutation
    async def checklist_item_untick(self, info: Info, input: ChecklistItemUntickInput) -> ChecklistItemUntickPayload:
        """Say that a line is not done after all; saying it again changes nothing."""
        key = input.checklist_item_id
        await checklists.tick(key, done=False, by=info.context.by, version=input.expected_version)
        return ChecklistItemUntickPayload(checklist_item=key)

    @mutation
    async def checklist_item_move(self, info: Info, input: ChecklistItemMoveInput) -> ChecklistItemMovePayload:
        """Put a line right before or after another one of the same checklist."""
        key, beside = input.checklist_item_id, {"before_id": input.before_id, "after_id": input.after_id}
        await checklists.move(key, **beside, by=info.context.by, version=input.expected_version)
        return ChecklistItemMovePayload(checklist_item=key)

    @mutation
    async def checklist_item_delete(self, info: Info, input: ChecklistItemDeleteInput) -> ChecklistItemDeletePayload:
        """Take a line off its checklist."""
        key = input.checklist_item_id
        task = await checklists.delete(key, by=info.context.by, version=input.expected_version)
        return ChecklistItemDeletePayload(checklist_item=key, task=task)
