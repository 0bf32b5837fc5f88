"""The plan of a statement: a tree of frozen dataclasses between a selection and its SQL."""

import typing
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from schema.compiler.catalog import Kind, Node, Value
from schema.compiler.merged import Merged
from schema.compiler.values import Source


@dataclass(frozen=True)
class Bound:
    """A parameter: where its value comes from, its PostgreSQL type, and how it is converted first."""

    source: "Source | CursorValue"
    type: str
    convert: Callable[[typing.Any], typing.Any] | None = None


EQUAL, AMONG = "{v} = {0}", "{v} = any({0})"


@dataclass(frozen=True)
class Compare:
    """The template, over the value `{v}` and the parameters `{0}`, `{1}` and so on."""

    value: Value
    template: str
    bounds: tuple[Bound, ...] = ()


@dataclass(frozen=True)
class Raw:
    """A condition in SQL over `{t}`."""

    sql: str


@dataclass(frozen=True)
class All:
    """All of the conditions hold."""

    conditions: "tuple[Condition, ...]"


@dataclass(frozen=True)
class Any:
    """At least one of the conditions holds."""

    conditions: "tuple[Condition, ...]"


@dataclass(frozen=True)
class Not:
    """The condition does not hold; unknown counts as not holding."""

    condition: "Condition"


@dataclass(frozen=True)
class Exists:
    """A visible row of another type, joined by `join`, fulfils the condition; `key` is the column that points to it."""

    node: Node
    join: str
    condition: "Condition"
    key: str | None = None


Condition = Compare | Raw | All | Any | Not | Exists


def every(conditions: Iterable[Condition]) -> Condition:
    """Join conditions that must all hold, without empty or nested joints."""
    flat: list[Condition] = []
    for each in conditions:
        flat.extend(each.conditions if isinstance(each, All) else (each,))
    return flat[0] if len(flat) == 1 else All(tuple(flat))


def narrows(condition: Condition | None) -> bool:
    """Say whether a condition demands certain values of a key."""
    if isinstance(condition, Compare):
        return condition.value.kind is Kind.UUID and condition.template in {EQUAL, AMONG}
    return isinstance(condition, All) and any(map(narrows, condition.conditions))


@dataclass(frozen=True)
class SortKey:
    """One key of an order; `bounds` are the parameters of its expression (a search's rank has some)."""

    value: Value
    descending: bool = False
    nulls_first: bool = False
    bounds: tuple[Bound, ...] = ()


@dataclass(frozen=True)
class Scope:
    """What a cursor is bound to: the list, its order, and the values of its filter."""

    text: str
    sources: tuple[Source, ...]


@dataclass(frozen=True)
class Cursor:
    """A cursor that the request gave."""

    source: Source
    scope: Scope


@dataclass(frozen=True)
class CursorValue:
    """One of the sort values that a cursor holds."""

    cursor: Cursor
    index: int


@dataclass(frozen=True)
class Window:
    """Which rows of a list, in which order."""

    order: tuple[SortKey, ...]
    limit: int
    backward: bool
    after: Cursor | None
    before: Cursor | None
    scope: Scope


MARK = "$filling"  # no field of an answer has this name
TYPENAME = "__typename"


@dataclass(frozen=True)
class Text:
    """A constant text, such as a type's name."""

    text: str


@dataclass(frozen=True)
class Leaf:
    """A value as JSON."""

    value: Value


@dataclass(frozen=True)
class Id:
    """The row's own id."""

    prefix: str


@dataclass(frozen=True)
class Embedded:
    """An object of expressions, or a list of them; null where `when` does not hold."""

    fields: "tuple[Field, ...]"
    rows: str | None
    when: str | None


@dataclass(frozen=True)
class Facts:
    """The raw material of a computed field, marked with the number of what fills it in."""

    filling: int
    values: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Row:
    """One visible row of a node, or null; `key` is the column that points to it, if one does."""

    node: Node
    join: str
    fields: "tuple[Field, ...]"
    bounds: tuple[Bound, ...] = ()
    key: str | None = None


@dataclass(frozen=True)
class Choice:
    """The first row that is there, of several types; each with the column that must be set."""

    options: tuple[tuple[str, Row], ...]


@dataclass(frozen=True)
class Named:
    """The row that SQL for a type's name and for a key name, of several types."""

    type: str
    rows: "tuple[tuple[str, Row], ...]"


@dataclass(frozen=True)
class Label:
    """What people call the row that is named so, of the nodes that have a label, or, where none is named, a text."""

    type: str
    key: str
    otherwise: str
    nodes: tuple[Node, ...]


@dataclass(frozen=True)
class Rows:
    """A page of a node's rows; `fields` are those of the connection."""

    node: Node
    join: str | None
    follows: str | None
    condition: Condition | None
    window: Window
    fields: "tuple[ListField, ...]"
    merged: Merged | None = None


Output = Text | Leaf | Id | Embedded | Facts | Row | Choice | Named | Label | Rows


@dataclass(frozen=True)
class Field:
    """One entry of an answer's object."""

    key: str
    output: Output


@dataclass(frozen=True)
class ListField:
    """One entry of a connection: `what` is the field's GraphQL name."""

    key: str
    what: str
    fields: tuple[Field, ...] = ()
    parts: "tuple[ListField, ...]" = ()
