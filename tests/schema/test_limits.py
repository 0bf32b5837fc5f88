"""A document is measured in one pass whose work never exceeds the number of its nodes."""

import asyncio

import pytest
import strawberry
from graphql import get_introspection_query, parse, validate

from schema.cost import MAX_TERMS, add, evaluate, times
from schema.documents import SIGNS, Documents
from schema.faults import BadUserInput, LimitExceeded, ParseFailed, Rejected
from schema.limits import Limits, Survey


@strawberry.type
class PageInfo:
    has_next_page: bool


@strawberry.type
class Task:
    id: strawberry.ID
    title: str
    parent: "Task | None"
    subtasks: "TaskConnection"

    @strawberry.field
    def search(self, search: str) -> "TaskConnection": ...

    @strawberry.field
    def page(self, first: int | None = None, last: int | None = None) -> "TaskConnection": ...


@strawberry.type
class TaskEdge:
    cursor: str
    node: Task


@strawberry.type
class TaskConnection:
    nodes: list[Task]
    edges: list[TaskEdge]
    page_info: PageInfo
    total_count: int


@strawberry.type
class TaskResult:
    object: Task | None


@strawberry.type
class TaskMetrics:
    count: int


@strawberry.input
class TaskPatch:
    title: strawberry.Maybe[str]


@strawberry.type
class Query:
    task: Task | None
    results: list[TaskResult]
    metrics: list[TaskMetrics]

    @strawberry.field
    def tasks(self, first: int | None = None, last: int | None = None, search: str | None = None) -> TaskConnection: ...

    @strawberry.field
    def find(self, by: TaskPatch) -> Task | None: ...

    @strawberry.field
    def nodes(self, ids: list[strawberry.ID]) -> list[Task]: ...


SCHEMA = strawberry.Schema(Query)._schema
LIMITS = Limits()


def survey(text, limits=LIMITS):
    """The pass over a document, and its operations."""
    found = Survey(SCHEMA, parse(text), limits)
    return found, found.operations()


def cost(text, **variables):
    (operation,) = survey(text)[1].values()
    return operation.cost(variables)


async def refusal(text, limits=LIMITS):
    with pytest.raises(LimitExceeded) as caught:
        await Documents(SCHEMA, limits).operation(text, None)
    return caught.value.extensions


def doubling(levels, body):
    """Fragments of which each spreads the next one twice: 2 ** levels selections in few characters."""
    spreads = "".join(f"fragment F{i} on Task{{{body.replace('NEXT', f'...F{i + 1}')}}}" for i in range(levels))
    return f"{{task{{...F0}}}}{spreads}fragment F{levels} on Task{{id}}"


COSTS = [
    ("{ __typename }", 0),
    ("{ task { id title } }", 1),
    ("{ task { parent { parent { id } } } }", 3),
    ("{ tasks { nodes { id } } }", 20),
    ("{ tasks { edges { cursor node { id } } } }", 20),
    ("{ tasks { totalCount } }", 5),
    ("{ tasks { pageInfo { hasNextPage } } }", 1),
    ("{ tasks(first: 50) { totalCount pageInfo { hasNextPage } nodes { id parent { id } } } }", 106),
    ('{ tasks(first: 3, search: "shelf") { nodes { id } } }', 13),
    ("{ tasks(last: 7) { nodes { id } } }", 7),
    ("{ tasks(first: null, last: 7) { nodes { id } } }", 27),
    ("{ tasks(first: 0) { nodes { id } } }", 0),
    ("{ tasks(first: -1) { nodes { id } } }", 0),
    ("{ tasks(first: 1000000) { nodes { id } } }", 100),
    ('{ tasks(first: "x") { nodes { id } } }', 100),
    ("{ tasks(first: 10) { nodes { subtasks { nodes { id } } } } }", 210),
    (
        """{ tasks(first: 10) { nodes { ...T } ... on TaskConnection { ...C } } }
        fragment T on Task { parent { id } } fragment C on TaskConnection { totalCount nodes { id } }""",
        35,
    ),
    ('{ nodes(ids: ["a", "b", "c"]) { parent { id } } }', 6),
    ("{ results { object { parent { id } } } }", 300),
    ("{ metrics { count } }", 100),
]


@pytest.mark.parametrize(("text", "points"), COSTS)
def test_cost_is_one_for_an_object_and_the_page_times_the_child_for_a_connection(text, points):
    assert cost(text) == points


NESTED = """query ($n: Int = 5, $m: Int) {
    tasks(first: $n) { nodes { page(first: $m) { totalCount nodes { id } } } }
}"""


@pytest.mark.parametrize(
    ("variables", "points"),
    [
        ({}, 5 * (1 + 5 + 20)),
        ({"n": 2, "m": 3}, 2 * (1 + 5 + 3)),
        ({"n": None, "m": 0}, 20 * (1 + 5)),
        ({"n": 10**9, "m": "x"}, 100 * (1 + 5 + 100)),
        ({"n": 1, "m": 1, "unknown": 7}, 7),
    ],
)
def test_cost_follows_the_variables_of_the_request(variables, points):
    assert cost(NESTED, **variables) == points


def test_the_number_of_ids_in_a_variable_counts():
    text = "query ($ids: [ID!]!) { nodes(ids: $ids) { parent { id } } }"
    assert cost(text, ids=["a", "b"]) == 4
    assert cost(text, ids=["a"] * 1000) == 200


def test_a_cost_of_too_many_terms_becomes_its_upper_bound():
    total = {}
    for i in range(MAX_TERMS + 1):
        add(total, times({(): 1}, f"v{i}"))
    assert total == {(): (MAX_TERMS + 1) * 100}
    assert evaluate(total, dict.fromkeys((f"v{i}" for i in range(MAX_TERMS + 1)), 1)) == (MAX_TERMS + 1) * 100


def test_fragments_that_multiply_variables_stay_small():
    body = "a:page(first:$aI){nodes{NEXT}}b:page(first:$bI){nodes{NEXT}}c:page(first:$cI){nodes{NEXT}}"
    levels = 4
    text = doubling(levels, body)
    for i in range(levels):
        text = text.replace("I)", f"{i})", 3)
    names = [f"${letter}{i}" for i in range(levels) for letter in "abc"]
    text = f"query({' '.join(f'{name}:Int' for name in names)})" + text
    (operation,) = survey(text, Limits(selections=1_000))[1].values()
    assert len(operation.terms) <= MAX_TERMS
    assert operation.cost({}) >= 3**levels


TOO_MUCH = [
    ("depth", "{" + "task{" + "parent{" * 11 + "id" + "}" * 13, "more than 12", 12),
    ("depth", "{task{...A}} fragment A on Task{" + "parent{" * 11 + "id" + "}" * 12, "more than 12", 12),
    (
        "depth",
        "{task{...A parent{parent{...A}}}} fragment A on Task{" + "parent{" * 9 + "id" + "}" * 10,
        "more than 12",
        12,
    ),
    ("depth", "{a" * 900, "more than 12", 12),
    ("depth", "{task(a:" + "[" * 900, "more than 12", 12),
    ("depth", "{__schema{types{" + "ofType{" * 20 + "name" + "}" * 23, "more than 20", 20),
    ("aliases", "{task{" + " ".join(f"a{i}:id" for i in range(31)) + "}}", "more than 30", 30),
    ("root fields", "{" + "task{id}" * 31 + "}", 31, 30),
    ("root fields", "{...A ...A} fragment A on Query{" + "task{id}" * 16 + "}", 32, 30),
    ("directives", "{task" + "@skip(if:true)" * 21 + "{id}}", "more than 20", 20),
    ("directives", "query" + "@a" * 21 + "{task{id}}", "more than 20", 20),
    ("fragments", "{task{id}}" + "".join(f"fragment F{i} on Task{{id}}" for i in range(51)), "more than 50", 50),
    ("fragments", "{" + "...{" * 51 + "__typename" + "}" * 52, "more than 50", 50),
    ("characters", "{task{id}}" + " " * 15_000, 15_010, 15_000),
    ("tokens", "{" + "a " * 1000 + "}", "more than 1000", 1000),
    ("tokens", "#\n" * 1001 + "{task{id}}", "more than 1000", 1000),
    ("selected fields", doubling(8, "parent{id NEXT NEXT NEXT}id"), 16402, 250),
    ("comparisons", "{task{" + "id " * 240 + "}}", "more than 20000", 20_000),
]


@pytest.mark.parametrize(("limit", "text", "found", "allowed"), TOO_MUCH)
async def test_each_limit_says_what_was_found_and_what_is_allowed(limit, text, found, allowed):
    extensions = {"code": "LIMIT_EXCEEDED", "limit": limit, "found": found, "allowed": allowed}
    assert await refusal(text) == extensions


@pytest.mark.parametrize("text", ["{" + "a " * 1000 + "}", "{task{id}}" + " " * 15_000])
async def test_a_text_that_is_too_long_is_told_that_values_belong_in_variables(text):
    with pytest.raises(LimitExceeded, match="Put values into variables, ask for less, or in several requests"):
        await Documents(SCHEMA, LIMITS).operation(text, None)


FILTERED = """query ($f: F, $g: G = {a: {eq: 1}}) {
    a: tasks(filter: $f) { nodes { id } } b: tasks(filter: {or: [$f, {x: {in: [$g, 1]}}], and: $g}) { nodes { id } }
}"""


@pytest.mark.parametrize(
    ("variables", "limit"),
    [
        ({"x": [1] * 4_999}, None),
        ({"x": [1] * 5_000}, "values in variables"),
        ({"x": [1] * 3_000, "y": [1] * 2_000}, "values in variables"),
        ({"f": {"or": [{"x": {"eq": 1}}] * 58}, "g": None}, None),
        ({"f": {"or": [{"x": {"eq": 1}}] * 62}, "g": None}, "fields of filters"),
        ({"f": {"or": [{"x": {"eq": 1}}] * 30}, "g": {"or": [{"x": {"eq": 1}}] * 34}}, "fields of filters"),
    ],
)
def test_what_variables_hold_is_limited_and_the_fields_of_filters_count_at_each_use(variables, limit):
    text = FILTERED
    if limit is None:
        assert cost(text, **variables) == 40
    else:
        with pytest.raises(LimitExceeded) as caught:
            cost(text, **variables)
        assert caught.value.extensions["limit"] == limit


async def test_exactly_the_limit_passes():
    documents = Documents(SCHEMA, LIMITS)
    await documents.operation("{" + "task{" + "parent{" * 10 + "id" + "}" * 12, None)
    await documents.operation("{task{" + " ".join(f"a{i}:id" for i in range(30)) + "}}", None)
    await documents.operation("{" + "task{id}" * 30 + "}", None)


async def test_introspection_as_graphiql_asks_it_passes_and_costs_nothing():
    text = get_introspection_query(specified_by_url=True, directive_is_repeatable=True, input_value_deprecation=True)
    operation = await Documents(SCHEMA, LIMITS).operation(text, None)
    assert operation.introspects
    assert operation.cost({}) == 0


@pytest.mark.parametrize(
    ("text", "introspects"),
    [
        ("{ __typename }", True),
        ("{ ...A } fragment A on Query { __schema { queryType { name } } }", True),
        ("{ __schema { queryType { name } } task { id } }", False),
        ("{ ...A __typename } fragment A on Query { task { id } }", False),
        ("{ x: __typename __schema: task { id } }", False),
    ],
)
async def test_only_what_asks_for_nothing_but_the_schema_is_introspection(text, introspects):
    assert (await Documents(SCHEMA, LIMITS).operation(text, None)).introspects is introspects


HOSTILE = [
    doubling(24, "NEXT NEXT"),
    doubling(10, "parent{NEXT}parent{NEXT}"),
    doubling(10, "a:parent{NEXT}b:parent{NEXT}"),
]


@pytest.mark.parametrize("text", HOSTILE)
def test_doubling_fragments_are_measured_in_as_many_steps_as_they_have_selections(text):
    found, _ = survey(text, Limits(aliases=100, selections=2**30))
    assert found.steps == text.count("parent") + text.count("...") + len(["task", "id"])
    assert found.steps < 60


async def test_fragments_in_a_circle_end_and_are_refused_by_validation():
    circle = "{task{...A}} fragment A on Task{parent{...B}} fragment B on Task{parent{...A}}"
    assert survey(circle)[0].steps == 6
    with pytest.raises(Rejected) as caught:
        await Documents(SCHEMA, LIMITS).operation(circle, None)
    assert [fault.message for fault in caught.value.faults] == ["Cannot spread fragment 'A' within itself via 'B'."]


REFUSED = {
    "UniqueVariableNamesRule": "query($a: Int $a: Int) { tasks(first: $a) { totalCount } }",
    "VariablesAreInputTypesRule": "query($a: Task) { tasks(first: $a) { totalCount } }",
    "NoUndefinedVariablesRule": "{ tasks(first: $a) { totalCount } }",
    "NoUnusedVariablesRule": "query($a: Int) { tasks { totalCount } }",
    "VariablesInAllowedPositionRule": "query($a: String) { tasks(first: $a) { totalCount } }",
    "KnownDirectivesRule": "{ tasks @a { totalCount } }",
    "UniqueDirectivesPerLocationRule": "{ tasks @skip(if: true) @skip(if: true) { totalCount } }",
    "MaybeNullValidationRule": "{ find(by: {title: null}) { id } }",
}


async def test_the_rules_that_are_asked_only_where_their_sign_occurs_refuse_what_they_should():
    assert REFUSED.keys() == {rule.__name__ for rule in SIGNS}
    for rule, text in REFUSED.items():
        assert validate(SCHEMA, parse(text), [rule_ for rule_ in SIGNS if rule_.__name__ == rule]), rule
        with pytest.raises(Rejected):
            await Documents(SCHEMA, LIMITS).operation(text, None)


async def test_a_document_is_prepared_once_and_keeps_its_syntax_tree():
    documents = Documents(SCHEMA, LIMITS)
    first = await documents.operation("{ task { id } }", None)
    assert await documents.operation("{ task { id } }", None) is first


async def test_a_refused_document_is_refused_again_without_another_look():
    documents = Documents(SCHEMA, Limits(documents=2))
    caught = []
    for text in ("{ tusk }", "{ task", "{ tusk }"):
        with pytest.raises((ParseFailed, Rejected)) as refused:
            await documents.operation(text, None)
        caught.append(refused.value)
    assert caught[0] is caught[2]
    for text in ("{ task { id } }", "{ task { title } }"):
        await documents.operation(text, None)
    with pytest.raises(Rejected) as refused:
        await documents.operation("{ tusk }", None)
    assert refused.value is not caught[0]


async def test_others_are_answered_while_a_long_document_is_prepared():
    rounds = 0

    async def others():
        nonlocal rounds
        while True:
            await asyncio.sleep(0)
            rounds += 1

    beside = asyncio.create_task(others())
    await Documents(SCHEMA, LIMITS).operation("{ nodes(ids: [" + '"task_1", ' * 900 + "]) { id } }", None)
    beside.cancel()
    assert rounds > 1


async def test_the_operation_is_found_by_name_and_never_guessed():
    documents = Documents(SCHEMA, LIMITS)
    text = "query a { task { id } } query b { task { title } }"
    assert (await documents.operation(text, "b")).node.name.value == "b"
    for name in (None, "c"):
        with pytest.raises(BadUserInput) as caught:
            await documents.operation(text, name)
        assert caught.value.message == "`operationName` must name one operation of the document: a, b."


@pytest.mark.parametrize("escape", ["\0", "\\u0000", "\\u{0}", "\\u{000000}", "\\\\\\u0000"])
async def test_a_document_with_nul_is_refused(escape):
    with pytest.raises(ParseFailed):
        await Documents(SCHEMA, LIMITS).operation(f'{{ nodes(ids: ["{escape}"]) {{ id }} }}', None)


async def test_a_backslash_before_u0000_is_plain_text():
    assert await Documents(SCHEMA, LIMITS).operation('{ nodes(ids: ["\\\\u0000"]) { id } }', None)
