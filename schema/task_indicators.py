"""Indicators of tasks, and the values that are captured."""

from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING
from uuid import UUID

import strawberry

import models
from domain import task_indicators
from schema.compiler.fields import Node, changed, column, node, one
from schema.context import Info
from schema.inputs import expected_version, given, idempotency_key, key, once, part
from schema.mutation import mutation
from schema.payload import Payload
from schema.tasks import Task

if TYPE_CHECKING:
    from schema.accounts import User
    from schema.indicators import AssessmentIndicator


@node(models.TaskIndicator, prefix="measure")
class TaskIndicator(Node):
    """An indicator that is to be captured on a task, and its value once it is."""

    indicator: "AssessmentIndicator | None" = one("What is to be captured.")
    required: bool = column("Whether the task cannot be released, completed or closed before it is captured.")
    number: Decimal | None = column("The value of a NUMBER, MONEY or PERCENT.")
    text: str | None = column("The value of a TEXT, up to 2000 characters.", sortable=False)
    yes: bool | None = column("The value of a BOOLEAN.")
    choice: str | None = column("The value of a CHOICE.")
    captured_at: datetime | None = column("When it was captured last; null while it is not.")
    captured_by: "User | None" = one("Who captured it.")
    task: "Task | None" = one("On which task.")
    version: int = column("Counts changes; give it as expectedVersion.")
    created_at: datetime = column("When it was added.")
    updated_at: datetime = column("When it was last changed.")


@strawberry.input(description="Which indicator is to be captured on which task.")
class TaskIndicatorAddInput:
    """What `task_indicators.add` takes."""

    task_id: UUID = key("The task.", "Task")
    assessment_indicator_id: UUID = key("The indicator.", "AssessmentIndicator")
    required: bool = strawberry.field(
        description="Whether the task cannot be released, completed or closed before it is captured.", default=False
    )
    idempotency_key: str | None = idempotency_key()


@strawberry.input(description="The value of an indicator on a task: give the one of them that fits its kind.")
class TaskIndicatorCaptureInput:
    """What `task_indicators.capture` takes."""

    task_indicator_id: UUID = key("The indicator on the task.", "TaskIndicator")
    number: Decimal | None = part("The value of a NUMBER, MONEY or PERCENT.")
    text: str | None = part("The value of a TEXT, up to 2000 characters.")
    yes: bool | None = part("The value of a BOOLEAN.")
    choice: str | None = part("The value of a CHOICE.")
    expected_version: int | None = expected_version()


@strawberry.input(description="Which indicator is to be captured on its task no longer.")
class TaskIndicatorRemoveInput:
    """What `task_indicators.remove` takes."""

    task_indicator_id: UUID = key("The indicator on the task.", "TaskIndicator")
    expected_version: int | None = expected_version()


@strawberry.type(description="What became of `taskIndicatorAdd`.")
class TaskIndicatorAddPayload(Payload):
    """What `taskIndicatorAdd` answers."""

    task_indicator: UUID | None = changed("The indicator on the task; null when it was refused.", TaskIndicator)


@strawberry.type(description="What became of `taskIndicatorCapture`.")
class TaskIndicatorCapturePayload(Payload):
    """What `taskIndicatorCapture` answers."""

    task_indicator: UUID | None = changed("The indicator on the task as it is now.", TaskIndicator)


@strawberry.type(description="What became of `taskIndicatorRemove`.")
class TaskIndicatorRemovePayload(Payload):
    """What `taskIndicatorRemove` answers."""

    task_indicator: UUID | None = changed("The indicator as it is now; null once it is gone.", TaskIndicator)
    task: UUID | None = changed("The task as it is now; null when it was refused.", Task)


@strawberry.type
class TaskIndicatorMutations:
    """Saying what is to be captured on tasks, and capturing it: for whoever may plan the task."""

    @mutation
    async def task_indicator_add(self, info: Info, input: TaskIndicatorAddInput) -> TaskIndicatorAddPayload:
        """Have an indicator captured on a task, which has 50 at most; adding it again says whether it is required."""
        added = await task_indicators.add(
            input.task_id,
            input.assessment_indicator_id,
            required=input.required,
            by=info.context.by,
            once=once(input),
        )
        return TaskIndicatorAddPayload(task_indicator=added)

    @mutation
    async def task_indicator_capture(self, info: Info, input: TaskIndicatorCaptureInput) -> TaskIndicatorCapturePayload:
        """Say what an indicator's value on a task is, or what it is after all."""
        value, key = given(input, task_indicators.Value.__annotations__), input.task_indicator_id
        await task_indicators.capture(key, value, by=info.context.by, version=input.expected_version)
        return TaskIndicatorCapturePayload(task_indicator=key)

    @mutation
    async def task_indicator_remove(self, info: Info, input: TaskIndicatorRemoveInput) -> TaskIndicatorRemovePayload:
        """Have an indicator captured on its task no longer; its value goes with it."""
        key = input.task_indicator_id
        task = await task_indicators.remove(key, by=info.context.by, version=input.expected_version)
        return TaskIndicatorRemovePayload(task_indicator=key, task=task)
