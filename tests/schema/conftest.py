"""The running app, and whoever asks it."""

import asyncio
from contextlib import asynccontextmanager

import httpx2
import pytest

import settings as config
from models import User
from schema.app import make_app
from schema.auth import issue_token
from schema.compiler.values import encode_id
from tests import make


@pytest.fixture(scope="session")
def chosen(servers, database_url):
    """The settings of the app under test."""
    urls = {"database_url": database_url, "redis_url": servers.redis_url}
    return config.Settings(_env_file=None, environment="development", pool_size=10, principal_seconds=0, **urls)


@pytest.fixture(scope="session")
async def app(chosen, _opened, _queue):
    """The app, started."""
    app = make_app(chosen)
    started, stop = asyncio.Event(), asyncio.Event()

    async def live():
        async with app.router.lifespan_context(app):
            started.set()
            await stop.wait()

    living = asyncio.create_task(live())
    waiting = asyncio.create_task(started.wait())
    await asyncio.wait({living, waiting}, return_when=asyncio.FIRST_COMPLETED)
    waiting.cancel()
    assert not living.done(), living.exception()
    yield app
    stop.set()
    await living


@pytest.fixture(scope="session")
async def http(app):
    """A client of the app, without a token."""
    transport = httpx2.ASGITransport(app=app)
    async with httpx2.AsyncClient(transport=transport, base_url="http://app") as client:
        yield client


@pytest.fixture
def graphql(http, chosen, database):
    """Asks as a principal, or with a token, and answers the JSON of the whole answer."""

    async def graphql(whose, document, **variables):
        bearer = whose if isinstance(whose, str) else issue_token(await User.get(id=whose.id), chosen=chosen)
        request = {"query": document, "variables": variables}
        answer = await http.post("/graphql", json=request, headers={"Authorization": f"Bearer {bearer}"})
        return answer.json()

    return graphql


@pytest.fixture
def mutate(graphql):
    """Does a mutation that is asked for by its field and what it takes, and answers its payload."""

    async def mutate(whose, name, selection, /, **input):
        kind = f"{name[0].upper()}{name[1:]}Input"
        document = f"mutation ($input: {kind}!) {{ {name}(input: $input) {{ {selection} }} }}"
        answer = await graphql(whose, document, input=input)
        assert "errors" not in answer, answer
        return answer["data"][name]

    return mutate


@pytest.fixture
def nothing_changed(database, sent):
    """Expects a block to change nothing and to send nothing."""

    @asynccontextmanager
    async def nothing_changed():
        before = await make.everything(database), sent()
        yield
        assert (await make.everything(database), sent()) == before

    return nothing_changed


@pytest.fixture(scope="session")
def id_of():
    """Writes a key as clients see it: `id_of("task", key)`."""
    return encode_id
