"""Tickets: what customers ask for or complain about."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, TypedDict, Unpack
from uuid import UUID

from domain import numbering
from domain.columns import faults
from domain.errors import refuse
from domain.once import Once
from domain.policy import allow
from domain.principal import Principal
from domain.work import Work
from models.accounts import User
from models.customers import Customer
from models.tasks import Priority
from models.tickets import Ticket, TicketStatus


class Content(TypedDict, total=False):
    """What a ticket says; what is absent has its default, or stays as it is."""

    subject: str
    description: str | None
    status: TicketStatus
    priority: Priority
    owner_id: UUID | None


async def create(customer_id: UUID, *, by: Principal, once: Once | None = None, **content: Unpack[Content]) -> UUID:
    """Open a ticket for a customer."""
    allow(by, "ticket_create")
    values: dict[str, Any] = {"subject": None, **content}
    refuse(faults(Ticket, values))
    async with Work(by, once=once) as work:
        if work.answer:
            return work.answer
        await work.see(Customer, customer_id, path=("customerId",))
        await _refer(work, values)
        values["number"] = await numbering.following(work, "last_ticket_number")
        values |= {"customer_id": customer_id, "creator_id": by.id, **_dates(work, values)}
        return await work.answers((await work.create(Ticket, **values)).id)


async def update(ticket_id: UUID, patch: Content, *, by: Principal, version: int | None = None) -> None:
    """Change what a ticket says, or how far it is."""
    async with Work(by) as work:
        ticket = await work.load(Ticket, ticket_id, to="ticket_update", version=version, path=("ticketId",))
        refuse(faults(Ticket, patch))
        await _refer(work, patch)
        await work.change(ticket, "updated", **patch, **_dates(work, patch, ticket.closed_at))


async def _refer(work: Work, values: Mapping[str, Any]) -> None:
    if owner := values.get("owner_id"):
        await work.see(User, owner, path=("ownerId",))


def _dates(work: Work, values: Mapping[str, Any], closed_at: datetime | None = None) -> dict[str, Any]:
    """Since when a ticket of this status is closed."""
    if "status" not in values:
        return {}
    return {"closed_at": (closed_at or work.now) if values["status"] is TicketStatus.CLOSED else None}
