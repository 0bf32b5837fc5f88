"""Rates, and turning tracked time into billables."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from types import MappingProxyType
from typing import Any, NamedTuple
from uuid import UUID

from uuid_utils.compat import uuid7

from domain import billing_rules, money
from domain.billing_rules import Hint, Price
from domain.conflicts import taken
from domain.errors import (
    BillingOnHold,
    DomainError,
    DuplicateValue,
    Forbidden,
    InvalidInput,
    NothingToBill,
    RateMissing,
    refuse,
)
from domain.jobs import Job
from domain.once import Once
from domain.policy import allow
from domain.principal import Principal
from domain.relations import in_reach
from domain.work import Work
from models.accounts import User, Workspace
from models.billing import Billable, BilledEntry, Conversion, Rate, RateScope
from models.customers import BillingStatus, Customer, Location, Rounding
from models.tasks import Task

_TARGETS: Mapping[RateScope, tuple[str, type[Any]]] = MappingProxyType(
    {
        RateScope.TASK: ("task_id", Task),
        RateScope.LOCATION: ("location_id", Location),
        RateScope.CUSTOMER: ("customer_id", Customer),
        RateScope.PERSON: ("user_id", User),
    }
)
_NAMES = MappingProxyType({scope: "user" if scope is RateScope.PERSON else scope.lower() for scope in RateScope})
_DEAREST = Decimal(10) ** 10
_UNBILLED = """
select t.id, t.user_id, coalesce(t.minutes * 60, extract(epoch from t.ended_at - t.started_at)) as seconds
from time_entries t
where t.task_id = $1 and t.billable and (t.ended_at is not null or t.minutes is not null)
    and not exists (select from billed_entries b where b.time_entry_id = t.id)
order by t.id for no key update of t
"""
_HINTS = """
select coalesce(l.customer_id, p.customer_id, v.customer_id) as customer_id,
    coalesce(l.location_id, v.location_id) as location_id, l.is_primary, false as is_visit
from task_links l left join locations p on p.id = l.location_id left join visits v on v.id = l.visit_id
where l.task_id = $1
union all
select v.customer_id, v.location_id, false, true from tasks t join visits v on v.id = t.visit_id where t.id = $1
"""
_PRICES = """
select scope, hourly, user_id from rates where workspace_id = $1 and currency = $2
and (scope = 'WORKSPACE' or task_id = $3 or location_id = $4 or customer_id = $5 or user_id = any($6))
"""


async def rate_create(
    scope: RateScope,
    *,
    hourly: Decimal,
    currency: str,
    target_id: UUID | None = None,
    by: Principal,
    once: Once | None = None,
) -> UUID:
    """Set the price of an hour for a task, a location, a customer, a person, or the whole workspace."""
    allow(by, "rate_create")
    refuse(_wrong_rate(scope, hourly, currency, target_id))
    async with Work(by, once=once) as work:
        if work.answer:
            return work.answer
        values: dict[str, Any] = {"scope": scope, "hourly": hourly, "currency": currency}
        if scope in _TARGETS and target_id:
            column, model = _TARGETS[scope]
            values[column] = (await work.see(model, target_id, path=("targetId",))).id
        key = f"rates_{_NAMES[scope]}_once"
        with taken(key, DuplicateValue(path=("scope",), field="A rate of this scope in", value=currency)):
            rate = await work.create(Rate, **values)
        return await work.answers(rate.id)


async def convert(task_id: UUID, *, by: Principal, once: Once | None = None) -> UUID:
    """Ask for a task's finished, billable time to be billed; the id of the request.

    While a request is open, asking again gives that one, and tries it again when it has failed.
    """
    async with Work(by, once=once) as work:
        if work.answer:
            return work.answer
        task = await work.load(Task, task_id, to="convert", path=("taskId",))
        if not in_reach(by, team_id=task.team_id, assignee_id=task.assignee_id, creator_id=task.creator_id):
            raise Forbidden(action="bill this task", who="the supervisors above it and admins")
        conversion = await _open(work, task)
        work.enqueue(Job.CONVERT_TIME)
        return await work.answers(conversion.id)


async def _open(work: Work, task: Task) -> Conversion:
    """The open request for a locked task, due now."""
    now: dict[str, Any] = {"due_at": work.now, "attempts": 0, "error": None, "failed_at": None}
    if found := await Conversion.get_or_none(task_id=task.id, finished_at=None):
        (conversion,) = await work.lock(Conversion, [found.id])
        if conversion.finished_at is None:
            if conversion.failed_at is not None:
                await work.change(conversion, "retried", **now)
            return conversion
    if not await work.fetch(_UNBILLED, task.id):
        raise NothingToBill
    conversion = await work.create(Conversion, task_id=task.id, creator_id=work.by.id, due_at=work.now)
    await work.record(task, "billing_requested", {"conversion": [None, conversion.id]})
    return conversion


async def bill(conversion_id: UUID, *, by: Principal) -> None:
    """Make a billable for each person with unbilled time on the task, rounded and priced; a request is done once."""
    async with Work(by) as work:
        conversion = await work.load(Conversion, conversion_id, to="bill")
        if conversion.finished_at is not None:
            return
        task = await work.see(Task, conversion.task_id)
        entries = await work.fetch(_UNBILLED, task.id)
        refuse(() if entries else (NothingToBill(),))
        people = {entry["user_id"]: [e for e in entries if e["user_id"] == entry["user_id"]] for entry in entries}
        terms = await _terms(work, task, list(people))
        billables = [_billable(conversion, user, spent, terms) for user, spent in people.items()]
        await work.create_all(Billable, billables)
        pairs = zip(billables, people.values(), strict=True)
        billed = [{"billable_id": made["id"], "time_entry_id": entry["id"]} for made, spent in pairs for entry in spent]
        await work.create_all(BilledEntry, billed)
        await work.record(task, "billed", {"minutes": [None, sum(made["minutes"] for made in billables)]})
        done: dict[str, Any] = {"finished_at": work.now, "due_at": None, "attempts": 0, "error": None}
        await work.change(conversion, "finished", **done, failed_at=None)


class Terms(NamedTuple):
    """What decides the amounts: the customer who pays, if any, the currency, and the rates that may fit."""

    customer: Customer | None
    currency: str
    prices: list[Price]

    @property
    def rounding(self) -> tuple[int, Rounding]:
        """The increment in minutes, and the direction; whole minutes upwards where nobody pays."""
        who = self.customer
        return (who.billing_increment_minutes, who.billing_rounding) if who else (1, Rounding.UP)


async def _terms(work: Work, task: Task, people: list[UUID]) -> Terms:
    hints = [Hint(**dict(row)) for row in await work.fetch(_HINTS, task.id)]
    payer_id, place_id = billing_rules.payer(hints)
    customer = await work.see(Customer, payer_id) if payer_id else None
    if customer and customer.billing_status is BillingStatus.ON_HOLD:
        raise BillingOnHold(customer=customer.name)
    currency = (customer and customer.currency) or (await Workspace.get(id=task.workspace_id)).currency
    rows = await work.fetch(_PRICES, task.workspace_id, currency, task.id, place_id, payer_id, people)
    prices = [Price(RateScope(row["scope"]), row["hourly"], row["user_id"]) for row in rows]
    return Terms(customer, currency, prices)


def _billable(
    conversion: Conversion, user_id: UUID, spent: Sequence[Mapping[str, Any]], terms: Terms
) -> dict[str, Any]:
    """A person's time on the task, rounded once, at the first rate that fits."""
    price = billing_rules.price_of(terms.prices, user_id)
    if price is None:
        raise RateMissing(currency=terms.currency)
    minutes = billing_rules.billed_minutes(sum((e["seconds"] for e in spent), Decimal()), *terms.rounding)
    people = {"user_id": user_id, "customer_id": terms.customer and terms.customer.id}
    amount = money.price(minutes, price.hourly, terms.currency).amount
    return {
        **people,
        "id": uuid7(),
        "conversion_id": conversion.id,
        "task_id": conversion.task_id,
        "minutes": minutes,
        "quantity": money.quantity(minutes),
        "hourly": price.hourly,
        "rate_scope": price.scope,
        "amount": amount,
        "currency": terms.currency,
    }


def _wrong_rate(scope: RateScope, hourly: Decimal, currency: str, target_id: UUID | None) -> Iterator[DomainError]:
    if not (hourly.is_finite() and 0 <= hourly < _DEAREST and hourly == round(hourly, 4)):
        yield InvalidInput(path=("hourly", "amount"), reason="it is no price with up to four decimal places")
    try:
        money.minor_digits(currency)
    except InvalidInput as error:
        yield InvalidInput(path=("hourly", "currency"), **error.facts)
    if (target_id is None) is (scope in _TARGETS):
        reason = "only a rate of the workspace has none" if target_id is None else "a rate of the workspace has none"
        yield InvalidInput(path=("targetId",), reason=reason)
