"""How a team's queue works."""

from datetime import timedelta
from uuid import UUID

import strawberry

import models
from domain import queues
from schema.compiler.fields import changed
from schema.context import Info
from schema.durations import minutes
from schema.inputs import expected_version, given, key, part
from schema.mutation import mutation
from schema.payload import Payload
from schema.teams import Team


@strawberry.input(description="How a queue is to work: what is left out stays, null clears.")
class TeamQueueUpdateInput:
    """What `queues.update` takes."""

    team_id: UUID = key("The team whose queue it is.", "Team")
    claim_lease: strawberry.Maybe[timedelta | None] = part(
        "After how long without anything done about it a task leaves its holder, in whole minutes up to 365 days; null "
        "for never."
    )
    strategy: models.Strategy | None = part(
        "Who gets the tasks that nobody claims. Who is full is passed over; for who is away, a substitute is chosen."
    )
    expected_version: int | None = expected_version()


@strawberry.type(description="What became of `teamQueueUpdate`.")
class TeamQueueUpdatePayload(Payload):
    """What `teamQueueUpdate` answers."""

    team: UUID | None = changed("The team as it is now.", Team)


@strawberry.type
class QueueMutations:
    """Changing how queues work."""

    @mutation
    async def team_queue_update(self, info: Info, input: TeamQueueUpdateInput) -> TeamQueueUpdatePayload:
        """Change how the queue of a team in your reach works."""
        patch = given(input, queues.Queue.__annotations__)
        if input.claim_lease is not None:
            patch["claim_lease_minutes"] = minutes(input.claim_lease.value, "claim_lease")
        await queues.update(input.team_id, patch, by=info.context.by, version=input.expected_version)
        return TeamQueueUpdatePayload(team=input.team_id)
