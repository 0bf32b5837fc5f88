"""When a recurrence rule occurs: local starts walked period by period, and the instants they fall on.

The walk is a `range` of whole periods, so that every rule ends, also one that never matches (dateutil searches such a
rule up to the year 9999, and cannot be stopped). What the rule leaves open is taken from the start, as RFC 5545 says;
where readers of the RFC disagree, this is how it is read here: in a YEARLY rule BYMONTHDAY alone is a day of the
start's month, and BYWEEKNO alone is the start's weekday. A start that does not match its own rule is no occurrence.
"""

from calendar import isleap, monthrange
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice, product, takewhile
from zoneinfo import ZoneInfo

from domain.errors import InvalidRecurrence
from domain.rrule import DayOfWeek, Frequency, Rule, parse

__all__ = ["BUDGET", "Occurrence", "Rule", "occurrences", "parse"]

BUDGET = 250_000
"""How many days and starts one expansion may look at: about a second of work at the very most."""
YEARS = range(1900, 3000)
_MARGIN = timedelta(days=2)
"""More than any zone's offset and any gap in its clock together."""


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One time that the rule names: as the local clock says it, and the instant in UTC."""

    local: datetime
    at: datetime


def occurrences(
    rule: Rule, start: datetime, zone: ZoneInfo, *, after: datetime | None = None, until: datetime, limit: int
) -> list[Occurrence]:
    """The first `limit` occurrences after `after` and up to `until` (instants), from a local start on, in time order.

    A local time that the clock skips moves forward by what was skipped; one that comes twice is its first. Where a
    moved time meets another occurrence there is one task, not two. COUNT counts from the start, not from `after`.
    """
    if start.year not in YEARS or until.year not in YEARS:
        raise InvalidRecurrence(reason=f"its dates lie outside the years {YEARS.start} to {YEARS.stop - 1}")
    start = start.replace(microsecond=0)
    starts = _starts(_completed(rule, start), start, after and _local(after, zone), _local(until, zone))
    end = min(until, _end(rule, zone)) if rule.until else until
    timely = takewhile(lambda occurrence: occurrence.at <= end, _in_order(starts, zone))
    return list(islice((found for found in timely if after is None or found.at > after), limit))


def _local(at: datetime, zone: ZoneInfo) -> datetime:
    return at.astimezone(zone).replace(tzinfo=None)


def _instant(local: datetime, zone: ZoneInfo) -> datetime:
    """PEP 495 does as promised: fold 0 reads a skipped time by the offset before the gap, a double one as the first."""
    return local.replace(tzinfo=zone).astimezone(UTC)


def _end(rule: Rule, zone: ZoneInfo) -> datetime:
    """The last instant that UNTIL allows."""
    if not isinstance(rule.until, datetime):
        return _instant(datetime.combine(rule.until or date.max, time.max), zone)
    return rule.until if rule.until.tzinfo else _instant(rule.until, zone)


def _in_order(starts: Iterable[datetime], zone: ZoneInfo) -> Iterator[Occurrence]:
    """Local starts as instants in time order, each instant once: those moved out of a gap wait for their place."""
    moved: list[Occurrence] = []
    for local in starts:
        occurrence = Occurrence(local, _instant(local, zone))
        if _local(occurrence.at, zone) != local:
            moved.append(occurrence)
            continue
        yield from (early for early in moved if early.at < occurrence.at)
        moved = [late for late in moved if late.at > occurrence.at]
        yield occurrence
    yield from moved


def _completed(rule: Rule, start: datetime) -> Rule:
    """The rule with what it leaves open taken from its start (RFC 5545, section 3.3.10)."""
    rule = replace(
        rule,
        by_hour=rule.by_hour or (frozenset() if rule.freq is Frequency.HOURLY else frozenset({start.hour})),
        by_minute=rule.by_minute or frozenset({start.minute}),
        by_second=rule.by_second or frozenset({start.second}),
    )
    if rule.by_day or rule.by_year_day:
        return rule
    if rule.freq is Frequency.WEEKLY or (rule.by_week and not rule.by_month_day):
        return replace(rule, by_day=frozenset({DayOfWeek(start.weekday())}))
    if rule.freq is Frequency.MONTHLY:
        return replace(rule, by_month_day=rule.by_month_day or frozenset({start.day}))
    if rule.freq is Frequency.YEARLY and not rule.by_week:
        month, day = rule.by_month or frozenset({start.month}), rule.by_month_day or frozenset({start.day})
        return replace(rule, by_month=month, by_month_day=day)
    return rule


def _starts(rule: Rule, start: datetime, after: datetime | None, until: datetime) -> Iterator[datetime]:
    """The rule's local starts up to `until` and a margin; without COUNT, those well before `after` are leapt over."""
    first, last = _period(rule, start), _period(rule, until + _MARGIN)
    if after and rule.count is None:
        first += max(0, _period(rule, after - _MARGIN) - first) // rule.interval * rule.interval
    walk = (moment for moment in _walk(rule, range(first, last + 1, rule.interval)) if moment >= start)
    return islice(walk, rule.count)


def _walk(rule: Rule, periods: range) -> Iterator[datetime]:
    """What the rule names in each period, in order, until the periods or the budget end."""
    minutes = sorted(product(rule.by_minute, rule.by_second))
    spent = 0
    for period in periods:
        days, hours = _days(rule, period), _hours(rule, period)
        chosen = [day for day in days if _matches(rule, day)]
        spent += len(days) + len(chosen) * len(hours) * len(minutes)
        if spent > BUDGET:
            raise InvalidRecurrence(reason="it would take too long to find its dates")
        moments = [
            datetime(day.year, day.month, day.day, hour, *minute)  # noqa: DTZ001 -- these are local times
            for day, hour, minute in product(chosen, hours, minutes)
        ]
        yield from _positions(rule, moments) if rule.by_position else moments


def _positions(rule: Rule, moments: list[datetime]) -> list[datetime]:
    """Those of a period's moments that BYSETPOS names, counted from 1, or from the end with -1."""
    size = len(moments)
    places = {place - 1 if place > 0 else size + place for place in rule.by_position}
    return [moments[place] for place in sorted(places) if 0 <= place < size]


def _period(rule: Rule, moment: datetime) -> int:
    """The number of the period in which a moment lies; consecutive periods have consecutive numbers."""
    ordinal = moment.toordinal()
    return {
        Frequency.YEARLY: moment.year,
        Frequency.MONTHLY: moment.year * 12 + moment.month - 1,
        Frequency.WEEKLY: (ordinal - 1 - rule.week_start) // 7,
        Frequency.DAILY: ordinal,
        Frequency.HOURLY: ordinal * 24 + moment.hour,
    }[rule.freq]


def _days(rule: Rule, period: int) -> list[date]:
    """The days of a period."""
    if rule.freq is Frequency.YEARLY:
        first, size = date(period, 1, 1), 365 + isleap(period)
    elif rule.freq is Frequency.MONTHLY:
        first = date(period // 12, period % 12 + 1, 1)
        size = monthrange(first.year, first.month)[1]
    elif rule.freq is Frequency.WEEKLY:
        first, size = date.fromordinal(period * 7 + 1 + rule.week_start), 7
    else:
        first, size = date.fromordinal(period if rule.freq is Frequency.DAILY else period // 24), 1
    return [first + timedelta(days=days) for days in range(size)]


def _hours(rule: Rule, period: int) -> list[int]:
    """The hours of the period's days: of an hourly period only its own."""
    if rule.freq is not Frequency.HOURLY:
        return sorted(rule.by_hour)
    hour = period % 24
    return [hour] if not rule.by_hour or hour in rule.by_hour else []


def _matches(rule: Rule, day: date) -> bool:
    """Whether every part that speaks of days allows this one."""
    if rule.by_month and day.month not in rule.by_month:
        return False
    in_month, in_year = monthrange(day.year, day.month)[1], 365 + isleap(day.year)
    place = day.timetuple().tm_yday
    return (
        _holds(rule.by_month_day, day.day, in_month)
        and _holds(rule.by_year_day, place, in_year)
        and (not rule.by_week or _holds(rule.by_week, *_week(day, rule.week_start)))
        and (not rule.by_day or _is_weekday(rule, day, (day.day, in_month), (place, in_year)))
    )


def _holds(allowed: frozenset[int], place: int, size: int) -> bool:
    """Whether a place, counted from 1, or from the end with -1, is among the allowed ones."""
    return not allowed or place in allowed or place - size - 1 in allowed


def _is_weekday(rule: Rule, day: date, in_month: tuple[int, int], in_year: tuple[int, int]) -> bool:
    """Whether BYDAY names the day: as every such weekday, or as the nth of its month or, in YEARLY rules, its year."""
    yearly = rule.freq is Frequency.YEARLY and not rule.by_month
    place, size = in_year if yearly else in_month
    nths = (None, (place - 1) // 7 + 1, -((size - place) // 7 + 1))
    return any(named.weekday == day.weekday() and named.nth in nths for named in rule.by_day)


def _week(day: date, week_start: int) -> tuple[int, int]:
    """The week's number in its year, and how many that year has; the week's fourth day says which year that is."""
    fourth = day + timedelta(days=3 - (day.weekday() - week_start) % 7)
    last = date(fourth.year, 12, 28)
    last += timedelta(days=3 - (last.weekday() - week_start) % 7)
    return (fourth.timetuple().tm_yday - 1) // 7 + 1, (last.timetuple().tm_yday - 1) // 7 + 1
