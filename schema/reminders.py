"""Reminders and the inbox that they fill."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

import strawberry

import models
from domain import reminders
from schema.compiler.fields import Node, changed, column, node, one, sql
from schema.context import Info
from schema.durations import duration, minutes
from schema.enums import enum
from schema.inputs import given, idempotency_key, key, once, optional_key, part
from schema.mutation import mutation
from schema.payload import Payload
from schema.tasks import Task

if TYPE_CHECKING:
    from schema.accounts import User
    from schema.notes import Note

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


@node(models.Reminder, prefix="reminder", label="(select x.name from users x where x.id = {t}.user_id)")
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


@node(models.Notification, prefix="notif")
class Notification(Node):
    """A line in a person's inbox."""

    message: str = column("The line.", sortable=False)
    task: "Task | None" = one("The task that it is about, if it is about one.")
    reminder: "Reminder | None" = one("The reminder that sent it, if one did.")
    note: "Note | None" = one("The note that mentions the person, if one does.")
    moment: datetime = column("The moment for which it was due.")
    read_at: datetime | None = column("When the person read it.")
    created_at: datetime = column("When it came in.")


@strawberry.input(description="A reminder of a task.")
class ReminderCreateInput:
    """What `reminders.create` takes."""

    task_id: UUID = key("Of which task.", "Task")
    anchor: models.Anchor = strawberry.field(description="What the moment is relative to.")
    offset: timedelta = strawberry.field(
        description="How long before that: whole minutes, up to 365 days.", default=timedelta()
    )
    remind_at: datetime | None = part("The instant, when the anchor is one; not with the others.")
    user_id: UUID | None = optional_key("Who is told: you, unless given; somebody in your reach.", "User")
    idempotency_key: str | None = idempotency_key()


@strawberry.type(description="What became of `reminderCreate`.")
class ReminderCreatePayload(Payload):
    """What `reminderCreate` answers."""

    reminder: UUID | None = changed("The reminder; null when it was refused.", Reminder)
    task: UUID | None = changed("The task as it is now.", Task)


@strawberry.type
class ReminderMutations:
    """Wishing to be told."""

    @mutation
    async def reminder_create(self, info: Info, input: ReminderCreateInput) -> ReminderCreatePayload:
        """Remind yourself, or somebody in your reach, of a task; the same reminder is made once."""
        wanted = given(input, ("anchor", "remind_at", "user_id")) | {"offset_minutes": minutes(input.offset, "offset")}
        reminder = await reminders.create(input.task_id, **wanted, by=info.context.by, once=once(input))
        return ReminderCreatePayload(reminder=reminder, task=input.task_id)
