"""Writing, ticking and arranging checklists."""

import asyncio

import pytest

from domain import checklists, lifecycle
from models import ChecklistItem, TaskStatus
from tests import make


@pytest.fixture
async def task(ada):
    return await make.task(ada, flow="STANDARD", assignee_id=ada.id)


@pytest.fixture
async def items(ada, task):
    """The lines a, b and c."""
    return {text: await checklists.create(task, text=text, by=ada) for text in "abc"}


async def lines(task):
    return "".join(await ChecklistItem.filter(task_id=task).order_by("position").values_list("text", flat=True))


async def test_lines_are_added_at_the_end_and_told(ada, task, items, sent):
    assert await lines(task) == "abc"
    assert (await make.history(task))[1] == ("checklist_item_added", {"checklist_item": [None, "a"]})
    assert sent() == []


async def test_lines_that_are_added_at_once_all_find_a_place(ada, task):
    await asyncio.gather(*(checklists.create(task, text=str(n), by=ada) for n in range(10)))
    assert sorted(await lines(task)) == list("0123456789")


async def test_a_checklist_has_a_hundred_lines(ada, task, refused):
    await ChecklistItem.bulk_create(
        [ChecklistItem(workspace_id=ada.workspace_id, task_id=task, text="x", position=n) for n in range(1, 101)]
    )
    async with refused("LIMIT_EXCEEDED"):
        await checklists.create(task, text="y", by=ada)


@pytest.mark.parametrize(
    ("moved", "place", "beside", "order"),
    [("c", "before_id", "a", "cab"), ("a", "after_id", "c", "bca"), ("c", "after_id", "a", "acb")],
)
async def test_a_line_is_put_beside_another(moved, place, beside, order, ada, task, items):
    await checklists.move(items[moved], by=ada, **{place: items[beside]})
    await checklists.create(task, text="d", by=ada)
    assert await lines(task) == order + "d"
    assert await ChecklistItem.filter(task_id=task, version=1).count() == 3


async def test_a_line_is_moved_within_its_checklist(ada, items, refused):
    other = await checklists.create(await make.task(ada), text="x", by=ada)
    for beside in (items["a"], other):
        async with refused("INVALID_INPUT"):
            await checklists.move(items["a"], before_id=beside, by=ada)
    for place in ({}, {"before_id": items["b"], "after_id": items["c"]}):
        async with refused("INVALID_INPUT"):
            await checklists.move(items["a"], by=ada, **place)


async def test_ticking_says_who_and_when_and_ticking_again_changes_nothing(ada, sue, task, items):
    await checklists.tick(items["a"], done=True, by=ada)
    await checklists.tick(items["a"], done=True, by=sue)
    item = await ChecklistItem.get(id=items["a"])
    assert (item.ticked_by_id, item.ticked_at is None, item.version) == (ada.id, False, 2)
    await checklists.tick(items["a"], done=False, by=sue)
    item = await ChecklistItem.get(id=items["a"])
    assert (item.ticked_by_id, item.ticked_at, item.version) == (None, None, 3)
    told = [change for change in await make.history(task) if "ticked" in change[1]]
    assert told == [
        ("checklist_item_ticked", {"ticked": [None, "a"]}),
        ("checklist_item_unticked", {"ticked": ["a", None]}),
    ]


async def test_of_those_who_tick_at_once_one_is_named(ada, sue, items):
    await asyncio.gather(*(checklists.tick(items["a"], done=True, by=by) for by in (ada, sue) * 3))
    assert (await ChecklistItem.get(id=items["a"])).version == 2


async def test_a_line_is_written_anew_and_taken_off(ada, task, items):
    await checklists.update(items["b"], {"text": "B", "required": True}, by=ada)
    await checklists.update(items["b"], {"text": "B"}, by=ada)
    assert await checklists.delete(items["a"], by=ada) == task
    assert await lines(task) == "Bc"
    assert (await make.history(task))[-2:] == [
        ("checklist_item_changed", {"checklist_item": ["b", "B"], "required": [False, True]}),
        ("checklist_item_deleted", {"checklist_item": ["a", None]}),
    ]


async def test_a_required_line_keeps_its_task_open(ada, task, items, refused):
    await checklists.update(items["b"], {"required": True}, by=ada)
    await make.task(ada, parent_id=task)
    async with refused("OPEN_SUBTASKS", "OPEN_CHECKLIST") as caught:
        await lifecycle.complete(task, by=ada)
    assert "must be done first: b." in caught.value.message
    await checklists.tick(items["b"], done=True, by=ada)
    async with refused("OPEN_SUBTASKS"):
        await lifecycle.complete(task, by=ada)


async def test_a_line_and_the_end_of_its_task_never_cross(ada):
    for _ in range(5):
        key = await make.task(ada, flow="STANDARD", assignee_id=ada.id)
        added = checklists.create(key, text="x", required=True, by=ada)
        await asyncio.gather(lifecycle.complete(key, by=ada), added, return_exceptions=True)
        done = (await make.stored(key)).status is TaskStatus.COMPLETED
        assert done is not await ChecklistItem.filter(task_id=key).exists()


async def test_a_checklist_is_for_those_who_plan_the_task(sue, ada, bob, refused):
    task = await make.task(sue, assignee_id=ada.id)
    item = await checklists.create(task, text="x", by=ada)
    for verb in (checklists.create(task, text="y", by=bob), checklists.tick(item, done=True, by=bob)):
        async with refused("FORBIDDEN") as caught:
            await verb
        assert caught.value.path == ()
    await lifecycle.cancel(task, by=sue)
    async with refused("TASK_FINAL"):
        await checklists.tick(item, done=True, by=ada)


async def test_a_line_says_something_short(ada, task, items, refused):
    async with refused("REQUIRED"):
        await checklists.create(task, text=" ", by=ada)
    async with refused("TOO_LONG"):
        await checklists.update(items["a"], {"text": "x" * 501}, by=ada)
