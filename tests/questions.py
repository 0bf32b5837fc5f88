"""Every question that the GraphQL schema allows, made from it: selections, ids, filters, orders, searches, cursors."""

from collections import defaultdict
from dataclasses import dataclass, field
from functools import cache
from itertools import count

import orjson
from graphql import (
    FieldsOnCorrectTypeRule,
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLObjectType,
    GraphQLUnionType,
    KnownArgumentNamesRule,
    execute,
    get_named_type,
    is_leaf_type,
    parse,
    validate,
)
from uuid_utils.compat import uuid7

from schema import reader, schema
from schema.compiler.executor import Compiled
from schema.compiler.values import encode_id
from schema.context import Context

GRAPH = schema._schema
NODES = {name: node for name, node in reader.catalog.nodes.items() if node.prefix}
QUERY = {name: place for name, place in GRAPH.query_type.fields.items() if "entityId" not in place.args}
"""All that begins with a list or an id; a timeline is also a field of each record that has one."""


RULES = (FieldsOnCorrectTypeRule, KnownArgumentNamesRule)
"""Those that the executor lets pass in silence."""


MOST = 100
"""Ids that are asked for at once."""


@cache
def read(text):
    """A document, which is valid."""
    document = parse(text)
    assert validate(GRAPH, document, RULES) == []
    return document


@dataclass
class Question:
    """A document with its variables."""

    text: str
    variables: dict = field(default_factory=dict)

    async def asked(self, by, database):
        """The answer, as the bytes that the viewer would get."""
        context = Context(by=by, database=database)
        answer = await execute(
            GRAPH, read(self.text), context_value=context, variable_values=self.variables, executor_class=Compiled
        )
        errors = [error.formatted for error in answer.errors or ()]
        return orjson.dumps({"data": answer.data, "errors": errors}).decode()


class Several:
    """Aliased fields with variables of their own, asked as one question."""

    def __init__(self):
        self.names, self.declared, self.variables = count(), [], {}

    def put(self, value, type_):
        """Declare a variable; the text that stands for it."""
        name = f"v{next(self.names)}"
        self.declared.append(f"${name}: {type_}")
        self.variables[name] = value
        return f"${name}"

    def alias(self):
        return f"a{next(self.names)}"

    def question(self, body):
        declared = f"({', '.join(self.declared)})" if self.declared else ""
        return Question(f"query{declared} {{ {body} }}", self.variables)


# What the schema holds


def behind(place):
    """The name of the type of a field's rows."""
    named = get_named_type(place.type)
    return get_named_type(named.fields["nodes"].type).name if is_list(place) else named.name


def is_list(place):
    named = get_named_type(place.type)
    return isinstance(named, GraphQLObjectType) and "pageInfo" in named.fields


def leaves(type_):
    """All that a row shows of itself."""
    found = []
    for name, place in type_.fields.items():
        named = get_named_type(place.type)
        if is_leaf_type(named):
            found.append(name)
        elif isinstance(named, GraphQLObjectType) and behind(place) not in NODES:
            found.append(f"{name} {{ {leaves(named)} }}")
        elif isinstance(named, GraphQLUnionType) and type_.name not in NODES:
            found.append(f"{name} {{ __typename ... on Node {{ id }} }}")
    return " ".join(found)


def relations(name):
    """The fields of a type that lead to rows."""
    return [(each, place) for each, place in GRAPH.type_map[name].fields.items() if leads(place)]


def leads(place):
    return behind(place) in NODES or isinstance(get_named_type(place.type), GraphQLUnionType)


PLACES = [(None, each, place) for each, place in QUERY.items() if is_list(place)]
PLACES += [(name, each, place) for name in NODES for each, place in relations(name) if is_list(place)]
"""Every list: the type it belongs to (none at the root), its name, and the field."""


def arguments(place, **given):
    """Arguments as text; finished rows too."""
    more = {name: everything(place) for name, place in place.args.items() if name.startswith("include")}
    return ", ".join(f"{name}: {value}" for name, value in (given | more).items())


def everything(argument):
    """What makes a list as long as it can be."""
    named = get_named_type(argument.type)
    return f"[{', '.join(named.values)}]" if isinstance(named, GraphQLEnumType) else "true"


# Questions


def deep():
    """For each root field every relation that is met within three levels, once."""
    return [
        Question(f"{{ {name}{inside(place, 1, Depth(3), first=10)} }}")
        for name, place in QUERY.items()
        if leads(place) and not any(argument in place.args for argument in ("id", "ids"))
    ]


def deep_from(ids):
    """Of the rows of these ids every relation, and once each relation behind those."""
    return [
        Question(
            f"query($ids: [ID!]!) {{ nodes(ids: $ids) {{ ... on {name} {{ {below(name, 1, Depth(3))} }} }} }}",
            {"ids": keys},
        )
        for name, keys in ids.items()
    ]


def shown(name, ids):
    """All that the rows of these ids show of themselves."""
    row = leaves(GRAPH.type_map[name])
    return Question(f"query($ids: [ID!]!) {{ nodes(ids: $ids) {{ ... on {name} {{ {row} }} }} }}", {"ids": ids})


@dataclass
class Depth:
    """How far a selection goes: to `most` levels, and through each relation once."""

    most: int
    seen: set = field(default_factory=set)

    def reaches(self, level, relation):
        new = relation not in self.seen
        self.seen.add(relation)
        return new and level < self.most


def below(name, level, depth):
    """The selection of a row: its leaves and its relations."""
    found = [f"__typename {leaves(GRAPH.type_map[name])}"]
    for each, place in relations(name):
        if depth.reaches(level, (name, each)):
            found.append(f"{each}{inside(place, level + 1, depth, first=5)}")
    return " ".join(found)


def inside(place, level, depth, *, first):
    """What stands behind a relation's name."""
    named = get_named_type(place.type)
    if isinstance(named, GraphQLUnionType):
        return "{ " + " ".join(f"... on {one.name} {{ {below(one.name, level, depth)} }}" for one in named.types) + " }"
    row = below(behind(place), level, depth)
    if not is_list(place):
        return f" {{ {row} }}"
    page = "totalCount edges { cursor } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }"
    return f"({arguments(place, first=first)}) {{ {page} nodes {{ {row} }} }}"


def by_id(ids):
    """Each row by its id, through each field that takes one, and all at once."""
    several, body = Several(), []
    for name, places in ids.items():
        for key in places:
            takers = [each for each, place in QUERY.items() if "id" in place.args and behind(place) in {name, "Node"}]
            body += [f"{several.alias()}: {each}(id: {several.put(key, 'ID!')}) {{ __typename id }}" for each in takers]
    everyone = [key for places in ids.values() for key in places]
    for first in range(0, len(everyone), MOST):
        many = several.put(everyone[first : first + MOST], "[ID!]!")
        body.append(f"{several.alias()}: nodes(ids: {many}) {{ __typename id }}")
    return [several.question(" ".join(body))]


def everywhere(ids, choices):
    """Ask every list, at the root and in all rows of these ids, with arguments made for it.

    `choices(place)` answers the arguments, one set after the other.
    """
    return [each for place in PLACES for each in asked_of(ids, *place, choices(place[2]))]


def asked_of(ids, owner, name, place, choices):
    """Ask one list with each set of arguments."""
    several = [[choice] for choice in choices] if owner is None else [choices]
    return [one_list(ids, owner, name, place, each) for each in several if each]


def one_list(ids, owner, name, place, choices):
    several = Several()
    body = pages(several, name, place, choices)
    if owner is not None:
        body = f"nodes(ids: {several.put(ids[owner], '[ID!]!')}) {{ ... on {owner} {{ id {body} }} }}"
    return several.question(body)


def pages(several, name, place, choices):
    """The same list once for each choice of arguments."""
    found = []
    for choice in choices:
        given = {key: several.put(value, place.args[key].type) for key, value in choice.items()}
        text = arguments(place, **given)
        walk = "edges { cursor } pageInfo { hasNextPage hasPreviousPage }" if "filter" not in choice else ""
        found.append(f"{several.alias()}: {name}({text}) {{ totalCount nodes {{ id }} {walk} }}")
    return " ".join(found)


def sorts(place):
    """Every sort field."""
    field = GRAPH.type_map[f"{behind(place)}Sort"].fields["field"]
    return [{"sort": [{"field": value}], "first": 100} for value in get_named_type(field.type).values]


def windows(place):
    """The first and the last row of a list in either order."""
    orders = [{"sort": [{"field": "ID", "direction": way}]} for way in ("ASC", "DESC")]
    return [order | {window: 1} for order in orders for window in ("first", "last")]


def searches(*words):
    """Each of the words, as far as a list can be searched."""
    return lambda place: [{"search": word, "first": 100} for word in words if "search" in place.args]


class Filters:
    """Every filter field of every type, given the values of some rows."""

    def __init__(self, ids, rows, word):
        self.ids, self.rows, self.word, self.met = ids, rows, word, set()

    def __call__(self, place):
        name = behind(place)
        found = self.few(name) if name in self.met else self.all(name)
        self.met.add(name)
        return [{"filter": each, "first": 100} for each in found]

    def few(self, name):
        """What a list of a type is asked where another list of the type has been asked all."""
        theirs = self.theirs(name)
        return [theirs, {"not": theirs}, {"or": [self.some(each, place) for each, place in self.related(name)]}]

    def all(self, name):
        """All comparisons that there are, and all ways to ask for a relation."""
        compared = {"or": [{"or": each} for each in self.scalars(name).values()]}
        theirs = self.theirs(name)
        found = [compared, {"not": compared}, {"and": [theirs]}, {"not": theirs}]
        for each, place in self.related(name):
            theirs = self.theirs(behind(place))
            onwards = {"or": [self.some(*each) for each in self.related(behind(place))]}
            if is_list(place):
                found += [{each: {how: theirs}} for how in ("some", "every", "none")] + [{each: {"some": onwards}}]
            else:
                found += [{each: what} for what in (theirs, onwards, {"isNull": True})]
        return found

    def some(self, name, place):
        target = {"id": {"in": self.ids[behind(place)]}}
        return {name: {"some": target} if is_list(place) else target}

    def related(self, name):
        return [(each, place) for each, place in relations(name) if each in self.input(name)]

    def theirs(self, name):
        """What holds for these rows of a type and for no others."""
        texts = [each for each, kind in self.input(name).items() if "contains" in get_named_type(kind.type).fields]
        return {"or": [{"id": {"in": self.ids[name]}}, *({each: {"contains": self.word}} for each in texts)]}

    def scalars(self, name):
        """For each field that has a value in one of the rows, all comparisons with it."""
        found = defaultdict(list)
        for each, kind in self.input(name).items():
            comparator = get_named_type(kind.type)
            if "eq" not in comparator.fields:
                continue
            for value in {str(row[each]): row[each] for row in self.rows[name][:3] if row[each] is not None}.values():
                found[each] += [{each: {how: given(kind, value)}} for how, kind in comparator.fields.items()]
        return found

    def input(self, name):
        fields = GRAPH.type_map[f"{name}Filter"].fields
        special = ("and", "or", "not", "isNull")
        return {each: place for each, place in fields.items() if each not in special and is_object(place)}


def is_object(place):
    return isinstance(get_named_type(place.type), GraphQLInputObjectType)


def given(place, value):
    """A value as a comparison takes it."""
    if "[" in str(place.type):
        return [value]
    return True if str(place.type) == "Boolean" and not isinstance(value, bool) else value


def typed(keys):
    """Ids as clients see them, by type, of keys by table."""
    return {
        name: [encode_id(node.prefix, key) for key in sorted(keys[node.table.name])] for name, node in NODES.items()
    }


def absent(name):
    """An id of a type that nobody has."""
    return encode_id(NODES[name].prefix, uuid7())
