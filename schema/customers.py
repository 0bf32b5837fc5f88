"""Customers, their contacts and the locations where they are met."""

from datetime import datetime
from typing import TYPE_CHECKING

import strawberry

import models
from schema.compiler.fields import Connection, Node, column, item, listing, node, one, page
from schema.enums import enum

if TYPE_CHECKING:
    from schema.accounts import User
    from schema.billing import Billable
    from schema.history import Event
    from schema.tasks import Task
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

LINKED = "exists (select from task_links l where l.task_id = {t}.id and l.{column} = {parent}.id)"


@node(models.Customer, prefix="cust", searchable=True)
class Customer(Node):
    """An individual or an organization that the workspace works for."""

    name: str = column("Up to 200 characters.")
    kind: models.CustomerKind = column("A person or a company.")
    reference: str | None = column("The customer's number in another system; unique in the workspace.")
    organization: "Customer | None" = one("The company that an individual is a contact of.")
    contacts: "Connection[Customer]" = page("The individuals who are contacts of the organization.", by="organization")
    title: str | None = column("An individual's job title.")
    email: str | None = column("E-mail address.")
    phone: str | None = column("Telephone number as people write it.")
    sales_rep: "User | None" = one("Who usually looks after the customer.")
    locations: "Connection[Location]" = page("Where the customer is met.", by="customer")
    visits: "Connection[Visit]" = page("Visits to the customer's locations.", by="customer")
    tasks: "Connection[Task]" = page(
        "Tasks that are linked to the customer.", where=LINKED.replace("{column}", "customer_id")
    )
    billables: "Connection[Billable]" = page("Work to be invoiced to the customer.", by="customer")
    payment_terms_days: int = column("Days to pay, counted from the basis date.")
    basis_date: models.BasisDate = column("From which date payment terms count.")
    billing_status: models.BillingStatus = column("Whether work may be billed.")
    currency: str | None = column("ISO 4217 code; null for the workspace's.")
    billing_increment_minutes: int = column("Billed time is rounded to a multiple of this.")
    billing_rounding: models.Rounding = column("Which way billed time is rounded.")
    history: "Connection[Event]" = page("What happened to the customer's record.", by="subject")
    version: int = column("Counts changes; give it as expectedVersion.")
    created_at: datetime = column("When the customer was added.")
    updated_at: datetime = column("When the customer was last changed.")


@node(models.Location, prefix="loc", searchable=True)
class Location(Node):
    """A place where a customer is met."""

    name: str = column("Up to 200 characters.")
    customer: "Customer | None" = one("Whose location it is.")
    street: str | None = column("Street and number.")
    postal_code: str | None = column("Postal code.")
    city: str | None = column("City.")
    region: str | None = column("State, province or county.")
    country: str | None = column("Country.")
    phone: str | None = column("Telephone number as people write it.")
    time_zone: str = column("IANA time zone, such as Europe/Berlin.")
    visits: "Connection[Visit]" = page("Visits to the location.", by="location")
    tasks: "Connection[Task]" = page(
        "Tasks that are linked to the location.", where=LINKED.replace("{column}", "location_id")
    )
    history: "Connection[Event]" = page("What happened to the location's record.", by="subject")
    version: int = column("Counts changes; give it as expectedVersion.")
    created_at: datetime = column("When the location was added.")
    updated_at: datetime = column("When the location was last changed.")


@strawberry.type
class CustomerQueries:
    """Whom we work for."""

    customer: "Customer | None" = item("One customer.")
    customers: "Connection[Customer]" = listing("The workspace's customers.")
    location: "Location | None" = item("One location.")
    locations: "Connection[Location]" = listing("The locations of all customers.")
