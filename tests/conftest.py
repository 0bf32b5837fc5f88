"""Real servers for each test process, a migrated database, and a workspace with its people."""

import shutil
import tempfile
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg
import dramatiq
import pytest
import redis
from tortoise import Tortoise
from tortoise.context import TortoiseContext
from tortoise.migrations.api.migrate import migrate

import embedded
import settings
from domain import tokens
from domain.errors import DomainError
from domain.jobs import Job
from tests import make


def pytest_collection_modifyitems(items):
    items.sort(key=lambda item: item.get_closest_marker("long") is None)


@pytest.fixture(scope="session")
def servers():
    """PostgreSQL and Valkey of this process alone, as URLs; nothing of them is left."""
    folder = Path(tempfile.mkdtemp(prefix="fg-"))
    folder.chmod(0o755)  # as root PostgreSQL runs as a user of its own
    chosen = settings.Settings(_env_file=None, data_dir=folder, database_url=None, redis_url=None)
    try:
        with embedded.servers(chosen) as urls:
            yield urls
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
async def clone(servers):
    """Makes a migrated, empty database of the given name, and answers its URL."""

    async def create(name, template):
        server = await asyncpg.connect(servers.database_url)
        await server.execute(f'create database "{name}" template "{template}"')
        await server.close()
        return servers.database_url.replace("/postgres?", f"/{name}?", 1)

    async def clone(name):
        return await create(name, "migrated")

    server = await asyncpg.connect(servers.database_url)
    await server.execute("alter system set fsync = off")
    await server.execute("select pg_reload_conf()")
    await server.close()
    async with TortoiseContext():
        await migrate(config=settings.tortoise(await create("migrated", "template1")))
        await Tortoise.close_connections()
    return clone


@pytest.fixture(scope="session")
async def database_url(clone):
    """The database that this process's tests share; what a test writes is gone after it."""
    return await clone("tests")


@pytest.fixture(scope="session")
async def _opened(database_url):
    async with TortoiseContext() as context:
        await context.init(config=settings.tortoise(database_url, pool_size=30), _enable_global_fallback=True)
        yield
        await Tortoise.close_connections()


@pytest.fixture(scope="session")
async def _connection(database_url):
    connection = await asyncpg.connect(database_url, server_settings={"lock_timeout": "5s"})
    yield connection
    await connection.close()


@pytest.fixture
async def database(_opened, _connection):
    """An asyncpg connection of the test's own, beside the pool of the code under test; the tables end up empty."""
    yield _connection
    await make.empty(_connection)


@pytest.fixture(scope="session")
def _queue(servers):
    from workers import broker  # here, so that tests of rules alone load no queue

    client = redis.Redis.from_url(servers.redis_url)
    broker.connect(servers.redis_url)
    yield client, f"{broker.QUEUE}:{broker.QUEUE}"
    client.close()


@pytest.fixture
def sent(_queue):
    """Tells the jobs that wait in the real queue, in their order, as (job, arguments)."""
    client, queue = _queue

    def sent():
        messages = [dramatiq.Message.decode(client.hget(f"{queue}.msgs", name)) for name in client.lrange(queue, 0, -1)]
        return [(Job(message.actor_name), message.args) for message in messages]

    client.flushdb()
    return sent


@pytest.fixture
def refused(database, sent):
    """Expects a block to be refused with these codes, to change nothing and to send nothing."""

    @asynccontextmanager
    async def refused(*codes):
        before = await make.everything(database), sent()
        with pytest.raises(DomainError) as caught:
            yield caught
        assert tuple(error.code for error in caught.value.errors) == codes
        assert (await make.everything(database), sent()) == before

    return refused


@pytest.fixture
def patient(monkeypatch):
    """Nothing comes so late that a digest tells of it."""
    monkeypatch.setenv("FOLD_HOURS", "1000000")
    settings.settings.cache_clear()
    yield
    monkeypatch.undo()
    settings.settings.cache_clear()


@pytest.fixture
async def workspace(database):
    """A workspace whose team North has the reps Ada and Bob and is led by Sue."""
    return await make.workspace("Acme")


@pytest.fixture
async def admin(workspace):
    return await tokens.of_user(workspace.admin)


@pytest.fixture
async def ada(workspace):
    """A rep."""
    return await tokens.of_user(workspace.ada)


@pytest.fixture
async def bob(workspace):
    """A rep of the same team."""
    return await tokens.of_user(workspace.bob)


@pytest.fixture
async def sue(workspace):
    """The supervisor of both."""
    return await tokens.of_user(workspace.sue)


@pytest.fixture
def team(workspace):
    """The id of the team of all three."""
    return workspace.team


@pytest.fixture
async def other(database):
    """The admin of another workspace, which has the same people."""
    return await tokens.of_user((await make.workspace("Other")).admin)


@pytest.fixture
def files(tmp_path, monkeypatch):
    """The folder in which the bytes of attachments are kept."""
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    settings.settings.cache_clear()
    yield tmp_path / "attachments"
    monkeypatch.undo()
    settings.settings.cache_clear()
