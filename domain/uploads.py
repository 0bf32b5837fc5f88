"""Uploads: announcing a file, taking its bytes in, and looking at them before the file counts."""

import asyncio
import re
import unicodedata
from collections.abc import AsyncIterator, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from domain import columns, file_types, signatures, store, subjects
from domain.errors import DomainError, FileRefused, InvalidInput, LimitExceeded, UploadMismatch, refuse
from domain.jobs import Job
from domain.once import Once
from domain.policy import allow
from domain.principal import Principal
from domain.subjects import Part, Subject
from domain.work import Work
from models.attachments import Attachment, AttachmentStatus, FileType
from settings import settings

PURPOSE = "upload"
GRACE = timedelta(hours=1)
"""How long after its URL has expired an upload may still be completed; then it is swept away."""
MOST_STAGED = 100
_SHA256 = re.compile("[0-9a-f]{64}")
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})
_STAGED = "select count(*) as staged, clock_timestamp() as now from attachments where creator_id = $1 and status = $2"


class TooMuch(Exception):
    """More bytes arrive than were announced."""


@dataclass(frozen=True, slots=True)
class Offer:
    """Where the bytes of an announced file may be written, and until when; the path is our own API's."""

    url: str | None
    path: str
    expires_at: datetime


async def begin(
    model: Subject, subject_id: UUID, *, name: str, size: int, sha256: str, by: Principal, once: Once | None = None
) -> UUID:
    """Announce a file that is to be attached to a record; it counts once it has arrived and is complete."""
    allow(by, "attachment_upload")
    values: dict[str, Any] = {
        "name": unicodedata.normalize("NFC", name.strip()),
        "size": size,
        "sha256": sha256.lower(),
    }
    refuse(_wrong(**values))
    async with Work(by, once=once) as work:
        if work.answer:
            return work.answer
        await subjects.opened(work, model, subject_id, Part.ATTACHMENTS)
        (found,) = await work.fetch(_STAGED, by.id, AttachmentStatus.STAGED)
        if found["staged"] >= MOST_STAGED:
            raise LimitExceeded(what="Uploads under way", limit=MOST_STAGED, actual=found["staged"] + 1)
        until = found["now"] + timedelta(seconds=settings().upload_seconds)
        whose: dict[str, Any] = {subjects.column(model): subject_id, "creator_id": by.id}
        made = await work.create(Attachment, **values, **whose, expires_at=until, due_at=until + GRACE)
        return await work.answers(made.id)


async def offered(attachment_id: UUID) -> Offer:
    """Where to write an announced file; the same for each who asks, as long as the bytes are kept in a folder."""
    row = await Attachment.get(id=attachment_id)
    token = signatures.sign(PURPOSE, [row.id], until=int(row.expires_at.timestamp()))
    left = row.expires_at - datetime.now(UTC)
    return Offer(await store.upload_url(row.id, max(left, timedelta(seconds=1))), f"/uploads/{token}", row.expires_at)


async def receive(token: str, content: AsyncIterator[bytes]) -> bool:
    """Take in the bytes of an announced file; says whether the token was good. Raises `TooMuch`."""
    keys = signatures.read(PURPOSE, token, now=datetime.now(UTC).timestamp())
    row = await Attachment.get_or_none(id=keys[0], status=AttachmentStatus.STAGED) if keys else None
    if row is None:
        return False
    await store.put(store.staged(row.id), _bounded(content, row.size))
    return True


async def complete(attachment_id: UUID, *, by: Principal) -> None:
    """Attach an uploaded file to its record, if it is what was announced, and harmless.

    What is looked at is a copy that no URL leads to, and that copy is kept. A file that is attached already stays.
    """
    allow(by, "attachment_upload")
    place, kept = store.fresh(attachment_id), False
    try:
        kind = await _copied(attachment_id, place, by)
        async with Work(by) as work:
            row = await work.load(Attachment, attachment_id, to="attachment_upload", path=("attachmentId",))
            if row.status is AttachmentStatus.STAGED:
                subject = await subjects.opened_of(work, row, Part.ATTACHMENTS)
                ready: dict[str, Any] = {"status": AttachmentStatus.READY, "type": kind, "place": place}
                kept = await work.change(row, "attached", **ready, due_at=work.now)
                told = {"attachment": [None, row.id], "name": [None, row.name]}
                await work.record(subject, "attachment_added", told)
                work.enqueue(Job.TEND_ATTACHMENTS)
    finally:
        if not kept:
            await store.remove(place)


async def _copied(attachment_id: UUID, place: str, by: Principal) -> FileType | None:
    """What the uploaded file is, of which a copy is at the place now; nothing when none is waited for."""
    row = await Attachment.get_or_none(id=attachment_id, creator_id=by.id, status=AttachmentStatus.STAGED)
    if row is None:
        return None
    try:
        await store.copy(store.staged(row.id), place)
    except FileNotFoundError as error:
        raise UploadMismatch(reason="nothing has arrived") from error
    file, size, sha256 = await store.take(place, at_most=row.size)
    with closing(file):
        if size != row.size:
            raise UploadMismatch(reason=f"it does not have {row.size} bytes")
        if sha256 != row.sha256:
            raise UploadMismatch(reason="its SHA-256 is another")
        return await asyncio.to_thread(file_types.recognized, file, row.name)


async def _bounded(content: AsyncIterator[bytes], limit: int) -> AsyncIterator[bytes]:
    size = 0
    async for part in content:
        size += len(part)
        if size > limit:
            raise TooMuch
        yield part


def _wrong(*, name: str, size: int, sha256: str) -> Iterator[DomainError]:
    """What is wrong with what is announced, before a byte has come."""
    yield from columns.faults(Attachment, {"name": name, "size": size})
    if any(letter in "/\\" or unicodedata.category(letter) in _UNSEEN for letter in name):
        yield InvalidInput(path=("name",), reason="it is a path, or holds characters that nobody sees")
    elif name and file_types.announced(name) is None:
        yield FileRefused(path=("name",), reason=f"its name does not end in one of {file_types.LISTED}")
    if size > settings().max_attachment_bytes:
        what = "The bytes of an attachment"
        yield LimitExceeded(path=("size",), what=what, limit=settings().max_attachment_bytes, actual=size)
    elif size < 1:
        yield InvalidInput(path=("size",), reason="the file is empty")
    if not _SHA256.fullmatch(sha256):
        yield InvalidInput(path=("sha256",), reason="it is not 64 hexadecimal digits")
