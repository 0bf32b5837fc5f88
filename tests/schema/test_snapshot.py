"""The schema is the one that is checked in, and says in words what everything means."""

from pathlib import Path

from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    is_introspection_type,
    is_specified_scalar_type,
)
from strawberry.types.base import StrawberryMaybe, StrawberryOptional

from schema import schema

SNAPSHOT = Path(__file__).parents[2] / "schema" / "schema.graphql"


def test_the_printed_schema_is_the_checked_in_one():
    assert schema.as_str() + "\n" == SNAPSHOT.read_text(), "run `make schema`, and look at what changed"


def described(type_):
    """A type's name and description, then those of all that it consists of."""
    yield type_.name, type_.description
    if isinstance(type_, GraphQLEnumType):
        for name, value in type_.values.items():
            yield f"{type_.name}.{name}", value.description
    if isinstance(type_, GraphQLObjectType | GraphQLInterfaceType | GraphQLInputObjectType):
        for name, field in type_.fields.items():
            yield f"{type_.name}.{name}", field.description
            for argument, value in getattr(field, "args", {}).items():
                yield f"{type_.name}.{name}({argument}:)", value.description


def test_every_type_field_argument_and_enum_value_is_described():
    ours = [
        type_
        for type_ in schema._schema.type_map.values()
        if not is_introspection_type(type_) and not is_specified_scalar_type(type_)
    ]
    everything = [pair for type_ in ours for pair in described(type_)]
    assert [name for name, description in everything if not description] == []
    assert len(everything) > 1000


def test_every_mutation_takes_one_input_and_answers_a_payload_named_after_it():
    for name, field in schema._schema.mutation_type.fields.items():
        noun = name[0].upper() + name[1:]
        assert {argument: str(value.type) for argument, value in field.args.items()} == {"input": f"{noun}Input!"}
        assert str(field.type) == f"{noun}Payload"
        assert [str(each) for each in field.type.interfaces] == ["Payload"]


def test_every_part_of_a_patch_may_be_null_so_that_refusing_it_is_the_domains():
    inputs = [
        type_.extensions["strawberry-definition"]
        for type_ in schema._schema.type_map.values()
        if isinstance(type_, GraphQLInputObjectType)
    ]
    parts = [(each.name, field) for each in inputs for field in each.fields if isinstance(field.type, StrawberryMaybe)]
    strict = [
        f"{name}.{field.python_name}" for name, field in parts if not isinstance(field.type.of_type, StrawberryOptional)
    ]
    assert strict == []
    assert len(parts) > 20
