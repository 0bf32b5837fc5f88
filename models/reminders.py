"""Reminders that are to be sent, and the notifications that were."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from tortoise import fields
from tortoise.indexes import Index
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint

from models.rows import Due, Row, belongs


class Anchor(StrEnum):
    """The moment that a reminder is relative to."""

    DUE = "DUE"
    SCHEDULED = "SCHEDULED"
    INSTANT = "INSTANT"


class Channel(StrEnum):
    """How a reminder reaches its person."""

    IN_APP = "IN_APP"


class ReminderStatus(StrEnum):
    """What became of a reminder."""

    PENDING = "PENDING"
    SENT = "SENT"
    SKIPPED = "SKIPPED"


class Reminder(Row, Due):
    """Tells one person about a task at a moment."""

    task = belongs("Task")
    user = belongs("User")
    creator = belongs("User", null=True)
    channel = fields.CharEnumField(Channel, max_length=20, default=Channel.IN_APP, db_default="IN_APP")
    anchor = fields.CharEnumField(Anchor, max_length=20)
    offset_minutes = fields.IntField(default=0, db_default=0)
    remind_at: datetime | None = fields.DatetimeField(null=True)
    status = fields.CharEnumField(ReminderStatus, max_length=20, default=ReminderStatus.PENDING, db_default="PENDING")
    sent_at: datetime | None = fields.DatetimeField(null=True)

    task_id: UUID
    user_id: UUID
    creator_id: UUID | None

    class Meta:
        table = "reminders"
        indexes = (Index(fields=("due_at",), name="reminders_due"),)
        constraints = (
            UniqueConstraint(
                fields=("task_id", "user_id", "channel", "anchor", "offset_minutes", "remind_at"), name="reminders_once"
            ),
            CheckConstraint(check="(remind_at is not null) = (anchor = 'INSTANT')", name="reminders_instant"),
            CheckConstraint(check="(sent_at is not null) = (status = 'SENT')", name="reminders_sent_at"),
            CheckConstraint(check="status = 'PENDING' or due_at is null", name="reminders_done"),
        )


class Notification(Row):
    """A line in a person's inbox."""

    user = belongs("User")
    task = belongs("Task", null=True)
    reminder = belongs("Reminder", null=True)
    note = belongs("Note", null=True)
    channel = fields.CharEnumField(Channel, max_length=20, default=Channel.IN_APP, db_default="IN_APP")
    moment = fields.DatetimeField()
    message = fields.CharField(max_length=500)
    read_at: datetime | None = fields.DatetimeField(null=True)

    class Meta:
        table = "notifications"
        constraints = (
            UniqueConstraint(
                fields=("task_id", "moment", "user_id", "channel"),
                name="notifications_once",
                condition="note_id is null",
            ),
            UniqueConstraint(fields=("note_id", "user_id", "channel"), name="notifications_mention_once"),
            CheckConstraint(check="num_nonnulls(task_id, note_id) > 0", name="notifications_about"),
        )
