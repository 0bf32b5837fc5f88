"""Time entries: who worked on which task, and for how long."""

from datetime import date, datetime
from uuid import UUID

from tortoise import fields
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint

from models.rows import Versioned, belongs


class TimeEntry(Versioned):
    """A half-open interval [started_at, ended_at) of work, or a number of minutes on a day."""

    task = belongs("Task")
    user = belongs("User")
    creator = belongs("User")
    started_at: datetime | None = fields.DatetimeField(null=True)
    ended_at: datetime | None = fields.DatetimeField(null=True)
    worked_on: date | None = fields.DateField(null=True)
    minutes: int | None = fields.IntField(null=True)
    billable = fields.BooleanField(default=True, db_default=True)
    note = fields.CharField(max_length=1000, null=True)

    task_id: UUID
    user_id: UUID
    creator_id: UUID

    class Meta:
        table = "time_entries"
        constraints = (
            UniqueConstraint(
                fields=("user_id",), name="time_entries_one_running", condition="ended_at is null and minutes is null"
            ),
            CheckConstraint(
                check="(started_at is not null and minutes is null and worked_on is null)"
                " or (started_at is null and ended_at is null and minutes is not null and worked_on is not null)",
                name="time_entries_interval_or_minutes",
            ),
            CheckConstraint(check="started_at < ended_at", name="time_entries_forward"),
            CheckConstraint(check="minutes between 1 and 1440", name="time_entries_minutes"),
        )
