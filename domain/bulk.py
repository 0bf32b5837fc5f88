"""The same done to many rows in one transaction: to all or to none, or to those of which nothing is wrong."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar
from uuid import UUID

from domain import policy
from domain.conflicts import expect
from domain.errors import DomainError, InvalidInput, LimitExceeded, NotFound, Refused, Required, catalog, refuse
from domain.telling import noun
from domain.work import Work
from models.rows import Row

R = TypeVar("R", bound=Row)
T = TypeVar("T")
Outcomes = Sequence[tuple[DomainError, ...]]
"""For each item, in their order, why it was refused; it was done if there are no reasons."""

MOST = 100


class ErrorPolicy(StrEnum):
    """What it means for the others when one item is refused."""

    REJECT_ALL = "REJECT_ALL"
    REJECT_FAILED = "REJECT_FAILED"


@dataclass(frozen=True, slots=True)
class Item:
    """One row that something is to be done to, perhaps only at the version that is expected."""

    key: UUID
    version: int | None = None


class BulkRefused(Refused):
    """Nothing was done, because some items were refused."""

    def __init__(self, outcomes: Outcomes) -> None:
        super().__init__(error for errors in outcomes for error in errors)
        self.outcomes = outcomes


async def each(
    work: Work,
    model: type[R],
    items: Sequence[Item],
    do: Callable[[R], Awaitable[object]],
    *,
    to: str,
    errors: ErrorPolicy,
) -> Outcomes:
    """Do something to rows that are locked in the order of their ids, so that no two callers wait for each other.

    What is refused of one leaves no trace. The path of each reason begins with the place of its item. With
    REJECT_ALL, all reasons of all items are raised together. A repeat of the request gets the first answer.
    """
    policy.allow(work.by, to)
    refuse(_wrong(items) if work.outcomes is None else ())
    rows = await work.lock_seen(model, [item.key for item in items]) if work.outcomes is None else {}

    async def done(item: Item) -> None:
        if item.key not in rows:
            raise NotFound(path=(f"{noun(model).replace(' ', '_')}_id",), kind=noun(model))
        expect(rows[item.key], item.version)
        await do(rows[item.key])

    return await attempts(work, items, done, errors=errors)


async def attempts(
    work: Work, items: Sequence[T], do: Callable[[T], Awaitable[object]], *, errors: ErrorPolicy, inside: str = "items"
) -> Outcomes:
    """Do something with items, one after the other, as `each` does; the reasons' paths begin with `inside`."""
    if work.outcomes is not None:
        return [tuple(map(_read, told)) for told in work.outcomes]
    outcomes = [_placed(await _attempt(work, item, do), inside, place) for place, item in enumerate(items)]
    if errors is ErrorPolicy.REJECT_ALL and any(outcomes):
        raise BulkRefused(outcomes)
    await work.keep([[_plain(error) for error in found] for found in outcomes])
    return outcomes


async def _attempt(work: Work, item: T, do: Callable[[T], Awaitable[object]]) -> tuple[DomainError, ...]:
    try:
        async with work.attempt():
            await do(item)
    except DomainError as refusal:
        return refusal.errors
    return ()


def _placed(errors: tuple[DomainError, ...], inside: str, place: int) -> tuple[DomainError, ...]:
    """Let the paths begin with the place of the item."""
    for error in errors:
        error.path = (inside, str(place), *error.path)
    return errors


def _wrong(items: Sequence[Item]) -> tuple[DomainError, ...]:
    if not items:
        return (Required(path=("items",), field="An item"),)
    if len(items) > MOST:
        return (LimitExceeded(path=("items",), what="The number of items", limit=MOST, actual=len(items)),)
    first = {item.key: place for place, item in reversed(list(enumerate(items)))}
    return tuple(
        InvalidInput(path=("items", str(place)), reason=f"it is the same as item {first[item.key]}")
        for place, item in enumerate(items)
        if first[item.key] != place
    )


def _plain(error: DomainError) -> dict[str, Any]:
    return {"code": error.code, "path": error.path, "facts": error.facts}


def _read(told: dict[str, Any]) -> DomainError:
    return catalog()[told["code"]](path=tuple(told["path"]), **told["facts"])
