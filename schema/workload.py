"""What the people of a team have to do, and what would even it out."""

from datetime import date, timedelta
from typing import Annotated
from uuid import UUID

import strawberry

from domain import workload
from domain.errors import DomainError, NotFound
from schema.accounts import User
from schema.compiler.errors import CompileError
from schema.compiler.fields import changed
from schema.compiler.values import decode_id
from schema.context import Info
from schema.tasks import Task

TeamId = Annotated[strawberry.ID, strawberry.argument(description="Which team.")]
From = Annotated[date, strawberry.argument(name="from", description="The first day.")]
To = Annotated[date, strawberry.argument(description="The last day; at most 366 days in all.")]


@strawberry.type(description="What one person has to do in a period, in whatever team, and how long they are there.")
class PersonWorkload:
    """A row of `workload`."""

    user: UUID | None = changed("Who.", User)
    open: int = strawberry.field(description="How many tasks they hold that are PENDING or IN_PROGRESS.")
    load: int = strawberry.field(description="What these weigh.")
    capacity: int | None = strawberry.field(description="What they may weigh at most; null for no limit.")
    due: int = strawberry.field(description="How many of them are due in the period.")
    overdue: int = strawberry.field(description="How many of them should be done already, as of today.")
    estimated: timedelta = strawberry.field(
        description="How long those should take that are due by the end of the period, overdue ones included."
    )
    available: timedelta = strawberry.field(
        description="How long the person works in the period: their weekly time, spread from Monday to Friday, without "
        "absences."
    )


@strawberry.type(description="A task that could go from one person to another.")
class SuggestedMove:
    """A row of `suggestRebalance`."""

    task: UUID | None = changed("Which task; nobody has begun it.", Task)
    sender: UUID | None = changed("Who holds it.", User)
    receiver: UUID | None = changed("Who could hold it.", User)
    reason: str = strawberry.field(description="Why, in plain words.")


async def _workload(info: Info, team_id: TeamId, start: From, to: To) -> list[PersonWorkload] | None:
    try:
        found = await workload.of_team(decode_id("team", team_id), start, to, by=info.context.by)
    except NotFound:
        return None
    except DomainError as refusal:
        raise CompileError(refusal.message) from refusal
    return [_person(each) for each in found]


async def _suggest_rebalance(info: Info, team_id: TeamId) -> list[SuggestedMove] | None:
    try:
        found = await workload.rebalance(decode_id("team", team_id), by=info.context.by)
    except NotFound:
        return None
    return [
        SuggestedMove(task=each.task_id, sender=each.sender_id, receiver=each.receiver_id, reason=each.reason)
        for each in found
    ]


def _person(found: workload.Workload) -> PersonWorkload:
    estimated, available = (
        timedelta(minutes=minutes) for minutes in (found.estimated_minutes, found.available_minutes)
    )
    counts = {name: getattr(found, name) for name in ("open", "load", "capacity", "due", "overdue")}
    return PersonWorkload(user=found.user_id, estimated=estimated, available=available, **counts)


@strawberry.type
class WorkloadQueries:
    """Who has how much to do."""

    workload: list[PersonWorkload] | None = strawberry.field(
        resolver=_workload,
        description="What each member of a team has to do, for those who lead it; others are told of themselves. Null "
        "when you see no such team.",
    )
    suggest_rebalance: list[SuggestedMove] | None = strawberry.field(
        resolver=_suggest_rebalance,
        description="Up to 20 moves that would even out what the members of a team carry who do not lead it, for those "
        "who do: tasks that nobody has begun, least urgent first. Nothing is moved: `taskBulkAssign` does that. Null "
        "when you see no such team.",
    )
