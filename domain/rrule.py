"""The grammar of recurrence rules (RFC 5545, section 3.3.10): text in, a checked rule out."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any

from domain.errors import InvalidRecurrence

LONGEST = 1000
"""Characters of a rule's text."""
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


class Frequency(StrEnum):
    """How long a period of the rule is; what comes more often than hourly is no work for people."""

    YEARLY = "YEARLY"
    MONTHLY = "MONTHLY"
    WEEKLY = "WEEKLY"
    DAILY = "DAILY"
    HOURLY = "HOURLY"


@dataclass(frozen=True, slots=True)
class DayOfWeek:
    """A weekday (Monday is 0), perhaps only the nth of its month or year, counted from the end when negative."""

    weekday: int
    nth: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Rule:
    """A recurrence rule whose parts are in range and fit each other; an empty set restricts nothing."""

    freq: Frequency
    interval: int = 1
    count: int | None = None
    until: date | datetime | None = None
    """A day, which counts to its end; a local time; or an instant, in UTC."""
    week_start: int = 0
    by_month: frozenset[int] = frozenset()
    by_week: frozenset[int] = frozenset()
    by_year_day: frozenset[int] = frozenset()
    by_month_day: frozenset[int] = frozenset()
    by_day: frozenset[DayOfWeek] = frozenset()
    by_hour: frozenset[int] = frozenset()
    by_minute: frozenset[int] = frozenset()
    by_second: frozenset[int] = frozenset()
    by_position: frozenset[int] = frozenset()


_FIELDS = {
    "FREQ": "freq",
    "INTERVAL": "interval",
    "COUNT": "count",
    "UNTIL": "until",
    "WKST": "week_start",
    "BYMONTH": "by_month",
    "BYWEEKNO": "by_week",
    "BYYEARDAY": "by_year_day",
    "BYMONTHDAY": "by_month_day",
    "BYDAY": "by_day",
    "BYHOUR": "by_hour",
    "BYMINUTE": "by_minute",
    "BYSECOND": "by_second",
    "BYSETPOS": "by_position",
}
# The lowest and highest number, and whether it may also be counted from the end. A leap second is read as the 59th,
# as RFC 5545 advises.
_RANGES = {
    "INTERVAL": (1, 9999, False),
    "COUNT": (1, 9999, False),
    "BYMONTH": (1, 12, False),
    "BYWEEKNO": (1, 53, True),
    "BYYEARDAY": (1, 366, True),
    "BYMONTHDAY": (1, 31, True),
    "BYHOUR": (0, 23, False),
    "BYMINUTE": (0, 59, False),
    "BYSECOND": (0, 60, False),
    "BYSETPOS": (1, 366, True),
}
# What the RFC says that a part MUST NOT be used with.
_MISFITS = {
    "BYWEEKNO": {Frequency.MONTHLY, Frequency.WEEKLY, Frequency.DAILY, Frequency.HOURLY},
    "BYYEARDAY": {Frequency.MONTHLY, Frequency.WEEKLY, Frequency.DAILY},
    "BYMONTHDAY": {Frequency.WEEKLY},
}


@lru_cache(maxsize=1024)
def parse(text: str) -> Rule:
    """The rule that the text says; INVALID_RECURRENCE says what is wrong with it."""
    parts = _parts(text)
    if "FREQ" not in parts:
        raise InvalidRecurrence(reason="FREQ is missing")
    rule = Rule(**{_FIELDS[name]: _value(name, value) for name, value in parts.items()})
    _check(rule, parts)
    return rule


def written(rule: Rule) -> str:
    """The text of a rule, without what goes without saying."""
    parts: dict[str, Any] = {name: getattr(rule, field) for name, field in _FIELDS.items()}
    parts["INTERVAL"] = rule.interval if rule.interval > 1 else None
    parts["UNTIL"] = rule.until and _written_until(rule.until)
    parts["WKST"] = WEEKDAYS[rule.week_start] if rule.week_start else None
    days = sorted(rule.by_day, key=lambda day: (day.nth or 0, day.weekday))
    parts["BYDAY"] = [f"{day.nth or ''}{WEEKDAYS[day.weekday]}" for day in days]
    return ";".join(f"{name}={_written(value)}" for name, value in parts.items() if value)


def _written(value: Any) -> str:
    if isinstance(value, frozenset):
        value = sorted(value)
    return ",".join(map(str, value)) if isinstance(value, list) else str(value)


def _written_until(until: date | datetime) -> str:
    text = until.isoformat()[:19].replace("-", "").replace(":", "")
    return f"{text}Z" if isinstance(until, datetime) and until.tzinfo else text


def times_a_day(rule: Rule) -> int:
    """How often the rule may occur on one day, as far as its times of day say."""
    hours = len(rule.by_hour) or (24 if rule.freq is Frequency.HOURLY else 1)
    return hours * max(1, len(rule.by_minute)) * max(1, len(rule.by_second))


def _parts(text: str) -> dict[str, str]:
    """The parts by name; read liberally: folded lines, small letters, spaces and a last semicolon do no harm."""
    if len(text) > LONGEST:
        raise InvalidRecurrence(reason=f"it has more than {LONGEST} characters")
    line = re.sub(r"\r?\n[ \t]", "", text).strip().upper()
    if re.search(r"^EXRULE", line, re.MULTILINE):
        raise InvalidRecurrence(reason="EXRULE is obsolete; leave dates out as exceptions of the series")
    if len(line.splitlines()) > 1 or re.match("DTSTART|RDATE|EXDATE", line):
        raise InvalidRecurrence(reason="it is more than one rule; start, time zone and dates are given beside it")
    line = re.sub(r"\s*([;,=])\s*", r"\1", line.removeprefix("RRULE:").strip())
    parts: dict[str, str] = {}
    for part in line.removesuffix(";").split(";"):
        name, equals, value = part.partition("=")
        if name not in _FIELDS or not equals:
            raise InvalidRecurrence(reason=f"{part[:40]!r} is not a part of a rule")
        if name in parts:
            raise InvalidRecurrence(reason=f"{name} is said twice")
        parts[name] = value
    return parts


def _value(name: str, value: str) -> Any:
    if name == "FREQ":
        return _frequency(value)
    if name == "UNTIL":
        return _until(value)
    if name == "WKST":
        return _day("WKST", value, pattern="()").weekday
    if name in {"INTERVAL", "COUNT"}:
        return _number(name, value)
    if name == "BYDAY":
        return frozenset(_day(name, item) for item in value.split(","))
    numbers = frozenset(_number(name, item) for item in value.split(","))
    return frozenset(min(number, 59) for number in numbers) if name == "BYSECOND" else numbers


def _frequency(value: str) -> Frequency:
    if value in {"SECONDLY", "MINUTELY"}:
        raise InvalidRecurrence(reason=f"{value} is too often for tasks; HOURLY is the most frequent")
    if value not in Frequency.__members__:
        raise InvalidRecurrence(reason=f"FREQ {value[:40]!r} is not one of {', '.join(Frequency)}")
    return Frequency(value)


def _until(value: str) -> date | datetime:
    try:
        if re.fullmatch(r"\d{8}", value, re.ASCII):
            return date(int(value[:4]), int(value[4:6]), int(value[6:]))
        if re.fullmatch(r"\d{8}T\d{6}Z?", value, re.ASCII):
            moment = datetime.strptime(value[:15], "%Y%m%dT%H%M%S")  # noqa: DTZ007 -- without Z it is a local time
            return moment.replace(tzinfo=UTC) if value.endswith("Z") else moment
    except ValueError:
        pass
    raise InvalidRecurrence(reason=f"UNTIL {value[:40]!r} is no date such as 20271231 or 20271231T090000Z")


def _day(name: str, value: str, pattern: str = r"([+-]?\d{1,2})?") -> DayOfWeek:
    found = re.fullmatch(f"{pattern}({'|'.join(WEEKDAYS)})", value, re.ASCII)
    nth = int(found[1]) if found and found[1] else None
    if not found or (nth is not None and not 1 <= abs(nth) <= 53):
        raise InvalidRecurrence(reason=f"{name} {value[:40]!r} is not a weekday such as MO or -1FR")
    return DayOfWeek(WEEKDAYS.index(found[2]), nth)


def _number(name: str, value: str) -> int:
    sign = "[+-]?" if _RANGES[name][2] else ""
    number = int(value) if re.fullmatch(sign + r"\d{1,4}", value, re.ASCII) else None
    if number is None or not in_range(name, number):
        raise InvalidRecurrence(reason=f"{name} {value[:40]!r} is not a number from {span(name)}")
    return number


def in_range(part: str, number: int) -> bool:
    """Whether a part of a rule may be this number."""
    low, high, backwards = _RANGES[part]
    return low <= (abs(number) if backwards else number) <= high


def span(part: str) -> str:
    """The numbers that a part of a rule may be, in words."""
    low, high, backwards = _RANGES[part]
    return f"{low} to {high}" + (f" or -{high} to -{low}" if backwards else "")


def _check(rule: Rule, parts: Mapping[str, str]) -> None:
    """Refuse parts that do not fit each other."""
    if {"COUNT", "UNTIL"} <= parts.keys():
        raise InvalidRecurrence(reason="COUNT and UNTIL exclude each other")
    for name, frequencies in _MISFITS.items():
        if name in parts and rule.freq in frequencies:
            raise InvalidRecurrence(reason=f"{name} does not go with FREQ={rule.freq}")
    numbered = any(day.nth for day in rule.by_day)
    if numbered and (rule.freq not in {Frequency.MONTHLY, Frequency.YEARLY} or rule.by_week):
        raise InvalidRecurrence(reason="a numbered BYDAY goes only with MONTHLY, or with YEARLY without BYWEEKNO")
    if rule.by_position and not any(name.startswith("BY") for name in parts.keys() - {"BYSETPOS"}):
        raise InvalidRecurrence(reason="BYSETPOS chooses among what another BY part gives; there is none")
