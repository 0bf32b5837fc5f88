"""Who takes part in a task beside the one who holds it."""

from uuid import UUID

import strawberry

import models
from domain import participants
from schema.compiler.fields import changed
from schema.context import Info
from schema.inputs import expected_version, key, optional_key
from schema.mutation import mutation
from schema.payload import Payload
from schema.tasks import Task


@strawberry.input(description="Who is to collaborate on which task.")
class TaskCollaboratorAddInput:
    """What `participants.collaborate` takes."""

    task_id: UUID = key("The task.", "Task")
    user_id: UUID = key("Who.", "User")
    expected_version: int | None = expected_version()


@strawberry.input(description="Who no longer collaborates on which task.")
class TaskCollaboratorRemoveInput:
    """What `participants.leave` takes."""

    task_id: UUID = key("The task.", "Task")
    user_id: UUID | None = optional_key("Who; you unless given.", "User")
    expected_version: int | None = expected_version()


@strawberry.input(description="Who is to be told of which task.")
class TaskWatcherAddInput:
    """What `participants.watch` takes."""

    task_id: UUID = key("The task.", "Task")
    user_id: UUID | None = optional_key("Who: you unless given, or somebody in your reach.", "User")
    expected_version: int | None = expected_version()


@strawberry.input(description="Who is no longer told of which task.")
class TaskWatcherRemoveInput:
    """What `participants.leave` takes."""

    task_id: UUID = key("The task.", "Task")
    user_id: UUID | None = optional_key("Who; you unless given.", "User")
    expected_version: int | None = expected_version()


@strawberry.type(description="What became of `taskCollaboratorAdd`.")
class TaskCollaboratorAddPayload(Payload):
    """What `taskCollaboratorAdd` answers."""

    task: UUID | None = changed("The task as it is now.", Task)


@strawberry.type(description="What became of `taskCollaboratorRemove`.")
class TaskCollaboratorRemovePayload(Payload):
    """What `taskCollaboratorRemove` answers."""

    task: UUID | None = changed("The task as it is now; null when you do not see it any more.", Task)


@strawberry.type(description="What became of `taskWatcherAdd`.")
class TaskWatcherAddPayload(Payload):
    """What `taskWatcherAdd` answers."""

    task: UUID | None = changed("The task as it is now.", Task)


@strawberry.type(description="What became of `taskWatcherRemove`.")
class TaskWatcherRemovePayload(Payload):
    """What `taskWatcherRemove` answers."""

    task: UUID | None = changed("The task as it is now.", Task)


@strawberry.type
class ParticipantMutations:
    """Taking part."""

    @mutation
    async def task_collaborator_add(self, info: Info, input: TaskCollaboratorAddInput) -> TaskCollaboratorAddPayload:
        """Have somebody see a task and work on it beside its assignee; its assignee, creator and supervisors do."""
        by, version = info.context.by, input.expected_version
        await participants.collaborate(input.task_id, input.user_id, by=by, version=version)
        return TaskCollaboratorAddPayload(task=input.task_id)

    @mutation
    async def task_collaborator_remove(
        self, info: Info, input: TaskCollaboratorRemoveInput
    ) -> TaskCollaboratorRemovePayload:
        """Say that somebody does not collaborate on a task, which you may always say of yourself."""
        part, by, version = models.Participation.COLLABORATOR, info.context.by, input.expected_version
        await participants.leave(input.task_id, part, input.user_id, by=by, version=version)
        return TaskCollaboratorRemovePayload(task=input.task_id)

    @mutation
    async def task_watcher_add(self, info: Info, input: TaskWatcherAddInput) -> TaskWatcherAddPayload:
        """Be told when a task changes hands or status, or have somebody in your reach told, who sees it already."""
        by, version = info.context.by, input.expected_version
        await participants.watch(input.task_id, input.user_id, by=by, version=version)
        return TaskWatcherAddPayload(task=input.task_id)

    @mutation
    async def task_watcher_remove(self, info: Info, input: TaskWatcherRemoveInput) -> TaskWatcherRemovePayload:
        """Say that somebody is not told of a task any more, which you may always say of yourself."""
        part, by, version = models.Participation.WATCHER, info.context.by, input.expected_version
        await participants.leave(input.task_id, part, input.user_id, by=by, version=version)
        return TaskWatcherRemovePayload(task=input.task_id)
