"""How the scalars are read and written: each reader takes one form and raises `ValueError` with a hint for others."""

import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from urllib.parse import urlsplit
from zoneinfo import available_timezones

_DATE_TIME = re.compile(
    r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)", re.ASCII | re.IGNORECASE
)
_ENDS = {datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)}  # which asyncpg sends as infinities
_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_DURATION = re.compile(
    r"(?P<sign>[+-])?P(?=\d|T\d)(?:(?P<weeks>\d{1,9})W)?(?:(?P<days>\d{1,9})D)?"
    r"(?:T(?=\d)(?:(?P<hours>\d{1,9})H)?(?:(?P<minutes>\d{1,9})M)?(?:(?P<seconds>\d{1,9}(?:\.\d{1,6})?)S)?)?",
    re.ASCII,
)
_LOCAL_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d", re.ASCII)
_DECIMAL = re.compile(r"-?\d{1,30}(\.\d{1,30})?", re.ASCII)
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_EMAIL = re.compile(rf"[A-Za-z0-9.!#$%&'*+/=?^_`{{|}}~-]{{1,64}}@{_LABEL}(?:\.{_LABEL})+", re.ASCII)
_PHONE = re.compile(r"\+[1-9]\d{6,14}", re.ASCII)
_ZONES = available_timezones() - {"Factory", "localtime"}  # what a machine has installed is no zone of the database


def _text(value: object, length: int) -> str:
    if not isinstance(value, str):
        raise ValueError("it must be a string")  # noqa: TRY004 - whatever is wrong with a value is one error
    if len(value) > length:
        raise ValueError(f"it may have {length} characters at most")
    return value


def _matched(pattern: re.Pattern[str], value: object, length: int, hint: str) -> str:
    if not pattern.fullmatch(text := _text(value, length)):
        raise ValueError(hint)
    return text


def parse_date_time(value: object) -> datetime:
    """Read an RFC 3339 instant as UTC; digits beyond the microsecond are cut."""
    text = _matched(_DATE_TIME, value, 40, 'write it like "2026-11-21T09:30:00Z" or with an offset like "+01:00"')
    try:
        instant = datetime.fromisoformat(text.upper()).astimezone(UTC)
    except OverflowError:
        raise ValueError("it lies outside the years 1 to 9999") from None
    if instant in _ENDS:
        raise ValueError("it is the very first or last instant; take another one")
    return instant


def print_date_time(value: datetime) -> str:
    """Write an instant in UTC with exactly six digits of a second, as the compiler's SQL does."""
    if value.tzinfo is None:
        raise ValueError("an instant needs a time zone")
    return value.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def parse_date(value: object) -> date:
    """Read a calendar day."""
    day = date.fromisoformat(_matched(_DATE, value, 40, 'write it like "2026-11-21"'))
    if day in {date.min, date.max}:  # which asyncpg sends as infinities
        raise ValueError("it is the very first or last day; take another one")
    return day


def print_date(value: date) -> str:
    """Write a calendar day; an instant is not one."""
    if isinstance(value, datetime):
        raise ValueError("a day is needed, not an instant")  # noqa: TRY004 - a datetime is a date by type
    return value.isoformat()


def parse_duration(value: object) -> timedelta:
    """Read an ISO 8601 duration of weeks, days (of 24 hours), hours, minutes and seconds."""
    match = _DURATION.fullmatch(_text(value, 40))
    if not match:
        raise ValueError('write it like "P7D", "PT1H30M" or "-PT15M"; years and months have no fixed length')
    parts = match.groupdict(default="0")
    negative = parts.pop("sign") == "-"
    seconds, _, fraction = parts.pop("seconds").partition(".")
    try:
        length = timedelta(
            seconds=int(seconds),
            microseconds=int(fraction.ljust(6, "0")),
            **{unit: int(number) for unit, number in parts.items()},
        )
    except OverflowError:
        raise ValueError("it is too long") from None
    return -length if negative else length


def print_duration(value: timedelta) -> str:
    """Write a duration in hours, minutes and seconds, because a day is not always 24 hours: `PT26H30M`, `PT0S`."""
    microseconds = abs(value) // timedelta(microseconds=1)
    minutes, rest = divmod(microseconds, 60_000_000)
    hours, minutes = divmod(minutes, 60)
    seconds = f"{rest // 1_000_000}.{rest % 1_000_000:06}".rstrip("0").rstrip(".")
    parts = f"{hours}H" * bool(hours) + f"{minutes}M" * bool(minutes) + f"{seconds}S" * bool(rest)
    return f"{'-' * (value < timedelta(0))}PT{parts or '0S'}"


def parse_date_time_or_duration(value: object) -> datetime | timedelta:
    """Read an instant, or a duration that will be added to now."""
    return parse_duration(value) if isinstance(value, str) and "P" in value else parse_date_time(value)


def print_date_time_or_duration(value: datetime | timedelta) -> str:
    """Write either as its own scalar does."""
    return print_duration(value) if isinstance(value, timedelta) else print_date_time(value)


def parse_decimal(value: object) -> Decimal:
    """Read an exact number; a JSON number with a fraction has already lost its exactness."""
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10**30:
        return Decimal(value)
    return Decimal(_matched(_DECIMAL, value, 62, 'write it as a string like "12.50", without exponent'))


def print_decimal(value: Decimal) -> str:
    """Write an exact number without exponent, keeping its digits."""
    if not value.is_finite():
        raise ValueError("a finite decimal is needed")
    return format(value, "f")


def parse_local_time(value: object) -> str:
    """Read a time of day, to the minute."""
    return _matched(_LOCAL_TIME, value, 5, 'write it like "09:00"')


def parse_time_zone(value: object) -> str:
    """Read the name of a zone in the IANA database."""
    if (name := _text(value, 64)) not in _ZONES:
        raise ValueError('write it like "Europe/Berlin"')
    return name


def parse_url(value: object) -> str:
    """Read an absolute web address."""
    text = _text(value, 2048)
    parts = urlsplit(text)
    if parts.scheme not in {"http", "https"} or not parts.hostname or re.search(r"[\s\x00-\x1f\x7f]", text):
        raise ValueError('write it like "https://example.com/page"')
    return text


def parse_recurrence_rule(value: object) -> str:
    """Read text that may be a rule; whether it is one is told where it is used, as data."""
    return _text(value, 1000)


def parse_email_address(value: object) -> str:
    """Read an address in the form that browsers accept, with a dot in its domain."""
    return _matched(_EMAIL, value, 254, 'write it like "ada@example.com"')


def parse_phone_number(value: object) -> str:
    """Read a number in international form."""
    return _matched(_PHONE, value, 16, 'write it like "+4930123456"')
