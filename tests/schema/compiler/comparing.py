"""Comparing the real server with the naive one."""

import uuid
from base64 import urlsafe_b64decode
from contextlib import asynccontextmanager

import orjson

import schema
from tests.schema.compiler.asking import ask

REAL = schema.schema._schema


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


@asynccontextmanager
async def undone(connection):
    """A savepoint, so that a statement that fails leaves the next document its transaction."""
    transaction = connection.transaction()
    await transaction.start()
    yield
    await transaction.rollback()


async def compare(reference, context, text, variables, cursors=()):
    """Run a document both ways and expect the same."""
    async with undone(context.database.connection):
        real = await ask(REAL, context, text, variables)
    told = {name: row_of(value) if name in cursors and value else value for name, value in variables.items()}
    expected = reference.ask(context.by, text, told)
    assert real.errors == expected.errors, (real.errors, expected.errors)
    got = without_cursors(real.data, expected.data)
    assert orjson.dumps(got) == orjson.dumps(expected.data)
    assert len(real.statements) == (0 if real.errors else len(real.data))
    return real
