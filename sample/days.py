"""Days and instants that are counted from today, so that the sample is always about now."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

FRIDAY = 4


def working_day(today: date, offset: int) -> date:
    """The day so many working days from today; on a weekend the Monday after it counts as today."""
    day = today
    while day.weekday() > FRIDAY:
        day += timedelta(days=1)
    weeks, days = divmod(day.weekday() + offset, FRIDAY + 1)
    return day + timedelta(days=7 * weeks + days - day.weekday())


def instant(day: date, at: str, time_zone: str) -> datetime:
    """The instant at which a local clock shows this time on this day."""
    return datetime.combine(day, time.fromisoformat(at), ZoneInfo(time_zone)).astimezone(UTC)
