"""When people are away, and who stands in for them."""

from collections.abc import Iterable
from datetime import date
from typing import Any, TypedDict
from uuid import UUID

from domain.columns import faults
from domain.errors import AbsenceOverlaps, DomainError, InvalidInput, refuse
from domain.once import Once
from domain.people import chosen
from domain.policy import allow
from domain.principal import Principal
from domain.statements import Values
from domain.work import Work
from models.absences import Absence
from models.accounts import User

_OVERLAPPING = """
select starts_on, ends_on from absences
where user_id = $1 and starts_on <= $3 and ends_on >= $2 and id is distinct from $4 order by starts_on
"""
_ACTION = "plan an absence of"


class Days(TypedDict, total=False):
    """When, and who stands in; what is absent stays as it is."""

    starts_on: date
    ends_on: date
    substitute_id: UUID | None


async def create(
    *,
    user_id: UUID | None = None,
    starts_on: date,
    ends_on: date,
    substitute_id: UUID | None = None,
    by: Principal,
    once: Once | None = None,
) -> UUID:
    """Say that one is away from one day to another, both included, or that somebody in one's reach is."""
    allow(by, "absence_create")
    async with Work(by, once=once) as work:
        if work.answer:
            return work.answer
        user = await chosen(work, user_id, _ACTION, path=("userId",))
        days: dict[str, Any] = {"starts_on": starts_on, "ends_on": ends_on, "substitute_id": substitute_id}
        await _check(work, user, days)
        absence = await work.create(Absence, user_id=user.id, **days)
        await work.record(user, "absence_added", {"absence": [None, days]})
        return await work.answers(absence.id)


async def update(absence_id: UUID, patch: Days, *, by: Principal, version: int | None = None) -> None:
    """Change when somebody is away, or who stands in."""
    async with Work(by) as work:
        absence, user = await _own(work, absence_id, version)
        before = _days(absence)
        await _check(work, user, before | patch, but=absence_id)
        if await work.change(absence, "updated", **patch):
            await work.record(user, "absence_changed", {"absence": [before, _days(absence)]})


async def delete(absence_id: UUID, *, by: Principal, version: int | None = None) -> None:
    """Say that somebody is not away after all."""
    async with Work(by) as work:
        absence, user = await _own(work, absence_id, version)
        await absence.delete()
        await work.record(user, "absence_removed", {"absence": [_days(absence), None]})


async def _own(work: Work, absence_id: UUID, version: int | None) -> tuple[Absence, User]:
    """An absence, locked, of oneself or somebody in one's reach."""
    absence = await work.load(Absence, absence_id, to="absence_update", version=version, path=("absenceId",))
    return absence, await chosen(work, absence.user_id, _ACTION, path=())


async def _check(work: Work, user: User, days: Values, *, but: UUID | None = None) -> None:
    """Refuse days that run backwards or that are taken, and a substitute who is none; the person is held meanwhile."""
    refuse((*faults(Absence, days), *_backwards(days)))
    await work.lock(User, [user.id])
    taken = await work.fetch(_OVERLAPPING, user.id, days["starts_on"], days["ends_on"], but)
    refuse(AbsenceOverlaps(path=("startsOn",), name=user.name, start=e["starts_on"], end=e["ends_on"]) for e in taken)
    if days["substitute_id"] is not None:
        refuse(_unfit(await work.see(User, days["substitute_id"], path=("substituteId",)), user))


def _days(absence: Absence) -> dict[str, Any]:
    return {name: getattr(absence, name) for name in ("starts_on", "ends_on", "substitute_id")}


def _backwards(days: Values) -> Iterable[DomainError]:
    if days["starts_on"] and days["ends_on"] and days["starts_on"] > days["ends_on"]:
        yield InvalidInput(path=("endsOn",), reason="the absence would end before it starts")


def _unfit(substitute: User, user: User) -> Iterable[DomainError]:
    if substitute.id == user.id:
        yield InvalidInput(path=("substituteId",), reason="nobody stands in for themselves")
    elif not substitute.active:
        yield InvalidInput(path=("substituteId",), reason=f"{substitute.name} is not active")
