"""A rule set in plain English: "Every 2 weeks on Monday and Thursday until 3 May 2027"."""

from collections.abc import Iterable, Iterator
from itertools import product

from domain.recurrence_forms import forth_and_back, last_day, until_time
from domain.recurrence_rules import completed
from domain.rrule import DayOfWeek, Frequency, Rule
from domain.rule_set import RuleSet
from models.recurrence import HolidayPolicy, MonthEnd

_UNITS = {
    Frequency.YEARLY: "year",
    Frequency.MONTHLY: "month",
    Frequency.WEEKLY: "week",
    Frequency.DAILY: "day",
    Frequency.HOURLY: "hour",
}
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    *("", "January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_WORKED = frozenset(map(DayOfWeek, range(5)))
_PLACES = ("", "first", "second", "third", "fourth", "fifth")
_MONTH_ENDS = {
    MonthEnd.SKIP: "",
    MonthEnd.LAST_DAY: ", or the last day of a shorter month",
    MonthEnd.NEXT: ", or the day after the end of a shorter month",
}
_HOLIDAYS = {
    HolidayPolicy.KEEP: "",
    HolidayPolicy.SKIP: ", not on public holidays",
    HolidayPolicy.NEXT_WORKING_DAY: ", on public holidays the next working day",
    HolidayPolicy.PREVIOUS_WORKING_DAY: ", on public holidays the previous working day",
}
_LONG = {Frequency.MONTHLY, Frequency.YEARLY}
_SHORTEST = 28
_LISTED = 4
"""Times of a day that are named one by one; of more only how many, the first and the last are."""


def describe(rule_set: RuleSet) -> str:
    """What the rule set says, with what the rule leaves open taken from its start, but for the time of day."""
    rule = completed(rule_set.rule, rule_set.start)
    unit = _UNITS[rule.freq]
    every = f"Every {rule.interval} {unit}s" if rule.interval > 1 else f"Every {unit}"
    said = " ".join([every, *_days(rule), *_times(rule_set.rule, rule)])
    return said + "".join([*_positions(rule), *_end(rule_set), *_exceptions(rule_set, rule)])


def _days(rule: Rule) -> Iterator[str]:
    """On which days: those of the month or of the week first, then what narrows them."""
    if rule.by_month_day:
        yield f"on {_dates(rule)}"
        if rule.by_day:
            yield f"if that is {'' if _numbered(rule) else 'a '}{_weekdays(rule, 'or')}"
    elif _picks_weekdays(rule):
        days = "day from Monday to Friday" if rule.by_day == _WORKED else _weekdays(rule, "or")
        yield f"on the {_and(_nth(place) for place in forth_and_back(rule.by_position))} {days}"
    elif rule.by_day:
        every = "every " if rule.freq in _LONG and not (rule.by_week or _numbered(rule)) else ""
        yield "from Monday to Friday" if rule.by_day == _WORKED else f"on {every}{_weekdays(rule, 'and')}"
    if rule.by_year_day:
        yield f"on {_and(_counted(day, 'day') for day in forth_and_back(rule.by_year_day))} of the year"
    if rule.by_week:
        yield f"in {_and(_counted(week, 'week') for week in forth_and_back(rule.by_week))}"
    if rule.by_month and not (rule.freq is Frequency.YEARLY and rule.by_month_day):
        yield f"in {_and(_MONTHS[month] for month in sorted(rule.by_month))}"


def _dates(rule: Rule) -> str:
    """Days of the month, in a yearly rule with their months: 3 May, or the 1st and last day of March and June."""
    days, months = forth_and_back(rule.by_month_day), [_MONTHS[month] for month in sorted(rule.by_month)]
    yearly = rule.freq is Frequency.YEARLY and months
    if yearly and len(days) == len(months) == 1 and days[0] > 0:
        return f"{days[0]} {months[0]}"
    said = "the " + _and(_ordinal(day) if day > 0 else f"{_nth(day)} day" for day in days)
    return f"{said} of {_and(months)}" if yearly else said


def _weekdays(rule: Rule, joint: str) -> str:
    """Days of the week: Monday and Thursday, or the first and third Monday."""
    said = []
    for weekday, name in enumerate(_DAYS):
        nths = [day.nth for day in rule.by_day if day.weekday == weekday]
        if None in nths:
            said.append(name)
        elif nths:
            said.append(f"the {_and(_nth(nth) for nth in forth_and_back(filter(None, nths)))} {name}")
    of_a_year = _numbered(rule) and rule.freq is Frequency.YEARLY and not rule.by_month
    return _and(said, joint) + (" of the year" if of_a_year else "")


def _numbered(rule: Rule) -> bool:
    return any(day.nth for day in rule.by_day)


def _picks_weekdays(rule: Rule) -> bool:
    """Whether BYSETPOS counts days of the week, and nothing else."""
    times = len(rule.by_hour) * len(rule.by_minute) * len(rule.by_second)
    counted = rule.by_day and not (rule.by_month_day or rule.by_year_day or rule.by_week)
    return bool(rule.by_position and counted and times == 1 and not _numbered(rule))


def _times(said: Rule, rule: Rule) -> Iterator[str]:
    """The times of a day, where the rule itself says them."""
    if said.by_hour or (rule.freq is not Frequency.HOURLY and (said.by_minute or said.by_second)):
        times = [_clock(*each) for each in product(*map(sorted, (rule.by_hour, rule.by_minute, rule.by_second)))]
        named = len(times) <= _LISTED
        yield f"at {_and(times)}" if named else f"at {len(times)} times from {times[0]} to {times[-1]}"
    elif said.by_minute or said.by_second:
        yield f"at minute {_and(map(str, sorted(rule.by_minute)))}"


def _positions(rule: Rule) -> Iterator[str]:
    if rule.by_position and not _picks_weekdays(rule):
        yield f", of these the {_and(_nth(place) for place in forth_and_back(rule.by_position))}"


def _end(rule_set: RuleSet) -> Iterator[str]:
    day, at, count = last_day(rule_set), until_time(rule_set), rule_set.rule.count
    if day:
        yield f" until {day.day} {_MONTHS[day.month]} {day.year}" + (f" at {at:%H:%M}" if at else "")
    if count:
        yield f", {count} times" if count > 1 else ", once"


def _exceptions(rule_set: RuleSet, rule: Rule) -> Iterator[str]:
    if rule.freq in _LONG and max(rule.by_month_day, default=0) > _SHORTEST:
        yield _MONTH_ENDS[rule_set.month_end]
    if rule_set.holidays is not HolidayPolicy.KEEP:
        place = "-".join(filter(None, (rule_set.holiday_country, rule_set.holiday_region)))
        yield f"{_HOLIDAYS[rule_set.holidays]} ({place})"
    for word, dates in (("with", rule_set.rdates), ("without", rule_set.exdates)):
        if dates:
            more = "further " if word == "with" else ""
            yield f", {word} {len(dates)} {more}date{'s' if len(dates) > 1 else ''}"


def _nth(number: int) -> str:
    if number < 0:
        return "last" if number == -1 else f"{_nth(-number)}-last"
    return _PLACES[number] if number < len(_PLACES) else _ordinal(number)


def _counted(number: int, unit: str) -> str:
    return f"{unit} {number}" if number > 0 else f"the {_nth(number)} {unit}"


def _ordinal(number: int) -> str:
    ends = {1: "st", 2: "nd", 3: "rd"}
    return f"{number}{'th' if number % 100 in {11, 12, 13} else ends.get(number % 10, 'th')}"


def _clock(hour: int, minute: int, second: int) -> str:
    return f"{hour:02}:{minute:02}" + (f":{second:02}" if second else "")


def _and(words: Iterable[str], joint: str = "and") -> str:
    *others, last = words
    return f"{', '.join(others)} {joint} {last}" if others else last
