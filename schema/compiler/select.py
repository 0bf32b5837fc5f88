"""A selection becomes a plan: fields are collected, arguments read, and relations followed in the catalog."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache

from graphql import (
    DirectiveNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLField,
    GraphQLIncludeDirective,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLSkipDirective,
    GraphQLUnionType,
    InlineFragmentNode,
    SelectionSetNode,
    get_named_type,
)

from schema.compiler import catalog as c
from schema.compiler import plan as p
from schema.compiler.computed import Filling
from schema.compiler.filters import Filters
from schema.compiler.merged import Merged
from schema.compiler.pages import Arguments, ask, joined
from schema.compiler.values import Variables, given

Collected = dict[str, list[FieldNode]]


@dataclass
class Selector:
    """Plans one root field's selection for one set of variables."""

    schema: GraphQLSchema
    filters: Filters
    fragments: Mapping[str, FragmentDefinitionNode]
    variables: Variables
    fillings: list[Filling] = field(default_factory=list)

    def row(self, node: c.Node, fields: list[FieldNode], join: str, path: tuple[str, ...], *bounds: p.Bound) -> p.Row:
        """Plan one row of a node."""
        return p.Row(node, join, self._fields(node, fields, path), bounds)

    def _pointed(self, node: c.Node, fields: list[FieldNode], column: str, path: tuple[str, ...]) -> p.Row:
        """Plan the row that a column points to."""
        return replace(self.row(node, fields, f"{{t}}.id = {{parent}}.{column}", path), key=column)

    def rows(
        self, node: c.Node, fields: list[FieldNode], place: GraphQLField, spec: c.Page, path: tuple[str, ...]
    ) -> p.Rows:
        """Plan a page of a node's rows."""
        arguments = self.arguments(place, fields[0])
        join = joined(spec, arguments)
        asked = ask(self.filters, node, arguments, f"{node.name} {join}", spec.order)
        connection = get_named_type(place.type)
        assert isinstance(connection, GraphQLObjectType)  # noqa: S101 - lists are connections
        parts = self._parts(node, connection, fields, path)
        return p.Rows(node, join, spec.by, asked.condition, asked.window, parts)

    def merged(self, fields: list[FieldNode], place: GraphQLField, spec: Merged, path: tuple[str, ...]) -> p.Rows:
        """Plan a page of rows of several nodes."""
        node, connection = self._target(place), get_named_type(place.type)
        assert isinstance(connection, GraphQLObjectType)  # noqa: S101 - lists are connections
        asked = ask(self.filters, node, self.arguments(place, fields[0]), f"{node.name} {spec}", spec.order)
        parts = self._parts(node, connection, fields, path)
        return p.Rows(node, None, None, asked.condition, asked.window, parts, spec)

    def _fields(self, node: c.Node, fields: list[FieldNode], path: tuple[str, ...]) -> tuple[p.Field, ...]:
        type_ = self.schema.type_map[node.name]
        assert isinstance(type_, GraphQLObjectType)  # noqa: S101 - nodes are object types
        collected = self._collect(type_, fields)
        return tuple(p.Field(key, self._output(node, type_, nodes, (*path, key))) for key, nodes in collected.items())

    def _output(
        self, node: c.Node, type_: GraphQLObjectType, nodes: list[FieldNode], path: tuple[str, ...]
    ) -> p.Output:
        name = nodes[0].name.value
        if name == p.TYPENAME:
            return p.Text(node.name)
        spec, place = node.fields[name], type_.fields[name]
        if isinstance(spec, c.Key):
            return p.Id(node.prefix)
        if isinstance(spec, c.Value):
            return p.Leaf(spec)
        if isinstance(spec, c.One):
            return self._pointed(self._target(place), nodes, spec.column, path)
        if isinstance(spec, c.Page):
            return self.rows(self._target(place), nodes, place, spec, path)
        if isinstance(spec, Merged):
            return self.merged(nodes, place, spec, path)
        if isinstance(spec, c.OneOf):
            return self._choice(spec, nodes, path)
        if isinstance(spec, c.Named):
            return self._named(spec, place, nodes, path)
        if isinstance(spec, c.Embed):
            return p.Embedded(self._embedded(spec, place, nodes, path), spec.rows, spec.when)
        return self._facts(spec, place, nodes, path)

    def _facts(self, spec: c.Computed, place: GraphQLField, nodes: list[FieldNode], path: tuple[str, ...]) -> p.Facts:
        type_name = get_named_type(place.type).name
        self.fillings.append(Filling(path, spec.function, type_name, self._subfields(place, nodes)))
        return p.Facts(len(self.fillings) - 1, tuple(spec.facts.items()))

    def _target(self, place: GraphQLField) -> c.Node:
        return self.filters.catalog.nodes[behind(place)]

    def _choice(self, spec: c.OneOf, nodes: list[FieldNode], path: tuple[str, ...]) -> p.Choice:
        catalog = self.filters.catalog
        return p.Choice(
            tuple(
                (column, self._pointed(catalog.nodes[name], nodes, column, path))
                for name, column in spec.columns.items()
            )
        )

    def _named(self, spec: c.Named, place: GraphQLField, nodes: list[FieldNode], path: tuple[str, ...]) -> p.Named:
        union, catalog = get_named_type(place.type), self.filters.catalog
        assert isinstance(union, GraphQLUnionType)  # noqa: S101 - several types are a union
        join = f"{{t}}.id = {spec.key.replace('{t}', '{parent}')}"
        names = [each.name for each in self.schema.get_possible_types(union)]
        return p.Named(spec.type, tuple((name, self.row(catalog.nodes[name], nodes, join, path)) for name in names))

    def _embedded(
        self, spec: c.Embed, place: GraphQLField, nodes: list[FieldNode], path: tuple[str, ...]
    ) -> tuple[p.Field, ...]:
        type_ = get_named_type(place.type)
        assert isinstance(type_, GraphQLObjectType)  # noqa: S101 - what is embedded are objects
        below = (*path, "*") if spec.rows else path
        return tuple(
            p.Field(key, self._part_of(spec, type_, each, (*below, key)))
            for key, each in self._collect(type_, nodes).items()
        )

    def _part_of(
        self, spec: c.Embed, type_: GraphQLObjectType, nodes: list[FieldNode], path: tuple[str, ...]
    ) -> p.Output:
        name = nodes[0].name.value
        if name == p.TYPENAME:
            return p.Text(type_.name)
        part = spec.values[name]
        if isinstance(part, c.Named):
            return self._named(part, type_.fields[name], nodes, path)
        if isinstance(part, c.Label):
            labelled = tuple(node for node in self.filters.catalog.nodes.values() if node.label)
            return p.Label(part.named.type, part.named.key, part.otherwise, labelled)
        return p.Leaf(c.Value(part, c.Kind.TEXT))

    def _subfields(self, place: GraphQLField, nodes: list[FieldNode]) -> tuple[tuple[str, str], ...]:
        type_ = get_named_type(place.type)
        if not isinstance(type_, GraphQLObjectType):
            return ()
        return tuple((key, each[0].name.value) for key, each in self._collect(type_, nodes).items())

    # Connections

    def _parts(
        self, node: c.Node, type_: GraphQLObjectType, fields: list[FieldNode], path: tuple[str, ...]
    ) -> tuple[p.ListField, ...]:
        return tuple(
            self._part(node, type_, key, nodes, (*path, key)) for key, nodes in self._collect(type_, fields).items()
        )

    def _part(
        self, node: c.Node, type_: GraphQLObjectType, key: str, nodes: list[FieldNode], path: tuple[str, ...]
    ) -> p.ListField:
        name = nodes[0].name.value
        if name == p.TYPENAME:
            return p.ListField(key, p.TYPENAME, (p.Field(key, p.Text(type_.name)),))
        if name == "nodes":
            return p.ListField(key, name, self._fields(node, nodes, (*path, "*")))
        if name == "node":
            return p.ListField(key, name, self._fields(node, nodes, path))
        inner = get_named_type(type_.fields[name].type)
        if not isinstance(inner, GraphQLObjectType):
            return p.ListField(key, name)
        below = (*path, "*") if name == "edges" else path
        return p.ListField(key, name, parts=self._parts(node, inner, nodes, below))

    # Selections

    def _collect(self, type_: GraphQLObjectType, fields: list[FieldNode]) -> Collected:
        found: Collected = {}
        seen: set[str] = set()
        for each in fields:
            if each.selection_set:
                self._gather(type_, each.selection_set, found, seen)
        return found

    def _gather(self, type_: GraphQLObjectType, selections: SelectionSetNode, found: Collected, seen: set[str]) -> None:
        for each in selections.selections:
            if not self._included(each.directives or ()):
                continue
            if isinstance(each, FieldNode):
                found.setdefault(each.alias.value if each.alias else each.name.value, []).append(each)
            elif isinstance(each, InlineFragmentNode):
                if each.type_condition is None or self._is(type_, each.type_condition.name.value):
                    self._gather(type_, each.selection_set, found, seen)
            elif isinstance(each, FragmentSpreadNode) and each.name.value not in seen:
                seen.add(each.name.value)
                fragment = self.fragments[each.name.value]
                if self._is(type_, fragment.type_condition.name.value):
                    self._gather(type_, fragment.selection_set, found, seen)

    def _is(self, type_: GraphQLObjectType, name: str) -> bool:
        condition = self.schema.type_map[name]
        if isinstance(condition, GraphQLInterfaceType | GraphQLUnionType):
            return self.schema.is_sub_type(condition, type_)
        return condition is type_

    def _included(self, directives: "tuple[DirectiveNode, ...] | list[DirectiveNode]") -> bool:
        for each in directives:
            if each.name.value in {GraphQLSkipDirective.name, GraphQLIncludeDirective.name}:
                argument = (each.arguments or ())[0]
                wanted = given(argument.value, GraphQLSkipDirective.args["if"].type, self.variables)
                if bool(wanted and wanted.value) is (each.name.value == GraphQLSkipDirective.name):
                    return False
        return True

    def arguments(self, place: GraphQLField, node: FieldNode) -> Arguments:
        """Read the arguments that were given."""
        found: Arguments = {}
        for each in node.arguments or ():
            value = given(each.value, place.args[each.name.value].type, self.variables)
            if value is not None:
                found[each.name.value] = value
        return found


def behind(place: GraphQLField) -> str:
    """Name the type of the rows behind a field: itself, or for a connection its nodes."""
    return _rows_of(get_named_type(place.type))


@cache
def _rows_of(type_: GraphQLNamedType) -> str:
    if isinstance(type_, GraphQLObjectType) and "pageInfo" in type_.fields:
        return str(get_named_type(type_.fields["nodes"].type).name)
    return str(type_.name)
