"""Timers and time written down."""

import asyncio
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest

from domain import lifecycle, timesheets
from domain.errors import TimerRunning
from domain.once import Once
from models import TimeEntry
from tests import make

NINE = datetime(2026, 11, 2, 9, tzinfo=UTC)
INTERVAL = {"started_at": NINE, "ended_at": NINE + timedelta(minutes=90)}
DAY = {"minutes": 90, "worked_on": date(2026, 11, 2)}


@pytest.fixture
async def task(ada):
    return await make.task(ada, title="Survey", assignee_id=ada.id)


async def test_a_timer_starts_now_and_counts_as_billable_when_the_task_does(ada, task, sent):
    entry = await TimeEntry.get(id=await timesheets.start(task, note="On the road", by=ada))
    assert (entry.task_id, entry.user_id, entry.creator_id) == (task, ada.id, ada.id)
    assert (entry.billable, entry.note, entry.ended_at, entry.minutes) == (True, "On the road", None, None)
    assert (await make.history(task))[-1] == ("time_started", {"time_entry": [None, str(entry.id)]})
    assert abs(entry.started_at - entry.created_at) < timedelta(seconds=1)
    unpaid = await make.task(ada, billable=False)
    await timesheets.stop(entry.id, by=ada)
    assert (await TimeEntry.get(id=await timesheets.start(unpaid, by=ada))).billable is False
    assert sent() == []


async def test_a_person_has_one_timer_and_is_told_where_it_runs(ada, bob, task, refused):
    await timesheets.start(task, by=ada)
    second = await make.task(bob)
    await timesheets.start(second, by=bob)
    async with refused("TIMER_RUNNING") as caught:
        await timesheets.start(second, by=ada)
    assert caught.value.facts == {"task": "T-1 Survey"}


async def test_starting_the_timer_where_it_runs_changes_nothing(ada, task, database):
    first = await timesheets.start(task, by=ada)
    before = await make.everything(database)
    assert await timesheets.start(task, by=ada) == first
    assert await make.everything(database) == before


async def test_of_two_starts_at_once_one_runs_and_the_other_is_told_where(ada, task):
    second = await make.task(ada, title="Visit")
    both = (timesheets.start(each, by=ada) for each in (task, second))
    results = await asyncio.gather(*both, return_exceptions=True)
    (refusal,) = [result for result in results if isinstance(result, TimerRunning)]
    assert refusal.facts["task"] in {"T-1 Survey", "T-2 Visit"}
    assert await TimeEntry.all().count() == 1


async def test_no_timer_starts_on_a_finished_task_but_its_time_can_be_written_down(ada, task, refused):
    await lifecycle.cancel(task, by=ada)
    async with refused("TASK_FINAL"):
        await timesheets.start(task, by=ada)
    assert await timesheets.create(task, **DAY, by=ada)


async def test_a_stopped_timer_has_an_end_and_stays_stopped(ada, task, database):
    key = await timesheets.start(task, by=ada)
    await timesheets.stop(key, by=ada, version=1)
    entry = await TimeEntry.get(id=key)
    assert entry.started_at < entry.ended_at
    assert entry.version == 2
    assert (await make.history(task))[-1] == ("time_stopped", {"time_entry": [None, str(key)]})
    before = await make.everything(database)
    await timesheets.stop(key, by=ada)
    assert await make.everything(database) == before


async def test_two_stops_at_once_are_one(ada, task):
    key = await timesheets.start(task, by=ada)
    await asyncio.gather(timesheets.stop(key, by=ada), timesheets.stop(key, by=ada))
    assert (await TimeEntry.get(id=key)).version == 2


async def test_minutes_on_a_day_are_no_timer_to_stop(ada, task, database):
    key = await timesheets.create(task, **DAY, by=ada)
    before = await make.everything(database)
    await timesheets.stop(key, by=ada)
    assert await make.everything(database) == before


async def test_a_supervisor_stops_a_timer_in_reach_and_a_colleague_does_not(ada, bob, sue, team, refused):
    task = await make.task(ada, team_id=team)
    key = await timesheets.start(task, by=ada)
    async with refused("FORBIDDEN"):
        await timesheets.stop(key, by=bob)
    await timesheets.stop(key, by=sue)
    assert (await TimeEntry.get(id=key)).ended_at is not None


async def test_a_timer_changed_meanwhile_or_out_of_sight_is_not_stopped(ada, other, task, refused):
    key = await timesheets.start(task, by=ada)
    async with refused("VERSION_CONFLICT"):
        await timesheets.stop(key, by=ada, version=2)
    async with refused("NOT_FOUND"):
        await timesheets.stop(key, by=other)


@pytest.mark.parametrize("span", [INTERVAL, DAY])
async def test_work_that_is_over_is_an_interval_or_minutes_on_a_day(span, ada, task, sent):
    entry = await TimeEntry.get(id=await timesheets.create(task, **span, billable=False, by=ada))
    assert {name: getattr(entry, name) for name in span} == span
    assert (entry.user_id, entry.creator_id, entry.billable) == (ada.id, ada.id, False)
    assert (await make.history(task))[-1] == ("time_written_down", {"time_entry": [None, str(entry.id)]})
    assert sent() == []


@pytest.mark.parametrize(
    ("span", "path"),
    [
        ({}, "startedAt"),
        (INTERVAL | DAY, "startedAt"),
        ({"started_at": NINE}, "startedAt"),
        ({"minutes": 5}, "startedAt"),
        ({"started_at": NINE, "ended_at": NINE}, "endedAt"),
        ({"started_at": NINE, "ended_at": datetime(2999, 1, 1, tzinfo=UTC)}, "endedAt"),
        (DAY | {"minutes": 0}, "minutes"),
        (DAY | {"minutes": 1441}, "minutes"),
    ],
)
async def test_what_is_neither_is_refused_where_it_is(span, path, ada, task, refused):
    async with refused("INVALID_INPUT") as caught:
        await timesheets.create(task, **span, by=ada)
    assert caught.value.path == (path,)


async def test_a_supervisor_writes_down_the_time_of_people_in_reach_and_a_rep_only_their_own(
    ada, bob, sue, task, refused
):
    entry = await TimeEntry.get(id=await timesheets.create(task, **DAY, user_id=ada.id, by=sue))
    assert (entry.user_id, entry.creator_id) == (ada.id, sue.id)
    async with refused("FORBIDDEN"):
        await timesheets.create(task, **DAY, user_id=bob.id, by=ada)


async def test_time_is_spent_on_a_task_in_sight(ada, other, task, refused):
    for verb, span in ((timesheets.start, {}), (timesheets.create, DAY)):
        async with refused("NOT_FOUND"):
            await verb(task, **span, by=other)
        async with refused("NOT_FOUND"):
            await verb(uuid4(), **span, by=ada)


async def test_a_repeated_request_writes_time_down_once(ada, task):
    first, second = [await timesheets.create(task, **DAY, by=ada, once=Once("key", "f")) for _ in range(2)]
    assert first == second
    assert await TimeEntry.all().count() == 1
