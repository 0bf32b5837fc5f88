"""A small client of the GraphQL API: so many requests at once, and one clear error."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Self

import httpx2

AT_ONCE = 8
PATIENCE_SECONDS = 30.0


class Refused(Exception):
    """The API did not do what it was asked to; the message says what and why."""


class Client:
    """Whoever a token acts as."""

    def __init__(self, http: httpx2.AsyncClient, url: str, token: str, places: asyncio.Semaphore) -> None:
        """Send through `http`, when there is a place."""
        self._http, self._url, self._places = http, url, places
        self._headers = {"Authorization": f"Bearer {token}"}

    def acting(self, token: str) -> Self:
        """Another person, through the same connections and with the same bound."""
        return type(self)(self._http, self._url, token, self._places)

    async def do(self, mutation: str, answer: str = "", /, **input: Any) -> Any:
        """Run a mutation and return what is wanted of its payload; what is None is left out of its input."""
        document = (
            f"mutation ($input: {mutation[0].upper()}{mutation[1:]}Input!) "
            f"{{ {mutation}(input: $input) {{ {answer} userErrors {{ code message path }} }} }}"
        )
        given = {name: value for name, value in input.items() if value is not None}
        payload = (await self.ask(document, input=given))[mutation]
        if errors := payload["userErrors"]:
            raise Refused(f"{mutation}: {'; '.join(map(_sentence, errors))} Sent was {given}.")
        return payload

    async def ask(self, document: str, **variables: Any) -> Any:
        """Run a document and return its data."""
        async with self._places:
            answer = await self._send({"query": document, "variables": variables})
        if errors := answer.get("errors"):
            raise Refused(f"{'; '.join(map(_sentence, errors))} Asked was {document}")
        return answer["data"]

    async def put(self, upload: dict[str, Any], content: bytes) -> None:
        """Send the bytes of a file to where `attachmentUploadBegin` said."""
        headers = {each["name"]: each["value"] for each in upload["headers"]}
        async with self._places:
            response = await self._request("PUT", upload["uploadUrl"], content=content, headers=headers)
        if not response.is_success:
            raise Refused(f"A file was not taken: {response.status_code} {response.text}")

    async def _send(self, body: dict[str, Any]) -> Any:
        response = await self._request("POST", self._url, json=body, headers=self._headers)
        try:
            return response.json()
        except ValueError as error:
            raise Refused(f"The API at {self._url} answered {response.status_code} and no JSON.") from error

    async def _request(self, method: str, url: str, **what: Any) -> httpx2.Response:
        try:
            return await self._http.request(method, url, **what)
        except httpx2.TransportError as error:
            raise Refused(f"The API at {self._url} cannot be reached: {error or type(error).__name__}.") from error


@asynccontextmanager
async def connect(url: str, token: str, *, at_once: int = AT_ONCE) -> AsyncIterator[Client]:
    """Act through the API at `url` with a token, with at most so many requests at once."""
    async with httpx2.AsyncClient(trust_env=False, timeout=PATIENCE_SECONDS) as http:
        yield Client(http, url, token, asyncio.Semaphore(at_once))


def _sentence(error: dict[str, Any]) -> str:
    code = error.get("code") or error.get("extensions", {}).get("code")
    path = ".".join(map(str, error.get("path") or ()))
    return " ".join(filter(None, (code, path and f"({path})", error["message"])))
