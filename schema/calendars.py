"""Calendar feeds: URLs at which calendar programs find what one has to do."""

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

import strawberry

import models
from domain import calendars
from schema import feeds
from schema.compiler.fields import Connection, Node, changed, column, listing, node, one
from schema.context import Info
from schema.enums import enum
from schema.inputs import idempotency_key, key, once
from schema.mutation import mutation
from schema.payload import Payload

if TYPE_CHECKING:
    from schema.accounts import User

CalendarEntry = enum(
    models.CalendarEntry,
    EVENT="As events (VEVENT), which every calendar shows; a task without a time is on its day.",
    TO_DO="As to-dos (VTODO), which programs for tasks show, and whether they are done.",
)


@node(models.CalendarFeed, prefix="feed")
class CalendarFeed(Node):
    """A secret URL that shows its person's tasks and visits; the URL itself is told only when the feed is made."""

    name: str = column("What the calendar is called.")
    tasks_as: models.CalendarEntry = column("As what it shows tasks; visits are events.")
    user: "User | None" = one("Whose tasks and visits it shows.")
    created_at: datetime = column("When the feed was made.")
    changed_at: datetime | None = column(
        "When a calendar program last found something new in it; null while none has asked."
    )
    revoked_at: datetime | None = column("When the feed was revoked.")


@strawberry.input(description="A calendar feed to make.")
class CalendarFeedCreateInput:
    """What `calendars.feed_create` takes."""

    name: str = strawberry.field(description="What the calendar is called, up to 200 characters.")
    tasks_as: models.CalendarEntry = strawberry.field(
        description="As what it shows tasks.", default=models.CalendarEntry.EVENT
    )
    idempotency_key: str | None = idempotency_key()


@strawberry.input(description="A calendar feed to end.")
class CalendarFeedRevokeInput:
    """What `calendars.feed_revoke` takes."""

    calendar_feed_id: UUID = key("Which feed.", "CalendarFeed")


@strawberry.type(description="What became of `calendarFeedCreate`.")
class CalendarFeedCreatePayload(Payload):
    """What `calendarFeedCreate` answers."""

    calendar_feed: UUID | None = changed("The feed; null when it was refused.", CalendarFeed)
    url: str | None = strawberry.field(
        description="What to subscribe to in a calendar program. Whoever knows it sees what you have to do. It is "
        "shown this once: a repeat of the request answers null.",
        default=None,
    )


@strawberry.type(description="What became of `calendarFeedRevoke`.")
class CalendarFeedRevokePayload(Payload):
    """What `calendarFeedRevoke` answers."""

    calendar_feed: UUID | None = changed("The feed as it is now.", CalendarFeed)


@strawberry.type
class CalendarQueries:
    """Which calendars show what one has to do."""

    calendar_feeds: "Connection[CalendarFeed]" = listing("One's own calendar feeds; for admins, everybody's.")


@strawberry.type
class CalendarMutations:
    """Making calendar feeds and ending them."""

    @mutation
    async def calendar_feed_create(self, info: Info, input: CalendarFeedCreateInput) -> CalendarFeedCreatePayload:
        """Make a secret URL at which calendar programs find your tasks and visits, from 30 days ago to 400 days ahead.

        It shows what you may see when it is asked, and nothing once it is revoked or you are not active.
        """
        by = info.context.by
        made, secret = await calendars.feed_create(name=input.name, tasks_as=input.tasks_as, by=by, once=once(input))
        url = f"{info.context.origin()}{feeds.path(secret)}" if secret else None
        return CalendarFeedCreatePayload(calendar_feed=made, url=url)

    @mutation
    async def calendar_feed_revoke(self, info: Info, input: CalendarFeedRevokeInput) -> CalendarFeedRevokePayload:
        """End a feed now and for good, as when its URL became known; a revoked one stays as it is."""
        await calendars.feed_revoke(input.calendar_feed_id, by=info.context.by)
        return CalendarFeedRevokePayload(calendar_feed=input.calendar_feed_id)
