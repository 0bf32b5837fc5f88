"""Series: tasks and visits that come again, kept as real ones up to a horizon."""

import asyncio
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, Unpack
from uuid import UUID

from domain import blueprints
from domain.blueprints import Blueprint
from domain.errors import DomainError, InvalidRecurrence, refuse
from domain.jobs import Job
from domain.once import Once
from domain.policy import allow
from domain.principal import Principal
from domain.rrule import parse, times_a_day
from domain.series_dates import find
from domain.work import Work
from domain.zones import local_time, zone
from models.recurrence import Series
from settings import settings

HOURS = 24


async def create(
    *, rule: str, start: str, time_zone: str, by: Principal, once: Once | None = None, **blueprint: Unpack[Blueprint]
) -> UUID:
    """Let a task or a visit come again by an RFC 5545 rule, from a local start in a time zone.

    Without an assignee its tasks wait to be claimed. A rule that cannot be expanded is refused now.
    """
    allow(by, "series_create")
    zone(time_zone)
    recurs: dict[str, Any] = {"rule": rule, "start": local_time(start).isoformat(), "time_zone": time_zone}
    async with Work(by, once=once) as work:
        if work.answer:
            return work.answer
        columns = await blueprints.stored(work, blueprint)
        await _possible(Series(**recurs), work.now)
        series = await work.create(Series, creator_id=by.id, **recurs, **columns, due_at=work.now)
        work.enqueue(Job.EXPAND_SERIES)
        return await work.answers(series.id)


async def _possible(series: Series, now: datetime) -> None:
    """Refuse a rule that cannot be expanded; it is tried beside the event loop, which a hard one would hold up."""
    span: dict[str, Any] = {"after": now, "until": now + timedelta(days=settings().horizon_days), "limit": 1}
    try:
        await asyncio.to_thread(find, series, **span)
    except InvalidRecurrence as error:
        raise InvalidRecurrence(path=("rule",), **error.facts) from error
    refuse(_too_often(series.rule))


def _too_often(rule: str) -> Iterator[DomainError]:
    """More work than one task an hour is none for people, however the rule says it."""
    if times_a_day(parse(rule)) > HOURS:
        yield InvalidRecurrence(path=("rule",), reason=f"it occurs more than {HOURS} times a day")
