"""Durations that are kept as whole minutes: how they come in and go out."""

from datetime import timedelta
from typing import overload

from domain.errors import InvalidInput


@overload
def minutes(value: timedelta, *path: str) -> int: ...
@overload
def minutes(value: timedelta | None, *path: str) -> int | None: ...
def minutes(value: timedelta | None, *path: str) -> int | None:
    """Count a duration's minutes; what is not whole minutes is refused, as `path` of the input."""
    if value is None:
        return None
    count, rest = divmod(value, timedelta(minutes=1))
    if rest:
        raise InvalidInput(path=path, reason="it is not a whole number of minutes")
    return count


def duration(column: str) -> str:
    """Write minutes in SQL as the scalar `Duration` prints them: `PT1H30M`, `PT0S`."""
    hours, rest = (
        f"coalesce(nullif({column} {operator} 60, 0) || '{unit}', '')" for operator, unit in (("/", "H"), ("%", "M"))
    )
    return f"case when {column} > 0 then 'PT' || {hours} || {rest} when {column} = 0 then 'PT0S' end"


def elapsed(start: str, end: str) -> str:
    """Write the time between two instants in SQL as the scalar `Duration` prints it: `PT26H30M`, `PT0.5S`."""
    parts = (("div(d.s, 3600)", "H"), ("div(mod(d.s, 3600), 60)", "M"), ("trim_scale(mod(d.s, 60))", "S"))
    listed = " || ".join(f"coalesce(nullif({part}, 0) || '{unit}', '')" for part, unit in parts)
    seconds = f"(select extract(epoch from {end} - {start}) as s) d"
    return f"(select case when d.s = 0 then 'PT0S' when d.s > 0 then 'PT' || {listed} end from {seconds})"
