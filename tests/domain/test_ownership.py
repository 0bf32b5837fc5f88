"""Who holds a task."""

import asyncio
from dataclasses import replace
from datetime import date, datetime

import pytest

from domain import accounts, capacity, lifecycle, ownership, participants, tokens
from domain.bulk import ErrorPolicy, Item
from domain.once import Once
from models import Assignment, Event, Handover, Notification, Priority, Role, Scope, Task, TaskStatus, User
from tests import make


async def hands(key):
    rows = await Assignment.filter(task_id=key).order_by("created_at", "id")
    return [(row.how, row.sender_id, row.receiver_id, row.actor_id, row.reason) for row in rows]


async def test_claiming_an_unassigned_task_makes_it_mine(ada, team, sent):
    key = await make.task(ada, team_id=team)
    await ownership.claim(key, by=ada)
    task = await make.stored(key)
    assert (task.assignee_id, task.status, task.version) == (ada.id, TaskStatus.PENDING, 2)
    assert await hands(key) == [(Handover.CLAIMED, None, ada.id, ada.id, None)]
    assigned_at = task.assigned_at.isoformat()
    assert (await make.history(key))[1:] == [
        ("claimed", {"assignee_id": [None, str(ada.id)], "assigned_at": [None, assigned_at]})
    ]
    assert sent() == []


async def test_a_claim_can_start_the_task(ada):
    key = await make.task(ada)
    await ownership.claim(key, start=True, by=ada)
    task = await make.stored(key)
    assert (task.status, task.assignee_id, task.started_at) == (TaskStatus.IN_PROGRESS, ada.id, task.assigned_at)
    assert [verb for verb, _ in await make.history(key)] == ["created", "claimed"]


async def test_claiming_again_changes_nothing_but_can_still_start(ada, database):
    key = await make.task(ada)
    await ownership.claim(key, by=ada)
    before = await make.everything(database)
    await ownership.claim(key, by=ada)
    assert await make.everything(database) == before
    await ownership.claim(key, start=True, by=ada)
    assert (await make.history(key))[-1][0] == "started"
    assert (await make.stored(key)).status is TaskStatus.IN_PROGRESS
    assert len(await hands(key)) == 1


async def test_a_held_task_is_refused_by_the_holders_name(ada, bob, team, refused):
    key = await make.task(ada, team_id=team, assignee_id=ada.id)
    async with refused("ALREADY_CLAIMED") as caught:
        await ownership.claim(key, by=bob)
    assert caught.value.facts == {"holder": "Ada Rep"}


async def test_a_final_task_is_not_claimed(ada, refused):
    key = await make.task(ada)
    await lifecycle.cancel(key, by=ada)
    for start in (False, True):
        async with refused("TASK_FINAL"):
            await ownership.claim(key, start=start, by=ada)


async def test_a_released_task_waits_for_nobody(ada, bob, refused):
    key = await make.task(ada)
    await lifecycle.release(key, by=ada)
    async with refused("NOT_CLAIMABLE"):
        await ownership.claim(key, by=bob)


async def test_another_teams_task_is_not_claimed_by_its_creator(admin, team, refused):
    outsider = await make.person(admin)
    key = await make.task(outsider, team_id=team)
    async with refused("FORBIDDEN"):
        await ownership.claim(key, by=outsider)


async def test_of_many_claims_at_once_one_wins_and_the_others_learn_who(ada, bob, team):
    key = await make.task(ada, team_id=team)
    claims = [ownership.claim(key, by=by) for by in (ada, bob) * 10]
    lost = [error for error in await asyncio.gather(*claims, return_exceptions=True) if error]
    holder = await User.get(id=(await make.stored(key)).assignee_id)
    assert [(error.code, error.facts) for error in lost] == [("ALREADY_CLAIMED", {"holder": holder.name})] * 10
    assert len(await hands(key)) == 1
    assert await Event.filter(subject_id=key).count() == 2


async def test_the_next_task_is_the_most_urgent_then_the_first_due_then_the_oldest(ada, bob, team):
    content = [
        {"title": "later", "priority": Priority.HIGH, "due_on": date(2026, 12, 2)},
        {"title": "old", "priority": Priority.HIGH, "due_on": date(2026, 12, 1)},
        {"title": "young", "priority": Priority.HIGH, "due_on": date(2026, 12, 1)},
        {"title": "undated", "priority": Priority.HIGH},
        {"title": "urgent", "priority": Priority.URGENT},
    ]
    for each in content:
        await make.task(ada, team_id=team, **each)
    await make.task(ada, priority=Priority.URGENT, title="everybody's")
    await make.task(ada, team_id=team, assignee_id=ada.id, priority=Priority.URGENT)
    await lifecycle.release(await make.task(ada, team_id=team, priority=Priority.URGENT), by=ada)
    claimed = [await make.stored(await ownership.claim_next(team, by=bob)) for _ in content]
    assert [task.title for task in claimed] == ["urgent", "old", "young", "later", "undated"]
    assert {task.assignee_id for task in claimed} == {bob.id}
    assert await hands(claimed[0].id) == [(Handover.CLAIMED, None, bob.id, bob.id, None)]


async def left_by(key):
    """What a claim leaves: the task, its last event and its change of hands without ids; and the times in them."""
    task, event = await make.stored(key), await Event.filter(subject_id=key).order_by("-created_at").first()
    rows = [dict(row) for row in (task, event, await Assignment.get(task_id=key))]
    times = {row.pop("assigned_at", row["created_at"]) for row in rows} | {rows[0].pop("updated_at")}
    times.add(datetime.fromisoformat(event.changes.pop("assigned_at")[1]))
    own = {"id", "number", "subject_id", "task_id", "created_at"}
    return [{name: value for name, value in row.items() if name not in own} for row in rows], times


async def test_claiming_the_next_leaves_what_claiming_it_by_its_id_leaves(ada, team):
    by_key = replace(ada, scopes=frozenset({Scope.WRITE}))
    first, second, third = [await make.task(ada, team_id=team, title="Call") for _ in range(3)]
    await ownership.claim(second, by=by_key)
    assert await ownership.claim_next(team, by=by_key) == first
    expected, _ = await left_by(second)
    found, times = await left_by(first)
    assert found == expected
    assert len(times) == 1
    await ownership.claim_next(team, start=True, by=by_key)
    assert (await make.stored(third)).status is TaskStatus.IN_PROGRESS


async def test_who_watches_the_next_task_learns_that_it_was_claimed(ada, bob, team):
    key = await make.task(ada, team_id=team)
    await participants.watch(key, by=bob)
    assert await ownership.claim_next(team, by=ada) == key
    assert [note.user_id for note in await Notification.filter(task_id=key)] == [bob.id]


async def test_the_next_task_can_be_started_at_once(ada, team):
    key = await make.task(ada, team_id=team)
    assert await ownership.claim_next(team, start=True, by=ada) == key
    assert (await make.stored(key)).status is TaskStatus.IN_PROGRESS


async def test_from_an_empty_queue_nothing_is_claimed(ada, team, refused):
    async with refused("NOTHING_TO_CLAIM"):
        await ownership.claim_next(team, by=ada)


async def test_a_stranger_to_the_team_does_not_claim_from_its_queue(admin, ada, team, other, refused):
    key, stranger = await make.task(ada, team_id=team), await make.person(admin)
    async with refused("FORBIDDEN"):
        await ownership.claim_next(team, by=stranger)
    async with refused("NOT_FOUND"):
        await ownership.claim_next(team, by=other)
    assert await ownership.claim_next(team, by=admin) == key


async def test_who_leads_the_team_above_claims_from_its_queue(admin, ada, sue, team):
    below = await accounts.team_create(name="Far North", parent_id=team, by=admin)
    key = await make.task(admin, team_id=below)
    assert await ownership.claim_next(below, by=await tokens.of_user(sue.id)) == key


async def test_a_repeated_request_for_the_next_task_is_answered_with_the_same_one(ada, team):
    keys = {await make.task(ada, team_id=team) for _ in range(2)}
    once = Once("again", "next")
    first = await ownership.claim_next(team, by=ada, once=once)
    assert first in keys
    assert await ownership.claim_next(team, by=ada, once=once) == first
    assert len(await Assignment.all()) == 1


async def test_what_somebody_else_is_about_to_claim_is_passed_over(ada, team, database):
    first, second = [await make.task(ada, team_id=team) for _ in range(2)]
    async with database.transaction():
        await database.execute("select from tasks where id = $1 for no key update", first)
        assert await asyncio.wait_for(ownership.claim_next(team, by=ada), 5) == second


async def test_the_holder_gives_a_task_back_and_it_stays_where_it_is(ada, team, database):
    key = await make.task(ada, team_id=team)
    await ownership.claim(key, start=True, by=ada)
    await database.execute("update tasks set assigned_at = assigned_at - interval '90 seconds'")
    await ownership.unclaim(key, reason="ill", by=ada)
    task = await make.stored(key)
    assert (task.assignee_id, task.assigned_at, task.status) == (None, None, TaskStatus.IN_PROGRESS)
    assert (await hands(key))[-1] == (Handover.UNCLAIMED, ada.id, None, ada.id, "ill")
    assert [row.held_seconds for row in await Assignment.filter(how=Handover.UNCLAIMED)] == [90]
    assert (await Event.get(subject_id=key, verb="unclaimed")).reason == "ill"


async def test_a_supervisor_takes_a_task_from_its_holder(ada, sue, team):
    key = await make.task(ada, team_id=team, assignee_id=ada.id)
    await ownership.unclaim(key, by=sue)
    assert (await make.stored(key)).assignee_id is None


async def test_what_nobody_holds_is_not_given_back(ada, refused):
    key = await make.task(ada)
    async with refused("NOT_CLAIMED"):
        await ownership.unclaim(key, by=ada)


async def test_a_colleague_does_not_give_it_back(ada, bob, team, refused):
    key = await make.task(ada, team_id=team, assignee_id=ada.id)
    async with refused("NOT_HOLDER") as caught:
        await ownership.unclaim(key, by=bob)
    assert caught.value.facts == {"holder": "Ada Rep"}


async def test_a_supervisor_hands_a_task_on_and_the_log_tells_why(ada, bob, sue, team, sent):
    key = await make.task(ada, team_id=team, assignee_id=ada.id)
    await ownership.assign(key, bob.id, reason="holiday", by=sue)
    await ownership.assign(key, None, by=sue)
    assert (await hands(key))[1:] == [
        (Handover.ASSIGNED, ada.id, bob.id, sue.id, "holiday"),
        (Handover.ASSIGNED, bob.id, None, sue.id, None),
    ]
    assert [verb for verb, _ in await make.history(key)] == ["created", "assigned", "assigned"]
    assert sent() == []


async def give(keys, whom, by, errors=ErrorPolicy.REJECT_ALL, once=None, **more):
    """Hand tasks to people, one after the other; each one's refusals, as codes and paths."""
    items, receivers = [Item(key) for key in keys], dict(zip(keys, [each and each.id for each in whom], strict=True))
    outcomes = await ownership.assign_all(items, receivers, errors=errors, by=by, once=once, **more)
    return [[(error.code, error.path) for error in found] for found in outcomes]


async def test_many_tasks_are_handed_on_at_once_each_to_its_receiver(ada, bob, sue, team):
    keys = [await make.task(ada, team_id=team, assignee_id=ada.id) for _ in range(3)]
    once = Once("holiday", "same")
    for _ in range(2):
        assert await give(keys, [bob, sue, None], sue, reason="holiday", once=once) == [[], [], []]
    assert [(await make.stored(key)).assignee_id for key in keys] == [bob.id, sue.id, None]
    rows = [(Handover.ASSIGNED, ada.id, whom, sue.id, "holiday") for whom in (bob.id, sue.id, None)]
    assert [(await hands(key))[1:] for key in keys] == [[row] for row in rows]


async def test_of_tasks_handed_to_a_full_person_those_that_fit_are_taken_when_the_rest_may_fail(
    ada, bob, sue, team, refused
):
    await capacity.workload_update(bob.id, {"capacity": 2}, by=sue)
    keys = [await make.task(ada, team_id=team) for _ in range(3)]
    over = [("OVER_CAPACITY", ("items", "2", "assigneeId"))]
    async with refused("OVER_CAPACITY"):
        await give(keys, [bob] * 3, sue)
    assert await give(keys, [bob] * 3, sue, ErrorPolicy.REJECT_FAILED) == [[], [], over]
    assert await give(keys[2:], [bob], sue, force=True) == [[]]


async def test_tasks_handed_crosswise_at_once_wait_for_nobody_and_exceed_no_capacity(ada, bob, sue, team):
    for person in (ada, bob):
        await capacity.workload_update(person.id, {"capacity": 4}, by=sue)
    mine, theirs = [[await make.task(ada, team_id=team) for _ in range(4)] for _ in range(2)]
    moves = [give(mine, [ada, bob] * 2, sue), give(theirs, [bob, ada] * 2, sue)]
    assert await asyncio.wait_for(asyncio.gather(*moves), 20) == [[[]] * 4] * 2
    assert await Task.filter(assignee_id=ada.id).count() == await Task.filter(assignee_id=bob.id).count() == 4


async def test_a_rep_hands_many_tasks_on_no_more_than_one(ada, bob, team, refused):
    keys = [await make.task(ada, team_id=team) for _ in range(2)]
    async with refused("FORBIDDEN", "FORBIDDEN"):
        await give(keys, [bob, bob], ada)


async def test_handing_a_task_to_its_holder_changes_nothing(ada, sue, team, database):
    key = await make.task(ada, team_id=team, assignee_id=ada.id)
    before = await make.everything(database)
    await ownership.assign(key, ada.id, by=sue)
    assert await make.everything(database) == before


async def test_a_rep_hands_nothing_on(ada, bob, team, refused):
    key = await make.task(ada, team_id=team)
    async with refused("FORBIDDEN"):
        await ownership.assign(key, bob.id, by=ada)


async def test_a_person_who_is_not_there_any_more_gets_nothing(sue, bob, team, refused, database):
    key = await make.task(sue, team_id=team)
    await database.execute("update users set active = false where id = $1", bob.id)
    async with refused("INVALID_INPUT") as caught:
        await ownership.assign(key, bob.id, by=sue)
    assert caught.value.path == ("assigneeId",)


async def test_a_person_of_another_workspace_gets_nothing(sue, other, team, refused):
    key = await make.task(sue, team_id=team)
    async with refused("NOT_FOUND"):
        await ownership.assign(key, other.id, by=sue)


async def test_claims_and_hand_overs_at_once_leave_an_unbroken_chain_of_hands(ada, bob, sue, team):
    key = await make.task(sue, team_id=team)
    moves = [ownership.claim(key, by=by) for by in (ada, bob)]
    moves += [ownership.assign(key, user, by=sue) for user in (ada.id, None, bob.id, None)]
    await asyncio.gather(*moves, ownership.unclaim(key, by=ada), return_exceptions=True)
    chain = await hands(key)
    assert [row[1] for row in chain[1:]] == [row[2] for row in chain[:-1]]
    assert (chain[-1][2] if chain else None) == (await make.stored(key)).assignee_id


@pytest.mark.parametrize("verb", [ownership.claim, ownership.unclaim, lifecycle.start, lifecycle.cancel])
async def test_a_key_without_the_scope_changes_nothing(verb, ada, refused):
    key = await make.task(ada)
    async with refused("INSUFFICIENT_SCOPE"):
        await verb(key, by=replace(ada, scopes=frozenset({Scope.READ})))


async def test_what_an_api_key_does_is_told_with_the_key(ada):
    key_id, secret = await accounts.api_key_create(name="CI", scopes=[Scope.WRITE], by=ada)
    key = await make.task(ada)
    await ownership.claim(key, by=await tokens.of_secret(secret))
    event = await Event.get(subject_id=key, verb="claimed")
    assert (event.actor_id, event.api_key_id) == (ada.id, key_id)


async def test_a_supervisor_of_another_team_does_not_even_see_it(admin, ada, team, refused):
    stranger = await make.person(admin, role=Role.SUPERVISOR)
    key = await make.task(ada, team_id=team)
    async with refused("NOT_FOUND"):
        await ownership.assign(key, None, by=stranger)


async def test_a_reason_that_does_not_fit_is_refused(ada, refused):
    key = await make.task(ada, assignee_id=ada.id)
    async with refused("TOO_LONG") as caught:
        await ownership.unclaim(key, reason="a" * 501, by=ada)
    assert caught.value.path == ("reason",)
