"""Customers and their contacts."""

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

import strawberry

import models
from domain import customers
from schema import entity_views, timeline
from schema.compiler.fields import Connection, Node, changed, column, item, listing, node, one, page, sql
from schema.context import Info
from schema.enums import enum
from schema.inputs import expected_version, given, idempotency_key, key, once, optional_key, part, patch_key
from schema.mutation import mutation
from schema.payload import Payload
from schema.scalars import EmailAddress
from schema.subjects import attached, count

if TYPE_CHECKING:
    from schema.accounts import User
    from schema.attachments import Attachment
    from schema.billing import Billable
    from schema.history import Event
    from schema.locations import Location
    from schema.notes import Note
    from schema.opportunities import Opportunity
    from schema.tasks import Task
    from schema.tickets import Ticket
    from schema.timeline import TimelineEntry
    from schema.visits import Visit

CustomerKind = enum(models.CustomerKind, INDIVIDUAL="A person.", ORGANIZATION="A company; it may have contacts.")
Rounding = enum(models.Rounding, UP="Up.", NEAREST="To the nearest; half goes up.", DOWN="Down.")
BasisDate = enum(
    models.BasisDate,
    ORDER="The order's.",
    INVOICE="The invoice's.",
    SHIPMENT="The shipment's.",
    DELIVERY="The delivery's.",
)
BillingStatus = enum(models.BillingStatus, ACTIVE="Work may be billed.", ON_HOLD="Nothing may be billed for now.")

CONTENT = (
    "name",
    "reference",
    "organization_id",
    "title",
    "email",
    "phone",
    "sales_rep_id",
    "payment_terms_days",
    "basis_date",
    "billing_status",
    "currency",
    "billing_increment_minutes",
    "billing_rounding",
)


@node(models.Customer, prefix="cust", searchable=True, label="{t}.name")
class Customer(Node):
    """An individual or an organization that the workspace works for."""

    name: str = column("Up to 200 characters.")
    kind: models.CustomerKind = column("A person or a company.")
    reference: str | None = column("The customer's number in another system; unique in the workspace.")
    organization: "Customer | None" = one("The company that an individual is a contact of.")
    contacts: "Connection[Customer]" = page("The individuals who are contacts of the organization.", by="organization")
    title: str | None = column("An individual's job title.")
    email: EmailAddress | None = column("E-mail address.")
    phone: str | None = column("Telephone number as people write it.")
    sales_rep: "User | None" = one("Who usually looks after the customer.")
    locations: "Connection[Location]" = page("Where the customer is met.", by="customer")
    visits: "Connection[Visit]" = page("Visits to the customer's locations.", by="customer")
    tasks: "Connection[Task]" = entity_views.tasks("customer", customer="{parent}.id")
    tickets: "Connection[Ticket]" = page("What the customer asks for or complains about.", by="customer")
    opportunities: "Connection[Opportunity]" = page("What may be sold to the customer.", by="customer")
    notes: "Connection[Note]" = page("What people wrote on the customer.", by="customer")
    attachments: "Connection[Attachment]" = page("Files on it.", where=attached("customer"))
    attachment_count: int = sql("How many files are on it.", count("customer"))
    billables: "Connection[Billable]" = page("Work to be invoiced to the customer.", by="customer")
    payment_terms_days: int = column("Days to pay, counted from the basis date.")
    basis_date: models.BasisDate = column("From which date payment terms count.")
    billing_status: models.BillingStatus = column("Whether work may be billed.")
    currency: str | None = column("ISO 4217 code; null for the workspace's.")
    billing_increment_minutes: int = column("Billed time is rounded to a multiple of this.")
    billing_rounding: models.Rounding = column("Which way billed time is rounded.")
    timeline: "Connection[TimelineEntry]" = timeline.CUSTOMER
    history: "Connection[Event]" = page("What happened to the customer's record.", by="subject")
    version: int = column("Counts changes; give it as expectedVersion.")
    created_at: datetime = column("When the customer was added.")
    updated_at: datetime = column("When the customer was last changed.")


@strawberry.input(description="A customer to add.")
class CustomerCreateInput:
    """What `customers.create` takes."""

    kind: models.CustomerKind = strawberry.field(description="A person or a company; it stays.")
    name: str = strawberry.field(description="Up to 200 characters.")
    reference: str | None = part("The customer's number in another system, up to 100 characters; nobody shares it.")
    organization_id: UUID | None = optional_key("The company that an individual is a contact of.", "Customer")
    title: str | None = part("An individual's job title, up to 200 characters.")
    email: EmailAddress | None = part("E-mail address.")
    phone: str | None = part("Telephone number as people write it, up to 40 characters.")
    sales_rep_id: UUID | None = optional_key("Who usually looks after the customer.", "User")
    payment_terms_days: int = strawberry.field(description="Days to pay, from 0 to 3650.", default=30)
    basis_date: models.BasisDate = strawberry.field(
        description="From which date payment terms count.", default=models.BasisDate.INVOICE
    )
    billing_status: models.BillingStatus = strawberry.field(
        description="Whether work may be billed.", default=models.BillingStatus.ACTIVE
    )
    currency: str | None = part("ISO 4217 code; null for the workspace's.")
    billing_increment_minutes: int = strawberry.field(
        description="Billed time is rounded to a multiple of this, from 1 to 1440.", default=1
    )
    billing_rounding: models.Rounding = strawberry.field(
        description="Which way billed time is rounded.", default=models.Rounding.UP
    )
    idempotency_key: str | None = idempotency_key()


@strawberry.input(
    description="What is to change about a customer; what is left out stays, and null clears what may be empty."
)
class CustomerUpdateInput:
    """What `customers.update` takes."""

    customer_id: UUID = key("Which customer.", "Customer")
    name: strawberry.Maybe[str | None] = part("Up to 200 characters.")
    reference: strawberry.Maybe[str | None] = part(
        "The customer's number in another system, up to 100 characters; nobody shares it."
    )
    organization_id: strawberry.Maybe[UUID | None] = patch_key(
        "The company that an individual is a contact of.", "Customer"
    )
    title: strawberry.Maybe[str | None] = part("An individual's job title, up to 200 characters.")
    email: strawberry.Maybe[EmailAddress | None] = part("E-mail address.")
    phone: strawberry.Maybe[str | None] = part("Telephone number as people write it, up to 40 characters.")
    sales_rep_id: strawberry.Maybe[UUID | None] = patch_key("Who usually looks after the customer.", "User")
    payment_terms_days: strawberry.Maybe[int | None] = part("Days to pay, from 0 to 3650.")
    basis_date: strawberry.Maybe[models.BasisDate | None] = part("From which date payment terms count.")
    billing_status: strawberry.Maybe[models.BillingStatus | None] = part("Whether work may be billed.")
    currency: strawberry.Maybe[str | None] = part("ISO 4217 code; null for the workspace's.")
    billing_increment_minutes: strawberry.Maybe[int | None] = part(
        "Billed time is rounded to a multiple of this, from 1 to 1440."
    )
    billing_rounding: strawberry.Maybe[models.Rounding | None] = part("Which way billed time is rounded.")
    expected_version: int | None = expected_version()


@strawberry.type(description="What became of `customerCreate`.")
class CustomerCreatePayload(Payload):
    """What `customerCreate` answers."""

    customer: UUID | None = changed("The customer; null when it was refused.", Customer)


@strawberry.type(description="What became of `customerUpdate`.")
class CustomerUpdatePayload(Payload):
    """What `customerUpdate` answers."""

    customer: UUID | None = changed("The customer as it is now.", Customer)


@strawberry.type
class CustomerQueries:
    """Whom we work for."""

    customer: "Customer | None" = item("One customer.")
    customers: "Connection[Customer]" = listing("The workspace's customers.")


@strawberry.type
class CustomerMutations:
    """Keeping customers."""

    @mutation
    async def customer_create(self, info: Info, input: CustomerCreateInput) -> CustomerCreatePayload:
        """Add an individual or an organization; an individual may be a contact of an organization."""
        values = given(input, ("kind", *CONTENT))
        customer = await customers.create(**values, by=info.context.by, once=once(input))
        return CustomerCreatePayload(customer=customer)

    @mutation
    async def customer_update(self, info: Info, input: CustomerUpdateInput) -> CustomerUpdatePayload:
        """Change what is known of a customer; its kind stays."""
        by, version = info.context.by, input.expected_version
        await customers.update(input.customer_id, given(input, CONTENT), by=by, version=version)
        return CustomerUpdatePayload(customer=input.customer_id)
