"""Where the bytes of attachments come in and go out: signed URLs, and headers that leave no browser a choice."""

from urllib.parse import quote

from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import BaseRoute, Route

from domain import attachments, store, uploads
from domain.errors import NotFound

SECURITY = {
    "Cache-Control": "private, no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
GONE = "This URL leads nowhere: its time is over, or what it led to is not for you any more. Ask for a new one."


def routes() -> list[BaseRoute]:
    """`PUT /uploads/…` takes bytes in, `GET /attachments/…` gives them out."""
    return [
        Route("/uploads/{token}", _upload, methods=["PUT"]),
        Route("/attachments/{token}", _download, methods=["GET"]),
    ]


async def _upload(request: Request) -> Response:
    """Take in what was announced: no byte more, and nothing once it is complete."""
    try:
        taken = await uploads.receive(request.path_params["token"], request.stream())
    except uploads.TooMuch:
        return PlainTextResponse("These are more bytes than were announced.", 413, SECURITY)
    except ClientDisconnect:
        return Response(status_code=400)
    return Response(status_code=204, headers=SECURITY) if taken else PlainTextResponse(GONE, 404, SECURITY)


async def _download(request: Request) -> Response:
    """Give a file out, to be saved and never to be shown as a page."""
    try:
        claim = await attachments.claimed(request.path_params["token"])
        found = claim and await attachments.fetched(*claim[:2], by=claim[2])
    except NotFound:
        found = None
    if found is None:
        return PlainTextResponse(GONE, 404, SECURITY)
    headers = {**SECURITY, "Content-Disposition": saved_as(found.name), "Content-Type": found.media_type}
    return StreamingResponse(store.stream(found.place), headers=headers)


def saved_as(name: str) -> str:
    """A Content-Disposition with the name in plain letters, and in its own (RFC 6266, section 4.3)."""
    plain = "".join(letter if letter.isascii() and (letter.isalnum() or letter in "._- ") else "_" for letter in name)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
