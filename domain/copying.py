"""Copying a task with what it consists of, as if nobody had done anything about it yet."""

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import partial
from typing import Any, TypedDict, Unpack
from uuid import UUID
from zoneinfo import ZoneInfo

from uuid_utils.compat import uuid7

from domain import (
    attachments,
    checklists,
    dependencies,
    links,
    policy,
    reminders,
    task_indicators,
    task_tree,
    task_types,
    tasks,
)
from domain.errors import DomainError, InvalidInput, LimitExceeded, NotFound, refuse
from domain.once import Once
from domain.principal import Principal
from domain.work import Work
from domain.zones import later
from models.task_types import CustomTaskType
from models.tasks import Task

MOST = 100
"""Tasks that are copied at once."""
FURTHEST = 3650
_SAME = (
    *("title", "type", "priority", "description", "purpose", "place", "expected_minutes", "billable", "team_id"),
    *("progress_weight", "progress_by", "finish_with_subtasks"),
)
_BELOW = """
with recursive below (id, parent_id, level) as (
    select id, parent_id, 1 from tasks where parent_id = $1
    union all select t.id, t.parent_id, b.level + 1 from tasks t join below b on t.parent_id = b.id
) select b.id, b.parent_id, {seen} as seen from below b join tasks t on t.id = b.id
order by b.level, coalesce(t.position, t.number)
"""
_ZONE = """
select coalesce(s.time_zone, w.time_zone) as zone
from tasks t join workspaces w on w.id = t.workspace_id left join series s on s.id = t.series_id where t.id = $1
"""


class Part(StrEnum):
    """What is copied beside a task's own content."""

    SUBTASKS = "SUBTASKS"
    BLOCKERS = "BLOCKERS"
    CHECKLIST = "CHECKLIST"
    INDICATORS = "INDICATORS"
    LINKS = "LINKS"
    ATTACHMENTS = "ATTACHMENTS"
    REMINDERS = "REMINDERS"


class Wanted(TypedDict, total=False):
    """How the copy differs; without `start_on` and `shift_days` its dates are those of the original."""

    title: str
    subtask_ids: Collection[UUID]
    parent_id: UUID
    start_on: date
    shift_days: int


@dataclass(frozen=True, slots=True)
class Shift:
    """So many days later, at the time that the clock says there."""

    days: int
    zone: ZoneInfo

    def day(self, on: date | None) -> date | None:
        """The day to which a day is moved."""
        with _in_calendar():
            return on and on + timedelta(days=self.days)

    def instant(self, at: datetime | None) -> datetime | None:
        """The instant to which an instant is moved."""
        with _in_calendar():
            return at and later(at, self.days, self.zone)


@contextmanager
def _in_calendar() -> Iterator[None]:
    """What cannot be written as a date is refused."""
    try:
        yield
    except OverflowError as error:
        raise InvalidInput(reason="the dates would leave the calendar") from error


async def copy(
    task_id: UUID, *, parts: Collection[Part] = (), by: Principal, once: Once | None = None, **wanted: Unpack[Wanted]
) -> UUID:
    """Make a task like another one, which may be finished, for whoever claims it.

    It begins where its type's workflow does, or the workspace's, and has no time, notes and history of the other
    one. Of what is below the original, that is copied which is seen; a subtask whose parent is left out moves up.
    """
    policy.allow(by, "create")
    refuse(_wrong(parts, wanted))
    async with Work(by, once=once) as work:
        if work.answer:
            return work.answer
        await task_tree.share(work)
        origins = {task_id: await work.see(Task, task_id, path=("taskId",))}
        above = await _above(work, task_id, wanted.get("subtask_ids")) if Part.SUBTASKS in parts else {}
        rows = {task.id: task for task in await work.see_all(Task, above)}
        origins |= {key: rows[key] for key in above}
        if parent_id := wanted.get("parent_id"):
            await task_tree.place_new(work, parent_id, levels=_levels(task_id, above))
        shift = await _shift(work, task_id, origins.values(), wanted)
        copies = await _made(work, origins, above, shift, wanted)
        await _carry(work, parts, copies, shift)
        await work.record(copies[task_id], "copied", {"copied_from": [None, task_id]})
        return await work.answers(copies[task_id].id)


async def _above(work: Work, task_id: UUID, chosen: Collection[UUID] | None) -> dict[UUID, UUID]:
    """The subtasks to copy, from the top down and each in its place, with the nearest task above that is copied too."""
    seen, values = policy.bind(work.by, "tasks", t="t", first=2)
    found = await work.fetch(_BELOW.format(seen=seen), task_id, *values)
    among = None if chosen is None else frozenset(chosen)
    wanted = [row["id"] for row in found if row["seen"] and (among is None or row["id"] in among)]
    if among is not None and len(wanted) < len(among):
        raise NotFound(path=("subtaskIds",), kind="task")
    if len(wanted) >= MOST:
        raise LimitExceeded(path=("taskId",), what="The tasks of one copy", limit=MOST, actual=len(wanted) + 1)
    parents, copied = {row["id"]: row["parent_id"] for row in found}, {task_id, *wanted}
    above = {}
    for key in wanted:
        above[key] = parents[key]
        while above[key] not in copied:
            above[key] = parents[above[key]]
    return above


def _levels(task_id: UUID, above: Mapping[UUID, UUID]) -> int:
    """How deep the tree of the copies is."""
    levels = {task_id: 1}
    for key, parent in above.items():
        levels[key] = levels[parent] + 1
    return max(levels.values())


async def _shift(work: Work, task_id: UUID, origins: Collection[Task], wanted: Wanted) -> Shift:
    """By how much all dates move, so that the first of them is the day to start on."""
    (row,) = await work.fetch(_ZONE, task_id)
    zone, start = ZoneInfo(row["zone"]), wanted.get("start_on")
    due = [task.due_on for task in origins if task.due_on]
    days = due + [task.scheduled_at.astimezone(zone).date() for task in origins if task.scheduled_at]
    if start is None:
        return Shift(wanted.get("shift_days", 0), zone)
    return Shift((start - min(days)).days if days else 0, zone)


async def _made(
    work: Work, origins: Mapping[UUID, Task], above: Mapping[UUID, UUID], shift: Shift, wanted: Wanted
) -> dict[UUID, Task]:
    """The copies by the ids of their originals; new numbers keep them in the order of these."""
    keys = {key: uuid7() for key in origins}
    top: dict[str, Any] = {"parent_id": wanted.get("parent_id")}
    top |= {"title": wanted["title"]} if "title" in wanted else {}
    kinds = await task_types.going_on(work, {key for origin in origins.values() if (key := origin.custom_type_id)})
    rows = [
        {"id": keys[key], "creator_id": work.by.id, **_like(origin, shift), **_typed(origin, kinds)}
        | ({"parent_id": keys[above[key]]} if key in above else top)
        for key, origin in origins.items()
    ]
    made = {task.id: task for task in await tasks.add(work, rows)}
    return {key: made[keys[key]] for key in origins}


def _like(origin: Task, shift: Shift) -> dict[str, Any]:
    dates = {"due_on": shift.day(origin.due_on), "scheduled_at": shift.instant(origin.scheduled_at)}
    return {name: getattr(origin, name) for name in _SAME} | dates


def _typed(origin: Task, kinds: Mapping[UUID, CustomTaskType]) -> dict[str, Any]:
    """The type of the original, if tasks still get it, and the type's workflow."""
    kind = kinds.get(origin.custom_type_id) if origin.custom_type_id else None
    return {"custom_type_id": kind and kind.id, "workflow": kind and kind.workflow}


async def _carry(work: Work, parts: Collection[Part], copies: Mapping[UUID, Task], shift: Shift) -> None:
    """Give the copies what their originals have."""
    origins = {copy.id: origin for origin, copy in copies.items()}
    if Part.BLOCKERS in parts:
        await dependencies.carry(work, {origin: copy.id for origin, copy in copies.items()})
    if Part.CHECKLIST in parts:
        await checklists.carry(work, origins)
    if Part.INDICATORS in parts:
        await task_indicators.carry(work, origins)
    if Part.LINKS in parts:
        await links.carry(work, origins)
    if Part.ATTACHMENTS in parts:
        await attachments.carry(work, origins)
    if Part.REMINDERS in parts:
        await reminders.carry(work, copies, partial(Shift.instant, shift))


def _wrong(parts: Collection[Part], wanted: Wanted) -> Iterator[DomainError]:
    if "start_on" in wanted and "shift_days" in wanted:
        yield InvalidInput(path=("shiftDays",), reason="either startOn or shiftDays says when")
    if abs(wanted.get("shift_days", 0)) > FURTHEST:
        yield InvalidInput(path=("shiftDays",), reason=f"it must be from -{FURTHEST} to {FURTHEST}")
    if "subtask_ids" in wanted and Part.SUBTASKS not in parts:
        yield InvalidInput(path=("subtaskIds",), reason="subtasks are copied only where include has SUBTASKS")
