"""How the API answers while reminders that are due in the same second are sent: `python -m bench.remind --help`."""

import asyncio
import subprocess
import sys
import time
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from itertools import repeat
from statistics import quantiles
from typing import Any

import asyncpg

from bench.dataset import Opened, opened
from bench.load import load
from bench.questions import questions
from bench.servers import Server, serving
from models import User
from schema.auth import issue_token

PROGRAMS = ("workers.run", "workers.clock")
TASKS = 100_000
CLIENTS = 4
MAKE = """
insert into reminders (id, workspace_id, task_id, user_id, anchor, remind_at, due_at, created_at)
select gen_random_uuid(), $1, t.id, m.user_id, 'INSTANT', $3, $3, $3
from tasks t join memberships m on m.team_id = t.team_id
where t.workspace_id = $1 and t.finished_at is null order by t.id, m.user_id limit $2
"""
LEFT = "select count(*) from reminders where remind_at = $1 and status = 'PENDING'"
FOUND = """
select count(*) as lines, count(distinct (task_id, user_id)) as told, count(*) filter (where status = 'SENT') as sent
from notifications where moment = $1
"""
REMOVE = (
    "delete from notifications where moment = $1",
    "delete from reminders where remind_at = $1",
    "delete from events where verb = 'reminded' and created_at >= $1",
)


def options() -> Namespace:
    """Read the command line."""
    parser = ArgumentParser(prog="python -m bench.remind", description="How the API answers while reminders are sent.")
    parser.add_argument("--reminders", type=int, default=100_000, help="how many are due in the same second")
    parser.add_argument("--seconds", type=float, default=5.0, help="how long the API is asked before")
    parser.add_argument("--data", default=".data/bench", help="folder in which the data sets are kept")
    return parser.parse_args()


@contextmanager
def running(module: str, environment: Mapping[str, str]) -> Iterator[None]:
    """Run a worker or a clock while the block runs."""
    process = subprocess.Popen([sys.executable, "-m", module], env=environment)
    try:
        yield
    finally:
        process.terminate()
        process.wait(timeout=40)


def main() -> None:
    """Start the servers, ask, make the reminders due, ask again until all are sent, and count."""
    chosen = options()
    with opened(chosen.data, TASKS) as base, ExitStack() as until_done:
        server = until_done.enter_context(serving("fieldgraph", base.environment))
        for each in PROGRAMS:
            until_done.enter_context(running(each, base.environment))
        asyncio.run(measure(server, base, chosen))


async def measure(server: Server, base: Opened, chosen: Namespace) -> None:
    """Print the latencies before and during, the rate, and what is there afterwards."""
    connection = await asyncpg.connect(base.database_url)
    data = base.data
    board = questions(data)[0]
    token = issue_token(User(id=data.rep, workspace_id=data.workspace))
    request = board.request(server.name, token, board.variables)
    await server.answer(request)
    await asyncio.sleep(3)
    before = (await load(server.port, repeat(request), clients=CLIENTS, seconds=chosen.seconds)).latencies
    at = await connection.fetchval("select clock_timestamp()")
    try:
        await connection.execute(MAKE, data.workspace, chosen.reminders, at)
        during, seconds = await _until_sent(connection, server, request, at)
        found = await connection.fetchrow(FOUND, at)
    finally:
        for statement in REMOVE:
            await connection.execute(statement, at)
        await connection.close()
    _print(before, during)
    print(f"{chosen.reminders:,} reminders in {seconds:.1f} s: {chosen.reminders / seconds:,.0f} a second")
    print(f"left 0, lines {found['lines']:,}, of which once {found['told']:,}, sent {found['sent']:,}")
    if not found["lines"] == found["told"] == chosen.reminders:
        raise SystemExit("Not each was recorded once.")


async def _until_sent(connection: Any, server: Server, request: bytes, at: Any) -> tuple[list[float], float]:
    begun, latencies = time.perf_counter(), list[float]()
    while await connection.fetchval(LEFT, at):
        latencies += (await load(server.port, repeat(request), clients=CLIENTS, seconds=1)).latencies
    return latencies, time.perf_counter() - begun


def _print(before: list[float], during: list[float]) -> None:
    for name, place in (("p50", 49), ("p95", 94)):
        first, then = (quantiles(each, n=100)[place] * 1000 for each in (before, during))
        print(f"{name}: {first:.1f} ms before, {then:.1f} ms during, {then / first:.2f} times as long")


if __name__ == "__main__":
    main()
