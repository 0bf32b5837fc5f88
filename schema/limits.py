"""What a document may ask for: one memoised pass before validation, linear even in hostile fragments."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    GraphQLField,
    GraphQLNamedType,
    GraphQLSchema,
    InlineFragmentNode,
    OperationDefinitionNode,
    OperationType,
    SelectionNode,
    SelectionSetNode,
    get_named_type,
)

from schema.compiler.direct import Direct
from schema.cost import MAX_PAGE, Cost, add, evaluate, fields_of, filter_fields, literal_size, parts, times, value_size
from schema.faults import LimitExceeded

TOTAL_COUNT_COST = 5
SEARCH_COST = 10
INTROSPECTION_DEPTH = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The numbers a request must keep within; `documents` is how many prepared documents are remembered."""

    body_bytes: int = 262_144
    characters: int = 15_000
    tokens: int = 1_000
    depth: int = 12
    aliases: int = 30
    root_fields: int = 30
    directives: int = 20
    fragments: int = 50
    selections: int = 250
    filter_fields: int = 250
    values: int = 5_000
    cost: int = 5_000
    execution_seconds: float = 10
    documents: int = 256


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation of a document that keeps within the limits that do not depend on variables.

    Once the document is found valid, `direct` is the operation's short way, if it has one.
    """

    document: DocumentNode
    node: OperationDefinitionNode
    introspects: bool
    terms: Cost
    defaults: Mapping[str, int]
    filters: "Counter[str]"
    limits: Limits
    direct: Direct | None = None

    def cost(self, variables: Mapping[str, object]) -> int:
        """What it costs with these variables: scalar 0, object 1, connection = page by child, totalCount 5, search 10.

        Fields that occur twice count twice, and `@skip` and `@include` are taken as included. Raises `LimitExceeded`
        for variables that hold more than can be looked at in no time.
        """
        self._measure(variables)
        sizes = {name: value_size(variables[name]) for name in self.defaults if name in variables}
        return evaluate(self.terms, {**self.defaults, **sizes})

    def _measure(self, variables: Mapping[str, object]) -> None:
        values, found = 0, self.filters[""]
        for name, value in variables.items():
            held, fields = (1, 0) if isinstance(value, str) else parts(value, self.limits.values)
            values += held
            found += fields * self.filters[name]
        if values > self.limits.values:
            raise LimitExceeded("values in variables", f"more than {self.limits.values}", self.limits.values)
        if found > self.limits.filter_fields:
            raise LimitExceeded("fields of filters", found, self.limits.filter_fields)


@dataclass(slots=True)
class Tally:
    """What a selection set contains; in a connection, `each` is the cost per row and `once` that of the rest.

    `size` counts all fields below as if fragments were written out, and `filters` the fields of all filters there: by
    the name of the variable that holds them, or by none.
    """

    height: int = 0
    fields: int = 0
    meta: int = 0
    size: int = 0
    filters: "Counter[str]" = field(default_factory=Counter)
    once: Cost = field(default_factory=dict)
    each: Cost = field(default_factory=dict)

    def absorb(self, other: "Tally") -> None:
        """Count what `other` contains as part of this."""
        self.height = max(self.height, other.height)
        self.fields += other.fields
        self.meta += other.meta
        self.size += other.size
        self.filters += other.filters
        add(self.once, other.once)
        add(self.each, other.each)


class Survey:
    """The pass over one document; each fragment is counted once and remembered, so `steps` never exceeds the nodes."""

    def __init__(self, schema: GraphQLSchema, document: DocumentNode, limits: Limits) -> None:
        """Look at `document` before it is validated: names may be unknown, and fragments may run in circles."""
        self.schema = schema
        self.document = document
        self.limits = limits
        self.steps = 0
        self.found: Counter[str] = Counter()
        self.tallies: dict[str, Tally] = {}
        self.fragments = {
            node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)
        }

    def operations(self) -> dict[str | None, Operation]:
        """Every operation by its name; raise `LimitExceeded` at the first number that is too large."""
        self._count("fragments", len(self.fragments), self.limits.fragments)
        for fragment in self.fragments.values():
            self._directives(fragment)
        nodes = [node for node in self.document.definitions if isinstance(node, OperationDefinitionNode)]
        return {node.name.value if node.name else None: self._operation(node) for node in nodes}

    def _operation(self, node: OperationDefinitionNode) -> Operation:
        definitions = node.variable_definitions or ()
        for part in (node, *definitions):
            self._directives(part)
        tally = self._selections(node.selection_set, self.schema.get_root_type(node.operation), 1, self.limits.depth)
        if tally.fields > self.limits.root_fields:
            raise LimitExceeded("root fields", tally.fields, self.limits.root_fields)
        if tally.size > self.limits.selections:
            raise LimitExceeded("selected fields", tally.size, self.limits.selections)
        introspects = node.operation is OperationType.QUERY and tally.fields == tally.meta
        for part in definitions:
            tally.filters[""] += tally.filters[part.variable.name.value] * fields_of(part.default_value)[""]
        sizes = {part.variable.name.value: cast("int", literal_size(part.default_value)) for part in definitions}
        defaults = {name: sizes[name] for names in tally.once for name in names if name in sizes}
        return Operation(self.document, node, introspects, tally.once, defaults, tally.filters, self.limits)

    def _selections(self, node: SelectionSetNode, parent: GraphQLNamedType | None, level: int, allowed: int) -> Tally:
        tally = Tally()
        for selection in node.selections:
            self.steps += 1
            self._directives(selection)
            tally.absorb(self._selection(selection, parent, level, allowed))
        return tally

    def _selection(self, node: SelectionNode, parent: GraphQLNamedType | None, level: int, allowed: int) -> Tally:
        if isinstance(node, FieldNode):
            return self._field(node, parent, level, allowed)
        if isinstance(node, InlineFragmentNode):
            self._count("fragments", 1, self.limits.fragments)
            condition = node.type_condition
            on = self.schema.get_type(condition.name.value) if condition else parent
            return self._selections(node.selection_set, on, level, allowed)
        return self._spread(cast("Any", node).name.value, level, allowed)

    def _spread(self, name: str, level: int, allowed: int) -> Tally:
        fragment = self.fragments.get(name)
        if fragment and name not in self.tallies:
            self.tallies[name] = Tally()  # a circle ends here; validation will refuse it
            on = self.schema.get_type(fragment.type_condition.name.value)
            self.tallies[name] = self._selections(fragment.selection_set, on, level, allowed)
        tally = self.tallies.get(name, Tally())
        self._depth(level + tally.height - 1, allowed)
        return tally

    def _field(self, node: FieldNode, parent: GraphQLNamedType | None, level: int, allowed: int) -> Tally:
        self._depth(level, allowed)
        if node.alias:
            self._count("aliases", 1, self.limits.aliases)
        name = node.name.value
        if name.startswith("__"):
            if node.selection_set:
                self._selections(node.selection_set, None, 1, INTROSPECTION_DEPTH)
            return Tally(height=1, fields=1, meta=1, size=1)
        paged = _is(parent, "Connection")
        if not node.selection_set:
            once: Cost = {(): TOTAL_COUNT_COST} if paged and name == "totalCount" else {}
            return Tally(height=1, fields=1, size=1, once=once)
        definition = getattr(parent, "fields", {}).get(name)
        inner = self._selections(node.selection_set, _type(definition), level + 1, allowed)
        cost = _field_cost(node, parent, definition, inner)
        tally = Tally(1 + inner.height, 1, 0, 1 + inner.size, inner.filters + filter_fields(node))
        if paged and name in {"nodes", "edges"}:
            tally.each = cost
        else:
            tally.once = cost
        return tally

    def _directives(self, node: Any) -> None:
        if node.directives:
            self._count("directives", len(node.directives), self.limits.directives)

    def _count(self, limit: str, number: int, allowed: int) -> None:
        self.found[limit] += number
        if self.found[limit] > allowed:
            raise LimitExceeded(limit, f"more than {allowed}", allowed)

    def _depth(self, level: int, allowed: int) -> None:
        if level > allowed:
            raise LimitExceeded("depth", f"more than {allowed}", allowed)


def _type(definition: GraphQLField | None) -> GraphQLNamedType | None:
    return get_named_type(definition.type) if definition else None


def _is(parent: GraphQLNamedType | None, suffix: str) -> bool:
    return parent is not None and parent.name.endswith(suffix)


def _field_cost(
    node: FieldNode, parent: GraphQLNamedType | None, definition: GraphQLField | None, inner: Tally
) -> Cost:
    """The cost of a field with its selection: an object is 1, an edge's node is the edge itself, pages multiply."""
    arguments = {argument.name.value: argument.value for argument in node.arguments or ()}
    cost: Cost = {(): SEARCH_COST} if "search" in arguments else {}
    if _is(_type(definition), "Connection"):
        for page in {"first", "last"} & arguments.keys() or {"first"}:
            add(cost, times(inner.each, literal_size(arguments.get(page))))
        add(cost, inner.once)
        return cost
    own: Cost = {} if _is(parent, "Edge") else {(): 1}
    add(own, inner.once)
    if "ids" in arguments:
        own = times(own, literal_size(arguments["ids"]))
    elif any(_is(_type(definition), each) for each in ("Result", "Metrics")):  # of each item in bulk, or group
        own = times(own, MAX_PAGE)
    add(cost, own)
    return cost
