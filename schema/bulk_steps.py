"""Moving many tasks from step to step at once."""

from collections.abc import Awaitable
from typing import Any

import strawberry

from domain import lifecycle
from domain.bulk import ErrorPolicy, Outcomes
from domain.workflow import Step
from schema.bulk import TaskBulkPayload, TaskItemInput, answered, items
from schema.context import Info
from schema.inputs import idempotency_key, once, part
from schema.mutation import mutation


@strawberry.input(description="Tasks which are begun, at most 100.")
class TaskBulkStartInput:
    """What `lifecycle.step_all` takes."""

    items: list[TaskItemInput] = strawberry.field(description="The tasks.")
    error_policy: ErrorPolicy = strawberry.field(
        description="What it means for the others when one is refused.", default=ErrorPolicy.REJECT_ALL
    )
    idempotency_key: str | None = idempotency_key()


@strawberry.input(description="Tasks which are done and may be closed, at most 100.")
class TaskBulkReleaseInput:
    """What `lifecycle.step_all` takes."""

    items: list[TaskItemInput] = strawberry.field(description="The tasks.")
    error_policy: ErrorPolicy = strawberry.field(
        description="What it means for the others when one is refused.", default=ErrorPolicy.REJECT_ALL
    )
    idempotency_key: str | None = idempotency_key()


@strawberry.input(description="Tasks which are finished, at most 100.")
class TaskBulkCompleteInput:
    """What `lifecycle.step_all` takes."""

    items: list[TaskItemInput] = strawberry.field(description="The tasks.")
    error_policy: ErrorPolicy = strawberry.field(
        description="What it means for the others when one is refused.", default=ErrorPolicy.REJECT_ALL
    )
    idempotency_key: str | None = idempotency_key()


@strawberry.input(description="Tasks which are signed off, at most 100.")
class TaskBulkCloseInput:
    """What `lifecycle.step_all` takes."""

    items: list[TaskItemInput] = strawberry.field(description="The tasks.")
    error_policy: ErrorPolicy = strawberry.field(
        description="What it means for the others when one is refused.", default=ErrorPolicy.REJECT_ALL
    )
    idempotency_key: str | None = idempotency_key()


@strawberry.input(description="Tasks which are given up, at most 100.")
class TaskBulkCancelInput:
    """What `lifecycle.step_all` takes."""

    items: list[TaskItemInput] = strawberry.field(description="The tasks.")
    reason: str | None = part("Why, up to 500 characters; the history of each tells.")
    error_policy: ErrorPolicy = strawberry.field(
        description="What it means for the others when one is refused.", default=ErrorPolicy.REJECT_ALL
    )
    idempotency_key: str | None = idempotency_key()


@strawberry.type(description="What became of `taskBulkStart`.")
class TaskBulkStartPayload(TaskBulkPayload):
    """What `taskBulkStart` answers."""


@strawberry.type(description="What became of `taskBulkRelease`.")
class TaskBulkReleasePayload(TaskBulkPayload):
    """What `taskBulkRelease` answers."""


@strawberry.type(description="What became of `taskBulkComplete`.")
class TaskBulkCompletePayload(TaskBulkPayload):
    """What `taskBulkComplete` answers."""


@strawberry.type(description="What became of `taskBulkClose`.")
class TaskBulkClosePayload(TaskBulkPayload):
    """What `taskBulkClose` answers."""


@strawberry.type(description="What became of `taskBulkCancel`.")
class TaskBulkCancelPayload(TaskBulkPayload):
    """What `taskBulkCancel` answers."""


@strawberry.type
class BulkStepMutations:
    """Moving many tasks from step to step at once."""

    @mutation
    async def task_bulk_start(self, info: Info, input: TaskBulkStartInput) -> TaskBulkStartPayload:
        """Say that work on many tasks has begun."""
        return await answered(TaskBulkStartPayload, input.items, _taken(Step.START, info, input))

    @mutation
    async def task_bulk_release(self, info: Info, input: TaskBulkReleaseInput) -> TaskBulkReleasePayload:
        """Say of many tasks that the work is done and a supervisor may close them."""
        return await answered(TaskBulkReleasePayload, input.items, _taken(Step.RELEASE, info, input))

    @mutation
    async def task_bulk_complete(self, info: Info, input: TaskBulkCompleteInput) -> TaskBulkCompletePayload:
        """Finish many tasks that nobody need review, which is final."""
        return await answered(TaskBulkCompletePayload, input.items, _taken(Step.COMPLETE, info, input))

    @mutation
    async def task_bulk_close(self, info: Info, input: TaskBulkCloseInput) -> TaskBulkClosePayload:
        """Sign off many released tasks, which is final."""
        return await answered(TaskBulkClosePayload, input.items, _taken(Step.CLOSE, info, input))

    @mutation
    async def task_bulk_cancel(self, info: Info, input: TaskBulkCancelInput) -> TaskBulkCancelPayload:
        """Give many tasks up, which is final."""
        return await answered(TaskBulkCancelPayload, input.items, _taken(Step.CANCEL, info, input))


def _taken(step: Step, info: Info, input: Any) -> Awaitable[Outcomes]:
    """Take the step with all the items of an input."""
    reason, errors = getattr(input, "reason", None), input.error_policy
    return lifecycle.step_all(
        step, items(input.items), reason=reason, errors=errors, by=info.context.by, once=once(input)
    )
