"""Customers, who are individuals or organizations, and the locations where they are met."""

from enum import StrEnum
from uuid import UUID

from tortoise import fields
from tortoise.indexes import Index
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint

from models.rows import Versioned, belongs


class CustomerKind(StrEnum):
    """A person, or a company that may have contacts."""

    INDIVIDUAL = "INDIVIDUAL"
    ORGANIZATION = "ORGANIZATION"


class Rounding(StrEnum):
    """Which way billed minutes go to the customer's increment."""

    UP = "UP"
    NEAREST = "NEAREST"
    DOWN = "DOWN"


class BasisDate(StrEnum):
    """The day from which payment terms count."""

    ORDER = "ORDER"
    INVOICE = "INVOICE"
    SHIPMENT = "SHIPMENT"
    DELIVERY = "DELIVERY"


class BillingStatus(StrEnum):
    """Whether work for the customer may be billed."""

    ACTIVE = "ACTIVE"
    ON_HOLD = "ON_HOLD"


class Customer(Versioned):
    """An individual or an organization that the workspace works for."""

    kind = fields.CharEnumField(CustomerKind, max_length=20)
    name = fields.CharField(max_length=200)
    reference = fields.CharField(max_length=100, null=True)
    organization = belongs("Customer", null=True)
    title = fields.CharField(max_length=200, null=True)
    email = fields.CharField(max_length=254, null=True)
    phone = fields.CharField(max_length=40, null=True)
    sales_rep = belongs("User", null=True)
    payment_terms_days = fields.IntField(default=30, db_default=30)
    basis_date = fields.CharEnumField(BasisDate, max_length=20, default=BasisDate.INVOICE, db_default="INVOICE")
    billing_status = fields.CharEnumField(
        BillingStatus, max_length=20, default=BillingStatus.ACTIVE, db_default="ACTIVE"
    )
    currency = fields.CharField(max_length=3, null=True)
    billing_increment_minutes = fields.IntField(default=1, db_default=1)
    billing_rounding = fields.CharEnumField(Rounding, max_length=20, default=Rounding.UP, db_default="UP")

    class Meta:
        table = "customers"
        indexes = (Index(fields=("workspace_id", "name", "id"), name="customers_name"),)
        constraints = (
            UniqueConstraint(fields=("workspace_id", "reference"), name="customers_reference_once"),
            CheckConstraint(check="organization_id is null or kind = 'INDIVIDUAL'", name="customers_contact"),
            CheckConstraint(check="payment_terms_days between 0 and 3650", name="customers_payment_terms"),
            CheckConstraint(check="billing_increment_minutes between 1 and 1440", name="customers_increment"),
        )


class Location(Versioned):
    """A place where a customer is met."""

    customer = belongs("Customer")
    name = fields.CharField(max_length=200)
    street = fields.CharField(max_length=200, null=True)
    city = fields.CharField(max_length=100, null=True)
    region = fields.CharField(max_length=100, null=True)
    postal_code = fields.CharField(max_length=20, null=True)
    country = fields.CharField(max_length=100, null=True)
    phone = fields.CharField(max_length=40, null=True)
    time_zone = fields.CharField(max_length=64, default="UTC", db_default="UTC")

    customer_id: UUID

    class Meta:
        table = "locations"
        constraints = (UniqueConstraint(fields=("workspace_id", "customer_id", "id"), name="locations_of_customer"),)
