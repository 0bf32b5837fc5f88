"""The inbox, and how its person wishes to be told."""

from datetime import datetime
from typing import Any
from uuid import UUID

import strawberry

import models
from domain import notification_settings, notifications
from schema.accounts import User
from schema.compiler.fields import changed
from schema.context import Info
from schema.inputs import expected_version, given, key, part
from schema.mutation import mutation
from schema.notifications import Notification
from schema.payload import Payload
from schema.scalars import LocalTime


@strawberry.input(description="Which line of your inbox you have read.")
class NotificationReadInput:
    """What `notifications.read` takes."""

    notification_id: UUID = key("The line.", "Notification")


@strawberry.input(description="What of your inbox you have read.")
class NotificationsReadAllInput:
    """What `notifications.read_all` takes."""

    kinds: list[models.NotificationKind] | None = part("Of which kinds; all unless given.")


@strawberry.input(description="Which line of your inbox is to come back later.")
class NotificationSnoozeInput:
    """What `notifications.snooze` takes."""

    notification_id: UUID = key("The line.", "Notification")
    until: datetime = strawberry.field(description="When it comes back, unread.")


@strawberry.input(description="Whether you are told of a kind of thing by a channel.")
class NotificationChoiceInput:
    """What a `notification_settings.Choice` is made of."""

    kind: models.NotificationKind = strawberry.field(description="Of what.")
    channel: models.Channel = strawberry.field(description="By which channel; not WEBHOOK, which is for programs.")
    use: models.ChannelUse = strawberry.field(description="Whether.")


@strawberry.input(description="How you wish to be told: what is left out stays, null clears.")
class NotificationSettingsUpdateInput:
    """What `notification_settings.update` takes."""

    channels: list[NotificationChoiceInput] | None = part("What to change about channels; the others stay.")
    quiet_from: strawberry.Maybe[LocalTime | None] = part("From when on what comes waits, where you are.")
    quiet_until: strawberry.Maybe[LocalTime | None] = part("Until when; before `quietFrom` it is on the next day.")
    digest_at: strawberry.Maybe[LocalTime | None] = part("When you get a digest every day; null for never.")
    expected_version: int | None = expected_version()


@strawberry.type(description="What became of `notificationRead`.")
class NotificationReadPayload(Payload):
    """What `notificationRead` answers."""

    notification: UUID | None = changed("The line as it is now.", Notification)


@strawberry.type(description="What became of `notificationsReadAll`.")
class NotificationsReadAllPayload(Payload):
    """What `notificationsReadAll` answers."""

    viewer: UUID | None = changed("You, with your inbox as it is now.", User)


@strawberry.type(description="What became of `notificationSnooze`.")
class NotificationSnoozePayload(Payload):
    """What `notificationSnooze` answers."""

    notification: UUID | None = changed("The line as it is now.", Notification)


@strawberry.type(description="What became of `notificationSettingsUpdate`.")
class NotificationSettingsUpdatePayload(Payload):
    """What `notificationSettingsUpdate` answers."""

    viewer: UUID | None = changed("You, with your settings as they are now.", User)


@strawberry.type
class InboxMutations:
    """Being told."""

    @mutation
    async def notification_read(self, info: Info, input: NotificationReadInput) -> NotificationReadPayload:
        """Mark a line of your inbox as read."""
        await notifications.read(input.notification_id, by=info.context.by)
        return NotificationReadPayload(notification=input.notification_id)

    @mutation
    async def notifications_read_all(self, info: Info, input: NotificationsReadAllInput) -> NotificationsReadAllPayload:
        """Mark all of your inbox as read, or all of some kinds."""
        await notifications.read_all(input.kinds or (), by=info.context.by)
        return NotificationsReadAllPayload(viewer=info.context.by.id)

    @mutation
    async def notification_snooze(self, info: Info, input: NotificationSnoozeInput) -> NotificationSnoozePayload:
        """Take a line out of your inbox until later; no date of any task moves."""
        await notifications.snooze(input.notification_id, input.until, by=info.context.by)
        return NotificationSnoozePayload(notification=input.notification_id)

    @mutation
    async def notification_settings_update(
        self, info: Info, input: NotificationSettingsUpdateInput
    ) -> NotificationSettingsUpdatePayload:
        """Say how you wish to be told from now on."""
        by, version = info.context.by, input.expected_version
        await notification_settings.update(_patch(input), by=by, version=version)
        return NotificationSettingsUpdatePayload(viewer=by.id)


def _patch(input: NotificationSettingsUpdateInput) -> Any:
    found = given(input, ("quiet_from", "quiet_until", "digest_at"))
    if input.channels is not None:
        found["channels"] = [{"kind": each.kind, "channel": each.channel, "use": each.use} for each in input.channels]
    return found
