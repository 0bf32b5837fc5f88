"""URLs that work for a while, and with nobody's rights but those of whoever asked for them."""

from datetime import UTC, datetime
from uuid import UUID

from domain import signatures, tokens
from domain.principal import Principal
from models.accounts import Scope
from settings import settings

_NOBODY = UUID(int=0)


def token(purpose: str, key: UUID, by: Principal, *, now: float) -> str:
    """What stands for a row in a URL, for whoever acts: it works at least as long as the settings say."""
    seconds = settings().download_seconds
    until = (int(now) // seconds + 2) * seconds
    return signatures.sign(purpose, [key, by.id or _NOBODY, by.api_key_id or _NOBODY], until=until)


async def claimed(token: str, *purposes: str) -> tuple[UUID, str, Principal] | None:
    """What a URL stands for: a row, for what, and for whom it was made, if they are still with us."""
    now = datetime.now(UTC).timestamp()
    found = ((purpose, keys) for purpose in purposes if (keys := signatures.read(purpose, token, now=now)))
    purpose, keys = next(found, ("", None))
    if keys is None:
        return None
    key, user_id, api_key_id = keys
    by = await (tokens.of_user(user_id) if api_key_id == _NOBODY else tokens.of_key(api_key_id))
    return (key, purpose, by) if by and not by.missing(Scope.READ) else None
