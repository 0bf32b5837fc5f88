"""The explorer: GraphiQL from the package's own files, under a policy that lets no request leave this server."""

import gzip
from collections.abc import Iterator
from functools import cache
from hashlib import sha256
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

_BUILD = Path(__file__).parent / "static" / "explorer"
_MEDIA_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".ttf": "font/ttf",
    ".woff2": "font/woff2",
}
# Monaco, the editor, writes its themes into <style> elements and each line's position into style attributes.
_POLICY = (
    "default-src 'none'; script-src 'self'; worker-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; font-src 'self' data:; connect-src 'self'; "
    "frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
)
_SECURITY = {
    "Content-Security-Policy": _POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


def routes() -> list[BaseRoute]:
    """The page at `/` and its files, whose names are hashes of what they hold, at `/assets/`."""
    return [Route("/", _page), Route("/assets/{name}", _asset)]


@cache
def _files() -> dict[str, bytes]:
    """The build by path, gzipped as it is stored; what is not in here does not exist, whatever a URL says."""
    return {path.relative_to(_BUILD).as_posix().removesuffix(".gz"): path.read_bytes() for path in _BUILD.rglob("*.gz")}


def _page(request: Request) -> Response:
    """Answer the page, or 304 to a browser that has it: it names the current assets, so it is asked for each time."""
    etag = f'W/"{sha256(_files()["index.html"]).hexdigest()[:32]}"'
    headers = {"Cache-Control": "no-cache", "ETag": etag}
    if etag in request.headers.get("If-None-Match", ""):
        return Response(status_code=304, headers={**headers, **_SECURITY})
    return _send("index.html", request, headers)


def _asset(request: Request) -> Response:
    """Answer one hashed file, which a browser may keep for ever."""
    path = f"assets/{request.path_params['name']}"
    if path not in _files():
        raise HTTPException(404)
    return _send(path, request, {"Cache-Control": "public, max-age=31536000, immutable"})


def _send(path: str, request: Request, headers: dict[str, str]) -> Response:
    """Send a file as it is stored, or unpacked to the rare client that takes no gzip."""
    content = _files()[path]
    if _accepts_gzip(request):
        headers = {**headers, "Content-Encoding": "gzip"}
    else:
        content = gzip.decompress(content)
    media_type = _MEDIA_TYPES[Path(path).suffix]
    return Response(content, media_type=media_type, headers={**headers, "Vary": "Accept-Encoding", **_SECURITY})


def _accepts_gzip(request: Request) -> bool:
    """Whether gzip is named, or covered by `*`, with a weight above zero (RFC 9110 section 12.5.3)."""
    weights = dict(_weights(request.headers.get("Accept-Encoding", "")))
    return weights.get("gzip", weights.get("*", 0.0)) > 0


def _weights(accept: str) -> Iterator[tuple[str, float]]:
    for item in accept.lower().split(","):
        coding, _, weight = item.partition(";")
        try:
            yield coding.strip(), float(weight.strip().removeprefix("q=") or 1)
        except ValueError:
            yield coding.strip(), 0.0
