"""Planning visits, checking in and out, calling off."""

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from domain import visits
from domain.once import Once
from models import Event, Team, User, Visit, VisitStatus
from tests import make

NINE = datetime(2026, 12, 1, 9, tzinfo=UTC)
PLAN = {"planned_start": NINE, "planned_end": NINE + timedelta(hours=1)}


@pytest.fixture
async def place(admin):
    return await make.location(admin, await make.customer(admin))


@pytest.fixture
async def visit(ada, place):
    return await visits.create(place.id, **PLAN, by=ada)


async def stored(key):
    return await Visit.get(id=key)


async def test_a_visit_is_planned_for_oneself_at_the_customer_of_the_location(ada, place, team, sent):
    key = await visits.create(place.id, **PLAN, purpose="Show it", team_id=team, by=ada)
    row = await stored(key)
    assert (row.status, row.customer_id, row.location_id) == (VisitStatus.PLANNED, place.customer_id, place.id)
    assert (row.creator_id, row.assignee_id, row.team_id, row.purpose) == (ada.id, ada.id, team, "Show it")
    assert (row.planned_start, row.planned_end) == (NINE, NINE + timedelta(hours=1))
    assert [verb for verb, _ in await make.history(key)] == ["created"]
    assert sent() == []


async def test_a_supervisor_plans_for_people_in_reach_only(sue, ada, admin, place, refused):
    key = await visits.create(place.id, **PLAN, assignee_id=ada.id, by=sue)
    assert (await stored(key)).assignee_id == ada.id
    async with refused("FORBIDDEN") as caught:
        await visits.create(place.id, **PLAN, assignee_id=admin.id, by=sue)
    assert caught.value.path == ("assigneeId",)


async def test_a_rep_plans_for_nobody_else(ada, bob, place, refused):
    async with refused("FORBIDDEN"):
        await visits.create(place.id, **PLAN, assignee_id=bob.id, by=ada)


async def test_nobody_plans_for_who_is_no_longer_active(sue, ada, place, refused):
    await User.filter(id=ada.id).update(active=False)
    async with refused("INVALID_INPUT"):
        await visits.create(place.id, **PLAN, assignee_id=ada.id, by=sue)


async def test_a_visit_ends_after_it_starts(ada, place, refused):
    async with refused("INVALID_INPUT") as caught:
        await visits.create(place.id, planned_start=NINE, planned_end=NINE, by=ada)
    assert caught.value.path == ("plannedEnd",)


@pytest.mark.parametrize(("field", "path"), [("assignee_id", "assigneeId"), ("team_id", "teamId")])
async def test_what_a_visit_refers_to_must_be_there(field, path, ada, place, refused):
    async with refused("NOT_FOUND") as caught:
        await visits.create(place.id, **PLAN, **{field: uuid4()}, by=ada)
    assert caught.value.path == (path,)


async def test_another_workspaces_location_and_team_are_not_there(ada, other, place, refused):
    theirs = await make.location(other, await make.customer(other))
    team = await Team.get(workspace_id=other.workspace_id)
    async with refused("NOT_FOUND"):
        await visits.create(theirs.id, **PLAN, by=ada)
    async with refused("NOT_FOUND"):
        await visits.create(place.id, **PLAN, team_id=team.id, by=ada)


async def test_a_visit_goes_from_planned_through_check_in_to_check_out(ada, visit, sent):
    await visits.check_in(visit, by=ada, version=1)
    await visits.check_out(visit, outcome="They buy", by=ada, version=2)
    row = await stored(visit)
    assert (row.status, row.outcome, row.version) == (VisitStatus.COMPLETED, "They buy", 3)
    assert row.checked_in_at < row.checked_out_at
    assert [verb for verb, _ in await make.history(visit)] == ["created", "checked_in", "checked_out"]
    assert sent() == []


async def test_a_repeated_check_in_and_check_out_change_nothing(ada, visit, database):
    await visits.check_in(visit, by=ada)
    before = await make.everything(database)
    await visits.check_in(visit, by=ada)
    assert await make.everything(database) == before
    await visits.check_out(visit, by=ada)
    before = await make.everything(database)
    await visits.check_out(visit, outcome="Something else", by=ada)
    assert await make.everything(database) == before


async def test_of_two_check_ins_at_once_one_is_told(ada, visit):
    await asyncio.gather(visits.check_in(visit, by=ada), visits.check_in(visit, by=ada))
    assert [verb for verb, _ in await make.history(visit)] == ["created", "checked_in"]


async def test_only_who_goes_checks_in(ada, sue, visit, refused):
    async with refused("FORBIDDEN_TRANSITION"):
        await visits.check_in(visit, by=sue)


async def test_nobody_checks_out_of_where_they_have_not_checked_in(ada, visit, refused):
    async with refused("INVALID_TRANSITION"):
        await visits.check_out(visit, by=ada)


async def test_a_supervisor_calls_a_planned_visit_off_and_says_why(sue, visit):
    await visits.cancel(visit, reason="Snow", by=sue)
    assert (await stored(visit)).status is VisitStatus.CANCELLED
    assert (await make.history(visit))[1:] == [("cancelled", {"status": ["PLANNED", "CANCELLED"]})]
    assert (await Event.get(subject_id=visit, verb="cancelled")).reason == "Snow"


async def test_a_visit_called_off_stays_so(ada, visit, refused):
    await visits.cancel(visit, by=ada)
    async with refused("VISIT_FINAL"):
        await visits.check_in(visit, by=ada)


async def test_a_visit_under_way_is_not_called_off(ada, visit, refused):
    await visits.check_in(visit, by=ada)
    async with refused("INVALID_TRANSITION"):
        await visits.cancel(visit, by=ada)


async def test_of_check_in_and_cancel_at_once_one_happens(ada, sue, visit):
    both = (visits.check_in(visit, by=ada), visits.cancel(visit, by=sue))
    results = await asyncio.gather(*both, return_exceptions=True)
    assert sum(result is None for result in results) == 1
    assert len(await make.history(visit)) == 2


async def test_a_visit_changed_meanwhile_is_not_moved(ada, visit, refused):
    for verb in (visits.check_in, visits.check_out, visits.cancel):
        async with refused("VERSION_CONFLICT"):
            await verb(visit, by=ada, version=7)


async def test_a_visit_out_of_sight_is_not_there(visit, other, refused):
    for verb in (visits.check_in, visits.check_out, visits.cancel):
        async with refused("NOT_FOUND"):
            await verb(visit, by=other)


async def test_a_repeated_request_plans_one_visit(ada, place):
    once = Once("key", "fingerprint")
    first, second = [await visits.create(place.id, **PLAN, by=ada, once=once) for _ in range(2)]
    assert first == second
    assert await Visit.all().count() == 1
