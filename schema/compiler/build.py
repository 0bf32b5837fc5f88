"""Building: types that topics declared become a catalog and a schema whose root fields read through it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import strawberry
from graphql import GraphQLObjectType
from strawberry.schema.config import StrawberryConfig
from strawberry.types.arguments import StrawberryArgument
from strawberry.types.base import StrawberryOptional
from strawberry.types.field import StrawberryField

from schema.compiler import catalog as c
from schema.compiler import roots
from schema.compiler.fields import SPEC, NodeType, meet, specs
from schema.compiler.inputs import Inputs, argument, optional
from schema.compiler.merged import Merged
from schema.compiler.reader import Reader, Reads
from schema.compiler.totals import Totals

Targets = dict[tuple[str, str], str]


@dataclass(frozen=True)
class Rules:
    """What the catalog is told beside the types: who sees what, the viewer's words, and the key of cursors.

    `answers` says how clients write each kind of value; kinds that are left out cannot be filtered by.
    """

    sight: Callable[[str, str], c.Sight]
    words: Mapping[str, str]
    macros: Mapping[str, str]
    secret: bytes
    answers: Mapping[c.Kind, Any]


@dataclass
class Builder:
    """Builds one schema out of classes by their GraphQL names."""

    types: Mapping[str, type]
    rules: Rules
    config: StrawberryConfig
    targets: Targets = field(default_factory=dict)

    def build(self, query: type, mutation: type | None) -> tuple[strawberry.Schema, Reader]:
        """Return the schema, and the reader behind its root fields."""
        meet({**self.types, "Query": query})
        nodes = self._nodes()
        self._aim()
        inputs = Inputs(self.rules.answers)
        inputs.prepare(nodes, self.targets)
        for cls in (*self.types.values(), query):
            for each in declared(cls):
                each.arguments = arguments(each, nodes, inputs)
        for each in declared(query):
            each.type = nullable(each.type)
        schema = strawberry.Schema(query, mutation, types=list(self.types.values()), config=self.config)
        catalog = c.Catalog(nodes, self.rules.sight, self.rules.words, self.rules.macros, self.rules.secret)
        reader = Reader(schema._schema, catalog, self.targets)  # noqa: SLF001 - graphql-core's own has no other name
        attach(reader)
        return schema, reader

    def _aim(self) -> None:
        for name, cls in self.types.items():
            for each in declared(cls):
                if isinstance(each.metadata[SPEC], c.One | c.Page):
                    self.targets[name, self._name(each)] = behind(each)

    def _name(self, each: StrawberryField) -> str:
        return self.config.name_converter.get_graphql_name(each)

    def _nodes(self) -> dict[str, c.Node]:
        found = {}
        for name, cls in self.types.items():
            told: NodeType | None = getattr(cls, "__fieldgraph__", None)
            if told is not None:
                fields = specs(cls, self._name)
                found[name] = c.Node(name, told.table, told.prefix, fields, told.searchable, told.hidden, told.label)
        return found


def declared(cls: Any) -> list[StrawberryField]:
    """Return the fields of a class that the compiler answers."""
    return [each for each in cls.__strawberry_definition__.fields if SPEC in each.metadata]


def behind(each: StrawberryField) -> str:
    """Name the type of the rows behind a relation or a list."""
    type_: Any = each.type
    type_ = getattr(type_, "of_type", type_)
    definition = type_.__strawberry_definition__
    inner = definition.type_var_map.get("T")
    name: str = inner.__strawberry_definition__.name if inner else definition.name
    return name


def arguments(each: StrawberryField, nodes: Mapping[str, c.Node], inputs: Inputs) -> list[StrawberryArgument]:
    """Return the arguments of a list or a look-up; other fields have none."""
    spec = each.metadata[SPEC]
    if isinstance(spec, c.Page) and spec.wider:
        choices: Any = spec.wider.choices
        more = argument(spec.wider.argument, optional(list[choices]), spec.wider.description)
        return [*inputs.arguments(nodes[behind(each)]), more]
    if isinstance(spec, c.Page | Merged | roots.List):
        return inputs.arguments(nodes[behind(each)])
    if isinstance(spec, roots.Inside):
        return [argument(spec.argument, strawberry.ID, spec.description), *inputs.arguments(nodes[behind(each)])]
    if isinstance(spec, Totals):
        return spec.arguments(inputs)
    if isinstance(spec, roots.ById):
        return [argument("id", strawberry.ID, "Which one.")]
    if isinstance(spec, roots.ByIds):
        return [argument("ids", list[strawberry.ID], f"Which ones; at most {roots.MOST_IDS}.")]
    return []


def nullable(type_: Any) -> StrawberryOptional:
    """Let a root field be null where it fails, so that what was asked beside it is answered all the same."""
    return type_ if isinstance(type_, StrawberryOptional) else StrawberryOptional(type_)


def attach(reader: Reader) -> None:
    """Have the root fields, and the changed objects of payloads, answered by the reader."""
    for type_ in reader.schema.type_map.values():
        if not isinstance(type_, GraphQLObjectType):
            continue
        for place in type_.fields.values():
            definition: Any = (place.extensions or {}).get("strawberry-definition")
            spec = definition and definition.metadata.get(SPEC)
            if isinstance(spec, roots.Changed):
                place.resolve = Reads(reader, roots.Changed(definition.python_name))
            elif isinstance(spec, roots.List | roots.Inside | roots.ById | roots.ByIds | roots.Only | Totals):
                place.resolve = Reads(reader, spec)
