"""Random documents over the whole Query type, with the variables to run them with."""

import random
from dataclasses import dataclass, field

from graphql import (
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNonNull,
    GraphQLUnionType,
    get_named_type,
    get_nullable_type,
    is_leaf_type,
    is_list_type,
    is_non_null_type,
)

from tests.schema.compiler.values import Values, inside, plain, write

ABSENT = object()
UNKNOWN = {"timeline", "taskMetrics"}
"""What the naive server does not know, and has tests of its own."""


def shown(place):
    """The names of the fields of a field's type."""
    return get_named_type(place.type).fields.keys()


@dataclass
class Document:
    """A text, and the sets of variables to run it with; `cursors` are the aliases to take cursors from.

    Those in `refusable` are of lists at the root: a wrong one is refused whatever the other rows are.
    """

    text: str
    variables: dict
    cursors: list
    refusable: list
    rng: random.Random
    values: Values

    def choose(self):
        """One set of variables: null, absent or a value."""
        given = {name: each for name, each in self.variables.items() if name not in self.cursors}
        chosen = {name: self.one(*each) for name, each in given.items()}
        return {name: value for name, value in chosen.items() if value is not ABSENT}

    def one(self, type_, about, depth):
        if not is_non_null_type(type_) and (chance := self.rng.random()) < 0.3:
            return ABSENT if chance < 0.15 else None
        return plain(self.values.value(type_, about, depth))


@dataclass
class Writer:
    """Writes one document; every choice comes from its seed."""

    schema: object
    values: Values
    rng: random.Random
    variables: dict = field(default_factory=dict)
    fragments: dict = field(default_factory=dict)
    cursors: list = field(default_factory=list)
    refusable: list = field(default_factory=list)
    size: int = 0
    names: int = 0

    def document(self):
        """The document."""
        query = self.schema.query_type
        compiled = [name for name, place in query.fields.items() if {"id", "pageInfo"} & shown(place)]
        known = [name for name in compiled if name not in UNKNOWN]
        picked = self.rng.choices(known, k=self.rng.choice((1, 1, 1, 2, 3)))
        roots = " ".join(self.field(query, name, 0, alias=True) for name in picked)
        defined = ", ".join(f"${name}: {type_}" for name, (type_, *_) in self.variables.items())
        head = f"query Q({defined})" if defined else "query Q"
        text = "\n".join((f"{head} {{ {roots} }}", *(text for _, text in self.fragments.values())))
        return Document(text, self.variables, self.cursors, self.refusable, self.rng, self.values)

    def new(self, letter):
        self.names += 1
        return f"{letter}{self.names}"

    # Selections

    def selection(self, type_, depth):
        """A selection set."""
        if isinstance(type_, GraphQLUnionType | GraphQLInterfaceType):
            return self.abstract(type_, depth)
        if type_.name.endswith(("Connection", "Edge")) or type_.name == "PageInfo":
            return self.part(type_, depth)
        parts = [self.field(type_, name, depth) for name in self.pick(type_, depth)]
        chance = self.rng.random()
        if depth < 6 and chance < 0.12:
            parts.append(f"...{self.directive()} {{ {self.simple(type_)} }}")
        elif chance < 0.24:
            parts.append(self.spread(type_, depth))
        elif chance < 0.3 and "id" in type_.fields:
            parts.append(f"... on Node {{ {self.new('a')}: id __typename }}")
        return "{ " + " ".join(parts) + " }"

    def pick(self, type_, depth):
        names = [
            name
            for name, each in type_.fields.items()
            if name not in UNKNOWN and (depth < 9 or is_leaf_type(get_named_type(each.type)))
        ]
        heavy = [name for name in names if not is_leaf_type(get_named_type(type_.fields[name].type))]
        light = [name for name in names if name not in heavy]
        room = self.size < 40
        chosen = self.rng.choices(light, k=self.rng.randint(1, 4)) if light else names[:1]
        if heavy and room:
            chosen += self.rng.sample(heavy, min(len(heavy), self.rng.choice((0, 1, 1, 2))))
        return [*dict.fromkeys(chosen), *(["__typename"] if self.rng.random() < 0.1 else [])]

    def simple(self, type_):
        return self.rng.choice([name for name, each in type_.fields.items() if is_leaf_type(get_named_type(each.type))])

    def abstract(self, type_, depth):
        possible = self.schema.get_possible_types(type_)
        some = self.rng.sample(possible, min(len(possible), 3))
        inner = " ".join(f"... on {each.name}{self.directive()} {self.selection(each, depth + 1)}" for each in some)
        node = " ... on Node { id }" if self.rng.random() < 0.5 else ""
        return "{ __typename " + inner + node + " }"

    def part(self, type_, depth):
        """Some parts of a connection, an edge or a page info."""
        names = self.rng.sample(list(type_.fields), self.rng.randint(1, len(type_.fields)))
        if depth >= 9:
            names = [
                name
                for name in names
                if name in {"totalCount", "cursor", "pageInfo"} or is_leaf_type(get_named_type(type_.fields[name].type))
            ]
        parts = [self.field(type_, name, depth) for name in names] or ["__typename"]
        return "{ " + " ".join(parts) + (" __typename" if self.rng.random() < 0.1 else "") + " }"

    def spread(self, type_, depth):
        """A named fragment on the type, perhaps one that is there already."""
        known = [name for name, (on, _) in self.fragments.items() if on == type_.name]
        if known and self.rng.random() < 0.5:
            return f"...{self.rng.choice(known)}{self.directive()}"
        name = self.new("F")
        body = self.selection(type_, depth + 3)
        self.fragments[name] = type_.name, f"fragment {name} on {type_.name} {body}"
        return f"...{name}{self.directive()}"

    def field(self, type_, name, depth, *, alias=False):
        """A field with its arguments and selection."""
        if name == "__typename":
            return name
        self.size += 1
        place = type_.fields[name]
        inner = get_named_type(place.type)
        named = name
        if alias or self.rng.random() < 0.15 or (place.args and self.rng.random() < 0.7):
            named = f"{self.new('a' * 64 if self.rng.random() < 0.1 else 'a')}: {name}"
        arguments, extra = self.arguments(type_, place, depth)
        head = f"{named}{arguments}{self.directive() if depth else ''}"
        if is_leaf_type(inner):
            return head
        body = self.selection(inner, depth + 1)
        twice = f" {head} {self.selection(inner, 9)}" if self.rng.random() < 0.06 else ""
        return f"{head} {body[:-1]}{extra}}}{twice}"

    def directive(self):
        chance = self.rng.random()
        if chance > 0.06:
            return ""
        word = "include" if chance < 0.03 else "skip"
        boolean = self.schema.type_map["Boolean"]
        given = (
            self.variable(GraphQLNonNull(boolean), ("", ""))
            if self.rng.random() < 0.6
            else self.rng.choice(("true", "false"))
        )
        return f" @{word}(if: {given})"

    # Arguments

    def arguments(self, type_, place, depth):
        """The arguments of a field as text, and what its selection needs besides for cursors."""
        if not place.args:
            return "", ""
        if "id" in place.args or "ids" in place.args:
            return self.ids(place), ""
        target = get_named_type(place.type).name.removesuffix("Connection")
        given, extra = self.window(place, depth)
        for name in ("filter", "sort", "search", "include", "includeFinished"):
            if name in place.args and self.rng.random() < (0.12 if name == "search" else 0.35):
                given.append(
                    f"{name}: {self.literal(place.args[name].type, (target, name if name != 'filter' else ''))}"
                )
        self.rng.shuffle(given)
        return (f"({', '.join(given)})" if given else ""), extra

    def window(self, place, depth):
        """First or last, after and before."""
        if depth == 0 and self.rng.random() < 0.05:
            return [self.rng.choice(("first: 101", "last: -1", "first: 1, last: 1"))], ""
        chance, given = self.rng.random(), []
        word = "last" if chance < 0.25 else "first"
        if chance < 0.85 or depth > 1:
            given.append(f"{word}: {self.literal(place.args[word].type, ('', word), 0.25)}")
        if self.rng.random() > 0.3:
            return given, ""
        name = self.new("c")
        self.cursors.append(name)
        if depth == 0:
            self.refusable.append(name)
        given.append(f"{self.rng.choice(('after', 'after', 'before'))}: ${name}")
        self.variables[name] = self.schema.type_map["String"], ("", "cursor"), 0
        return given, f" {name}: edges {{ {name}: cursor }}"

    def ids(self, place):
        (name, argument), type_ = next(iter(place.args.items())), get_named_type(place.type).name
        about = ("", "ids") if type_ == "Node" else (type_, "id")
        if self.rng.random() < 0.1:
            return f"({name}: {write(self.rng.choice(('', 'task_1', 'task', self.values.anything()[:-1])))})"
        return f"({name}: {self.literal(argument.type, about)})"

    def literal(self, type_, about, chance=0.3, depth=0):
        """A value as text, whole or in parts as variables."""
        if self.rng.random() < chance and not (is_list_type(get_nullable_type(type_)) and about[1] == "ids"):
            return self.variable(type_, about, depth)
        nullable = get_nullable_type(type_)
        if nullable is type_ and self.rng.random() < 0.04:
            return "null"
        if isinstance(nullable, GraphQLInputObjectType):
            parts = (
                f"{name}: {self.literal(nullable.fields[name].type, inside(nullable, name, about), 0.12, depth + 1)}"
                for name in self.values.names(nullable, depth)
            )
            return "{" + ", ".join(parts) + "}"
        if is_list_type(nullable):
            count = self.rng.choice((0, 1, 1, 2, 3))
            items = [self.literal(nullable.of_type, about, 0.1, depth) for _ in range(count)]
            return (
                items[0]
                if count == 1 and items[0][0] not in "$n" and self.rng.random() < 0.3
                else f"[{', '.join(items)}]"
            )
        return write(self.values.value(type_, about, depth))

    def variable(self, type_, about, depth=0):
        name = self.new("v")
        self.variables[name] = type_, about, depth
        return f"${name}"
