"""What an object in memory answers without asking anybody: leaves, lists of them, and objects that have only such."""

from collections.abc import Callable, Sequence
from typing import Any

from graphql import (
    FieldNode,
    GraphQLEnumType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLScalarType,
    SelectionNode,
)

Plain = Callable[[Any], Any]
"""Makes JSON of a value."""


def named(nodes: Sequence[SelectionNode]) -> dict[str, FieldNode] | None:
    """Return selected fields by the names they are answered by; None where more than that decides what is selected."""
    found: dict[str, FieldNode] = {}
    for node in nodes:
        if not isinstance(node, FieldNode) or node.directives or (key := (node.alias or node.name).value) in found:
            return None
        found[key] = node
    return found


def plain(type_: GraphQLOutputType, node: FieldNode) -> Plain | None:
    """Return how to write a field's value as the executor would, or None if it takes the executor."""
    if isinstance(type_, GraphQLNonNull):
        return plain(type_.of_type, node)
    if isinstance(type_, GraphQLScalarType | GraphQLEnumType):
        return _or_null(type_.coerce_output_value)
    if isinstance(type_, GraphQLList):
        each = plain(type_.of_type, node)
        return each and _or_null(lambda values: [each(value) for value in values])
    return _object(type_, node) if isinstance(type_, GraphQLObjectType) else None


def attribute(type_: GraphQLObjectType, node: FieldNode) -> Plain | None:
    """Return how to write a field of an object by what the object holds, or None if it takes the executor."""
    if node.name.value == "__typename":
        return lambda _value: type_.name
    place = type_.fields.get(node.name.value)
    if place is None or not getattr(place.resolve, "_is_default", False):
        return None
    name, write = place.extensions["strawberry-definition"].python_name, plain(place.type, node)
    return write and (lambda value: write(getattr(value, name)))


def _object(type_: GraphQLObjectType, node: FieldNode) -> Plain | None:
    nodes = named(node.selection_set.selections if node.selection_set else ())
    parts = {key: attribute(type_, each) for key, each in (nodes or {}).items()}
    known = {key: part for key, part in parts.items() if part}
    if nodes is None or len(known) < len(nodes):
        return None
    return _or_null(lambda value: {key: part(value) for key, part in known.items()})


def _or_null(write: Plain) -> Plain:
    return lambda value: None if value is None else write(value)
