"""Moving a task from step to step, as its workflow says."""

from uuid import UUID

import strawberry

from domain import lifecycle
from schema.compiler.fields import changed
from schema.context import Info
from schema.inputs import expected_version, key, part
from schema.mutation import mutation
from schema.payload import Payload
from schema.tasks import Task


@strawberry.input(description="Which task is begun.")
class TaskStartInput:
    """What `lifecycle.start` takes."""

    task_id: UUID = key("The task.", "Task")
    expected_version: int | None = expected_version()


@strawberry.input(description="Which task is done and may be closed.")
class TaskReleaseInput:
    """What `lifecycle.release` takes."""

    task_id: UUID = key("The task.", "Task")
    expected_version: int | None = expected_version()


@strawberry.input(description="Which task is finished.")
class TaskCompleteInput:
    """What `lifecycle.complete` takes."""

    task_id: UUID = key("The task.", "Task")
    expected_version: int | None = expected_version()


@strawberry.input(description="Which task is signed off.")
class TaskCloseInput:
    """What `lifecycle.close` takes."""

    task_id: UUID = key("The task.", "Task")
    expected_version: int | None = expected_version()


@strawberry.input(description="Which task is given up.")
class TaskCancelInput:
    """What `lifecycle.cancel` takes."""

    task_id: UUID = key("The task.", "Task")
    subtasks: bool = strawberry.field(
        description="Whether all that is open below it is cancelled with it: either all of it, or nothing.",
        default=False,
    )
    reason: str | None = part("Why, up to 500 characters; its history tells.")
    expected_version: int | None = expected_version()


@strawberry.input(description="Which task is sent back, and why.")
class TaskRejectInput:
    """What `lifecycle.reject` takes."""

    task_id: UUID = key("The task.", "Task")
    reason: str = strawberry.field(description="Why, up to 500 characters; its history tells.")
    expected_version: int | None = expected_version()


@strawberry.input(description="Which task takes which step.")
class TaskStepInput:
    """What `lifecycle.step` takes."""

    task_id: UUID = key("The task.", "Task")
    step: str = strawberry.field(description="The step's name in the task's workflow, such as CLOSE or SEND_BACK.")
    reason: str | None = part("Why, up to 500 characters; its history tells. Some steps need one.")
    expected_version: int | None = expected_version()


@strawberry.type(description="What became of `taskStart`.")
class TaskStartPayload(Payload):
    """What `taskStart` answers."""

    task: UUID | None = changed("The task as it is now.", Task)


@strawberry.type(description="What became of `taskRelease`.")
class TaskReleasePayload(Payload):
    """What `taskRelease` answers."""

    task: UUID | None = changed("The task as it is now.", Task)


@strawberry.type(description="What became of `taskComplete`.")
class TaskCompletePayload(Payload):
    """What `taskComplete` answers."""

    task: UUID | None = changed("The task as it is now.", Task)


@strawberry.type(description="What became of `taskClose`.")
class TaskClosePayload(Payload):
    """What `taskClose` answers."""

    task: UUID | None = changed("The task as it is now.", Task)


@strawberry.type(description="What became of `taskCancel`.")
class TaskCancelPayload(Payload):
    """What `taskCancel` answers."""

    task: UUID | None = changed("The task as it is now.", Task)


@strawberry.type(description="What became of `taskReject`.")
class TaskRejectPayload(Payload):
    """What `taskReject` answers."""

    task: UUID | None = changed("The task as it is now.", Task)


@strawberry.type(description="What became of `taskStep`.")
class TaskStepPayload(Payload):
    """What `taskStep` answers."""

    task: UUID | None = changed("The task as it is now.", Task)


@strawberry.type
class LifecycleMutations:
    """Moving tasks from step to step."""

    @mutation
    async def task_start(self, info: Info, input: TaskStartInput) -> TaskStartPayload:
        """Say that work on a task has begun."""
        await lifecycle.start(input.task_id, by=info.context.by, version=input.expected_version)
        return TaskStartPayload(task=input.task_id)

    @mutation
    async def task_release(self, info: Info, input: TaskReleaseInput) -> TaskReleasePayload:
        """Say that the work is done and a supervisor may close the task.

        This does not give the task back: that is `taskUnclaim`.
        """
        await lifecycle.release(input.task_id, by=info.context.by, version=input.expected_version)
        return TaskReleasePayload(task=input.task_id)

    @mutation
    async def task_complete(self, info: Info, input: TaskCompleteInput) -> TaskCompletePayload:
        """Finish a task that nobody need review, which is final."""
        await lifecycle.complete(input.task_id, by=info.context.by, version=input.expected_version)
        return TaskCompletePayload(task=input.task_id)

    @mutation
    async def task_close(self, info: Info, input: TaskCloseInput) -> TaskClosePayload:
        """Sign off a released task, which is final."""
        await lifecycle.close(input.task_id, by=info.context.by, version=input.expected_version)
        return TaskClosePayload(task=input.task_id)

    @mutation
    async def task_cancel(self, info: Info, input: TaskCancelInput) -> TaskCancelPayload:
        """Give a task up, which is final."""
        by, version = info.context.by, input.expected_version
        await lifecycle.cancel(input.task_id, subtasks=input.subtasks, reason=input.reason, by=by, version=version)
        return TaskCancelPayload(task=input.task_id)

    @mutation
    async def task_reject(self, info: Info, input: TaskRejectInput) -> TaskRejectPayload:
        """Send a released task back to work, where its workflow has that step."""
        by, version = info.context.by, input.expected_version
        await lifecycle.reject(input.task_id, reason=input.reason, by=by, version=version)
        return TaskRejectPayload(task=input.task_id)

    @mutation
    async def task_step(self, info: Info, input: TaskStepInput) -> TaskStepPayload:
        """Take any step that the task's workflow has, by its name."""
        by, version = info.context.by, input.expected_version
        await lifecycle.step(input.task_id, input.step, reason=input.reason, by=by, version=version)
        return TaskStepPayload(task=input.task_id)
