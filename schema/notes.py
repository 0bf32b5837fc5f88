"""Notes that people write on records."""

from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

import strawberry

import models
from domain import markdown, notes
from schema.compiler.fields import Connection, Node, changed, column, computed, item, listing, node, one, one_of, page
from schema.context import Info
from schema.enums import enum
from schema.inputs import Reference, expected_version, given, idempotency_key, key, once, part
from schema.mutation import mutation
from schema.payload import Payload
from schema.subjects import COLUMNS, SUBJECTS, AnySubject

if TYPE_CHECKING:
    from schema.accounts import User
    from schema.customers import Customer
    from schema.history import Event
    from schema.opportunities import Opportunity
    from schema.tasks import Task
    from schema.tickets import Ticket
    from schema.visits import Visit

NoteKind = enum(
    models.NoteKind,
    INTERNAL="Talk among colleagues; whoever sees the record may add to it.",
    OUTCOME="What came of the work, by those who may edit the record.",
    CUSTOMER_VISIBLE="Words that are fit for the customer, by those who may edit the record.",
)
NAMES = (
    "(select json_object_agg(replace(u.id::text, '-', ''), u.name)"
    " from mentions m join users u on u.id = m.user_id where m.note_id = {t}.id)"
)


def html(facts: dict[str, Any], viewer: Any) -> str:
    """Show a note with people's present names."""
    return markdown.named(facts["html"], facts["names"] or {})


@node(models.Note, prefix="note", searchable=True, label="left({t}.text, 80)")
class Note(Node):
    """What somebody wrote on a record; who sees the record sees it."""

    kind: models.NoteKind = column("For whom it is written.")
    text: str = column("What was written, in Markdown; people are mentioned as @[user_…], their id.", sortable=False)
    html: str = computed(
        "The text as safe HTML. A mention is a span of the class mention, with the person's id as data-user and their "
        "present name.",
        html,
        html="{t}.html",
        names=NAMES,
    )
    creator: "User | None" = one("Who wrote it.")
    mentioned: "Connection[User]" = page(
        "Whom it mentions.",
        where="exists (select from mentions m where m.user_id = {t}.id and m.note_id = {parent}.id)",
    )
    subject: AnySubject | None = one_of("The record.", **COLUMNS)
    task: "Task | None" = one("The record, when it is a task.")
    customer: "Customer | None" = one("The record, when it is a customer.")
    visit: "Visit | None" = one("The record, when it is a visit.")
    ticket: "Ticket | None" = one("The record, when it is a ticket.")
    opportunity: "Opportunity | None" = one("The record, when it is an opportunity.")
    revisions: "Connection[Event]" = page("How it was written and rewritten.", by="subject")
    version: int = column("Counts changes; give it as expectedVersion.")
    created_at: datetime = column("When it was written.")
    updated_at: datetime = column("When it was last changed.")


@strawberry.input(description="A note to write.")
class NoteCreateInput:
    """What `notes.create` takes."""

    subject_id: Reference = key("The record: a task, a customer, a visit, a ticket or an opportunity.", *SUBJECTS)
    text: str = strawberry.field(
        description="Markdown, up to 10000 characters. @[user_…] mentions a person by their id: who sees the record "
        "finds it in their inbox."
    )
    kind: models.NoteKind = strawberry.field(description="For whom it is written.", default=models.NoteKind.INTERNAL)
    idempotency_key: str | None = idempotency_key()


@strawberry.input(description="What to change about a note: what is left out stays.")
class NoteUpdateInput:
    """What `notes.update` takes."""

    note_id: UUID = key("Which note.", "Note")
    text: strawberry.Maybe[str | None] = part("Markdown, up to 10000 characters.")
    kind: strawberry.Maybe[models.NoteKind | None] = part("For whom it is written.")
    expected_version: int | None = expected_version()


@strawberry.input(description="A note to take away.")
class NoteDeleteInput:
    """What `notes.delete` takes."""

    note_id: UUID = key("Which note.", "Note")
    expected_version: int | None = expected_version()


@strawberry.type(description="What became of `noteCreate`.")
class NoteCreatePayload(Payload):
    """What `noteCreate` answers."""

    note: UUID | None = changed("The note; null when it was refused.", Note)


@strawberry.type(description="What became of `noteUpdate`.")
class NoteUpdatePayload(Payload):
    """What `noteUpdate` answers."""

    note: UUID | None = changed("The note as it is now.", Note)


@strawberry.type(description="What became of `noteDelete`.")
class NoteDeletePayload(Payload):
    """What `noteDelete` answers."""

    note: UUID | None = changed("The note as it is now; null once it is deleted.", Note)


@strawberry.type
class NoteQueries:
    """What people wrote."""

    note: "Note | None" = item("One note.")
    notes: "Connection[Note]" = listing("Notes on records that you see.")


@strawberry.type
class NoteMutations:
    """Writing notes."""

    @mutation
    async def note_create(self, info: Info, input: NoteCreateInput) -> NoteCreatePayload:
        """Write a note on a record, and tell the people whom it mentions."""
        by, subject = info.context.by, input.subject_id
        model, text, kind = SUBJECTS[subject.type], input.text, input.kind
        note = await notes.create(model, subject.key, text=text, kind=kind, by=by, once=once(input))
        return NoteCreatePayload(note=note)

    @mutation
    async def note_update(self, info: Info, input: NoteUpdateInput) -> NoteUpdatePayload:
        """Write your own note anew; its revisions stay, and nobody is told twice."""
        patch = given(input, notes.Content.__annotations__)
        await notes.update(input.note_id, patch, by=info.context.by, version=input.expected_version)
        return NoteUpdatePayload(note=input.note_id)

    @mutation
    async def note_delete(self, info: Info, input: NoteDeleteInput) -> NoteDeletePayload:
        """Take away a note of your own or of somebody in your reach, and what inboxes tell of it."""
        await notes.delete(input.note_id, by=info.context.by, version=input.expected_version)
        return NoteDeletePayload(note=input.note_id)
