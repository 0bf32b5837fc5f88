"""Expanding series against the plain bulk insert of the same rows: `python -m bench.expand --series 10000`."""

import asyncio
import resource
import sys
import time
from argparse import ArgumentParser
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import asyncpg
from tortoise import Tortoise
from tortoise.migrations.api.migrate import migrate

import embedded
from domain import accounts, tokens
from domain.statements import columns, table
from models.history import Event
from models.recurrence import Series
from models.reminders import Reminder
from models.tasks import Assignment, Task
from settings import settings, tortoise
from workers.recurrence import expand_series

TABLES = (Task, Event, Reminder, Assignment)
MAKE = """
insert into series (id, workspace_id, title, rule, start, time_zone, reminders, creator_id, assignee_id, due_at)
select ('8' || lpad(to_hex(n), 31, '0'))::uuid, $1, 'Call ' || n, 'FREQ=WEEKLY;BYDAY=' || d.days,
    to_char(now() + interval '1 day', 'YYYY-MM-DD') || 'T09:00:00', 'Europe/Berlin',
    '[{"anchor": "SCHEDULED", "offset_minutes": 30}]', $2, $2, now()
from generate_series(1, $3) n
join (values (0, 'MO,TH'), (1, 'TU,FR'), (2, 'WE,SA')) d (rest, days) on d.rest = n % 3
"""
EMPTY = "set session_replication_role = replica; {deletes}; reset session_replication_role"


def main() -> None:
    """Make the series, expand them, and insert the same rows again without us."""
    parser = ArgumentParser(prog="python -m bench.expand", description="How long does expanding take?")
    parser.add_argument("--series", type=int, default=10_000, help="how many, each on two weekdays over the horizon")
    number = parser.parse_args().series
    with TemporaryDirectory(prefix="fg-") as folder:
        Path(folder).chmod(0o755)
        chosen = settings().model_copy(update={"data_dir": Path(folder), "database_url": None, "redis_url": None})
        with embedded.servers(chosen) as urls:
            asyncio.run(compare(urls.database_url, number))


async def compare(url: str, number: int) -> None:
    """Print how long both take, and how much memory we do."""
    config = tortoise(url, pool_size=2)
    await migrate(config=config)
    await Tortoise.init(config=config, _enable_global_fallback=True)
    connection = await asyncpg.connect(url)
    try:
        await prepare(connection, number)
        ours, first, peak = await expand(connection)
        rows = {table(model): await connection.fetchval(f"select count(*) from {table(model)}") for model in TABLES}
        again, _, _ = await expand(connection)
        peer = await insert(connection)
    finally:
        await connection.close()
        await Tortoise.close_connections()
    counted = ", ".join(f"{count} {name}" for name, count in rows.items())
    sys.stdout.write(
        f"{number} series: {counted}\nexpanded in {ours:.1f} s; a second run took {again:.1f} s\n"
        f"the plain bulk insert of the same rows took {peer:.1f} s\nratio {ours / peer:.2f}\n"
        f"peak memory: {first:.0f} MB after the first batches, {peak:.0f} MB in the end\n"
    )


async def prepare(connection: Any, number: int) -> None:
    """A workspace with so many series."""
    key, _ = await accounts.workspace_create("Bench", admin="Ann", email="ann@bench.example")
    workspace = await connection.fetchval("select workspace_id from users where id = $1", key) or key
    admin = await connection.fetchval("select id from users where workspace_id = $1 limit 1", workspace)
    assert await tokens.of_user(admin)
    await connection.execute(MAKE, workspace, admin, number)
    await connection.execute("delete from events")
    await connection.execute("vacuum analyze")


async def expand(connection: Any) -> tuple[float, float, float]:
    """How long it takes to do what is due, and the peak of memory after the first batches and in the end."""
    left = "select count(*) from series where due_at <= now() and failed_at is null"
    begun, first = time.perf_counter(), 0.0
    while await connection.fetchval(left):
        await asyncio.gather(*(expand_series() for _ in range(2)))  # as the threads of a worker do
        first = first or _peak()
    failed = await Series.filter(failed_at__isnull=False).count()
    if failed:
        raise SystemExit(f"{failed} series could not be expanded")
    return time.perf_counter() - begun, first, _peak()


async def insert(connection: Any) -> float:
    """How long PostgreSQL takes to insert the rows that are there once more, by one statement for each table."""
    for model in TABLES:
        await connection.execute(f"create unlogged table kept_{table(model)} as select * from {table(model)}")
    deletes = "; ".join(f"delete from {table(model)}" for model in TABLES)
    await connection.execute(EMPTY.format(deletes=deletes))
    await connection.execute("vacuum analyze")
    begun = time.perf_counter()
    async with connection.transaction():
        for model in TABLES:
            names = ", ".join(columns(model))
            await connection.execute(f"insert into {table(model)} ({names}) select {names} from kept_{table(model)}")
    return time.perf_counter() - begun


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
