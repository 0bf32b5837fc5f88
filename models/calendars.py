"""Calendar feeds: secret URLs at which a calendar program finds what its person has to do."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from tortoise import fields
from tortoise.migrations.constraints import CheckConstraint

from models.rows import Row, belongs


class CalendarEntry(StrEnum):
    """As what a calendar shows a task."""

    EVENT = "EVENT"
    TO_DO = "TO_DO"


class CalendarFeed(Row):
    """A URL that shows a person's tasks and visits; only the digest of the secret in it is kept."""

    user = belongs("User")
    name = fields.CharField(max_length=200)
    tasks_as = fields.CharEnumField(CalendarEntry, max_length=20, default=CalendarEntry.EVENT, db_default="EVENT")
    digest = fields.CharField(max_length=64, unique=True)
    content = fields.CharField(max_length=64, null=True)
    """The digest of what was shown last."""
    changed_at: datetime | None = fields.DatetimeField(null=True)
    revoked_at: datetime | None = fields.DatetimeField(null=True)

    user_id: UUID

    class Meta:
        table = "calendar_feeds"
        constraints = (CheckConstraint(check="(content is null) = (changed_at is null)", name="calendar_feeds_shown"),)
