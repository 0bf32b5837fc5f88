"""Rates, requested conversions, and the billables that come of tracked time."""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from tortoise import fields
from tortoise.indexes import Index
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint

from models.rows import Due, Row, belongs


class RateScope(StrEnum):
    """Whose rate it is; the first that matches, in this order, prices the time."""

    TASK = "TASK"
    LOCATION = "LOCATION"
    CUSTOMER = "CUSTOMER"
    PERSON = "PERSON"
    WORKSPACE = "WORKSPACE"


class Rate(Row):
    """The price of an hour."""

    scope = fields.CharEnumField(RateScope, max_length=20)
    task = belongs("Task", null=True)
    location = belongs("Location", null=True)
    customer = belongs("Customer", null=True)
    user = belongs("User", null=True)
    hourly: Decimal = fields.DecimalField(max_digits=14, decimal_places=4)
    currency = fields.CharField(max_length=3)

    class Meta:
        table = "rates"
        constraints = (
            UniqueConstraint(fields=("task_id", "currency"), name="rates_task_once"),
            UniqueConstraint(fields=("location_id", "currency"), name="rates_location_once"),
            UniqueConstraint(fields=("customer_id", "currency"), name="rates_customer_once"),
            UniqueConstraint(fields=("user_id", "currency"), name="rates_user_once"),
            UniqueConstraint(
                fields=("workspace_id", "currency"), name="rates_workspace_once", condition="scope = 'WORKSPACE'"
            ),
            CheckConstraint(
                check="num_nonnulls(task_id, location_id, customer_id, user_id) = (scope <> 'WORKSPACE')::int"
                " and (task_id is not null) = (scope = 'TASK')"
                " and (location_id is not null) = (scope = 'LOCATION')"
                " and (customer_id is not null) = (scope = 'CUSTOMER')"
                " and (user_id is not null) = (scope = 'PERSON')",
                name="rates_scope",
            ),
            CheckConstraint(check="hourly >= 0 and hourly <> 'NaN'", name="rates_hourly"),
        )


class Conversion(Row, Due):
    """Somebody's request to turn a task's billable time into billables."""

    task = belongs("Task")
    creator = belongs("User")
    finished_at: datetime | None = fields.DatetimeField(null=True)

    task_id: UUID
    creator_id: UUID

    class Meta:
        table = "conversions"
        indexes = (Index(fields=("due_at",), name="conversions_due"),)
        constraints = (
            UniqueConstraint(fields=("task_id",), name="conversions_one_open", condition="finished_at is null"),
            CheckConstraint(check="finished_at is null or due_at is null", name="conversions_done"),
        )


class Billable(Row):
    """Time of one person on one task, rounded and priced; rate and reason stay as they were."""

    conversion = belongs("Conversion")
    task = belongs("Task")
    user = belongs("User")
    customer = belongs("Customer", null=True)
    minutes = fields.IntField()
    quantity: Decimal = fields.DecimalField(max_digits=14, decimal_places=4)
    hourly: Decimal = fields.DecimalField(max_digits=14, decimal_places=4)
    amount: Decimal = fields.DecimalField(max_digits=18, decimal_places=4)
    currency = fields.CharField(max_length=3)
    rate_scope = fields.CharEnumField(RateScope, max_length=20)

    class Meta:
        table = "billables"
        constraints = (
            UniqueConstraint(fields=("conversion_id", "user_id"), name="billables_once"),
            CheckConstraint(check="amount >= 0 and amount <> 'NaN'", name="billables_amount"),
        )


class BilledEntry(Row):
    """Says that a time entry was billed, which it is at most once."""

    billable = belongs("Billable")
    time_entry = belongs("TimeEntry")

    class Meta:
        table = "billed_entries"
        constraints = (UniqueConstraint(fields=("time_entry_id",), name="billed_entries_once"),)
