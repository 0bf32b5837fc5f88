"""One change: its transaction, its locks, its events and its nudges."""

import asyncio
import logging
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, nullcontext
from contextvars import ContextVar
from types import TracebackType
from typing import Any, Self
from uuid import UUID

from tortoise.connection import get_connection
from tortoise.transactions import in_transaction
from uuid_utils.compat import uuid7

from domain import columns, jobs, telling
from domain.alike import Alike, copied
from domain.conflicts import Outrun
from domain.errors import DomainError, refuse
from domain.jobs import Job
from domain.once import Answer, Once
from domain.principal import Principal
from domain.reading import R, Reads
from domain.statements import MADE, Rows, Statement, Values, table
from domain.telling import SUBJECTS, news, noun
from models.history import Event
from models.rows import Row, Versioned

Also = tuple[type[Row], Rows]
"""Rows that are written in the same statement as the row they belong to."""

last_event: ContextVar[UUID | None] = ContextVar("last_event", default=None)
"""The last event that was told by work that is done."""
log = logging.getLogger(__name__)


class Work(Reads):
    """A verb's only way to the database: all of it is done, and its nudges sent, or nothing is.

    Events are dated by `now`. Work that is `swift` writes one row, by one statement: nothing is locked and no
    transaction is open until then, which is two round trips instead of four. If somebody else changes the row
    meanwhile, it is `Outrun`, and done `again`.
    """

    answer: UUID | None = None
    """What came of this request when it was made before, with the same idempotency key."""
    outcomes: list[Any] | None = None
    """What came of each of its items, if it was one in bulk."""

    def __init__(self, by: Principal, *, once: Once | None = None, swift: bool = False) -> None:
        super().__init__(by, locks=not swift)
        self._once = once
        self._nudges: list[tuple[Job, tuple[UUID, ...]]] = []
        self._last_event = last_event.get()
        self._held: Any = nullcontext(get_connection("default")) if swift else in_transaction()

    async def __aenter__(self) -> Self:
        self._client = await self._held.__aenter__()
        try:
            if self._once:
                kept = await self._once.answer(self, self.by) or Answer()
                self.answer, self.outcomes = kept.key, kept.outcomes
        except BaseException as error:
            await self._held.__aexit__(type(error), error, error.__traceback__)
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._held.__aexit__(kind, error, trace)
        if error is None:
            last_event.set(self._last_event)
        for job, ids in () if error else dict.fromkeys(self._nudges):
            try:
                await asyncio.to_thread(jobs.send, job, *ids)
            except Exception:
                log.exception("The nudge %s was not sent; the clock will find what is due.", job)

    async def change(
        self, row: Row, verb: str, *, reason: str | None = None, also: Also | None = None, then: str = "", **values: Any
    ) -> bool:
        """Give a row new values, and tell from what to what; when nothing differs, do nothing and say so.

        `then` is SQL that finds the row's id in `made`. A row that was not locked may have a newer version by now:
        nothing is written then, and `Outrun` raised.
        """
        changes = {name: value for name, value in values.items() if getattr(row, name) != value}
        if not changes:
            return False
        refuse((*columns.faults(type(row), changes), *columns.faults(Event, {"reason": reason})))
        told = self._told(row, verb, {n: [getattr(row, n), v] for n, v in changes.items()}, reason)
        if (version := row.version if isinstance(row, Versioned) else None) is not None:
            changes |= {"version": version + 1, "updated_at": self.now}
        statement = Statement()
        made = statement.update(type(row), row.id, changes, version)
        parts = [made, *self._beside(statement, (Event, told), also), then, "select from made"]
        if not await self.fetch(statement.together(parts), *statement.values):
            raise Outrun
        for name, value in changes.items():
            setattr(row, name, value)
        return True

    async def create(self, model: type[R], verb: str = "created", *, also: Also | None = None, **values: object) -> R:
        """Add a row, and tell of it."""
        return (await self.create_all(model, [values], verb, also=also))[0]

    async def create_all(
        self,
        model: type[R],
        rows: Sequence[Values],
        verb: str = "created",
        *,
        also: Also | None = None,
        unless_there: bool = False,
    ) -> list[R]:
        """Add rows with the same columns, and tell of each; those that a unique key forbids can be left out.

        `also` are rows that point at the new ones; they need the ids, so give the new rows theirs.
        """
        refuse(fault for row in rows for fault in columns.faults(model, row))
        if not (given := [self._given(row) for row in rows]):
            return []
        statement = Statement()
        parts = [statement.create(model, given, unless_there=unless_there)]
        if table(model) in SUBJECTS:
            told = [self._event(table(model), row["id"], verb, news(row), None) for row in given]
            parts.append(statement.events(told, where="r.subject_id in (select id from made)"))
        if also and also[1]:
            of_made = f"r.{noun(model).replace(' ', '_')}_id in (select id from made)"
            parts.append(statement.insert(also[0], [self._given(row) for row in also[1]], where=of_made))
        return await self._rows(model, statement.together([*parts, "select * from made"]), statement)

    async def copy(self, model: type[Row], rows: Sequence[Alike], verb: str = "created") -> None:
        """Add many rows in the fastest way, and tell of each; a unique key refuses them all."""
        async with self._client.acquire_connection() as connection:
            for kind, found in await asyncio.to_thread(self._copies, model, rows, verb):
                await connection.copy_records_to_table(table(kind), **copied(found))

    async def record(self, subject: Row, verb: str, changes: Values, *, reason: str | None = None) -> None:
        """Tell something about a subject that none of its own columns shows."""
        statement = Statement()
        await self.fetch(statement.events(self._told(subject, verb, changes, reason)), *statement.values)

    def enqueue(self, job: Job, *ids: UUID) -> None:
        """Nudge the workers once this is done; the same nudge goes out once."""
        self._nudges.append((job, ids))

    async def answers(self, key: UUID) -> UUID:
        """The answer of a creating verb, kept for a repeat of the request."""
        if self._once:
            await self._once.keep(self, self.by, Answer(key))
        return key

    async def keep(self, outcomes: list[Any]) -> None:
        """Keep what became of the items of a request in bulk, for a repeat of it."""
        if self._once:
            await self._once.keep(self, self.by, Answer(outcomes=outcomes))

    @asynccontextmanager
    async def attempt(self) -> AsyncIterator[None]:
        """Undo what is refused inside, while all else that is done in this work stands."""
        nudges, told = len(self._nudges), self._last_event
        await self.fetch("savepoint attempt")
        try:
            yield
        except DomainError:
            await self.fetch("rollback to savepoint attempt")
            del self._nudges[nudges:]
            self._last_event = told
            raise
        await self.fetch("release savepoint attempt")

    def told(self, event_id: UUID) -> None:
        """A statement of the caller's own has written this event."""
        self._last_event = event_id

    def _beside(self, statement: Statement, *found: Also | None) -> Iterator[str]:
        """The parts of a statement that add what belongs to the row which it writes."""
        for model, rows in filter(None, found):
            if rows:
                yield statement.insert(model, [self._given(each) for each in rows], where=MADE)

    def _given(self, values: Values) -> dict[str, Any]:
        """A new row's columns: what was given, and where it belongs."""
        dated = {"created_at": self.now} if hasattr(self, "now") else {}
        return {"id": uuid7(), "workspace_id": self.by.workspace_id, **dated, **values}

    def _copies(self, model: type[Row], rows: Sequence[Alike], verb: str) -> list[tuple[type[Row], list[Alike]]]:
        """Rows as they are stored, and the events that tell of them."""
        found: list[tuple[type[Row], Sequence[Alike]]] = [(model, rows)]
        if rows and table(model) in SUBJECTS:
            told = [each.told(self.by, table(model), verb) for each in rows]
            self._last_event = UUID(int=told[-1].own["id"][-1].int)
            found.append((Event, told))
        where = {"workspace_id": self.by.workspace_id, "created_at": self.now}
        return [(kind, [each.stored(where) for each in some]) for kind, some in found if some]

    def _told(self, row: Row, verb: str, changes: Values, reason: str | None) -> list[Values]:
        about = table(type(row))
        return [self._event(about, row.id, verb, changes, reason)] if about in SUBJECTS else []

    def _event(self, about: str, key: UUID, verb: str, changes: Values, reason: str | None) -> Values:
        event = self._given(telling.event(self.by, about, key, verb, changes, reason=reason))
        self._last_event = event["id"]
        return event
