"""Reading: a root field's selection is planned, written, cached, and answered by one statement."""

import asyncio
from collections.abc import Awaitable, Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson
from graphql import GraphQLResolveInfo, GraphQLSchema, Node

from schema.compiler import parameters
from schema.compiler import plan as p
from schema.compiler.catalog import Catalog
from schema.compiler.computed import Filling, fill
from schema.compiler.filters import Filters
from schema.compiler.roots import Root, Seed
from schema.compiler.select import Selector
from schema.compiler.selection import Selection
from schema.compiler.sql import Writer
from schema.compiler.values import ROOT, Variables, shape

MOST = 1024


@dataclass(frozen=True)
class Statement:
    """A written statement; it holds the nodes of the document whose identities are its key in the cache."""

    text: str
    parameters: tuple[parameters.Parameter, ...]
    unread: tuple[p.Cursor, ...]
    fillings: tuple[Filling, ...]
    made_for: tuple[Node, ...]


@dataclass
class Reader:
    """Compiles and reads; one for the life of the process.

    `targets` names the node behind each relation and list, by type and field.
    """

    schema: GraphQLSchema
    catalog: Catalog
    targets: Mapping[tuple[str, str], str]
    statements: dict[object, Statement] = field(default_factory=dict)

    async def read(self, selection: Selection, root: Root, source: Any) -> orjson.Fragment | None:
        """Answer a root field, or a payload's field, for the context's viewer; None when there is no such row.

        Raises CompileError for arguments that no statement can be made of.
        """
        seed = root.seed(self.catalog, source, selection)
        if seed is None:
            return None
        variables, viewer = {**selection.variables, ROOT: seed.value}, selection.context.viewer
        statement = await self.statement(selection, root, seed, variables)
        parameters.check(statement.unread, variables, self.catalog.secret)
        values = parameters.read(statement.parameters, variables, viewer, self.catalog.secret)
        answer = await selection.context.database.json(statement.text, values)
        if answer is None:
            if seed.otherwise:
                raise seed.otherwise
            return None
        return orjson.Fragment(fill(answer, statement.fillings, viewer) if statement.fillings else answer)

    async def statement(self, selection: Selection, root: Root, seed: Seed, variables: Variables) -> Statement:
        """Return the statement for a selection, from the cache if it was written before; the least used goes first."""
        shapes = tuple((name, shape(value)) for name, value in variables.items() if name != ROOT)
        # Fields of one answer may share nodes by a fragment: it takes all of a field's nodes to tell it from others.
        nodes = tuple(id(node) for node in (selection.operation, *selection.nodes))
        key = (nodes, seed.prefixes, selection.context.viewer.kind, shapes)
        found = self.statements.pop(key, None)
        if found is None:
            async with selection.context.turn:
                await asyncio.sleep(0)
                found = self._write(selection, root, seed, variables)
            if len(self.statements) >= MOST:
                del self.statements[next(iter(self.statements))]
        self.statements[key] = found
        return found

    def _write(self, selection: Selection, root: Root, seed: Seed, variables: Variables) -> Statement:
        filters = Filters(self.catalog, self.targets)
        selector = Selector(self.schema, filters, selection.fragments, variables)
        writer = Writer(self.catalog, selection.context.viewer.kind)
        text = root.write(selector, writer, selection, seed)
        made_for = (selection.operation, *selection.nodes)
        return Statement(text, tuple(writer.parameters), tuple(writer.unread), tuple(selector.fillings), made_for)


@dataclass(frozen=True)
class Reads:
    """The resolver of a compiled field. It reads its arguments from the document, where validation found them right.

    A list's arguments are large types, and what their text means is known since its statement was written.
    """

    reader: Reader
    root: Root

    def __call__(
        self, source: Any, info: GraphQLResolveInfo[Any], **_arguments: Any
    ) -> Awaitable[orjson.Fragment | None]:
        """Resolve the field for an executor."""
        return self.reader.read(Selection.of(info), self.root, source)

    def read(self, selection: Selection, source: Any) -> Awaitable[orjson.Fragment | None]:
        """Resolve the field of a source without one."""
        return self.reader.read(selection, self.root, source)
