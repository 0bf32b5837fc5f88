"""Opportunities: sales that may come about."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from tortoise import fields
from tortoise.indexes import Index
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint

from models.rows import Versioned, belongs


class OpportunityStage(StrEnum):
    """How near a sale is; the last two end it, but it may be taken up again."""

    QUALIFYING = "QUALIFYING"
    PROPOSED = "PROPOSED"
    NEGOTIATING = "NEGOTIATING"
    WON = "WON"
    LOST = "LOST"


class Opportunity(Versioned):
    """A sale that may come about."""

    number = fields.BigIntField()
    subject = fields.CharField(max_length=200)
    description: str | None = fields.TextField(null=True)
    stage = fields.CharEnumField(
        OpportunityStage, max_length=20, default=OpportunityStage.QUALIFYING, db_default="QUALIFYING"
    )
    amount: Decimal | None = fields.DecimalField(max_digits=18, decimal_places=4, null=True)
    currency = fields.CharField(max_length=3, null=True)
    expected_close_on: date | None = fields.DateField(null=True)
    customer = belongs("Customer")
    owner = belongs("User", null=True)
    creator = belongs("User")
    closed_at: datetime | None = fields.DatetimeField(null=True)

    customer_id: UUID
    owner_id: UUID | None
    creator_id: UUID

    class Meta:
        table = "opportunities"
        indexes = (Index(fields=("workspace_id", "expected_close_on", "id"), name="opportunities_expected_close"),)
        constraints = (
            UniqueConstraint(fields=("workspace_id", "number"), name="opportunities_number_once"),
            CheckConstraint(
                check="(closed_at is not null) = (stage in ('WON', 'LOST'))", name="opportunities_closed_at"
            ),
            CheckConstraint(check="(amount is null) = (currency is null)", name="opportunities_currency"),
            CheckConstraint(check="amount >= 0 and amount <> 'NaN'", name="opportunities_amount"),
        )
