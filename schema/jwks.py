"""The public keys of an identity provider, fetched when they are needed and kept for a while."""

import asyncio
import time
from typing import Any

import httpx2
import structlog
from joserfc.jwk import KeySet

KEPT_SECONDS = 600.0
PAUSE_SECONDS = 30.0
"""A token with an unknown key makes us look again, but no sooner than this."""
PATIENCE_SECONDS = 5.0

log = structlog.get_logger(__name__)


class KeySource:
    """A JSON Web Key Set at a URL (RFC 7517)."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._keys: dict[str | None, Any] = {}
        self._asked_at = float("-inf")
        self._asking = asyncio.Lock()

    async def key(self, kid: object) -> Any:
        """The key of this id, or, for a token that names none, the only key; raises ValueError when there is none."""
        async with self._asking:
            age = time.monotonic() - self._asked_at
            if age > KEPT_SECONDS or (self._find(kid) is None and age > PAUSE_SECONDS):
                await self._fetch()
        if (found := self._find(kid)) is None:
            raise ValueError("signed with an unknown key")
        return found

    def _find(self, kid: object) -> Any:
        if kid is None and len(self._keys) == 1:
            return next(iter(self._keys.values()))
        return self._keys.get(kid) if isinstance(kid, str) else None

    async def _fetch(self) -> None:
        """Take the present keys; the last known ones stay when the provider does not answer."""
        self._asked_at = time.monotonic()
        try:
            async with httpx2.AsyncClient(timeout=PATIENCE_SECONDS) as client:
                answer = (await client.get(self._url)).raise_for_status().json()
            self._keys = {key.kid: key for key in KeySet.import_key_set(answer).keys}
        except Exception as error:  # noqa: BLE001 - whatever a provider sends, tokens that we can check go on working
            log.warning("key set not fetched", url=self._url, error=repr(error))
