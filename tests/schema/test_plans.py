"""No question that is shipped, and no order worth an index, reads or sorts a large table whole."""

import asyncio
import json
from dataclasses import dataclass, field
from uuid import UUID

import asyncpg
import pytest
from graphql import OperationType, get_named_type
from tortoise.context import TortoiseContext

import bench.dataset
import settings
from bench.questions import DOCUMENTS, questions
from domain import tokens
from schema.compiler.reader import Reads
from schema.context import Context
from schema.database import SESSION
from tests.schema.compiler.asking import ask
from tests.schema.compiler.comparing import REAL
from tests.tabs import tabs

LARGE = 1_000
TABLES = """
select relname from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace and reltuples > $1
"""
MORE_CUSTOMERS = """
insert into customers (id, workspace_id, kind, name)
select ('8' || lpad(to_hex(n), 31, '0'))::uuid, $1, 'INDIVIDUAL', 'Person ' || n from generate_series(1, 3000) n
"""

IN_THE_ORDER_OF_IDS = {"CREATED_AT"}
WRITTEN_AT_EVERY_CHANGE = {"VERSION", "UPDATED_AT"}
SORTED = {
    "tasks": {
        "ids are made in this order, and ID has an index": IN_THE_ORDER_OF_IDS,
        "an index would be written at every change": WRITTEN_AT_EVERY_CHANGE,
        "has a handful of values: one filters by it": {
            "STATUS",
            "TYPE",
            "PRIORITY",
            "BILLABLE",
            "WORKFLOW",
            "WORKFLOW_VERSION",
            "PROGRESS_WEIGHT",
            "PROGRESS_BY",
            "FINISH_WITH_SUBTASKS",
        },
        "tells the order of one task's subtasks, which has an index": {"POSITION"},
        "tells one person's or team's tasks in order, which are few": {
            "ASSIGNED_AT",
            "STARTED_AT",
            "RELEASED_AT",
            "FINISHED_AT",
        },
        "one searches for a title": {"TITLE"},
    },
    "visits": {
        "ids are made in this order, and ID has an index": IN_THE_ORDER_OF_IDS,
        "an index would be written at every change": WRITTEN_AT_EVERY_CHANGE,
        "has a handful of values: one filters by it": {"STATUS"},
        "goes nearly in the order of PLANNED_START, which has an index": {
            "PLANNED_END",
            "CHECKED_IN_AT",
            "CHECKED_OUT_AT",
        },
    },
    "customers": {
        "ids are made in this order, and ID has an index": IN_THE_ORDER_OF_IDS,
        "an index would be written at every change": WRITTEN_AT_EVERY_CHANGE,
        "has a handful of values: one filters by it": {
            "KIND",
            "PAYMENT_TERMS_DAYS",
            "BASIS_DATE",
            "BILLING_STATUS",
            "CURRENCY",
            "BILLING_INCREMENT_MINUTES",
            "BILLING_ROUNDING",
        },
        "one searches or filters for a person": {"TITLE", "EMAIL", "PHONE"},
    },
}
"""By which fields a whole list is sorted without an index, and why none is worth what it costs to write."""

COUNTED = {"metrics", "9-metrics"}
"""What is asked of all tasks there are, and so reads them."""


@dataclass
class Explaining:
    """A connection that answers, and remembers what is slow about the plans of the statements that were run on it."""

    connection: object
    large: frozenset
    found: list = field(default_factory=list)
    statements: list = field(default_factory=list)
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    @classmethod
    async def over(cls, connection):
        """Hand JSON on as bytes, as the server does."""
        await connection.set_type_codec("json", schema="pg_catalog", encoder=bytes, decoder=bytes, format="binary")
        return cls(connection, frozenset(row["relname"] for row in await connection.fetch(TABLES, LARGE)))

    async def json(self, statement, values):
        """Run a statement, after a look at the plan that serves it whatever the values."""
        async with self.turn:
            await self.connection.execute(f"prepare asked as {statement}")
            nothing = f"({', '.join('null' for _ in values)})" if values else ""
            (told,) = json.loads(await self.connection.fetchval(f"explain (format json) execute asked{nothing}"))
            await self.connection.execute("deallocate asked")
            self.found += slow(told["Plan"], self.large)
            return await self.connection.fetchval(statement, *values)


def slow(plan, large):
    """What reads or sorts a large table whole."""
    below = plan.get("Plans", [])
    if plan["Node Type"] == "Seq Scan" and plan["Relation Name"] in large:
        yield f"reads all {plan['Relation Name']}"
    if plan["Node Type"] == "Sort" and below[0]["Plan Rows"] > LARGE:
        yield f"sorts by {', '.join(plan['Sort Key'])}"
    for each in below:
        yield from slow(each, large)


@pytest.fixture(scope="module")
async def filled(clone):
    """A database of 20,000 tasks and what belongs to them, with as many customers as make a large table."""
    url = await clone("plans")
    data = await bench.dataset.prepare(url, 20_000)
    connection = await asyncpg.connect(url)
    await connection.execute(MORE_CUSTOMERS, data.workspace)
    await connection.execute("vacuum (analyze) customers")
    await connection.close()
    return url, data


@pytest.fixture(scope="module")
async def explaining(filled):
    """Reads as the server's pool does."""
    connection = await asyncpg.connect(filled[0], server_settings=SESSION)
    yield await Explaining.over(connection)
    await connection.close()


@pytest.fixture(scope="module")
async def people(filled):
    """A rep, the supervisor of the same team, and the admin."""
    url, data = filled
    async with TortoiseContext() as context:
        await context.init(config=settings.tortoise(url))
        keys = {"rep": data.rep, "supervisor": UUID(int=data.rep.int - 1), "admin": data.admin}
        found = {name: await tokens.of_user(key) for name, key in keys.items()}
        await context.close_connections()
    return found


def shipped(data):
    """What the bench and the explorer ask, as (name, document, variables, operation)."""
    for each in questions(data):
        if each.document not in COUNTED:
            yield each.name, (DOCUMENTS / f"{each.document}.graphql").read_text(), dict(each.variables), None
    for tab, text, variables, operation in tabs():
        if operation.operation is OperationType.QUERY and tab not in COUNTED and compiled(operation):
            yield f"{tab} {operation.name.value}", text, variables, operation.name.value


def compiled(operation):
    """Whether all of it is answered by statements of the compiler's, and not by rules."""
    fields = REAL.query_type.fields
    return all(type(fields[node.name.value].resolve) is Reads for node in operation.selection_set.selections)


@pytest.mark.parametrize("who", ["rep", "supervisor", "admin"])
async def test_the_questions_of_bench_and_explorer_read_and_sort_no_large_table_whole(who, people, explaining, filled):
    context, answer, found = Context(people[who], explaining), None, {}
    for name, text, variables, operation in shipped(filled[1]):
        if variables.get("after"):  # however deep a page is, it is planned as the second is
            variables["after"] = answer.data["tasks"]["pageInfo"]["endCursor"]
        explaining.found = []
        answer = await ask(REAL, context, text, variables, operation=operation)
        assert answer.errors == []
        found[name] = explaining.found
    assert found == {name: [] for name in found}
    assert len(found) == 14


METRICS = "count onTime { percent } cycleTime { median } estimates { worked } timeInStatus { stays }"


@pytest.mark.parametrize(
    ("who", "asked"),
    [
        ("rep", "(groupBy: [STATUS])"),
        ("admin", '(day: FINISHED, from: "2025-03-01", to: "2025-03-07", period: DAY)'),
    ],
)
async def test_metrics_of_some_tasks_read_and_sort_no_large_table_whole(who, asked, people, explaining):
    explaining.found = []
    answer = await ask(REAL, Context(people[who], explaining), f"{{ taskMetrics{asked} {{ {METRICS} }} }}")
    assert answer.errors == []
    assert answer.data["taskMetrics"]
    assert explaining.found == []


@pytest.mark.parametrize("name", SORTED)
@pytest.mark.parametrize("who", ["rep", "supervisor", "admin"])
async def test_every_order_has_an_index_or_a_reason_to_have_none(who, name, people, explaining):
    place = REAL.query_type.fields[name]
    orders = get_named_type(get_named_type(place.args["sort"].type).fields["field"].type).values
    finished = "includeFinished: true, " if "includeFinished" in place.args else ""
    text = f"""query ($field: {get_named_type(place.args["sort"].type).name}Field!, $after: String) {{
        list: {name}({finished}first: 20, sort: [{{ field: $field }}], after: $after) {{ pageInfo {{ endCursor }} }}
    }}"""
    context, sorted_ = Context(people[who], explaining), set()
    for field_ in orders:
        explaining.found, cursor = [], None
        for _ in ("first page", "next page"):
            answer = await ask(REAL, context, text, {"field": field_, "after": cursor})
            assert answer.errors == []
            cursor = answer.data["list"]["pageInfo"]["endCursor"]
        if explaining.found:
            sorted_.add(field_)
    assert sorted_ == set().union(*SORTED[name].values())
