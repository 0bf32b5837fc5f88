"""Reading: a root field's selection is planned, written, cached, and answered by one statement."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import orjson
from graphql import FieldNode, GraphQLResolveInfo, GraphQLSchema, OperationDefinitionNode

from schema.compiler import parameters
from schema.compiler import plan as p
from schema.compiler.catalog import Catalog, Viewer
from schema.compiler.computed import fill
from schema.compiler.filters import Filters
from schema.compiler.roots import Root, Seed
from schema.compiler.select import Selector, behind
from schema.compiler.sql import Writer
from schema.compiler.values import ROOT, Variables, shape

MOST = 1024


class Database(Protocol):
    """Where statements are run."""

    async def json(self, statement: str, values: Sequence[object]) -> bytes | None:
        """Run a statement that answers one JSON value."""


@dataclass(frozen=True)
class Statement:
    """A written statement; it holds the nodes of the document whose identities are its key in the cache."""

    text: str
    parameters: tuple[parameters.Parameter, ...]
    fillings: tuple[p.Filling, ...]
    made_for: tuple[OperationDefinitionNode, FieldNode]


@dataclass
class Reader:
    """Compiles and reads; one for the life of the process.

    `targets` names the node behind each relation and list, by type and field.
    """

    schema: GraphQLSchema
    catalog: Catalog
    targets: Mapping[tuple[str, str], str]
    statements: dict[object, Statement] = field(default_factory=dict)

    async def read(
        self,
        info: GraphQLResolveInfo,
        root: Root,
        source: Any,
        arguments: dict[str, Any],
        viewer: Viewer,
        database: Database,
    ) -> orjson.Fragment | None:
        """Answer a root field, or a payload's field, for a viewer; None when there is no such row.

        Raises CompileError for arguments that no statement can be made of.
        """
        node = behind(info.parent_type.fields[info.field_name])
        seed = root.seed(self.catalog, source, arguments, node)
        if seed is None:
            return None
        variables = {**info.variable_values.coerced, ROOT: seed.value}
        statement = self.statement(info, root, seed, variables, viewer)
        values = parameters.read(statement.parameters, variables, viewer, self.catalog.secret)
        answer = await database.json(statement.text, values)
        if answer is None:
            return None
        return orjson.Fragment(fill(answer, statement.fillings, viewer) if statement.fillings else answer)

    def statement(
        self, info: GraphQLResolveInfo, root: Root, seed: Seed, variables: Variables, viewer: Viewer
    ) -> Statement:
        """Return the statement for a selection, from the cache if it was written before; the least used goes first."""
        operation, selected = info.operation, info.field_nodes[0]
        shapes = tuple((name, shape(value)) for name, value in variables.items() if name != ROOT)
        key = (id(operation), id(selected), seed.prefixes, viewer.kind, shapes)
        found = self.statements.pop(key, None)
        if found is None:
            if len(self.statements) >= MOST:
                del self.statements[next(iter(self.statements))]
            found = self._write(info, root, seed, variables, viewer)
        self.statements[key] = found
        return found

    def _write(
        self, info: GraphQLResolveInfo, root: Root, seed: Seed, variables: Variables, viewer: Viewer
    ) -> Statement:
        filters = Filters(self.catalog, self.targets)
        selector = Selector(self.schema, filters, info.fragments, variables)
        writer = Writer(self.catalog, viewer.kind)
        text = root.write(selector, writer, info, seed)
        made_for = (info.operation, info.field_nodes[0])
        return Statement(text, tuple(writer.parameters), tuple(selector.fillings), made_for)
