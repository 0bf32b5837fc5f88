"""Two databases that are only read: random rows for the real schema, at one frozen instant, and the toy's."""

import asyncpg
import pytest

from schema.database import SESSION
from tests.schema.compiler import toy
from tests.schema.compiler.asking import Counting
from tests.schema.compiler.comparing import REAL
from tests.schema.compiler.dataset import Dataset
from tests.schema.compiler.reference import Reference
from tests.schema.compiler.values import SEARCHES
from tests.schema.compiler.world import World

SEED = 7


@pytest.fixture(scope="session")
async def reading(clone):
    """Counts statements on a database of random rows, in one transaction, so that `now()` stands still."""
    session = {name: value for name, value in SESSION.items() if name != "default_transaction_read_only"}
    connection = await asyncpg.connect(await clone("reading"), server_settings=session)
    await Dataset(SEED).store(connection)
    await connection.execute("analyze")
    transaction = connection.transaction(isolation="repeatable_read", readonly=True)
    await transaction.start()
    yield await Counting.over(connection)
    await transaction.rollback()
    await connection.close()


@pytest.fixture(scope="session")
async def world(reading):
    world = await World.load(reading.connection)
    for word in SEARCHES:
        await world.search(reading.connection, word)
    return world


@pytest.fixture(scope="session")
def reference(world):
    return Reference(REAL, world)


@pytest.fixture(scope="session")
async def library(servers, clone):
    """Counts statements on the toy's tables."""
    connection = await asyncpg.connect(await clone("library"), server_settings={"jit": "off", "timezone": "UTC"})
    await toy.store(connection)
    yield await Counting.over(connection)
    await connection.close()


@pytest.fixture
def reader(library):
    """Anna, who reads in the toy's library; nothing is compiled yet."""
    toy.reader.statements.clear()
    return toy.Context(toy.Viewer("reader"), library)
