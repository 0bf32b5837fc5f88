"""Walking through a list by its cursors meets every row once, in the order of the naive server, whatever the sort."""

import random

import pytest

from schema.context import Context
from tests.schema.compiler.asking import ask
from tests.schema.compiler.comparing import REAL, compare
from tests.schema.compiler.test_filters import ROOTS, TYPES, reach

SIZES = (1, 3, 7)


def admin(world, *, company="Acme"):
    """The admin of a workspace."""
    place = next(id_ for id_, row in world.workspaces.items() if row["name"] == company)
    found = world.rows["User"].values()
    return world.principal(next(row for row in found if row["role"] == "ADMIN" and row["workspace_id"] == place))


def fields(type_):
    return list(REAL.type_map[f"{type_}SortField"].values)


def whole(type_):
    """A document for all rows of a type in an order."""
    body = reach(type_, lambda name: f"{name}(first: 100, sort: $sort) {{ nodes {{ id }} }}")
    return f"query ($sort: [{type_}Sort!]) {body}"


@pytest.mark.parametrize("type_", TYPES)
async def test_every_sort_orders_as_the_naive_server_does(type_, reference, world, reading):
    context = Context(admin(world), reading)
    for field in fields(type_):
        for direction, nulls in (("ASC", None), ("ASC", "FIRST"), ("DESC", None), ("DESC", "LAST")):
            sort = [{"field": field, "direction": direction, "nulls": nulls}, {"field": fields(type_)[-1]}]
            await compare(reference, context, whole(type_), {"sort": sort})


@pytest.mark.parametrize("type_", sorted(ROOTS))
@pytest.mark.parametrize("backward", [False, True], ids=["forward", "backward"])
async def test_pages_meet_every_row_once(type_, backward, world, reading):
    context, rng = Context(admin(world), reading), random.Random(type_)
    for field in fields(type_):
        one = {"field": field, "direction": rng.choice(("ASC", "DESC")), "nulls": rng.choice(("FIRST", "LAST"))}
        sort = [one, *({"field": rng.choice(fields(type_)), "nulls": "FIRST"} for _ in range(rng.randint(0, 2)))]
        all_ = await ask(REAL, context, whole(type_), {"sort": sort})
        rows = [row["id"] for row in all_.data[ROOTS[type_]]["nodes"]]
        assert await walked(context, type_, sort, rng.choice(SIZES), backward=backward) == rows


async def walked(context, type_, sort, size, *, backward):
    """The ids of a list, read page by page."""
    window = "last: $size, before: $at" if backward else "first: $size, after: $at"
    info = "pageInfo { hasNextPage hasPreviousPage startCursor endCursor }"
    head = f"query ($sort: [{type_}Sort!], $size: Int, $at: String)"
    text = f"{head} {{ list: {ROOTS[type_]}(sort: $sort, {window}) {{ nodes {{ id }} {info} }} }}"
    found, at, more = [], None, True
    while more:
        answer = await ask(REAL, context, text, {"sort": sort, "size": size, "at": at})
        assert answer.errors == []
        page = answer.data["list"]
        ids = [row["id"] for row in page["nodes"]]
        found = ids + found if backward else found + ids
        at = page["pageInfo"]["startCursor" if backward else "endCursor"]
        more = page["pageInfo"]["hasPreviousPage" if backward else "hasNextPage"]
    return found


@pytest.mark.parametrize("word", ["call", "north", "Öl"])
async def test_a_search_is_walked_in_the_order_of_its_ranks(word, world, reading):
    context = Context(admin(world), reading)
    list_ = 'tasks(search: "%s", first: %d, after: $at, includeFinished: true)'
    text = "query ($at: String) { " + list_ + " { nodes { id } pageInfo { endCursor } } }"
    all_ = (await ask(REAL, context, text % (word, 100))).data["tasks"]["nodes"]
    found, at = [], None
    while page := (await ask(REAL, context, text % (word, 2), {"at": at})).data["tasks"]:
        if not page["nodes"]:
            break
        found, at = found + page["nodes"], page["pageInfo"]["endCursor"]
    assert found == all_
    assert len(all_) > 2


async def test_an_empty_sort_is_none_so_that_the_best_found_stay_first(world, reading):
    context = Context(admin(world), reading)
    text = 'query ($sort: [TaskSort!]) { tasks(search: "call", sort: $sort, includeFinished: true) { nodes { id } } }'
    found = [await ask(REAL, context, text, {"sort": sort}) for sort in (None, [])]
    assert found[0].data == found[1].data
    by_id = await ask(REAL, context, text, {"sort": [{"field": "ID"}]})
    assert found[0].data != by_id.data
