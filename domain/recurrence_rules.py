"""When a recurrence rule occurs: local times, walked period by period.

The walk is a `range` of whole periods, so that every rule ends, also one that never matches (dateutil searches such a
rule up to the year 9999, and cannot be stopped). What the rule leaves open is taken from the start, as RFC 5545 says;
where readers of the RFC disagree, this is how it is read here: in a YEARLY rule BYMONTHDAY alone is a day of the
start's month, and BYWEEKNO alone is the start's weekday. A start that does not match its own rule is no occurrence.
"""

from calendar import isleap, monthrange
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import partial
from itertools import groupby, islice, product

from domain.errors import InvalidRecurrence
from domain.rrule import DayOfWeek, Frequency, Rule
from models.recurrence import MonthEnd

BUDGET = 250_000
"""How many days and starts one expansion may look at: about a second of work at the very most."""


def starts(
    rule: Rule, start: datetime, month_end: MonthEnd, *, after: datetime | None = None, until: datetime
) -> Iterator[datetime]:
    """The rule's local times from its start up to `until`; without COUNT, periods before `after` are leapt over.

    A day that its month does not have falls where `month_end` says, from where it is counted again each month.
    """
    rule = _completed(rule, start)
    first, last = _period(rule, start), _period(rule, until)
    if after and rule.count is None:
        first += max(0, _period(rule, after) - first) // rule.interval * rule.interval
    walk = (moment for moment in _walk(rule, month_end, range(first, last + 1, rule.interval)) if moment >= start)
    return islice((moment for moment, _ in groupby(walk)), rule.count)


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


def _walk(rule: Rule, month_end: MonthEnd, periods: range) -> Iterator[datetime]:
    """What the rule names in each period, in order, until the periods or the budget end."""
    minutes = sorted(product(rule.by_minute, rule.by_second))
    spent = 0
    for period in periods:
        days, hours = _days(rule, period), _hours(rule, period)
        chosen = sorted({*filter(partial(_matches, rule), days), *_month_ends(rule, month_end, days)})
        spent += len(days) + len(chosen) * len(hours) * len(minutes)
        if spent > BUDGET:
            raise InvalidRecurrence(reason="it would take too long to find its dates")
        moments = [
            datetime(day.year, day.month, day.day, hour, *minute)  # noqa: DTZ001 -- these are local times
            for day, hour, minute in product(chosen, hours, minutes)
        ]
        yield from _positions(rule, moments) if rule.by_position else moments


def _month_ends(rule: Rule, month_end: MonthEnd, days: list[date]) -> Iterator[date]:
    """Where the days fall that the months of a period do not have."""
    if month_end is MonthEnd.SKIP or rule.freq not in {Frequency.MONTHLY, Frequency.YEARLY}:
        return
    for day in days:
        last = monthrange(day.year, day.month)[1]
        if day.day == last < max(rule.by_month_day, default=0) and (not rule.by_month or day.month in rule.by_month):
            yield day if month_end is MonthEnd.LAST_DAY else day + timedelta(days=1)


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
