"""Reminders and the inbox that they fill."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import models
from schema.compiler.fields import Node, column, node, one, sql
from schema.durations import duration
from schema.enums import enum

if TYPE_CHECKING:
    from schema.accounts import User
    from schema.tasks import Task

Anchor = enum(
    models.Anchor,
    DUE="The task's due date, at nine in the morning where the person is.",
    SCHEDULED="The instant of the task's appointment.",
    INSTANT="An instant of its own.",
)
Channel = enum(models.Channel, IN_APP="The person's inbox.")
ReminderStatus = enum(
    models.ReminderStatus,
    PENDING="Still to be sent.",
    SENT="Sent.",
    SKIPPED="Not sent, because there was nothing left to remind of.",
)


@node(models.Reminder, prefix="reminder")
class Reminder(Node):
    """Tells one person about a task at a moment."""

    task: "Task | None" = one("Which task.")
    user: "User | None" = one("Who is told.")
    anchor: models.Anchor = column("What the moment is relative to.")
    offset: timedelta = sql("How long before that.", duration("{t}.offset_minutes"))
    remind_at: datetime | None = column("The instant, when the anchor is one.")
    due_at: datetime | None = column("When it will be sent; null once it is done, or while the task has no such date.")
    channel: models.Channel = column("How the person is told.")
    status: models.ReminderStatus = column("What became of it.")
    sent_at: datetime | None = column("When it was sent.")
    error: str | None = column("Why it was not sent.", sortable=False)
    created_at: datetime = column("When it was made.")


@node(models.Notification, prefix="note")
class Notification(Node):
    """A line in a person's inbox."""

    message: str = column("The line.", sortable=False)
    task: "Task | None" = one("What it is about.")
    reminder: "Reminder | None" = one("The reminder that sent it.")
    moment: datetime = column("The moment that it was due.")
    read_at: datetime | None = column("When the person read it.")
    created_at: datetime = column("When it came in.")
