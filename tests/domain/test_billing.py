"""Rates, requests to bill, and what is billed."""

import asyncio
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest

from domain import billing, billing_rules, links, timesheets
from domain.billing_rules import Hint, Price
from domain.jobs import Job
from domain.once import Once
from domain.principal import Principal
from models import Billable, BilledEntry, Conversion, Customer, Location, Rate, RateScope, Rounding, TimeEntry, Visit
from tests import make

NINE = datetime(2026, 11, 2, 9, tzinfo=UTC)
DAY = date(2026, 11, 2)


@pytest.fixture
async def customer(admin):
    return await make.customer(admin, name="Around the Horn", billing_increment_minutes=15, currency="EUR")


@pytest.fixture
async def task(ada, team, customer):
    key = await make.task(ada, team_id=team)
    await links.link(key, Customer, customer.id, by=ada)
    return key


async def rate(admin, scope=RateScope.WORKSPACE, hourly="60", currency="EUR", target=None):
    return await billing.rate_create(scope, hourly=Decimal(hourly), currency=currency, target_id=target, by=admin)


async def work(by, task, minutes, **values):
    return await timesheets.create(task, minutes=minutes, worked_on=DAY, by=by, **values)


async def bill(key):
    await billing.bill(key, by=Principal.system((await Conversion.get(id=key)).workspace_id))


async def test_a_rate_is_the_price_of_an_hour_for_its_scope(admin, task, ada, sent):
    for scope, column, target in (
        (RateScope.TASK, "task_id", task),
        (RateScope.PERSON, "user_id", ada.id),
        (RateScope.WORKSPACE, None, None),
    ):
        row = await Rate.get(id=await rate(admin, scope, "80.1234", target=target))
        assert (row.scope, row.hourly, row.currency) == (scope, Decimal("80.1234"), "EUR")
        assert column is None or getattr(row, column) == target
        assert [verb for verb, _ in await make.history(row.id)] == ["created"]
    assert sent() == []


async def test_there_is_one_rate_for_a_scope_and_currency(admin, other, ada, refused):
    await rate(admin)
    await rate(admin, currency="USD")
    await rate(other)
    await rate(admin, RateScope.PERSON, target=ada.id)
    async with refused("DUPLICATE_VALUE"):
        await rate(admin)
    async with refused("DUPLICATE_VALUE"):
        await rate(admin, RateScope.PERSON, target=ada.id)


async def test_of_two_equal_rates_at_once_one_is_set(admin):
    results = await asyncio.gather(rate(admin), rate(admin), return_exceptions=True)
    assert sorted(type(result).__name__ for result in results) == ["DuplicateValue", "UUID"]


async def test_only_admins_set_rates(sue, ada, refused):
    for by in (sue, ada):
        async with refused("FORBIDDEN"):
            await rate(by)


@pytest.mark.parametrize(
    ("values", "code", "path"),
    [
        ({"hourly": "-1"}, "INVALID_INPUT", "hourly.amount"),
        ({"hourly": "NaN"}, "INVALID_INPUT", "hourly.amount"),
        ({"hourly": "1.00001"}, "INVALID_INPUT", "hourly.amount"),
        ({"hourly": "10000000000"}, "INVALID_INPUT", "hourly.amount"),
        ({"currency": "XXX"}, "INVALID_INPUT", "hourly.currency"),
        ({"target": uuid4()}, "INVALID_INPUT", "targetId"),
        ({"scope": RateScope.TASK}, "INVALID_INPUT", "targetId"),
        ({"scope": RateScope.TASK, "target": uuid4()}, "NOT_FOUND", "targetId"),
    ],
)
async def test_what_a_rate_cannot_be_is_refused_where_it_is(values, code, path, admin, refused):
    async with refused(code) as caught:
        await rate(admin, **values)
    assert ".".join(caught.value.path) == path


async def test_a_request_is_due_at_once_and_the_workers_are_told(ada, sue, task, sent):
    await work(ada, task, 60)
    row = await Conversion.get(id=await billing.convert(task, by=sue))
    assert (row.task_id, row.creator_id, row.finished_at) == (task, sue.id, None)
    assert row.due_at is not None
    assert (await make.history(task))[-1] == ("billing_requested", {"conversion": [None, str(row.id)]})
    assert sent() == [(Job.CONVERT_TIME, ())]


async def test_an_open_request_is_not_doubled_even_by_two_at_once(ada, sue, admin, task):
    await work(ada, task, 60)
    keys = await asyncio.gather(billing.convert(task, by=sue), billing.convert(task, by=admin))
    assert len(set(keys)) == 1
    assert await Conversion.all().count() == 1


async def test_asking_again_tries_a_failed_request_again(ada, sue, task):
    await work(ada, task, 60)
    key = await billing.convert(task, by=sue)
    await Conversion.filter(id=key).update(failed_at=NINE, due_at=None, attempts=5, error="No rate")
    assert await billing.convert(task, by=sue) == key
    row = await Conversion.get(id=key)
    assert (row.failed_at, row.attempts, row.error) == (None, 0, None)
    assert row.due_at is not None


async def test_only_supervisors_in_reach_and_admins_bill(ada, sue, admin, task, refused):
    await work(ada, task, 60)
    for_all = await make.task(admin)
    for by, key in ((ada, task), (sue, for_all)):
        async with refused("FORBIDDEN"):
            await billing.convert(key, by=by)


async def test_another_workspaces_task_is_not_there(ada, other, task, refused):
    async with refused("NOT_FOUND"):
        await billing.convert(task, by=other)


async def test_there_must_be_finished_billable_unbilled_time(ada, sue, admin, task, refused):
    await rate(admin)
    await timesheets.start(task, by=ada)
    await work(ada, task, 5, billable=False)
    async with refused("NOTHING_TO_BILL"):
        await billing.convert(task, by=sue)
    await work(ada, task, 5)
    await bill(await billing.convert(task, by=sue))
    async with refused("NOTHING_TO_BILL"):
        await billing.convert(task, by=sue)


async def test_a_repeated_request_gets_its_first_answer(ada, sue, admin, task):
    await rate(admin)
    await work(ada, task, 60)
    first = await billing.convert(task, by=sue, once=Once("key", "f"))
    await bill(first)
    assert await billing.convert(task, by=sue, once=Once("key", "f")) == first


async def test_each_persons_time_is_added_rounded_once_and_priced_to_the_cent(ada, bob, sue, admin, task):
    await rate(admin, hourly="99.99")
    await work(ada, task, 7)
    await timesheets.create(task, started_at=NINE, ended_at=NINE + timedelta(minutes=9, seconds=30), by=ada)
    await work(bob, task, 60)
    await work(bob, task, 30, billable=False)
    key = await billing.convert(task, by=sue)
    await bill(key)
    mine, bobs = await Billable.get(user_id=ada.id), await Billable.get(user_id=bob.id)
    assert (mine.minutes, mine.quantity, mine.amount) == (30, Decimal("0.5"), Decimal("50.00"))  # 49.995 goes up
    assert (bobs.minutes, bobs.quantity, bobs.amount) == (60, Decimal(1), Decimal("99.99"))
    for row in (mine, bobs):
        assert (row.task_id, row.conversion_id) == (task, key)
        assert (row.hourly, row.currency, row.rate_scope) == (Decimal("99.99"), "EUR", RateScope.WORKSPACE)
    assert await BilledEntry.filter(billable_id=mine.id).count() == 2
    assert await BilledEntry.all().count() == 3
    done = await Conversion.get(id=key)
    assert (done.due_at, done.error, done.attempts) == (None, None, 0)
    assert done.finished_at is not None
    assert (await make.history(task))[-1] == ("billed", {"minutes": [None, 90]})


async def test_the_linked_customer_pays_and_raw_time_stays_as_it_was(ada, sue, admin, customer, task):
    await rate(admin)
    entry = await TimeEntry.get(id=await work(ada, task, 7))
    await bill(await billing.convert(task, by=sue))
    assert (await Billable.get()).customer_id == customer.id
    assert dict(await TimeEntry.get(id=entry.id)) == dict(entry)


async def test_later_time_is_billed_by_a_later_request(ada, sue, admin, task):
    await rate(admin)
    for minutes in (15, 30):
        await work(ada, task, minutes)
        await bill(await billing.convert(task, by=sue))
    assert [row.minutes for row in await Billable.all().order_by("created_at")] == [15, 30]


async def test_the_first_rate_that_fits_is_taken_and_said(ada, sue, admin, customer, task):
    place = await make.location(admin, customer)
    await links.link(task, Location, place.id, primary=True, by=ada)
    scopes = {
        RateScope.WORKSPACE: None,
        RateScope.PERSON: ada.id,
        RateScope.CUSTOMER: customer.id,
        RateScope.LOCATION: place.id,
        RateScope.TASK: task,
    }
    for hourly, (scope, target) in enumerate(scopes.items(), 1):
        await rate(admin, scope, str(hourly), target=target)
        await work(ada, task, 60)
        await bill(await billing.convert(task, by=sue))
        newest = await Billable.all().order_by("-created_at").first()
        assert (newest.rate_scope, newest.amount) == (scope, Decimal(hourly))


async def test_without_a_customer_the_workspaces_currency_and_the_exact_minutes_count(ada, sue, admin, team):
    await rate(admin, currency="USD")
    task = await make.task(ada, team_id=team)
    await work(ada, task, 7)
    await bill(await billing.convert(task, by=sue))
    row = await Billable.get()
    assert (row.customer_id, row.minutes, row.amount, row.currency) == (None, 7, Decimal("7.00"), "USD")


async def test_the_customer_of_the_visit_pays_when_nothing_is_linked(ada, sue, admin, customer, team):
    await rate(admin)
    visit = await make.visit(ada, await make.location(admin, customer))
    task = await make.task(ada, team_id=team, visit_id=visit.id)
    await work(ada, task, 60)
    await bill(await billing.convert(task, by=sue))
    assert (await Billable.get()).customer_id == customer.id
    assert await Visit.all().count() == 1


async def test_without_a_rate_or_on_hold_nothing_is_billed_and_the_reason_is_said(ada, sue, customer, task, refused):
    await work(ada, task, 60)
    key = await billing.convert(task, by=sue)
    async with refused("RATE_MISSING") as caught:
        await bill(key)
    assert caught.value.facts == {"currency": "EUR"}
    await Customer.filter(id=customer.id).update(billing_status="ON_HOLD")
    async with refused("BILLING_ON_HOLD") as caught:
        await bill(key)
    assert caught.value.message.startswith("Billing is on hold for Around the Horn.")


async def test_time_that_is_gone_by_then_is_a_reason_too(ada, sue, task, refused):
    entry = await work(ada, task, 60)
    key = await billing.convert(task, by=sue)
    await TimeEntry.filter(id=entry).update(billable=False)
    async with refused("NOTHING_TO_BILL"):
        await bill(key)


async def test_billing_twice_at_once_bills_once(ada, sue, admin, task):
    await rate(admin)
    await work(ada, task, 60)
    key = await billing.convert(task, by=sue)
    await asyncio.gather(bill(key), bill(key))
    assert (await Billable.all().count(), await BilledEntry.all().count()) == (1, 1)


A, B, X, Y = (uuid4() for _ in range(4))


@pytest.mark.parametrize(
    ("hints", "payer"),
    [
        ([], (None, None)),
        ([Hint(A, None)], (A, None)),
        ([Hint(A, X)], (A, X)),
        ([Hint(A, X), Hint(A, Y)], (A, None)),
        ([Hint(A, X, is_primary=True), Hint(A, Y)], (A, X)),
        ([Hint(A, None), Hint(B, None)], (None, None)),
        ([Hint(A, None), Hint(B, None, is_primary=True)], (B, None)),
        ([Hint(A, X, is_visit=True)], (A, X)),
        ([Hint(B, None), Hint(A, X, is_visit=True)], (B, None)),
        ([Hint(A, None), Hint(B, None), Hint(B, Y, is_visit=True)], (B, Y)),
    ],
)
def test_who_pays_is_the_primary_link_else_the_only_one_else_the_visit(hints, payer):
    assert billing_rules.payer(hints) == payer


def test_anothers_rate_never_fits():
    prices = [Price(RateScope.PERSON, Decimal(1), A), Price(RateScope.WORKSPACE, Decimal(2))]
    assert billing_rules.price_of(prices, A).hourly == 1
    assert billing_rules.price_of(prices, B).hourly == 2
    assert billing_rules.price_of(prices[:1], B) is None


@pytest.mark.parametrize(
    ("seconds", "rounding", "minutes"),
    [
        ("900", Rounding.UP, 15),
        ("901", Rounding.UP, 30),
        ("449.9", Rounding.NEAREST, 0),
        ("450", Rounding.NEAREST, 15),
        ("1799", Rounding.DOWN, 15),
        ("0.4", Rounding.UP, 0),
    ],
)
def test_whole_seconds_are_rounded_once(seconds, rounding, minutes):
    assert billing_rules.billed_minutes(Decimal(seconds), 15, rounding) == minutes
