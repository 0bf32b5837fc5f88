"""Comparing the real server with the naive one."""

import uuid
from base64 import urlsafe_b64decode
from contextlib import asynccontextmanager

import orjson

import schema
from domain import signatures
from tests.schema.compiler.asking import ask

WRONG = "wrong"  # is no cursor of any list
REAL = schema.schema._schema


def told_of(cursor):
    """What the naive server is told instead of a cursor."""
    return "cursor:wrong" if cursor == WRONG else row_of(cursor)


def row_of(cursor):
    """The row that a cursor stands for."""
    payload = orjson.loads(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))[16:])
    return f"cursor:{uuid.UUID(payload[-1])}"


def led_to(url, expected):
    """The row, and for whom, that a signed URL stands for."""
    purpose, token = expected.split(":")[1], url.rpartition("/")[2].removesuffix(".ics")
    row, user, _ = signatures.read(purpose, token, now=0)  # it was made at the start of the transaction
    return f"signed:{purpose}:{row}:{user}"


def without_cursors(real, expected):
    """The real answer with rows in the place of cursors, which only the server can make."""
    if isinstance(expected, dict) and isinstance(real, dict):
        return {key: without_cursors(value, expected.get(key)) for key, value in real.items()}
    if isinstance(expected, list) and isinstance(real, list) and len(real) == len(expected):
        return [without_cursors(*pair) for pair in zip(real, expected, strict=True)]
    if isinstance(expected, str) and expected.startswith("signed:") and real:
        return led_to(real, expected)
    return row_of(real) if isinstance(expected, str) and expected.startswith("cursor:") and real else real


@asynccontextmanager
async def undone(connection):
    """A savepoint, so that a statement that fails leaves the next document its transaction."""
    transaction = connection.transaction()
    await transaction.start()
    yield
    await transaction.rollback()


def differences(got, expected, path=""):
    """Where two answers differ, each place with what was got and what was expected."""
    if isinstance(got, dict) and isinstance(expected, dict) and list(got) == list(expected):
        return [each for key in got for each in differences(got[key], expected[key], f"{path}.{key}")]
    if isinstance(got, list) and isinstance(expected, list) and len(got) == len(expected):
        pairs = enumerate(zip(got, expected, strict=True))
        return [each for place, pair in pairs for each in differences(*pair, f"{path}[{place}]")]
    return [] if orjson.dumps(got) == orjson.dumps(expected) else [f"{path}: got {got!r}, expected {expected!r}"]


async def compare(reference, context, text, variables, cursors=()):
    """Run a document both ways and expect the same."""
    async with undone(context.database.connection):
        real = await ask(REAL, context, text, variables)
    told = {name: told_of(value) if name in cursors and value else value for name, value in variables.items()}
    expected = reference.ask(context.by, text, told)
    assert sorted(real.errors) == sorted(expected.errors), f"got {real.errors}, expected {expected.errors}"
    got = without_cursors(real.data, expected.data)
    differing = differences(got, expected.data)
    assert not differing, "\n".join(differing)
    assert len(real.statements) == len(real.data) - len(real.errors)
    return real
