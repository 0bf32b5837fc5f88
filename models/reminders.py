"""Reminders that are to be sent: of what, to whom, when and how."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from tortoise import fields
from tortoise.indexes import Index
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint

from models.rows import Due, Versioned, belongs


class Anchor(StrEnum):
    """The moment that a reminder is relative to."""

    DUE = "DUE"
    SCHEDULED = "SCHEDULED"
    INSTANT = "INSTANT"


class Recipient(StrEnum):
    """Whom a reminder tells, who is found out when it is sent."""

    PERSON = "PERSON"
    ASSIGNEE = "ASSIGNEE"
    CREATOR = "CREATOR"
    WATCHERS = "WATCHERS"
    TEAM = "TEAM"


class Channel(StrEnum):
    """How people are told."""

    IN_APP = "IN_APP"
    EMAIL = "EMAIL"
    WEBHOOK = "WEBHOOK"


class ReminderStatus(StrEnum):
    """What became of a reminder."""

    PENDING = "PENDING"
    SENT = "SENT"
    SKIPPED = "SKIPPED"


class Reminder(Versioned, Due):
    """Tells people about a task at a moment: so long before, or after, a date of the task, or at an instant."""

    task = belongs("Task")
    recipient = fields.CharEnumField(Recipient, max_length=20, default=Recipient.PERSON, db_default="PERSON")
    user = belongs("User", null=True)
    creator = belongs("User", null=True)
    channel: Any = fields.CharEnumField(Channel, max_length=20, null=True)
    anchor = fields.CharEnumField(Anchor, max_length=20)
    offset_minutes = fields.IntField(default=0, db_default=0)
    days = fields.IntField(default=0, db_default=0)
    working_days = fields.IntField(default=0, db_default=0)
    after = fields.BooleanField(default=False, db_default=False)
    local_time = fields.CharField(max_length=5, null=True)
    remind_at: datetime | None = fields.DatetimeField(null=True)
    status = fields.CharEnumField(ReminderStatus, max_length=20, default=ReminderStatus.PENDING, db_default="PENDING")
    sent_at: datetime | None = fields.DatetimeField(null=True)

    task_id: UUID
    user_id: UUID | None
    creator_id: UUID | None

    class Meta:
        table = "reminders"
        indexes = (Index(fields=("due_at",), name="reminders_due"),)
        constraints = (
            UniqueConstraint(
                fields=(
                    *("task_id", "recipient", "user_id", "channel"),
                    *("anchor", "offset_minutes", "days", "working_days", "after", "local_time", "remind_at"),
                ),
                name="reminders_once",
            ),
            CheckConstraint(check="(user_id is not null) = (recipient = 'PERSON')", name="reminders_person"),
            CheckConstraint(check="(remind_at is not null) = (anchor = 'INSTANT')", name="reminders_instant"),
            CheckConstraint(
                check="anchor <> 'INSTANT' or (days, working_days) = (0, 0) and local_time is null",
                name="reminders_of_instant",
            ),
            CheckConstraint(check="least(offset_minutes, days, working_days) >= 0", name="reminders_forward"),
            CheckConstraint(check="(sent_at is not null) = (status = 'SENT')", name="reminders_sent_at"),
            CheckConstraint(check="status = 'PENDING' or due_at is null", name="reminders_done"),
        )
