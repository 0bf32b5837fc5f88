"""How much people can take on, and how much each task counts."""

from datetime import datetime, timedelta
from uuid import UUID

import strawberry

import models
from domain import capacity
from schema.accounts import User
from schema.compiler.fields import Connection, Node, changed, column, listing, node
from schema.context import Info
from schema.durations import minutes
from schema.inputs import expected_version, given, key, part
from schema.mutation import mutation
from schema.payload import Payload


@node(models.TaskWeight, prefix="weight")
class TaskWeight(Node):
    """How much each task of a type counts for whoever holds it; a type without one counts as 1."""

    type: models.TaskType = column("The type.")
    weight: int = column("How much each counts, from 0 to 1000.")
    created_at: datetime = column("When it was first set.")


@strawberry.input(description="How much a person can take on: what is left out stays, null clears.")
class UserWorkloadUpdateInput:
    """What `capacity.workload_update` takes."""

    user_id: UUID = key("Who.", "User")
    capacity: strawberry.Maybe[int | None] = part(
        "The weights of what they hold at most, up to 10000; null for no limit."
    )
    weekly_time: timedelta | None = part(
        "How long they work in a week: whole minutes, up to 168 hours; 40 hours unless set."
    )
    expected_version: int | None = expected_version()


@strawberry.input(description="How much tasks of a type count.")
class TaskWeightSetInput:
    """What `capacity.weigh` takes."""

    type: models.TaskType = strawberry.field(description="The type.")
    weight: int = strawberry.field(description="How much each counts for whoever holds it, from 0 to 1000.")


@strawberry.type(description="What became of `userWorkloadUpdate`.")
class UserWorkloadUpdatePayload(Payload):
    """What `userWorkloadUpdate` answers."""

    user: UUID | None = changed("The person as they are now.", User)


@strawberry.type(description="What became of `taskWeightSet`.")
class TaskWeightSetPayload(Payload):
    """What `taskWeightSet` answers."""

    task_weight: UUID | None = changed("The weight; null when it was refused.", TaskWeight)


@strawberry.type
class CapacityQueries:
    """What counts how much."""

    task_weights: "Connection[TaskWeight]" = listing("How much tasks count, of each type that has a weight of its own.")


@strawberry.type
class CapacityMutations:
    """Saying how much is enough."""

    @mutation
    async def user_workload_update(self, info: Info, input: UserWorkloadUpdateInput) -> UserWorkloadUpdatePayload:
        """Say how much somebody in your reach can take on; what they hold already stays theirs."""
        by, version = info.context.by, input.expected_version
        patch = given(input, capacity.Workload.__annotations__)
        if input.weekly_time is not None:
            patch["weekly_minutes"] = minutes(input.weekly_time, "weekly_time")
        await capacity.workload_update(input.user_id, patch, by=by, version=version)
        return UserWorkloadUpdatePayload(user=input.user_id)

    @mutation
    async def task_weight_set(self, info: Info, input: TaskWeightSetInput) -> TaskWeightSetPayload:
        """Say how much each task of a type counts for whoever holds it; admins do."""
        weight = await capacity.weigh(input.type, input.weight, by=info.context.by)
        return TaskWeightSetPayload(task_weight=weight)
