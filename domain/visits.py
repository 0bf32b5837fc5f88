"""Visits: planning them, checking in and out, and calling them off."""

from datetime import datetime
from typing import Any, NotRequired, TypedDict, Unpack
from uuid import UUID

from domain import awaiting, follow_ups, visit_rules
from domain.errors import InvalidInput
from domain.once import Once
from domain.people import chosen
from domain.policy import allow
from domain.principal import Principal
from domain.relations import in_reach
from domain.visit_rules import VisitAction, VisitFacts
from domain.work import Work
from models.accounts import Team
from models.customers import Location
from models.visits import Visit, VisitStatus


class Plan(TypedDict):
    """When and why somebody goes, and for which team."""

    planned_start: datetime
    planned_end: datetime
    team_id: NotRequired[UUID | None]
    purpose: NotRequired[str | None]


async def create(
    location_id: UUID, *, assignee_id: UUID | None = None, by: Principal, once: Once | None = None, **plan: Unpack[Plan]
) -> UUID:
    """Plan a visit to a customer's location, for oneself or for somebody in one's reach."""
    allow(by, "visit_create")
    if plan["planned_start"] >= plan["planned_end"]:
        raise InvalidInput(path=("plannedEnd",), reason="the visit would end before it starts")
    async with Work(by, once=once) as work:
        if work.answer:
            return work.answer
        place = await work.see(Location, location_id, path=("locationId",))
        if team_id := plan.get("team_id"):
            await work.see(Team, team_id, path=("teamId",))
        visitor = await chosen(work, assignee_id, "plan a visit for", path=("assigneeId",))
        who: dict[str, Any] = {"creator_id": by.id, "assignee_id": visitor.id}
        where: dict[str, Any] = {"customer_id": place.customer_id, "location_id": place.id}
        visit = await work.create(Visit, **who, **where, **plan)
        return await work.answers(visit.id)


async def check_in(visit_id: UUID, *, by: Principal, version: int | None = None) -> None:
    """Say that one has arrived."""
    async with Work(by) as work:
        visit = await work.load(Visit, visit_id, to="visit_check_in", version=version, path=("visitId",))
        await _move(work, visit, VisitAction.CHECK_IN, "checked_in", checked_in_at=work.now)


async def check_out(visit_id: UUID, *, outcome: str | None = None, by: Principal, version: int | None = None) -> None:
    """Say that the visit is over, and what came of it."""
    async with Work(by) as work:
        visit = await work.load(Visit, visit_id, to="visit_check_out", version=version, path=("visitId",))
        said = {} if outcome is None else {"outcome": outcome}
        await _move(work, visit, VisitAction.CHECK_OUT, "checked_out", checked_out_at=work.now, **said)


async def cancel(visit_id: UUID, *, reason: str | None = None, by: Principal, version: int | None = None) -> None:
    """Call a planned visit off."""
    async with Work(by) as work:
        visit = await work.load(Visit, visit_id, to="visit_cancel", version=version, path=("visitId",))
        await _move(work, visit, VisitAction.CANCEL, "cancelled", reason=reason)


async def _move(
    work: Work, visit: Visit, action: VisitAction, verb: str, *, reason: str | None = None, **values: Any
) -> None:
    """Take a step, if whoever acts may; a repeat changes nothing."""
    status = visit_rules.move(action, facts(visit, work.by), work.by)
    if status is not visit.status:
        await work.change(visit, verb, reason=reason, status=status, **values)
        if status in visit_rules.FINAL:
            await awaiting.wake(work, visit)
        if status is VisitStatus.COMPLETED:
            await follow_ups.spring(work, visit)


def facts(visit: Visit, by: Principal) -> VisitFacts:
    """What the rules need to know of a visit."""
    who = {"creator_id": visit.creator_id, "assignee_id": visit.assignee_id}
    return VisitFacts(status=visit.status, in_reach=in_reach(by, team_id=visit.team_id, **who), **who)
