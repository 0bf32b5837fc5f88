"""What a task is about: its links to other records."""

from enum import StrEnum
from uuid import UUID

from tortoise import fields
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint

from models.rows import Row, belongs


class LinkKind(StrEnum):
    """What kind of record a link points to."""

    INDIVIDUAL = "INDIVIDUAL"
    ORGANIZATION = "ORGANIZATION"
    LOCATION = "LOCATION"
    VISIT = "VISIT"
    TICKET = "TICKET"
    OPPORTUNITY = "OPPORTUNITY"


class TaskLink(Row):
    """Connects a task to one record of the same workspace."""

    task = belongs("Task")
    kind = fields.CharEnumField(LinkKind, max_length=20)
    customer = belongs("Customer", null=True)
    location = belongs("Location", null=True)
    visit = belongs("Visit", null=True)
    ticket = belongs("Ticket", null=True)
    opportunity = belongs("Opportunity", null=True)
    is_primary = fields.BooleanField(default=False, db_default=False)

    task_id: UUID

    class Meta:
        table = "task_links"
        constraints = (
            UniqueConstraint(fields=("task_id", "customer_id"), name="task_links_customer_once"),
            UniqueConstraint(fields=("task_id", "location_id"), name="task_links_location_once"),
            UniqueConstraint(fields=("task_id", "visit_id"), name="task_links_visit_once"),
            UniqueConstraint(fields=("task_id", "ticket_id"), name="task_links_ticket_once"),
            UniqueConstraint(fields=("task_id", "opportunity_id"), name="task_links_opportunity_once"),
            UniqueConstraint(fields=("task_id",), name="task_links_one_primary", condition="is_primary"),
            CheckConstraint(
                check="num_nonnulls(customer_id, location_id, visit_id, ticket_id, opportunity_id) = 1"
                " and (customer_id is not null) = (kind in ('INDIVIDUAL', 'ORGANIZATION'))"
                " and (location_id is not null) = (kind = 'LOCATION')"
                " and (visit_id is not null) = (kind = 'VISIT')"
                " and (ticket_id is not null) = (kind = 'TICKET')"
                " and (opportunity_id is not null) = (kind = 'OPPORTUNITY')",
                name="task_links_one_target",
            ),
        )
