"""Asking the real schema: a document is executed for a principal, and the statements that it took are counted."""

import asyncio
from dataclasses import dataclass, field
from functools import lru_cache

import orjson
from graphql import execute, get_operation_ast, parse, validate
from strawberry.execution import optimized_is_awaitable

from schema.compiler.direct import direct
from schema.compiler.executor import Compiled


@lru_cache(maxsize=64)
def document(text):
    """A document, the same for the same text, as the server keeps it."""
    return parse(text)


@dataclass
class Counting:
    """One connection, which remembers the statements that were run on it."""

    connection: object
    statements: list = field(default_factory=list)
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    @classmethod
    async def over(cls, connection):
        """Hand JSON on as bytes, as the server does."""
        await connection.set_type_codec("json", schema="pg_catalog", encoder=bytes, decoder=bytes, format="binary")
        return cls(connection)

    async def json(self, statement, values):
        """Run a statement."""
        self.statements.append(statement)
        async with self.lock:
            return await self.connection.fetchval(statement, *values)


@dataclass
class Answer:
    """What came of a document: its data, its errors as (code, path), and the statements that were run."""

    data: object
    errors: list
    statements: list

    @property
    def codes(self):
        return [code for code, _ in self.errors]


def described(errors):
    """Errors by what clients go by."""
    return [((error.extensions or {}).get("code", error.message), error.path) for error in errors or ()]


async def ask(schema, context, text, variables=None, *, operation=None):
    """Execute a document, which must be valid; where there is a short way, it leads to the same answer."""
    parsed = document(text)
    before = len(context.database.statements)
    result = execute(
        schema,
        parsed,
        context_value=context,
        variable_values=dict(variables or {}),
        operation_name=operation,
        executor_class=Compiled,
        is_awaitable=optimized_is_awaitable,
    )
    result = await result if asyncio.iscoroutine(result) else result
    data = orjson.loads(orjson.dumps(result.data))
    statements = context.database.statements[before:]
    way = direct(schema, parsed, get_operation_ast(parsed, operation))
    short = way and await way.answer(variables or {}, context)
    if short:
        assert orjson.loads(orjson.dumps(short.data)) == data
        assert sorted(map(str, described(short.errors))) == sorted(map(str, described(result.errors)))
    return Answer(data, described(result.errors), statements)


def faults(schema, text, rules=None):
    """What validation finds wrong with a document, by all rules or some."""
    return validate(schema, document(text), rules)
