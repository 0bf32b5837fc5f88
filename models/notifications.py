"""What people are told: a row for each person and channel, whether it was sent, waits or was left out."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from tortoise import fields
from tortoise.indexes import Index
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint

from models.reminders import Channel
from models.rows import Due, Row, Versioned, belongs


class NotificationKind(StrEnum):
    """Why a person is told."""

    REMINDER = "REMINDER"
    MENTION = "MENTION"
    UPDATE = "UPDATE"
    DIGEST = "DIGEST"
    ESCALATION = "ESCALATION"


class NotificationStatus(StrEnum):
    """What became of a notification."""

    PENDING = "PENDING"
    SENT = "SENT"
    SKIPPED = "SKIPPED"
    FOLDED = "FOLDED"


class ChannelUse(StrEnum):
    """Whether a person is told of a kind of thing by a channel."""

    ALWAYS = "ALWAYS"
    ASKED = "ASKED"
    NEVER = "NEVER"


class Notification(Row, Due):
    """Tells one person something by one channel, once; what is sent in the app is a line in their inbox."""

    user = belongs("User")
    kind = fields.CharEnumField(NotificationKind, max_length=20)
    task = belongs("Task", null=True)
    reminder = belongs("Reminder", null=True)
    note = belongs("Note", null=True)
    channel = fields.CharEnumField(Channel, max_length=20, default=Channel.IN_APP, db_default="IN_APP")
    moment = fields.DatetimeField()
    message = fields.CharField(max_length=500)
    status = fields.CharEnumField(NotificationStatus, max_length=20)
    sent_at: datetime | None = fields.DatetimeField(null=True)
    late = fields.BooleanField(default=False, db_default=False)
    read_at: datetime | None = fields.DatetimeField(null=True)

    user_id: UUID
    task_id: UUID | None
    reminder_id: UUID | None
    note_id: UUID | None

    class Meta:
        table = "notifications"
        indexes = (Index(fields=("due_at",), name="notifications_due"),)
        constraints = (
            UniqueConstraint(
                fields=("task_id", "moment", "user_id", "channel", "kind"),
                name="notifications_once",
                condition="note_id is null",
            ),
            UniqueConstraint(fields=("note_id", "user_id", "channel"), name="notifications_mention_once"),
            UniqueConstraint(
                fields=("user_id", "moment", "channel"), name="notifications_digest_once", condition="kind = 'DIGEST'"
            ),
            CheckConstraint(check="num_nonnulls(task_id, note_id) > 0 or kind = 'DIGEST'", name="notifications_about"),
            CheckConstraint(
                check="status = 'FOLDED' or (sent_at is not null) = (status = 'SENT')", name="notifications_sent_at"
            ),
            CheckConstraint(check="status = 'PENDING' or due_at is null", name="notifications_done"),
        )


class DigestLine(Row):
    """A task that a digest names."""

    notification = belongs("Notification")
    task = belongs("Task")

    class Meta:
        table = "digest_lines"
        constraints = (UniqueConstraint(fields=("notification_id", "task_id"), name="digest_lines_once"),)


class NotificationSettings(Versioned, Due):
    """How a person wishes to be told; `due_at` is when their next digest is made."""

    user = belongs("User")
    channels: dict[str, Any] = fields.JSONField()
    quiet_from = fields.CharField(max_length=5, null=True)
    quiet_until = fields.CharField(max_length=5, null=True)
    digest_at = fields.CharField(max_length=5, null=True)

    user_id: UUID

    class Meta:
        table = "notification_settings"
        indexes = (Index(fields=("due_at",), name="notification_settings_due"),)
        constraints = (
            UniqueConstraint(fields=("user_id",), name="notification_settings_once"),
            CheckConstraint(check="(quiet_from is null) = (quiet_until is null)", name="notification_settings_quiet"),
        )
