"""The queue: a Redis broker with its middleware in order, and the house defaults of every actor."""

from collections.abc import Awaitable, Callable
from typing import Any, NamedTuple
from uuid import UUID

import dramatiq
from dramatiq.asyncio import EventLoopThread, get_event_loop_thread
from dramatiq.brokers.redis import RedisBroker
from dramatiq.middleware import AsyncIO, Middleware, MiddlewareError, default_middleware
from redis import Redis
from redis.backoff import NoBackoff
from redis.retry import Retry
from tortoise import Tortoise
from tortoise.connection import get_connection

import settings
from domain import jobs
from domain.errors import DomainError
from domain.jobs import Job

QUEUE = "fieldgraph"
CALLER_PATIENCE_SECONDS = 0.25
"""How long a caller waits for an absent Redis: once to connect, and once for an answer."""
WORKER_PATIENCE_SECONDS = 5.0

Sweep = Callable[[], Awaitable[None]]


class Declared(NamedTuple):
    """An actor for which there is no broker yet: importing it needs no Redis."""

    sweep: Sweep
    seconds: int


_actors: dict[Job, Declared] = {}


def actor(job: Job, *, seconds: int) -> Callable[[Sweep], Sweep]:
    """Declare what answers a nudge, and how long that may take."""

    def declare(sweep: Sweep) -> Sweep:
        _actors[job] = Declared(sweep, seconds)
        return sweep

    return declare


def connect(redis_url: str) -> None:
    """Send nudges to this Redis from now on; none need be there, and an absent one costs a caller half a second."""
    _send_through(_broker(redis_url, CALLER_PATIENCE_SECONDS, _defaults()))


def serve(redis_url: str, database_url: str, *, pool_size: int) -> RedisBroker:
    """The broker of a worker process, which opens the database when it boots, with every declared actor on it."""
    middleware = [AsyncIO(), Database(database_url, pool_size), *_defaults()]
    broker = _broker(redis_url, WORKER_PATIENCE_SECONDS, middleware)
    for job, declared in _actors.items():
        dramatiq.actor(
            broker=broker,
            actor_name=job,
            queue_name=QUEUE,
            time_limit=declared.seconds * 1000,
            max_retries=3,
            min_backoff=1_000,
            max_backoff=30_000,
            throws=DomainError,
        )(declared.sweep)
    _send_through(broker)
    return broker


class Database(Middleware):
    """Opens the database before the first thread starts, on the loop that runs the actors, and closes it at the end."""

    def __init__(self, url: str, pool_size: int) -> None:
        self._config = settings.tortoise(url, pool_size=pool_size)

    def before_worker_boot(self, broker: Any, worker: Any) -> None:
        """Open it; a worker without it would do nothing, so a failure ends the process."""
        try:
            # Each message runs in the context of its own thread, where only the fallback is found.
            _loop().run_coroutine(_open(self._config))
        except Exception as error:
            raise MiddlewareError("The database cannot be opened.") from error

    def after_worker_shutdown(self, broker: Any, worker: Any) -> None:
        """Close it."""
        _loop().run_coroutine(Tortoise.close_connections())


async def _open(config: dict[str, Any]) -> None:
    """Open the database and ask it something: a pool by itself connects only when it is first used."""
    await Tortoise.init(config=config, _enable_global_fallback=True)
    await get_connection("default").execute_query("select")


def _loop() -> EventLoopThread:
    loop = get_event_loop_thread()
    if loop is None:
        raise MiddlewareError("The AsyncIO middleware must come first.")
    return loop


def _defaults() -> list[Middleware]:
    return [middleware() for middleware in default_middleware]


def _broker(redis_url: str, patience: float, middleware: list[Middleware]) -> RedisBroker:
    """A broker without a connection: the first message makes one."""
    client = Redis.from_url(
        redis_url, socket_connect_timeout=patience, socket_timeout=patience, retry=Retry(NoBackoff(), 0)
    )
    make: Any = RedisBroker  # untyped
    broker: RedisBroker = make(client=client, namespace=QUEUE, middleware=middleware)
    return broker


def _send_through(broker: RedisBroker) -> None:
    def send(job: Job, *ids: UUID) -> None:
        """A sweep finds what is due by itself, so a nudge carries nothing."""
        broker.enqueue(dramatiq.Message(queue_name=QUEUE, actor_name=job, args=(), kwargs={}, options={}))

    jobs.send = send
