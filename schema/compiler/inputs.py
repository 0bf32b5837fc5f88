"""The input types of lists: a filter, a sort and their parts for every node, made from the catalog."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, EnumMeta
from typing import Any, Optional, get_args

import strawberry
from strawberry.annotation import StrawberryAnnotation
from strawberry.types.arguments import StrawberryArgument

from schema.compiler import catalog as c

EQUALITY = {
    "eq": "Equal to.",
    "neq": "Not equal to; null is not equal to anything.",
    "in_": "One of; nothing is one of an empty list.",
    "nin": "None of.",
}
ORDER = {"gt": "Greater than.", "gte": "At least.", "lt": "Less than.", "lte": "At most."}
TEXT = {"contains": "Contains, in any case.", "starts_with": "Starts with, in any case."}
LISTS = {"in_", "nin"}


@strawberry.enum(description="Which way a sort goes.")
class Direction(Enum):
    """Ascending or descending."""

    ASC = strawberry.enum_value("ASC", description="Smallest first.")
    DESC = strawberry.enum_value("DESC", description="Greatest first.")


@strawberry.enum(description="Where nulls go.")
class Nulls(Enum):
    """First or last."""

    FIRST = strawberry.enum_value("FIRST", description="Before all values.")
    LAST = strawberry.enum_value("LAST", description="After all values.")


def _input(name: str, description: str, fields: Mapping[str, tuple[Any, str]]) -> type:
    """Make a Strawberry input type whose fields may all be left out."""
    return _declare(type(name, (), {"__module__": __name__}), description, fields)


def _declare(cls: type, description: str, fields: Mapping[str, tuple[Any, str]]) -> type:
    cls.__annotations__ = {name: optional(kind) for name, (kind, _) in fields.items()}
    for name, (_, text) in fields.items():
        graphql_name = name.removesuffix("_") if name.endswith("_") else None
        setattr(cls, name, strawberry.field(name=graphql_name, description=text, default=strawberry.UNSET))
    return strawberry.input(cls, description=description)


@dataclass
class Inputs:
    """Makes each input type once. `answers` says how each kind of value is written by clients."""

    answers: Mapping[c.Kind, Any]
    comparators: dict[Any, type] = field(default_factory=dict)
    filters: dict[str, type] = field(default_factory=dict)
    lists: dict[str, type] = field(default_factory=dict)
    sorts: dict[str, type] = field(default_factory=dict)

    def prepare(self, nodes: Mapping[str, c.Node], targets: Mapping[tuple[str, str], str]) -> None:
        """Make the filters and sorts of all nodes; `targets` names the node behind each relation and list."""
        for name in nodes:
            self.filters[name] = type(f"{name}Filter", (), {"__module__": __name__})
            self.lists[name] = _input(
                f"{name}ListFilter",
                f"Which rows of a list of {name} count.",
                {
                    "some": (self.filters[name], "At least one visible row fulfils it."),
                    "every": (self.filters[name], "Every visible row fulfils it; an empty list does."),
                    "none": (self.filters[name], "No visible row fulfils it."),
                },
            )
        for name, node in nodes.items():
            self._filter(node, targets)
            self.sorts[name] = self._sort(node)

    def _filter(self, node: c.Node, targets: Mapping[tuple[str, str], str]) -> None:
        cls = self.filters[node.name]
        fields: dict[str, tuple[Any, str]] = {
            "and_": (list[cls], "All of these hold."),  # type: ignore[valid-type]
            "or_": (list[cls], "At least one of these holds."),  # type: ignore[valid-type]
            "not_": (cls, "This does not hold."),
            "is_null": (bool, "Whether the relation that is filtered has no visible row."),
        }
        for name, spec in node.fields.items():
            kind = self._filter_field(node, name, spec, targets)
            if kind is not None:
                fields[_python(name)] = (kind, f"Filters by `{name}`.")
        _declare(cls, f"Which {name_many(node.name)} count: all of the given fields must hold.", fields)

    def _filter_field(self, node: c.Node, name: str, spec: c.Spec, targets: Mapping[tuple[str, str], str]) -> Any:
        if isinstance(spec, c.Key):
            return self.comparator(c.Value("", c.Kind.UUID))
        if isinstance(spec, c.Value):
            return self.comparator(spec) if spec.kind in self.answers else None
        if isinstance(spec, c.One):
            return self.filters[targets[node.name, name]]
        if isinstance(spec, c.Page):
            return self.lists[targets[node.name, name]]
        return None

    def comparator(self, value: c.Value) -> type:
        """Return the comparator for a kind of value or an enum."""
        key: Any = value.enum or value.kind
        if key not in self.comparators:
            self.comparators[key] = self._comparator(value)
        return self.comparators[key]

    def _comparator(self, value: c.Value) -> type:
        answer: Any = value.enum or self.answers[value.kind]
        operators = dict(EQUALITY)
        if value.kind is c.Kind.TEXT and value.enum is None:
            operators |= TEXT
        elif value.kind not in {c.Kind.UUID, c.Kind.BOOL, c.Kind.TEXT}:
            operators |= ORDER
        fields = {name: (list[answer] if name in LISTS else answer, text) for name, text in operators.items()}
        fields["is_null"] = (bool, "Whether there is no value.")
        name = value.enum.__name__ if value.enum else NAMES[value.kind]
        return _input(f"{name}Comparator", "What a value is compared with; a null here counts as not given.", fields)

    def _sort(self, node: c.Node) -> type:
        names = [name for name, spec in node.fields.items() if isinstance(spec, c.Key) or _sortable(spec)]
        members = {_python(name).upper(): name for name in names}
        choice: Any = EnumMeta.__call__(Enum, f"{node.name}SortField", members, module=__name__)
        choice = strawberry.enum(choice, description=f"What {name_many(node.name)} can be sorted by.")
        for value in choice.__strawberry_definition__.values:
            value.description = f"By `{value.value}`."
        cls = type(f"{node.name}Sort", (), {"__module__": __name__})
        cls.__annotations__ = {"field": choice, "direction": Direction, "nulls": optional(Nulls)}
        cls.field = strawberry.field(description="What to sort by.")  # type: ignore[attr-defined]
        cls.direction = strawberry.field(description="Which way.", default=Direction.ASC)  # type: ignore[attr-defined]
        cls.nulls = strawberry.field(  # type: ignore[attr-defined]
            description="Where nulls go; last when ascending and first when descending, unless given.", default=None
        )
        return strawberry.input(cls, description=f"One key of an order of {name_many(node.name)}.")

    def arguments(self, node: c.Node) -> list[StrawberryArgument]:
        """Return the arguments of a list of the node."""
        sort: Any = self.sorts[node.name]
        found = [
            argument("first", optional(int), "How many rows from the start; 20 unless given, at most 100."),
            argument("after", optional(str), "Only rows after this cursor."),
            argument("last", optional(int), "How many rows from the end, instead of `first`; at most 100."),
            argument("before", optional(str), "Only rows before this cursor."),
            argument("filter", optional(self.filters[node.name]), "Which rows."),
            argument("sort", optional(list[sort]), "In which order; at most 3 keys. Ends in the id always."),
        ]
        if node.searchable:
            text = (
                "Words to look for, as prefixes and with small typos, up to 200 characters;"
                " the best come first unless `sort` is given."
            )
            found.append(argument("search", optional(str), text))
        if node.hidden:
            found.append(argument(node.hidden.argument, optional(bool), node.hidden.description))
        return found


NAMES = {
    c.Kind.UUID: "ID",
    c.Kind.TEXT: "Text",
    c.Kind.INT: "Int",
    c.Kind.BOOL: "Boolean",
    c.Kind.DATE: "Date",
    c.Kind.INSTANT: "DateTime",
    c.Kind.INTERVAL: "Duration",
    c.Kind.NUMERIC: "Decimal",
}


def optional(kind: Any) -> Any:
    """Let a type that is made at run time be null."""
    return Optional[kind]  # noqa: UP045 - a class that is still to be declared has no `|`


def name_many(name: str) -> str:
    """Name a type's rows in a description."""
    return f"`{name}` rows"


def _sortable(spec: c.Spec) -> bool:
    return isinstance(spec, c.Value) and spec.sortable and spec.kind in NAMES


def _python(name: str) -> str:
    return "".join(f"_{each.lower()}" if each.isupper() else each for each in name)


def argument(name: str, kind: Any, description: str) -> StrawberryArgument:
    """Make an argument; one that may be null may be left out."""
    return StrawberryArgument(
        python_name=name,
        graphql_name=None,
        type_annotation=StrawberryAnnotation(kind),
        description=description,
        default=None if type(None) in get_args(kind) else strawberry.UNSET,
    )
