"""Attachments: fetching them by a URL that works for a while, taking them away, and what is done about their bytes."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any
from uuid import UUID

from domain import file_types, personal_urls, store, subjects, thumbnails
from domain.errors import NotFound
from domain.jobs import Job
from domain.principal import Principal
from domain.subjects import Part
from domain.work import Work
from models.attachments import Attachment, AttachmentStatus

FILE, THUMBNAIL = "file", "thumbnail"
_KEPT = ("name", "size", "sha256", "type", "status", "place", "thumbnail")
"""What a copy has in common with what it comes from."""
_ALONE = "select pg_advisory_xact_lock(hashtextextended('place ' || $1, 0))"
_OTHERS = "select exists (select from attachments where place = $1 and id <> $2) as there"
_AFRESH: Mapping[str, Any] = MappingProxyType({"attempts": 0, "error": None, "failed_at": None})


@dataclass(frozen=True, slots=True)
class Download:
    """What is served: where the bytes are, under which name, and as what."""

    place: str
    name: str
    media_type: str


def path(purpose: str, attachment_id: UUID, by: Principal, *, now: float) -> str:
    """Where whoever asks fetches a file for a while: it works for nobody's rights but theirs."""
    return f"/attachments/{personal_urls.token(purpose, attachment_id, by, now=now)}"


async def claimed(token: str) -> tuple[UUID, str, Principal] | None:
    """What a URL stands for: a file, what of it, and for whom it was made, if they are still with us."""
    return await personal_urls.claimed(token, FILE, THUMBNAIL)


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
    """Draw an image small, and remove what is not needed any more: uploads given up, and all of a deleted file.

    The bytes of a deleted file that others share go with the last of them.
    """
    drawn = await _drawn(attachment_id)
    async with Work(by) as work:
        row = await work.load(Attachment, attachment_id, to="attachment_tend")
        if row.status is AttachmentStatus.READY:
            await store.remove(store.staged(row.id))
            again = row.expires_at if row.expires_at > work.now else None
            await work.change(row, "tended", thumbnail=row.thumbnail or drawn, due_at=again, **_AFRESH)
        else:
            await store.remove(store.staged(row.id))
            if await _is_last(work, row):
                await store.remove_all(row.place or store.staged(row.id))
            await row.delete()


async def carry(work: Work, origins: Mapping[UUID, UUID]) -> None:
    """Give new tasks the files of those that they come from: rows of their own, which share the bytes."""
    found = await Attachment.filter(task_id__in=origins.values(), status=AttachmentStatus.READY).values_list("id")
    files = await work.lock_seen(Attachment, [key for (key,) in found])
    pairs = [(task, row) for task, origin in origins.items() for row in files.values() if row.task_id == origin]
    about: dict[str, Any] = {"creator_id": work.by.id, "expires_at": work.now}
    rows = [
        {name: getattr(row, name) for name in _KEPT}
        | {"task_id": task, "due_at": None if row.thumbnail else work.now, **about}
        for task, row in pairs
    ]
    if await work.create_all(Attachment, rows):
        work.enqueue(Job.TEND_ATTACHMENTS)


async def _is_last(work: Work, row: Attachment) -> bool:
    """Whether nobody else shares the bytes; of those who ask at once each sees what the one before has left."""
    await work.fetch(_ALONE, row.place or "")
    (others,) = await work.fetch(_OTHERS, row.place, row.id)
    return not others["there"]


async def _drawn(attachment_id: UUID) -> str | None:
    """Where the small picture of an image is, if it is an image that has none yet and can be drawn."""
    row = await Attachment.get_or_none(id=attachment_id, status=AttachmentStatus.READY, thumbnail=None)
    if row is None or row.place is None or row.type not in file_types.IMAGES:
        return None
    picture = await thumbnails.draw(b"".join([part async for part in store.stream(row.place)]))
    if picture is None:
        return None
    place = store.beside(row.place)
    await store.put(place, picture)
    return place
