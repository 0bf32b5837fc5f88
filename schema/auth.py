"""Who acts: bearer tokens become principals."""

import re
import time
from datetime import timedelta
from typing import Any
from uuid import UUID

from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import OctKey
from starlette.requests import Request

from domain import tokens
from domain.principal import Principal
from models.accounts import User
from schema.faults import Unauthenticated
from schema.jwks import KeySource
from settings import Settings, settings

SHARED = "HS256"
PROVIDERS = ("RS256", "RS384", "RS512", "ES256", "ES384", "ES512")
LEEWAY_SECONDS = 30
LIFETIME = timedelta(days=30)
MOST_REMEMBERED = 10_000

_BEARER = re.compile(r"Bearer +([A-Za-z0-9._~+/=-]+) *", re.ASCII | re.IGNORECASE)


def issue_token(user: User, *, lifetime: timedelta = LIFETIME, chosen: Settings | None = None) -> str:
    """Sign a token that acts as a user for a while, with the shared secret."""
    known = chosen or settings()
    now = int(time.time())
    claims: dict[str, Any] = {"sub": str(user.id), "ws": str(user.workspace_id), "iat": now}
    claims["exp"] = now + int(lifetime.total_seconds())
    claims |= {"iss": known.jwt_issuer} if known.jwt_issuer else {}
    claims |= {"aud": known.jwt_audience} if known.jwt_audience else {}
    return jwt.encode({"alg": SHARED}, claims, OctKey.import_key(known.secret))


class Authenticator:
    """Finds out who sends a request, as the settings say whom to trust."""

    def __init__(self, chosen: Settings) -> None:
        self._secret = OctKey.import_key(chosen.secret)
        self._provider = KeySource(chosen.jwks_url) if chosen.jwks_url else None
        expected = {"iss": chosen.jwt_issuer, "aud": chosen.jwt_audience}
        options: Any = {name: {"essential": True, "value": value} for name, value in expected.items() if value}
        options |= {"exp": {"essential": True}, "sub": {"essential": True}}
        self._claims = jwt.JWTClaimsRegistry(leeway=LEEWAY_SECONDS, **options)
        self._seconds = chosen.principal_seconds
        self._remembered: dict[str, tuple[Principal, float]] = {}

    async def principal(self, request: Request) -> Principal:
        """Whoever acts; `Unauthenticated`, in the same words whatever is wrong, when the token does not say."""
        header, now = request.headers.get("authorization", ""), time.monotonic()
        by, until = self._remembered.get(header, (None, 0.0))
        if by is None or until <= now:
            by = await self._found(header)
            if len(self._remembered) >= MOST_REMEMBERED:
                self._remembered.clear()
            self._remembered[header] = by, now + self._seconds
        return by

    async def _found(self, header: str) -> Principal:
        sent = _BEARER.fullmatch(header)
        if sent is None:
            raise Unauthenticated
        secret = sent[1]
        by = await (tokens.of_secret(secret) if secret.startswith(tokens.PREFIX) else self._of_token(secret))
        if by is None:
            raise Unauthenticated
        return by

    async def _of_token(self, text: str) -> Principal | None:
        try:
            claims = await self._verified(text)
            user, workspace = UUID(claims["sub"]), claims.get("ws")
        except (JoseError, ValueError):
            return None
        by = await tokens.of_user(user)
        return by if by and workspace in {None, str(by.workspace_id)} else None

    async def _verified(self, text: str) -> dict[str, Any]:
        """Check signature and claims; the algorithm decides which keys may have signed, never the other way round."""
        header = jws.extract_compact(text.encode()).headers()
        if header.get("alg") == SHARED:
            token = jwt.decode(text, self._secret, algorithms=[SHARED])
        elif self._provider and header.get("alg") in PROVIDERS:
            token = jwt.decode(text, await self._provider.key(header.get("kid")), algorithms=PROVIDERS)
        else:
            raise ValueError("signed in no way that is trusted")
        self._claims.validate(token.claims)
        return token.claims
