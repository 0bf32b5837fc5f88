"""What the compiler knows: tables, the GraphQL types over them, and who may see which rows."""

import decimal
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import Enum, StrEnum
from typing import Any, Protocol

from tortoise import fields as columns
from tortoise.contrib.postgres.fields import ArrayField
from tortoise.models import Model

from schema.compiler.merged import Merged


class Kind(StrEnum):
    """The PostgreSQL type of a column or expression."""

    UUID = "uuid"
    TEXT = "text"
    INT = "int"
    BIGINT = "bigint"
    BOOL = "bool"
    DATE = "date"
    INSTANT = "timestamptz"
    INTERVAL = "interval"
    NUMERIC = "numeric"
    JSON = "jsonb"
    TEXTS = "text[]"


COLUMN_KINDS: dict[type[columns.Field[Any]], Kind] = {
    columns.UUIDField: Kind.UUID,
    columns.BigIntField: Kind.BIGINT,
    columns.IntField: Kind.INT,
    columns.SmallIntField: Kind.INT,
    columns.BooleanField: Kind.BOOL,
    columns.DatetimeField: Kind.INSTANT,
    columns.DateField: Kind.DATE,
    columns.DecimalField: Kind.NUMERIC,
    columns.JSONField: Kind.JSON,
    ArrayField: Kind.TEXTS,
    columns.CharField: Kind.TEXT,
    columns.TextField: Kind.TEXT,
}

ANSWER_KINDS: dict[Any, Kind] = {
    bool: Kind.BOOL,
    int: Kind.INT,
    str: Kind.TEXT,
    date: Kind.DATE,
    datetime: Kind.INSTANT,
    timedelta: Kind.INTERVAL,
    decimal.Decimal: Kind.NUMERIC,
}


@dataclass(frozen=True)
class Column:
    """One column: its name, type, enum (if any) and whether it may be null."""

    name: str
    kind: Kind
    nullable: bool = False
    enum: type[Enum] | None = None


@dataclass(frozen=True)
class Table:
    """A table or view, by its columns."""

    name: str
    columns: Mapping[str, Column]

    @classmethod
    def of(cls, model: type[Model]) -> "Table":
        """Read a Tortoise model."""
        meta = model._meta  # noqa: SLF001 - Tortoise's documented way to a model's fields
        found = (_column(name, meta.fields_map[name]) for name in meta.fields_db_projection)
        return cls(meta.db_table, {each.name: each for each in found})


def _column(name: str, declared: columns.Field[Any]) -> Column:
    enum = getattr(declared, "enum_type", None)
    kind = next(kind for base, kind in COLUMN_KINDS.items() if isinstance(declared, base))
    return Column(name, kind, bool(declared.null), enum)


# What a field of a type stands for. `{t}` is the alias of the type's own table in every piece of SQL.


@dataclass(frozen=True)
class Key:
    """The typed, opaque id."""


@dataclass(frozen=True)
class Value:
    """A column or an SQL expression over the row."""

    sql: str
    kind: Kind
    nullable: bool = True
    enum: type[Enum] | None = None
    sortable: bool = True


@dataclass(frozen=True)
class One:
    """The row that a key column points to."""

    column: str


@dataclass(frozen=True)
class OneOf:
    """The row that whichever of several key columns is set points to, by GraphQL type name."""

    columns: Mapping[str, str]


@dataclass(frozen=True)
class Named:
    """The row of a union's type: `type` is SQL for the GraphQL type's name, and `key` for the row's key."""

    type: str
    key: str


@dataclass(frozen=True)
class Label:
    """What people call the row that is named so, for the types that have a label; where none is named, `otherwise`."""

    named: Named
    otherwise: str


@dataclass(frozen=True)
class Wider:
    """An argument of a list, which takes values of an enum, each of which lets the list hold more rows.

    The enum is none of texts, which would be bound: its values decide what the statement says. `own` selects the ids of
    the rows that are there anyway and `more`, by the value's name, those of further ones; both are SQL over `{parent}`.
    """

    argument: str
    description: str
    choices: type[Enum]
    own: str
    more: Mapping[str, str]


@dataclass(frozen=True)
class Page:
    """Rows of another type: those whose `by` column points here, or those that `where` joins to `{parent}`.

    They come in the order of the field that `order` names, unless the request says otherwise.
    """

    where: str | None = None
    by: str | None = None
    order: str | None = None
    wider: Wider | None = None


@dataclass(frozen=True)
class Embed:
    """An object (or with `rows`, a list of objects) made of expressions, without a type of its own in the catalog.

    It is null where `when` does not hold.
    """

    values: "Mapping[str, str | Named | Label]"
    rows: str | None = None
    when: str | None = None


@dataclass(frozen=True)
class Computed:
    """Filled in by a pure function `(facts, viewer) -> value` from expressions that the statement fetched."""

    function: Callable[[dict[str, Any], Any], Any]
    facts: Mapping[str, str]


Spec = Key | Value | One | OneOf | Named | Page | Merged | Embed | Computed


@dataclass(frozen=True)
class Hidden:
    """Rows that lists leave out unless an argument asks for them or the filter names a field."""

    where: str
    argument: str
    description: str
    unless: str


@dataclass(frozen=True)
class Node:
    """A GraphQL object type over a table; `label` is SQL for what people call a row."""

    name: str
    table: Table
    prefix: str
    fields: Mapping[str, Spec]
    searchable: bool = False
    hidden: Hidden | None = None
    label: str | None = None


class Sight(Protocol):
    """Which rows of a table a viewer sees."""

    @property
    def where(self) -> str:
        """A predicate over `{t}` and the viewer's words, always naming the workspace."""

    @property
    def follows(self) -> str | None:
        """The key column whose target's visibility is this row's."""


class Viewer(Protocol):
    """Who asks: what kind of viewer, and the values of the viewer's words."""

    @property
    def kind(self) -> str:
        """Viewers of one kind share predicates, and so statements."""

    @property
    def words(self) -> Mapping[str, object]:
        """The value of each word that predicates and expressions may use, such as `me` or `workspace`."""


@dataclass(frozen=True)
class Catalog:
    """Everything that a selection may be compiled against."""

    nodes: Mapping[str, Node]
    sight: Callable[[str, str], Sight]
    words: Mapping[str, str]
    macros: Mapping[str, str]
    secret: bytes
    prefixes: Mapping[str, Node] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "prefixes", {node.prefix: node for node in self.nodes.values() if node.prefix})
