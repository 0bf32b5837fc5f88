"""Time that people worked on tasks."""

from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

import strawberry

import models
from domain import timesheets
from schema.compiler.fields import Connection, Node, changed, column, item, listing, node, one, sql
from schema.context import Info
from schema.inputs import expected_version, given, idempotency_key, key, once, optional_key, part
from schema.mutation import mutation
from schema.payload import Payload
from schema.tasks import Task

if TYPE_CHECKING:
    from schema.accounts import User

MINUTES = "coalesce({t}.minutes, floor(extract(epoch from coalesce({t}.ended_at, now()) - {t}.started_at) / 60)::int)"


@node(models.TimeEntry, prefix="time", label="(select x.name from users x where x.id = {t}.user_id)")
class TimeEntry(Node):
    """Time that a person worked on a task: an interval, or minutes on a day."""

    task: "Task | None" = one("On which task.")
    user: "User | None" = one("Who worked.")
    started_at: datetime | None = column("From when; null for minutes on a day.")
    ended_at: datetime | None = column("Until just before when; null while it runs.")
    worked_on: date | None = column("The day of a duration without an interval.")
    minutes: int = sql("Whole minutes worked, up to now while it runs.", MINUTES)
    running: bool = sql("Whether the timer runs.", "{t}.started_at is not null and {t}.ended_at is null")
    billable: bool = column("Whether the time is to be billed.")
    billed: bool = sql(
        "Whether the time has been billed.", "exists (select from billed_entries b where b.time_entry_id = {t}.id)"
    )
    note: str | None = column("What was done.", sortable=False)
    creator: "User | None" = one("Who entered it.")
    version: int = column("Counts changes; give it as expectedVersion.")
    created_at: datetime = column("When it was entered.")
    updated_at: datetime = column("When it was last changed.")


@strawberry.input(description="A timer to start.")
class TimeEntryStartInput:
    """What `timesheets.start` takes."""

    task_id: UUID = key("On which task.", "Task")
    billable: bool | None = part("Whether the time is to be billed; as the task is, unless given.")
    note: str | None = part("What is done, up to 1000 characters.")
    idempotency_key: str | None = idempotency_key()


@strawberry.input(description="A timer to stop.")
class TimeEntryStopInput:
    """What `timesheets.stop` takes."""

    time_entry_id: UUID = key("Which entry.", "TimeEntry")
    expected_version: int | None = expected_version()


@strawberry.input(description="Work that is over: either from when until when, or so many minutes on a day.")
class TimeEntryCreateInput:
    """What `timesheets.create` takes."""

    task_id: UUID = key("On which task.", "Task")
    started_at: datetime | None = part("From when; together with the end.")
    ended_at: datetime | None = part("Until just before when; not in the future, and at most a day after the start.")
    minutes: int | None = part("How many minutes, from 1 to 1440; together with the day.")
    worked_on: date | None = part("On which day.")
    billable: bool | None = part("Whether the time is to be billed; as the task is, unless given.")
    note: str | None = part("What was done, up to 1000 characters.")
    user_id: UUID | None = optional_key("Who worked: you, unless given; somebody in your reach.", "User")
    idempotency_key: str | None = idempotency_key()


@strawberry.type(description="What became of `timeEntryStart`.")
class TimeEntryStartPayload(Payload):
    """What `timeEntryStart` answers."""

    time_entry: UUID | None = changed("The running entry; null when it was refused.", TimeEntry)
    task: UUID | None = changed("The task as it is now.", Task)


@strawberry.type(description="What became of `timeEntryStop`.")
class TimeEntryStopPayload(Payload):
    """What `timeEntryStop` answers."""

    time_entry: UUID | None = changed("The entry as it is now.", TimeEntry)


@strawberry.type(description="What became of `timeEntryCreate`.")
class TimeEntryCreatePayload(Payload):
    """What `timeEntryCreate` answers."""

    time_entry: UUID | None = changed("The entry; null when it was refused.", TimeEntry)
    task: UUID | None = changed("The task as it is now.", Task)


@strawberry.type
class TimeQueries:
    """Who worked how long."""

    time_entry: "TimeEntry | None" = item("One time entry.")
    time_entries: "Connection[TimeEntry]" = listing("Time entries that you see.")


@strawberry.type
class TimeMutations:
    """Measuring work, and writing it down."""

    @mutation
    async def time_entry_start(self, info: Info, input: TimeEntryStartInput) -> TimeEntryStartPayload:
        """Start your timer on a task; you have one, and starting it where it already runs changes nothing."""
        what = given(input, ("billable", "note"))
        entry = await timesheets.start(input.task_id, **what, by=info.context.by, once=once(input))
        return TimeEntryStartPayload(time_entry=entry, task=input.task_id)

    @mutation
    async def time_entry_stop(self, info: Info, input: TimeEntryStopInput) -> TimeEntryStopPayload:
        """Stop a timer, yours or that of a person in your reach; a stopped one stays as it is."""
        await timesheets.stop(input.time_entry_id, by=info.context.by, version=input.expected_version)
        return TimeEntryStopPayload(time_entry=input.time_entry_id)

    @mutation
    async def time_entry_create(self, info: Info, input: TimeEntryCreateInput) -> TimeEntryCreatePayload:
        """Write down work that is over, for yourself or for a person in your reach; also on a finished task."""
        names = ("started_at", "ended_at", "minutes", "worked_on", "billable", "note", "user_id")
        entry = await timesheets.create(input.task_id, **given(input, names), by=info.context.by, once=once(input))
        return TimeEntryCreatePayload(time_entry=entry, task=input.task_id)
