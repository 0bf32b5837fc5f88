"""Who pays for a task, at which rate, and for how many minutes: pure rules."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from domain import money
from models.billing import RateScope
from models.customers import Rounding


@dataclass(frozen=True, slots=True)
class Hint:
    """A record that a task is about, with the customer whose it is."""

    customer_id: UUID
    location_id: UUID | None
    is_primary: bool = False
    is_visit: bool = False
    """Whether it is the visit during which the task is done, and no link."""


@dataclass(frozen=True, slots=True)
class Price:
    """The price of an hour, and whose rate it is."""

    scope: RateScope
    hourly: Decimal
    user_id: UUID | None = None
    """The person of a PERSON's rate."""


def payer(hints: Sequence[Hint]) -> tuple[UUID | None, UUID | None]:
    """The customer who pays, and the location if it is certain.

    It is the primary link's customer, else the only linked customer, else the visit's, else nobody.
    """
    primary = {hint.customer_id for hint in hints if hint.is_primary}
    linked = {hint.customer_id for hint in hints if not hint.is_visit}
    visited = {hint.customer_id for hint in hints if hint.is_visit}
    customer = next((min(found) for found in (primary, linked, visited) if len(found) == 1), None)
    return customer, _place([hint for hint in hints if hint.customer_id == customer and hint.location_id])


def _place(hints: Sequence[Hint]) -> UUID | None:
    """The primary location, else the only one."""
    primary = {hint.location_id for hint in hints if hint.is_primary}
    places = primary or {hint.location_id for hint in hints}
    return places.pop() if len(places) == 1 else None


def price_of(prices: Iterable[Price], user_id: UUID) -> Price | None:
    """The first rate that fits the person's time: task, location, customer, person, workspace."""
    order = list(RateScope)
    fitting = (price for price in prices if price.user_id in {None, user_id})
    return min(fitting, key=lambda price: order.index(price.scope), default=None)


def billed_minutes(seconds: Decimal, increment: int, rounding: Rounding) -> int:
    """The minutes to bill: whole seconds, rounded once to a multiple of the increment."""
    return money.round_minutes(int(seconds), increment * 60, rounding) // 60
