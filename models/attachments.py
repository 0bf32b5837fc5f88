"""Files that people attach to records: what is known of each, and what is to be done with its bytes."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from tortoise import fields
from tortoise.indexes import Index
from tortoise.migrations.constraints import CheckConstraint

from models.rows import Due, Row, belongs
from models.subjects import ONE_SUBJECT, About


class FileType(StrEnum):
    """What a file is, by its bytes."""

    PNG = "PNG"
    JPEG = "JPEG"
    GIF = "GIF"
    WEBP = "WEBP"
    PDF = "PDF"
    DOCX = "DOCX"
    XLSX = "XLSX"
    PPTX = "PPTX"


class AttachmentStatus(StrEnum):
    """Whether the bytes are still to come, are kept, or are to go."""

    STAGED = "STAGED"
    READY = "READY"
    DELETED = "DELETED"


class Attachment(Row, About, Due):
    """A file on a record; `place` is where the bytes are kept that were looked at, for it and its copies."""

    name = fields.CharField(max_length=200)
    size = fields.IntField()
    sha256 = fields.CharField(max_length=64)
    type: Any = fields.CharEnumField(FileType, max_length=20, null=True)
    status = fields.CharEnumField(AttachmentStatus, max_length=20, default=AttachmentStatus.STAGED, db_default="STAGED")
    creator = belongs("User")
    expires_at: datetime = fields.DatetimeField()
    place = fields.CharField(max_length=100, null=True)
    thumbnail = fields.CharField(max_length=100, null=True)

    creator_id: UUID

    class Meta:
        table = "attachments"
        indexes = (
            Index(fields=("due_at",), name="attachments_due"),
            Index(fields=("place",), name="attachments_place"),
        )
        constraints = (
            CheckConstraint(check=ONE_SUBJECT, name="attachments_one_subject"),
            CheckConstraint(check="size > 0", name="attachments_size"),
            CheckConstraint(
                check="(type is not null) = (status <> 'STAGED') and (place is not null) = (status <> 'STAGED')",
                name="attachments_status",
            ),
        )
