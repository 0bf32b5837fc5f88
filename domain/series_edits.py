"""Editing series: all of one, from an occurrence on, or one occurrence; and leaving occurrences out."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from domain import blueprints, expansion, ruling, series_rules, tasks, withdrawing
from domain.errors import InvalidInput, refuse
from domain.jobs import Job
from domain.occurrences import exact
from domain.once import Once
from domain.principal import Principal
from domain.recurrence import Said
from domain.recurrence_rules import starts
from domain.rrule import parse, times_a_day, written
from domain.rule_set import Occurrence
from domain.series_dates import Plan, name, rule_set
from domain.series_errors import OccurrenceKept, OccurrenceSkipped
from domain.series_rules import SeriesAction
from domain.statements import columns, table
from domain.work import Work
from domain.zones import local_time, zone
from models.recurrence import Series, SeriesKind
from models.tasks import Task
from models.visits import Visit

_ALONE = frozenset({"title", "type", "custom_type_id", "priority", "description", "purpose", "place"}) | {
    "expected_minutes",
    "team_id",
    "start",
}
"""What can be said of one occurrence; all else about it is changed on the task itself."""
_OWN = frozenset({"id", "created_at", "updated_at", "version", "due_at", "attempts", "error", "failed_at"})
_AGAIN = """
update series set due_at = case when paused_at is null then clock_timestamp() end,
    expanded_until = case when expanded_until > $2 then $2 else expanded_until end,
    attempts = 0, error = null, failed_at = null
where id = $1
"""
_MOVE = "update {table} set series_id = $2 where series_id = $1 and occurrence >= $3"
_RETIME = "update {table} set occurrence = left(occurrence, 11) || $2 where series_id = $1"
_FIND = "select id from {table} where series_id = $1 and occurrence = $2"


class SeriesScope(StrEnum):
    """How much of a series is changed."""

    THIS = "THIS"
    THIS_AND_FOLLOWING = "THIS_AND_FOLLOWING"
    ALL = "ALL"


class Patch(Said, total=False):
    """What changes; what is absent stays, and a list is changed as a whole."""

    rule: str
    start: str
    time_zone: str


async def update(
    series_id: UUID,
    patch: Mapping[str, Any],
    *,
    scope: SeriesScope = SeriesScope.ALL,
    occurrence: str | None = None,
    by: Principal,
    version: int | None = None,
    once: Once | None = None,
) -> UUID:
    """Change a series; the id of the series that has what changed, which is a new one when it was split.

    Occurrences to come that nobody has touched are made anew; those that were claimed, changed by hand or finished
    stay as they are.
    """
    async with Work(by, once=once) as work:
        if work.answer:
            return work.answer
        await withdrawing.lock_tree(work)
        series = await load(work, series_id, SeriesAction.UPDATE, version)
        return await work.answers(await _applied(work, series, patch, scope, occurrence))


async def _applied(
    work: Work, series: Series, patch: Mapping[str, Any], scope: SeriesScope, occurrence: str | None
) -> UUID:
    if (scope is SeriesScope.ALL) is (occurrence is not None):
        raise InvalidInput(path=("occurrence",), reason="it goes with THIS and THIS_AND_FOLLOWING, which need it")
    if scope is SeriesScope.THIS_AND_FOLLOWING:
        return await _split(work, series, str(occurrence), patch)
    if scope is SeriesScope.THIS:
        await _change_one(work, series, str(occurrence), patch)
    else:
        await _change_all(work, series, patch)
    return series.id


async def skip(series_id: UUID, occurrence: str, *, by: Principal, version: int | None = None) -> None:
    """Leave an occurrence out, if nobody has taken, changed or finished it."""
    async with Work(by) as work:
        await withdrawing.lock_tree(work)
        series = await load(work, series_id, SeriesAction.SKIP, version)
        at = exact(series, occurrence)
        if name(at) in (series.exdates or ()):
            return
        model = Task if series.kind is SeriesKind.TASK else Visit
        await withdrawing.withdraw(work, series, at.at - timedelta(days=366), first=name(at), end=f"{name(at)}~")
        if await work.fetch(_FIND.format(table=table(model)), series.id, name(at)):
            raise OccurrenceKept(path=("occurrence",), occurrence=name(at))
        await work.change(series, "skipped", exdates=sorted({*(series.exdates or ()), name(at)}))


async def unskip(series_id: UUID, occurrence: str, *, by: Principal, version: int | None = None) -> None:
    """Have an occurrence after all that was left out; one that is past is not made any more."""
    async with Work(by) as work:
        series = await load(work, series_id, SeriesAction.UNSKIP, version)
        at = exact(series, occurrence)
        if name(at) in (series.exdates or ()):
            await work.change(series, "unskipped", exdates=[each for each in series.exdates or () if each != name(at)])
            if at.at > work.now:
                await again(work, series, at.at - timedelta(seconds=1))


async def load(work: Work, series_id: UUID, action: SeriesAction, version: int | None) -> Series:
    """The series, locked, if whoever acts may do this with it now."""
    series = await work.load(Series, series_id, to="series_update", version=version, path=("seriesId",))
    refuse(series_rules.check(action, series_rules.facts(series, work.by), work.by))
    return series


async def again(work: Work, series: Series, since: datetime) -> None:
    """Have the workers make what is missing from an instant on."""
    await work.fetch(_AGAIN, series.id, since)
    work.enqueue(Job.EXPAND_SERIES)


async def _change_all(work: Work, series: Series, patch: Mapping[str, Any]) -> None:
    values = await _stored(work, series, patch)
    hour = _hour(series, values, series.start)
    if not await work.change(series, "updated", **_left_out(series, hour), **values):
        return
    await withdrawing.withdraw(work, series, work.now)
    if hour:
        for each in ("tasks", "visits"):
            await work.fetch(_RETIME.format(table=each), series.id, hour)
    await again(work, series, work.now)


def _hour(series: Series, values: Mapping[str, Any], day: str) -> str | None:
    """The new time of day, if only that moves: what stays is then known by it, and not made a second time."""
    rule, start = parse(series.rule), values.get("start", "")
    daily = not (rule.by_hour or rule.by_minute or rule.by_second) and times_a_day(rule) == 1
    alone = values.keys() & set(ruling.COLUMNS) == {"start"} and start[:10] == day[:10]
    return start[11:] if daily and alone else None


def _left_out(series: Series, hour: str | None) -> dict[str, Any]:
    """The days that are left out stay so at another time of day."""
    return {"exdates": [each[:11] + hour for each in series.exdates]} if hour and series.exdates else {}


async def _split(work: Work, series: Series, occurrence: str, patch: Mapping[str, Any]) -> UUID:
    """End the series before an occurrence, and have another one from there on; what is there goes over to it."""
    at = exact(series, occurrence)
    values = await _stored(work, series, patch)
    hour = _hour(series, values, name(at))
    if not values.keys() & {"rule", "start"}:
        values = {**values, "from_occurrence": name(at)}
    else:
        rest: dict[str, Any] = {} if "rule" in values else {"rule": await asyncio.to_thread(_rest, series, at)}
        rest |= {"rdates": [each for each in series.rdates or () if each >= name(at)] or None}
        rest |= _left_out(series, hour)
        values = {"start": name(at), **rest, **values, "from_occurrence": None}
    same = {column: getattr(series, column) for column in columns(Series) if column not in _OWN}
    since = max(work.now, at.at - timedelta(seconds=1))
    more = {"predecessor_id": series.id, "expanded_until": since}
    following = await work.create(Series, "split off", **same | values | more, due_at=None)
    await work.change(series, "split", before_occurrence=name(at))
    await withdrawing.withdraw(work, series, work.now, first=name(at))
    for each in ("tasks", "visits"):
        await work.fetch(_MOVE.format(table=each), series.id, following.id, name(at))
        if hour:
            await work.fetch(_RETIME.format(table=each), following.id, hour)
    await again(work, following, since)
    return following.id


def _rest(series: Series, at: Occurrence) -> str:
    """The rule of a series from an occurrence on: of what it counts, what came before is done."""
    rules = rule_set(series)
    if rules.rule.count is None:
        return series.rule
    found = starts(rules.rule, rules.start, rules.month_end, until=at.original)
    left = rules.rule.count - sum(each < at.original for each in found)
    if left < 1:
        reason = "the rule has counted to its end before it; change this occurrence alone"
        raise InvalidInput(path=("occurrence",), reason=reason)
    return written(replace(rules.rule, count=left))


async def _change_one(work: Work, series: Series, occurrence: str, patch: Mapping[str, Any]) -> None:
    """Change one occurrence; it is made now if it is not there yet."""
    at = exact(series, occurrence)
    for column in patch.keys() - _ALONE:
        raise InvalidInput(path=(column,), reason="it is changed of all occurrences, or on the task itself")
    if name(at) in (series.exdates or ()):
        raise OccurrenceSkipped(path=("occurrence",), occurrence=name(at))
    await expansion.make(work, [Plan(series, [at], work.now, None)])
    values = {column: value for column, value in patch.items() if column != "start"}
    if series.kind is SeriesKind.VISIT:
        await _change_visit(work, series, name(at), patch)
        return
    if "start" in patch:
        local = local_time(patch["start"])
        values |= {"due_on": local.date(), "scheduled_at": _instant(series, local)}
    (found,) = await work.fetch(_FIND.format(table="tasks"), series.id, name(at))
    await tasks.edit(work, await work.load(Task, found["id"], to="edit", path=("occurrence",)), values)


async def _change_visit(work: Work, series: Series, occurrence: str, patch: Mapping[str, Any]) -> None:
    (found,) = await work.fetch(_FIND.format(table="visits"), series.id, occurrence)
    visit = await work.load(Visit, found["id"], to="visit_update", path=("occurrence",))
    if visit.status != "PLANNED":
        raise OccurrenceKept(path=("occurrence",), occurrence=occurrence)
    start = _instant(series, local_time(patch["start"])) if "start" in patch else visit.planned_start
    length = visit.planned_end - visit.planned_start
    if patch.get("expected_minutes"):
        length = timedelta(minutes=patch["expected_minutes"])
    said = {column: patch[column] for column in ("purpose", "team_id") if column in patch}
    await work.change(visit, "updated", planned_start=start, planned_end=start + length, **said)


async def _stored(work: Work, series: Series, patch: Mapping[str, Any]) -> dict[str, Any]:
    """What changes, as the columns hold it, once it is known that the rules can be expanded."""
    said = {column: value for column, value in patch.items() if column not in ruling.COLUMNS}
    if said.get("kind", series.kind) is not series.kind:
        raise InvalidInput(path=("kind",), reason="tasks stay tasks and visits stay visits")
    values = await blueprints.stored(work, said, before=series) | await ruling.stored(work.now, patch, before=series)
    return {column: value for column, value in values.items() if value != getattr(series, column)}


def _instant(series: Series, local: datetime) -> datetime:
    return local.replace(tzinfo=zone(series.time_zone)).astimezone(UTC)
