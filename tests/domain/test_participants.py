"""Who takes part in a task beside the one who holds it."""

import asyncio

import pytest

from domain import accounts, lifecycle, ownership, participants, timesheets
from models import Notification, Participant, Participation, Role, Task
from tests import make

COLLABORATOR, WATCHER = Participation


async def told(person):
    return [row.message for row in await Notification.filter(user_id=person.id).order_by("created_at", "id")]


@pytest.fixture
async def stranger(admin):
    """Somebody of no team."""
    return await make.person(admin)


async def test_a_collaborator_sees_a_task_and_may_log_time_on_it_until_they_leave(ada, stranger, team, refused):
    key = await make.task(ada, team_id=team)
    async with refused("NOT_FOUND"):
        await timesheets.start(key, by=stranger)
    await participants.collaborate(key, stranger.id, by=ada)
    await timesheets.start(key, by=stranger)
    async with refused("FORBIDDEN"):
        await ownership.claim(key, by=stranger)
    assert (await make.history(key))[1] == ("collaborator_added", {"collaborator": [None, str(stranger.id)]})
    await participants.leave(key, COLLABORATOR, by=stranger)
    async with refused("NOT_FOUND"):
        await participants.leave(key, COLLABORATOR, by=stranger)


async def test_only_who_owns_a_task_says_who_collaborates(ada, bob, sue, stranger, team, refused):
    key = await make.task(ada, team_id=team)
    async with refused("FORBIDDEN"):
        await participants.collaborate(key, stranger.id, by=bob)
    for by in (ada, sue):
        await participants.collaborate(key, stranger.id, by=by)
    async with refused("FORBIDDEN"):
        await participants.leave(key, COLLABORATOR, stranger.id, by=bob)
    await participants.leave(key, COLLABORATOR, stranger.id, by=sue)
    assert await Participant.all().count() == 0


async def test_who_watches_a_task_is_told_of_every_step_but_their_own(ada, bob, sue, team):
    key = await make.task(ada, team_id=team, title="Fix it")
    await participants.watch(key, by=bob)
    await participants.collaborate(key, sue.id, by=ada)
    await ownership.claim(key, start=True, by=bob)
    await ownership.unclaim(key, by=bob)
    await ownership.claim(key, by=ada)
    await lifecycle.release(key, by=ada)
    await lifecycle.close(key, by=sue)
    adas = ["Ada Rep claimed T-1 Fix it.", "Ada Rep released T-1 Fix it."]
    assert await told(bob) == [*adas, "Sue Lead closed T-1 Fix it."]
    assert await told(sue) == ["Bob Rep claimed T-1 Fix it.", "Bob Rep gave back T-1 Fix it.", *adas]
    assert await told(ada) == []


async def test_who_does_not_see_a_task_any_more_is_told_nothing(admin, ada, bob, team, database):
    key = await make.task(ada, team_id=team)
    await participants.watch(key, by=bob)
    await database.execute("delete from memberships where user_id = $1", bob.id)
    await ownership.claim(key, by=ada)
    assert await told(bob) == []


async def test_nobody_has_somebody_watch_what_they_do_not_see(admin, ada, bob, sue, team, refused):
    key = await make.task(ada, team_id=team)
    outsider = await make.person(admin, team=await accounts.team_create(name="South", by=admin))
    async with refused("INVALID_INPUT") as caught:
        await participants.watch(key, outsider.id, by=admin)
    assert caught.value.path == ("userId",)
    async with refused("FORBIDDEN"):
        await participants.watch(key, bob.id, by=ada)
    await participants.watch(key, bob.id, by=sue)
    assert (await Participant.get()).part is WATCHER


async def test_a_watcher_can_become_a_collaborator_and_not_the_other_way_round(ada, bob, team):
    key = await make.task(ada, team_id=team)
    for verb in (participants.watch, participants.collaborate, participants.watch):
        await verb(key, bob.id, by=bob if verb is participants.watch else ada)
    assert [row.part for row in await Participant.all()] == [COLLABORATOR]
    await participants.leave(key, WATCHER, by=bob)
    assert await Participant.all().count() == 1
    assert (await Task.get(id=key)).watched
    await participants.leave(key, COLLABORATOR, by=bob)
    assert not (await Task.get(id=key)).watched


async def test_a_person_takes_part_once_however_many_say_so_at_once(ada, bob, sue, team):
    key = await make.task(ada, team_id=team)
    adding = [participants.collaborate(key, bob.id, by=by) for by in (ada, sue) * 3]
    await asyncio.gather(*adding, *(participants.watch(key, by=bob) for _ in range(3)))
    assert [row.part for row in await Participant.all()] == [COLLABORATOR]


async def test_nobody_joins_a_finished_task_and_only_so_many_one_that_is_not(ada, bob, sue, team, refused, monkeypatch):
    monkeypatch.setattr(participants, "MOST", 1)
    key = await make.task(ada, team_id=team)
    await participants.watch(key, by=bob)
    async with refused("LIMIT_EXCEEDED"):
        await participants.watch(key, by=sue)
    await lifecycle.cancel(key, by=ada)
    async with refused("TASK_FINAL", "LIMIT_EXCEEDED"):
        await participants.watch(key, by=sue)
    await participants.leave(key, WATCHER, bob.id, by=sue)


async def test_a_supervisor_above_nobody_there_adds_nobody(admin, ada, team, refused):
    other = await make.person(admin, role=Role.SUPERVISOR)
    key = await make.task(ada, team_id=team)
    async with refused("NOT_FOUND"):
        await participants.collaborate(key, other.id, by=other)
