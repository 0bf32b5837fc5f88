"""A list is read page by page while others put rows into it: all that was there is met once, in its order."""

import asyncio
import random
from datetime import UTC, date, datetime

import pytest

from models import Priority
from tests import make

SORTS = {
    "nulls last": [{"field": "DUE_ON", "nulls": "LAST"}, {"field": "PRIORITY"}, {"field": "TITLE"}],
    "nulls first": [{"field": "DUE_ON", "nulls": "FIRST"}, {"field": "SCHEDULED_AT", "direction": "DESC"}],
    "falling": [{"field": "PRIORITY", "direction": "DESC"}, {"field": "DUE_ON", "direction": "DESC"}],
    "ids": [],
}
LIST = """
query ($sort: [TaskSort!], $first: Int, $after: String, $last: Int, $before: String) {
  tasks(sort: $sort, first: $first, after: $after, last: $last, before: $before) {
    nodes { id }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  }
}"""


def content(rng):
    """A task somewhere in each of the orders."""
    days = (None, *(date(2027, 3, rng.randint(1, 4)) for _ in range(2)))
    hours = (None, *(datetime(2027, 3, 1, rng.randint(8, 12), tzinfo=UTC) for _ in range(2)))
    return {
        "title": rng.choice("abc"),
        "priority": rng.choice([*Priority]),
        "due_on": rng.choice(days),
        "scheduled_at": rng.choice(hours),
    }


@pytest.fixture
def page(graphql, ada):
    """Read a page: its ids in the list's order, and where to go on, if anywhere."""

    async def page(sort, size, at, *, backward):
        window = {"last": size, "before": at} if backward else {"first": size, "after": at}
        answer = await graphql(ada, LIST, sort=sort, **window)
        assert "errors" not in answer, answer
        found = answer["data"]["tasks"]
        info = found["pageInfo"]
        more, next_ = ("hasPreviousPage", "startCursor") if backward else ("hasNextPage", "endCursor")
        return [row["id"] for row in found["nodes"]], info[next_] if info[more] else None

    return page


@pytest.mark.parametrize("backward", [False, True], ids=["forward", "backward"])
@pytest.mark.parametrize("order", SORTS)
async def test_rows_that_come_move_no_others(order, backward, page, ada):
    rng = random.Random(order)
    for _ in range(40):
        await make.task(ada, **content(rng))
    before, _ = await page(SORTS[order], 100, None, backward=False)
    assert len(before) == 40
    met, at = [], None
    while not met or at:
        (ids, at), *_ = await asyncio.gather(
            page(SORTS[order], rng.randint(1, 5), at, backward=backward),
            *(make.task(ada, **content(rng)) for _ in range(2 if len(met) < 50 else 0)),
        )
        met = ids + met if backward else met + ids
    assert [each for each in met if each in before] == before
    assert len(met) == len(set(met))
    after, _ = await page(SORTS[order], 100, None, backward=False)
    assert met == [each for each in after if each in met]
    assert len(before) < len(after) < 100
