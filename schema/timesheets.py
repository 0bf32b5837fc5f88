"""Time that people worked on tasks."""

from datetime import date, datetime
from typing import TYPE_CHECKING

import strawberry

import models
from schema.compiler.fields import Connection, Node, column, item, listing, node, one, sql

if TYPE_CHECKING:
    from schema.accounts import User
    from schema.tasks import Task

MINUTES = "coalesce({t}.minutes, floor(extract(epoch from coalesce({t}.ended_at, now()) - {t}.started_at) / 60)::int)"


@node(models.TimeEntry, prefix="time")
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


@strawberry.type
class TimeQueries:
    """Who worked how long."""

    time_entry: "TimeEntry | None" = item("One time entry.")
    time_entries: "Connection[TimeEntry]" = listing("Time entries that you see.")
