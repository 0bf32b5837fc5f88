"""What says when a series occurs: how it is kept, and that it can be expanded."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from domain import recurrence_preview
from domain.errors import DomainError, InvalidInput, InvalidRecurrence, refuse
from domain.rrule import parse, times_a_day
from domain.series_dates import find
from domain.zones import local_time, local_times, zone
from models.recurrence import HolidayPolicy, Series
from settings import settings

HOURS = 24


class Options(recurrence_preview.Options, total=False):
    """What changes about the dates that a rule says."""

    rdates: Sequence[str]
    exdates: Sequence[str]


COLUMNS = ("rule", "start", "time_zone", *Options.__annotations__)


async def stored(now: datetime, said: Mapping[str, Any], before: Series | None = None) -> dict[str, Any]:
    """What was said, as the columns hold it; what cannot be expanded, with what was there `before`, is refused."""
    found = {column: value for column, value in said.items() if column in COLUMNS}
    if "start" in found:
        found["start"] = local_time(found["start"]).isoformat()
    if "time_zone" in found:
        zone(found["time_zone"])
    for column in ("rdates", "exdates"):
        if column in found:
            times = local_times(found[column], what=f"The {column} of a series", path=(column,))
            found[column] = sorted(each.isoformat() for each in times) or None
    if found:
        kept = {column: getattr(before, column) for column in COLUMNS} if before else {}
        await _possible(Series(**kept | found), now)
    return found


async def _possible(series: Series, now: datetime) -> None:
    """Rules are tried beside the event loop, which hard ones would hold up."""
    span: dict[str, Any] = {"after": now, "until": now + timedelta(days=settings().horizon_days), "limit": 1}
    if series.holidays is HolidayPolicy.KEEP and (series.holiday_country or series.holiday_region):
        raise InvalidInput(path=("holidayCountry",), reason="it goes with holidays that are not kept")
    try:
        await asyncio.to_thread(find, series, **span)
    except InvalidRecurrence as error:
        raise InvalidRecurrence(path=("rule",), **error.facts) from error
    refuse(_too_often(series.rule))


def _too_often(rule: str) -> Iterator[DomainError]:
    """More work than one task an hour is none for people, however the rule says it."""
    if times_a_day(parse(rule)) > HOURS:
        yield InvalidRecurrence(path=("rule",), reason=f"it occurs more than {HOURS} times a day")
