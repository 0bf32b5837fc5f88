"""Keeping customers and their locations."""

import asyncio
from uuid import uuid4

import pytest

from domain import customers
from domain.errors import DuplicateValue
from domain.once import Once
from domain.principal import Principal
from models import BillingStatus, Customer, CustomerKind, Location, Rounding, Scope
from tests import make

PERSON, COMPANY = CustomerKind.INDIVIDUAL, CustomerKind.ORGANIZATION


async def test_a_customer_has_what_was_given_and_sensible_terms(ada, sent):
    key = await customers.create(kind=COMPANY, name="Around the Horn", reference="AROUT", sales_rep_id=ada.id, by=ada)
    row = await Customer.get(id=key)
    assert (row.kind, row.name, row.reference, row.version) == (COMPANY, "Around the Horn", "AROUT", 1)
    assert (row.payment_terms_days, row.billing_status, row.currency) == (30, BillingStatus.ACTIVE, None)
    assert (row.billing_increment_minutes, row.billing_rounding) == (1, Rounding.UP)
    told = {"kind": "ORGANIZATION", "name": "Around the Horn", "reference": "AROUT", "sales_rep_id": str(ada.id)}
    assert await make.history(key) == [("created", {name: [None, value] for name, value in told.items()})]
    assert sent() == []


async def test_a_contact_is_an_individual_of_an_organization(ada):
    company = await make.customer(ada)
    key = await customers.create(kind=PERSON, name="Thomas Hardy", organization_id=company.id, by=ada)
    assert (await Customer.get(id=key)).organization_id == company.id


async def test_an_organization_is_nobodys_contact(ada, refused):
    company = await make.customer(ada)
    async with refused("INVALID_INPUT") as caught:
        await customers.create(kind=COMPANY, name="Branch", organization_id=company.id, by=ada)
    assert caught.value.path == ("organizationId",)


async def test_an_individual_has_no_contacts(ada, refused):
    person = await make.customer(ada, kind=PERSON)
    async with refused("INVALID_INPUT"):
        await customers.create(kind=PERSON, name="Friend", organization_id=person.id, by=ada)


async def test_a_reference_is_taken_once_in_a_workspace(ada, other, refused):
    await customers.create(kind=COMPANY, name="First", reference="A", by=ada)
    await customers.create(kind=COMPANY, name="Elsewhere", reference="A", by=other)
    async with refused("DUPLICATE_VALUE") as caught:
        await customers.create(kind=COMPANY, name="Second", reference="A", by=ada)
    assert (caught.value.path, caught.value.facts["value"]) == (("reference",), "A")


async def test_of_two_customers_with_one_reference_at_once_one_is_made(ada, bob):
    both = (customers.create(kind=COMPANY, name="Race", reference="R", by=by) for by in (ada, bob))
    results = await asyncio.gather(*both, return_exceptions=True)
    assert sorted(type(result).__name__ for result in results) == [DuplicateValue.__name__, "UUID"]
    assert await Customer.all().count() == 1


@pytest.mark.parametrize(
    ("values", "code", "path"),
    [
        ({"name": " "}, "REQUIRED", "name"),
        ({"name": "x" * 201}, "TOO_LONG", "name"),
        ({"payment_terms_days": 3651}, "INVALID_INPUT", "paymentTermsDays"),
        ({"billing_increment_minutes": 0}, "INVALID_INPUT", "billingIncrementMinutes"),
        ({"currency": "XXX"}, "INVALID_INPUT", "currency"),
        ({"sales_rep_id": uuid4()}, "NOT_FOUND", "salesRepId"),
        ({"organization_id": uuid4()}, "NOT_FOUND", "organizationId"),
    ],
)
async def test_what_a_customer_cannot_have_is_refused_where_it_is(values, code, path, ada, refused):
    person = await make.customer(ada, kind=PERSON)
    async with refused(code) as caught:
        await customers.create(**{"kind": PERSON, "name": "Maria"} | values, by=ada)
    assert caught.value.path == (path,)
    async with refused(code) as caught:
        await customers.update(person.id, values, by=ada)
    assert caught.value.path == (path,)


async def test_a_key_that_only_reads_makes_no_customer(ada, refused):
    reader = Principal(id=ada.id, workspace_id=ada.workspace_id, role=ada.role, name=ada.name, scopes={Scope.READ})
    async with refused("INSUFFICIENT_SCOPE"):
        await customers.create(kind=COMPANY, name="Nope", by=reader)
    async with refused("INSUFFICIENT_SCOPE"):
        await customers.location_create(uuid4(), name="Nope", by=reader)


async def test_only_what_is_named_changes_and_null_clears(ada):
    customer = await make.customer(ada, reference="A", phone="+4420")
    await customers.update(customer.id, {"name": "Alfred", "phone": None}, by=ada, version=1)
    row = await Customer.get(id=customer.id)
    assert (row.name, row.phone, row.reference, row.version) == ("Alfred", None, "A", 2)
    assert await make.history(customer.id) == [
        ("updated", {"name": [customer.name, "Alfred"], "phone": ["+4420", None]})
    ]


async def test_an_update_that_changes_nothing_is_not_told(ada):
    customer = await make.customer(ada)
    await customers.update(customer.id, {"name": customer.name}, by=ada)
    assert (await Customer.get(id=customer.id)).version == 1
    assert await make.history(customer.id) == []


async def test_a_customer_changed_meanwhile_is_not_overwritten(ada, refused):
    customer = await make.customer(ada)
    async with refused("VERSION_CONFLICT"):
        await customers.update(customer.id, {"name": "Late"}, by=ada, version=2)


async def test_of_two_updates_of_one_version_one_wins(ada, bob):
    customer = await make.customer(ada)
    both = (customers.update(customer.id, {"name": by.name}, by=by, version=1) for by in (ada, bob))
    results = await asyncio.gather(*both, return_exceptions=True)
    assert sorted(type(result).__name__ for result in results) == ["NoneType", "VersionConflict"]
    assert (await Customer.get(id=customer.id)).version == 2


async def test_another_workspaces_customer_is_not_there(ada, other, refused):
    customer = await make.customer(other)
    async with refused("NOT_FOUND"):
        await customers.update(customer.id, {"name": "Ours"}, by=ada)
    async with refused("NOT_FOUND"):
        await customers.location_create(customer.id, name="Ours", by=ada)


async def test_a_reference_may_be_taken_from_nobody(ada, refused):
    await make.customer(ada, reference="A")
    second = await make.customer(ada)
    async with refused("DUPLICATE_VALUE"):
        await customers.update(second.id, {"reference": "A"}, by=ada)


async def test_a_location_belongs_to_its_customer(ada, sent):
    customer = await make.customer(ada)
    key = await customers.location_create(customer.id, name="London", city="London", time_zone="Europe/London", by=ada)
    row = await Location.get(id=key)
    assert (row.customer_id, row.name, row.city, row.time_zone) == (customer.id, "London", "London", "Europe/London")
    assert [verb for verb, _ in await make.history(key)] == ["created"]
    assert sent() == []


async def test_a_location_lies_in_a_zone_that_there_is(ada, refused):
    customer = await make.customer(ada)
    async with refused("INVALID_INPUT") as caught:
        await customers.location_create(customer.id, name="Atlantis", time_zone="Sea/Atlantis", by=ada)
    assert caught.value.path == ("timeZone",)


async def test_a_repeated_request_makes_one_customer_and_one_location(ada):
    async def twice(verb, *args, **values):
        return [await verb(*args, **values, by=ada, once=Once(verb.__name__, "f")) for _ in range(2)]

    first, second = await twice(customers.create, kind=COMPANY, name="Once")
    assert first == second
    assert len(set(await twice(customers.location_create, first, name="Here"))) == 1
    assert (await Customer.all().count(), await Location.all().count()) == (1, 1)
