"""Teams: who belongs together, and who leads them."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

import strawberry

import models
from domain import accounts
from schema.compiler.fields import Connection, Node, changed, column, item, listing, node, one, page, sql
from schema.context import Info
from schema.durations import duration
from schema.enums import enum
from schema.inputs import expected_version, idempotency_key, key, keys, once, optional_key
from schema.mutation import mutation
from schema.payload import Payload

if TYPE_CHECKING:
    from schema.accounts import User
    from schema.history import Event
    from schema.tasks import Task
    from schema.visits import Visit


Strategy = enum(
    models.Strategy,
    MANUAL="Whoever claims them, or is given them by a supervisor.",
    ROUND_ROBIN="The members who do not lead the team, by turns.",
    LEAST_LOADED="Whichever of these members carries least.",
    CUSTOMER_DEFAULT_REP="Whoever looks after the customer that the task is about; others wait to be claimed.",
)


@node(models.Team, prefix="team", searchable=True, label="{t}.name")
class Team(Node):
    """A group of people and the queue from which they claim; teams form a tree."""

    name: str = column("Up to 200 characters; no two teams of a workspace share one.")
    parent: "Team | None" = one("The team above.")
    children: "Connection[Team]" = page("The teams directly below.", by="parent")
    members: "Connection[User]" = page(
        "Everybody in the team.",
        where="exists (select from memberships m where m.user_id = {t}.id and m.team_id = {parent}.id)",
    )
    leads: "Connection[User]" = page(
        "Who leads the team, and so reaches all teams below.",
        where="exists (select from memberships m where m.user_id = {t}.id and m.team_id = {parent}.id and m.leads)",
    )
    claim_lease: timedelta | None = sql(
        "After how long without anything done about it a task leaves its holder; null for never.",
        duration("{t}.claim_lease_minutes"),
    )
    strategy: models.Strategy = column("Who gets the tasks of the queue that nobody claims.")
    tasks: "Connection[Task]" = page("The team's tasks, claimed or not.", by="team")
    visits: "Connection[Visit]" = page("The team's visits.", by="team")
    history: "Connection[Event]" = page("What happened to the team.", by="subject")
    version: int = column("Counts changes; give it as expectedVersion.")
    created_at: datetime = column("When the team was made.")
    updated_at: datetime = column("When the team was last changed.")


@strawberry.input(description="A team to add.")
class TeamCreateInput:
    """What `accounts.team_create` takes."""

    name: str = strawberry.field(description="Up to 200 characters; no two teams of a workspace share one.")
    parent_id: UUID | None = optional_key("The team above; only admins add a team without one.", "Team")
    idempotency_key: str | None = idempotency_key()


@strawberry.input(description="Everybody who is to be in a team.")
class TeamMembersSetInput:
    """What `accounts.team_members_set` takes."""

    team_id: UUID = key("Which team.", "Team")
    members: list[UUID] = keys("Everybody who is to be in it; whoever is not named leaves.", "User")
    leads: list[UUID] = keys("Who is to lead it; they are members without being named twice.", "User")
    expected_version: int | None = expected_version()


@strawberry.type(description="What became of `teamCreate`.")
class TeamCreatePayload(Payload):
    """What `teamCreate` answers."""

    team: UUID | None = changed("The team; null when it was refused.", Team)


@strawberry.type(description="What became of `teamMembersSet`.")
class TeamMembersSetPayload(Payload):
    """What `teamMembersSet` answers."""

    team: UUID | None = changed("The team as it is now.", Team)


@strawberry.type
class TeamQueries:
    """Who belongs together."""

    team: "Team | None" = item("One team.")
    teams: "Connection[Team]" = listing("The teams of the workspace.")


@strawberry.type
class TeamMutations:
    """Making teams."""

    @mutation
    async def team_create(self, info: Info, input: TeamCreateInput) -> TeamCreatePayload:
        """Add a team; a supervisor adds it below a team in their reach, an admin anywhere."""
        by, parent = info.context.by, input.parent_id
        team = await accounts.team_create(name=input.name, parent_id=parent, by=by, once=once(input))
        return TeamCreatePayload(team=team)

    @mutation
    async def team_members_set(self, info: Info, input: TeamMembersSetInput) -> TeamMembersSetPayload:
        """Make exactly these people a team; supervisors in whose reach it is and admins do."""
        by, version = info.context.by, input.expected_version
        await accounts.team_members_set(input.team_id, members=input.members, leads=input.leads, by=by, version=version)
        return TeamMembersSetPayload(team=input.team_id)
