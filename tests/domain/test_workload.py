"""What people have to do, against the time that they have, and what would even it out."""

from datetime import UTC, date, datetime, timedelta

from domain import absences, capacity, lifecycle, workload
from domain.rebalancing import Carrier, Movable, suggest
from tests import make

MONDAY, SUNDAY = date(2030, 1, 7), date(2030, 1, 13)
YESTERDAY = datetime.now(UTC).date() - timedelta(days=2)


async def test_what_a_person_holds_is_counted_against_the_days_on_which_they_are_there(ada, bob, sue, team):
    await capacity.workload_update(ada.id, {"capacity": 9, "weekly_minutes": 1500}, by=sue)
    await absences.create(starts_on=date(2030, 1, 11), ends_on=SUNDAY, by=ada)
    for due, minutes in ((MONDAY, 60), (YESTERDAY, 30), (date(2030, 2, 1), 500), (None, 500)):
        await make.task(ada, team_id=team, assignee_id=ada.id, due_on=due, expected_minutes=minutes)
    await lifecycle.release(await make.task(ada, team_id=team, assignee_id=ada.id, due_on=MONDAY), by=ada)
    found = {each.user_id: each for each in await workload.of_team(team, MONDAY, SUNDAY, by=sue)}
    assert found.keys() == {ada.id, bob.id, sue.id}
    adas = found[ada.id]
    assert (adas.capacity, adas.load, adas.open, adas.due, adas.overdue) == (9, 4, 4, 1, 1)
    assert (adas.estimated_minutes, adas.available_minutes) == (90, 1200)
    bobs = found[bob.id]
    assert (bobs.capacity, bobs.load, bobs.open, bobs.estimated_minutes, bobs.available_minutes) == (
        None,
        0,
        0,
        0,
        2400,
    )


async def test_who_does_not_lead_the_team_is_told_of_themselves_alone(admin, ada, team, other, refused):
    assert [each.user_id for each in await workload.of_team(team, MONDAY, SUNDAY, by=ada)] == [ada.id]
    assert await workload.rebalance(team, by=ada) == []
    assert await workload.of_team(team, MONDAY, SUNDAY, by=await make.person(admin)) == []
    async with refused("NOT_FOUND"):
        await workload.of_team(team, MONDAY, SUNDAY, by=other)


async def test_a_period_runs_forward_and_is_a_year_at_most(sue, team, refused):
    async with refused("INVALID_INPUT"):
        await workload.of_team(team, SUNDAY, MONDAY, by=sue)
    async with refused("LIMIT_EXCEEDED"):
        await workload.of_team(team, MONDAY, date(2031, 1, 8), by=sue)


async def test_moves_are_proposed_and_none_is_made(admin, ada, bob, sue, team, database):
    keys = [await make.task(admin, team_id=team, assignee_id=ada.id, priority=each) for each in (4, 1, 2, 3)]
    await lifecycle.start(keys[1], by=ada)
    before = await make.everything(database)
    first, second = await workload.rebalance(team, by=sue)
    assert (first.task_id, first.sender_id, first.receiver_id) == (keys[2], ada.id, bob.id)
    assert first.reason == "Ada Rep carries 4, Bob Rep 0."
    assert (second.task_id, second.reason) == (keys[3], "Ada Rep carries 3, Bob Rep 1.")
    assert await make.everything(database) == before


def test_nobody_who_is_away_or_full_is_proposed():
    people = [Carrier(1, "A", 5, None, True), Carrier(2, "B", 0, None, False), Carrier(3, "C", 0, 1, True)]
    moves = list(suggest(people, [Movable(each, 1, 1) for each in range(5)]))
    assert [(move.task_id, move.receiver_id) for move in moves] == [(0, 3)]


def test_a_move_that_only_turns_the_tables_is_not_proposed():
    people = [Carrier(1, "A", 3, None, True), Carrier(2, "B", 0, None, True)]
    assert list(suggest(people, [Movable(1, 1, 3), Movable(2, 1, 0)])) == []
