"""Tickets: what customers ask for or complain about."""

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

import strawberry

import models
from domain import tickets
from schema import entity_views, timeline
from schema.compiler.fields import Connection, Node, changed, column, item, listing, node, one, page, sql
from schema.context import Info
from schema.customers import Customer
from schema.enums import enum
from schema.inputs import expected_version, given, idempotency_key, key, once, optional_key, part, patch_key
from schema.mutation import mutation
from schema.payload import Payload
from schema.subjects import attached, count

if TYPE_CHECKING:
    from schema.accounts import User
    from schema.attachments import Attachment
    from schema.history import Event
    from schema.notes import Note
    from schema.tasks import Task
    from schema.timeline import TimelineEntry

TicketStatus = enum(
    models.TicketStatus,
    OPEN="Somebody is to see to it.",
    WAITING="It waits for the customer.",
    RESOLVED="It was seen to; the customer may come back.",
    CLOSED="Done with.",
)
CONTENT = ("subject", "description", "status", "priority", "owner_id")


@node(models.Ticket, prefix="ticket", searchable=True, label="'TK-' || {t}.number || ' ' || {t}.subject")
class Ticket(Node):
    """Something that a customer asks for or complains about."""

    key: str = sql("How people name it, such as TK-17.", "'TK-' || {t}.number")
    subject: str = column("What it is about, up to 200 characters.")
    status: models.TicketStatus = column("How far it is.")
    priority: models.Priority = column("How soon it matters.")
    customer: "Customer | None" = one("Whose ticket it is.")
    owner: "User | None" = one("Who sees to it.")
    description: str | None = column("What it is about, at length.", sortable=False)
    tasks: "Connection[Task]" = entity_views.tasks("ticket", customer="{parent}.customer_id")
    notes: "Connection[Note]" = page("What people wrote on it.", by="ticket")
    attachments: "Connection[Attachment]" = page("Files on it.", where=attached("ticket"))
    attachment_count: int = sql("How many files are on it.", count("ticket"))
    timeline: "Connection[TimelineEntry]" = timeline.TICKET
    history: "Connection[Event]" = page("Everything that happened to it.", by="subject")
    creator: "User | None" = one("Who wrote it down.")
    closed_at: datetime | None = column("When it was closed.")
    version: int = column("Counts changes; give it as expectedVersion.")
    created_at: datetime = column("When it was written down.")
    updated_at: datetime = column("When it was last changed.")


@strawberry.input(description="A ticket to write down.")
class TicketCreateInput:
    """What `tickets.create` takes."""

    customer_id: UUID = key("Whose ticket it is.", "Customer")
    subject: str = strawberry.field(description="What it is about, up to 200 characters.")
    description: str | None = part("What it is about, at length, up to 20000 characters.")
    status: models.TicketStatus = strawberry.field(description="How far it is.", default=models.TicketStatus.OPEN)
    priority: models.Priority = strawberry.field(description="How soon it matters.", default=models.Priority.MEDIUM)
    owner_id: UUID | None = optional_key("Who sees to it.", "User")
    idempotency_key: str | None = idempotency_key()


@strawberry.input(
    description="What is to change about a ticket; what is left out stays, and null clears what may be empty."
)
class TicketUpdateInput:
    """What `tickets.update` takes."""

    ticket_id: UUID = key("Which ticket.", "Ticket")
    subject: strawberry.Maybe[str | None] = part("What it is about, up to 200 characters.")
    description: strawberry.Maybe[str | None] = part("What it is about, at length, up to 20000 characters.")
    status: strawberry.Maybe[models.TicketStatus | None] = part("How far it is; a closed one is opened again so.")
    priority: strawberry.Maybe[models.Priority | None] = part("How soon it matters.")
    owner_id: strawberry.Maybe[UUID | None] = patch_key("Who sees to it.", "User")
    expected_version: int | None = expected_version()


@strawberry.type(description="What became of `ticketCreate`.")
class TicketCreatePayload(Payload):
    """What `ticketCreate` answers."""

    ticket: UUID | None = changed("The ticket; null when it was refused.", Ticket)
    customer: UUID | None = changed("The customer as it is now.", Customer)


@strawberry.type(description="What became of `ticketUpdate`.")
class TicketUpdatePayload(Payload):
    """What `ticketUpdate` answers."""

    ticket: UUID | None = changed("The ticket as it is now.", Ticket)


@strawberry.type
class TicketQueries:
    """What customers ask for."""

    ticket: "Ticket | None" = item("One ticket.")
    tickets: "Connection[Ticket]" = listing("The tickets of all customers.")


@strawberry.type
class TicketMutations:
    """Keeping tickets."""

    @mutation
    async def ticket_create(self, info: Info, input: TicketCreateInput) -> TicketCreatePayload:
        """Write down what a customer asks for or complains about."""
        values = given(input, CONTENT)
        ticket = await tickets.create(input.customer_id, **values, by=info.context.by, once=once(input))
        return TicketCreatePayload(ticket=ticket, customer=input.customer_id)

    @mutation
    async def ticket_update(self, info: Info, input: TicketUpdateInput) -> TicketUpdatePayload:
        """Change what a ticket says, or how far it is."""
        by, version = info.context.by, input.expected_version
        await tickets.update(input.ticket_id, given(input, CONTENT), by=by, version=version)
        return TicketUpdatePayload(ticket=input.ticket_id)
