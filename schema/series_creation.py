"""Letting something come again."""

from datetime import timedelta
from uuid import UUID

import strawberry

import models
from domain import recurrence
from domain.recurrence import Said
from domain.recurrence_forms import rule_text
from schema.blueprints import SeriesReminderInput, SeriesSubtaskInput, link_ids, parts
from schema.compiler.fields import changed
from schema.context import Info
from schema.durations import minutes
from schema.inputs import Reference, given, idempotency_key, once, optional_key, part
from schema.mutation import mutation
from schema.payload import Payload
from schema.recurrence import Series
from schema.recurrence_forms import RecurrenceFormInput, form
from schema.scalars import RecurrenceRule, TimeZone
from schema.task_types import TaskTypeLineInput

SAID = tuple(name for name in Said.__annotations__ if name not in {"subtasks", "checklist", "links", "reminders"})


@strawberry.input(description="A task or a visit that is to come again.")
class SeriesCreateInput:
    """What `recurrence.create` takes."""

    title: str = strawberry.field(description="The title of each occurrence, up to 200 characters.")
    rule: RecurrenceRule | None = part("How it comes again, as text of at most 1000 characters; either this or `form`.")
    form: RecurrenceFormInput | None = part("How it comes again, as a form; either this or `rule`.")
    start: str = strawberry.field(
        description="The local date-time of the first occurrence, without offset: 2026-11-23T09:00:00."
    )
    time_zone: TimeZone = strawberry.field(description="The zone in which start and rule are read.")
    rdates: list[str] | None = part("Local starts that are added to the rule, at most 1000.")
    exdates: list[str] | None = part("Local starts that are left out, at most 1000.")
    month_end: models.MonthEnd | None = part("Where a day falls that its month does not have; SKIP unless given.")
    holidays: models.HolidayPolicy | None = part("What becomes of one on a public holiday; KEEP unless given.")
    holiday_country: str | None = part("The country whose holidays count, such as DE; needed unless they are kept.")
    holiday_region: str | None = part("The region of that country, such as BY.")
    anchor: models.SeriesAnchor | None = part("From when the next occurrence is reckoned; SCHEDULE unless given.")
    kind: models.SeriesKind | None = part("What comes again: a TASK, unless given, or a VISIT to a location.")
    type: models.TaskType | None = part("The type of each occurrence; its custom type's, or OTHER, unless given.")
    custom_type_id: UUID | None = optional_key(
        "Its type among those of the workspace's own, whose defaults, checklist, reminders and workflow it gets.",
        "CustomTaskType",
    )
    priority: models.Priority | None = part(
        "The priority of each occurrence; its custom type's, or MEDIUM, unless given."
    )
    description: str | None = part("The description of each occurrence, up to 20000 characters.")
    purpose: str | None = part("What each occurrence is good for, up to 20000 characters.")
    place: str | None = part("Where each occurrence is, in words, up to 200 characters.")
    expected_duration: timedelta | None = part(
        "How long each occurrence should take: whole minutes, up to 365 days; a visit needs it."
    )
    workflow: str | None = part("Its workflow, such as STANDARD; its custom type's, or the workspace's, unless given.")
    assignee_id: UUID | None = optional_key(
        "Who gets each occurrence; null leaves tasks to be claimed, and visits to you.", "User"
    )
    team_id: UUID | None = optional_key("The team of each occurrence; null for everybody.", "Team")
    customer_id: UUID | None = optional_key(
        "The customer that each occurrence is linked to above all; that of a visit is its location's.", "Customer"
    )
    location_id: UUID | None = optional_key("Where each visit goes.", "Location")
    subtasks: list[SeriesSubtaskInput] | None = part("Tasks below each occurrence, or on each visit; at most 50.")
    checklist: list[TaskTypeLineInput] | None = part("The checklist of each occurrence, at most 100 lines.")
    link_ids: list[Reference] | None = link_ids()
    reminders: list[SeriesReminderInput] | None = part(
        "When whoever holds an occurrence is reminded; at most 10. Those of its custom type unless given."
    )
    idempotency_key: str | None = idempotency_key()


@strawberry.type(description="What became of `seriesCreate`.")
class SeriesCreatePayload(Payload):
    """What `seriesCreate` answers."""

    series: UUID | None = changed("The series; null when it was refused.", Series)


@strawberry.type
class SeriesMutations:
    """Letting tasks and visits come again."""

    @mutation
    async def series_create(self, info: Info, input: SeriesCreateInput) -> SeriesCreatePayload:
        """Let a task or a visit come again by a rule; the workers make its occurrences ahead of time."""
        series = await recurrence.create(
            **_blueprint(input),
            rule=rule_text(given(input, ("rule",)).get("rule"), form(input.form)),
            start=input.start,
            time_zone=input.time_zone,
            by=info.context.by,
            once=once(input),
        )
        return SeriesCreatePayload(series=series)


def _blueprint(input: SeriesCreateInput) -> Said:
    found: Said = given(input, SAID) | parts(input)
    if input.expected_duration is not None:
        found["expected_minutes"] = minutes(input.expected_duration, "expected_duration")
    return found
