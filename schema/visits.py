"""Visits of reps to customers' locations."""

from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

import strawberry

import models
from domain import visit_rules, visits
from domain.relations import in_reach
from schema.actions import ViewerAction, as_json
from schema.compiler.fields import Connection, Node, changed, column, computed, item, listing, node, one, page, sql
from schema.context import Info
from schema.enums import enum
from schema.inputs import expected_version, given, idempotency_key, key, once, optional_key, part
from schema.mutation import mutation
from schema.payload import Payload
from schema.subjects import attached, count

if TYPE_CHECKING:
    from schema.accounts import User
    from schema.attachments import Attachment
    from schema.customers import Customer
    from schema.history import Event
    from schema.locations import Location
    from schema.notes import Note
    from schema.recurrence import Series
    from schema.tasks import Task
    from schema.teams import Team

VisitStatus = enum(
    models.VisitStatus,
    PLANNED="To come.",
    IN_PROGRESS="The rep has checked in.",
    COMPLETED="The rep has checked out. Final.",
    CANCELLED="Called off. Final.",
    MISSED="Nobody came. Final.",
)
PEOPLE = ("creator_id", "assignee_id", "team_id")


def viewer_actions(facts: dict[str, Any], viewer: Any) -> list[dict[str, Any]]:
    """Say what the viewer may do with a visit."""
    people = {name: facts[name] and UUID(facts[name]) for name in PEOPLE}
    known = visit_rules.VisitFacts(
        status=models.VisitStatus(facts["status"]),
        creator_id=people["creator_id"],
        assignee_id=people["assignee_id"],
        in_reach=in_reach(viewer.by, **people),
    )
    return as_json(visit_rules.actions(known, viewer.by))


@node(
    models.Visit, prefix="visit", searchable=True, label="(select x.name from locations x where x.id = {t}.location_id)"
)
class Visit(Node):
    """Takes a rep to a customer's location."""

    status: models.VisitStatus = column("Where it is in its life.")
    customer: "Customer | None" = one("Who is visited.")
    location: "Location | None" = one("Where.")
    planned_start: datetime = column("When it should begin.")
    planned_end: datetime = column("When it should end.")
    assignee: "User | None" = one("Who makes the visit.")
    team: "Team | None" = one("The team whose visit it is.")
    creator: "User | None" = one("Who planned it.")
    purpose: str | None = column("What it is for.", sortable=False)
    outcome: str | None = column("What came of it.", sortable=False)
    tasks: "Connection[Task]" = page("What is to be done on it.", by="visit")
    follow_ups: "Connection[Task]" = page("What follows it.", by="follow_up_visit")
    series: "Series | None" = one("The series that it is an occurrence of.")
    occurrence: str | None = column("Which occurrence of its series: its original local start.", sortable=False)
    notes: "Connection[Note]" = page("What people wrote on it.", by="visit")
    attachments: "Connection[Attachment]" = page("Files on it.", where=attached("visit"))
    attachment_count: int = sql("How many files are on it.", count("visit"))
    checked_in_at: datetime | None = column("When the rep arrived.")
    checked_out_at: datetime | None = column("When the rep left.")
    history: "Connection[Event]" = page("Everything that happened to it.", by="subject")
    viewer_actions: list[ViewerAction] = computed(
        "What you may do with it now, by the same rules as the mutations.",
        viewer_actions,
        status="{t}.status",
        **{name: f"{{t}}.{name}" for name in PEOPLE},
    )
    version: int = column("Counts changes; give it as expectedVersion.")
    created_at: datetime = column("When it was planned.")
    updated_at: datetime = column("When it was last changed.")


@strawberry.input(description="A visit to plan.")
class VisitCreateInput:
    """What `visits.create` takes."""

    location_id: UUID = key("Where; the customer is the location's.", "Location")
    planned_start: datetime = strawberry.field(description="When it should begin.")
    planned_end: datetime = strawberry.field(description="When it should end; after its beginning.")
    assignee_id: UUID | None = optional_key("Who makes the visit: you, unless given; somebody in your reach.", "User")
    team_id: UUID | None = optional_key("The team whose visit it is; without one, everybody sees it.", "Team")
    purpose: str | None = part("What it is for, up to 20000 characters.")
    idempotency_key: str | None = idempotency_key()


@strawberry.input(description="A visit that begins.")
class VisitCheckInInput:
    """What `visits.check_in` takes."""

    visit_id: UUID = key("Which visit.", "Visit")
    expected_version: int | None = expected_version()


@strawberry.input(description="A visit that ends.")
class VisitCheckOutInput:
    """What `visits.check_out` takes."""

    visit_id: UUID = key("Which visit.", "Visit")
    outcome: str | None = part("What came of it, up to 20000 characters.")
    expected_version: int | None = expected_version()


@strawberry.input(description="A visit to call off.")
class VisitCancelInput:
    """What `visits.cancel` takes."""

    visit_id: UUID = key("Which visit.", "Visit")
    reason: str | None = part("Why, up to 20000 characters; its history tells.")
    expected_version: int | None = expected_version()


@strawberry.type(description="What became of `visitCreate`.")
class VisitCreatePayload(Payload):
    """What `visitCreate` answers."""

    visit: UUID | None = changed("The visit; null when it was refused.", Visit)


@strawberry.type(description="What became of `visitCheckIn`.")
class VisitCheckInPayload(Payload):
    """What `visitCheckIn` answers."""

    visit: UUID | None = changed("The visit as it is now.", Visit)


@strawberry.type(description="What became of `visitCheckOut`.")
class VisitCheckOutPayload(Payload):
    """What `visitCheckOut` answers."""

    visit: UUID | None = changed("The visit as it is now.", Visit)


@strawberry.type(description="What became of `visitCancel`.")
class VisitCancelPayload(Payload):
    """What `visitCancel` answers."""

    visit: UUID | None = changed("The visit as it is now.", Visit)


@strawberry.type
class VisitQueries:
    """Who goes where."""

    visit: "Visit | None" = item("One visit.")
    visits: "Connection[Visit]" = listing("Visits that you see.")


@strawberry.type
class VisitMutations:
    """Planning visits and making them."""

    @mutation
    async def visit_create(self, info: Info, input: VisitCreateInput) -> VisitCreatePayload:
        """Plan a visit to a customer's location, for yourself or for somebody in your reach."""
        plan = given(input, ("assignee_id", "team_id", "purpose", "planned_start", "planned_end"))
        visit = await visits.create(input.location_id, **plan, by=info.context.by, once=once(input))
        return VisitCreatePayload(visit=visit)

    @mutation
    async def visit_check_in(self, info: Info, input: VisitCheckInInput) -> VisitCheckInPayload:
        """Say that you have arrived; who makes the visit does."""
        await visits.check_in(input.visit_id, by=info.context.by, version=input.expected_version)
        return VisitCheckInPayload(visit=input.visit_id)

    @mutation
    async def visit_check_out(self, info: Info, input: VisitCheckOutInput) -> VisitCheckOutPayload:
        """Say that the visit is over, and what came of it."""
        by, version = info.context.by, input.expected_version
        await visits.check_out(input.visit_id, outcome=input.outcome, by=by, version=version)
        return VisitCheckOutPayload(visit=input.visit_id)

    @mutation
    async def visit_cancel(self, info: Info, input: VisitCancelInput) -> VisitCancelPayload:
        """Call off a visit that has not begun."""
        by, version = info.context.by, input.expected_version
        await visits.cancel(input.visit_id, reason=input.reason, by=by, version=version)
        return VisitCancelPayload(visit=input.visit_id)
