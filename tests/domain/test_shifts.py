"""Moving a task's day, and with it the days of what waits for it."""

import asyncio
from datetime import UTC, date, datetime

import pytest

from domain import accounts, dependencies, lifecycle, reminders, shifts
from domain.once import Once
from models import Event, Reminder, Workspace
from tests import make

FRIDAY, MONDAY = date(2026, 11, 20), date(2026, 11, 23)


@pytest.fixture
async def chain(ada):
    """A task due on a Friday, one without a date that waits for it, and one due on a Wednesday that waits for that."""
    first = await make.task(ada, due_on=FRIDAY)
    between = await make.task(ada)
    last = await make.task(ada, due_on=date(2026, 11, 25))
    await dependencies.add(between, first, by=ada)
    await dependencies.add(last, between, by=ada)
    return first, between, last


async def dates(*keys):
    return [(await make.stored(key)).due_on for key in keys]


async def test_what_waits_moves_by_as_many_working_days(ada, chain, database):
    first, between, last = chain
    before = await make.everything(database)
    (seen,) = await shifts.preview(first, MONDAY, by=ada)
    assert (seen.task.id, seen.due_on, seen.refusals) == (last, date(2026, 11, 26), ())
    assert await make.everything(database) == before
    assert await shifts.shift(first, MONDAY, by=ada) == [last]
    assert await dates(first, between, last) == [MONDAY, None, date(2026, 11, 26)]
    event = await Event.get(verb="shifted")
    assert (event.subject_id, event.changes, event.reason) == (
        last,
        {"due_on": ["2026-11-25", "2026-11-26"]},
        "It waits for T-1, which moved.",
    )
    await shifts.shift(first, FRIDAY, by=ada)
    assert await dates(*chain) == [FRIDAY, None, date(2026, 11, 25)]


async def test_a_move_into_the_weekend_moves_nothing_else(ada, chain):
    assert await shifts.shift(chain[0], date(2026, 11, 21), by=ada) == []
    assert await dates(*chain) == [date(2026, 11, 21), None, date(2026, 11, 25)]


async def test_an_appointment_keeps_its_hour_though_the_clocks_change(ada):
    await Workspace.filter(id=ada.workspace_id).update(time_zone="Europe/Berlin")
    first = await make.task(ada, due_on=date(2026, 10, 22))
    then = await make.task(ada, scheduled_at=datetime(2026, 10, 23, 7, tzinfo=UTC))
    await dependencies.add(then, first, by=ada)
    await reminders.create(then, anchor="SCHEDULED", offset_minutes=60, by=ada)
    await shifts.shift(first, date(2026, 10, 23), by=ada)
    assert (await make.stored(then)).scheduled_at == datetime(2026, 10, 26, 8, tzinfo=UTC)
    assert (await Reminder.get()).due_at == datetime(2026, 10, 26, 7, tzinfo=UTC)


async def test_each_moves_once_however_many_ways_lead_to_it(ada, chain):
    first, _, last = chain
    await dependencies.add(last, first, by=ada)
    assert await shifts.shift(first, MONDAY, by=ada) == [last]
    assert (await dates(last)) == [date(2026, 11, 26)]


async def test_what_is_finished_stays_and_so_does_what_waits_for_that_alone(ada, chain):
    first, between, last = chain
    await lifecycle.cancel(between, by=ada)
    assert await shifts.preview(first, MONDAY, by=ada) == []
    assert await shifts.shift(first, MONDAY, by=ada) == []
    assert await dates(last) == [date(2026, 11, 25)]


async def test_either_all_are_moved_or_none_is(ada, bob, sue, team, refused):
    keys = [await make.task(by, team_id=team, due_on=FRIDAY) for by in (ada, sue, bob)]
    for key, by in ((keys[1], sue), (keys[2], bob)):
        await dependencies.add(key, keys[0], by=by)
    found = await shifts.preview(keys[0], MONDAY, by=ada)
    assert [each.refusals[0].message for each in found] == [
        f"You may not move T-{number}, which waits for T-1. Those who may: its creator or its assignee."
        for number in (2, 3)
    ]
    async with refused("FORBIDDEN", "FORBIDDEN"):
        await shifts.shift(keys[0], MONDAY, by=ada)
    async with refused("FORBIDDEN", "FORBIDDEN") as caught:
        await shifts.shift(keys[0], MONDAY, by=sue)
    assert caught.value.errors[0].path == ("dueOn",)


async def test_what_is_not_seen_is_as_if_it_were_not_there(admin, ada, other, refused):
    south = await accounts.team_create(name="South", by=admin)
    mine = await make.task(ada, due_on=FRIDAY)
    hidden = await make.task(admin, due_on=FRIDAY, team_id=south)
    await dependencies.add(hidden, mine, by=admin)
    assert await shifts.preview(mine, MONDAY, by=ada) == []
    assert await shifts.shift(mine, MONDAY, by=ada) == []
    assert await dates(hidden) == [FRIDAY]
    for key, by in ((hidden, ada), (mine, other)):
        async with refused("NOT_FOUND"):
            await shifts.preview(key, MONDAY, by=by)
        async with refused("NOT_FOUND"):
            await shifts.shift(key, MONDAY, by=by)


async def test_what_cannot_be_moved_says_why(ada, chain, refused, monkeypatch):
    first, between, _ = chain
    async with refused("INVALID_INPUT"):
        await shifts.shift(between, MONDAY, by=ada)
    async with refused("VERSION_CONFLICT"):
        await shifts.shift(first, MONDAY, version=7, by=ada)
    async with refused("INVALID_INPUT") as caught:
        await shifts.shift(first, date.max, by=ada)
    assert caught.value.path == ("dueOn",)
    with monkeypatch.context() as patch:
        patch.setattr(shifts, "MOST", 0)
        async with refused("LIMIT_EXCEEDED"):
            await shifts.shift(first, MONDAY, by=ada)
    await lifecycle.cancel(first, by=ada)
    async with refused("TASK_FINAL"):
        await shifts.shift(first, MONDAY, by=ada)


async def test_a_repeated_request_moves_nothing_again(ada, chain):
    once = Once("once", "same")
    found = [await shifts.shift(chain[0], MONDAY, by=ada, once=once) for _ in range(2)]
    assert found == [[chain[2]]] * 2
    assert (await make.stored(chain[2])).version == 2


async def test_moves_at_once_come_one_after_the_other(ada, chain):
    first, _, last = chain
    days = [date(2026, 11, day) for day in (23, 24, 25, 26)]
    await asyncio.gather(*(shifts.shift(first, day, by=ada) for day in days))
    moved, then = await dates(first, last)
    assert (then - moved).days == {23: 3, 24: 3, 25: 5, 26: 5}[moved.day]
