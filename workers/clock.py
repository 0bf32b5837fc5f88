"""The clock: asks the tables what is due, and nudges the workers to do it."""

import asyncio
import contextlib
import logging
import signal

from tortoise.connection import get_connection
from tortoise.context import TortoiseContext

from domain import jobs
from domain.due import SWEEPS
from domain.jobs import Job
from domain.statements import table
from embedded import servers
from settings import settings, tortoise
from workers import broker

DUE = " union all ".join(
    f"select '{job}' as job"
    f" where exists (select from {table(model)} where due_at <= now() and failed_at is null and {where})"
    for job, (model, where) in SWEEPS.items()
)
log = logging.getLogger(__name__)


async def run(stop: asyncio.Event | None = None) -> None:
    """Nudge whatever is due, until stopped; any number of clocks may run.

    While PostgreSQL or Redis is away nothing can be nudged and nothing is lost: the next look finds it still due.
    """
    stop = stop or asyncio.Event()
    well = True
    while not stop.is_set():
        try:
            await look()
        except Exception as error:  # noqa: BLE001 -- whatever it is, the clock goes on, and says so once
            if well:
                log.warning("Nobody can be nudged; what is due waits: %s", error)
            well = False
        else:
            if not well:
                log.warning("The workers can be nudged again.")
            well = True
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), settings().clock_seconds)


async def look() -> None:
    """Nudge once, for each kind of which something is due."""
    for row in await get_connection("default").execute_query_dict(DUE):
        await asyncio.to_thread(jobs.send, Job(row["job"]))


def main() -> None:
    """Run until SIGTERM or SIGINT."""
    with servers(settings()) as urls:
        broker.connect(urls.redis_url)
        asyncio.run(_run(urls.database_url))


async def _run(database_url: str) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with TortoiseContext() as context:
        await context.init(config=tortoise(database_url, pool_size=1))
        await run(stop)


if __name__ == "__main__":
    main()
