"""The occurrences of a series between two instants: those that are made, and those that are still to be made."""

import asyncio
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from domain.errors import DomainError, InvalidInput
from domain.principal import Principal
from domain.rule_set import Occurrence, occurrences
from domain.series_dates import name, rule_set, within
from domain.series_errors import NoOccurrence
from domain.work import Work
from domain.zones import local_time, zone
from models.recurrence import Series, SeriesAnchor

LONGEST = timedelta(days=731)
MOST = 1000
_MADE = """
select t.id as task_id, null::uuid as visit_id, t.occurrence, t.scheduled_at as at from tasks t
where t.series_id = $1 and t.deletion_id is null and (t.scheduled_at between $2 and $3 or t.occurrence = any($4))
union all
select null, v.id, v.occurrence, v.planned_start from visits v
where v.series_id = $1 and (v.planned_start between $2 and $3 or v.occurrence = any($4))
"""
_DELETED = "select occurrence from tasks where series_id = $1 and deletion_id is not null"


@dataclass(frozen=True, slots=True)
class Listed:
    """One occurrence: its name, when it is, as the clock there says and in UTC, and what was made of it."""

    original: str
    local: datetime
    at: datetime
    skipped: bool
    moved: bool
    task_id: UUID | None = None
    visit_id: UUID | None = None


async def listed(series_id: UUID, start: datetime, end: datetime, *, by: Principal) -> list[Listed]:
    """Tell what a series has from one instant to another, at most two years, in time order; at most a thousand."""
    if not timedelta(0) < end - start <= LONGEST:
        raise InvalidInput(path=("to",), reason="it must be later than from, by two years at most")
    async with Work(by) as work:
        series = await work.see(Series, series_id, path=("seriesId",))
        said = await asyncio.to_thread(_said, series, start, end)
        names = [name(at) for at in said]
        made = {row["occurrence"]: row for row in await work.fetch(_MADE, series.id, start, end, names)}
        deleted = {row["occurrence"] for row in await work.fetch(_DELETED, series.id)}
    place, skipped = zone(series.time_zone), frozenset(series.exdates or ())
    found = {
        each: Listed(each, at.local, at.at, skipped=each in skipped, moved=at.local != at.original)
        for each, at in zip(names, said, strict=True)
        if each in made or (each not in deleted and _comes(series, at))
    }
    for each, row in made.items():
        at = row["at"] or (found[each].at if each in found else None)
        if at is not None:
            local = at.astimezone(place).replace(tzinfo=None)
            moved = local.isoformat() != each
            found[each] = Listed(each, local, at, False, moved, row["task_id"], row["visit_id"])
    return sorted((each for each in found.values() if start <= each.at <= end), key=lambda each: each.at)[:MOST]


def exact(series: Series, original: str) -> Occurrence:
    """The occurrence of this name, also when it was skipped."""
    missing, near = NoOccurrence(path=("occurrence",), occurrence=original[:40]), timedelta(days=40)
    try:
        around = local_time(original).replace(tzinfo=zone(series.time_zone))
        found = _said(series, around - near, around + near)
    except (DomainError, OverflowError) as error:
        raise missing from error
    for each in found:
        if name(each) == original:
            return each
    raise missing


def _said(series: Series, start: datetime, end: datetime) -> list[Occurrence]:
    """What the rules say, skipped ones too; of a series that is reckoned from completion nobody knows it yet."""
    if series.anchor is SeriesAnchor.COMPLETION:
        return []
    rules = replace(rule_set(series), exdates=frozenset())
    early = start - timedelta(microseconds=1)
    return within(series, occurrences(rules, after=early, until=end, limit=MOST))


def _comes(series: Series, at: Occurrence) -> bool:
    """Whether it is still to be made: nothing is made for before the series was there, or after it stopped."""
    stopped = series.ended_at or series.paused_at
    return at.at > series.created_at - timedelta(days=1) and (stopped is None or at.at <= stopped)
