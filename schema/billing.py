"""Rates, requested conversions and billables."""

from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

import strawberry

import models
from schema.compiler.fields import Connection, Node, column, embed, item, listing, node, one, sql
from schema.enums import enum
from schema.scalars import Money

if TYPE_CHECKING:
    from schema.accounts import User
    from schema.customers import Customer, Location
    from schema.tasks import Task

RateScope = enum(
    models.RateScope,
    TASK="One task.",
    LOCATION="One location.",
    CUSTOMER="One customer.",
    PERSON="One person.",
    WORKSPACE="Everything else.",
)


@node(models.Rate, prefix="rate")
class Rate(Node):
    """The price of an hour; time is priced by the first that matches: task, location, customer, person, workspace."""

    scope: models.RateScope = column("Whose rate it is.")
    hourly: Money = embed("The price of an hour.", amount="trim_scale({t}.hourly)::text", currency="{t}.currency")
    task: "Task | None" = one("The task, for a task's rate.")
    location: "Location | None" = one("The location, for a location's rate.")
    customer: "Customer | None" = one("The customer, for a customer's rate.")
    user: "User | None" = one("The person, for a person's rate.")
    created_at: datetime = column("When it was set.")


@node(models.Conversion, prefix="conv")
class Conversion(Node):
    """A request to turn a task's billable time into billables; a worker does it."""

    task: "Task | None" = one("Which task.")
    creator: "User | None" = one("Who asked.")
    finished_at: datetime | None = column("When it was done.")
    failed_at: datetime | None = column("When the workers gave up.")
    error: str | None = column("What went wrong last.", sortable=False)
    attempts: int = column("How often it was tried.")
    created_at: datetime = column("When it was requested.")


@node(models.Billable, prefix="bill")
class Billable(Node):
    """Time of one person on one task, rounded and priced; rate and reason stay as they were."""

    task: "Task | None" = one("On which task.")
    user: "User | None" = one("Who worked.")
    customer: "Customer | None" = one("Who pays.")
    minutes: int = column("Minutes after rounding by the customer's rule.")
    quantity: Decimal = sql("The same in hours.", "trim_scale({t}.quantity)")
    hourly: Money = embed("The price of an hour.", amount="trim_scale({t}.hourly)::text", currency="{t}.currency")
    amount: Money = embed("Quantity times price.", amount="trim_scale({t}.amount)::text", currency="{t}.currency")
    rate_scope: models.RateScope = column("Which rate priced it.")
    conversion: "Conversion | None" = one("The request that it came of.")
    created_at: datetime = column("When it was made.")


@strawberry.type
class BillingQueries:
    """What is to be invoiced."""

    rates: "Connection[Rate]" = listing("The rates; only admins see them.")
    conversion: "Conversion | None" = item("One request to bill time.")
    billables: "Connection[Billable]" = listing("Billables that you see.")
