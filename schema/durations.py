"""Durations that are kept as whole minutes: how they come in, and the intervals that go out."""

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
    """Make an interval of minutes in SQL."""
    return f"{column} * interval '1 minute'"


def elapsed(start: str, end: str) -> str:
    """Make the time between two instants in SQL, as an interval that counts hours and no days."""
    return f"make_interval(secs => extract(epoch from {end} - {start})::float8)"
