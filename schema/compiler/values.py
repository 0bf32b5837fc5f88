"""Values of a request and where they came from, so that a statement made for one request serves the next."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from typing import Any
from uuid import UUID

from graphql import (
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLList,
    GraphQLNonNull,
    ListValueNode,
    NullValueNode,
    ObjectValueNode,
    Undefined,
    ValueNode,
    VariableNode,
    value_from_ast,
)

from schema.compiler.errors import CompileError, InvalidId

Variables = Mapping[str, Any]
Path = tuple[str | int, ...]
ROOT = "$root"  # no variable of a document has this name
FARTHEST = timedelta(days=1_000_000)


@dataclass(frozen=True, eq=False)
class Constant:
    """A value written in the document; its own, whatever else is equal."""

    value: Any

    def read(self, _variables: Variables) -> Any:
        """Return the value."""
        return self.value


@dataclass(frozen=True)
class Variable:
    """A value inside a variable."""

    path: Path

    def read(self, variables: Variables) -> Any:
        """Walk to the value; what is absent reads as None."""
        value: Any = variables
        for step in self.path:
            value = value[step]
        return value


@dataclass(frozen=True)
class Several:
    """A list in the document, whose items may be variables."""

    items: "tuple[Source, ...]"

    def read(self, variables: Variables) -> list[Any]:
        """Read each item."""
        return [item.read(variables) for item in self.items]


Source = Constant | Variable | Several


@dataclass(frozen=True)
class Given:
    """An argument's value together with its source; objects and lists hold further ones."""

    value: Any
    source: Source

    def get(self, name: str) -> "Given | None":
        """Return a field of an input object, if it was given."""
        found: Given | None = self.value.get(name)
        return found


def given(node: ValueNode, type_: GraphQLInputType, variables: Variables) -> Given | None:
    """Coerce a value of the document, remembering which parts are variables; None for a variable without a value."""
    if isinstance(type_, GraphQLNonNull):
        return given(node, type_.of_type, variables)
    if isinstance(node, VariableNode):
        name = node.name.value
        return _expand(variables[name], (name,)) if name in variables else None
    if isinstance(node, ObjectValueNode) and isinstance(type_, GraphQLInputObjectType):
        parts = {
            part.name.value: given(part.value, type_.fields[part.name.value].type, variables)
            for part in node.fields or ()
        }
        return Given({name: part for name, part in parts.items() if part is not None}, Constant(None))
    if isinstance(type_, GraphQLList) and not isinstance(node, NullValueNode):
        several = node.values or () if isinstance(node, ListValueNode) else (node,)  # one item may stand for its list
        items = [_item(each, type_.of_type, variables) for each in several]
        return Given(items, Several(tuple(item.source for item in items)))
    value = value_from_ast(node, type_)
    return None if value is Undefined else Given(value, Constant(value))


def _item(node: ValueNode, type_: GraphQLInputType, variables: Variables) -> Given:
    return given(node, type_, variables) or Given(None, Constant(None))


def _expand(value: Any, path: Path) -> Given:
    source = Variable(path)
    if isinstance(value, dict):
        return Given({name: _expand(each, (*path, name)) for name, each in value.items()}, source)
    if isinstance(value, list):
        return Given([_expand(each, (*path, index)) for index, each in enumerate(value)], source)
    return Given(value, source)


def shape(value: Any) -> Any:
    """Reduce a variable's value to what a statement's text may depend on; texts, dates and ids are bound instead.

    Of a text only its being blank counts: a blank search is none.
    """
    if isinstance(value, dict):
        return tuple((name, shape(each)) for name, each in value.items())
    if isinstance(value, list):
        return tuple(shape(each) for each in value) if any(isinstance(each, dict | Enum) for each in value) else list
    if isinstance(value, str):
        return str, not value.strip()
    if value is None or isinstance(value, bool | int | Enum):
        return type(value), value
    return type(value)


def encode_id(prefix: str, key: UUID) -> str:
    """Write an id as clients see it."""
    return f"{prefix}_{key.hex}"


def decode_id(prefix: str, text: str) -> UUID:
    """Read an id of the type that the prefix names; raises InvalidId."""
    given_prefix, _, digits = text.rpartition("_")
    if given_prefix == prefix and len(digits) == 32 and digits.isascii() and digits.isalnum():
        try:
            return UUID(int=int(digits, 16))
        except ValueError:
            pass
    message = f"{text[:80]!r} is not the id of a {prefix}: such ids look like {prefix}_ and 32 hexadecimal digits."
    raise InvalidId(message)


def id_reader(prefix: str) -> Callable[[Any], Any]:
    """Make the conversion of bound ids, single or in lists."""
    return _IdReader(prefix)


@dataclass(frozen=True)
class _IdReader:
    prefix: str

    def __call__(self, value: Any) -> Any:
        if isinstance(value, list):
            return [decode_id(self.prefix, each) for each in value]
        return decode_id(self.prefix, value)


def plain(value: Any) -> Any:
    """Give enums to the database by their stored value."""
    if isinstance(value, list):
        return [plain(each) for each in value]
    return value.value if isinstance(value, Enum) else value


def is_duration(value: Any) -> bool:
    """Tell a time from now from a time."""
    return isinstance(value, timedelta)


def durations(values: list[Any]) -> list[Any]:
    """Keep the times from now."""
    return [near(each) for each in values if is_duration(each)]


def near(value: Any) -> Any:
    """Return durations, single or in lists, that PostgreSQL can count with; raises CompileError for longer ones."""
    for each in value if isinstance(value, list) else [value]:
        if each is not None and abs(each) > FARTHEST:
            message = f"A duration in a filter may be at most {FARTHEST.days} days."
            raise CompileError(message)
    return value


def instants(values: list[Any]) -> list[Any]:
    """Keep the times that are not from now."""
    return [each for each in values if not is_duration(each)]
