"""What asks for too much, or makes no sense, is refused with a code before anything is read."""

import pytest

from schema.context import Context
from tests.schema.compiler import toy
from tests.schema.compiler.asking import ask
from tests.schema.compiler.comparing import REAL
from tests.schema.compiler.test_pages import admin
from tests.schema.compiler.toy import key

SCHEMA = toy.schema._schema
BOOK = f"book_{key('book', 1).hex}"
AUTHOR = f"author_{key('author', 1).hex}"


def deep(levels):
    """A filter of so many levels."""
    return "{not: " * (levels - 1) + '{title: {eq: "x"}}' + "}" * (levels - 1)


def many(count):
    return ", ".join([f'"{BOOK}"'] * count)


REFUSED = {
    "books(first: 101) { totalCount }": "LIMIT_EXCEEDED",
    "books(last: 101) { totalCount }": "LIMIT_EXCEEDED",
    "books(first: -1) { totalCount }": "LIMIT_EXCEEDED",
    "books(first: 1, last: 1) { totalCount }": "INVALID_INPUT",
    "books(first: 0, last: 0) { totalCount }": "INVALID_INPUT",
    "authors { nodes { books(first: 101) { totalCount } } }": "LIMIT_EXCEEDED",
    "books(sort: [{field: TITLE}, {field: PAGES}, {field: SIZE}, {field: GENRE}]) { totalCount }": "LIMIT_EXCEEDED",
    f"books(filter: {deep(6)}) {{ totalCount }}": "LIMIT_EXCEEDED",
    f"authors(filter: {{books: {{some: {deep(5)}}}}}) {{ totalCount }}": "LIMIT_EXCEEDED",
    f"books(filter: {{id: {{in: [{many(101)}]}}}}) {{ totalCount }}": "LIMIT_EXCEEDED",
    f"books(filter: {{or: [{', '.join(['{}'] * 101)}]}}) {{ totalCount }}": "LIMIT_EXCEEDED",
    f"nodes(ids: [{many(101)}]) {{ id }}": "LIMIT_EXCEEDED",
    f'book(id: "{AUTHOR}") {{ id }}': "INVALID_ID",
    f'books(filter: {{id: {{eq: "{AUTHOR}"}}}}) {{ totalCount }}': "INVALID_ID",
    'books(filter: {publishedAt: {lt: "P1000001D"}}) { totalCount }': "INVALID_INPUT",
    'books(filter: {publishedAt: {nin: ["P1D", "-P1000001D"]}}) { totalCount }': "INVALID_INPUT",
    f'authors(search: "{"x " * 101}") {{ totalCount }}': "LIMIT_EXCEEDED",
    'book(id: "") { id }': "INVALID_ID",
    'node(id: "book_1") { id }': "INVALID_ID",
    f'node(id: "books{BOOK[4:]}") {{ id }}': "INVALID_ID",
    f'nodes(ids: ["{BOOK}", "{BOOK}0"]) {{ id }}': "INVALID_ID",
}
ALLOWED = (
    "books(first: 100) { totalCount }",
    "books(first: 0) { totalCount nodes { id } }",
    f"books(filter: {deep(5)}) {{ totalCount }}",
    f"books(filter: {{id: {{in: [{many(100)}]}}}}) {{ totalCount }}",
    f"nodes(ids: [{many(100)}]) {{ id }}",
    'books(filter: {publishedAt: {lt: "P1000000D", gt: "-P1000000D", in: ["P1000000D"]}}) { totalCount }',
    f'authors(search: "{"x " * 100}") {{ totalCount }}',
)


@pytest.mark.parametrize(("asked", "code"), REFUSED.items(), ids=range(len(REFUSED)))
async def test_it_is_refused_with_its_code_and_nothing_is_read(asked, code, reader):
    answer = await ask(SCHEMA, reader, f"{{ {asked} }}")
    assert answer.codes == [code]
    assert answer.statements == []


@pytest.mark.parametrize("asked", ALLOWED, ids=range(len(ALLOWED)))
async def test_what_is_just_within_the_limits_is_answered(asked, reader):
    answer = await ask(SCHEMA, reader, f"{{ {asked} }}")
    assert answer.errors == []
    assert len(answer.statements) == 1


async def test_a_long_list_is_refused_also_after_a_short_one(reader):
    text = "query ($ids: [ID!]) { books(filter: {id: {in: $ids}}) { totalCount } }"
    assert (await ask(SCHEMA, reader, text, {"ids": [BOOK] * 100})).data == {"books": {"totalCount": 1}}
    answer = await ask(SCHEMA, reader, text, {"ids": [BOOK] * 101})
    assert answer.codes == ["LIMIT_EXCEEDED"]
    assert answer.statements == []


async def test_a_far_duration_and_a_long_search_are_refused_also_after_others(reader):
    text = """query ($span: DateTimeOrDuration, $word: String) {
        books(filter: {publishedAt: {lt: $span}}) { totalCount } authors(search: $word) { totalCount }
    }"""
    assert (await ask(SCHEMA, reader, text, {"span": "P1D", "word": "x"})).errors == []
    for wrong, code in (({"span": "P1000001D"}, "INVALID_INPUT"), ({"word": "x" * 201}, "LIMIT_EXCEEDED")):
        assert (await ask(SCHEMA, reader, text, {"span": "P1D", "word": "x"} | wrong)).codes == [code]


@pytest.mark.parametrize("word", ["!!!", "a & b | !c", "x" * 200, "²", "'", "\\", "%_", "a:*", "<->", "ﬀ ǅ"])
async def test_any_text_can_be_searched_for_and_filtered_by(word, reader):
    text = """query ($word: String) {
        authors(search: $word) { totalCount } books(filter: {title: {contains: $word}}) { totalCount }
    }"""
    answer = await ask(SCHEMA, reader, text, {"word": word})
    assert answer.errors == []
    assert answer.data["books"] == {"totalCount": 0}


@pytest.mark.parametrize("parents", [1, 10, 100])
async def test_one_statement_reads_a_tree_for_any_number_of_parents(parents, world, reading):
    text = f"""{{ tasks(first: {parents}, includeFinished: true) {{ nodes {{
        assignee {{ name teams {{ nodes {{ name }} }} }}
        subtasks {{ totalCount edges {{ cursor node {{ title history {{ nodes {{ verb actor {{ name }} }} }} }} }} }}
        links {{ nodes {{ target {{ ... on Customer {{ name locations {{ nodes {{ name }} }} }} }} }} }}
        viewerActions {{ action allowed reason }}
    }} }} }}"""
    by = admin(world)
    answer = await ask(REAL, Context(by, reading), text)
    assert answer.errors == []
    there = [row for row in world.rows["Task"].values() if world.sees(by, row)]
    assert len(answer.data["tasks"]["nodes"]) == min(parents, len(there))
    assert len(answer.statements) == 1
