"""What happened, and what the workers could not do."""

from datetime import datetime
from typing import TYPE_CHECKING

import strawberry

import models
from schema.compiler.catalog import Column, Kind, Table
from schema.compiler.fields import Connection, Node, column, embed, listing, node, one
from schema.enums import enum

if TYPE_CHECKING:
    from schema.accounts import User
    from schema.api_keys import ApiKey

SubjectType = enum(
    models.SubjectType,
    USER="A person.",
    TEAM="A team.",
    API_KEY="An API key.",
    CUSTOMER="A customer.",
    LOCATION="A location.",
    TASK="A task, its links, reminders and time included.",
    VISIT="A visit.",
    SERIES="A series.",
    RATE="A rate.",
)
FAILED_WORK = Table(
    "failed_work",
    {
        each.name: each
        for each in (
            Column("id", Kind.UUID),
            Column("workspace_id", Kind.UUID),
            Column("kind", Kind.TEXT),
            Column("attempts", Kind.INT),
            Column("error", Kind.TEXT, nullable=True),
            Column("failed_at", Kind.INSTANT),
            Column("created_at", Kind.INSTANT),
        )
    },
)


@strawberry.type(description="One field of an event, from and to.")
class Change:
    """A field that changed."""

    field: str = strawberry.field(description="The field's name.")
    before: str | None = strawberry.field(description="Its value before; null for none.")
    after: str | None = strawberry.field(description="Its value after; null for none.")


@node(models.Event, prefix="event")
class Event(Node):
    """One change: who did what to which record."""

    verb: str = column("What was done, such as claimed.")
    changes: list[Change] = embed(
        "Each field, from and to.",
        rows="jsonb_each({t}.changes) c",
        field="c.key",
        before="c.value ->> 0",
        after="c.value ->> 1",
    )
    reason: str | None = column("Why, if a reason was given.", sortable=False)
    actor: "User | None" = one("Who did it; null for the system.")
    api_key: "ApiKey | None" = one("With which API key; null for a login, or for a key that you do not see.")
    subject_type: models.SubjectType = column("What kind of record it is about.")
    created_at: datetime = column("When.")


@node(FAILED_WORK, prefix="work")
class FailedWork(Node):
    """Something that the workers gave up on; retry it once the reason is gone."""

    kind: str = column("What it is: SERIES, REMINDER or CONVERSION.")
    attempts: int = column("How often it was tried.")
    error: str | None = column("What went wrong last.", sortable=False)
    failed_at: datetime = column("When the workers gave up.")
    created_at: datetime = column("When it was asked for.")


@strawberry.type
class HistoryQueries:
    """What happened."""

    failed_work: "Connection[FailedWork]" = listing("What the workers gave up on; only admins see it.")
