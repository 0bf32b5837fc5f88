"""Where reads run: a pool of connections that write nothing, keep their plans, and hand JSON on as bytes."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any, Protocol

import asyncpg

from settings import Connection

SESSION = {
    "TimeZone": "UTC",
    "IntervalStyle": "iso_8601",  # as the scalar Duration prints it
    "default_transaction_read_only": "on",
    "jit": "off",
    # A statement is planned once: its plan does not hang on the values, and planning it takes as long as running it.
    "plan_cache_mode": "force_generic_plan",
    # A nested selection looks rows up by keys, which are in memory; the default is for spinning disks.
    "random_page_cost": "1.1",
}

KEPT, LONGEST_KEPT = 128, 32_768
"""How many statements a connection keeps, and of how many characters; each takes PostgreSQL about 150 bytes."""


class Database(Protocol):
    """Where statements are run."""

    async def json(self, statement: str, values: Sequence[object]) -> bytes | None:
        """Run a statement that answers one JSON value, or none."""


class Pool:
    """The connections of one process."""

    def __init__(self, pool: Any) -> None:
        self._pool = pool

    @classmethod
    @asynccontextmanager
    async def opened(cls, url: str, *, size: int) -> AsyncIterator["Pool"]:
        """Open a pool of at most so many connections, and close it in the end."""
        async with asyncpg.create_pool(
            url,
            min_size=1,
            max_size=size,
            init=_hand_json_on,
            connection_class=Connection,
            server_settings=SESSION,
            statement_cache_size=KEPT,
            max_cached_statement_lifetime=0,
            max_cacheable_statement_size=LONGEST_KEPT,
        ) as pool:
            yield cls(pool)

    async def json(self, statement: str, values: Sequence[object]) -> bytes | None:
        """Run a statement that answers one JSON value, or none."""
        async with self._pool.acquire() as connection:
            answer: bytes | None = await connection.fetchval(statement, *values)
            return answer

    @property
    def busy(self) -> int:
        """How many connections are at work."""
        found: int = self._pool.get_size() - self._pool.get_idle_size()
        return found


async def _hand_json_on(connection: Any) -> None:
    await connection.set_type_codec("json", schema="pg_catalog", encoder=bytes, decoder=bytes, format="binary")
