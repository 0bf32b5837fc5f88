"""Notes that people write on records, and whom they mention."""

from enum import StrEnum
from uuid import UUID

from tortoise import fields
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint

from models.rows import Row, Versioned, belongs
from models.subjects import ONE_SUBJECT, About


class NoteKind(StrEnum):
    """For whom a note is written."""

    INTERNAL = "INTERNAL"
    OUTCOME = "OUTCOME"
    CUSTOMER_VISIBLE = "CUSTOMER_VISIBLE"


class Note(Versioned, About):
    """What somebody wrote on a record, in Markdown, and the HTML that was made of it."""

    kind = fields.CharEnumField(NoteKind, max_length=20)
    text = fields.CharField(max_length=10_000)
    html = fields.TextField()
    creator = belongs("User")

    creator_id: UUID

    class Meta:
        table = "notes"
        constraints = (CheckConstraint(check=ONE_SUBJECT, name="notes_one_subject"),)


class Mention(Row):
    """A person whom a note mentions."""

    note = belongs("Note")
    user = belongs("User")

    class Meta:
        table = "mentions"
        constraints = (UniqueConstraint(fields=("note_id", "user_id"), name="mentions_once"),)
