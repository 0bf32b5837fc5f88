"""The HTTP request, read strictly: what it must be before it is asked what it wants."""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, NamedTuple

import orjson
from starlette.requests import Request
from uuid_utils import uuid7

from schema.faults import BadRequest, BodyTooLarge, MethodNotAllowed, UnsupportedMediaType

JSON = "application/json"
GRAPHQL_JSON = "application/graphql-response+json"

_REQUEST_ID = re.compile(r"[A-Za-z0-9._:-]{1,128}", re.ASCII)


class GraphQLRequest(NamedTuple):
    """The parameters of a request (GraphQL over HTTP, section 5.1)."""

    query: str
    operation_name: str | None
    variables: Mapping[str, Any]
    extensions: Mapping[str, Any]


def request_id(request: Request) -> str:
    """The client's `X-Request-Id`, if it is plain enough to be logged, or a new one that sorts by time."""
    given = request.headers.get("x-request-id", "")
    return given if _REQUEST_ID.fullmatch(given) else uuid7().hex


async def read(request: Request, max_bytes: int) -> GraphQLRequest:
    """Read a request or say which part of the contract it breaks; at most `max_bytes` are taken in."""
    if request.method != "POST":
        raise MethodNotAllowed("Send the request with POST.", headers={"Allow": "POST"})
    if not _declares_json(request.headers.get("content-type", "")):
        raise UnsupportedMediaType(f"Send the request as `Content-Type: {JSON}`, in UTF-8.")
    return _understand(await _body(request, max_bytes))


@lru_cache(maxsize=64)
def _declares_json(content_type: str) -> bool:
    kind, *parameters = (part.strip().lower() for part in content_type.split(";"))
    charsets = {part.removeprefix("charset=").strip('"') for part in parameters if part.startswith("charset=")}
    return kind == JSON and charsets <= {"utf-8"}


async def _body(request: Request, max_bytes: int) -> bytes:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > max_bytes:
            raise BodyTooLarge(f"The body is larger than {max_bytes} bytes.", limit="bytes", allowed=max_bytes)
    return bytes(body)


def _understand(body: bytes) -> GraphQLRequest:
    try:
        document = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise BadRequest(f"The body is not JSON: {error}.") from None
    if not isinstance(document, dict):
        raise BadRequest("The body must be one JSON object; batches are not served.")
    if b"\\u0000" in body and _has_nul(document):
        raise BadRequest("The body contains the character U+0000, which no text may contain.")
    query = document.get("query")
    if not isinstance(query, str) or not query.strip():
        raise BadRequest("`query` must be a GraphQL document.")
    name = document.get("operationName")
    if not isinstance(name, str | None):
        raise BadRequest("`operationName` must be a string or null.")
    return GraphQLRequest(query, name or None, _object(document, "variables"), _object(document, "extensions"))


def _object(document: dict[str, Any], key: str) -> dict[str, Any]:
    value = document.get(key)
    if not isinstance(value, dict | None):
        raise BadRequest(f"`{key}` must be an object or null.")
    return value or {}


def _has_nul(document: object) -> bool:
    waiting = [document]
    while waiting:
        value = waiting.pop()
        if isinstance(value, str) and "\0" in value:
            return True
        if isinstance(value, dict):
            waiting += value
            waiting += value.values()
        elif isinstance(value, list):
            waiting += value
    return False


@lru_cache(maxsize=64)
def answer_type(accept: str) -> str | None:
    """The media type to answer with, or None if the client accepts neither; JSON where it has no preference."""
    quality: dict[str, float] = {}
    for part in accept.lower().split(","):
        kind, *parameters = (piece.strip() for piece in part.split(";"))
        quality[kind] = next((_number(piece[2:]) for piece in parameters if piece.startswith("q=")), 1.0)
    anything = quality.get("application/*", quality.get("*/*", 0.0))
    json = quality.get(JSON, anything)
    graphql = quality.get(GRAPHQL_JSON, anything)
    if max(json, graphql) <= 0:
        return None
    return GRAPHQL_JSON if graphql > json or (graphql == json and GRAPHQL_JSON in quality) else JSON


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 0.0
