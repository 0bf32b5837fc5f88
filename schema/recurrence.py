"""Series: tasks that come again."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

import strawberry

import models
from domain import recurrence
from schema.compiler.fields import Connection, Node, changed, column, item, listing, node, one, page, sql
from schema.context import Info
from schema.durations import duration, minutes
from schema.inputs import given, idempotency_key, once, optional_key, part
from schema.mutation import mutation
from schema.payload import Payload
from schema.scalars import RecurrenceRule, TimeZone

if TYPE_CHECKING:
    from schema.accounts import User
    from schema.customers import Customer
    from schema.history import Event
    from schema.tasks import Task
    from schema.teams import Team


COPIED = (
    "title",
    "rule",
    "time_zone",
    "type",
    "priority",
    "description",
    "assignee_id",
    "team_id",
    "customer_id",
)


@node(models.Series, prefix="series", label="{t}.title")
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


@strawberry.input(description="A task that is to come again.")
class SeriesCreateInput:
    """What `recurrence.create` takes."""

    title: str = strawberry.field(description="The title of each occurrence, up to 200 characters.")
    rule: RecurrenceRule = strawberry.field(description="How it comes again, up to 1000 characters.")
    start: str = strawberry.field(
        description="The local date-time of the first occurrence, without offset: 2026-11-23T09:00:00."
    )
    time_zone: TimeZone = strawberry.field(description="The zone in which start and rule are read.")
    type: models.TaskType = strawberry.field(description="The type of each occurrence.", default=models.TaskType.OTHER)
    priority: models.Priority = strawberry.field(
        description="The priority of each occurrence.", default=models.Priority.MEDIUM
    )
    description: str | None = part("The description of each occurrence, up to 20000 characters.")
    expected_duration: timedelta | None = part("How long each occurrence should take: whole minutes, up to 365 days.")
    reminder_offset: timedelta | None = part(
        "Remind whoever holds an occurrence this long before it: whole minutes, up to 365 days; null for never."
    )
    assignee_id: UUID | None = optional_key("Who gets each occurrence; null leaves them to be claimed.", "User")
    team_id: UUID | None = optional_key("The team of each occurrence; null for everybody.", "Team")
    customer_id: UUID | None = optional_key("The customer that each occurrence is linked to.", "Customer")
    idempotency_key: str | None = idempotency_key()


@strawberry.type(description="What became of `seriesCreate`.")
class SeriesCreatePayload(Payload):
    """What `seriesCreate` answers."""

    series: UUID | None = changed("The series; null when it was refused.", Series)


@strawberry.type
class SeriesQueries:
    """What comes again."""

    series: "Series | None" = item("One series.")
    all_series: "Connection[Series]" = listing("Series that you see.")


@strawberry.type
class SeriesMutations:
    """Letting tasks come again."""

    @mutation
    async def series_create(self, info: Info, input: SeriesCreateInput) -> SeriesCreatePayload:
        """Let a task come again by a rule; the workers make its occurrences ahead of time."""
        length = minutes(input.expected_duration, "expected_duration")
        offset = minutes(input.reminder_offset, "reminder_offset")
        series = await recurrence.create(
            **given(input, COPIED),
            start=input.start,
            expected_minutes=length,
            reminder_minutes=offset,
            by=info.context.by,
            once=once(input),
        )
        return SeriesCreatePayload(series=series)
