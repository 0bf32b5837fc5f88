"""A cursor works in the list that it was made for and in no other; a changed one is refused before a read."""

import string

import pytest

from tests.schema.compiler import toy
from tests.schema.compiler.asking import ask

SCHEMA = toy.schema._schema
LETTERS = string.ascii_letters + string.digits + "-_"
PRICE = "sort: [{field: PRICE}]"
FILTER = 'filter: {title: {neq: "x"}, pages: {in: [100, 300, 20]}}'
LIST = f"books({PRICE}, {FILTER}%s)"
OTHERS = {
    "another order": f"books(sort: [{{field: PRICE, direction: DESC}}], {FILTER}%s)",
    "nulls elsewhere": f"books(sort: [{{field: PRICE, nulls: FIRST}}], {FILTER}%s)",
    "another key": f"books(sort: [{{field: PAGES}}], {FILTER}%s)",
    "one more key": f"books(sort: [{{field: PRICE}}, {{field: PAGES}}], {FILTER}%s)",
    "no order": f"books({FILTER}%s)",
    "another value": f'books({PRICE}, filter: {{title: {{neq: "y"}}, pages: {{in: [100, 300, 20]}}}}%s)',
    "fewer values": f'books({PRICE}, filter: {{title: {{neq: "x"}}, pages: {{in: [100, 300]}}}}%s)',
    "another operator": f'books({PRICE}, filter: {{title: {{eq: "x"}}, pages: {{in: [100, 300, 20]}}}}%s)',
    "the opposite": f"books({PRICE}, {FILTER.replace(': {', ': {not: {', 1)}}}%s)",
    "no filter": f"books({PRICE}%s)",
    "hidden rows too": f"books({PRICE}, {FILTER}, includeLost: true%s)",
    "another type": 'authors(filter: {name: {neq: "x"}}%s)',
}


async def titles(context, list_, cursor=None, **variables):
    """What is in a list after a cursor."""
    text = f"query ($at: String) {{ found: {list_ % ', after: $at'} {{ nodes {{ __typename id }} }} }}"
    return await ask(SCHEMA, context, text, {"at": cursor, **variables})


async def first_cursor(context, list_, first=1):
    """The cursor of one of a list's first rows."""
    text = f"{{ found: {list_ % f', first: {first}'} {{ pageInfo {{ endCursor }} }} }}"
    return (await ask(SCHEMA, context, text)).data["found"]["pageInfo"]["endCursor"]


async def refused(context, list_, cursor):
    answer = await titles(context, list_, cursor)
    return answer.codes == ["INVALID_CURSOR"] and answer.statements == []


async def test_a_cursor_with_any_letter_changed_is_refused(reader):
    cursor = await first_cursor(reader, LIST)
    assert len((await titles(reader, LIST, cursor)).data["found"]["nodes"]) == 3
    for place, letter in enumerate(cursor):
        for other in (LETTERS[(LETTERS.index(letter) + step) % 64] for step in (1, 2, 4, 8, 16, 32)):
            assert await refused(reader, LIST, cursor[:place] + other + cursor[place + 1 :])
        assert await refused(reader, LIST, cursor[:place] + cursor[place + 1 :])


async def test_a_cursor_in_another_spelling_is_refused(reader):
    cursor = await first_cursor(reader, LIST)
    for other in (f"{cursor}=", f"{cursor}!", f" {cursor}", f"{cursor}\n", cursor[::-1], "x", "", "ä", "=", cursor * 2):
        assert await refused(reader, LIST, other)
    for last in set(LETTERS) - {cursor[-1]}:
        assert await refused(reader, LIST, cursor[:-1] + last)


@pytest.mark.parametrize("other", OTHERS.values(), ids=OTHERS)
async def test_a_cursor_of_another_list_is_refused(other, reader):
    assert await refused(reader, other, await first_cursor(reader, LIST))


@pytest.mark.parametrize("counted", ["totalCount", "__typename"])
async def test_a_cursor_that_is_wrong_is_refused_where_no_row_is_wanted(counted, reader):
    text = f"query ($at: String) {{ found: {LIST % ', %s: $at'} {{ {counted} }} }}"
    right, of_another_order = await first_cursor(reader, LIST), await first_cursor(reader, OTHERS["another order"])
    for way in ("after", "before"):
        for wrong in ("nonsense", of_another_order):
            answer = await ask(SCHEMA, reader, text % way, {"at": wrong})
            assert (answer.codes, answer.statements) == (["INVALID_CURSOR"], [])
        assert (await ask(SCHEMA, reader, text % way, {"at": right})).codes == []


async def test_a_cursor_does_not_care_whether_values_are_variables(reader):
    cursor = await first_cursor(reader, LIST)
    text = """query ($at: String, $filter: BookFilter, $sort: [BookSort!]) {
        found: books(after: $at, sort: $sort, filter: $filter) { nodes { __typename id } }
    }"""
    filter_ = {"pages": {"in": [100, 300, 20]}, "title": {"neq": "x"}}
    answer = await ask(SCHEMA, reader, text, {"at": cursor, "filter": filter_, "sort": [{"field": "PRICE"}]})
    assert answer.data == (await titles(reader, LIST, cursor)).data


async def test_a_cursor_shows_another_viewer_nothing_but_their_own_rows(reader, library):
    secret = toy.Context(toy.Viewer("reader", author=2), library)
    list_ = "books(sort: [{field: TITLE, direction: DESC}]%s)"
    cursor = await first_cursor(secret, list_, first=2)  # of Fir, which is Bert's secret
    for at, expected in ((None, "2531"), (cursor, "531")):
        answer = await titles(reader, list_, at)
        assert "".join(row["id"][-1] for row in answer.data["found"]["nodes"]) == expected


async def test_a_cursor_of_one_parents_list_is_a_place_in_anothers(reader):
    cursor = "{ author(id: %s) { list: books(first: 1) { pageInfo { endCursor } } } }"
    anna, cleo = (f'"author_{toy.key("author", number).hex}"' for number in (1, 3))
    at = (await ask(SCHEMA, reader, cursor % anna)).data["author"]["list"]["pageInfo"]["endCursor"]
    rest = f'{{ author(id: {cleo}) {{ books(after: "{at}") {{ nodes {{ title }} }} }} }}'
    assert (await ask(SCHEMA, reader, rest)).data == {"author": {"books": {"nodes": [{"title": "Elm"}]}}}
