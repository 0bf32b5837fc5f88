"""The app behind a real port of this machine, and a workspace that is opened but empty."""

import asyncio

import pytest
import uvicorn

import sample
import settings
from domain import accounts
from models import User
from schema.app import make_app
from schema.auth import issue_token


@pytest.fixture
async def url(database, servers, database_url, files, _queue):
    """Where the app listens."""
    chosen = settings.Settings(_env_file=None, database_url=database_url, redis_url=servers.redis_url)
    server = uvicorn.Server(uvicorn.Config(make_app(chosen), port=0, log_level="error"))
    serving = asyncio.create_task(server.serve())
    async with asyncio.timeout(10):
        while not server.started:  # noqa: ASYNC110 -- uvicorn tells nobody
            await asyncio.sleep(0.01)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}/graphql"
    server.should_exit = True
    await serving


@pytest.fixture
async def admin_token(database):
    """A token of Kestrel Coffee's admin."""
    _, admin = await accounts.workspace_create(**sample.WORKSPACE)
    return issue_token(await User.get(id=admin))
