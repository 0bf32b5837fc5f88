"""Real worker processes that are killed, and a real Redis that forgets everything or is away."""

import asyncio
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import asyncpg
import pytest

from domain import billing, due, jobs, recurrence, reminders, timesheets
from domain.jobs import Job
from models import (
    Anchor,
    Billable,
    BilledEntry,
    Conversion,
    Notification,
    RateScope,
    Reminder,
    ReminderStatus,
    Series,
    Task,
)
from tests import make
from tests.workers.conftest import until
from workers import clock

PAST = datetime(2026, 1, 5, 8, tzinfo=UTC)


@pytest.fixture
async def beside(database_url):
    """A connection that holds locks while the workers want them."""
    connection = await asyncpg.connect(database_url)
    yield connection
    await connection.close()


@pytest.fixture
async def requested(ada, sue, admin, team):
    """A request to bill half an hour."""
    await billing.rate_create(RateScope.WORKSPACE, hourly=Decimal(60), currency="USD", by=admin)
    task = await make.task(ada, team_id=team)
    await timesheets.create(task, minutes=30, worked_on=date(2026, 11, 2), by=ada)
    return await billing.convert(task, by=sue)


@asynccontextmanager
async def ticking():
    stop = asyncio.Event()
    running = asyncio.create_task(clock.run(stop))
    yield
    stop.set()
    await asyncio.wait_for(running, 5)


async def waiting(database):
    """Whether a worker waits for a lock."""
    sql = "select from pg_stat_activity where application_name like 'run%' and wait_event_type = 'Lock'"
    return bool(await database.fetch(sql))


async def gone(database):
    return not await database.fetch("select from pg_stat_activity where application_name like 'run%'")


async def begun(database, programs):
    """Whether so many programs have opened the database, and so know what to do when they are told to end."""
    sql = "select count(distinct application_name) from pg_stat_activity where application_name ~ '^(run|clock)[0-9]'"
    return await database.fetchval(sql) == programs


async def overdue(ada, count):
    for number in range(count):
        at = PAST + timedelta(minutes=number)
        await reminders.create(await make.task(ada), anchor=Anchor.INSTANT, remind_at=at, by=ada)


async def all_sent():
    return await Reminder.filter(status=ReminderStatus.SENT).count() == await Reminder.all().count()


async def test_work_that_kills_its_worker_ends_as_failed_and_can_be_retried(
    program, database, beside, requested, admin
):
    held = beside.transaction()
    await held.start()
    await beside.execute("select from time_entries for update")
    for attempt in range(1, due.MAX_ATTEMPTS + 1):
        await _nudge(database)
        with program("run") as process:
            await until(lambda: waiting(database))
            process.kill()
        await until(lambda: gone(database))
        row = await Conversion.get(id=requested)
        assert (row.attempts, row.failed_at, row.error) == (attempt, None, None)
    await _nudge(database)
    with program("run"):
        await until(lambda: Conversion.filter(failed_at__isnull=False).exists())
        (failed,) = await database.fetch("select kind, id, attempts, error from failed_work")
        assert tuple(failed) == ("CONVERSION", requested, 5, "The worker stopped before it finished.")
        assert await Billable.all().count() == 0
        await held.rollback()
        await due.retry(requested, by=admin)
        await until(lambda: Conversion.filter(finished_at__isnull=False).exists())
    assert (await Billable.all().count(), await BilledEntry.all().count()) == (1, 1)
    assert await database.fetch("select * from failed_work") == []


async def test_two_clocks_and_two_workers_do_everything_once(program, database, ada):
    await series(ada)
    await overdue(ada, 10)
    with program("clock"), program("clock"), program("run"), program("run"):
        await until(lambda: begun(database, 4))
        await until(lambda: Series.filter(expanded_until__isnull=False).exists())
        await until(all_sent)
    assert (await Notification.all().count(), await Task.all().count()) == (10, 13)


async def _nudge(database):
    """The lease of the last attempt is over."""
    await database.execute("update conversions set due_at = now()")
    jobs.send(Job.CONVERT_TIME)


async def test_a_redis_emptied_in_the_middle_loses_nothing_and_doubles_nothing(program, queue, database, beside, ada):
    await overdue(ada, 20)
    with program("run"):
        async with ticking():
            async with beside.transaction():
                await beside.execute("lock table notifications in share mode")
                await until(lambda: waiting(database))
                queue.forget()
                await overdue(ada, 5)
                queue.forget()
            await until(all_sent)
    assert await Notification.all().count() == 25


async def test_a_redis_stopped_in_the_middle_loses_nothing_and_the_clock_catches_up(
    program, queue, database, beside, ada
):
    await overdue(ada, 20)
    with program("run"):
        async with ticking():
            async with beside.transaction():
                await beside.execute("lock table notifications in share mode")
                await until(lambda: waiting(database))
                queue.stop()
                await overdue(ada, 5)
                await series(ada)
            await asyncio.sleep(1)
            assert await Task.all().count() == 25
            queue.start()
            await until(lambda: Series.filter(expanded_until__isnull=False).exists())
            await until(all_sent)
    assert (await Notification.all().count(), await Task.all().count()) == (25, 28)


async def series(ada):
    start = f"{datetime.now(UTC).date() + timedelta(days=1)}T09:00:00"
    await recurrence.create(title="Call", rule="FREQ=DAILY;COUNT=3", start=start, time_zone="UTC", by=ada)
