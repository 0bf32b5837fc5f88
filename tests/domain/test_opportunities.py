"""Keeping opportunities."""

from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest

from domain import opportunities
from models import Opportunity, OpportunityStage
from tests import make


@pytest.fixture
async def customer(ada):
    return (await make.customer(ada)).id


@pytest.fixture
async def lease(ada, customer):
    return await opportunities.create(customer, subject="Lease", by=ada)


async def test_an_opportunity_has_what_was_given_and_the_next_number(ada, bob, customer, sent):
    money = {"amount": Decimal("1200.50"), "currency": "EUR"}
    day = date(2027, 1, 31)
    key = await opportunities.create(customer, subject="Lease", **money, expected_close_on=day, owner_id=bob.id, by=ada)
    row = await Opportunity.get(id=key)
    assert (row.number, row.subject, row.stage) == (1, "Lease", OpportunityStage.QUALIFYING)
    assert (row.amount, row.currency, row.expected_close_on) == (*money.values(), day)
    assert (row.customer_id, row.owner_id, row.creator_id, row.closed_at) == (customer, bob.id, ada.id, None)
    people = {"owner_id": str(bob.id), "creator_id": str(ada.id), "customer_id": str(customer)}
    told = {"subject": "Lease", "amount": "1200.50", "currency": "EUR", "expected_close_on": "2027-01-31", "number": 1}
    assert await make.history(key) == [("created", {name: [None, value] for name, value in (told | people).items()})]
    assert sent() == []


async def test_an_opportunity_has_ended_since_its_last_stage_and_may_be_taken_up_again(ada, bob, lease):
    await opportunities.update(lease, {"stage": OpportunityStage.LOST}, by=bob)
    lost = await Opportunity.get(id=lease)
    assert lost.closed_at - lost.created_at < timedelta(minutes=1)
    await opportunities.update(lease, {"stage": OpportunityStage.LOST, "subject": "Lost"}, by=ada)
    assert (await Opportunity.get(id=lease)).closed_at == lost.closed_at
    await opportunities.update(lease, {"stage": OpportunityStage.WON}, by=ada)
    assert (await Opportunity.get(id=lease)).closed_at > lost.closed_at
    await opportunities.update(lease, {"stage": OpportunityStage.PROPOSED}, by=ada)
    assert (await Opportunity.get(id=lease)).closed_at is None


@pytest.mark.parametrize(
    ("amount", "currency"), [("-1", "EUR"), ("0.001", "EUR"), ("0.5", "JPY"), ("1", "XXX"), ("1e14", "EUR")]
)
async def test_an_amount_that_cannot_be_is_refused(amount, currency, ada, customer, lease, refused):
    money = {"amount": Decimal(amount), "currency": currency}
    async with refused("INVALID_INPUT") as caught:
        await opportunities.create(customer, subject="Lease", **money, by=ada)
    assert caught.value.path == ("amount",)
    async with refused("INVALID_INPUT"):
        await opportunities.update(lease, money, by=ada)


@pytest.mark.parametrize("what", ["owner", "customer"])
async def test_what_is_not_there_is_not_found(what, ada, customer, refused):
    async with refused("NOT_FOUND") as caught:
        whose = uuid4() if what == "customer" else customer
        await opportunities.create(whose, subject="Lease", owner_id=uuid4() if what == "owner" else None, by=ada)
    assert caught.value.path == (f"{what}Id",)


async def test_an_opportunity_of_another_workspace_is_not_found(other, lease, refused):
    async with refused("NOT_FOUND"):
        await opportunities.update(lease, {"subject": "Mine"}, by=other)


async def test_a_change_of_what_was_changed_meanwhile_is_refused(ada, lease, refused):
    await opportunities.update(lease, {"subject": "Long lease"}, by=ada, version=1)
    async with refused("VERSION_CONFLICT"):
        await opportunities.update(lease, {"subject": "Short lease"}, by=ada, version=1)
