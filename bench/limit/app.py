"""One endpoint a question: its hand-written statement, with the principal's rights as parameters."""

from base64 import urlsafe_b64decode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from uuid_utils.compat import uuid7

from domain.principal import Principal
from models.accounts import Role
from schema.app import app as fieldgraph
from schema.auth import Authenticator
from settings import settings

AUTHENTICATOR = Authenticator(settings())
SQL = {path.stem: path.read_text() for path in Path(__file__).parent.glob("*.sql")}
CLAIMS = {"claim": SQL["claim"], "claimNext": SQL["claim_next"]}


async def by_id(request: Request) -> Response:
    """Answer a question about the thing of the id that the variables name: board, detail and customer 360."""
    by = await AUTHENTICATOR.principal(request)
    (id,) = (await request.json())["variables"].values()
    return await _read(request, SQL[request.url.path[1:]], *_rights(by), _key(id))


async def search(request: Request) -> Response:
    """Answer the open tasks that words find."""
    by = await AUTHENTICATOR.principal(request)
    words = " ".join((await request.json())["variables"]["words"].lower().split())
    prefixes = " & ".join(f"{word}:*" for word in words.split())
    return await _read(request, SQL["search"], *_rights(by), words, prefixes)


async def page(request: Request) -> Response:
    """Answer a page of an admin's list of all tasks; a cursor is the last row's day and id."""
    by = await AUTHENTICATOR.principal(request)
    if by.role is not Role.ADMIN:
        raise HTTPException(403)
    variables = (await request.json())["variables"]
    if variables["after"] is None:
        return await _read(request, _page("page", variables["first"]), by.workspace_id)
    day, id = urlsafe_b64decode(variables["after"]).decode().split("|")
    statement = _page("page_after", variables["first"])
    return await _read(request, statement, by.workspace_id, date.fromisoformat(day), UUID(id))


async def metrics(request: Request) -> Response:
    """Answer what an admin's tasks amount to, month by month."""
    by = await AUTHENTICATOR.principal(request)
    if by.role is not Role.ADMIN:
        raise HTTPException(403)
    return await _read(request, SQL["metrics"], by.workspace_id)


async def claim(request: Request) -> Response:
    """Take a task that nobody holds, a certain one or a team's next, with rights, version, event and handover.

    One statement, and so one transaction.
    """
    by = await AUTHENTICATOR.principal(request)
    (id,) = (await request.json())["variables"].values()
    statement = CLAIMS[request.url.path[1:]]
    async with request.app.state.writing.acquire() as connection:
        answer = await connection.fetchval(statement, *_rights(by), _key(id), uuid7(), uuid7())
    if answer is None:
        raise HTTPException(409)
    return Response(answer, media_type="application/json")


async def _read(request: Request, statement: str, *values: object) -> Response:
    answer = await request.app.state.database.json(statement, values)
    return Response(answer, media_type="application/json")


@cache
def _page(statement: str, first: int) -> str:
    return SQL[statement].replace(":first + 1", str(first + 1)).replace(":first", str(first))


def _rights(by: Principal) -> tuple[object, ...]:
    return by.workspace_id, list(by.teams | by.reach), by.id


def _key(id: str) -> UUID:
    return UUID(hex=id.rpartition("_")[2])


@asynccontextmanager
async def lifespan(app: Any) -> AsyncIterator[None]:
    """Open what ours opens, so that only what happens to a request differs, and connections that write."""
    async with (
        fieldgraph.router.lifespan_context(app),
        asyncpg.create_pool(settings().database_url, min_size=1, max_size=settings().pool_size) as app.state.writing,
    ):
        yield


READS = {"board": by_id, "detail": by_id, "customer360": by_id, "search": search, "page": page, "metrics": metrics}
ROUTES = READS | dict.fromkeys(CLAIMS, claim)
app = Starlette(
    routes=[Route(f"/{name}", endpoint, methods=["POST"]) for name, endpoint in ROUTES.items()], lifespan=lifespan
)
