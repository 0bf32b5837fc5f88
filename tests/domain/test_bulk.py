"""The same done to many rows: all or none, or those of which nothing is wrong."""

import asyncio
from random import Random

import pytest
from uuid_utils.compat import uuid7

from domain import lifecycle
from domain.bulk import MOST, BulkRefused, ErrorPolicy, Item
from domain.jobs import Job
from domain.once import Once
from domain.work import Work
from domain.workflow import Step
from models import Event, Task, TaskStatus
from tests import make

ALL, FAILED = ErrorPolicy.REJECT_ALL, ErrorPolicy.REJECT_FAILED


async def take(step, keys, by, errors=ALL, once=None, **more):
    """Take a step with these tasks; each one's refusals, as codes and paths."""
    items = [key if isinstance(key, Item) else Item(key) for key in keys]
    outcomes = await lifecycle.step_all(step, items, errors=errors, by=by, once=once, **more)
    return [[(error.code, error.path) for error in found] for found in outcomes]


async def released(ada, count):
    """So many tasks whose work is done."""
    keys = [await make.task(ada) for _ in range(count)]
    await take(Step.RELEASE, keys, ada)
    return keys


async def statuses(keys):
    return [(await make.stored(key)).status for key in keys]


async def test_all_are_done_together_and_each_tells_its_own_story(ada, sue):
    keys = await released(ada, 3)
    assert await take(Step.CLOSE, keys, sue) == [[], [], []]
    assert await statuses(keys) == [TaskStatus.CLOSED] * 3
    assert [[verb for verb, _ in await make.history(key)] for key in keys] == [["created", "released", "closed"]] * 3


async def test_when_one_is_refused_none_is_done_and_every_reason_of_every_one_is_told(ada, sue, refused):
    good, stale = await released(ada, 2)
    begun, absent = await make.task(ada), uuid7()
    items = [Item(good), Item(begun), Item(absent), Item(stale, version=1)]
    async with refused("INVALID_TRANSITION", "NOT_FOUND", "VERSION_CONFLICT") as caught:
        await take(Step.CLOSE, items, sue)
    assert isinstance(caught.value, BulkRefused)
    assert [[error.path for error in found] for found in caught.value.outcomes] == [
        [],
        [("items", "1")],
        [("items", "2", "task_id")],
        [("items", "3")],
    ]
    assert "BULK_REFUSED" not in {error.code for error in caught.value.errors}


async def test_when_asked_the_others_are_done(ada, sue):
    keys = await released(ada, 2)
    begun = await make.task(ada)
    found = await take(Step.CLOSE, [keys[0], begun, keys[1]], sue, FAILED)
    assert found == [[], [("INVALID_TRANSITION", ("items", "1"))], []]
    assert await statuses([*keys, begun]) == [TaskStatus.CLOSED, TaskStatus.CLOSED, TaskStatus.PENDING]


async def test_what_was_done_of_a_refused_one_is_undone(ada, sent):
    key = await make.task(ada)
    async with Work(ada) as work:
        task = await work.load(Task, key, to="edit")
        with pytest.raises(BulkRefused):
            async with work.attempt():
                await work.change(task, "updated", title="Lost")
                work.enqueue(Job.SEND_REMINDERS)
                raise BulkRefused([])
        work.enqueue(Job.EXPAND_SERIES)
    assert (await make.stored(key)).title != "Lost"
    assert await Event.filter(subject_id=key, verb="updated").count() == 0
    assert sent() == [(Job.EXPAND_SERIES, ())]


@pytest.mark.parametrize("errors", ErrorPolicy)
async def test_a_repeated_request_gets_the_first_answer_and_does_nothing(errors, ada, sue, database):
    keys = await released(ada, 2)
    more = [] if errors is ALL else [await make.task(ada), uuid7()]
    once = Once("again", "f")
    first = await take(Step.CLOSE, [*keys, *more], sue, errors, once)
    for key in more[:1]:
        await lifecycle.release(key, by=ada)
    before = await make.everything(database)
    assert await take(Step.CLOSE, [*keys, *more], sue, errors, once) == first
    assert await make.everything(database) == before
    assert [bool(found) for found in first] == [False, False] + [True, True] * bool(more)


async def test_no_item_too_many_items_and_one_twice_are_refused_at_once(ada, refused):
    key = await make.task(ada)
    for items, code in (([], "REQUIRED"), ([uuid7() for _ in range(MOST + 1)], "LIMIT_EXCEEDED")):
        async with refused(code) as caught:
            await take(Step.START, items, ada)
        assert caught.value.path == ("items",)
    async with refused("INVALID_INPUT", "INVALID_INPUT") as caught:
        await take(Step.START, [key, uuid7(), key, key], ada)
    assert [error.path for error in caught.value.errors] == [("items", "2"), ("items", "3")]


async def test_one_reason_is_for_all_and_judged_before_any(ada, refused):
    keys = [await make.task(ada) for _ in range(2)]
    async with refused("TOO_LONG") as caught:
        await take(Step.CANCEL, keys, ada, reason="x" * 501)
    assert caught.value.path == ("reason",)
    await take(Step.CANCEL, keys, ada, reason="sold out")
    assert await Event.filter(verb="cancelled", reason="sold out").count() == 2


async def test_many_requests_for_the_same_tasks_in_any_order_never_deadlock(ada, sue):
    parent = await make.task(ada)
    keys = [parent, *[await make.task(ada, parent_id=parent) for _ in range(8)]]
    random = Random(4)
    orders = [random.sample(keys, len(keys)) for _ in range(6)]
    cancels = [take(Step.CANCEL, order, ada, FAILED) for order in orders]
    await asyncio.gather(*cancels, *(lifecycle.cancel(parent, subtasks=True, by=ada) for _ in range(3)))
    assert await statuses(keys) == [TaskStatus.CANCELLED] * 9
    assert await Event.filter(verb="cancelled").count() == 9
