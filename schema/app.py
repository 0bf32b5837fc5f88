"""The API as an ASGI app: what it opens when it starts, and what it answers where."""

import gc
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from hashlib import sha256

import redis.asyncio
from graphql import OperationType
from redis.backoff import NoBackoff
from redis.retry import Retry
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Message, Receive, Scope, Send
from tortoise.context import TortoiseContext, get_current_context

from domain import errors
from models.accounts import Scope as Right
from schema import explorer, feeds, files, health, logs, schema, unsubscribing
from schema.auth import Authenticator
from schema.context import Context
from schema.database import Pool
from schema.faults import InsufficientScope
from schema.http import View
from schema.limits import Limits
from settings import Settings, settings, tortoise
from workers import broker

SCHEMA = schema.as_str().encode()
REDIS_PATIENCE_SECONDS = 0.5
NEEDED = {
    OperationType.QUERY: (Right.READ,),
    OperationType.SUBSCRIPTION: (Right.READ,),
    OperationType.MUTATION: (Right.WRITE, Right.ADMIN),  # which of them the mutation says itself
}


class CannotStart(Exception):
    """What the app needs is not there."""


class App(Starlette):
    """An app that says in one line why it cannot start, where that is known."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or start and stop."""
        if scope["type"] != "lifespan":
            return await super().__call__(scope, receive, send)

        async def in_one_line(message: Message) -> None:
            known = f"{CannotStart.__module__}.{CannotStart.__name__}: "
            if known in message.get("message", ""):
                message["message"] = message["message"].rpartition(known)[2].strip()
            await send(message)

        return await super().__call__(scope, receive, in_one_line)


def make_app(chosen: Settings) -> App:
    """Make the app that these settings describe; it opens nothing before it is started."""
    authenticator, metrics = Authenticator(chosen), health.Metrics()

    async def context(request: Request, operation: OperationType) -> Context:
        by = await authenticator.principal(request)
        needed = NEEDED[operation]
        if by.scopes.isdisjoint(needed):
            raise InsufficientScope(errors.InsufficientScope(scope=needed[0]).message)
        return Context(by, request.app.state.database, lambda: (chosen.public_url or str(request.base_url)).rstrip("/"))

    view = health.Measured(View(schema, context, limits(chosen)), metrics)
    routes = [
        Route("/graphql", view),
        Route("/schema.graphql", _schema),
        *files.routes(),
        *feeds.routes(),
        *unsubscribing.routes(),
        *health.routes(),
        *explorer.routes(),
    ]
    app = App(routes=routes, lifespan=lambda app: _running(app, chosen))
    app.state.metrics = metrics
    return app


def limits(chosen: Settings) -> Limits:
    """The limits of requests, as the settings say."""
    return Limits(
        body_bytes=chosen.max_body_bytes,
        characters=chosen.max_characters,
        tokens=chosen.max_tokens,
        depth=chosen.max_depth,
        aliases=chosen.max_root_fields,
        root_fields=chosen.max_root_fields,
        directives=chosen.max_directives,
        fragments=chosen.max_fragments,
        selections=chosen.max_selections,
        filter_fields=chosen.max_filter_fields,
        values=chosen.max_values,
        cost=chosen.max_cost,
        execution_seconds=chosen.execution_seconds,
    )


@asynccontextmanager
async def _running(app: Starlette, chosen: Settings) -> AsyncIterator[None]:
    """Open the database twice, once to read and once to write, and send nudges to Redis."""
    logs.configure(chosen)
    url = chosen.database_url
    if url is None:
        raise CannotStart("DATABASE_URL is not set. Set it, or start the API with `fieldgraph serve`.")
    async with AsyncExitStack() as stack:
        try:
            app.state.database = await stack.enter_async_context(Pool.opened(url, size=chosen.pool_size))
        except health.AWAY as error:
            reason = " ".join(str(error).split()) or type(error).__name__
            raise CannotStart(f"PostgreSQL cannot be used: {reason}. Start it, or correct DATABASE_URL.") from error
        if get_current_context() is None:  # whoever runs the app, as tests do, may have opened the tables already
            context = await stack.enter_async_context(TortoiseContext())
            await context.init(config=tortoise(url, pool_size=chosen.pool_size), _enable_global_fallback=True)
        app.state.redis = None
        if chosen.redis_url:
            broker.connect(chosen.redis_url)
            app.state.redis = await stack.enter_async_context(_redis(chosen.redis_url))
        gc.freeze()  # what was loaded stays: to look whether it is garbage takes a tenth of a second each time
        yield


def _redis(url: str) -> "redis.asyncio.Redis":
    patience = {"socket_timeout": REDIS_PATIENCE_SECONDS, "socket_connect_timeout": REDIS_PATIENCE_SECONDS}
    return redis.asyncio.from_url(url, retry=Retry(NoBackoff(), 0), **patience)


async def _schema(request: Request) -> Response:
    """Answer the schema in its own language, or 304 to who has it."""
    headers = {"ETag": f'"{sha256(SCHEMA).hexdigest()[:32]}"', "Cache-Control": "no-cache"}
    if headers["ETag"] in request.headers.get("If-None-Match", ""):
        return Response(status_code=304, headers=headers)
    return Response(SCHEMA, media_type="text/plain", headers=headers)


app = make_app(settings())
