"""Where the bytes of attachments are: in a folder, or in a bucket of any S3-compatible store.

Everything of one attachment stands in one folder, so that nothing of it is left when that is removed; those of copied
tasks share it with the attachment that they come from.
"""

from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import timedelta
from functools import cache
from hashlib import sha256
from secrets import token_hex
from tempfile import SpooledTemporaryFile
from typing import Any, BinaryIO, cast
from uuid import UUID

import obstore
from obstore.store import LocalStore, ObjectStore, S3Store

from settings import Settings, settings

IN_MEMORY = 1_048_576
CHUNK = 262_144


def staged(key: UUID) -> str:
    """Where an upload arrives."""
    return f"{key.hex}/staged"


def fresh(key: UUID) -> str:
    """A place where nothing of the attachment is yet, which nobody can guess."""
    return f"{key.hex}/{token_hex(16)}"


def beside(place: str) -> str:
    """A place in the same folder where nothing is yet."""
    return f"{_folder(place)}/{token_hex(16)}"


async def put(place: str, content: "AsyncIterator[bytes] | bytes") -> None:
    """Write bytes; when reading them fails nothing is written."""
    await obstore.put_async(_store(), place, content)


async def copy(source: str, target: str) -> None:
    """Write the bytes of one place to another; raises FileNotFoundError when there are none."""
    await obstore.copy_async(_store(), source, target)


async def stream(place: str) -> AsyncIterator[bytes]:
    """Read bytes, a part at a time."""
    found = await obstore.get_async(_store(), place)
    async for part in found.stream(min_chunk_size=CHUNK):
        yield bytes(part)


async def take(place: str, *, at_most: int) -> tuple[BinaryIO, int, str]:
    """A copy of the bytes in a temporary file, their number and their SHA-256; reads little more than wanted."""
    file, digest, size = SpooledTemporaryFile(max_size=IN_MEMORY), sha256(), 0  # noqa: SIM115 -- the caller closes it
    async for part in stream(place):
        file.write(part)
        digest.update(part)
        size += len(part)
        if size > at_most:
            break
    file.seek(0)
    return cast("BinaryIO", file), size, digest.hexdigest()


async def remove(place: str) -> None:
    """Remove bytes, if they are there."""
    with suppress(FileNotFoundError):
        await obstore.delete_async(_store(), place)


async def remove_all(place: str) -> None:
    """Remove everything that is in the folder of a place."""
    async for found in obstore.list(_store(), f"{_folder(place)}/"):
        for each in found:
            await remove(each["path"])


async def upload_url(key: UUID, lifetime: timedelta) -> str | None:
    """Where a client itself may write what it uploads; nowhere when the bytes are kept in a folder."""
    store = _store()
    return await obstore.sign_async(store, "PUT", staged(key), lifetime) if isinstance(store, S3Store) else None


def _folder(place: str) -> str:
    return place.partition("/")[0]


def _store() -> ObjectStore:
    return _opened(settings())


@cache
def _opened(chosen: Settings) -> ObjectStore:
    if chosen.s3_bucket:
        return S3Store(
            chosen.s3_bucket,
            region=chosen.s3_region,
            client_options={"allow_http": True},
            **_given(
                endpoint=chosen.s3_endpoint,
                access_key_id=chosen.s3_access_key_id,
                secret_access_key=chosen.s3_secret_access_key,
            ),
        )
    return LocalStore(chosen.data_dir.resolve() / "attachments", mkdir=True)


def _given(**options: str | None) -> dict[str, Any]:
    return {name: value for name, value in options.items() if value is not None}
