"""Opportunities: sales that may come about."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, TypedDict, Unpack
from uuid import UUID

from domain import numbering
from domain.columns import faults
from domain.errors import DomainError, InvalidInput, refuse
from domain.money import Money
from domain.once import Once
from domain.policy import allow
from domain.principal import Principal
from domain.work import Work
from models.accounts import User
from models.customers import Customer
from models.opportunities import Opportunity, OpportunityStage

_ENDED = frozenset({OpportunityStage.WON, OpportunityStage.LOST})


class Content(TypedDict, total=False):
    """What is known of a sale; what is absent has its default, or stays as it is. An amount has its currency."""

    subject: str
    description: str | None
    stage: OpportunityStage
    amount: Decimal | None
    currency: str | None
    expected_close_on: date | None
    owner_id: UUID | None


async def create(customer_id: UUID, *, by: Principal, once: Once | None = None, **content: Unpack[Content]) -> UUID:
    """Add a sale that may come about with a customer."""
    allow(by, "opportunity_create")
    values: dict[str, Any] = {"subject": None, **content}
    refuse((*faults(Opportunity, values), *_wrong_amount(values)))
    async with Work(by, once=once) as work:
        if work.answer:
            return work.answer
        await work.see(Customer, customer_id, path=("customerId",))
        await _refer(work, values)
        values["number"] = await numbering.following(work, "last_opportunity_number")
        values |= {"customer_id": customer_id, "creator_id": by.id, **_dates(work, values)}
        return await work.answers((await work.create(Opportunity, **values)).id)


async def update(opportunity_id: UUID, patch: Content, *, by: Principal, version: int | None = None) -> None:
    """Change what is known of a sale, or how near it is."""
    async with Work(by) as work:
        path = ("opportunityId",)
        found = await work.load(Opportunity, opportunity_id, to="opportunity_update", version=version, path=path)
        refuse((*faults(Opportunity, patch), *_wrong_amount(patch)))
        await _refer(work, patch)
        ended_at = found.closed_at if found.stage in _ENDED and found.stage is patch.get("stage") else None
        await work.change(found, "updated", **patch, **_dates(work, patch, ended_at))


async def _refer(work: Work, values: Mapping[str, Any]) -> None:
    if owner := values.get("owner_id"):
        await work.see(User, owner, path=("ownerId",))


def _wrong_amount(values: Mapping[str, Any]) -> Iterator[DomainError]:
    amount, currency = values.get("amount"), values.get("currency")
    if amount is None or currency is None:
        return
    try:
        Money(amount, currency)
    except InvalidInput as error:
        yield InvalidInput(path=("amount",), **error.facts)
    else:
        if amount < 0:
            yield InvalidInput(path=("amount",), reason="it is less than nothing")


def _dates(work: Work, values: Mapping[str, Any], ended_at: datetime | None = None) -> dict[str, Any]:
    """Since when an opportunity of this stage is won or lost."""
    if "stage" not in values:
        return {}
    return {"closed_at": (ended_at or work.now) if values["stage"] in _ENDED else None}
