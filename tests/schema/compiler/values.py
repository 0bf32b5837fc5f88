"""Random values of input types, mostly such as rows have."""

from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    get_named_type,
    get_nullable_type,
    is_list_type,
    is_non_null_type,
)

from tests.schema.compiler.columns import printed
from tests.schema.compiler.world import PREFIXES, encode

SEARCHES = ("call", "norht", "the off", "Öl", "team", "repa")
DURATIONS = ("P7D", "-P1D", "PT5H", "-P9DT3H")


class Literal(str):
    """A value that is written without quotes."""

    __slots__ = ()


class Values:
    """Values of input types; what is compared is taken from rows that there are."""

    def __init__(self, world, by, rng):
        self.world, self.by, self.rng = world, by, rng

    def value(self, type_, about, depth=0):
        """A value of a type: a dict, a list, a number, a text or a word; `about` is the type and field it is for."""
        type_ = get_nullable_type(type_)
        if is_list_type(type_):
            return [self.value(type_.of_type, about, depth) for _ in range(self.rng.choice((0, 1, 1, 2, 2, 3)))]
        if isinstance(type_, GraphQLInputObjectType):
            return self.object(type_, about, depth)
        if isinstance(type_, GraphQLEnumType):
            return Literal(self.rng.choice(list(type_.values)))
        return self.scalar(type_.name, about)

    def object(self, type_, about, depth):
        names = self.names(type_, depth)
        return {name: self.value(type_.fields[name].type, inside(type_, name, about), depth + 1) for name in names}

    def names(self, type_, depth):
        """Which fields of an input object are given."""
        required = [
            name for name, each in type_.fields.items() if is_non_null_type(each.type) and each.default_value is None
        ]
        if type_.name.endswith("Sort"):
            return ["field", *self.rng.sample(("direction", "nulls"), self.rng.randint(0, 2))]
        joints = {"and", "or", "not"}
        names = [name for name in type_.fields if depth < 4 or not self.deep(type_, name)]
        if type_.name.endswith("Filter") and not type_.name.endswith("ListFilter"):
            names += [each for each in joints if depth < 4]
        count = self.rng.choice((0, 1, 1, 1, 2)) if depth else self.rng.choice((1, 1, 2))
        return list(dict.fromkeys([*required, *self.rng.choices(names, k=count)])) if names else []

    def deep(self, type_, name):
        return get_named_type(type_.fields[name].type).name.endswith("Filter")

    def scalar(self, name, about):
        if name == "Boolean":
            return self.rng.random() < 0.6
        if about[1] == "ids":
            return self.anything()
        if about[1] == "search":
            return self.rng.choice((*SEARCHES, " "))
        if about[1] in {"first", "last"}:
            return self.rng.randint(0, 4)
        if name.endswith("Duration") and self.rng.random() < 0.4:
            return self.rng.choice(DURATIONS)
        found = self.known(*about, name)
        if about[1] == "title" and self.rng.random() < 0.5:
            return found[: self.rng.randint(0, 3)].upper()
        return found

    def known(self, type_, name, scalar):
        """A value that a row has, of the viewer's own workspace or not."""
        rows = self.rng.choices(list(self.world.rows[type_].values()), k=9)
        found = next((v for row in rows if (v := printed(self.world, self.by, row, name)) is not None), None)
        return DEFAULTS[scalar] if found is None else found

    def anything(self):
        """The id of any row of any type."""
        return encode(self.rng.choice(list(self.world.rows[self.rng.choice(list(PREFIXES))].values())))


DEFAULTS = {
    "Int": 7,
    "String": "x",
    "Date": "2026-01-01",
    "Decimal": "1.5",
    "LocalTime": "09:00",
    "Duration": "PT90M",
    "DateTimeOrDuration": "2026-01-01T00:00:00Z",
}


def inside(type_, name, about):
    """What a part of an input is about."""
    if type_.name.endswith("ListFilter") or name in {"and", "or", "not"}:
        return about
    if type_.name.endswith("Filter"):
        target = get_named_type(type_.fields[name].type).name
        if target.endswith("Filter"):
            return target.removesuffix("ListFilter").removesuffix("Filter"), ""
        return type_.name.removesuffix("Filter"), name
    return about


def write(value):
    """A value as GraphQL writes it."""
    if isinstance(value, Literal):
        return str(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    if isinstance(value, list):
        return "[" + ", ".join(map(write, value)) + "]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{name}: {write(each)}" for name, each in value.items()) + "}"
    return str(value)


def plain(value):
    """A value as JSON."""
    if isinstance(value, dict):
        return {name: plain(each) for name, each in value.items()}
    if isinstance(value, list):
        return [plain(each) for each in value]
    return str(value) if isinstance(value, Literal) else value
