"""Customers and the locations where they are met."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any, TypedDict, Unpack
from uuid import UUID

from domain.columns import camel, faults
from domain.conflicts import taken
from domain.errors import DomainError, DuplicateValue, InvalidInput, refuse
from domain.money import minor_digits
from domain.once import Once
from domain.policy import allow
from domain.principal import Principal
from domain.work import Work
from domain.zones import zone
from models.accounts import User
from models.customers import BasisDate, BillingStatus, Customer, CustomerKind, Location, Rounding

_RANGES = MappingProxyType({"payment_terms_days": (0, 3650), "billing_increment_minutes": (1, 1440)})
_REFERENCE = "customers_reference_once"


class Profile(TypedDict, total=False):
    """What is known of a customer; what is absent has its default, or stays as it is."""

    name: str
    reference: str | None
    organization_id: UUID | None
    title: str | None
    email: str | None
    phone: str | None
    sales_rep_id: UUID | None
    payment_terms_days: int
    basis_date: BasisDate
    billing_status: BillingStatus
    currency: str | None
    billing_increment_minutes: int
    billing_rounding: Rounding


class Address(TypedDict, total=False):
    """Where a location is, and how to reach it."""

    street: str | None
    city: str | None
    region: str | None
    postal_code: str | None
    country: str | None
    phone: str | None


async def create(*, kind: CustomerKind, by: Principal, once: Once | None = None, **profile: Unpack[Profile]) -> UUID:
    """Add an individual or an organization; an individual may be a contact of an organization."""
    allow(by, "customer_create")
    async with Work(by, once=once) as work:
        if work.answer:
            return work.answer
        values: dict[str, Any] = {"name": None, **profile}
        await _check(work, kind, values)
        with taken(_REFERENCE, _duplicate(values)):
            customer = await work.create(Customer, kind=kind, **values)
        return await work.answers(customer.id)


async def update(customer_id: UUID, patch: Profile, *, by: Principal, version: int | None = None) -> None:
    """Change what is known of a customer; its kind stays."""
    async with Work(by) as work:
        customer = await work.load(Customer, customer_id, to="customer_update", version=version, path=("customerId",))
        await _check(work, customer.kind, patch)
        with taken(_REFERENCE, _duplicate(patch)):
            await work.change(customer, "updated", **patch)


async def location_create(
    customer_id: UUID,
    *,
    name: str,
    time_zone: str = "UTC",
    by: Principal,
    once: Once | None = None,
    **address: Unpack[Address],
) -> UUID:
    """Add a place where a customer is met."""
    allow(by, "location_create")
    zone(time_zone)
    async with Work(by, once=once) as work:
        if work.answer:
            return work.answer
        await work.see(Customer, customer_id, path=("customerId",))
        place = await work.create(Location, customer_id=customer_id, name=name, time_zone=time_zone, **address)
        return await work.answers(place.id)


async def _check(work: Work, kind: CustomerKind, values: Mapping[str, Any]) -> None:
    """Refuse numbers and currencies out of range, and references to who is not there or does not fit."""
    refuse((*faults(Customer, values), *_out_of_range(values), *_wrong_currency(values.get("currency"))))
    if rep := values.get("sales_rep_id"):
        await work.see(User, rep, path=("salesRepId",))
    if above := values.get("organization_id"):
        organization = await work.see(Customer, above, path=("organizationId",))
        if kind is not CustomerKind.INDIVIDUAL or organization.kind is not CustomerKind.ORGANIZATION:
            raise InvalidInput(
                path=("organizationId",), reason="only an individual is a contact, and of an organization"
            )


def _out_of_range(values: Mapping[str, Any]) -> Iterator[DomainError]:
    for name, (low, high) in _RANGES.items():
        if values.get(name) is not None and not low <= values[name] <= high:
            yield InvalidInput(path=(camel(name),), reason=f"it is not a number from {low} to {high}")


def _wrong_currency(currency: str | None) -> Iterator[DomainError]:
    try:
        _ = currency and minor_digits(currency)
    except InvalidInput as error:
        yield InvalidInput(path=("currency",), **error.facts)


def _duplicate(values: Mapping[str, Any]) -> DuplicateValue:
    return DuplicateValue(path=("reference",), field="The reference", value=values.get("reference"))
