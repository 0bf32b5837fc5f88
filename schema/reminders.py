"""Reminders of tasks."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

import strawberry

import models
from domain import reminders
from schema.compiler.fields import Connection, Node, changed, column, node, one, page, sql
from schema.context import Info
from schema.durations import duration, minutes
from schema.enums import enum
from schema.inputs import expected_version, given, idempotency_key, key, once, optional_key, part
from schema.mutation import mutation
from schema.payload import Payload
from schema.scalars import LocalTime
from schema.tasks import Task

if TYPE_CHECKING:
    from schema.accounts import User
    from schema.notifications import Notification

Anchor = enum(
    models.Anchor,
    DUE="The task's due date, at nine in the morning where the person is.",
    SCHEDULED="The instant of the task's appointment.",
    INSTANT="An instant of its own.",
)
Channel = enum(
    models.Channel,
    IN_APP="The person's inbox.",
    EMAIL="The person's e-mail address.",
    WEBHOOK="The programs that are subscribed to the workspace's events.",
)
Recipient = enum(
    models.Recipient,
    PERSON="The person who is named.",
    ASSIGNEE="Whoever holds the task then.",
    CREATOR="Whoever created the task.",
    WATCHERS="Everybody who watches the task or collaborates on it then.",
    TEAM="The members of the task's team then, and those who lead it.",
)
ReminderStatus = enum(
    models.ReminderStatus,
    PENDING="Still to be sent.",
    SENT="Sent.",
    SKIPPED="Not sent, because there was nothing left to remind of.",
)


@node(
    models.Reminder,
    prefix="reminder",
    label="coalesce((select x.name from users x where x.id = {t}.user_id), initcap({t}.recipient))",
)
class Reminder(Node):
    """Tells people about a task at a moment."""

    task: "Task | None" = one("Which task.")
    recipient: models.Recipient = column("Who is told, as far as they see the task then.")
    user: "User | None" = one("The person, when one is named.")
    anchor: models.Anchor = column("What the moment is relative to.")
    offset: timedelta = sql("How long before that.", duration("{t}.offset_minutes"))
    days: int = column("How many days before that, by the clock.")
    working_days: int = column("How many days from Monday to Friday before that.")
    after: bool = column("Whether all of this is after that moment, not before it.")
    local_time: LocalTime | None = column("At which time of that day; null for the time of the anchor.")
    remind_at: datetime | None = column("The instant, when the anchor is one.")
    due_at: datetime | None = column("When it will be sent; null once it is done, or while the task has no such date.")
    channel: models.Channel | None = column("How people are told; null for as each of them wishes.")
    status: models.ReminderStatus = column("What became of it.")
    sent_at: datetime | None = column("When it was sent.")
    error: str | None = column("Why it was not sent.", sortable=False)
    notifications: "Connection[Notification]" = page("What it told you, or would have.", by="reminder")
    version: int = column("Counts changes; give it as expectedVersion.")
    created_at: datetime = column("When it was made.")
    updated_at: datetime = column("When it was last changed.")


@strawberry.input(description="A reminder of a task.")
class ReminderCreateInput:
    """What `reminders.create` takes."""

    task_id: UUID = key("Of which task.", "Task")
    anchor: models.Anchor = strawberry.field(description="What the moment is relative to.")
    offset: timedelta = strawberry.field(
        description="How long before that: whole minutes, up to 365 days.", default=timedelta()
    )
    days: int = strawberry.field(description="How many days before that, by the clock, up to 365.", default=0)
    working_days: int = strawberry.field(
        description="How many days from Monday to Friday before that, up to 365. Not with days.",
        default=0,
    )
    after: bool = strawberry.field(description="Whether all of this is after that moment.", default=False)
    local_time: LocalTime | None = part(
        "At which time of that day, where the person is; the anchor's unless given. Not with an offset."
    )
    remind_at: datetime | None = part("The instant, when the anchor is one; not with the others.")
    recipient: models.Recipient = strawberry.field(
        description="Who is told; others than PERSON are found out when it is sent.", default=models.Recipient.PERSON
    )
    user_id: UUID | None = optional_key("The person: you, unless given; somebody in your reach.", "User")
    channel: models.Channel | None = part("How they are told; as each of them wishes unless given.")
    idempotency_key: str | None = idempotency_key()


@strawberry.input(description="A reminder that tasks are to begin with.")
class ReminderWishInput:
    """What a `reminder_rules.Wish` is made of."""

    anchor: models.Anchor = strawberry.field(description="What the moment is relative to; not INSTANT.")
    offset: timedelta = strawberry.field(
        description="How long before that: whole minutes, up to 365 days.", default=timedelta()
    )
    days: int = strawberry.field(description="How many days before that, by the clock, up to 365.", default=0)
    working_days: int = strawberry.field(
        description="How many days from Monday to Friday before that, up to 365. Not with days.", default=0
    )
    after: bool = strawberry.field(description="Whether all of this is after that moment.", default=False)
    local_time: LocalTime | None = part("At which time of that day. Not with an offset.")
    recipient: models.Recipient = strawberry.field(
        description="Who is told; not PERSON.", default=models.Recipient.ASSIGNEE
    )
    channel: models.Channel | None = part("How they are told; as each of them wishes unless given.")


@strawberry.input(description="What to change about a reminder: what is left out stays, null clears.")
class ReminderUpdateInput:
    """What `reminders.update` takes."""

    reminder_id: UUID = key("The reminder.", "Reminder")
    anchor: models.Anchor | None = part("What the moment is relative to.")
    offset: timedelta | None = part("How long before that: whole minutes, up to 365 days.")
    days: int | None = part("How many days before that, by the clock, up to 365.")
    working_days: int | None = part("How many days from Monday to Friday before that.")
    after: bool | None = part("Whether all of this is after that moment.")
    local_time: strawberry.Maybe[LocalTime | None] = part("At which time of that day; null for the anchor's.")
    remind_at: strawberry.Maybe[datetime | None] = part("The instant, when the anchor is one.")
    channel: strawberry.Maybe[models.Channel | None] = part("How they are told; null for as each of them wishes.")
    expected_version: int | None = expected_version()


@strawberry.input(description="Which reminder is to be gone.")
class ReminderDeleteInput:
    """What `reminders.delete` takes."""

    reminder_id: UUID = key("The reminder.", "Reminder")
    expected_version: int | None = expected_version()


@strawberry.type(description="What became of `reminderCreate`.")
class ReminderCreatePayload(Payload):
    """What `reminderCreate` answers."""

    reminder: UUID | None = changed("The reminder; null when it was refused.", Reminder)
    task: UUID | None = changed("The task as it is now.", Task)


@strawberry.type(description="What became of `reminderUpdate`.")
class ReminderUpdatePayload(Payload):
    """What `reminderUpdate` answers."""

    reminder: UUID | None = changed("The reminder as it is now.", Reminder)


@strawberry.type(description="What became of `reminderDelete`.")
class ReminderDeletePayload(Payload):
    """What `reminderDelete` answers."""

    reminder: UUID | None = changed("The reminder if it is still there; null when it is gone.", Reminder)
    task: UUID | None = changed("The task as it is now; null when it was refused.", Task)


@strawberry.type
class ReminderMutations:
    """Wishing to be told."""

    @mutation
    async def reminder_create(self, info: Info, input: ReminderCreateInput) -> ReminderCreatePayload:
        """Remind yourself, somebody in your reach, or who has to do with a task, of it; the same is made once."""
        whom = given(input, ("recipient", "user_id", "channel"))
        reminder = await reminders.create(input.task_id, **whom, **_moment(input), by=info.context.by, once=once(input))
        return ReminderCreatePayload(reminder=reminder, task=input.task_id)

    @mutation
    async def reminder_update(self, info: Info, input: ReminderUpdateInput) -> ReminderUpdatePayload:
        """Change when or how a reminder is sent; when its moment is to come, it is sent again."""
        patch = _moment(input) | given(input, ("channel",))
        await reminders.update(input.reminder_id, patch, by=info.context.by, version=input.expected_version)
        return ReminderUpdatePayload(reminder=input.reminder_id)

    @mutation
    async def reminder_delete(self, info: Info, input: ReminderDeleteInput) -> ReminderDeletePayload:
        """Take a reminder away; what it has told stays in the inboxes."""
        task = await reminders.delete(input.reminder_id, by=info.context.by, version=input.expected_version)
        return ReminderDeletePayload(task=task)


def wish(input: ReminderWishInput) -> Any:
    """Make a wish of what was sent."""
    return _moment(input) | {"recipient": input.recipient, "channel": input.channel}


def _moment(input: ReminderCreateInput | ReminderUpdateInput | ReminderWishInput) -> Any:
    """When, as the domain says it."""
    found = given(input, ("anchor", "days", "working_days", "after", "local_time", "remind_at"))
    return found if input.offset is None else found | {"offset_minutes": minutes(input.offset, "offset")}
