"""Rates, requested conversions and billables."""

from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING
from uuid import UUID

import strawberry

import models
from domain import billing
from schema.compiler.fields import Connection, Node, changed, column, embed, item, listing, node, one, sql
from schema.context import Info
from schema.enums import enum
from schema.inputs import Reference, idempotency_key, key, once, optional_key
from schema.mutation import mutation
from schema.payload import Payload
from schema.scalars import Money, MoneyInput
from schema.tasks import Task

if TYPE_CHECKING:
    from schema.accounts import User
    from schema.customers import Customer
    from schema.locations import Location

RateScope = enum(
    models.RateScope,
    TASK="One task.",
    LOCATION="One location.",
    CUSTOMER="One customer.",
    PERSON="One person.",
    WORKSPACE="Everything else.",
)


SCOPES = {
    "Task": models.RateScope.TASK,
    "Location": models.RateScope.LOCATION,
    "Customer": models.RateScope.CUSTOMER,
    "User": models.RateScope.PERSON,
}


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


@node(models.Conversion, prefix="conv", label="(select x.name from users x where x.id = {t}.creator_id)")
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


@strawberry.input(description="The price of an hour to set.")
class RateCreateInput:
    """What `billing.rate_create` takes."""

    hourly: MoneyInput = strawberry.field(description="The price of an hour, with up to four decimal places.")
    target_id: Reference | None = optional_key(
        "The task, location, customer or person whose rate it is; null for everything else in the workspace.", *SCOPES
    )
    idempotency_key: str | None = idempotency_key()


@strawberry.input(description="A task whose time is to be billed.")
class BillableConvertInput:
    """What `billing.convert` takes."""

    task_id: UUID = key("Which task.", "Task")
    idempotency_key: str | None = idempotency_key()


@strawberry.type(description="What became of `rateCreate`.")
class RateCreatePayload(Payload):
    """What `rateCreate` answers."""

    rate: UUID | None = changed("The rate; null when it was refused.", Rate)


@strawberry.type(description="What became of `billableConvert`.")
class BillableConvertPayload(Payload):
    """What `billableConvert` answers."""

    conversion: UUID | None = changed("The request; null when it was refused.", Conversion)
    task: UUID | None = changed("The task as it is now.", Task)


@strawberry.type
class BillingQueries:
    """What is to be invoiced."""

    rates: "Connection[Rate]" = listing("The rates; only admins see them.")
    conversion: "Conversion | None" = item("One request to bill time.")
    billables: "Connection[Billable]" = listing("Billables that you see.")


@strawberry.type
class BillingMutations:
    """Pricing time and billing it."""

    @mutation
    async def rate_create(self, info: Info, input: RateCreateInput) -> RateCreatePayload:
        """Set the price of an hour for a task, a location, a customer, a person, or the whole workspace; admins do."""
        target, price = input.target_id, input.hourly
        rate = await billing.rate_create(
            SCOPES[target.type] if target else models.RateScope.WORKSPACE,
            hourly=price.amount,
            currency=price.currency,
            target_id=target.key if target else None,
            by=info.context.by,
            once=once(input),
        )
        return RateCreatePayload(rate=rate)

    @mutation
    async def billable_convert(self, info: Info, input: BillableConvertInput) -> BillableConvertPayload:
        """Ask for a task's finished, billable time to be billed; while a request is open, asking again gives that one.

        Supervisors above the task and admins do. A request that failed is tried again.
        """
        conversion = await billing.convert(input.task_id, by=info.context.by, once=once(input))
        return BillableConvertPayload(conversion=conversion, task=input.task_id)
