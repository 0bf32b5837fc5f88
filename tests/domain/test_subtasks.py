"""Arranging subtasks, and finishing a task with the last of them."""

import asyncio
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from domain import lifecycle, subtasks, tasks
from domain.bulk import ErrorPolicy, Item
from domain.workflow import Step
from models import Task, TaskStatus
from tests import make


async def titles(parent):
    """The titles of a task's subtasks, in their order."""
    rows = await Task.filter(parent_id=parent).values("title", "position", "number")
    return "".join(row["title"] for row in sorted(rows, key=lambda row: row["position"] or row["number"]))


@pytest.fixture
async def family(ada):
    """A task with the subtasks a to e."""
    parent = await make.task(ada, title="Whole", flow="STANDARD", assignee_id=ada.id)
    made = {name: await make.task(ada, title=name, parent_id=parent, flow="STANDARD") for name in "abcde"}
    return parent, made


async def test_a_new_subtask_is_the_last(family):
    assert await titles(family[0]) == "abcde"


@pytest.mark.parametrize(
    ("moved", "place", "beside", "order"),
    [
        ("e", "before_id", "a", "eabcd"),
        ("a", "after_id", "e", "bcdea"),
        ("a", "before_id", "c", "bacde"),
        ("d", "after_id", "a", "adbce"),
        ("b", "after_id", "a", "abcde"),
    ],
)
async def test_a_subtask_is_put_beside_another(moved, place, beside, order, ada, family, sent):
    parent, made = family
    before = {each.id: each.version for each in await Task.filter(parent_id=parent).exclude(title=moved)}
    await subtasks.move(made[moved], by=ada, **{place: made[beside]})
    assert await titles(parent) == order
    assert {each.id: each.version for each in await Task.filter(parent_id=parent).exclude(title=moved)} == before
    verb, changes = (await make.history(made[moved]))[-1]
    assert (verb, list(changes)) == ("moved", ["position"])
    assert sent() == []


async def test_what_is_moved_to_another_task_is_its_last_part(ada, family):
    parent, made = family
    other = await make.task(ada)
    await subtasks.move(made["a"], after_id=made["e"], by=ada)
    for name in "dba":
        await subtasks.move(made[name], parent_id=other, by=ada)
    await make.task(ada, title="f", parent_id=other)
    assert (await titles(parent), await titles(other)) == ("ce", "dbaf")
    await tasks.update(made["c"], {"parent_id": other}, by=ada)
    assert await titles(other) == "dbafc"
    await subtasks.move(made["c"], parent_id=None, by=ada)
    task = await make.stored(made["c"])
    assert (task.parent_id, task.position) == (None, None)


async def test_a_task_is_put_beside_a_subtask_of_another(ada, family):
    parent, made = family
    key = await make.task(ada, title="x")
    await subtasks.move(key, before_id=made["b"], by=ada)
    assert await titles(parent) == "axbcde"


async def test_a_move_to_where_it_stands_changes_nothing(ada, family):
    parent, made = family
    await subtasks.move(made["b"], parent_id=parent, by=ada)
    assert (await make.stored(made["b"])).version == 1


async def test_moves_to_one_spot_at_once_all_find_a_place(ada, family):
    parent, made = family
    added = [await make.task(ada, title=str(n), parent_id=parent) for n in range(8)]
    moves = [subtasks.move(key, after_id=made["a"], by=ada) for key in added]
    await asyncio.gather(*moves, make.task(ada, title="z", parent_id=parent))
    order = await titles(parent)
    assert (order[0], order[9:], sorted(order[1:9])) == ("a", "bcdez", list("01234567"))


@pytest.mark.parametrize("place", [{}, {"parent_id": None, "before_id": None}])
async def test_a_move_has_one_place(place, ada, refused):
    key = await make.task(ada)
    async with refused("INVALID_INPUT"):
        await subtasks.move(key, by=ada, **place)


async def test_a_place_is_beside_another_subtask(ada, family, refused):
    parent, made = family
    for beside in (parent, made["a"]):
        async with refused("INVALID_INPUT") as caught:
            await subtasks.move(made["a"], after_id=beside, by=ada)
        assert caught.value.path == ("after_id",)


async def test_a_move_keeps_the_tree_a_tree(ada, family, refused):
    parent, made = family
    below = await make.task(ada, parent_id=made["a"])
    async with refused("CYCLE_DETECTED"):
        await subtasks.move(made["a"], parent_id=below, by=ada)
    async with refused("CYCLE_DETECTED"):
        await subtasks.move(parent, before_id=below, by=ada)


async def test_a_finished_task_neither_moves_nor_is_arranged(ada, family, refused):
    parent, made = family
    await lifecycle.cancel(made["a"], by=ada)
    async with refused("TASK_FINAL"):
        await subtasks.move(made["a"], after_id=made["b"], by=ada)
    await lifecycle.cancel(parent, by=ada)
    async with refused("TASK_FINAL"):
        await subtasks.move(made["c"], after_id=made["b"], by=ada)


async def test_whoever_may_not_edit_a_task_does_not_arrange_its_subtasks(ada, bob, sue, refused):
    parent = await make.task(sue, assignee_id=ada.id)
    first, second = [await make.task(sue, parent_id=parent) for _ in range(2)]
    await subtasks.move(second, before_id=first, by=ada)
    async with refused("FORBIDDEN") as caught:
        await subtasks.move(first, before_id=second, by=bob)
    assert caught.value.message == "You may not edit subtasks. Those who may: its creator."
    other = await make.task(sue)
    async with refused("FORBIDDEN", "FORBIDDEN"):
        await subtasks.move(other, before_id=second, by=bob)


async def test_a_place_is_exact_however_long(ada, family):
    parent, made = family
    for n in range(60):
        await subtasks.move(made["de"[n % 2]], after_id=made["a"], by=ada)
    assert await titles(parent) == "aedbc"
    assert (await make.stored(made["e"])).position > Decimal(2)


# Finishing with the last subtask


async def done(key, by):
    await lifecycle.complete(key, by=by)


async def parent_of(by, *, flow="STANDARD", count=2):
    """A task that finishes with its subtasks, which are the person's."""
    parent = await make.task(by, flow=flow, finish_with_subtasks=True)
    parts = [await make.task(by, parent_id=parent, flow="STANDARD", assignee_id=by.id) for _ in range(count)]
    return parent, parts


async def test_a_task_is_completed_with_its_last_subtask(ada):
    parent, (first, second) = await parent_of(ada)
    await done(first, ada)
    assert (await make.stored(parent)).status is TaskStatus.PENDING
    await done(second, ada)
    task = await make.stored(parent)
    assert (task.status, task.finished_by_id) == (TaskStatus.COMPLETED, ada.id)


async def test_a_task_that_is_reviewed_is_released_with_its_last_subtask(ada):
    parent, parts = await parent_of(ada, flow="REVIEWED")
    for key in parts:
        await done(key, ada)
    assert (await make.stored(parent)).status is TaskStatus.RELEASED


async def test_the_last_subtask_may_be_given_up_but_not_all(ada):
    parent, (first, second) = await parent_of(ada)
    await done(first, ada)
    await lifecycle.cancel(second, by=ada)
    assert (await make.stored(parent)).status is TaskStatus.COMPLETED
    parent, parts = await parent_of(ada)
    for key in parts:
        await lifecycle.cancel(key, by=ada)
    assert (await make.stored(parent)).status is TaskStatus.PENDING


async def test_a_task_finishes_through_all_levels(ada):
    top = await make.task(ada, flow="STANDARD", finish_with_subtasks=True)
    middle = await make.task(ada, flow="STANDARD", finish_with_subtasks=True, parent_id=top)
    await done(await make.task(ada, flow="STANDARD", parent_id=middle, assignee_id=ada.id), ada)
    assert (await make.stored(top)).status is TaskStatus.COMPLETED


async def test_whoever_finishes_the_last_subtask_need_not_see_the_task(ada, admin, sue, team):
    parent = await make.task(admin, flow="STANDARD", finish_with_subtasks=True, team_id=team)
    key = await make.task(admin, parent_id=parent, flow="STANDARD")
    outsider = await make.person(admin)
    await Task.filter(id=key).update(assignee_id=outsider.id, assigned_at=datetime.now(UTC))
    await done(key, outsider)
    assert (await make.stored(parent)).status is TaskStatus.COMPLETED


async def test_a_task_that_was_not_told_to_stays_open(ada, family):
    parent, made = family
    for key in made.values():
        await lifecycle.cancel(key, by=ada)
    assert (await make.stored(parent)).status is TaskStatus.PENDING


async def test_of_subtasks_that_finish_at_once_one_finishes_the_task(ada):
    for _ in range(5):
        parent, parts = await parent_of(ada, count=4)
        await asyncio.gather(*(done(key, ada) for key in parts))
        assert [verb for verb, _ in await make.history(parent)] == ["created", "completed"]


async def test_finishing_and_giving_up_a_whole_branch_do_not_wait_for_each_other(ada):
    for _ in range(5):
        parent, parts = await parent_of(ada, count=3)
        await asyncio.gather(
            *(done(key, ada) for key in parts), lifecycle.cancel(parent, subtasks=True, by=ada), return_exceptions=True
        )
        assert (await make.stored(parent)).finished_at is not None


async def test_a_task_and_its_last_subtask_finish_in_one_request(ada):
    parent, parts = await parent_of(ada)
    items = [Item(key) for key in (*parts, parent)]
    await Task.filter(id=parent).update(assignee_id=ada.id, assigned_at=datetime.now(UTC))
    await lifecycle.step_all(Step.COMPLETE, items, errors=ErrorPolicy.REJECT_ALL, by=ada, once=None)
    assert [verb for verb, _ in await make.history(parent)] == ["created", "completed"]


@pytest.mark.parametrize("weight", [0, 1001])
async def test_an_impossible_weight_is_refused(weight, ada, refused):
    async with refused("INVALID_INPUT") as caught:
        await make.task(ada, progress_weight=weight)
    assert caught.value.path == ("progressWeight",)
