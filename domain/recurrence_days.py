"""Which days of a period a recurrence rule names: made from its narrowest part, and kept if the other parts allow them.

A day is its ordinal, 1 January of the year 1 being 1. What readers of RFC 5545 dispute is decided in
docs/recurrence-rules.md.
"""

from calendar import isleap, monthrange
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from domain.rrule import Frequency, Rule
from models.recurrence import MonthEnd

_LONG = frozenset({Frequency.YEARLY, Frequency.MONTHLY})


@dataclass(frozen=True, slots=True)
class Days:
    """The days of a rule that leaves nothing open; consecutive periods have consecutive numbers."""

    rule: Rule
    month_end: MonthEnd

    def period(self, moment: datetime) -> int:
        """The number of the period in which a moment lies; a year counted in weeks begins with its first one."""
        rule, ordinal = self.rule, moment.toordinal()
        if rule.freq is Frequency.WEEKLY:
            return (ordinal - 1 - rule.week_start) // 7
        if rule.freq is Frequency.DAILY:
            return ordinal
        if rule.freq is Frequency.HOURLY:
            return ordinal * 24 + moment.hour
        if rule.freq is Frequency.MONTHLY:
            return moment.year * 12 + moment.month - 1
        if rule.by_week:
            return date.fromordinal(ordinal + 3 - (moment.weekday() - rule.week_start) % 7).year
        return moment.year

    def candidates(self, period: int) -> list[int]:
        """The days of a period that one part of the rule names, in order; the other parts choose among them."""
        rule = self.rule
        if rule.freq is Frequency.WEEKLY:
            first = period * 7 + 1 + rule.week_start
            return sorted([first + (day.weekday - rule.week_start) % 7 for day in rule.by_day])
        if rule.freq is Frequency.DAILY:
            return [period]
        if rule.freq is Frequency.HOURLY:
            return [period // 24]
        found = self._of_year(period) if rule.freq is Frequency.YEARLY else self._of_month(*divmod(period, 12))
        return sorted({*found})

    def allowed(self, candidates: list[int]) -> list[int]:
        """Those of a period's candidates that all parts allow."""
        rule = self.rule
        if rule.freq is Frequency.WEEKLY and not rule.by_month:
            return candidates
        of_month_days = bool(rule.by_month_day and rule.freq in _LONG and not rule.by_week)
        return [day for day in candidates if self._allows(day, of_month_days=of_month_days)]

    def first_possible(self, period: int) -> int:
        """The first day or hour from this one on whose month, and hour, the rule allows; other periods stay."""
        rule, hourly = self.rule, self.rule.freq is Frequency.HOURLY
        if not (hourly or rule.freq is Frequency.DAILY):
            return period
        ordinal, hour = divmod(period, 24) if hourly else (period, 0)
        month = date.fromordinal(ordinal).month
        if rule.by_month and month not in rule.by_month:
            return _first_of_month(ordinal, rule.by_month) * (24 if hourly else 1)
        if hourly and rule.by_hour and hour not in rule.by_hour:
            return ordinal * 24 + min((each for each in rule.by_hour if each > hour), default=24)
        return period

    def _of_year(self, year: int) -> Iterable[int]:
        rule, first, size = self.rule, date(year, 1, 1).toordinal(), 365 + isleap(year)
        if rule.by_week:
            return self._of_weeks(year)
        if rule.by_month_day or rule.by_month:
            return (day for month in rule.by_month or range(1, 13) for day in self._of_month(year, month - 1))
        return _counted(rule.by_year_day, first, size) if rule.by_year_day else self._weekdays(first, size)

    def _of_month(self, year: int, index: int) -> Iterable[int]:
        rule, month = self.rule, index + 1
        if rule.by_month and month not in rule.by_month:
            return ()
        first, size = date(year, month, 1).toordinal(), monthrange(year, month)[1]
        if not rule.by_month_day:
            return self._weekdays(first, size) if rule.by_day else range(first, first + size)
        missing = self.month_end is not MonthEnd.SKIP and max(rule.by_month_day) > size
        moved = (first + size - (self.month_end is MonthEnd.LAST_DAY),) if missing else ()
        return (*_counted(rule.by_month_day, first, size), *moved)

    def _of_weeks(self, year: int) -> Iterator[int]:
        first = _first_week(year, self.rule.week_start)
        weeks = (_first_week(year + 1, self.rule.week_start) - first) // 7
        return (first + week * 7 + day for week in _counted(self.rule.by_week, 0, weeks) for day in range(7))

    def _weekdays(self, first: int, size: int) -> Iterator[int]:
        """The days that BYDAY names in a month or a year."""
        for named in self.rule.by_day:
            days = range(first + (named.weekday - first + 1) % 7, first + size, 7)
            if named.nth is None:
                yield from days
            elif abs(named.nth) <= len(days):
                yield days[named.nth - (named.nth > 0)]

    def _allows(self, ordinal: int, *, of_month_days: bool = False) -> bool:
        """Whether all parts that speak of days allow this one, which may be made from days of the month."""
        rule, day = self.rule, date.fromordinal(ordinal)
        if not of_month_days:
            if rule.by_month and day.month not in rule.by_month:
                return False
            if rule.by_month_day and not _holds(rule.by_month_day, day.day, monthrange(day.year, day.month)[1]):
                return False
        if rule.by_year_day and not _holds(rule.by_year_day, _place(day), 365 + isleap(day.year)):
            return False
        return not rule.by_day or self._is_weekday(day)

    def _is_weekday(self, day: date) -> bool:
        """Whether BYDAY names the day: each such weekday, or the nth of its month or, in YEARLY rules, its year."""
        yearly = self.rule.freq is Frequency.YEARLY and not self.rule.by_month
        place = _place(day) if yearly else day.day
        size = 365 + isleap(day.year) if yearly else monthrange(day.year, day.month)[1]
        nths = (None, (place - 1) // 7 + 1, -((size - place) // 7 + 1))
        return any(named.weekday == day.weekday() and named.nth in nths for named in self.rule.by_day)


def _counted(places: Iterable[int], first: int, size: int) -> Iterator[int]:
    """What lies at these places of a span, counted from 1, or from the end with -1."""
    return (first + place - 1 if place > 0 else first + size + place for place in places if abs(place) <= size)


def _holds(allowed: frozenset[int], place: int, size: int) -> bool:
    return place in allowed or place - size - 1 in allowed


def _place(day: date) -> int:
    return day.toordinal() - date(day.year, 1, 1).toordinal() + 1


def _first_of_month(ordinal: int, months: frozenset[int]) -> int:
    """The first day of the next of these months."""
    day = date.fromordinal(ordinal)
    month = min((each for each in months if each > day.month), default=min(months))
    return date(day.year + (month < day.month), month, 1).toordinal()


def _first_week(year: int, week_start: int) -> int:
    """The first day of the first week with at least four days in the year."""
    fourth = date(year, 1, 4)
    return fourth.toordinal() - (fourth.weekday() - week_start) % 7
