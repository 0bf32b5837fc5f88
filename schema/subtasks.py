"""Arranging subtasks."""

from uuid import UUID

import strawberry

from domain import subtasks
from schema.compiler.fields import changed
from schema.context import Info
from schema.inputs import expected_version, given, key, optional_key, patch_key
from schema.mutation import mutation
from schema.payload import Payload
from schema.tasks import Task


@strawberry.input(description="Which task is moved to where: give one of `parentId`, `beforeId` and `afterId`.")
class TaskMoveInput:
    """What `subtasks.move` takes."""

    task_id: UUID = key("The task; all that is below it moves along.", "Task")
    parent_id: strawberry.Maybe[UUID | None] = patch_key(
        "The task of which it becomes the last part; null for none.", "Task"
    )
    before_id: UUID | None = optional_key("The subtask right before which it is put.", "Task")
    after_id: UUID | None = optional_key("The subtask right after which it is put.", "Task")
    expected_version: int | None = expected_version()


@strawberry.type(description="What became of `taskMove`.")
class TaskMovePayload(Payload):
    """What `taskMove` answers."""

    task: UUID | None = changed("The task as it is now.", Task)


@strawberry.type
class SubtaskMutations:
    """Arranging subtasks."""

    @mutation
    async def task_move(self, info: Info, input: TaskMoveInput) -> TaskMovePayload:
        """Put a task below another one, or at another place among its siblings.

        Moving it below another task is editing it; arranging the subtasks of a task is editing that task.
        """
        place = given(input, subtasks.Place.__annotations__)
        await subtasks.move(input.task_id, **place, by=info.context.by, version=input.expected_version)
        return TaskMovePayload(task=input.task_id)
