"""A request that may arrive twice: its key, and the answer kept for the second time."""

from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID

import orjson
from uuid_utils.compat import uuid7

from domain.errors import IdempotencyInProgress, IdempotencyKeyReused
from domain.principal import Principal

_LOCK = "select pg_try_advisory_xact_lock(hashtextextended($1, 0)) as free"
_FIND = """
select fingerprint, answer, outcomes::text from stored_answers
where user_id = $1 and key = $2 and expires_at > clock_timestamp()
"""
_KEEP = """
insert into stored_answers (id, workspace_id, user_id, key, fingerprint, answer, outcomes, expires_at)
values ($1, $2, $3, $4, $5, $6, $7::text::jsonb, clock_timestamp() + interval '24 hours')
on conflict (user_id, key) do update set fingerprint = excluded.fingerprint, answer = excluded.answer,
outcomes = excluded.outcomes, expires_at = excluded.expires_at
"""


class _Reads(Protocol):
    async def fetch(self, sql: str, *values: object) -> list[Any]: ...


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a request: the row that it made, or, of one in bulk, what became of each item."""

    key: UUID | None = None
    outcomes: list[Any] | None = None


@dataclass(frozen=True, slots=True)
class Once:
    """An idempotency key, and a digest of the input that it was sent with."""

    key: str
    fingerprint: str

    async def answer(self, work: _Reads, by: Principal) -> Answer | None:
        """What came of the key before; refuses while that is being found, and when the input was another."""
        if not (await work.fetch(_LOCK, f"{by.id}:{self.key}"))[0]["free"]:
            raise IdempotencyInProgress
        kept = await work.fetch(_FIND, by.id, self.key)
        if kept and kept[0]["fingerprint"] != self.fingerprint:
            raise IdempotencyKeyReused
        if not kept:
            return None
        return Answer(kept[0]["answer"], kept[0]["outcomes"] and orjson.loads(kept[0]["outcomes"]))

    async def keep(self, work: _Reads, by: Principal, answer: Answer) -> None:
        """Keep the answer for 24 hours."""
        outcomes = None if answer.outcomes is None else orjson.dumps(answer.outcomes, default=str).decode()
        await work.fetch(_KEEP, uuid7(), by.workspace_id, by.id, self.key, self.fingerprint, answer.key, outcomes)
