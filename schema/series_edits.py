"""Changing series: all of one, from an occurrence on, or one occurrence; and leaving occurrences out."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import strawberry

import models
from domain import series_edits
from domain.recurrence_forms import rule_text
from domain.series_edits import SeriesScope
from schema.blueprints import SeriesReminderInput, SeriesSubtaskInput, link_ids, parts
from schema.compiler.fields import changed
from schema.context import Info
from schema.durations import minutes
from schema.enums import enum
from schema.inputs import (
    Reference,
    expected_version,
    given,
    idempotency_key,
    key,
    once,
    part,
    patch_key,
)
from schema.mutation import mutation
from schema.payload import Payload
from schema.recurrence import Series
from schema.recurrence_forms import RecurrenceFormInput, form
from schema.scalars import RecurrenceRule, TimeZone
from schema.series_creation import SAID
from schema.task_types import TaskTypeLineInput

enum(
    SeriesScope,
    THIS="One occurrence, which is made now if it is not there yet.",
    THIS_AND_FOLLOWING="An occurrence and all after it, which become a series of their own.",
    ALL="All occurrences to come.",
)
ORIGINAL = "Which occurrence: its `original` local start, such as 2026-11-23T09:00:00."


@strawberry.input(description="What to change about a series: what is left out stays, null clears.")
class SeriesUpdateInput:
    """What `series_edits.update` takes."""

    series_id: UUID = key("The series.", "Series")
    scope: series_edits.SeriesScope = strawberry.field(
        description="How much of it.", default=series_edits.SeriesScope.ALL
    )
    occurrence: str | None = part(f"{ORIGINAL} Needed unless scope is ALL.")
    title: strawberry.Maybe[str | None] = part("The title of each occurrence, up to 200 characters.")
    rule: RecurrenceRule | None = part("How it comes again, as text of at most 1000 characters.")
    form: RecurrenceFormInput | None = part("How it comes again, as a form; either this or `rule`.")
    start: str | None = part("The local date-time of the first occurrence; of THIS occurrence, when it is instead.")
    time_zone: TimeZone | None = part("The zone in which start and rule are read.")
    rdates: list[str] | None = part("Local starts that are added to the rule: all of them.")
    exdates: list[str] | None = part("Local starts that are left out: all of them.")
    month_end: models.MonthEnd | None = part("Where a day falls that its month does not have.")
    holidays: models.HolidayPolicy | None = part("What becomes of an occurrence on a public holiday.")
    holiday_country: strawberry.Maybe[str | None] = part("The country whose holidays count.")
    holiday_region: strawberry.Maybe[str | None] = part("The region of that country.")
    anchor: models.SeriesAnchor | None = part("From when the next occurrence is reckoned.")
    type: strawberry.Maybe[models.TaskType | None] = part("The type of each occurrence.")
    custom_type_id: strawberry.Maybe[UUID | None] = patch_key("Its type of the workspace's own.", "CustomTaskType")
    priority: strawberry.Maybe[models.Priority | None] = part("The priority of each occurrence.")
    description: strawberry.Maybe[str | None] = part("The description of each occurrence, up to 20000 characters.")
    purpose: strawberry.Maybe[str | None] = part("What each is good for, up to 20000 characters.")
    place: strawberry.Maybe[str | None] = part("Where each is, in words, up to 200 characters.")
    expected_duration: strawberry.Maybe[timedelta | None] = part("How long each should take: whole minutes.")
    workflow: strawberry.Maybe[str | None] = part("Its workflow; null for its type's, or the workspace's.")
    assignee_id: strawberry.Maybe[UUID | None] = patch_key("Who gets each occurrence.", "User")
    team_id: strawberry.Maybe[UUID | None] = patch_key("The team of each occurrence.", "Team")
    customer_id: strawberry.Maybe[UUID | None] = patch_key("The customer of each occurrence.", "Customer")
    location_id: strawberry.Maybe[UUID | None] = patch_key("Where each visit goes.", "Location")
    subtasks: list[SeriesSubtaskInput] | None = part("Tasks below each occurrence: all of them.")
    checklist: list[TaskTypeLineInput] | None = part("The checklist of each occurrence: all of it.")
    link_ids: list[Reference] | None = link_ids()
    reminders: list[SeriesReminderInput] | None = part("When whoever holds an occurrence is reminded: all of it.")
    expected_version: int | None = expected_version()
    idempotency_key: str | None = idempotency_key()


@strawberry.input(description="Which occurrence of a series is left out.")
class SeriesSkipInput:
    """What `series_edits.skip` takes."""

    series_id: UUID = key("The series.", "Series")
    occurrence: str = strawberry.field(description=ORIGINAL)
    expected_version: int | None = expected_version()


@strawberry.input(description="Which occurrence of a series is to be after all.")
class SeriesUnskipInput:
    """What `series_edits.unskip` takes."""

    series_id: UUID = key("The series.", "Series")
    occurrence: str = strawberry.field(description=ORIGINAL)
    expected_version: int | None = expected_version()


@strawberry.type(description="What became of `seriesUpdate`.")
class SeriesUpdatePayload(Payload):
    """What `seriesUpdate` answers."""

    series: UUID | None = changed("The series with what changed; a new one when it was split.", Series)


@strawberry.type(description="What became of `seriesSkip`.")
class SeriesSkipPayload(Payload):
    """What `seriesSkip` answers."""

    series: UUID | None = changed("The series as it is now.", Series)


@strawberry.type(description="What became of `seriesUnskip`.")
class SeriesUnskipPayload(Payload):
    """What `seriesUnskip` answers."""

    series: UUID | None = changed("The series as it is now.", Series)


@strawberry.type
class SeriesEditMutations:
    """Changing what comes again."""

    @mutation
    async def series_update(self, info: Info, input: SeriesUpdateInput) -> SeriesUpdatePayload:
        """Change all occurrences of a series, those from one on, or one.

        Occurrences to come that nobody has touched are made anew; claimed, changed or finished ones stay as they are.
        """
        series = await series_edits.update(
            input.series_id,
            _patch(input),
            scope=input.scope,
            occurrence=input.occurrence,
            by=info.context.by,
            version=input.expected_version,
            once=once(input),
        )
        return SeriesUpdatePayload(series=series)

    @mutation
    async def series_skip(self, info: Info, input: SeriesSkipInput) -> SeriesSkipPayload:
        """Leave an occurrence out, unless somebody has taken, changed or finished it."""
        by, version = info.context.by, input.expected_version
        await series_edits.skip(input.series_id, input.occurrence, by=by, version=version)
        return SeriesSkipPayload(series=input.series_id)

    @mutation
    async def series_unskip(self, info: Info, input: SeriesUnskipInput) -> SeriesUnskipPayload:
        """Have an occurrence after all that was left out; one that is past is not made any more."""
        by, version = info.context.by, input.expected_version
        await series_edits.unskip(input.series_id, input.occurrence, by=by, version=version)
        return SeriesUnskipPayload(series=input.series_id)


def _patch(input: SeriesUpdateInput) -> dict[str, Any]:
    found: dict[str, Any] = given(input, (*SAID, "start", "time_zone")) | parts(input)
    if input.rule is not None or input.form is not None:
        found["rule"] = rule_text(given(input, ("rule",)).get("rule"), form(input.form))
    if input.expected_duration is not None:
        found["expected_minutes"] = minutes(input.expected_duration.value, "expected_duration")
    return found
