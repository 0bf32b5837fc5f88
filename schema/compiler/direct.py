"""The short way: compiled fields and mutations are answered without an executor between request and statements."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from graphql import (
    DocumentNode,
    ExecutionResult,
    FieldNode,
    FragmentDefinitionNode,
    GraphQLError,
    GraphQLField,
    GraphQLObjectType,
    GraphQLSchema,
    OperationDefinitionNode,
    OperationType,
    Undefined,
    get_named_type,
    get_variable_values,
    is_non_null_type,
    located_error,
    print_ast,
    value_from_ast,
)

from schema.compiler.plain import Plain, attribute, named
from schema.compiler.reader import Reads
from schema.compiler.selection import Selection

Select = Callable[[GraphQLField, FieldNode], Selection]


class Acts:
    """The resolver of a mutation, which takes a selection in the place of an info."""


@dataclass(frozen=True, slots=True)
class Way:
    """A field that is resolved: a compiled one, or a mutation, with the fields that are selected of its payload."""

    selection: Selection
    parts: "Mapping[str, Way | Plain] | None" = None

    def input(self, variables: Mapping[str, Any]) -> dict[str, Any]:
        """Return a mutation's arguments; compiled fields read theirs themselves."""
        place, (node, *_) = self.selection.place, self.selection.nodes
        values = {each.name.value: each.value for each in node.arguments or ()}
        return {name: value_from_ast(value, place.args[name].type, dict(variables)) for name, value in values.items()}


@dataclass(slots=True)
class Answering:
    """One request on its way."""

    variables: Mapping[str, Any]
    context: Any
    errors: list[GraphQLError] = field(default_factory=list)

    async def resolve(self, way: Way, source: Any, path: list[str | int], **arguments: Any) -> Any:
        """Answer a field, which may be null, and is where it fails; the error is told."""
        place, nodes, operation, fragments, *_ = way.selection
        selection = Selection(place, nodes, operation, fragments, self.variables, self.context)
        resolve: Any = place.resolve
        try:
            if way.parts is None:
                return await resolve.read(selection, source)
            payload = await resolve(source, selection, **arguments)
        except Exception as error:  # noqa: BLE001 - whatever it is, the field is null and the view says what may be told
            self.errors.append(located_error(error, nodes, path))
            return None
        return {
            key: await self.resolve(part, payload, [*path, key]) if isinstance(part, Way) else part(payload)
            for key, part in way.parts.items()
        }


@dataclass(frozen=True, slots=True)
class Direct:
    """An operation that has the short way."""

    schema: GraphQLSchema
    operation: OperationDefinitionNode
    texts: frozenset[str]
    """The variables, if all of them are texts or ids: such values are what they are, without coercion."""
    ways: Mapping[str, Way]

    async def answer(self, variables: Mapping[str, Any], context: Any) -> ExecutionResult | None:
        """Return data and errors, or None, before anything is done, where an executor has to say what is wrong."""
        coerced = self._coerced(variables)
        if coerced is None:
            return None
        answering = Answering(coerced, context)
        if self.operation.operation is OperationType.QUERY:
            reading = [answering.resolve(way, None, [key]) for key, way in self.ways.items()]
            answers = await asyncio.gather(*reading) if len(reading) > 1 else [await reading[0]]
        else:
            inputs = {key: way.input(coerced) for key, way in self.ways.items()}
            if any(value is Undefined for each in inputs.values() for value in each.values()):
                return None
            answers = [await answering.resolve(way, None, [key], **inputs[key]) for key, way in self.ways.items()]
        return ExecutionResult(dict(zip(self.ways, answers, strict=True)), answering.errors or None)

    def _coerced(self, variables: Mapping[str, Any]) -> Mapping[str, Any] | None:
        definitions = self.operation.variable_definitions
        if not definitions:
            return {}
        if self.texts and variables.keys() == self.texts and all(type(value) is str for value in variables.values()):
            return variables
        given = get_variable_values(self.schema, definitions, dict(variables))
        return None if isinstance(given, list) else given.coerced


def direct(schema: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode) -> Direct | None:
    """Return the short way for a valid operation, or None if it has none.

    It has none where directives, fragments or repeated names decide what is selected at the root or of a payload, with
    fields there that are neither compiled nor plain, and with fields that may not be null.
    """
    parent = schema.get_root_type(operation.operation)
    nodes = named(operation.selection_set.selections)
    if operation.directives or nodes is None or parent is None:
        return None
    fragments = {each.name.value: each for each in document.definitions if isinstance(each, FragmentDefinitionNode)}

    def select(place: GraphQLField, node: FieldNode) -> Selection:
        return Selection(place, [node], operation, fragments, {}, None)

    found = {key: _way(parent, node, select) for key, node in nodes.items()}
    ways = {key: way for key, way in found.items() if isinstance(way, Way)}
    return Direct(schema, operation, _texts(operation), ways) if len(ways) == len(nodes) else None


def _texts(operation: OperationDefinitionNode) -> frozenset[str]:
    definitions = operation.variable_definitions or ()
    types = {each.variable.name.value: print_ast(each.type).rstrip("!") for each in definitions}
    return frozenset(types) if set(types.values()) <= {"ID", "String"} else frozenset()


def _way(parent: GraphQLObjectType, node: FieldNode, select: Select) -> Way | Plain | None:
    place = parent.fields.get(node.name.value)
    if place is None or not isinstance(place.resolve, Reads | Acts):
        return attribute(parent, node)
    if is_non_null_type(place.type):
        return None
    if isinstance(place.resolve, Reads):
        return Way(select(place, node))
    payload, nodes = get_named_type(place.type), named(node.selection_set.selections if node.selection_set else ())
    if nodes is None or not isinstance(payload, GraphQLObjectType):
        return None
    parts = {key: _way(payload, each, select) for key, each in nodes.items()}
    known = {key: part for key, part in parts.items() if part}
    return Way(select(place, node), known) if len(known) == len(nodes) else None
