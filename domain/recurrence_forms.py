"""The friendly form of a recurrence rule, as people fill it in: "every 2 weeks on Monday and Thursday until …"."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from domain.errors import DomainError, InvalidInput, InvalidRecurrence, refuse
from domain.rrule import DayOfWeek, Frequency, Rule, in_range, parse, span, written
from domain.rule_set import YEARS, RuleSet


class Unit(StrEnum):
    """What is counted from one occurrence to the next."""

    HOUR = "HOUR"
    DAY = "DAY"
    WEEK = "WEEK"
    MONTH = "MONTH"
    YEAR = "YEAR"


class Weekday(StrEnum):
    """A day of the week."""

    MON = "MON"
    TUE = "TUE"
    WED = "WED"
    THU = "THU"
    FRI = "FRI"
    SAT = "SAT"
    SUN = "SUN"


class Nth(StrEnum):
    """Which of the weekdays in a month, or in a year for which no month is named."""

    FIRST = "FIRST"
    SECOND = "SECOND"
    THIRD = "THIRD"
    FOURTH = "FOURTH"
    FIFTH = "FIFTH"
    LAST = "LAST"


_FREQUENCIES = dict(zip(Unit, reversed(Frequency), strict=True))
_UNITS = {frequency: unit for unit, frequency in _FREQUENCIES.items()}
_WEEKDAYS = tuple(Weekday)
_NUMBERS = dict(zip(Nth, (1, 2, 3, 4, 5, -1), strict=True))
_NTHS = {number: nth for nth, number in _NUMBERS.items()}
_COUNTED = {Unit.MONTH, Unit.YEAR}
_DAY_END = time(23, 59, 59)


@dataclass(frozen=True, kw_only=True, slots=True)
class Form:
    """What is left empty restricts nothing; a month's days may be counted from its end, as -1."""

    unit: Unit
    every: int = 1
    on: frozenset[Weekday] = frozenset()
    nth: frozenset[Nth] = frozenset()
    month_days: frozenset[int] = frozenset()
    months: frozenset[int] = frozenset()
    until: date | None = None
    count: int | None = None


def rule_of(form: Form) -> Rule:
    """The rule that a form says; what does not fit is refused, all of it at once."""
    refuse(_faults(form))
    numbers: set[int | None] = {_NUMBERS[nth] for nth in form.nth}
    return Rule(
        freq=_FREQUENCIES[form.unit],
        interval=form.every,
        by_day=frozenset(DayOfWeek(_WEEKDAYS.index(day), number) for day in form.on for number in numbers or {None}),
        by_month_day=form.month_days,
        by_month=form.months,
        until=form.until,
        count=form.count,
    )


def rule_said(text: str | None, form: Form | None, *, path: tuple[str, ...] = ("rule",)) -> Rule:
    """The rule that is given as text or as a form; `path` says where the text was given."""
    if (text is None) == (form is None):
        raise InvalidInput(path=path, reason="a rule or a form is needed, and not both")
    if form is not None:
        return rule_of(form)
    try:
        return parse(text or "")
    except InvalidRecurrence as error:
        raise InvalidRecurrence(path=path, **error.facts) from error


def rule_text(text: str | None, form: Form | None) -> str:
    """The text of the rule that is given as text, which stays as it is, or as a form."""
    rule = rule_said(text, form)
    return text or written(rule)


def form_of(rule_set: RuleSet) -> Form | None:
    """The form that says the same as a rule; null where only the rule's text can say it."""
    rule = rule_set.rule
    said = Form(
        unit=_UNITS[rule.freq],
        every=rule.interval,
        on=frozenset(_WEEKDAYS[day.weekday] for day in rule.by_day),
        nth=frozenset(_NTHS[day.nth] for day in rule.by_day if day.nth in _NTHS),
        month_days=rule.by_month_day,
        months=rule.by_month,
        until=last_day(rule_set),
        count=rule.count,
    )
    counts_weeks = rule.freq is Frequency.WEEKLY and rule.interval > 1
    same = replace(rule, until=said.until, week_start=rule.week_start if counts_weeks else 0)
    ends_with_a_day = rule.until is None or until_time(rule_set) is None
    return said if ends_with_a_day and not list(_faults(said)) and rule_of(said) == same else None


def last_day(rule_set: RuleSet) -> date | None:
    """The last day on which the rule may occur, as its zone's clock says it."""
    until = _until(rule_set)
    if until is None or until_time(rule_set) is not None:
        return until and until.date()
    return until.date() if until.time() >= rule_set.start.time() else until.date() - timedelta(days=1)


def until_time(rule_set: RuleSet) -> time | None:
    """When it ends on its last day, if that is not all of the day and it may occur several times a day."""
    rule, until = rule_set.rule, _until(rule_set)
    several = rule.freq is Frequency.HOURLY or rule.by_hour or rule.by_minute or rule.by_second
    return until.time() if until and several and until.time() < _DAY_END else None


def _until(rule_set: RuleSet) -> datetime | None:
    until = rule_set.rule.until
    if until is None:
        return None
    if not isinstance(until, datetime):
        return datetime.combine(until, _DAY_END)
    if until.tzinfo and until.year in YEARS:
        until = until.astimezone(rule_set.zone)
    return until.replace(tzinfo=None)


def _faults(form: Form) -> Iterator[DomainError]:
    yield from _out_of_range("every", (form.every,), "INTERVAL")
    yield from _out_of_range("count", () if form.count is None else (form.count,), "COUNT")
    yield from _out_of_range("months", form.months, "BYMONTH")
    yield from _out_of_range("month_days", form.month_days, "BYMONTHDAY")
    if form.nth and not form.on:
        yield _misfit("nth", "nth needs the weekdays in `on`")
    elif form.nth and form.unit not in _COUNTED:
        yield _misfit("nth", "only the weekdays of a MONTH or a YEAR are counted")
    if form.month_days and form.unit is Unit.WEEK:
        yield _misfit("month_days", "a WEEK has no days of the month; choose MONTH")
    if form.until and form.count:
        yield _misfit("count", "until and count exclude each other")


def _out_of_range(name: str, numbers: Iterable[int], part: str) -> Iterator[DomainError]:
    wrong = next((number for number in numbers if not in_range(part, number)), None)
    if wrong is not None:
        yield _misfit(name, f"{wrong} is not a number from {span(part)}")


def _misfit(name: str, reason: str) -> DomainError:
    return InvalidInput(path=("form", name), reason=reason)


def forth_and_back(numbers: Iterable[int]) -> list[int]:
    """Those counted from the beginning, then those from the end, each in the order of time."""
    return sorted(numbers, key=lambda number: (number < 0, number))
