"""Where calendar programs fetch a feed: a secret URL, answered anew only when something changed."""

from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from typing import Any
from uuid import UUID

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from domain import calendars, personal_urls
from domain.errors import NotFound
from schema import files
from schema.files import SECURITY

MEDIA_TYPE = "text/calendar"
GONE = "This URL leads nowhere: the feed was revoked, or never was. Make a new one."
_KEPT = {**SECURITY, "Cache-Control": "private, no-cache"}


def routes() -> list[BaseRoute]:
    """`GET /feeds/….ics` gives a feed out, `GET /calendars/….ics` a series."""
    return [
        Route("/feeds/{secret}.ics", _feed, methods=["GET"]),
        Route("/calendars/{token}.ics", _series, methods=["GET"]),
    ]


def path(secret: str) -> str:
    """Where the feed of this secret is."""
    return f"/feeds/{secret}.ics"


def series_url(facts: dict[str, Any], viewer: Any) -> str:
    """Say where the viewer fetches a series for a while."""
    return f"{viewer.origin()}{calendars.series_path(UUID(facts['id']), viewer.by, now=float(facts['now']))}"


async def _feed(request: Request) -> Response:
    """Give a calendar out, or 304 to who has it as it is."""
    claim = await calendars.claimed(request.path_params["secret"])
    if claim is None:
        return PlainTextResponse(GONE, 404, SECURITY)
    found = await calendars.shown(claim[0], by=claim[1])
    etag = f'"{found.stamp[:32]}"'
    headers = {**_KEPT, "ETag": etag, "Last-Modified": format_datetime(found.changed_at.astimezone(UTC), usegmt=True)}
    if _has(request, etag, found.changed_at):
        return Response(status_code=304, headers=headers)
    headers["Content-Disposition"] = 'inline; filename="fieldgraph.ics"'
    return Response(await found.text(), media_type=MEDIA_TYPE, headers=headers)


async def _series(request: Request) -> Response:
    """Give a series out, to be saved."""
    try:
        claim = await personal_urls.claimed(request.path_params["token"], calendars.SERIES)
        found = claim and await calendars.series(claim[0], by=claim[2])
    except NotFound:
        found = None
    if not found:
        return PlainTextResponse(files.GONE, 404, SECURITY)
    headers = {**SECURITY, "Content-Disposition": files.saved_as(f"{found.name}.ics")}
    return Response(await found.text(), media_type=MEDIA_TYPE, headers=headers)


def _has(request: Request, etag: str, changed_at: datetime) -> bool:
    """Whether the client has this state; its date counts only if it names no ETag (RFC 9110, section 13.1.3)."""
    if (known := request.headers.get("If-None-Match")) is not None:
        return etag in known or known.strip() == "*"
    try:
        return parsedate_to_datetime(request.headers["If-Modified-Since"]) >= changed_at
    except (KeyError, ValueError, TypeError):
        return False
