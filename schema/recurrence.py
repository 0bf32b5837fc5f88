"""Series: tasks that come again."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import strawberry

import models
from schema.compiler.fields import Connection, Node, column, item, listing, node, one, page, sql
from schema.durations import duration
from schema.scalars import RecurrenceRule, TimeZone

if TYPE_CHECKING:
    from schema.accounts import Team, User
    from schema.customers import Customer
    from schema.history import Event
    from schema.tasks import Task


@node(models.Series, prefix="series")
class Series(Node):
    """A task that comes again by a rule; the workers make its occurrences ahead of time."""

    title: str = column("The title of each occurrence.")
    type: models.TaskType = column("The type of each occurrence.")
    priority: models.Priority = column("The priority of each occurrence.")
    description: str | None = column("The description of each occurrence.", sortable=False)
    rule: RecurrenceRule = column("The recurrence rule (RFC 5545).", sortable=False)
    start: str = column("The local date-time of the first occurrence, such as 2026-11-23T09:00:00.")
    time_zone: TimeZone = column("The zone in which the rule is read.")
    assignee: "User | None" = one("Who gets each occurrence; null for the queue.")
    team: "Team | None" = one("The team of each occurrence.")
    customer: "Customer | None" = one("The customer that each occurrence is linked to.")
    creator: "User | None" = one("Who made the series.")
    expected_duration: timedelta | None = sql("How long each occurrence should take.", duration("{t}.expected_minutes"))
    reminder_offset: timedelta | None = sql(
        "Whoever holds an occurrence is reminded this long before it; null for never.",
        duration("{t}.reminder_minutes"),
    )
    tasks: "Connection[Task]" = page("The occurrences made so far.", by="series")
    expanded_until: datetime | None = column("Up to when occurrences have been made.")
    ended_at: datetime | None = column("When the rule had no more occurrences.")
    history: "Connection[Event]" = page("Everything that happened to it.", by="subject")
    version: int = column("Counts changes; give it as expectedVersion.")
    created_at: datetime = column("When the series was made.")
    updated_at: datetime = column("When the series was last changed.")


@strawberry.type
class SeriesQueries:
    """What comes again."""

    series: "Series | None" = item("One series.")
    all_series: "Connection[Series]" = listing("Series that you see.")
