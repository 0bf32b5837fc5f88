"""iCalendar text (RFC 5545) of what is on somebody's calendar: escaped, folded, with the time zones that it names."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, Todo, vRecur

from domain import time_zone_parts
from models.calendars import CalendarEntry
from models.tasks import Priority, TaskStatus

PRODUCT = "-//Fieldgraph//Fieldgraph//EN"
REFRESH = timedelta(hours=1)
"""How often a calendar program should look again."""
ZONE_YEARS = timedelta(days=3653)
"""For how long after the last date the clock of a zone is told."""
_PRIORITIES = MappingProxyType({Priority.URGENT: 1, Priority.HIGH: 3, Priority.MEDIUM: 5, Priority.LOW: 9})
_STATUSES = MappingProxyType(
    {
        TaskStatus.PENDING: "NEEDS-ACTION",
        TaskStatus.IN_PROGRESS: "IN-PROCESS",
        TaskStatus.RELEASED: "IN-PROCESS",
        TaskStatus.COMPLETED: "COMPLETED",
        TaskStatus.CLOSED: "COMPLETED",
        TaskStatus.CANCELLED: "CANCELLED",
    }
)
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Recurrence:
    """How an entry comes again: a rule, and local starts in the entry's zone that are added or left out."""

    rule: str | None = None
    added: Sequence[datetime] = ()
    left_out: Sequence[datetime] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One thing on a calendar, at an instant or on a day; or, with a zone, at a local time there."""

    uid: str
    kind: CalendarEntry
    title: str
    at: datetime | date
    zone: ZoneInfo | None = None
    lasts: timedelta | None = None
    description: str | None = None
    place: str | None = None
    status: TaskStatus = TaskStatus.PENDING
    priority: Priority | None = None
    finished_at: datetime | None = None
    created_at: datetime
    updated_at: datetime
    version: int
    recurrence: Recurrence | None = None
    replaces: datetime | None = None
    """The local start, in the zone, of the occurrence of the same UID in whose place this is."""


def write(name: str, entries: Iterable[Entry]) -> bytes:
    """The text of a calendar."""
    calendar, found = Calendar(), list(entries)
    for key, value in (("prodid", PRODUCT), ("version", "2.0"), ("calscale", "GREGORIAN"), ("name", _plain(name))):
        calendar.add(key, value)
    calendar.add("x-wr-calname", _plain(name))
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    for zone, span in _spans(found).items():
        calendar.add_component(time_zone_parts.part(zone, *span))
    for entry in found:
        calendar.add_component(_component(entry))
    return bytes(calendar.to_ical())


def _spans(entries: Iterable[Entry]) -> dict[ZoneInfo, tuple[datetime, datetime]]:
    """For each zone the instants between which its clock must be told."""
    spans: dict[ZoneInfo, tuple[datetime, datetime]] = {}
    for entry in entries:
        if entry.zone is not None and isinstance(entry.at, datetime):
            at = entry.at.replace(tzinfo=UTC)
            first, last = spans.get(entry.zone, (at, at))
            spans[entry.zone] = min(first, at), max(last, at)
    day = timedelta(days=1)
    return {zone: (first - day, last + ZONE_YEARS) for zone, (first, last) in spans.items()}


def _component(entry: Entry) -> Event | Todo:
    made = Event() if entry.kind is CalendarEntry.EVENT else Todo()
    made.add("uid", entry.uid)
    made.add("dtstamp", entry.updated_at)
    made.add("created", entry.created_at)
    made.add("last-modified", entry.updated_at)
    made.add("sequence", entry.version - 1)
    made.add("summary", _plain(entry.title))
    for name, text in (("description", entry.description), ("location", entry.place)):
        if text:
            made.add(name, _plain(text))
    if entry.priority is not None:
        made.add("priority", _PRIORITIES[entry.priority])
    _say_when(made, entry)
    _say_how_far(made, entry)
    return made


def _say_when(made: Event | Todo, entry: Entry) -> None:
    again = entry.recurrence or entry.replaces
    # A to-do that takes no time has nothing but a moment at which it is due; what recurs is counted from a start.
    is_due = isinstance(made, Todo) and not again and not entry.lasts
    made.add("due" if is_due else "dtstart", _in_zone(entry.at, entry.zone))
    if entry.lasts and isinstance(entry.at, datetime):
        made.add("duration", entry.lasts)
    if entry.replaces:
        made.add("recurrence-id", _in_zone(entry.replaces, entry.zone))
    if entry.recurrence:
        if entry.recurrence.rule:
            made.add("rrule", vRecur.from_ical(entry.recurrence.rule))
        for name, dates in (("rdate", entry.recurrence.added), ("exdate", entry.recurrence.left_out)):
            if dates:
                made.add(name, [_in_zone(each, entry.zone) for each in dates])


def _say_how_far(made: Event | Todo, entry: Entry) -> None:
    if isinstance(made, Event):
        made.add("status", "CANCELLED" if entry.status is TaskStatus.CANCELLED else "CONFIRMED")
        if not isinstance(entry.at, datetime):
            made.add("transp", "TRANSPARENT")  # a day on which something is due is not a day that is taken
        return
    made.add("status", _STATUSES[entry.status])
    if entry.finished_at is not None and _STATUSES[entry.status] == "COMPLETED":
        made.add("completed", entry.finished_at)


def _in_zone(at: datetime | date, zone: ZoneInfo | None) -> Any:
    if not isinstance(at, datetime):
        return at
    return at.astimezone(UTC).replace(microsecond=0) if zone is None else at.replace(tzinfo=zone)


def _plain(text: str) -> str:
    """The text without the control characters that iCalendar forbids."""
    return _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
