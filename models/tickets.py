"""Tickets: what customers ask for or complain about."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from tortoise import fields
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint

from models.rows import Versioned, belongs
from models.tasks import Priority


class TicketStatus(StrEnum):
    """How far a ticket is; a closed one may be opened again."""

    OPEN = "OPEN"
    WAITING = "WAITING"
    RESOLVED = "RESOLVED"
    CLOSED = "CLOSED"


class Ticket(Versioned):
    """Something that a customer asks for or complains about."""

    number = fields.BigIntField()
    subject = fields.CharField(max_length=200)
    description: str | None = fields.TextField(null=True)
    status = fields.CharEnumField(TicketStatus, max_length=20, default=TicketStatus.OPEN, db_default="OPEN")
    priority = fields.IntEnumField(Priority, default=Priority.MEDIUM, db_default=2)
    customer = belongs("Customer")
    owner = belongs("User", null=True)
    creator = belongs("User")
    closed_at: datetime | None = fields.DatetimeField(null=True)

    customer_id: UUID
    owner_id: UUID | None
    creator_id: UUID

    class Meta:
        table = "tickets"
        constraints = (
            UniqueConstraint(fields=("workspace_id", "number"), name="tickets_number_once"),
            CheckConstraint(check="(closed_at is not null) = (status = 'CLOSED')", name="tickets_closed_at"),
            CheckConstraint(check="priority between 1 and 4", name="tickets_priority"),
        )
