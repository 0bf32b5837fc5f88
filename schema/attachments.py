"""Files that people attach to records."""

from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

import strawberry

import models
from domain import attachments, uploads
from schema.compiler.fields import Node, changed, column, computed, item, node, one, one_of
from schema.context import Info
from schema.enums import enum
from schema.inputs import Reference, idempotency_key, key, once
from schema.mutation import mutation
from schema.payload import Payload
from schema.subjects import COLUMNS, SUBJECTS, AnySubject

if TYPE_CHECKING:
    from schema.accounts import User
    from schema.customers import Customer
    from schema.opportunities import Opportunity
    from schema.tasks import Task
    from schema.tickets import Ticket
    from schema.visits import Visit

FileType = enum(
    models.FileType,
    PNG="An image.",
    JPEG="An image, such as a photograph.",
    GIF="An image, perhaps a moving one.",
    WEBP="An image.",
    PDF="A document to print.",
    DOCX="A text of Word, without macros.",
    XLSX="A workbook of Excel, without macros.",
    PPTX="A presentation of PowerPoint, without macros.",
)
AttachmentStatus = enum(
    models.AttachmentStatus,
    STAGED="Announced; its bytes are still to come, or to be looked at. Only who announced it sees it.",
    READY="Attached.",
    DELETED="Taken away; nobody sees it.",
)
NOW = "extract(epoch from now())"


def url(facts: dict[str, Any], viewer: Any) -> str | None:
    """Say where the viewer fetches a file for a while."""
    return _url(attachments.FILE, facts, viewer)


def thumbnail_url(facts: dict[str, Any], viewer: Any) -> str | None:
    """Say where the viewer fetches a small picture for a while."""
    return _url(attachments.THUMBNAIL, facts, viewer)


def _url(purpose: str, facts: dict[str, Any], viewer: Any) -> str | None:
    if facts["place"] is None:
        return None
    path = attachments.path(purpose, UUID(facts["id"]), viewer.by, now=float(facts["now"]))
    return f"{viewer.origin()}{path}"


@node(models.Attachment, prefix="file")
class Attachment(Node):
    """A file on a record; who sees the record sees it."""

    name: str = column("Its file name.")
    type: models.FileType | None = column("What it is by its bytes; null until they have come.")
    size: int = column("How many bytes.")
    url: str | None = computed(
        "Where you fetch it with GET: for some minutes, for you alone, and as long as you may see it. Null until it is "
        "READY.",
        url,
        id="{t}.id",
        place="{t}.place",
        now=NOW,
    )
    thumbnail_url: str | None = computed(
        "Where you fetch a WebP of at most 320 pixels each way; null for what is no image, and until it is drawn.",
        thumbnail_url,
        id="{t}.id",
        place="{t}.thumbnail",
        now=NOW,
    )
    sha256: str = column("The SHA-256 of its bytes, in hexadecimal digits.", sortable=False)
    status: models.AttachmentStatus = column("Whether it has come.")
    creator: "User | None" = one("Who attached it.")
    subject: AnySubject | None = one_of("The record.", **COLUMNS)
    task: "Task | None" = one("The record, when it is a task.")
    customer: "Customer | None" = one("The record, when it is a customer.")
    visit: "Visit | None" = one("The record, when it is a visit.")
    ticket: "Ticket | None" = one("The record, when it is a ticket.")
    opportunity: "Opportunity | None" = one("The record, when it is an opportunity.")
    created_at: datetime = column("When it was announced.")


@strawberry.type(description="A header that a request must carry.")
class UploadHeader:
    """One of the headers."""

    name: str = strawberry.field(description="The header's name.")
    value: str = strawberry.field(description="The header's value.")


@strawberry.type(description="How to send the bytes of a file.")
class AttachmentUpload:
    """One HTTP request."""

    upload_url: str = strawberry.field(description="Where to send them; it needs no token.")
    method: str = strawberry.field(description="The HTTP method: PUT.")
    headers: list[UploadHeader] = strawberry.field(description="The headers to send with them.")
    expires_at: datetime = strawberry.field(description="Until when the URL works.")


@strawberry.input(description="A file that is to be attached.")
class AttachmentUploadBeginInput:
    """What `uploads.begin` takes."""

    subject_id: Reference = key("The record: a task, a customer, a visit, a ticket or an opportunity.", *SUBJECTS)
    name: str = strawberry.field(
        description="Its file name, up to 200 characters: no path, ending in png, jpg, jpeg, gif, webp, pdf, docx, "
        "xlsx or pptx."
    )
    size: int = strawberry.field(description="How many bytes it has.")
    sha256: str = strawberry.field(description="The SHA-256 of its bytes, in 64 hexadecimal digits.")
    idempotency_key: str | None = idempotency_key()


@strawberry.input(description="A file whose bytes have been sent.")
class AttachmentUploadCompleteInput:
    """What `uploads.complete` takes."""

    attachment_id: UUID = key("Which file.", "Attachment")


@strawberry.input(description="A file to take away.")
class AttachmentDeleteInput:
    """What `attachments.delete` takes."""

    attachment_id: UUID = key("Which file.", "Attachment")


@strawberry.type(description="What became of `attachmentUploadBegin`.")
class AttachmentUploadBeginPayload(Payload):
    """What `attachmentUploadBegin` answers."""

    upload: AttachmentUpload | None = strawberry.field(
        description="How to send the bytes; null when it was refused.", default=None
    )
    attachment: UUID | None = changed("The file, which is still to come; null when it was refused.", Attachment)


@strawberry.type(description="What became of `attachmentUploadComplete`.")
class AttachmentUploadCompletePayload(Payload):
    """What `attachmentUploadComplete` answers."""

    attachment: UUID | None = changed("The file as it is now.", Attachment)


@strawberry.type(description="What became of `attachmentDelete`.")
class AttachmentDeletePayload(Payload):
    """What `attachmentDelete` answers."""

    attachment: UUID | None = changed("The file as it is now; null once it is deleted.", Attachment)


@strawberry.type
class AttachmentQueries:
    """What people attached."""

    attachment: "Attachment | None" = item("One file.")


@strawberry.type
class AttachmentMutations:
    """Attaching files."""

    @mutation
    async def attachment_upload_begin(
        self, info: Info, input: AttachmentUploadBeginInput
    ) -> AttachmentUploadBeginPayload:
        """Announce a file and learn where to send it; then call attachmentUploadComplete."""
        by, subject = info.context.by, input.subject_id
        what = {"name": input.name, "sha256": input.sha256}
        model = SUBJECTS[subject.type]
        made = await uploads.begin(model, subject.key, **what, size=input.size, by=by, once=once(input))
        offer = await uploads.offered(made)
        url = offer.url or f"{info.context.origin()}{offer.path}"
        headers = [UploadHeader(name="Content-Type", value="application/octet-stream")]
        upload = AttachmentUpload(upload_url=url, method="PUT", headers=headers, expires_at=offer.expires_at)
        return AttachmentUploadBeginPayload(upload=upload, attachment=made)

    @mutation
    async def attachment_upload_complete(
        self, info: Info, input: AttachmentUploadCompleteInput
    ) -> AttachmentUploadCompletePayload:
        """Attach a file whose bytes have been sent, if they are what was announced, and of a type that is taken."""
        await uploads.complete(input.attachment_id, by=info.context.by)
        return AttachmentUploadCompletePayload(attachment=input.attachment_id)

    @mutation
    async def attachment_delete(self, info: Info, input: AttachmentDeleteInput) -> AttachmentDeletePayload:
        """Take a file away from its record; its bytes are removed soon after."""
        await attachments.delete(input.attachment_id, by=info.context.by)
        return AttachmentDeletePayload(attachment=input.attachment_id)
