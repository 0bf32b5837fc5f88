"""Requests are stopped when their time is over, each at its own, and nothing else stops them."""

import asyncio

import pytest

from schema.deadlines import Deadlines

SHORT, LONG = 0.05, 60


async def spend(deadlines, seconds):
    with deadlines.start():
        await asyncio.sleep(seconds)
    return "done"


async def test_who_takes_too_long_is_stopped_and_who_does_not_is_not():
    deadlines = Deadlines(SHORT)
    for _ in range(2):  # the second time after a while in which nobody ran
        told = await asyncio.gather(*(spend(deadlines, each) for each in (LONG, 0, LONG)), return_exceptions=True)
        assert [type(each) for each in told] == [TimeoutError, str, TimeoutError]
        await asyncio.sleep(2 * SHORT)


async def test_who_begins_later_has_as_long():
    deadlines, over = Deadlines(4 * SHORT), []

    async def note(name, delay):
        await asyncio.sleep(delay)
        begun = asyncio.get_running_loop().time()
        with pytest.raises(TimeoutError):
            await spend(deadlines, LONG)
        over.append((name, asyncio.get_running_loop().time() - begun >= 4 * SHORT))

    await asyncio.gather(note("first", 0), note("second", SHORT), note("third", 2 * SHORT))
    assert over == [("first", True), ("second", True), ("third", True)]


async def test_who_is_cancelled_by_others_is_not_told_of_time():
    task = asyncio.create_task(spend(Deadlines(LONG), LONG))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


def test_a_loop_that_ended_leaves_the_next_one_its_timer():
    deadlines = Deadlines(SHORT)
    asyncio.run(spend(deadlines, 0))
    with pytest.raises(TimeoutError):
        asyncio.run(spend(deadlines, LONG))


async def test_what_goes_on_after_its_time_was_over_may_do_so():
    with pytest.raises(TimeoutError):
        await spend(Deadlines(SHORT), LONG)
    assert asyncio.current_task().cancelling() == 0
