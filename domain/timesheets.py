"""Time entries: who worked on what, and for how long."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any, TypedDict, Unpack
from uuid import UUID

from domain.errors import DomainError, Forbidden, InvalidInput, TaskFinal, TimerRunning, refuse
from domain.once import Once
from domain.people import chosen
from domain.policy import allow
from domain.principal import Principal
from domain.work import Work
from domain.workflow import FINAL
from models.accounts import User
from models.tasks import Task
from models.timesheets import TimeEntry

LONGEST_MINUTES = 1440
_RUNNING = """
select e.id, e.task_id, 'T-' || t.number || ' ' || t.title as task from time_entries e join tasks t on t.id = e.task_id
where e.user_id = $1 and e.ended_at is null and e.minutes is null
"""


async def start(
    task_id: UUID, *, billable: bool | None = None, note: str | None = None, by: Principal, once: Once | None = None
) -> UUID:
    """Start one's timer on a task; time counts as billable when the task does, unless said otherwise.

    A person has one timer. Starting it where it already runs changes nothing.
    """
    allow(by, "time_entry_start")
    async with Work(by, once=once) as work:
        if work.answer:
            return work.answer
        (task,) = await work.lock(Task, [task_id], path=("taskId",))
        refuse((TaskFinal(status=task.status),) if task.status in FINAL else ())
        user = await chosen(work, None, "track time for", path=())
        await work.lock(User, [user.id])  # of two starts at once one waits, and then names the other's task
        if running := await work.fetch(_RUNNING, user.id):
            refuse(TimerRunning(task=each["task"]) for each in running if each["task_id"] != task.id)
            return await work.answers(running[0]["id"])
        entry = await work.create(TimeEntry, started_at=work.now, **_about(task, user, by, billable, note))
        await work.record(task, "time_started", {"time_entry": [None, entry.id]})
        return await work.answers(entry.id)


async def stop(time_entry_id: UUID, *, by: Principal, version: int | None = None) -> None:
    """Stop a running timer, one's own or that of a person in one's reach; a stopped one stays as it is."""
    async with Work(by) as work:
        entry = await work.load(TimeEntry, time_entry_id, to="time_entry_stop", version=version, path=("timeEntryId",))
        if not (by.reaches_all or by.is_one_of(entry.user_id) or entry.user_id in by.people):
            raise Forbidden(action="stop this timer", who="its person, the supervisors above them and admins")
        if entry.started_at is not None and entry.ended_at is None:
            await work.change(entry, "stopped", ended_at=work.now)
            await work.record(await Task.get(id=entry.task_id), "time_stopped", {"time_entry": [None, entry.id]})


class Span(TypedDict, total=False):
    """When somebody worked: from a start to an end, or for some minutes on a day."""

    started_at: datetime | None
    ended_at: datetime | None
    minutes: int | None
    worked_on: date | None


async def create(
    task_id: UUID,
    *,
    billable: bool | None = None,
    note: str | None = None,
    user_id: UUID | None = None,
    by: Principal,
    once: Once | None = None,
    **span: Unpack[Span],
) -> UUID:
    """Write down work that is over, on a finished task too, for oneself or a person in one's reach."""
    allow(by, "time_entry_create")
    refuse(_wrong(**span))
    async with Work(by, once=once) as work:
        if work.answer:
            return work.answer
        (task,) = await work.lock(Task, [task_id], path=("taskId",))
        user = await chosen(work, user_id, "write down time of", path=("userId",))
        if (end := span.get("ended_at")) and end > work.now:
            raise InvalidInput(path=("endedAt",), reason="it is still to come")
        entry = await work.create(TimeEntry, **span, **_about(task, user, by, billable, note))
        await work.record(task, "time_written_down", {"time_entry": [None, entry.id]})
        return await work.answers(entry.id)


def _about(task: Task, user: User, by: Principal, billable: bool | None, note: str | None) -> dict[str, Any]:
    """What every entry says, however the time was measured."""
    counts = task.billable if billable is None else billable
    people = {"user_id": user.id, "creator_id": by.id or user.id}
    return {"task_id": task.id, **people, "billable": counts, "note": note}


def _wrong(
    *,
    started_at: datetime | None = None,
    ended_at: datetime | None = None,
    minutes: int | None = None,
    worked_on: date | None = None,
) -> Iterator[DomainError]:
    """What keeps this from being either an interval or minutes on a day."""
    interval, day = (started_at, ended_at), (minutes, worked_on)
    if all(interval) and day == (None, None):
        if started_at and ended_at and started_at >= ended_at:
            yield InvalidInput(path=("endedAt",), reason="the work would end before it starts")
        elif started_at and ended_at and ended_at - started_at > timedelta(minutes=LONGEST_MINUTES):
            yield InvalidInput(path=("endedAt",), reason="the work would take more than a day; write down each day")
    elif None not in day and interval == (None, None):
        if not 1 <= (minutes or 0) <= LONGEST_MINUTES:
            yield InvalidInput(path=("minutes",), reason=f"it is not a number from 1 to {LONGEST_MINUTES}")
    else:
        yield InvalidInput(path=("startedAt",), reason="give either a start and an end, or minutes and a day")
