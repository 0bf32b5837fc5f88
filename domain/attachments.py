"""Attachments: fetching them by a URL that works for a while, taking them away, and what is done about their bytes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any
from uuid import UUID

from domain import file_types, signatures, store, subjects, thumbnails, tokens
from domain.errors import NotFound
from domain.jobs import Job
from domain.principal import Principal
from domain.subjects import Part
from domain.work import Work
from models.accounts import Scope
from models.attachments import Attachment, AttachmentStatus
from settings import settings

FILE, THUMBNAIL = "file", "thumbnail"
_NOBODY = UUID(int=0)
_AFRESH: Mapping[str, Any] = MappingProxyType({"attempts": 0, "error": None, "failed_at": None})


@dataclass(frozen=True, slots=True)
class Download:
    """What is served: where the bytes are, under which name, and as what."""

    place: str
    name: str
    media_type: str


def path(purpose: str, attachment_id: UUID, by: Principal, *, now: float) -> str:
    """Where whoever asks fetches a file for a while: it works for nobody's rights but theirs."""
    seconds = settings().download_seconds
    until = (int(now) // seconds + 2) * seconds
    keys = [attachment_id, by.id or _NOBODY, by.api_key_id or _NOBODY]
    return f"/attachments/{signatures.sign(purpose, keys, until=until)}"


async def claimed(token: str) -> tuple[UUID, str, Principal] | None:
    """What a URL stands for: a file, what of it, and for whom it was made, if they are still with us."""
    now = datetime.now(UTC).timestamp()
    found = ((purpose, keys) for purpose in (FILE, THUMBNAIL) if (keys := signatures.read(purpose, token, now=now)))
    purpose, keys = next(found, (FILE, None))
    if keys is None:
        return None
    key, user_id, api_key_id = keys
    by = await (tokens.of_user(user_id) if api_key_id == _NOBODY else tokens.of_key(api_key_id))
    return (key, purpose, by) if by and not by.missing(Scope.READ) else None


async def fetched(attachment_id: UUID, purpose: str, *, by: Principal) -> Download:
    """What is served of a file, or of its small picture, to who sees it."""
    async with Work(by) as work:
        row = await work.see(Attachment, attachment_id)
        place = row.place if purpose == FILE else row.thumbnail
        if place is None:
            raise NotFound(kind=purpose)
        if purpose == THUMBNAIL:
            return Download(place, f"{row.name}.webp", thumbnails.MEDIA_TYPE)
        return Download(place, row.name, file_types.MEDIA_TYPES[row.type])


async def delete(attachment_id: UUID, *, by: Principal) -> None:
    """Take a file away from its record; its bytes go a little later."""
    async with Work(by) as work:
        row = await work.load(Attachment, attachment_id, to="attachment_delete", path=("attachmentId",))
        subject = await subjects.opened_of(work, row, Part.ATTACHMENTS)
        if row.status is AttachmentStatus.STAGED:
            await work.change(row, "given up", due_at=work.now)
        else:
            # Until its URL expires, what was removed of an upload could be written again.
            gone = max(work.now, row.expires_at)
            await work.change(row, "deleted", status=AttachmentStatus.DELETED, due_at=gone)
            told = {"attachment": [row.id, None], "name": [row.name, None]}
            await work.record(subject, "attachment_deleted", told)
        work.enqueue(Job.TEND_ATTACHMENTS)


async def tend(attachment_id: UUID, *, by: Principal) -> None:
    """Draw an image small, and remove what is not needed any more: uploads given up, and all of a deleted file."""
    drawn = await _drawn(attachment_id)
    async with Work(by) as work:
        row = await work.load(Attachment, attachment_id, to="attachment_tend")
        if row.status is AttachmentStatus.READY:
            await store.remove(store.staged(row.id))
            again = row.expires_at if row.expires_at > work.now else None
            await work.change(row, "tended", thumbnail=row.thumbnail or drawn, due_at=again, **_AFRESH)
        else:
            await store.remove_all(row.id)
            await row.delete()


async def _drawn(attachment_id: UUID) -> str | None:
    """Where the small picture of an image is, if it is an image that has none yet and can be drawn."""
    row = await Attachment.get_or_none(id=attachment_id, status=AttachmentStatus.READY, thumbnail=None)
    if row is None or row.place is None or row.type not in file_types.IMAGES:
        return None
    picture = await thumbnails.draw(b"".join([part async for part in store.stream(row.place)]))
    if picture is None:
        return None
    place = store.fresh(row.id)
    await store.put(place, picture)
    return place
