"""What a zone's clock does in some years, as iCalendar tells it (RFC 5545, section 3.6.5)."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import groupby
from typing import NamedTuple
from zoneinfo import ZoneInfo

from icalendar import Timezone, TimezoneDaylight, TimezoneStandard

_STEP = timedelta(days=7)
"""Clocks that change twice within a week, as some did around Ramadan, are not nearer to each other than this."""
_SECOND = timedelta(seconds=1)


class Clock(NamedTuple):
    """What a zone's clock reads from some instant on."""

    offset: timedelta
    saving: bool
    name: str


class Change(NamedTuple):
    """A zone's clock changes: what it reads since, from which offset, and the local time by that older offset."""

    clock: Clock
    before: timedelta
    local: datetime


def part(place: ZoneInfo, first: datetime, last: datetime) -> Timezone:
    """The VTIMEZONE of a zone, which holds for local times from `first` to `last` (instants)."""
    made = Timezone()
    made.add("tzid", place.key)
    start = _clock(first, place)
    opening = Change(start, start.offset, first.astimezone(place).replace(tzinfo=None, microsecond=0))
    found = sorted([opening, *_changes(place, first, last)], key=lambda each: (each.clock, each.before))
    for (clock, before), group in groupby(found, key=lambda each: (each.clock, each.before)):
        made.add_component(_observance(clock, before, [each.local for each in group]))
    return made


def _observance(clock: Clock, before: timedelta, onsets: list[datetime]) -> TimezoneStandard | TimezoneDaylight:
    observance = TimezoneDaylight() if clock.saving else TimezoneStandard()
    observance.add("dtstart", onsets[0])
    if onsets[1:]:
        observance.add("rdate", onsets[1:])
    observance.add("tzname", clock.name)
    observance.add("tzoffsetfrom", before)
    observance.add("tzoffsetto", clock.offset)
    return observance


def _changes(place: ZoneInfo, first: datetime, last: datetime) -> Iterator[Change]:
    at = first.replace(microsecond=0)
    while at < last:
        old, new = _clock(at, place), _clock(at + _STEP, place)
        if old != new:
            onset = _onset(place, at, at + _STEP)
            yield Change(new, old.offset, (onset + old.offset).replace(tzinfo=None))
        at += _STEP


def _onset(place: ZoneInfo, low: datetime, high: datetime) -> datetime:
    """The second at which the clock changes between two instants."""
    old = _clock(low, place)
    while high - low > _SECOND:
        middle = low + ((high - low) // 2 // _SECOND or 1) * _SECOND
        low, high = (middle, high) if _clock(middle, place) == old else (low, middle)
    return high


def _clock(at: datetime, place: ZoneInfo) -> Clock:
    local = at.astimezone(UTC).astimezone(place)
    return Clock(local.utcoffset() or timedelta(), bool(local.dst()), local.tzname() or place.key)
