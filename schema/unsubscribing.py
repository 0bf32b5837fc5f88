"""Where the link in an e-mail leads: a page that asks, and the one click of mail programs (RFC 8058)."""

from types import MappingProxyType

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Route

from domain import notification_settings, unsubscribing
from models.notifications import ChannelUse, NotificationKind
from models.reminders import Channel

_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
_PAGE = '<!DOCTYPE html><html lang="en"><meta charset="utf-8"><title>E-mail</title><p>{text}</p>{more}</html>'
_BUTTON = '<form method="post"><button name="List-Unsubscribe" value="One-Click">Unsubscribe</button></form>'
_GONE = "This link leads nowhere: it is too old, or was not copied as a whole."
_KINDS = MappingProxyType(
    {
        NotificationKind.REMINDER: "reminders",
        NotificationKind.MENTION: "mentions in notes",
        NotificationKind.UPDATE: "what becomes of tasks",
        NotificationKind.DIGEST: "digests of what is due",
        NotificationKind.ESCALATION: "overdue tasks of the people whom you lead",
    }
)


def routes() -> list[BaseRoute]:
    """`GET /unsubscribe/…` asks, `POST` does; neither needs a login."""
    return [
        Route("/unsubscribe/{token}", _ask, methods=["GET"]),
        Route("/unsubscribe/{token}", _unsubscribe, methods=["POST"]),
    ]


async def _ask(request: Request) -> Response:
    """Show a page with a button: mail programs that fetch links in advance change nothing."""
    claim = await unsubscribing.claimed(request.path_params["token"])
    if claim is None:
        return _page(_GONE, status=404)
    return _page(f"Do you want no more e-mail about {_KINDS[claim[1]]}?", _BUTTON)


async def _unsubscribe(request: Request) -> Response:
    """Turn e-mail of that kind off; once more changes nothing."""
    claim = await unsubscribing.claimed(request.path_params["token"])
    if claim is None:
        return _page(_GONE, status=404)
    by, kind = claim
    choice: notification_settings.Choice = {"kind": kind, "channel": Channel.EMAIL, "use": ChannelUse.NEVER}
    await notification_settings.update({"channels": [choice]}, by=by)
    return _page(f"You get no more e-mail about {_KINDS[kind]}. Your settings turn it on again.")


def _page(text: str, more: str = "", *, status: int = 200) -> Response:
    return HTMLResponse(_PAGE.format(text=text, more=more), status, _HEADERS)
