"""Giving up e-mail of a kind by the link in it, which needs no login (RFC 8058)."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from domain import signatures, tokens
from domain.principal import Principal
from models.notifications import NotificationKind
from settings import settings

_LIFETIME = timedelta(days=3653)
"""Longer than anybody looks for an old mail to be rid of new ones."""


def url(user_id: UUID, kind: NotificationKind) -> str:
    """Where a person gives up e-mail of a kind."""
    until = int((datetime.now(UTC) + _LIFETIME).timestamp())
    token = signatures.sign(_purpose(kind), [user_id], until=until)
    return f"{(settings().public_url or '').rstrip('/')}/unsubscribe/{token}"


async def claimed(token: str) -> tuple[Principal, NotificationKind] | None:
    """The person, if they are active, and the kind for which a link was made."""
    now = datetime.now(UTC).timestamp()
    for kind in NotificationKind:
        if keys := signatures.read(_purpose(kind), token, now=now):
            by = await tokens.of_user(keys[0])
            return (by, kind) if by else None
    return None


def _purpose(kind: NotificationKind) -> str:
    return f"unsubscribe {kind}"
