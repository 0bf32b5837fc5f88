"""Random documents get the same answer from the compiler and from a naive server, in one statement a root field."""

import os
import random
import uuid
from base64 import urlsafe_b64decode
from contextlib import asynccontextmanager

import orjson
import pytest

import schema
from schema.context import Context
from tests.schema.compiler.asking import ask, faults
from tests.schema.compiler.documents import Writer
from tests.schema.compiler.reference import Reference
from tests.schema.compiler.values import SEARCHES, Values
from tests.schema.compiler.world import World

DOCUMENTS = int(os.environ.get("FIELDGRAPH_DOCUMENTS", "300"))
SEED = int(os.environ.get("FIELDGRAPH_SEED", "1"))
REAL = schema.schema._schema


@pytest.fixture(scope="session")
async def world(reading):
    world = await World.load(reading.connection)
    for word in SEARCHES:
        await world.search(reading.connection, word)
    return world


@pytest.fixture(scope="session")
def reference(world):
    return Reference(REAL, world)


def people(world):
    return [user for user in world.rows["User"].values() if user["active"]]


def row_of(cursor):
    """The row that a cursor stands for."""
    payload = orjson.loads(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))[16:])
    return f"cursor:{uuid.UUID(payload[-1])}"


def without_cursors(real, expected):
    """The real answer with rows in the place of cursors, which only the server can make."""
    if isinstance(expected, dict) and isinstance(real, dict):
        return {key: without_cursors(value, expected.get(key)) for key, value in real.items()}
    if isinstance(expected, list) and isinstance(real, list) and len(real) == len(expected):
        return [without_cursors(*pair) for pair in zip(real, expected, strict=True)]
    return row_of(real) if isinstance(expected, str) and expected.startswith("cursor:") and real else real


def cursors_in(answer, alias):
    """All cursors in an answer under an alias."""
    if isinstance(answer, dict):
        return [
            c
            for key, value in answer.items()
            for c in ([value] if key == alias and isinstance(value, str) else cursors_in(value, alias))
        ]
    return [c for value in answer for c in cursors_in(value, alias)] if isinstance(answer, list) else []


def written(seed, reference, world):
    """A valid document by a seed, and who runs it."""
    rng = random.Random(seed)
    user = rng.choice(people(world))
    by = world.principal(user)
    while True:
        writer = Writer(reference.schema, Values(world, by, rng), rng)
        document = writer.document()
        if not faults(REAL, document.text):
            return document, by


@asynccontextmanager
async def undone(connection):
    """A savepoint, so that a statement that fails leaves the next document its transaction."""
    transaction = connection.transaction()
    await transaction.start()
    yield
    await transaction.rollback()


async def compare(reference, context, document, variables):
    """Run a document both ways and expect the same."""
    async with undone(context.database.connection):
        real = await ask(REAL, context, document.text, variables)
    told = {name: row_of(value) if name in document.cursors and value else value for name, value in variables.items()}
    expected = reference.ask(context.by, document.text, told)
    assert real.errors == expected.errors
    got = without_cursors(real.data, expected.data)
    assert orjson.dumps(got) == orjson.dumps(expected.data)
    assert len(real.statements) == (0 if real.errors else len(real.data))
    return real


@pytest.mark.parametrize("part", range(10))
async def test_random_documents_get_the_answer_of_a_naive_server(part, reference, world, reading):
    for seed in range(part, DOCUMENTS, 10):
        document, by = written(SEED * 1_000_000 + seed, reference, world)
        context = Context(by, reading)
        variables = first = document.choose()
        try:
            answer = await compare(reference, context, document, variables)
            variables = document.choose()
            await compare(reference, context, document, variables)
            found = {name: cursors_in(answer.data, name) for name in document.cursors}
            variables = first | {name: document.rng.choice(each) for name, each in found.items() if each}
            await compare(reference, context, document, variables)
        except BaseException as error:
            error.add_note(f"seed {SEED * 1_000_000 + seed}, {by.role} {by.id}:\n{document.text}\n{variables}")
            raise
