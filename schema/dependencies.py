"""Tasks that wait for others, and moving them all when the first one moves."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

import strawberry

from domain import dependencies, shifts
from domain.errors import DomainError, NotFound
from schema.bulk import TaskResult
from schema.compiler.errors import CompileError
from schema.compiler.fields import changed
from schema.compiler.values import decode_id
from schema.context import Info
from schema.inputs import expected_version, idempotency_key, key, once
from schema.mutation import mutation
from schema.payload import Payload
from schema.tasks import Task

TaskId = Annotated[strawberry.ID, strawberry.argument(description="The task that would move.")]
DueOn = Annotated[date, strawberry.argument(description="The day to which it would move.")]


@strawberry.type(description="Where the dates of a task would go that waits for another one.")
class DependentShift:
    """A row of `shiftDependents`."""

    task: UUID | None = changed("The task as it is.", Task)
    due_on: date | None = strawberry.field(description="The day by which it would then be to be done.")
    scheduled_at: datetime | None = strawberry.field(description="The instant at which its appointment would then be.")
    allowed: bool = strawberry.field(description="Whether you may move it.")
    reason: str | None = strawberry.field(description="Why not.")


async def _shift_dependents(info: Info, task_id: TaskId, due_on: DueOn) -> list[DependentShift] | None:
    try:
        found = await shifts.preview(decode_id("task", task_id), due_on, by=info.context.by)
    except NotFound:
        return None
    except DomainError as refusal:
        raise CompileError(refusal.message) from refusal
    return [_shown(each) for each in found]


def _shown(each: shifts.Shift) -> DependentShift:
    reason = each.refusals[0].message if each.refusals else None
    return DependentShift(
        task=each.task.id,
        due_on=each.due_on,
        scheduled_at=each.scheduled_at,
        allowed=reason is None,
        reason=reason,
    )


@strawberry.input(description="Which task is to wait for which.")
class TaskBlockerAddInput:
    """What `dependencies.add` takes."""

    task_id: UUID = key("The task that waits.", "Task")
    blocker_id: UUID = key("The task that is to be finished first.", "Task")
    expected_version: int | None = expected_version()


@strawberry.input(description="Which task is to wait for which no longer.")
class TaskBlockerRemoveInput:
    """What `dependencies.remove` takes."""

    task_id: UUID = key("The task that waits.", "Task")
    blocker_id: UUID = key("The task for which it waits.", "Task")
    expected_version: int | None = expected_version()


@strawberry.input(description="Which task moves to which day, together with all that waits for it.")
class TaskShiftDependentsInput:
    """What `shifts.shift` takes."""

    task_id: UUID = key("The task; it must have a day already.", "Task")
    due_on: date = strawberry.field(description="The day by which it is to be done from now on.")
    expected_version: int | None = expected_version()
    idempotency_key: str | None = idempotency_key()


@strawberry.type(description="What became of `taskBlockerAdd`.")
class TaskBlockerAddPayload(Payload):
    """What `taskBlockerAdd` answers."""

    task: UUID | None = changed("The task that waits, as it is now.", Task)


@strawberry.type(description="What became of `taskBlockerRemove`.")
class TaskBlockerRemovePayload(Payload):
    """What `taskBlockerRemove` answers."""

    task: UUID | None = changed("The task that waited, as it is now.", Task)


@strawberry.type(description="What became of `taskShiftDependents`.")
class TaskShiftDependentsPayload(Payload):
    """What `taskShiftDependents` answers."""

    task: UUID | None = changed("The task as it is now.", Task)
    results: list[TaskResult] = strawberry.field(
        description="The tasks that moved with it, nearest first; none when it was refused.", default_factory=list
    )


@strawberry.type
class DependencyQueries:
    """What waits for what."""

    shift_dependents: list[DependentShift] | None = strawberry.field(
        resolver=_shift_dependents,
        description="Where the dates of all that waits for a task would go if its day became another, nearest first: "
        "by as many working days, Monday to Friday. Nothing is moved: `taskShiftDependents` does that. Null when you "
        "see no such task.",
    )


@strawberry.type
class DependencyMutations:
    """Letting tasks wait for others."""

    @mutation
    async def task_blocker_add(self, info: Info, input: TaskBlockerAddInput) -> TaskBlockerAddPayload:
        """Let a task wait until another one is finished; no two tasks wait for each other."""
        by, version = info.context.by, input.expected_version
        await dependencies.add(input.task_id, input.blocker_id, by=by, version=version)
        return TaskBlockerAddPayload(task=input.task_id)

    @mutation
    async def task_blocker_remove(self, info: Info, input: TaskBlockerRemoveInput) -> TaskBlockerRemovePayload:
        """Let a task wait for another one no longer."""
        by, version = info.context.by, input.expected_version
        await dependencies.remove(input.task_id, input.blocker_id, by=by, version=version)
        return TaskBlockerRemovePayload(task=input.task_id)

    @mutation
    async def task_shift_dependents(self, info: Info, input: TaskShiftDependentsInput) -> TaskShiftDependentsPayload:
        """Move a task's day, and by as many working days all unfinished tasks that wait for it: up to 100, all or none.

        The query `shiftDependents` tells beforehand where they go.
        """
        by, version = info.context.by, input.expected_version
        moved = await shifts.shift(input.task_id, input.due_on, by=by, version=version, once=once(input))
        results = [TaskResult(index=place, object=each) for place, each in enumerate(moved)]
        return TaskShiftDependentsPayload(task=input.task_id, results=results)
