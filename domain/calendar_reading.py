"""What an iCalendar text says comes again: its entries as drafts of series, each with all that is wrong with it."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from icalendar import Calendar, Component

from domain.errors import DomainError, InvalidInput, LimitExceeded, Required
from domain.zones import MOST_TIMES, zone

LONGEST, MOST_LINES, MOST_ENTRIES = 250_000, 10_000, 100
"""Characters and lines of a text, and entries in it."""
MORNING = time(9)
"""When an entry that is for a whole day begins."""
ENTRIES = ("VEVENT", "VTODO")
_CLOCK, _OF_CLOCKS = "VTIMEZONE", {"STANDARD", "DAYLIGHT"}


@dataclass(slots=True)
class Draft:
    """An entry of a text as a series; dates are local ones in its zone."""

    uid: str
    title: str = ""
    description: str | None = None
    place: str | None = None
    minutes: int | None = None
    rule: str | None = None
    start: datetime = datetime.min  # noqa: DTZ901 -- a local time
    time_zone: str = ""
    added: list[datetime] = field(default_factory=list)
    left_out: list[datetime] = field(default_factory=list)
    errors: list[DomainError] = field(default_factory=list)


class Unreadable(Exception):
    """A property does not say what it should."""


def read(text: str, *, local: ZoneInfo) -> list[Draft]:
    """The entries that recur, in their order; a time that names no zone is read as `local`.

    An occurrence that was moved (RECURRENCE-ID) is left out at its old time and added at its new one. Raises what makes
    the text as a whole no calendar, or one that is too long.
    """
    components = _components(text)
    whole = [each for each in components if "RECURRENCE-ID" not in each]
    drafts = [_draft(each, local) for each in whole]
    by_uid = {draft.uid: draft for draft in drafts}
    for each in components:
        if "RECURRENCE-ID" in each and (draft := by_uid.get(str(each.get("UID", "")))):
            _move(draft, each)
    for draft in drafts:
        draft.errors += _wrong(draft)
    return drafts


def _components(text: str) -> list[Component]:
    """The entries of a text that is not too long, unfolded, without what it says of the clocks of zones."""
    limited = [("The length of the calendar", LONGEST, len(text))]
    lines = re.sub(r"\r\n?|\n", "\n", text.removeprefix("\ufeff")).replace("\n ", "").replace("\n\t", "").split("\n")
    limited.append(("The number of lines", MOST_LINES, len(lines)))
    begun = [name for name in map(_begun, lines) if name not in {None, _CLOCK, *_OF_CLOCKS}]
    limited.append(("The number of entries", MOST_ENTRIES, sum(name in ENTRIES for name in begun)))
    limited.append(("The number of components", 2 * MOST_ENTRIES, len(begun)))
    for what, limit, actual in limited:
        if actual > limit:
            raise LimitExceeded(path=("ics",), what=what, limit=limit, actual=actual)
    try:
        calendars = Calendar.from_ical("\r\n".join(_without_clocks(lines)), multiple=True)
        return [each for calendar in calendars for each in calendar.walk() if each.name in ENTRIES]
    except (ValueError, KeyError, IndexError, TypeError, AttributeError) as error:
        raise InvalidInput(path=("ics",), reason="it is no iCalendar text") from error


def _without_clocks(lines: Iterable[str]) -> Iterator[str]:
    """Zones are known by their names; a rule of a clock in here could keep a reader busy for ever."""
    inside = False
    for line in lines:
        inside = inside or _begun(line) == _CLOCK
        if not inside:
            yield line
        inside = inside and _named("END", line) != _CLOCK


def _begun(line: str) -> str | None:
    return _named("BEGIN", line)


def _named(word: str, line: str) -> str | None:
    """The component that a line begins, or ends, whatever its parameters."""
    upper = line.upper().strip()
    return upper.rpartition(":")[2] if upper.startswith((f"{word}:", f"{word};")) else None


def _draft(component: Component, local: ZoneInfo) -> Draft:
    draft = Draft(uid=_text(component, "UID") or "")
    for name, _ in component.errors:
        draft.errors.append(InvalidInput(path=(str(name).lower(),), reason="its value cannot be read"))
    for fill in (_fill_words, _fill_start, _fill_rule, _fill_dates):
        try:
            if not draft.errors:
                fill(draft, component, local)
        except Unreadable as error:
            name, reason = error.args
            draft.errors.append(InvalidInput(path=(name,), reason=reason))
        except DomainError as error:
            draft.errors += error.errors
    return draft


def _fill_words(draft: Draft, component: Component, local: ZoneInfo) -> None:
    draft.title = _text(component, "SUMMARY") or ""
    draft.description, draft.place = _text(component, "DESCRIPTION"), _text(component, "LOCATION")


def _fill_start(draft: Draft, component: Component, local: ZoneInfo) -> None:
    begins: Any = component.get("DTSTART") or component.get("DUE")
    if begins is None:
        raise Unreadable("dtstart", "it is missing")
    at = _one(begins, "dtstart").dt
    place = _zone(begins, at, local)
    draft.start, draft.time_zone = _local(at, place), place.key
    end = component.get("DTEND") or component.get("DUE")
    lasts: Any = _one(component["DURATION"], "duration").dt if "DURATION" in component else None
    if lasts is None and end is not None and isinstance(at, datetime):
        lasts = _local(_one(end, "dtend").dt, place) - draft.start
    if lasts is not None:
        draft.minutes = max(0, lasts // timedelta(minutes=1)) or None


def _fill_rule(draft: Draft, component: Component, local: ZoneInfo) -> None:
    if "EXRULE" in component:
        raise Unreadable("exrule", "it is obsolete; leave dates out by EXDATE")
    if "RRULE" in component:
        draft.rule = _one(component["RRULE"], "rrule").to_ical().decode()


def _fill_dates(draft: Draft, component: Component, local: ZoneInfo) -> None:
    place = ZoneInfo(draft.time_zone)
    for name, dates in (("RDATE", draft.added), ("EXDATE", draft.left_out)):
        for each in _many(component.get(name)):
            dates += [_date(one.dt, draft, place, name.lower()) for one in each.dts]
        if len(dates) > MOST_TIMES:
            raise LimitExceeded(path=(name.lower(),), what="The number of dates", limit=MOST_TIMES, actual=len(dates))


def _move(draft: Draft, component: Component) -> None:
    """Take an occurrence that is told apart from its series."""
    if draft.errors:
        return
    try:
        place = ZoneInfo(draft.time_zone)
        draft.left_out.append(
            _date(_one(component["RECURRENCE-ID"], "recurrence-id").dt, draft, place, "recurrence-id")
        )
        if component.get("STATUS") != "CANCELLED" and "DTSTART" in component:
            draft.added.append(_date(_one(component["DTSTART"], "dtstart").dt, draft, place, "dtstart"))
    except Unreadable as error:
        draft.errors.append(InvalidInput(path=error.args[:1], reason=error.args[1]))


def _wrong(draft: Draft) -> Iterator[DomainError]:
    if not draft.uid:
        yield Required(path=("uid",), field="The UID")
    if not draft.errors and draft.rule is None and not draft.added:
        yield InvalidInput(path=("rrule",), reason="it does not recur; make a task of it")


def _date(at: Any, draft: Draft, place: ZoneInfo, name: str) -> datetime:
    """A date of the series; one without a time is at the time of its start, as many programs write it."""
    if not isinstance(at, date):
        raise Unreadable(name, "it is a period, not a date")
    return _local(at, place) if isinstance(at, datetime) else datetime.combine(at, draft.start.time())


def _zone(value: Any, at: date, local: ZoneInfo) -> ZoneInfo:
    """The zone of a start, by its IANA name, or the one that Windows means by its own."""
    if not isinstance(at, datetime):
        return local
    named = value.params.get("TZID")
    if at.tzinfo is None:
        return zone(str(named), path=("dtstart",)) if named else local
    return zone(getattr(at.tzinfo, "key", "UTC"), path=("dtstart",))


def _local(at: date, place: ZoneInfo) -> datetime:
    if not isinstance(at, datetime):
        return datetime.combine(at, MORNING)
    return at if at.tzinfo is None else at.astimezone(place).replace(tzinfo=None, fold=0)


def _text(component: Component, name: str) -> str | None:
    value = component.get(name)
    return None if value is None else str(_one(value, name.lower())).strip() or None


def _one(value: Any, name: str) -> Any:
    if isinstance(value, list):
        raise Unreadable(name, "it is said more than once")
    return value


def _many(value: Any) -> Sequence[Any]:
    if value is None:
        return ()
    return value if isinstance(value, list) else (value,)
