"""The records to which people add notes and attachments."""

from typing import Any
from uuid import UUID

from tortoise.models import Model

from models.rows import belongs

ONE_SUBJECT = "num_nonnulls(task_id, customer_id, visit_id, ticket_id, opportunity_id) = 1"


class About(Model):
    """Belongs to exactly one record; a further kind of record is one more key here, and in the check above."""

    task: Any = belongs("Task", null=True)
    customer: Any = belongs("Customer", null=True)
    visit: Any = belongs("Visit", null=True)
    ticket: Any = belongs("Ticket", null=True)
    opportunity: Any = belongs("Opportunity", null=True)

    task_id: UUID | None
    customer_id: UUID | None
    visit_id: UUID | None
    ticket_id: UUID | None
    opportunity_id: UUID | None

    class Meta:
        abstract = True
