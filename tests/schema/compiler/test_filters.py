"""Every field and operator of every filter keeps the rows that the naive server keeps, and `not` keeps the others."""

import random

import pytest
from graphql import get_named_type

import schema
from schema.context import Context
from tests.effort import some
from tests.schema.compiler.comparing import REAL, compare
from tests.schema.compiler.documents import UNKNOWN
from tests.schema.compiler.values import Values, inside, plain

JOINTS = {"and", "or", "not", "isNull"}
IDS = ("eq", "neq", "in", "nin")


def lists(fields):
    """The lists among some fields, by the type of their rows."""
    named = {name: get_named_type(each.type).name for name, each in fields.items()}
    found = {type_.removesuffix("Connection"): name for name, type_ in named.items() if type_.endswith("Connection")}
    return {type_: name for type_, name in found.items() if name not in UNKNOWN}


ROOTS = lists(REAL.query_type.fields)
HOSTED = {
    type_: (host, name)
    for host in ROOTS
    for type_, name in lists(REAL.type_map[host].fields).items()
    if type_ not in ROOTS
}
TYPES = sorted({*ROOTS, *HOSTED})
ONE_AT_MOST = "EscalationRule"
"""What a workspace has no list of."""


def reach(type_, body):
    """A selection of lists of the type, from the root or through a type that has them."""
    if type_ in ROOTS:
        return "{ " + body(ROOTS[type_]) + " }"
    host, name = HOSTED[type_]
    return f"{{ hosts: {ROOTS[host]}(first: 100) {{ nodes {{ {body(name)} }} }} }}"


def document(type_):
    """A document that asks for what a filter keeps, and for what it leaves out."""
    more = ", includeFinished: true" if type_ == "Task" else ""

    def body(name):
        return " ".join(
            f"{alias}: {name}(first: 100, filter: {each}{more}) {{ totalCount nodes {{ id }} }}"
            for alias, each in (("kept", "$filter"), ("others", "{ not: $filter }"))
        )

    return f"query ($filter: {type_}Filter!) {reach(type_, body)}"


def filters(schema, values, type_):
    """A filter for each field and operator of a type."""
    wanted = schema.type_map[f"{type_}Filter"]
    for name, each in wanted.fields.items():
        if name in JOINTS:
            continue
        target, about = get_named_type(each.type), inside(wanted, name, (type_, ""))
        relates = target.name.endswith("Filter") and not target.name.endswith("ListFilter")
        words = ["isNull"] if relates else target.fields
        for word in words:
            yield {name: {word: values.value(target.fields[word].type, about, 2)}}
        if relates:
            ids = target.fields["id"].type
            yield from ({name: {"isNull": each}} for each in (True, False))
            yield {name: values.value(target, about, 2)}
            absent, one = {"isNull": True}, {"id": values.value(ids, (about[0], "id"))}
            yield {name: {"or": [absent, one]}}
            yield {name: {"not": {"or": [absent, one]}}}
            yield {name: {"and": [{"not": absent}, {"not": one}]}}
            yield from ({name: {"id": {word: values.value(ids.fields[word].type, (about[0], "id"))}}} for word in IDS)


@pytest.mark.parametrize("type_", TYPES)
async def test_every_filter_keeps_what_the_naive_server_keeps(type_, reference, world, reading):
    rng = random.Random(type_)
    people = list(world.rows["User"].values())
    values = Values(world, world.principal(people[0]), rng)
    for wanted in some(filters(reference.schema, values, type_)):
        variables = {"filter": plain(wanted)}
        by = world.principal(rng.choice(people))
        try:
            await compare(reference, Context(by, reading), document(type_), variables)
        except BaseException as error:
            error.add_note(f"{by.role} {by.id}: {document(type_)} {variables}")
            raise


def test_every_type_with_a_filter_is_reached():
    filters = {name for name in REAL.type_map if name.endswith("Filter") and not name.endswith("ListFilter")}
    assert filters == {f"{type_}Filter" for type_ in (*TYPES, "TimelineEntry")}
    assert {name for name, node in schema.reader.catalog.nodes.items() if node.prefix} == {*TYPES, ONE_AT_MOST}
