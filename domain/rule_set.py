"""When a series occurs: its rule, further dates and exceptions as local times, and the instants they fall on."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from heapq import heappop, heappush, merge
from itertools import groupby, islice, takewhile
from operator import attrgetter
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from domain.errors import DomainError, InvalidRecurrence
from domain.public_holidays import is_holiday, unknown, working_day
from domain.recurrence_rules import starts
from domain.rrule import Rule
from models.recurrence import HolidayPolicy, MonthEnd

YEARS = range(1900, 3000)
_GAP = timedelta(days=2)
"""More than any zone's offset and any gap in its clock together."""
_MOVE = timedelta(days=31)
"""More than the holidays and weekends that anywhere follow each other."""
_STAYING = frozenset({HolidayPolicy.KEEP, HolidayPolicy.SKIP})
_FIRST = datetime(YEARS.start - 1, 1, 1, tzinfo=UTC)
_LAST = datetime(YEARS.stop, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True, slots=True)
class RuleSet:
    """What says when a series occurs; all its times are local ones, to the second and without a zone.

    A date left out (`exdates`) is named by its original time, as the rule says it. Holidays need a country.
    """

    rule: Rule
    start: datetime
    zone: ZoneInfo
    rdates: frozenset[datetime] = frozenset()
    exdates: frozenset[datetime] = frozenset()
    month_end: MonthEnd = MonthEnd.SKIP
    holidays: HolidayPolicy = HolidayPolicy.KEEP
    holiday_country: str | None = None
    holiday_region: str | None = None


class Occurrence(NamedTuple):
    """One time of a rule set.

    `original` is the local time that the rule (with its month end) says; it names the occurrence for ever. `local` is
    what the clock shows when it happens: later if the clock skips the original, on another day if holidays move it.
    """

    original: datetime
    local: datetime
    at: datetime


def faults(rule_set: RuleSet) -> Iterator[DomainError]:
    """What is wrong with a rule set before any of its dates is looked for."""
    for moment in (rule_set.start, *rule_set.rdates):
        if moment.year not in YEARS:
            yield _out_of_years()
            break
    if rule_set.holidays is not HolidayPolicy.KEEP:
        yield from unknown(rule_set.holiday_country, rule_set.holiday_region)


def occurrences(rule_set: RuleSet, *, after: datetime | None = None, until: datetime, limit: int) -> list[Occurrence]:
    """The first `limit` occurrences after `after` and up to `until` (instants), in time order.

    A local time that the clock skips moves forward by what was skipped; one that comes twice is its first. Where a
    moved time meets another occurrence there is one, the unmoved. COUNT and UNTIL mean what the rule itself says,
    before anything moves or is left out; COUNT counts from the start, not from `after`.
    """
    for fault in faults(rule_set):
        raise fault
    if until.year not in YEARS:
        raise _out_of_years()
    if after and after >= until:
        return []
    found = groupby(_in_order(rule_set, _said(rule_set, after, until)), key=attrgetter("at"))
    timely = takewhile(lambda each: each.at <= until, (next(same) for _, same in found))
    return list(islice((each for each in timely if _wanted(rule_set, each, after)), limit))


def _wanted(rule_set: RuleSet, occurrence: Occurrence, after: datetime | None) -> bool:
    return (after is None or occurrence.at > after) and occurrence.original not in rule_set.exdates


def _out_of_years() -> InvalidRecurrence:
    return InvalidRecurrence(reason=f"its dates lie outside the years {YEARS.start} to {YEARS.stop - 1}")


def _said(rule_set: RuleSet, after: datetime | None, until: datetime) -> Iterator[Occurrence]:
    """What rule and further dates say before holidays move it, in local order, with a margin around what is wanted."""
    rule, zone = rule_set.rule, rule_set.zone
    margin = _GAP if rule_set.holidays in _STAYING else _GAP + _MOVE
    end = _end(rule, zone)
    first = _local(after, zone) - margin if after and after > _FIRST else None
    last = _local(min(until, end), zone) + margin
    by_rule = starts(rule, rule_set.start, rule_set.month_end, after=first, until=last)
    timely = (each for each in (_occurrence(local, local, zone) for local in by_rule) if each.at <= end)
    if not rule_set.rdates:
        return timely
    return merge(timely, (_occurrence(local, local, zone) for local in sorted(rule_set.rdates)))


def _in_order(rule_set: RuleSet, said: Iterable[Occurrence]) -> Iterator[Occurrence]:
    """The occurrences in time order, each instant once, rather unmoved: what moves waits for its place."""
    waiting: list[tuple[datetime, bool, Occurrence]] = []
    back = _MOVE if rule_set.holidays is HolidayPolicy.PREVIOUS_WORKING_DAY else timedelta(0)
    for each in said:
        placed = _placed(rule_set, each)
        if placed is each and not waiting and not back and each.local == each.original:
            yield each
            continue
        if placed:
            heappush(waiting, (placed.at, placed.local != placed.original, placed))
        if each.local == each.original:  # else what follows may come before it
            while waiting and waiting[0][0] <= each.at - back:
                yield heappop(waiting)[2]
    while waiting:
        yield heappop(waiting)[2]


def _placed(rule_set: RuleSet, said: Occurrence) -> Occurrence | None:
    """The occurrence where holidays put it: where it is, on a working day, or nowhere."""
    policy = rule_set.holidays
    if policy is HolidayPolicy.KEEP:
        return said
    day = said.local.date()
    where = (rule_set.holiday_country or "", rule_set.holiday_region)
    if not is_holiday(day, *where):
        return said
    if policy is HolidayPolicy.SKIP:
        return None
    step = 1 if policy is HolidayPolicy.NEXT_WORKING_DAY else -1
    moved = datetime.combine(working_day(day, *where, step=step), said.original.time())
    return _occurrence(said.original, moved, rule_set.zone)


def _occurrence(original: datetime, local: datetime, zone: ZoneInfo) -> Occurrence:
    """Where a local time falls: PEP 495 reads one that the clock skips by the offset before, a double one as the first.

    `combine` is five times as fast as `replace`, and every occurrence comes through here.
    """
    offset: Any = zone.utcoffset(local)
    utc = local - offset
    day, clock = utc.date(), utc.time()
    shown = zone.fromutc(datetime.combine(day, clock, zone))
    if shown.utcoffset() != offset:
        local = shown.replace(tzinfo=None, fold=0)
    return Occurrence(original, local, datetime.combine(day, clock, UTC))


def _local(at: datetime, zone: ZoneInfo) -> datetime:
    return at.astimezone(zone).replace(tzinfo=None, fold=0)


def _instant(local: datetime, zone: ZoneInfo) -> datetime:
    return local.replace(tzinfo=zone).astimezone(UTC)


def _end(rule: Rule, zone: ZoneInfo) -> datetime:
    """The last instant that UNTIL allows."""
    if rule.until is None or rule.until.year >= YEARS.stop:
        return _LAST
    if rule.until.year < YEARS.start:
        return _FIRST
    if not isinstance(rule.until, datetime):
        return _instant(datetime.combine(rule.until, time.max), zone)
    return rule.until if rule.until.tzinfo else _instant(rule.until, zone)
