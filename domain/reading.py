"""What a verb reads: rows that whoever acts sees, locked if they are to be changed."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from domain import policy
from domain.conflicts import expect
from domain.errors import NotFound
from domain.principal import Principal
from domain.statements import Statement, table
from domain.telling import noun
from models.rows import Row

R = TypeVar("R", bound=Row)


class Reads:
    """The reading half of `Work`; `now` is the database's clock when rows were last read or written."""

    now: datetime

    def __init__(self, by: Principal, *, locks: bool) -> None:
        self.by = by
        self._locks = locks
        self._client: Any = None

    async def fetch(self, sql: str, *values: object) -> list[Any]:
        """The rows of a statement in this transaction."""
        async with self._client.acquire_connection() as connection:
            return list(await connection.fetch(sql, *values))

    async def load(
        self, model: type[R], key: UUID, *, to: str, version: int | None = None, path: tuple[str, ...] = ()
    ) -> R:
        """The row, locked, if whoever acts sees it and may do this at all; at the version that they expect, if any."""
        policy.allow(self.by, to)
        (row,) = await self._all(model, {key}, lock=True, path=path)
        expect(row, version)
        return row

    async def first(self, model: type[R], which: str, *values: object) -> R | None:
        """The row that is found and locked `from` on: by conditions that say the workspace, and who may have it."""
        statement = Statement(*values)
        found = await self._rows(model, statement.select(model, f"t.id = (select id {which})", lock=True), statement)
        return found[0] if found else None

    async def lock(self, model: type[R], keys: Iterable[UUID], *, path: tuple[str, ...] = ()) -> list[R]:
        """The rows, locked, in the order of their ids; a missing one is NOT_FOUND."""
        return await self._all(model, set(keys), lock=True, path=path)

    async def lock_seen(self, model: type[R], keys: Iterable[UUID]) -> dict[UUID, R]:
        """Those of the rows that are seen, locked, in the order of their ids, by id."""
        return {row.id: row for row in await self._seen(model, set(keys), lock=True)}

    async def see(self, model: type[R], key: UUID, *, path: tuple[str, ...] = ()) -> R:
        """A row that is referred to, not changed, if whoever acts sees it."""
        return (await self._all(model, {key}, lock=False, path=path))[0]

    async def see_all(self, model: type[R], keys: Iterable[UUID], *, path: tuple[str, ...] = ()) -> list[R]:
        """Rows that are referred to, in the order of their ids; a missing one is NOT_FOUND."""
        return await self._all(model, set(keys), lock=False, path=path)

    async def _all(self, model: type[R], keys: set[UUID], *, lock: bool, path: tuple[str, ...]) -> list[R]:
        found = await self._seen(model, keys, lock=lock)
        if len(found) < len(keys):
            raise NotFound(path=path, kind=noun(model))
        return found

    async def _seen(self, model: type[R], keys: set[UUID], *, lock: bool) -> list[R]:
        # One id is compared, not looked for in a list: for lists PostgreSQL plans each time anew.
        wanted, where = (list(keys), "t.id = any($1)") if len(keys) != 1 else (*keys, "t.id = $1")
        seen, values = policy.bind(self.by, table(model), t="t", first=2)
        statement = Statement(wanted, *values)
        text = statement.select(model, f"{where} and {seen}", lock=lock and self._locks)
        return await self._rows(model, text, statement) if keys else []

    async def _rows(self, model: type[R], sql: str, statement: Statement) -> list[R]:
        records = await self.fetch(sql, *statement.values)
        if records:
            self.now = records[0]["as_of"]
        return [model._init_from_db(**record) for record in records]  # noqa: SLF001 -- what Tortoise's queries call
