"""The queue without its Redis, the clock, and what a nudge is."""

import asyncio
import socket
import subprocess
import sys
import time
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
import redis

from domain import jobs, recurrence
from domain.jobs import Job
from models import Anchor, Conversion, Reminder, Series
from tests import make
from workers import broker, clock

PAST = datetime(2026, 1, 5, 8, tzinfo=UTC)


@pytest.fixture
def silent():
    """The URL of a Redis that takes connections and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield f"redis://127.0.0.1:{listener.getsockname()[1]}"


@pytest.fixture
def away():
    """The URL of a Redis that is not there."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    return f"redis://127.0.0.1:{port}"


@pytest.fixture
def connected(sent, servers):
    """Connects the queue to another Redis and back, at the latest after the test."""
    there = SimpleNamespace(to=broker.connect, back=lambda: broker.connect(servers.redis_url))
    yield there
    there.back()


async def series(by):
    start = {"start": "2026-11-30T09:00:00", "time_zone": "UTC"}
    return await recurrence.create(title="Call", rule="FREQ=DAILY;COUNT=3", **start, by=by)


def test_importing_the_workers_needs_no_redis(away):
    code = "import workers.run, workers.clock, workers.broker as b; b.connect(%r); print('well')"
    done = subprocess.run([sys.executable, "-c", code % away], capture_output=True, text=True, check=True)
    assert done.stdout == "well\n"


@pytest.mark.parametrize("url", ["silent", "away"])
async def test_an_absent_redis_costs_a_caller_half_a_second_and_a_line_in_the_log(url, ada, connected, caplog, request):
    connected.to(request.getfixturevalue(url))
    begun = time.monotonic()
    key = await series(ada)
    assert time.monotonic() - begun < 0.7
    assert (await Series.get(id=key)).due_at is not None
    assert [record.getMessage() for record in caplog.records if record.name == "domain.work"] == [
        "The nudge EXPAND_SERIES was not sent; the clock will find what is due."
    ]


async def test_the_clock_nudges_each_kind_of_which_something_is_due(ada, sent):
    task = await make.task(ada)
    await clock.look()
    assert sent() == []
    wanted = {"task_id": task, "user_id": ada.id, "anchor": Anchor.INSTANT, "remind_at": PAST}
    await make.row(Reminder, ada, **wanted, due_at=PAST)
    await clock.look()
    assert sent() == [(Job.SEND_REMINDERS, ())]
    await make.row(Conversion, ada, task_id=task, creator_id=ada.id, due_at=PAST)
    await series(ada)
    await clock.look()
    assert sorted(sent()[2:]) == [(Job.CONVERT_TIME, ()), (Job.EXPAND_SERIES, ()), (Job.SEND_REMINDERS, ())]


@pytest.mark.parametrize("values", [{"due_at": datetime(2999, 1, 1, tzinfo=UTC)}, {"failed_at": PAST}, {}])
async def test_what_is_not_due_or_has_failed_is_not_nudged(values, ada, sent):
    task = await make.task(ada)
    await make.row(Conversion, ada, task_id=task, creator_id=ada.id, **values)
    await clock.look()
    assert sent() == []


async def test_the_clock_goes_on_when_redis_is_back_and_says_so_once(ada, connected, away, sent, caplog):
    connected.to(away)
    await series(ada)
    async with ticking():
        await asyncio.sleep(2.2)
        connected.back()
        await until(sent)
    assert (Job.EXPAND_SERIES, ()) in sent()
    first, last = (record.getMessage() for record in caplog.records if record.name == "workers.clock")
    assert first.startswith("Nobody can be nudged; what is due waits: ")
    assert last == "The workers can be nudged again."


async def test_the_clock_goes_on_when_postgresql_is_back(ada, sent, database):
    await series(ada)
    async with ticking():
        await until(sent)
        await database.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity"
            " where pid <> pg_backend_pid() and datname = current_database()"
        )
        count = len(sent())
        await until(lambda: len(sent()) > count + 1)


@asynccontextmanager
async def ticking():
    stop = asyncio.Event()
    running = asyncio.create_task(clock.run(stop))
    yield
    stop.set()
    await asyncio.wait_for(running, 5)


async def until(happened):
    async with asyncio.timeout(10):
        while not happened():  # noqa: ASYNC110 -- another process's change, of which nobody tells
            await asyncio.sleep(0.05)


def test_a_redis_that_forgot_everything_takes_nudges_again(servers, sent):
    broker.connect(servers.redis_url)
    jobs.send(Job.SEND_REMINDERS)
    redis.Redis.from_url(servers.redis_url).flushall()
    jobs.send(Job.CONVERT_TIME)
    assert sent() == [(Job.CONVERT_TIME, ())]
