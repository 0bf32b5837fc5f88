"""Counting days from Monday to Friday, and moving days by so many of them."""

from datetime import date

WEEK, WORKED = 7, 5


def between(start: date, end: date) -> int:
    """How many working days lead from one day to another: from Friday to Monday 1, and back -1."""
    if end < start:
        return _before(end.toordinal()) - _before(start.toordinal())
    return _before(end.toordinal() + 1) - _before(start.toordinal() + 1)


def moved(day: date, days: int) -> date:
    """The working day that is so many working days later, or earlier; by none, the day itself.

    Raises OverflowError beyond the calendar.
    """
    if days == 0:
        return day
    place = _before(day.toordinal() + 1) - 1 + days if days > 0 else _before(day.toordinal()) + days
    weeks, rest = divmod(place, WORKED)
    try:
        return date.fromordinal(weeks * WEEK + rest + 1)
    except ValueError as error:
        raise OverflowError from error


def _before(ordinal: int) -> int:
    """How many working days come before the day of this number; the first one, 1 January of the year 1, is a Monday."""
    weeks, rest = divmod(ordinal - 1, WEEK)
    return weeks * WORKED + min(rest, WORKED)
