"""An instant is printed as exactly as it is stored, so a client can go on from what it has read."""

from schema.context import Context
from tests.schema.compiler.asking import ask
from tests.schema.compiler.comparing import REAL
from tests.schema.compiler.test_pages import admin

ALL = "{ tasks(first: 100, includeFinished: true, sort: [{ field: CREATED_AT }]) { nodes { id createdAt } } }"
ABOUT = """query ($at: DateTimeOrDuration!) {
    same: tasks(first: 100, includeFinished: true, filter: { createdAt: { eq: $at } }) {
        nodes { createdAt }
        totalCount
    }
    later: tasks(first: 100, includeFinished: true, filter: { createdAt: { gt: $at } }) { totalCount }
}"""


async def test_a_printed_instant_finds_its_own_rows_and_none_of_them_again_as_later(world, reading):
    context = Context(admin(world), reading)
    printed = [row["createdAt"] for row in (await ask(REAL, context, ALL)).data["tasks"]["nodes"]]
    assert any(not at.endswith("000Z") for at in printed)  # lies between two milliseconds
    for at in set(printed):
        found = (await ask(REAL, context, ABOUT, {"at": at})).data
        assert found["same"] == {"nodes": [{"createdAt": at}] * printed.count(at), "totalCount": printed.count(at)}
        assert found["later"] == {"totalCount": sum(other > at for other in printed)}
