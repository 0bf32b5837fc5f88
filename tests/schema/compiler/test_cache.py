"""A statement is written once for all requests that it serves, and never serves another."""

import asyncio

import pytest

from schema.compiler import reader as module
from tests.schema.compiler import toy
from tests.schema.compiler.asking import ask
from tests.schema.compiler.toy import key

SCHEMA = toy.schema._schema
IDS = [f"book_{key('book', number).hex}" for number in (1, 2, 3)]
SETS = {
    "query ($v: String) { authors(search: $v) { nodes { name } } }": ["ann", "bert", " ", "", None, ...],
    "query ($v: Int) { books(first: $v) { nodes { title } } }": [1, 2, 0, None, ..., 101],
    "query ($v: Int) { books(last: $v) { nodes { title } } }": [1, 2, None, ...],
    "query ($v: Boolean) { books(includeLost: $v) { totalCount } }": [True, False, None, ...],
    "query ($v: Boolean!) { books { totalCount nodes @include(if: $v) { id } } }": [True, False],
    "query ($v: Boolean = true) { books { totalCount nodes @skip(if: $v) { id } } }": [True, False, ...],
    "query ($v: BookFilter) { books(filter: $v) { nodes { title } } }": [
        {},
        None,
        ...,
        {"title": {"eq": "Ash"}},
        {"title": {"neq": "Ash"}},
        {"title": None},
        {"pages": {"isNull": True}},
        {"pages": {"isNull": False}},
        {"or": []},
        {"and": []},
        {"or": [{"pages": {"eq": 300}}]},
        {"or": [{"pages": {"eq": 300}}, {"genre": {"eq": "POEM"}}]},
        {"not": {"genre": {"in": ["POEM"]}}},
        {"genre": {"in": []}},
        {"id": {"in": IDS[:2]}},
        {"id": {"in": IDS}},
        {"id": {"in": ["x"]}},
        {"publishedAt": {"lt": "P1D"}},
        {"publishedAt": {"lt": "1960-01-01T00:00:00Z"}},
        {"publishedAt": {"in": ["P1D", "1950-01-01T00:00:00Z"]}},
        {"publishedAt": {"in": ["1950-01-01T00:00:00Z"]}},
    ],
    "query ($v: [BookSort!]) { books(sort: $v) { nodes { title } } }": [
        [],
        None,
        ...,
        [{"field": "TITLE"}],
        [{"field": "TITLE", "direction": "DESC"}],
        [{"field": "PAGES", "nulls": "FIRST"}],
        [{"field": "PAGES", "nulls": "LAST"}],
        [{"field": "SIZE"}, {"field": "PAGES"}],
    ],
    "query ($v: Direction! = DESC) { books(sort: {field: TITLE, direction: $v}) { nodes { id } } }": [
        "ASC",
        "DESC",
        ...,
    ],
    "query ($v: ID!) { node(id: $v) { __typename id ... on Book { title } ... on Author { name } } }": [
        IDS[0],
        IDS[1],
        f"author_{key('author', 1).hex}",
        f"review_{key('review', 1).hex}",
        "book_1",
    ],
    "query ($v: [ID!]!) { nodes(ids: $v) { __typename id } }": [IDS, [], [f"author_{key('author', 1).hex}", *IDS]],
    "query ($v: String) { books(filter: {and: {title: {contains: $v}}}) { nodes { title } } }": ["a", "zz", None, ...],
}


async def answered(context, text, value):
    variables = {} if value is ... else {"v": value}
    answer = await ask(SCHEMA, context, text, variables)
    return answer.data, answer.errors, answer.statements


@pytest.mark.parametrize("text", SETS, ids=range(len(SETS)))
async def test_a_warm_reader_answers_as_a_fresh_one_whatever_was_asked_before(text, reader, library):
    everybody = toy.Context(toy.Viewer("librarian"), library)
    asked = [(context, value) for value in SETS[text] for context in (reader, everybody)]
    fresh = []
    for context, value in asked:
        toy.reader.statements.clear()
        fresh.append(await answered(context, text, value))
    warm = [await answered(context, text, value) for _ in range(2) for context, value in asked]
    assert warm == fresh * 2


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("query ($v: String) { books(filter: {title: {contains: $v}}) { totalCount } }", ["a", "b", "'); --"]),
        ("query ($v: [ID!]) { books(filter: {id: {in: $v}}) { totalCount } }", [[], IDS[:1], IDS]),
        ("query ($v: Decimal) { books(filter: {price: {gt: $v}}) { totalCount } }", ["1", "2.5"]),
        ("query ($v: ID!) { book(id: $v) { title } }", IDS),
        ("query ($v: String) { authors(search: $v) { totalCount } }", ["a", "b"]),
    ],
    ids=["text", "list", "decimal", "id", "search"],
)
async def test_values_that_are_bound_share_one_statement(text, values, reader):
    for value in values:
        await answered(reader, text, value)
    assert len(toy.reader.statements) == 1


async def test_the_least_used_statement_goes_first(reader, monkeypatch):
    monkeypatch.setattr(module, "MOST", 3)
    texts = [f"{{ books(first: {number}) {{ totalCount }} }}" for number in range(4)]
    for text in (*texts[:3], texts[0], texts[3]):
        await ask(SCHEMA, reader, text)
    held = [statement.made_for[1].arguments[0].value.value for statement in toy.reader.statements.values()]
    assert held == ["2", "0", "3"]


async def test_the_cache_stays_within_its_bound(reader):
    for number in range(module.MOST + 20):
        await ask(SCHEMA, reader, f"{{ a{number}: myself {{ id }} }}")
    assert len(toy.reader.statements) == module.MOST


async def test_of_many_roots_each_round_of_the_event_loop_writes_one_statement(reader):
    written = []

    async def others():
        while True:
            written.append(len(toy.reader.statements))
            await asyncio.sleep(0)

    beside = asyncio.create_task(others())
    answer = await ask(
        SCHEMA, reader, "{ " + " ".join(f"a{n}: books(first: {n}) {{ totalCount }}" for n in range(30)) + " }"
    )
    beside.cancel()
    assert len(answer.statements) == 30
    assert set(written) >= set(range(30))


async def test_payloads_that_share_a_fragment_keep_their_own_selections(reader):
    text = """mutation { one: touch(number: 1) { ...Shared } two: touch(number: 2) { ...Shared book { title } } }
        fragment Shared on TouchPayload { book { genre } }"""
    answer = await ask(SCHEMA, reader, text)
    assert answer.data == {"one": {"book": {"genre": "NOVEL"}}, "two": {"book": {"genre": "POEM", "title": "birch"}}}
    assert len(answer.statements) == 2
