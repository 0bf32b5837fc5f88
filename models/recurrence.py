"""Series: the blueprint of a task and the rule by which it comes again."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from tortoise import fields
from tortoise.indexes import Index
from tortoise.migrations.constraints import CheckConstraint

from models.rows import Due, Versioned, belongs
from models.tasks import Priority, TaskType


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
    """A task that comes again by an RFC 5545 rule, at a local time in a zone."""

    title = fields.CharField(max_length=200)
    type = fields.CharEnumField(TaskType, max_length=20, default=TaskType.OTHER, db_default="OTHER")
    priority = fields.IntEnumField(Priority, default=Priority.MEDIUM, db_default=2)
    description: str | None = fields.TextField(null=True)
    expected_minutes: int | None = fields.IntField(null=True)
    reminder_minutes: int | None = fields.IntField(null=True)
    rule = fields.CharField(max_length=1000)
    start = fields.CharField(max_length=19)
    time_zone = fields.CharField(max_length=64)
    expanded_until: datetime | None = fields.DatetimeField(null=True)
    ended_at: datetime | None = fields.DatetimeField(null=True)
    creator = belongs("User")
    assignee = belongs("User", null=True)
    team = belongs("Team", null=True)
    customer = belongs("Customer", null=True)

    creator_id: UUID
    assignee_id: UUID | None
    team_id: UUID | None
    customer_id: UUID | None

    class Meta:
        table = "series"
        indexes = (Index(fields=("due_at",), name="series_due"),)
        constraints = (
            CheckConstraint(check="ended_at is null or due_at is null", name="series_ended"),
            CheckConstraint(check="reminder_minutes >= 0", name="series_reminder_minutes"),
        )
