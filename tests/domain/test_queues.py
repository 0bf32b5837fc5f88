"""How queues work."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from domain import accounts, lifecycle, queues, tasks, timesheets
from domain.jobs import Job
from domain.principal import Principal
from models import Assignment, Event, Handover, Priority, Role, Task, TaskStatus, Team
from tests import make

LEASE = {"claim_lease_minutes": 60}


@pytest.fixture
def system(admin):
    return Principal.system(admin.workspace_id)


@pytest.fixture
async def leased(sue, team, database):
    """Ages all that is held and was done by so many minutes, where the team's lease is an hour."""
    await queues.update(team, LEASE, by=sue)

    async def leased(minutes):
        for table, column in (("tasks", "assigned_at"), ("events", "created_at")):
            await database.execute(f"update {table} set {column} = {column} - make_interval(mins => $1)", minutes)

    return leased


async def test_what_nothing_was_done_about_goes_back_to_its_queue(ada, team, leased, system):
    key = await make.task(ada, team_id=team, assignee_id=ada.id)
    await lifecycle.start(key, by=ada)
    await leased(61)
    await queues.tend(team, by=system)
    task = await make.stored(key)
    assert (task.assignee_id, task.status) == (None, TaskStatus.IN_PROGRESS)
    row = await Assignment.get(how=Handover.LEASE_EXPIRED)
    assert (row.sender_id, row.receiver_id, row.actor_id) == (ada.id, None, None)
    assert row.reason == "Nothing was done about it for 1 hour."
    assert 3660 <= row.held_seconds < 3670
    event = await Event.get(subject_id=key, verb="lease_expired")
    assert (event.actor_id, event.reason) == (None, row.reason)


async def test_what_the_holder_does_about_a_task_extends_the_lease(admin, ada, team, leased, system):
    kept, lost = [await make.task(admin, team_id=team, assignee_id=ada.id) for _ in range(2)]
    await leased(50)
    await tasks.update(kept, {"priority": Priority.HIGH}, by=ada)
    await tasks.update(lost, {"place": "Hurry"}, by=admin)
    await leased(20)
    await queues.tend(team, by=system)
    assert (await make.stored(kept)).assignee_id == ada.id
    assert (await make.stored(lost)).assignee_id is None


async def test_a_running_timer_and_an_appointment_to_come_keep_a_task_with_its_holder(ada, team, leased, system):
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    timed = await make.task(ada, team_id=team, assignee_id=ada.id)
    planned = await make.task(ada, team_id=team, assignee_id=ada.id, scheduled_at=tomorrow)
    await timesheets.start(timed, by=ada)
    await leased(61)
    await queues.tend(team, by=system)
    assert {(await make.stored(key)).assignee_id for key in (timed, planned)} == {ada.id}


async def test_released_work_and_that_of_other_teams_stays(admin, ada, team, leased, system):
    released = await make.task(ada, team_id=team, assignee_id=ada.id)
    await lifecycle.release(released, by=ada)
    other = await make.task(ada, team_id=await accounts.team_create(name="South", by=admin), assignee_id=ada.id)
    await leased(61)
    await queues.tend(team, by=system)
    assert {(await make.stored(key)).assignee_id for key in (released, other)} == {ada.id}


async def test_a_long_queue_is_tended_in_batches(ada, team, leased, system, monkeypatch):
    monkeypatch.setattr(queues, "BATCH", 2)
    for _ in range(3):
        await make.task(ada, team_id=team, assignee_id=ada.id)
    await leased(61)
    before = datetime.now(UTC)
    await queues.tend(team, by=system)
    assert await Task.filter(assignee_id=ada.id).count() == 1
    assert (await Team.get(id=team)).due_at - before < timedelta(seconds=5)
    await queues.tend(team, by=system)
    assert await Task.filter(assignee_id=ada.id).count() == 0
    assert (await Team.get(id=team)).due_at - before > timedelta(seconds=50)


async def test_a_lease_that_ends_while_the_holder_releases_takes_nothing_away_twice(ada, team, leased, system):
    keys = [await make.task(ada, team_id=team, assignee_id=ada.id) for _ in range(5)]
    await leased(61)
    releases = (lifecycle.release(key, by=ada) for key in keys)
    await asyncio.gather(queues.tend(team, by=system), *releases, queues.tend(team, by=system), return_exceptions=True)
    for key in keys:
        task = await make.stored(key)
        expired = await Assignment.filter(task_id=key, how=Handover.LEASE_EXPIRED).count()
        assert expired == (task.assignee_id is None)


async def test_a_queue_is_set_by_who_leads_the_team_and_tended_from_then_on(admin, ada, sue, team, sent, refused):
    stranger = await make.person(admin, role=Role.SUPERVISOR)
    for by in (ada, stranger):
        async with refused("FORBIDDEN"):
            await queues.update(team, LEASE, by=by)
    await queues.update(team, LEASE, by=sue)
    row = await Team.get(id=team)
    assert (row.claim_lease_minutes, row.version, row.due_at is not None) == (60, 3, True)
    assert (await make.history(team))[-1] == ("queue_updated", {"claim_lease_minutes": [None, 60]})
    assert sent() == [(Job.TEND_QUEUES, ())]
    await queues.update(team, LEASE, by=sue)
    assert (await Team.get(id=team)).version == 3
    await queues.update(team, {"claim_lease_minutes": None}, by=sue)
    assert (await Team.get(id=team)).due_at is None


@pytest.mark.parametrize("minutes", [0, -5, 525_601])
async def test_a_lease_out_of_range_is_refused(minutes, sue, team, refused):
    async with refused("INVALID_INPUT") as caught:
        await queues.update(team, {"claim_lease_minutes": minutes}, by=sue)
    assert caught.value.path == ("claimLease",)


@pytest.mark.parametrize(
    ("minutes", "words"), [(1, "1 minute"), (60, "1 hour"), (90, "1 hour, 30 minutes"), (2881, "2 days, 1 minute")]
)
def test_a_span_reads_as_people_say_it(minutes, words):
    assert queues.in_words(timedelta(minutes=minutes)) == words
