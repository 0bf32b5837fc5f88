"""Tasks that wait for others."""

import asyncio
from itertools import pairwise, permutations

import pytest

from domain import accounts, dependencies, lifecycle, subtasks, workflows
from domain.errors import DomainError
from domain.relations import Relation
from domain.workflow import Guard, Row
from models import Dependency, TaskStatus
from tests import make


async def waiting():
    """Which task waits for which."""
    return {(row.successor_id, row.predecessor_id) for row in await Dependency.all()}


@pytest.fixture
async def chain(ada):
    """Three tasks, of which each waits for the one before."""
    keys = [await make.task(ada, assignee_id=ada.id) for _ in range(3)]
    for first, then in pairwise(keys):
        await dependencies.add(then, first, by=ada)
    return keys


async def test_a_task_waits_for_another_until_it_is_told_not_to(ada, sent):
    first, then = await make.task(ada), await make.task(ada)
    for _ in range(2):
        await dependencies.add(then, first, by=ada)
    assert await waiting() == {(then, first)}
    for _ in range(2):
        await dependencies.remove(then, first, by=ada)
    assert await waiting() == set()
    assert (await make.history(then))[1:] == [
        ("blocker_added", {"blocker": [None, str(first)]}),
        ("blocker_removed", {"blocker": [str(first), None]}),
    ]
    assert len(await make.history(first)) == 1
    assert sent() == []


async def test_nothing_waits_for_itself(ada, chain, refused):
    first, _, last = chain
    async with refused("INVALID_INPUT"):
        await dependencies.add(first, first, by=ada)
    async with refused("DEPENDENCY_CYCLE") as caught:
        await dependencies.add(first, last, by=ada)
    assert caught.value.path == ("blockerId",)


async def test_a_subtask_does_not_wait_for_what_waits_for_it(ada, chain, refused):
    first, _, last = chain
    child = await make.task(ada, parent_id=first)
    async with refused("DEPENDENCY_CYCLE"):
        await dependencies.add(child, last, by=ada)
    async with refused("DEPENDENCY_CYCLE"):
        await dependencies.add(child, first, by=ada)
    async with refused("DEPENDENCY_CYCLE") as caught:
        await subtasks.move(last, parent_id=first, by=ada)
    assert caught.value.path == ("parentId",)
    await subtasks.move(first, parent_id=last, by=ada)


@pytest.mark.parametrize("number", [2, 3, 4])
async def test_of_dependencies_made_at_once_none_closes_a_circle(number, ada):
    for _ in range(5):
        keys = [await make.task(ada) for _ in range(number)]
        ring = zip(keys, [*keys[1:], keys[0]], strict=True)
        found = await asyncio.gather(*(dependencies.add(*pair, by=ada) for pair in ring), return_exceptions=True)
        assert [error.code for error in found if error] == ["DEPENDENCY_CYCLE"]


async def test_of_all_dependencies_at_once_those_stand_that_leave_an_order(ada):
    keys = [await make.task(ada) for _ in range(4)]
    found = await asyncio.gather(
        *(dependencies.add(*pair, by=ada) for pair in permutations(keys, 2)), return_exceptions=True
    )
    assert all(error is None or isinstance(error, DomainError) for error in found)
    assert found.count(None) == 6


async def test_of_a_dependency_and_a_move_at_once_that_make_a_circle_one_wins(ada):
    for _ in range(5):
        one, other = await make.task(ada), await make.task(ada)
        found = await asyncio.gather(
            dependencies.add(one, other, by=ada), subtasks.move(one, parent_id=other, by=ada), return_exceptions=True
        )
        assert [error.code for error in found if error] == ["DEPENDENCY_CYCLE"]


async def test_who_plans_a_task_says_what_it_waits_for(ada, bob, sue, team, refused):
    first = await make.task(sue, team_id=team)
    then = await make.task(sue, team_id=team, assignee_id=ada.id)
    async with refused("FORBIDDEN"):
        await dependencies.add(then, first, by=bob)
    await dependencies.add(then, first, by=ada)
    async with refused("FORBIDDEN"):
        await dependencies.remove(then, first, by=bob)
    await dependencies.remove(then, first, by=sue)


async def test_what_is_not_seen_blocks_nothing(admin, ada, other, refused):
    south = await accounts.team_create(name="South", by=admin)
    hidden, foreign, mine = await make.task(admin, team_id=south), await make.task(other), await make.task(ada)
    for key in (hidden, foreign):
        async with refused("NOT_FOUND") as caught:
            await dependencies.add(mine, key, by=ada)
        assert caught.value.path == ("blockerId",)
        async with refused("NOT_FOUND"):
            await dependencies.add(key, mine, by=ada)


async def test_what_is_finished_waits_for_nothing_more(ada, chain, refused):
    first, then, _ = chain
    another = await make.task(ada)
    await lifecycle.cancel(then, by=ada)
    async with refused("TASK_FINAL"):
        await dependencies.remove(then, first, by=ada)
    async with refused("TASK_FINAL"):
        await dependencies.add(then, another, by=ada)


async def test_a_version_is_expected(ada, chain, refused):
    first, then, _ = chain
    for verb in (dependencies.add, dependencies.remove):
        async with refused("VERSION_CONFLICT"):
            await verb(then, first, version=7, by=ada)


async def test_one_task_waits_for_so_many_others(ada, refused, monkeypatch):
    monkeypatch.setattr(dependencies, "MOST", 1)
    then, *others = [await make.task(ada) for _ in range(3)]
    await dependencies.add(then, others[0], by=ada)
    async with refused("LIMIT_EXCEEDED"):
        await dependencies.add(then, others[1], by=ada)


# What a workflow makes of it


@pytest.fixture
async def guarded(admin):
    """A workflow whose tasks are begun once what they wait for is finished."""
    pending, begun = frozenset({TaskStatus.PENDING}), frozenset({TaskStatus.IN_PROGRESS})
    mine, guards = (Relation.ASSIGNEE,), (Guard.BLOCKERS_DONE,)
    rows = (
        Row("START", pending, TaskStatus.IN_PROGRESS, mine, guards=guards),
        Row("COMPLETE", begun, TaskStatus.COMPLETED, mine, guards=(Guard.SUBTASKS_DONE, *guards)),
        Row("CANCEL", pending | begun, TaskStatus.CANCELLED, mine),
    )
    await workflows.publish(make.audit(name="Guarded", rows=rows), by=admin)


async def test_a_task_is_begun_once_what_it_waits_for_is_finished(ada, guarded, refused):
    then, done, given_up = [
        await make.task(ada, flow=flow, assignee_id=ada.id) for flow in ("Guarded", *["STANDARD"] * 2)
    ]
    for key in (done, given_up):
        await dependencies.add(then, key, by=ada)
    async with refused("OPEN_BLOCKERS") as caught:
        await lifecycle.start(then, by=ada)
    assert caught.value.facts["blockers"] == ("T-2", "T-3")
    await lifecycle.complete(done, by=ada)
    await lifecycle.cancel(given_up, by=ada)
    await lifecycle.start(then, by=ada)


async def test_all_that_is_open_is_told_together(ada, guarded, refused):
    then, first = await make.task(ada, flow="Guarded", assignee_id=ada.id), await make.task(ada)
    await lifecycle.start(then, by=ada)
    await dependencies.add(then, first, by=ada)
    await make.task(ada, parent_id=then)
    async with refused("OPEN_SUBTASKS", "OPEN_BLOCKERS"):
        await lifecycle.complete(then, by=ada)


async def test_where_the_workflow_has_no_such_guard_a_blocked_task_goes_on(ada, chain):
    _, then, _ = chain
    await lifecycle.start(then, by=ada)
    assert (await make.stored(then)).status is TaskStatus.IN_PROGRESS
