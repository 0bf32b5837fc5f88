"""When a recurrence rule occurs: local times, walked period by period within a budget, so that every rule ends.

What the rule leaves open is taken from the start, as RFC 5545 says. A start that does not match its own rule is no
occurrence.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, datetime, time
from itertools import islice, product
from math import prod

from domain.errors import InvalidRecurrence
from domain.recurrence_days import Days
from domain.rrule import DayOfWeek, Frequency, Rule
from models.recurrence import MonthEnd

_Clock = tuple[list[int], list[int], list[int]]
"""The hours, minutes and seconds of a day's times."""

BUDGET = 10_000
"""How many periods and times one expansion may look at: some hundredths of a second of work at most."""


def starts(
    rule: Rule, start: datetime, month_end: MonthEnd, *, after: datetime | None = None, until: datetime
) -> Iterator[datetime]:
    """The rule's local times from its start up to `until` and a little more, those before `after` left out.

    Without COUNT, what lies before `after` is leapt over. A day that its month does not have falls where `month_end`
    says, from where it is counted again each month.
    """
    rule = completed(rule, start)
    days = Days(rule, month_end)
    first, last = days.period(start), days.period(until)
    if after and rule.count is None:
        first += max(0, days.period(after) - first) // rule.interval * rule.interval
    walk = _walk(days, first, last)
    if month_end is MonthEnd.NEXT:
        walk = _in_order(walk)
    earliest = max(start, after) if after else start
    counted = islice((moment for found in walk for moment in found if moment >= start), rule.count)
    return (moment for moment in counted if moment >= earliest)


def completed(rule: Rule, start: datetime) -> Rule:
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


def _walk(days: Days, first: int, last: int) -> Iterator[list[datetime]]:
    """What the rule names in each period, in order, until the periods or the budget end."""
    rule, left, period = days.rule, BUDGET, first
    hourly, clock = rule.freq is Frequency.HOURLY, _clock(rule)
    times = prod(map(len, clock))
    while period <= last:
        goal = days.first_possible(period)
        candidates = days.candidates(period) if goal == period else []
        found = days.allowed(candidates)
        left -= max(1, len(candidates) // 4, 2 * len(rule.by_position) or len(found) * times)
        if left < 0:
            raise InvalidRecurrence(reason="it would take too long to find its dates")
        if found:
            now = ([period % 24], *clock[1:]) if hourly else clock
            yield _positions(rule, found, now) if rule.by_position else _all(found, now)
        if goal == period:
            goal = (period // 24 + 1) * 24 if hourly and not found else period + 1
        period += -(-(goal - period) // rule.interval) * rule.interval


def _clock(rule: Rule) -> _Clock:
    """The times of a day; of an hourly rule, those of any one hour."""
    hours = [0] if rule.freq is Frequency.HOURLY else sorted(rule.by_hour)
    return hours, sorted(rule.by_minute), sorted(rule.by_second)


def _all(days: list[int], clock: _Clock) -> list[datetime]:
    times = [time(hour, minute, second) for hour, minute, second in product(*clock)]
    return [datetime.combine(day, each) for day in map(date.fromordinal, days) for each in times]


def _positions(rule: Rule, days: list[int], clock: _Clock) -> list[datetime]:
    """Those that BYSETPOS names, counted from 1, or from the end with -1; the others, perhaps many, are not made."""
    hours, minutes, seconds = clock
    size = len(days) * prod(map(len, clock))
    found = []
    for place in sorted({place - 1 if place > 0 else size + place for place in rule.by_position if abs(place) <= size}):
        rest, second = divmod(place, len(seconds))
        rest, minute = divmod(rest, len(minutes))
        day, hour = divmod(rest, len(hours))
        found += _all([days[day]], ([hours[hour]], [minutes[minute]], [seconds[second]]))
    return found


def _in_order(found: Iterable[list[datetime]]) -> Iterator[list[datetime]]:
    """Each time once and in its place, although a period may end with the first day of the next one."""
    late: list[datetime] = []
    for moments in found:
        merged = sorted({*late, *moments})
        settled = bisect_right(merged, late[-1]) if late else 0
        yield merged[:settled]
        late = merged[settled:]
    yield late
