"""The data set of a size: a workspace written straight into the tables, kept between runs."""

import asyncio
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
from tortoise.context import TortoiseContext
from tortoise.migrations.api.migrate import migrate

import embedded
from settings import settings, tortoise

TASKS_PER_TEAM = 5_000
WORKSPACE, TEAM, REP = UUID(f"a{0:031x}"), UUID(f"c{3:031x}"), UUID(f"b{31:031x}")
STATEMENTS = Path(__file__).with_name("dataset.sql").read_text()
INDEXES = """
select i.indexrelid::regclass::text as name, pg_get_indexdef(i.indexrelid) as text
from pg_index i join pg_class c on c.oid = i.indrelid
where c.relnamespace = 'public'::regnamespace
and not exists (select from pg_constraint k where k.conindid = i.indexrelid)
"""


@dataclass(frozen=True)
class Dataset:
    """Where the things are that the queries ask for."""

    teams: int

    workspace: UUID = WORKSPACE
    team: UUID = TEAM
    rep: UUID = REP

    @property
    def admin(self) -> UUID:
        """Who sees the whole workspace."""
        return UUID(f"b{self.teams * 10:031x}")

    @property
    def task(self) -> UUID:
        """An open task of the team with everything: the 4,000th, which has 25 time entries."""
        return UUID(f"2{(4_000 // 8 * self.teams + 3) * 8:031x}")


@dataclass(frozen=True)
class Opened:
    """A data set in a running database, and what a server is told to find it."""

    data: Dataset
    database_url: str
    environment: Mapping[str, str]


@contextmanager
def opened(folder: str, tasks: int) -> Iterator[Opened]:
    """Run a database with the data set of a size, which is kept in the folder, while the block runs."""
    kept = Path(folder) / str(tasks)
    chosen = settings().model_copy(update={"data_dir": kept, "database_url": None, "redis_url": None})
    with embedded.servers(chosen) as urls:
        data = asyncio.run(prepare(urls.database_url, tasks))
        told = {"DATABASE_URL": urls.database_url, "REDIS_URL": urls.redis_url, "SECRET": chosen.secret}
        yield Opened(data, urls.database_url, os.environ | told | {"POOL_SIZE": str(chosen.pool_size)})


async def prepare(database_url: str, tasks: int) -> Dataset:
    """Migrate and, unless it was done before, fill the database; `tasks` is a multiple of 50,000."""
    async with TortoiseContext():
        await migrate(config=tortoise(database_url))
    teams = tasks // TASKS_PER_TEAM
    connection = await asyncpg.connect(database_url)
    if not await connection.fetchval("select exists (select from workspaces)"):
        await _fill(connection, tasks, teams)
    await connection.execute("vacuum (analyze)")
    await connection.close()
    return Dataset(teams)


async def _fill(connection: Any, tasks: int, teams: int) -> None:
    """Write everything in one transaction; indexes are made afterwards, which is ten times faster."""
    print(f"Writing {tasks:,} tasks and what belongs to them (once) …", flush=True)
    async with connection.transaction():
        await connection.execute(
            "set local session_replication_role = replica; set local maintenance_work_mem = '512MB'"
        )
        indexes = await connection.fetch(INDEXES)
        await connection.execute("; ".join(f"drop index {each['name']}" for each in indexes))
        await connection.execute(STATEMENTS.replace(":tasks", str(tasks)).replace(":teams", str(teams)))
        await connection.execute("; ".join(each["text"] for each in indexes))
