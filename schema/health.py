"""What those who run the app look at: whether it lives, whether it is ready, and what it has done."""

import time
from functools import cache
from typing import Any

import asyncpg
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from redis.exceptions import RedisError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp, Receive, Scope, Send

AWAY = (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError, RedisError)


def routes() -> list[BaseRoute]:
    """`/livez`, `/readyz` and `/metrics`."""
    return [Route("/livez", _live), Route("/readyz", _ready), Route("/metrics", _metrics)]


class Metrics:
    """The numbers of one app."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        help = "GraphQL requests: OK, ERRORS (an answer with errors), or the code of what kept them from an answer."
        self.requests = Counter("fieldgraph_requests", help, ["outcome"], registry=self.registry)
        help = "How long GraphQL requests took."
        self.seconds = Histogram("fieldgraph_request_seconds", help, registry=self.registry)
        help = "Database connections that read just now."
        self.busy = Gauge("fieldgraph_read_connections_busy", help, registry=self.registry)


class Measured:
    """An endpoint whose answers are counted and timed; it says the outcome as `request.state.outcome`."""

    def __init__(self, endpoint: ASGIApp, metrics: Metrics) -> None:
        self._endpoint, self._metrics = endpoint, metrics
        self._counter = cache(metrics.requests.labels)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        start = time.perf_counter()
        await self._endpoint(scope, receive, send)
        self._metrics.seconds.observe(time.perf_counter() - start)
        self._counter(scope["state"].get("outcome", "DISCONNECTED")).inc()


async def _live(request: Request) -> Response:
    """Say that the process answers."""
    return JSONResponse({"status": "ok"})


async def _ready(request: Request) -> Response:
    """Say whether requests can be answered; without Redis they can, what happens later only happens a little later."""
    state = request.app.state
    postgresql = await _answers(state.database.json("select '1'::json", ()))
    redis = await _answers(state.redis.ping()) if state.redis else False
    words = {True: "ok", False: "away"}
    content = {"status": words[postgresql], "postgresql": words[postgresql], "redis": words[redis]}
    return JSONResponse(content, 200 if postgresql else 503)


async def _answers(question: Any) -> bool:
    try:
        await question
    except AWAY:
        return False
    return True


async def _metrics(request: Request) -> Response:
    """Write the numbers as Prometheus reads them."""
    metrics: Metrics = request.app.state.metrics
    metrics.busy.set(request.app.state.database.busy)
    return Response(generate_latest(metrics.registry), headers={"Content-Type": CONTENT_TYPE_LATEST})
