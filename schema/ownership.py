"""Who holds a task: claiming it, giving it back, handing it to somebody."""

from uuid import UUID

import strawberry

from domain import ownership
from schema.compiler.fields import changed
from schema.context import Info
from schema.inputs import expected_version, idempotency_key, key, once, optional_key, part
from schema.mutation import mutation
from schema.payload import Payload
from schema.tasks import Task


@strawberry.input(description="Which task to take.")
class TaskClaimInput:
    """What `taskClaim` takes."""

    task_id: UUID = key("The task.", "Task")
    start: bool = strawberry.field(description="Whether to start it at once.", default=False)
    expected_version: int | None = expected_version()


@strawberry.input(description="From which queue to take.")
class TaskClaimNextInput:
    """What `taskClaimNext` takes."""

    team_id: UUID = key("The team whose queue it is.", "Team")
    start: bool = strawberry.field(description="Whether to start the task at once.", default=False)
    idempotency_key: str | None = idempotency_key()


@strawberry.input(description="Which task to give back.")
class TaskUnclaimInput:
    """What `taskUnclaim` takes."""

    task_id: UUID = key("The task.", "Task")
    reason: str | None = part("Why, for its history.")
    expected_version: int | None = expected_version()


@strawberry.input(description="Which task to hand to whom.")
class TaskAssignInput:
    """What `taskAssign` takes."""

    task_id: UUID = key("The task.", "Task")
    assignee_id: UUID | None = optional_key("Who is to hold it; null for nobody.", "User")
    reason: str | None = part("Why, for its history.")
    force: bool = strawberry.field(description="Whether somebody whose capacity it exceeds gets it too.", default=False)
    expected_version: int | None = expected_version()


@strawberry.type(description="What became of `taskClaim`.")
class TaskClaimPayload(Payload):
    """What `taskClaim` answers."""

    task: UUID | None = changed("The task as it is now.", Task)


@strawberry.type(description="What became of `taskClaimNext`.")
class TaskClaimNextPayload(Payload):
    """What `taskClaimNext` answers."""

    task: UUID | None = changed("The task that you hold now; null when it was refused.", Task)


@strawberry.type(description="What became of `taskUnclaim`.")
class TaskUnclaimPayload(Payload):
    """What `taskUnclaim` answers."""

    task: UUID | None = changed("The task as it is now.", Task)


@strawberry.type(description="What became of `taskAssign`.")
class TaskAssignPayload(Payload):
    """What `taskAssign` answers."""

    task: UUID | None = changed("The task as it is now.", Task)


@strawberry.type
class OwnershipMutations:
    """Who holds a task."""

    @mutation
    async def task_claim(self, info: Info, input: TaskClaimInput) -> TaskClaimPayload:
        """Take a task that nobody holds, so that nobody else works on it."""
        by, version = info.context.by, input.expected_version
        await ownership.claim(input.task_id, start=input.start, by=by, version=version)
        return TaskClaimPayload(task=input.task_id)

    @mutation
    async def task_claim_next(self, info: Info, input: TaskClaimNextInput) -> TaskClaimNextPayload:
        """Take the task of a team's queue that matters most: by its priority, then its day, then its age.

        Whoever asks at the same time gets another one.
        """
        by, team = info.context.by, input.team_id
        task = await ownership.claim_next(team, start=input.start, by=by, once=once(input))
        return TaskClaimNextPayload(task=task)

    @mutation
    async def task_unclaim(self, info: Info, input: TaskUnclaimInput) -> TaskUnclaimPayload:
        """Give a task back to its team, or to everybody when it has none."""
        by, version = info.context.by, input.expected_version
        await ownership.unclaim(input.task_id, reason=input.reason, by=by, version=version)
        return TaskUnclaimPayload(task=input.task_id)

    @mutation
    async def task_assign(self, info: Info, input: TaskAssignInput) -> TaskAssignPayload:
        """Hand a task to a person, or to nobody; whoever carries as much as they can gets it only by force."""
        by, why, version = info.context.by, input.reason, input.expected_version
        await ownership.assign(input.task_id, input.assignee_id, reason=why, force=input.force, by=by, version=version)
        return TaskAssignPayload(task=input.task_id)
