"""Calendar feeds: making a secret URL, ending it, and what it shows."""

import asyncio
import secrets
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from uuid_utils.compat import uuid7

from domain import agenda, calendar_text, personal_urls, tokens
from domain.calendar_text import Entry
from domain.errors import LimitExceeded, Required
from domain.once import Once
from domain.policy import allow
from domain.principal import Principal
from domain.work import Work
from models.accounts import User
from models.calendars import CalendarEntry, CalendarFeed
from models.recurrence import Series

SERIES = "series"
MOST = 20
"""Feeds of one person that are not revoked."""
# Whoever remembers only when it changed sees that it did, also twice in a second.
_SHOWN = """
update calendar_feeds set content = $2,
    changed_at = greatest(date_trunc('second', clock_timestamp()), changed_at + interval '1 second')
where id = $1 returning changed_at
"""


@dataclass(frozen=True, slots=True)
class Feed:
    """What a feed shows now."""

    name: str
    entries: list[Entry]
    stamp: str
    """Differs whenever the text does."""
    changed_at: datetime
    """When it was first seen to be as it is."""

    async def text(self) -> bytes:
        """The calendar, written beside the event loop, which a long one would hold up."""
        return await asyncio.to_thread(calendar_text.write, self.name, self.entries)


async def feed_create(
    *, name: str, tasks_as: CalendarEntry = CalendarEntry.EVENT, by: Principal, once: Once | None = None
) -> tuple[UUID, str | None]:
    """Make a URL at which calendar programs find one's own tasks and visits; its id, and its secret, kept nowhere.

    A repeat of the request answers the id without the secret.
    """
    allow(by, "calendar_feed_create")
    key, secret = uuid7(), secrets.token_urlsafe(32)
    async with Work(by, once=once) as work:
        if work.answer:
            return work.answer, None
        if by.id is None:
            raise Required(path=("userId",), field="User")
        await work.lock(User, [by.id])
        there = await CalendarFeed.filter(user_id=by.id, revoked_at=None).count()
        if there >= MOST:
            raise LimitExceeded(what="The number of calendar feeds", limit=MOST, actual=there + 1)
        feed = {"name": name, "tasks_as": tasks_as, "digest": tokens.digest(secret)}
        await work.create_all(CalendarFeed, [{"id": key, "user_id": by.id, **feed}])
        return await work.answers(key), secret


async def feed_revoke(feed_id: UUID, *, by: Principal) -> None:
    """End a feed now and for good."""
    async with Work(by) as work:
        feed = await work.load(CalendarFeed, feed_id, to="calendar_feed_revoke", path=("calendarFeedId",))
        if feed.revoked_at is None:
            await work.change(feed, "revoked", revoked_at=work.now)


def series_path(series_id: UUID, by: Principal, *, now: float) -> str:
    """Where whoever asks fetches a series as a calendar for a while: it works for nobody's rights but theirs."""
    return f"/calendars/{personal_urls.token(SERIES, series_id, by, now=now)}.ics"


async def series(series_id: UUID, *, by: Principal) -> Feed:
    """What a calendar shows of a series to who sees it."""
    async with Work(by) as work:
        row = await work.see(Series, series_id)
        return Feed(row.title, await agenda.of_series(work, row, CalendarEntry.EVENT), "", row.updated_at)


async def claimed(secret: str) -> tuple[UUID, Principal] | None:
    """The feed of this secret and its person; none once it is revoked, or they are not active."""
    row = await CalendarFeed.get_or_none(digest=tokens.digest(secret), revoked_at=None)
    by = await tokens.of_user(row.user_id) if row else None
    return (row.id, by) if row and by else None


async def shown(feed_id: UUID, *, by: Principal) -> Feed:
    """What one's own feed shows: what one may see now."""
    async with Work(by) as work:
        row = await work.see(CalendarFeed, feed_id)
        entries = await agenda.entries(work, row.tasks_as)
        stamp = sha256(repr((row.name, entries)).encode()).hexdigest()
        at = row.changed_at if stamp == row.content else None
        at = at or (await work.fetch(_SHOWN, row.id, stamp))[0]["changed_at"]
    return Feed(row.name, entries, stamp, at)
