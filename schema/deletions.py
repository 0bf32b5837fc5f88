"""Deleting tasks, and restoring them."""

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

import strawberry

import models
from domain import deletions
from schema.compiler.fields import Connection, Node, changed, column, listing, node, one, sql
from schema.context import Info
from schema.inputs import expected_version, idempotency_key, key, once, part
from schema.mutation import mutation
from schema.payload import Payload
from schema.tasks import Task

if TYPE_CHECKING:
    from schema.accounts import User

GONE = "(select {} from tasks x where x.id = {{t}}.task_id)"
COUNT = "(select count(*)::int from tasks x where x.workspace_id = {t}.workspace_id and x.deletion_id = {t}.id)"


@node(models.Deletion, prefix="deletion", label=GONE.format("'T-' || x.number || ' ' || x.title"))
class Deletion(Node):
    """A task that was deleted with all below it, and can be restored."""

    key: str = sql("The task's name, such as T-1042.", GONE.format("'T-' || x.number"))
    title: str = sql("What was to be done.", GONE.format("x.title"))
    task_count: int = sql("How many tasks were deleted together.", COUNT)
    creator: "User | None" = one("Who deleted it.")
    reason: str | None = column("Why, if a reason was given.", sortable=False)
    created_at: datetime = column("When it was deleted.")
    purge_at: datetime = column("When it is removed for good.")


@strawberry.input(description="Which task is deleted.")
class TaskDeleteInput:
    """What `deletions.delete` takes."""

    task_id: UUID = key("The task; all that is below it is deleted with it.", "Task")
    reason: str | None = part("Why, up to 500 characters; its history tells.")
    expected_version: int | None = expected_version()
    idempotency_key: str | None = idempotency_key()


@strawberry.input(description="Which deleted task is restored.")
class TaskRestoreInput:
    """What `deletions.restore` takes."""

    deletion_id: UUID = key("The deletion, from `taskDelete` or `deletedTasks`.", "Deletion")
    idempotency_key: str | None = idempotency_key()


@strawberry.type(description="What became of `taskDelete`.")
class TaskDeletePayload(Payload):
    """What `taskDelete` answers."""

    deletion: UUID | None = changed("What restores it; null when it was refused.", Deletion)
    task: UUID | None = changed("The task as it is now; null once it is deleted.", Task)


@strawberry.type(description="What became of `taskRestore`.")
class TaskRestorePayload(Payload):
    """What `taskRestore` answers."""

    task: UUID | None = changed("The task, which is there again; null when it was refused.", Task)
    deletion: UUID | None = changed("The deletion while it stands; null once the task is restored.", Deletion)


@strawberry.type
class DeletionQueries:
    """What was deleted."""

    deleted_tasks: "Connection[Deletion]" = listing(
        "Deleted tasks that can be restored: those that you deleted, and for those who lead what they would see."
    )


@strawberry.type
class DeletionMutations:
    """Deleting tasks, and restoring them."""

    @mutation
    async def task_delete(self, info: Info, input: TaskDeleteInput) -> TaskDeletePayload:
        """Delete a task with all below it, unless its time is billed or somebody works on it now.

        Nobody sees it any more. For a while `taskRestore` brings it back; then it is gone for good.
        """
        by, version = info.context.by, input.expected_version
        deletion = await deletions.delete(input.task_id, reason=input.reason, by=by, version=version, once=once(input))
        return TaskDeletePayload(deletion=deletion, task=input.task_id)

    @mutation
    async def task_restore(self, info: Info, input: TaskRestoreInput) -> TaskRestorePayload:
        """Bring a deleted task back, with all that was deleted with it, as it was."""
        task = await deletions.restore(input.deletion_id, by=info.context.by, once=once(input))
        return TaskRestorePayload(task=task, deletion=input.deletion_id)
