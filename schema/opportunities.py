"""Opportunities: sales that may come about."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

import strawberry

import models
from domain import opportunities
from schema import entity_views, timeline
from schema.compiler.fields import Connection, Node, changed, column, embed, item, listing, node, one, page, sql
from schema.context import Info
from schema.customers import Customer
from schema.enums import enum
from schema.inputs import expected_version, given, idempotency_key, key, once, optional_key, part, patch_key
from schema.mutation import mutation
from schema.payload import Payload
from schema.scalars import Money, MoneyInput
from schema.subjects import attached, count

if TYPE_CHECKING:
    from schema.accounts import User
    from schema.attachments import Attachment
    from schema.history import Event
    from schema.notes import Note
    from schema.tasks import Task
    from schema.timeline import TimelineEntry

OpportunityStage = enum(
    models.OpportunityStage,
    QUALIFYING="Whether there is a need is being found out.",
    PROPOSED="An offer was made.",
    NEGOTIATING="Terms are being agreed.",
    WON="The customer buys.",
    LOST="The customer does not buy.",
)
CONTENT = ("subject", "description", "stage", "expected_close_on", "owner_id")


@node(models.Opportunity, prefix="opp", searchable=True, label="'OP-' || {t}.number || ' ' || {t}.subject")
class Opportunity(Node):
    """A sale that may come about."""

    key: str = sql("How people name it, such as OP-9.", "'OP-' || {t}.number")
    subject: str = column("What it is about, up to 200 characters.")
    stage: models.OpportunityStage = column("How near it is.")
    amount: Money | None = embed(
        "What it would bring.",
        when="{t}.amount is not null",
        amount="trim_scale({t}.amount)::text",
        currency="{t}.currency",
    )
    expected_close_on: date | None = column("The day on which it should be won or lost.")
    customer: "Customer | None" = one("Who would buy.")
    owner: "User | None" = one("Who sees to it.")
    description: str | None = column("What it is about, at length.", sortable=False)
    tasks: "Connection[Task]" = entity_views.tasks("opportunity", customer="{parent}.customer_id")
    notes: "Connection[Note]" = page("What people wrote on it.", by="opportunity")
    attachments: "Connection[Attachment]" = page("Files on it.", where=attached("opportunity"))
    attachment_count: int = sql("How many files are on it.", count("opportunity"))
    timeline: "Connection[TimelineEntry]" = timeline.OPPORTUNITY
    history: "Connection[Event]" = page("Everything that happened to it.", by="subject")
    creator: "User | None" = one("Who added it.")
    closed_at: datetime | None = column("When it was won or lost.")
    version: int = column("Counts changes; give it as expectedVersion.")
    created_at: datetime = column("When it was added.")
    updated_at: datetime = column("When it was last changed.")


@strawberry.input(description="A sale that may come about.")
class OpportunityCreateInput:
    """What `opportunities.create` takes."""

    customer_id: UUID = key("Who would buy.", "Customer")
    subject: str = strawberry.field(description="What it is about, up to 200 characters.")
    description: str | None = part("What it is about, at length, up to 20000 characters.")
    stage: models.OpportunityStage = strawberry.field(
        description="How near it is.", default=models.OpportunityStage.QUALIFYING
    )
    amount: MoneyInput | None = part("What it would bring; not less than nothing.")
    expected_close_on: date | None = part("The day on which it should be won or lost.")
    owner_id: UUID | None = optional_key("Who sees to it.", "User")
    idempotency_key: str | None = idempotency_key()


@strawberry.input(
    description="What is to change about an opportunity; what is left out stays, and null clears what may be empty."
)
class OpportunityUpdateInput:
    """What `opportunities.update` takes."""

    opportunity_id: UUID = key("Which opportunity.", "Opportunity")
    subject: strawberry.Maybe[str | None] = part("What it is about, up to 200 characters.")
    description: strawberry.Maybe[str | None] = part("What it is about, at length, up to 20000 characters.")
    stage: strawberry.Maybe[models.OpportunityStage | None] = part("How near it is; one that ended is reopened so.")
    amount: strawberry.Maybe[MoneyInput | None] = part("What it would bring; not less than nothing.")
    expected_close_on: strawberry.Maybe[date | None] = part("The day on which it should be won or lost.")
    owner_id: strawberry.Maybe[UUID | None] = patch_key("Who sees to it.", "User")
    expected_version: int | None = expected_version()


@strawberry.type(description="What became of `opportunityCreate`.")
class OpportunityCreatePayload(Payload):
    """What `opportunityCreate` answers."""

    opportunity: UUID | None = changed("The opportunity; null when it was refused.", Opportunity)
    customer: UUID | None = changed("The customer as it is now.", Customer)


@strawberry.type(description="What became of `opportunityUpdate`.")
class OpportunityUpdatePayload(Payload):
    """What `opportunityUpdate` answers."""

    opportunity: UUID | None = changed("The opportunity as it is now.", Opportunity)


@strawberry.type
class OpportunityQueries:
    """What may be sold."""

    opportunity: "Opportunity | None" = item("One opportunity.")
    opportunities: "Connection[Opportunity]" = listing("The opportunities with all customers.")


@strawberry.type
class OpportunityMutations:
    """Keeping opportunities."""

    @mutation
    async def opportunity_create(self, info: Info, input: OpportunityCreateInput) -> OpportunityCreatePayload:
        """Add a sale that may come about with a customer."""
        by, values = info.context.by, _values(input)
        opportunity = await opportunities.create(input.customer_id, **values, by=by, once=once(input))
        return OpportunityCreatePayload(opportunity=opportunity, customer=input.customer_id)

    @mutation
    async def opportunity_update(self, info: Info, input: OpportunityUpdateInput) -> OpportunityUpdatePayload:
        """Change what is known of a sale, or how near it is."""
        by, version = info.context.by, input.expected_version
        await opportunities.update(input.opportunity_id, _values(input), by=by, version=version)
        return OpportunityUpdatePayload(opportunity=input.opportunity_id)


def _values(input: OpportunityCreateInput | OpportunityUpdateInput) -> Any:
    """Take what was given; an amount is stored as two columns."""
    values = given(input, (*CONTENT, "amount"))
    if "amount" in values:
        money = values.pop("amount")
        values |= {"amount": money and money.amount, "currency": money and money.currency}
    return values
