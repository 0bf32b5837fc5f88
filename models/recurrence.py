"""Series: the blueprint of a task or a visit, and the rules by which it comes again."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from tortoise import fields
from tortoise.contrib.postgres.fields import ArrayField
from tortoise.indexes import Index
from tortoise.migrations.constraints import CheckConstraint

from models.rows import Due, Versioned, belongs
from models.tasks import Priority, TaskType
from models.workflows import LONGEST_NAME


class SeriesKind(StrEnum):
    """What the occurrences of a series are."""

    TASK = "TASK"
    VISIT = "VISIT"


class SeriesAnchor(StrEnum):
    """From when the next occurrence is reckoned."""

    SCHEDULE = "SCHEDULE"
    COMPLETION = "COMPLETION"


class SeriesState(StrEnum):
    """Whether the occurrences of a series are made."""

    ACTIVE = "ACTIVE"
    PAUSED = "PAUSED"
    DONE = "DONE"
    ENDED = "ENDED"
    FAILED = "FAILED"


class MonthEnd(StrEnum):
    """Where a day falls that its month does not have, such as the 31st in June."""

    SKIP = "SKIP"
    LAST_DAY = "LAST_DAY"
    NEXT = "NEXT"


class HolidayPolicy(StrEnum):
    """What becomes of an occurrence that falls on a public holiday."""

    KEEP = "KEEP"
    SKIP = "SKIP"
    NEXT_WORKING_DAY = "NEXT_WORKING_DAY"
    PREVIOUS_WORKING_DAY = "PREVIOUS_WORKING_DAY"


class Series(Versioned, Due):
    """A task or a visit that comes again by RFC 5545 rules, at a local time in a zone.

    A half of a split series has the occurrences whose original local starts lie from `from_occurrence` on and before
    `before_occurrence`; `predecessor` is the half before it.
    """

    kind = fields.CharEnumField(SeriesKind, max_length=20, default=SeriesKind.TASK, db_default="TASK")
    title = fields.CharField(max_length=200)
    type = fields.CharEnumField(TaskType, max_length=20, default=TaskType.OTHER, db_default="OTHER")
    custom_type = belongs("CustomTaskType", null=True)
    priority = fields.IntEnumField(Priority, default=Priority.MEDIUM, db_default=2)
    description: str | None = fields.TextField(null=True)
    purpose: str | None = fields.TextField(null=True)
    place = fields.CharField(max_length=200, null=True)
    expected_minutes: int | None = fields.IntField(null=True)
    workflow = fields.CharField(max_length=LONGEST_NAME, null=True)
    subtasks: list[dict[str, Any]] | None = fields.JSONField(null=True)
    checklist: list[dict[str, Any]] | None = fields.JSONField(null=True)
    links: list[dict[str, Any]] | None = fields.JSONField(null=True)
    reminders: list[dict[str, Any]] | None = fields.JSONField(null=True)
    rule = fields.CharField(max_length=1000)
    start = fields.CharField(max_length=19)
    time_zone = fields.CharField(max_length=64)
    rdates: list[str] | None = ArrayField(element_type="text", null=True)
    exdates: list[str] | None = ArrayField(element_type="text", null=True)
    month_end = fields.CharEnumField(MonthEnd, max_length=20, default=MonthEnd.SKIP, db_default="SKIP")
    holidays = fields.CharEnumField(HolidayPolicy, max_length=20, default=HolidayPolicy.KEEP, db_default="KEEP")
    holiday_country = fields.CharField(max_length=2, null=True)
    holiday_region = fields.CharField(max_length=10, null=True)
    anchor = fields.CharEnumField(SeriesAnchor, max_length=20, default=SeriesAnchor.SCHEDULE, db_default="SCHEDULE")
    from_occurrence = fields.CharField(max_length=19, null=True)
    before_occurrence = fields.CharField(max_length=19, null=True)
    expanded_until: datetime | None = fields.DatetimeField(null=True)
    paused_at: datetime | None = fields.DatetimeField(null=True)
    ended_at: datetime | None = fields.DatetimeField(null=True)
    predecessor = belongs("Series", null=True)
    creator = belongs("User")
    assignee = belongs("User", null=True)
    team = belongs("Team", null=True)
    customer = belongs("Customer", null=True)
    location = belongs("Location", null=True)

    custom_type_id: UUID | None
    predecessor_id: UUID | None
    creator_id: UUID
    assignee_id: UUID | None
    team_id: UUID | None
    customer_id: UUID | None
    location_id: UUID | None

    class Meta:
        table = "series"
        indexes = (Index(fields=("due_at",), name="series_due"),)
        constraints = (
            CheckConstraint(check="ended_at is null or due_at is null", name="series_ended"),
            CheckConstraint(check="paused_at is null or due_at is null", name="series_paused"),
            CheckConstraint(check="holidays = 'KEEP' or holiday_country is not null", name="series_holidays"),
            CheckConstraint(
                check="kind = 'TASK' or location_id is not null and expected_minutes > 0", name="series_visits"
            ),
        )
