"""Handing many tasks on at once."""

from uuid import UUID

import strawberry

from domain import ownership
from domain.bulk import ErrorPolicy
from schema.bulk import TaskBulkPayload, TaskItemInput, answered, items
from schema.context import Info
from schema.inputs import idempotency_key, once, optional_key, part
from schema.mutation import mutation


@strawberry.input(description="One of the tasks, and who is to hold it.")
class TaskAssignItemInput(TaskItemInput):
    """A task with its receiver."""

    assignee_id: UUID | None = optional_key("Who is to hold it; null for nobody.", "User")


@strawberry.input(description="Which tasks to hand to whom, at most 100.")
class TaskBulkAssignInput:
    """What `ownership.assign_all` takes."""

    items: list[TaskAssignItemInput] = strawberry.field(description="The tasks, each with who is to hold it.")
    reason: str | None = part("Why, for their history, up to 500 characters.")
    force: bool = strawberry.field(description="Whether people whose capacity it exceeds get them too.", default=False)
    error_policy: ErrorPolicy = strawberry.field(
        description="What it means for the others when one is refused.", default=ErrorPolicy.REJECT_ALL
    )
    idempotency_key: str | None = idempotency_key()


@strawberry.type(description="What became of `taskBulkAssign`.")
class TaskBulkAssignPayload(TaskBulkPayload):
    """What `taskBulkAssign` answers."""


@strawberry.type
class BulkAssignMutations:
    """Handing many tasks on."""

    @mutation
    async def task_bulk_assign(self, info: Info, input: TaskBulkAssignInput) -> TaskBulkAssignPayload:
        """Hand many tasks on, each to somebody or to nobody: all of them or none, unless told otherwise."""
        receivers = {item.task_id: item.assignee_id for item in input.items}
        why, force, errors = input.reason, input.force, input.error_policy
        doing = ownership.assign_all(
            items(input.items), receivers, reason=why, force=force, errors=errors, by=info.context.by, once=once(input)
        )
        return await answered(TaskBulkAssignPayload, input.items, doing)
