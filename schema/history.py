"""What happened, and what the workers could not do."""

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING
from uuid import UUID

import strawberry

import models
from domain import due
from schema import changes
from schema.compiler.catalog import Column, Kind, Table
from schema.compiler.fields import Connection, Node, changed, column, embed, listing, named, node, one, sql
from schema.context import Info
from schema.enums import enum
from schema.inputs import key
from schema.mutation import mutation
from schema.payload import Payload
from schema.records import Record

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
    TICKET="A ticket.",
    OPPORTUNITY="An opportunity.",
    SERIES="A series.",
    NOTE="A note.",
    RATE="A rate.",
    WORKFLOW="A workflow.",
    TASK_WEIGHT="How much tasks of a type count.",
    FOLLOW_UP_RULE="A rule for what follows.",
    CUSTOM_TASK_TYPE="A task type of the workspace's own.",
    ASSESSMENT_INDICATOR="An assessment indicator.",
    CALENDAR_FEED="A calendar feed.",
    ESCALATION_RULE="When overdue tasks are escalated.",
)


class EventSource(StrEnum):
    """Through what a change was made."""

    PERSON = "PERSON"
    API_KEY = "API_KEY"
    WORKER = "WORKER"


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


enum(
    EventSource,
    PERSON="A person who was logged in.",
    API_KEY="A person's API key.",
    WORKER="The workers.",
)
SUBJECT = " ".join(f"when '{kind}' then '{kind.title().replace('_', '')}'" for kind in models.SubjectType)


@strawberry.type(description="One field of an event, from and to.")
class Change:
    """A field that changed."""

    field: str = strawberry.field(description="The field, as the type of the record names it.")
    before: str | None = strawberry.field(
        description="Its value before, as the record would show it, or what people call the record that it was; null "
        "for none, and for what you do not see."
    )
    after: str | None = strawberry.field(description="Its value after, written alike.")
    before_node: Record | None = strawberry.field(description="The record that it was, if it was one that you see.")
    after_node: Record | None = strawberry.field(description="The record that it is since, if it is one that you see.")


@node(models.Event, prefix="event")
class Event(Node):
    """One change: who did what to which record."""

    verb: str = column("What was done, such as claimed.")
    changes: list[Change] = embed(
        "Each field, from and to.",
        rows=changes.ROWS,
        field="d.field",
        before=changes.label(0),
        after=changes.label(1),
        before_node=changes.named(0),
        after_node=changes.named(1),
    )
    reason: str | None = column("Why, if a reason was given.", sortable=False)
    actor: "User | None" = one("Who did it; null for the system.")
    api_key: "ApiKey | None" = one("With which API key; null for a login, or for a key that you do not see.")
    source: EventSource = sql(
        "Through what it was done.",
        "case when {t}.api_key_id is not null then 'API_KEY' when {t}.actor_id is null then 'WORKER' else 'PERSON' end",
    )
    subject: Record | None = named(
        "The record that it is about.", f"case {{t}}.subject_type {SUBJECT} end", "{t}.subject_id"
    )
    subject_type: models.SubjectType = column("What kind of record it is about.")
    created_at: datetime = column("When.")


@node(FAILED_WORK, prefix="work")
class FailedWork(Node):
    """Something that the workers gave up on; retry it once the reason is gone."""

    kind: str = column(
        "What it is: SERIES, REMINDER, NOTIFICATION, DIGEST, ESCALATION, CONVERSION, QUEUE, ATTACHMENT or DELETION."
    )
    attempts: int = column("How often it was tried.")
    error: str | None = column("What went wrong last.", sortable=False)
    failed_at: datetime = column("When the workers gave up.")
    created_at: datetime = column("When it was asked for.")


@strawberry.input(description="What is to be tried again.")
class WorkRetryInput:
    """What `due.retry` takes."""

    work_id: UUID = key("Which failed work.", "FailedWork")


@strawberry.type(description="What became of `workRetry`.")
class WorkRetryPayload(Payload):
    """What `workRetry` answers."""

    work: UUID | None = changed("The work while it counts as failed; null once it is due again.", FailedWork)


@strawberry.type
class HistoryQueries:
    """What happened."""

    failed_work: "Connection[FailedWork]" = listing("What the workers gave up on; only admins see it.")


@strawberry.type
class HistoryMutations:
    """Putting right what went wrong."""

    @mutation
    async def work_retry(self, info: Info, input: WorkRetryInput) -> WorkRetryPayload:
        """Let the workers try again at once what they gave up on, with all their attempts."""
        await due.retry(input.work_id, by=info.context.by)
        return WorkRetryPayload(work=input.work_id)
