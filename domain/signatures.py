"""Words of our own that come back: which rows they stand for, for what, and until when."""

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from functools import cache
from uuid import UUID

from settings import settings

TAG = 16
STAMP = 8
KEY = 16


def sign(purpose: str, keys: Sequence[UUID], *, until: int) -> str:
    """A text, fit for a URL, that stands for these keys until a second of Unix time; nobody else can write it."""
    told = until.to_bytes(STAMP) + b"".join(key.bytes for key in keys)
    return urlsafe_b64encode(told + _tag(purpose, told)).decode().rstrip("=")


def read(purpose: str, text: str, *, now: float) -> list[UUID] | None:
    """The keys for which a text stands; none when it was not written for this, was changed, or its time is over."""
    try:
        raw = urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except ValueError:
        return None
    told, tag = raw[:-TAG], raw[-TAG:]
    if not hmac.compare_digest(tag, _tag(purpose, told)) or int.from_bytes(told[:STAMP]) < now:
        return None
    return [UUID(bytes=told[at : at + KEY]) for at in range(STAMP, len(told), KEY)]


def _tag(purpose: str, told: bytes) -> bytes:
    return hmac.digest(_key(purpose), told, "sha256")[:TAG]


@cache
def _key(purpose: str) -> bytes:
    """A key for each purpose, so that no text that is meant for one serves another."""
    return hmac.digest(settings().secret.encode(), purpose.encode(), "sha256")
