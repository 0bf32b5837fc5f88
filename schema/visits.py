"""Visits of reps to customers' locations."""

from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

import strawberry

import models
from domain import visit_rules
from domain.relations import in_reach
from schema.actions import ViewerAction, as_json
from schema.compiler.fields import Connection, Node, column, computed, item, listing, node, one, page
from schema.enums import enum

if TYPE_CHECKING:
    from schema.accounts import Team, User
    from schema.customers import Customer, Location
    from schema.history import Event
    from schema.tasks import Task

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


@node(models.Visit, prefix="visit", searchable=True)
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


@strawberry.type
class VisitQueries:
    """Who goes where."""

    visit: "Visit | None" = item("One visit.")
    visits: "Connection[Visit]" = listing("Visits that you see.")
