"""Time zones by their IANA names, and what their clocks say."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from domain.errors import InvalidInput, LimitExceeded

MOST_TIMES = 1000
"""Local times that one list says: the exceptions of a series, or its additions."""


def zone(name: str, *, path: tuple[str, ...] = ("timeZone",)) -> ZoneInfo:
    """The zone of this name."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise InvalidInput(path=path, reason=f"{name} is no IANA time zone") from error


def later(at: datetime, days: int, place: ZoneInfo) -> datetime:
    """The instant so many days later at which the clock there says the same; with 0 days, the same instant.

    A time that the clock skips moves forward by what was skipped; one that comes twice is its first.
    """
    local = at.astimezone(place).replace(tzinfo=None) + timedelta(days=days)
    return local.replace(tzinfo=place).astimezone(UTC) if days else at


def local_time(text: str, *, path: tuple[str, ...] = ("start",)) -> datetime:
    """What a clock shows, without an offset and to the second, such as 2026-11-23T09:00:00."""
    try:
        local = datetime.fromisoformat(text).replace(microsecond=0)
    except ValueError as error:
        raise InvalidInput(path=path, reason=f"{text[:40]} is no local time such as 2026-11-23T09:00:00") from error
    if local.tzinfo is not None:
        raise InvalidInput(path=path, reason="a local time has no offset; the time zone says it")
    return local


def local_times(texts: Sequence[str], *, what: str, path: tuple[str, ...]) -> frozenset[datetime]:
    """Several local times, of which there may be `MOST_TIMES`; the refusal of one says its place."""
    if len(texts) > MOST_TIMES:
        raise LimitExceeded(path=path, what=what, limit=MOST_TIMES, actual=len(texts))
    return frozenset(local_time(text, path=(*path, str(place))) for place, text in enumerate(texts))
