"""Every mutation that the GraphQL schema has, with every id that it takes put in the place of every other."""

from typing import NamedTuple

from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLList,
    get_named_type,
    get_nullable_type,
    is_leaf_type,
    is_required_input_field,
)

from schema import schema
from schema.inputs import TYPES
from tests.questions import GRAPH, Question

SCALARS = {
    "Boolean": False,
    "Date": "2026-12-21",
    "DateTime": "2026-11-23T09:00:00Z",
    "Decimal": "80",
    "Duration": "PT1H",
    "EmailAddress": "new@okapi.example",
    "Int": 1,
    "LocalTime": "09:00",
    "RecurrenceRule": "FREQ=DAILY",
    "String": "okapi",
    "TimeZone": "UTC",
}
WORDS = {"currency": "USD", "plannedEnd": "2026-11-23T10:00:00Z", "start": "2026-11-23T09:00:00"}


MORE = {
    "attachmentUploadBegin": {"name": "okapi.png", "sha256": "0" * 64},
    "seriesCreate": {"rule": "FREQ=DAILY"},
    "seriesImport": {
        "ics": "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:okapi\nSUMMARY:okapi\nDTSTART:20261123T090000Z\nRRULE:FREQ=DAILY\n"
        "END:VEVENT\nEND:VCALENDAR\n"
    },
    "timeEntryCreate": {"minutes": 30, "workedOn": "2020-11-20"},
}
"""What a mutation must be given beside what the schema asks for."""


class Reference(NamedTuple):
    """An id that a mutation takes: the mutation's name, the input's field, and a type that the id may be of."""

    name: str
    field: str
    kind: str


def references():
    """Each id that is taken anywhere."""
    return [
        Reference(name, field, kind)
        for name, place in GRAPH.mutation_type.fields.items()
        for field, kinds in types(place).items()
        for kind in kinds
    ]


def types(mutation):
    """The types that the ids of a mutation's input are of, by field; those of a list's items as `items.taskId`."""
    return dict(ids_of(get_named_type(mutation.args["input"].type), ""))


def ids_of(input, above):
    """The fields of an input that hold ids, each with its types."""
    declared = schema.get_type_by_name(input.name)
    for each in declared.fields:
        name = each.graphql_name or schema.config.name_converter.get_graphql_name(each)
        inner = get_named_type(input.fields[name].type)
        if TYPES in each.metadata:
            yield f"{above}{name}", each.metadata[TYPES]
        elif isinstance(inner, GraphQLInputObjectType):
            yield from ids_of(inner, f"{above}{name}.")


def order(reference, ids, key):
    """Ask for a mutation with this id, and where others must be given, with the first of `ids`."""
    mutation = GRAPH.mutation_type.fields[reference.name]
    input = get_named_type(mutation.args["input"].type)
    kinds = types(mutation)
    needed = {each: place for each, place in input.fields.items() if is_required_input_field(place)}
    given = {each: value(each, place.type, ids, kinds) for each, place in needed.items()}
    given |= MORE.get(reference.name, {})
    put(given, input, reference.field.split("."), key)
    body = f"{reference.name}(input: $input) {{ {payload(mutation)} }}"
    return Question(f"mutation ($input: {input.name}!) {{ {body} }}", {"input": given})


def put(given, input, path, key):
    """Give an id to a field, in the first item of each list on the way."""
    (name, *rest), type_ = path, input.fields[path[0]].type
    if not rest:
        given[name] = [key] if is_many(type_) else key
        return
    below = given.setdefault(name, [{}] if is_many(type_) else {})
    put(below[0] if is_many(type_) else below, get_named_type(type_), rest, key)


def value(name, type_, ids, kinds):
    """Something that the field of this name, or path, takes."""
    named = get_named_type(type_)
    if is_many(type_):
        return [value(name, named, ids, kinds)]
    if name in kinds:
        return ids[kinds[name][0]][0]
    if isinstance(named, GraphQLInputObjectType):
        return {
            each: value(f"{name}.{each}", place.type, ids, kinds)
            for each, place in named.fields.items()
            if is_required_input_field(place)
        }
    if isinstance(named, GraphQLEnumType):
        return next(iter(named.values))
    return WORDS.get(name.rpartition(".")[2]) or SCALARS[named.name]


def is_many(type_):
    return isinstance(get_nullable_type(type_), GraphQLList)


def payload(mutation):
    """What the mutation answers: its errors, and the ids of what it changed."""
    fields = get_named_type(mutation.type).fields
    changed = [
        each for each, place in fields.items() if not is_leaf_type(get_named_type(place.type)) and each != "userErrors"
    ]
    return " ".join(["userErrors { code message path }", *(f"{each} {{ {shown(fields[each])} }}" for each in changed)])


def shown(place):
    """What to ask of a changed object, or of each result of a request in bulk."""
    fields = getattr(get_named_type(place.type), "fields", {})
    return (
        "index object { id } userErrors { code message path }"
        if "object" in fields
        else "__typename id"
        if "id" in fields
        else "__typename"
    )
