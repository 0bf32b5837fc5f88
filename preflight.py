"""What must be true of the two servers before anything starts."""

from urllib.parse import urlsplit

import asyncpg
import redis.asyncio
from redis.backoff import NoBackoff
from redis.retry import Retry

OLDEST_POSTGRESQL = 15
OLDEST_REDIS = 7
PATIENCE_SECONDS = 5.0


class ServerUnusable(Exception):
    """A configured server is missing, refuses, or is too old."""


async def check(database_url: str, redis_url: str) -> None:
    """Reach both servers and see that they are new enough, or say in one line what to do."""
    await check_postgresql(database_url)
    await check_redis(redis_url)


async def check_postgresql(url: str) -> None:
    """Reach PostgreSQL."""
    try:
        connection = await asyncpg.connect(url, timeout=PATIENCE_SECONDS)
    except (OSError, TimeoutError, ValueError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        raise ServerUnusable(_unreachable("PostgreSQL", "DATABASE_URL", url, error)) from error
    try:
        version = connection.get_server_version()
    finally:
        await connection.close()
    if version.major < OLDEST_POSTGRESQL:
        raise ServerUnusable(_too_old("PostgreSQL", f"{version.major}.{version.minor}", OLDEST_POSTGRESQL))


async def check_redis(url: str) -> None:
    """Reach Redis, or Valkey, which names the version of Redis that it stands for."""
    patience = {"socket_timeout": PATIENCE_SECONDS, "socket_connect_timeout": PATIENCE_SECONDS}
    try:
        async with redis.asyncio.from_url(url, retry=Retry(NoBackoff(), 0), **patience) as client:
            version = (await client.info("server"))["redis_version"]
    except (OSError, TimeoutError, ValueError, redis.RedisError) as error:
        raise ServerUnusable(_unreachable("Redis", "REDIS_URL", url, error)) from error
    if int(version.split(".")[0]) < OLDEST_REDIS:
        raise ServerUnusable(_too_old("Redis", version, OLDEST_REDIS))


def _unreachable(server: str, variable: str, url: str, error: Exception) -> str:
    place = urlsplit(url)
    shown = place._replace(netloc=place.netloc.rpartition("@")[2], query="").geturl()
    reason = " ".join(str(error).split()) or type(error).__name__
    return (
        f"{server} cannot be used at {shown}: {reason}. Start it, correct {variable}, or unset it for an embedded one."
    )


def _too_old(server: str, version: str, oldest: int) -> str:
    return f"{server} {version} is too old: Fieldgraph needs {oldest} or newer."
