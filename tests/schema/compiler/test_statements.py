"""However many rows a list hangs below, one statement reads it: every list of the schema, at 1, 10, 100 parents."""

from itertools import cycle, islice

import pytest

from schema.context import Context
from tests.questions import PLACES, behind
from tests.schema.compiler.asking import ask
from tests.schema.compiler.comparing import REAL
from tests.schema.compiler.test_pages import admin
from tests.schema.compiler.world import encode

PART = "(first: 2) { totalCount nodes { id } edges { cursor node { id } } pageInfo { hasNextPage endCursor } }"
NESTED = [(owner, name) for owner, name, _ in PLACES if owner]


def onwards(place):
    """The lists below the rows of a list, which are read with them."""
    return " ".join(f"{name}{PART}" for owner, name in NESTED if owner == behind(place))


@pytest.mark.parametrize(("owner", "name"), NESTED, ids=lambda each: each)
async def test_one_statement_reads_a_list_of_any_number_of_parents(owner, name, world, reading):
    by = admin(world)
    seen = [encode(row) for row in world.rows[owner].values() if world.sees(by, row)]
    (place,) = (place for each in PLACES if each[:2] == (owner, name) for place in each[2:])
    list_ = f"{name}(first: 2) {{ nodes {{ id {onwards(place)} }} }}"
    text = f"query ($ids: [ID!]!) {{ nodes(ids: $ids) {{ ... on {owner} {{ {list_} }} }} }}"
    for parents in (1, 10, 100):
        answer = await ask(REAL, Context(by, reading), text, {"ids": list(islice(cycle(seen), parents))})
        assert answer.errors == []
        assert len(answer.data["nodes"]) == parents
        assert all(answer.data["nodes"])
        assert len(answer.statements) == 1


@pytest.mark.parametrize("name", [name for owner, name, _ in PLACES if owner is None])
async def test_one_statement_reads_a_list_at_the_root_with_all_lists_below(name, world, reading):
    (place,) = (place for each in PLACES if each[:2] == (None, name) for place in each[2:])
    for rows in (1, 10, 100):
        text = f"{{ {name}(first: {rows}) {{ totalCount nodes {{ id {onwards(place)} }} }} }}"
        answer = await ask(REAL, Context(admin(world), reading), text)
        assert answer.errors == []
        assert len(answer.statements) == 1
