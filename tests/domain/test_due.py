"""Taking what is due."""

import asyncio
from datetime import timedelta

import pytest

from domain import due
from domain.errors import NothingToBill
from domain.jobs import Job
from models import Conversion
from tests import make


@pytest.fixture
def wanted(admin, database):
    """Makes a conversion that is due."""

    async def wanted():
        row = await make.row(Conversion, admin, task_id=await make.task(admin), creator_id=admin.id)
        await database.execute("update conversions set due_at = clock_timestamp() where id = $1", row.id)
        return row.id

    return wanted


async def lease_over(database):
    await database.execute("update conversions set due_at = clock_timestamp() where due_at is not null")


async def stored(key):
    return await Conversion.get(id=key)


async def test_a_row_is_taken_once_until_its_lease_is_over(wanted, admin, database):
    key = await wanted()
    assert await due.take(Conversion) == [(key, admin.workspace_id)]
    assert await due.take(Conversion) == []
    await lease_over(database)
    assert await due.take(Conversion) == [(key, admin.workspace_id)]


async def test_leases_double_with_each_attempt(wanted, database):
    key = await wanted()
    for attempt, seconds in enumerate((30, 60, 120, 240, 480), 1):
        now = await database.fetchval("select clock_timestamp()")
        await due.take(Conversion)
        row = await stored(key)
        assert row.attempts == attempt
        assert timedelta() <= row.due_at - now - timedelta(seconds=seconds) < timedelta(seconds=5)
        await lease_over(database)


async def test_what_kills_its_worker_every_time_ends_as_failed(wanted, database):
    key = await wanted()
    for _ in range(5):
        assert len(await due.take(Conversion)) == 1
        await lease_over(database)
    assert await due.take(Conversion) == []
    row = await stored(key)
    assert (row.attempts, row.due_at, row.error) == (5, None, "The worker stopped before it finished.")
    assert row.failed_at is not None


async def test_many_who_take_at_once_share_the_rows(wanted):
    keys = [await wanted() for _ in range(30)]
    taken = await asyncio.gather(*(due.take(Conversion, 5) for _ in range(10)))
    assert sorted(key for batch in taken for key, _ in batch) == sorted(keys)


async def test_work_that_succeeds_is_done_as_the_system_and_left_as_it_says(wanted, admin):
    key = await wanted()
    await due.take(Conversion)

    async def verb(key, *, by):
        assert (by.role, by.workspace_id) == ("SYSTEM", admin.workspace_id)
        await Conversion.filter(id=key).update(due_at=None, attempts=0)

    await due.run(Conversion, key, admin.workspace_id, verb)
    row = await stored(key)
    assert (row.attempts, row.error, row.due_at, row.failed_at) == (0, None, None, None)


async def test_a_fault_is_kept_and_tried_again_until_the_attempts_are_used_up(wanted, admin, database):
    key = await wanted()

    async def verb(key, *, by):
        raise OSError("the disk is full")

    for attempt in range(1, 6):
        await due.take(Conversion)
        await due.run(Conversion, key, admin.workspace_id, verb)
        row = await stored(key)
        assert (row.error, row.failed_at is None) == ("OSError: the disk is full", attempt < 5)
        await lease_over(database)
    assert await due.take(Conversion) == []


async def test_a_refusal_is_final_and_says_why(wanted, admin):
    key = await wanted()
    await due.take(Conversion)

    async def verb(key, *, by):
        raise NothingToBill

    await due.run(Conversion, key, admin.workspace_id, verb)
    row = await stored(key)
    assert (row.error, row.due_at, row.attempts) == (NothingToBill().message, None, 1)
    assert row.failed_at is not None


async def failed(key):
    await Conversion.filter(id=key).update(
        due_at=None, failed_at=(await stored(key)).created_at, attempts=5, error="no"
    )


async def test_an_admin_retries_failed_work_with_all_its_attempts(wanted, admin, sent):
    key = await wanted()
    await failed(key)
    await due.retry(key, by=admin)
    row = await stored(key)
    assert (row.attempts, row.error, row.failed_at) == (0, None, None)
    assert await due.take(Conversion) == [(key, admin.workspace_id)]
    assert sent() == [(Job.CONVERT_TIME, ())]


async def test_what_has_not_failed_is_not_retried(wanted, admin, database):
    key = await wanted()
    before = await make.everything(database)
    await due.retry(key, by=admin)
    assert await make.everything(database) == before


async def test_only_the_workspaces_admins_retry(wanted, sue, other, refused):
    key = await wanted()
    await failed(key)
    async with refused("FORBIDDEN"):
        await due.retry(key, by=sue)
    async with refused("NOT_FOUND"):
        await due.retry(key, by=other)
