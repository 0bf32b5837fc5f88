"""Trying a rule set out: what its dates would be, without anything that is kept."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any, TypedDict, Unpack

from domain.errors import DomainError, refuse
from domain.recurrence_forms import Form, rule_said
from domain.rule_set import YEARS, Occurrence, RuleSet, faults, occurrences
from domain.zones import local_time, local_times, zone
from models.recurrence import HolidayPolicy, MonthEnd

LOOKED_AHEAD = 250
"""Years."""


class Options(TypedDict, total=False):
    """What else a rule set says; what is absent has its default."""

    month_end: MonthEnd
    holidays: HolidayPolicy
    holiday_country: str | None
    holiday_region: str | None


def read(
    *,
    rrule: str | None = None,
    form: Form | None = None,
    start: str,
    time_zone: str,
    exceptions: Sequence[str] = (),
    additions: Sequence[str] = (),
    **options: Unpack[Options],
) -> RuleSet:
    """The rule set that these values say; all that is wrong with them is refused at once."""
    values = _read(
        rule=lambda: rule_said(rrule, form, path=("rrule",)),
        start=lambda: local_time(start),
        zone=lambda: zone(time_zone),
        exdates=lambda: local_times(exceptions, what="Exceptions", path=("exceptions",)),
        rdates=lambda: local_times(additions, what="Additions", path=("additions",)),
    )
    found = RuleSet(**values, **options)
    refuse(faults(found))
    return found


async def preview(rule_set: RuleSet, *, first: int, after: datetime | None = None) -> list[Occurrence]:
    """The first occurrences, or those after an instant, looked for beside the event loop."""
    year = max(rule_set.start.year, after.year if after else YEARS.start) + LOOKED_AHEAD
    until = datetime(min(year, YEARS[-1]), 12, 31, tzinfo=UTC)
    return await asyncio.to_thread(occurrences, rule_set, after=after, until=until, limit=first)


def _read(**readers: Callable[[], Any]) -> dict[str, Any]:
    """What each reader reads; what all of them refuse is refused together."""
    values: dict[str, Any] = {}
    refusals: list[DomainError] = []
    for name, reader in readers.items():
        try:
            values[name] = reader()
        except DomainError as refusal:
            refusals += refusal.errors
    refuse(refusals)
    return values
