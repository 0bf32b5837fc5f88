"""What fails is null beside its error, and what was asked or done beside it is answered all the same."""

import asyncio
from contextlib import asynccontextmanager

import asyncpg
import pytest
from graphql import is_non_null_type

from schema import schema
from tests import make

GRAPH = schema._schema
WAITING = """
select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'
"""


@pytest.fixture
async def beside(database_url):
    """A connection that holds locks while the app wants them."""
    connection = await asyncpg.connect(database_url)
    yield connection
    await connection.close()


@asynccontextmanager
async def without(database, table):
    """The table is not there."""
    await database.execute(f"alter table {table} rename to {table}_away")
    try:
        yield
    finally:
        await database.execute(f"alter table {table}_away rename to {table}")


async def until_two_wait(database):
    """Until two statements of the app wait for a lock."""
    async with asyncio.timeout(10):
        while await database.fetchval(WAITING) < 2:  # noqa: ASYNC110 -- nobody tells of a lock
            await asyncio.sleep(0.02)


def told(answer):
    """What the errors of an answer say to a program."""
    return [(error["extensions"]["code"], error["path"]) for error in answer.get("errors", ())]


def masked(answer):
    """Whether the errors of an answer say nothing of what happened."""
    return all(error["message"].startswith("Something went wrong on our side") for error in answer["errors"])


def test_every_field_of_query_and_mutation_may_be_null():
    strict = [
        f"{type_.name}.{name}"
        for type_ in (GRAPH.query_type, GRAPH.mutation_type)
        for name, place in type_.fields.items()
        if is_non_null_type(place.type)
    ]
    assert strict == []


async def test_lists_are_read_side_by_side(graphql, ada, database, beside, id_of):
    key = await make.task(ada)
    place = await make.location(ada, await make.customer(ada))
    async with beside.transaction():
        await beside.execute("lock table customers, locations in access exclusive mode")
        text = "{ tasks { nodes { id } } customers { totalCount } locations { nodes { name } } viewer { name } }"
        asked = asyncio.create_task(graphql(ada, text))
        await until_two_wait(database)
    assert await asked == {
        "data": {
            "tasks": {"nodes": [{"id": id_of("task", key)}]},
            "customers": {"totalCount": 1},
            "locations": {"nodes": [{"name": place.name}]},
            "viewer": {"name": "Ada Rep"},
        }
    }


async def test_each_of_several_failing_lists_has_its_error(graphql, ada, database):
    text = """{
        wrong: tasks(after: "x") { nodes { id } } large: tasks(first: 101) { totalCount }
        odd: nodes(ids: ["task_1"]) { id } away: customers { totalCount } right: tasks { totalCount }
    }"""
    async with without(database, "customers"):
        answer = await graphql(ada, text)
    assert answer["data"] == {"wrong": None, "large": None, "odd": None, "away": None, "right": {"totalCount": 0}}
    assert sorted(told(answer)) == [
        ("INTERNAL", ["away"]),
        ("INVALID_CURSOR", ["wrong"]),
        ("INVALID_ID", ["odd"]),
        ("LIMIT_EXCEEDED", ["large"]),
    ]


CLAIM = "taskClaim(input: {taskId: $%s}) { task { assignee { name } %s } userErrors { code } }"


async def test_a_mutation_that_fails_leaves_the_answer_of_the_one_before_and_is_undone(graphql, ada, database, id_of):
    first, second = await make.task(ada), await make.task(ada)
    text = f"""mutation ($first: ID!, $second: ID!) {{
        first: {CLAIM % ("first", "")}
        timed: timeEntryStart(input: {{taskId: $first}}) {{ userErrors {{ code }} }}
        second: {CLAIM % ("second", "")}
    }}"""
    async with without(database, "time_entries"):
        answer = await graphql(ada, text, first=id_of("task", first), second=id_of("task", second))
    mine = {"task": {"assignee": {"name": "Ada Rep"}}, "userErrors": []}
    assert answer["data"] == {"first": mine, "timed": None, "second": mine}
    assert told(answer) == [("INTERNAL", ["timed"])]
    assert masked(answer)


async def test_what_was_done_is_told_also_when_the_changed_object_cannot_be_read(graphql, ada, database, id_of):
    key = await make.task(ada)
    text = f"mutation ($task: ID!) {{ done: {CLAIM % ('task', 'links { totalCount }')} }}"
    async with without(database, "task_links"):
        answer = await graphql(ada, text, task=id_of("task", key))
    assert answer["data"] == {"done": {"task": None, "userErrors": []}}
    assert told(answer) == [("INTERNAL", ["done", "task"])]
    assert (await make.stored(key)).assignee_id == ada.id
