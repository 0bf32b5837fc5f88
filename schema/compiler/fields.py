"""What topic files write: `@node` over a type, and a field for each column, relation, list or expression."""

import inspect
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, Optional, TypeVar

import strawberry
from strawberry.types.base import StrawberryList
from strawberry.types.field import StrawberryField
from strawberry.utils.str_converters import to_camel_case
from tortoise.models import Model

from schema.compiler import catalog as c
from schema.compiler import roots
from schema.compiler.merged import Merged
from schema.compiler.totals import Totals

T = TypeVar("T")
SPEC = "fieldgraph"


@strawberry.interface(description="Whatever has an id, and can be fetched again by it.")
class Node:
    """The interface of all types in the catalog."""

    id: strawberry.ID = strawberry.field(description="Typed, opaque and stable.", metadata={SPEC: c.Key()})


@strawberry.type(description="Where a page stands in its list.")
class PageInfo:
    """Relay's page info."""

    has_next_page: bool = strawberry.field(description="Whether rows follow this page.")
    has_previous_page: bool = strawberry.field(description="Whether rows come before this page.")
    start_cursor: str | None = strawberry.field(description="The cursor of the first row; null on an empty page.")
    end_cursor: str | None = strawberry.field(description="The cursor of the last row; null on an empty page.")


@strawberry.type(description="A row and its place in the list.")
class Edge(Generic[T]):
    """Relay's edge."""

    cursor: str = strawberry.field(description="Give it as `after` or `before` to go on from here.")
    node: T = strawberry.field(description="The row itself.")


@strawberry.type(description="A page of a list.")
class Connection(Generic[T]):
    """Relay's connection, with `nodes` for those who need no cursors."""

    nodes: list[T] = strawberry.field(description="The rows of this page, in order.")
    edges: list[Edge[T]] = strawberry.field(description="The rows of this page, each with its cursor.")
    page_info: PageInfo = strawberry.field(description="Whether there is more, and from where to go on.")
    total_count: int = strawberry.field(description="How many rows the whole list has; counted only when selected.")


@dataclass(frozen=True)
class Declared:
    """A column named later by its field, with what the declaration adds."""

    name: str | None
    sortable: bool


def _field(description: str, spec: Any) -> Any:
    return strawberry.field(description=description, metadata={SPEC: spec})


def column(description: str, name: str | None = None, *, sortable: bool = True) -> Any:
    """A column of the type's table; `name` where it differs from the field's."""
    return _field(description, Declared(name, sortable))


def sql(description: str, expression: str, *, sortable: bool = False) -> Any:
    """An SQL expression over `{t}`, the viewer's words and the catalog's macros; its type is the annotation's."""
    return _field(description, c.Value(f"({expression})", c.Kind.TEXT, sortable=sortable))


def one(description: str, by: str | None = None) -> Any:
    """The row that a key column points to: `<field>_id`, unless `by` names another column."""
    return _field(description, c.One(by or ""))


def one_of(description: str, **columns: str) -> Any:
    """The row that whichever of the columns is set points to: `Customer="customer_id"`; the annotation is a union."""
    return _field(description, c.OneOf(columns))


def named(description: str, type: str, key: str) -> Any:
    """The row that SQL for its GraphQL type's name and for its key name; the annotation is a union."""
    return _field(description, c.Named(type, key))


def page(description: str, *, by: str | None = None, where: str | None = None, order: str | None = None) -> Any:
    """A list of the rows whose key `by` points here, or that `where` joins (SQL over `{t}` and `{parent}`).

    `order` is the GraphQL field of theirs in whose order they come; without it they come in the order of their ids.
    """
    return _field(description, c.Page(where, f"{by}_id" if by else None, order))


def widened(description: str, wider: c.Wider) -> Any:
    """A list of the rows that an argument can make more."""
    return _field(description, c.Page(f"{{t}}.id in ({wider.own})", wider=wider))


def merged(description: str, spec: Merged) -> Any:
    """A list of rows of several types, as rows of one."""
    return _field(description, spec)


def embed(
    description: str, /, rows: str | None = None, when: str | None = None, **values: str | c.Named | c.Label
) -> Any:
    """An object made of expressions, by Python field name; a list of them, one for each of `rows` (a FROM item).

    It is null where `when` does not hold.
    """
    return _field(description, c.Embed({to_camel_case(name): sql for name, sql in values.items()}, rows, when))


def computed(description: str, function: Callable[[dict[str, Any], Any], Any], **facts: str) -> Any:
    """A value that a pure function makes of facts, which are SQL expressions by name."""
    return _field(description, c.Computed(function, facts))


def item(description: str) -> Any:
    """A root field: the row that the argument `id` names."""
    return _field(description, roots.ById())


def items(description: str) -> Any:
    """A root field: the rows that the argument `ids` names."""
    return _field(description, roots.ByIds())


def listing(description: str) -> Any:
    """A root field: all rows of a type, as a page; like every root field it is null where it fails."""
    return _field(description, roots.List())


def inside(description: str, argument: str, what: str, field: str) -> Any:
    """A root field: the merged list `field` of the row that the argument names; `what` says which row that is."""
    return _field(description, roots.Inside(argument, what, field))


def totals(description: str, spec: Totals) -> Any:
    """A root field: rows that are counted in groups."""
    return _field(description, spec)


def me(description: str) -> Any:
    """A root field: the row that is the viewer."""
    return _field(description, roots.Only("{t}.id = {me}"))


def only(description: str) -> Any:
    """A root field: the row of a type of which a workspace has one at most."""
    return _field(description, roots.Only("true"))


def changed(description: str, type_: type) -> Any:
    """A payload's field: the row of that type as it is now, for which the payload holds its UUID, or None."""
    return strawberry.field(
        description=description,
        metadata={SPEC: roots.Changed()},
        default=None,
        graphql_type=Optional[type_],  # noqa: UP045 - a value, not an annotation
    )


@dataclass(frozen=True)
class NodeType:
    """What `@node` was told about a type."""

    table: c.Table
    prefix: str
    searchable: bool
    hidden: c.Hidden | None
    label: str | None


def node(
    source: type[Model] | c.Table,
    *,
    prefix: str,
    searchable: bool = False,
    hidden: c.Hidden | None = None,
    label: str | None = None,
) -> Callable[[type[T]], type[T]]:
    """Make a class a GraphQL type over a table: its docstring is the description, `prefix` begins its ids.

    A searchable table has a column `search_text`. `label` is SQL for what people call a row.
    """
    table = source if isinstance(source, c.Table) else c.Table.of(source)

    def declare(cls: type[T]) -> type[T]:
        declared = strawberry.type(cls, description=inspect.getdoc(cls))
        declared.__fieldgraph__ = NodeType(table, prefix, searchable, hidden, label)  # type: ignore[attr-defined]
        return declared

    return declare


def specs(cls: Any, names: Callable[[StrawberryField], str]) -> Mapping[str, c.Spec]:
    """Read a node's fields, by GraphQL name, with what their columns and annotations add."""
    told: NodeType = cls.__fieldgraph__
    found = {}
    for each in cls.__strawberry_definition__.fields:
        if SPEC in each.metadata:
            found[names(each)] = _complete(each.metadata[SPEC], each, told.table)
    return found


def _complete(spec: Any, declared: StrawberryField, table: c.Table) -> c.Spec:
    name = declared.python_name
    if isinstance(spec, Declared):
        column = table.columns[spec.name or name]
        return c.Value(f"{{t}}.{column.name}", column.kind, column.nullable, column.enum, spec.sortable)
    if isinstance(spec, c.One):
        return c.One(spec.column or f"{name}_id")
    if isinstance(spec, c.Value):
        answer = declared.type
        inner = getattr(answer, "of_type", answer)
        kind, enum = c.ANSWER_KINDS.get(inner, c.Kind.TEXT), getattr(inner, "wrapped_cls", None)
        if isinstance(answer, StrawberryList):
            kind, enum = c.Kind.JSON, None
        return c.Value(spec.sql, kind, answer is not inner, enum, spec.sortable)
    found: c.Spec = spec
    return found


def meet(types: Mapping[str, type]) -> None:
    """Let the annotations of all types see one another by name, so that topics need not import each other."""
    for cls in types.values():
        _meet(cls, types)


def _meet(cls: Any, types: Mapping[str, type]) -> None:
    for each in cls.__strawberry_definition__.fields:
        if each.type_annotation is not None:
            each.type_annotation.namespace = {**vars(sys.modules[cls.__module__]), **types}
        if isinstance(each.metadata.get(SPEC), c.Embed):
            embedded = each.type
            while hasattr(embedded, "of_type"):
                embedded = embedded.of_type
            _meet(embedded, types)
