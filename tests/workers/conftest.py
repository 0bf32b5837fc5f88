"""Our programs as processes, and a Redis of one test."""

import asyncio
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from contextlib import ExitStack, contextmanager
from itertools import count
from pathlib import Path

import pytest
import redis

import embedded
import settings
from workers import broker

ROOT = Path(__file__).parents[2]


class Redis:
    """A Redis of one test, which can be stopped and started again."""

    def __init__(self, folder, database_url):
        self._chosen = settings.Settings(_env_file=None, data_dir=folder, database_url=database_url, redis_url=None)
        self._running = ExitStack()
        self.start()

    def start(self):
        self.url = self._running.enter_context(embedded.servers(self._chosen)).redis_url

    def stop(self):
        self._running.close()

    def forget(self):
        redis.Redis.from_url(self.url).flushall()


@pytest.fixture
def queue(servers, database_url):
    folder = Path(tempfile.mkdtemp(prefix="fg-"))
    own = Redis(folder, database_url)
    broker.connect(own.url)
    yield own
    broker.connect(servers.redis_url)
    own.stop()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def program(queue, database_url):
    """Runs one of our programs, to its end unless it is killed; PostgreSQL soon sees when it was."""
    numbers = count(1)

    @contextmanager
    def program(name, **more):
        known_as = f"{name}{next(numbers)}"
        variables = more | {
            "DATABASE_URL": f"{database_url}&client_connection_check_interval=50ms&application_name={known_as}",
            "REDIS_URL": queue.url,
            "PATH": os.environ["PATH"],
        }
        process = subprocess.Popen([sys.executable, "-m", f"workers.{name}"], cwd=ROOT, env=variables)
        try:
            yield process
        finally:
            process.send_signal(signal.SIGTERM)
            assert process.wait(15) in {0, -signal.SIGKILL, -signal.SIGTERM}  # the last before it has begun

    return program


async def until(happened, *, seconds=30):
    """Wait until something has happened."""
    async with asyncio.timeout(seconds):
        while not await happened():  # noqa: ASYNC110 -- another process's change, of which nobody tells
            await asyncio.sleep(0.05)
