"""The results as a page: what ran where, and a table for each concurrency."""

import os
import platform
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import asyncpg
import psutil

from bench import postgraphile
from bench.measure import Row

RESULTS = Path(__file__).with_name("RESULTS.md")
PACKAGES = ("strawberry-graphql", "graphql-core", "starlette", "uvicorn", "uvloop", "asyncpg", "orjson", "tortoise-orm")
INTRODUCTION = """
# Results

Written by `python -m bench --full`. Every server is one process with as many database connections as the others, on
the same database and machine, which also runs the load and PostgreSQL; they take short turns in forty rounds, in each
of which everything is asked and another server comes first. A rate is the median of the rounds, and so is the ratio of
two rates (*to limit*: as a multiple of the limit's), because what slows the machine for a while slows all that take
their turns then. Each answer was checked to say the same before it was timed. *Server CPU* is that of the server's
process for one answer, without PostgreSQL.

* **limit**: a Starlette endpoint with hand-written SQL, with our login and the same rights.
* **usual**: Strawberry over Tortoise with DataLoaders, parsed and validated documents cached, our login and rights.
  It and the next do not look for the tasks in which one collaborates.
* **postgraphile**: PostGraphile 5 with prepared statements; its login checks the token and remembers the principal; its
  rights are row level security, which need not look again at what belongs to a task.
"""
PEERS = ("limit", "postgraphile", "usual")
HEAD = (
    "| question | clients | server | requests/s | to limit | to postgraphile | to usual"
    " | p50 ms | p99 ms | server CPU ms | answer bytes |"
)
DEEP, FIRST = "page 1,000", "page 1"


def against(row: Row, rows: Iterable[Row], **other: str) -> str:
    """Write how many times as fast a row is as the one that differs from it so; nothing where there is none."""
    wanted = {"server": row.server, "question": row.question, "clients": row.clients} | other
    found = next((each for each in rows if all(getattr(each, name) == is_ for name, is_ in wanted.items())), None)
    return "" if found is None else number(row.times(found))


def number(rate: float) -> str:
    """Write a rate with as many digits as tell something."""
    return f"{rate:,.0f}" if rate >= 10 else f"{rate:.2f}"


def line(row: Row, rows: Sequence[Row]) -> str:
    """Write one row of the table."""
    cells = [row.question, row.clients, row.server, number(row.rate)]
    cells += [against(row, rows, server=peer) for peer in PEERS]
    cells += [f"{row.percentile(50):.2f}", f"{row.percentile(99):.2f}", f"{row.cpu:.2f}", f"{row.size:,}"]
    return f"| {' | '.join(map(str, cells))} |"


async def surroundings(database_url: str, installed: Mapping[str, str]) -> list[str]:
    """Say what ran where."""
    connection = await asyncpg.connect(database_url)
    server = await connection.fetchval("show server_version")
    buffers = await connection.fetchval("show shared_buffers")
    await connection.close()
    memory = psutil.virtual_memory().total / 2**30
    told = [
        f"{datetime.now(UTC):%d %B %Y}, {os.cpu_count()} processors, {memory:.0f} GiB, {platform.platform(terse=True)}",
        f"Python {platform.python_version()}, " + ", ".join(f"{name} {version(name)}" for name in PACKAGES),
        f"PostgreSQL {server} with shared_buffers = {buffers}, otherwise as embedded",
    ]
    return [*told, f"PostGraphile {installed['postgraphile']} on Node {installed['node']}"] if installed else told


def table(rows: Sequence[Row]) -> str:
    """Write all rows."""
    return "\n".join([HEAD, "|---|--:|---|" + "--:|" * 8, *(line(row, rows) for row in rows)])


def sentence(row: Row, rows: Sequence[Row]) -> str:
    """Write one result for the terminal."""
    part = against(row, rows, server="limit")
    of_limit = f", {part} of the limit's rate" if part and row.server != "limit" else ""
    return (
        f"{row.question:<12} {row.clients:>2} clients: {row.server:<12} {number(row.rate):>7} req/s, "
        f"p50 {row.percentile(50):6.2f} ms, p99 {row.percentile(99):6.2f} ms, CPU {row.cpu:5.2f} ms{of_limit}"
    )


def taken(before: Any) -> float:
    """Return the share of the processors' time that other machines on the same host have taken since then."""
    now = psutil.cpu_times()
    stolen: float = getattr(now, "steal", 0.0) - getattr(before, "steal", 0.0)
    return stolen / (sum(now) - sum(before))


def meanwhile(lost: float) -> str:
    """Say what share of the processors' time other machines took."""
    return f"other machines on the same host took {lost:.0%} of the processors' time meanwhile"


async def write(rows: Sequence[Row], tasks: int, database_url: str, servers: Sequence[str], lost: float) -> None:
    """Put the results of this size in the place of the last ones of this size."""
    told = await surroundings(database_url, postgraphile.versions() if "postgraphile" in servers else {})
    told += [
        f"{DEEP} is answered {against(row, rows, question=FIRST)} times as fast as {FIRST}, from {row.clients} clients"
        for row in rows
        if (row.server, row.question) == ("fieldgraph", DEEP)
    ]
    put(f"{tasks:,} tasks", [*told, meanwhile(lost)], table(rows))


def put(title: str, told: Iterable[str], table: str) -> None:
    """Put a section, whose title begins with a number of tasks, in the place of the last one of its title."""
    old = RESULTS.read_text().split("\n## ")[1:] if RESULTS.exists() else []
    sections = {each.partition("\n")[0]: f"## {each}".strip() for each in old}
    sections[title] = "\n".join([f"## {title}", "", *(f"* {each}" for each in told), "", table])
    order = sorted(sections, key=lambda title: (int(title.partition(" ")[0].replace(",", "")), title))
    inside = [sections[each] for each in order]
    RESULTS.write_text("\n\n".join([INTRODUCTION.strip(), *inside]) + "\n")
