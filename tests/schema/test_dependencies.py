"""Dependencies through HTTP: what blocks what, and where the days of what waits would go."""

import pytest

from domain import accounts, dependencies
from tests import make
from tests.schema.refusals import ERRORS, codes

AROUND = """query ($id: ID!) { task(id: $id) {
    blocked blockers(first: 5) { nodes { title } } blocks(first: 5) { totalCount nodes { title } }
} }"""
SHIFT = """query ($id: ID!, $on: Date!) { shiftDependents(taskId: $id, dueOn: $on) {
    task { title dueOn } dueOn scheduledAt allowed reason
} }"""


@pytest.fixture
async def plan(ada, id_of):
    """A task due on a Friday, and one due on a Monday that is to wait for it."""
    days = {"a": "2026-11-20", "b": "2026-11-23"}
    made = {title: await make.task(ada, title=title, due_on=day, assignee_id=ada.id) for title, day in days.items()}
    return {title: id_of("task", key) for title, key in made.items()}


def nodes(*titles):
    return {"nodes": [{"title": title} for title in titles]}


async def test_a_task_shows_what_it_waits_for_and_what_waits_for_it(ada, plan, graphql, mutate):
    selection = f"task {{ blocked blockers(first: 5) {{ nodes {{ title }} }} }} {ERRORS}"
    payload = await mutate(ada, "taskBlockerAdd", selection, taskId=plan["b"], blockerId=plan["a"], expectedVersion=1)
    assert payload == {"task": {"blocked": True, "blockers": nodes("a")}, "userErrors": []}
    (one, other) = [(await graphql(ada, AROUND, id=plan[name]))["data"]["task"] for name in "ab"]
    assert one == {"blocked": False, "blockers": nodes(), "blocks": {"totalCount": 1, **nodes("b")}}
    assert other == {"blocked": True, "blockers": nodes("a"), "blocks": {"totalCount": 0, **nodes()}}
    found = await graphql(ada, "{ tasks(filter: {blocked: {eq: true}}) { nodes { title } } }")
    assert found["data"]["tasks"] == nodes("b")
    found = await graphql(ada, '{ tasks(filter: {blockers: {some: {title: {eq: "a"}}}}) { nodes { title } } }')
    assert found["data"]["tasks"] == nodes("b")
    payload = await mutate(ada, "taskBlockerRemove", selection, taskId=plan["b"], blockerId=plan["a"])
    assert payload == {"task": {"blocked": False, "blockers": nodes()}, "userErrors": []}


async def test_history_names_what_was_waited_for(ada, plan, graphql, mutate):
    await mutate(ada, "taskBlockerAdd", ERRORS, taskId=plan["b"], blockerId=plan["a"])
    query = """query ($id: ID!) { task(id: $id) { history(last: 1) { nodes { changes {
        field before after afterNode { ... on Task { title } } } } } } }"""
    (node,) = (await graphql(ada, query, id=plan["b"]))["data"]["task"]["history"]["nodes"]
    assert node["changes"] == [{"field": "blockers", "before": None, "after": "T-1 a", "afterNode": {"title": "a"}}]


async def test_what_is_finished_blocks_nothing(ada, plan, graphql, mutate):
    await mutate(ada, "taskBlockerAdd", ERRORS, taskId=plan["b"], blockerId=plan["a"])
    await mutate(ada, "taskCancel", ERRORS, taskId=plan["a"])
    query = """query ($id: ID!) { task(id: $id) {
        blocked open: blockers { totalCount } all: blockers(includeFinished: true) { totalCount } } }"""
    task = (await graphql(ada, query, id=plan["b"]))["data"]["task"]
    assert task == {"blocked": False, "open": {"totalCount": 0}, "all": {"totalCount": 1}}


async def test_a_dependency_is_seen_by_who_sees_both_tasks(admin, ada, plan, graphql, id_of):
    south = await accounts.team_create(name="South", by=admin)
    hidden = await make.task(admin, title="hidden", team_id=south)
    key = await make.task(admin, title="c")
    await dependencies.add(key, hidden, by=admin)
    await dependencies.add(hidden, await make.task(admin, title="d"), by=admin)
    shown = {"blocked": True, "blockers": nodes(), "blocks": {"totalCount": 0, **nodes()}}
    assert (await graphql(ada, AROUND, id=id_of("task", key)))["data"]["task"] == shown
    assert (await graphql(admin, AROUND, id=id_of("task", key)))["data"]["task"] == shown | {
        "blockers": nodes("hidden")
    }


async def test_a_dependency_that_cannot_be_says_why(ada, plan, mutate, nothing_changed):
    await mutate(ada, "taskBlockerAdd", ERRORS, taskId=plan["b"], blockerId=plan["a"])
    cases = [
        ("taskBlockerAdd", {"taskId": plan["a"], "blockerId": plan["b"]}, ("DEPENDENCY_CYCLE", ["blockerId"])),
        ("taskBlockerAdd", {"taskId": plan["a"], "blockerId": plan["a"]}, ("INVALID_INPUT", ["blockerId"])),
        ("taskMove", {"taskId": plan["b"], "parentId": plan["a"]}, ("DEPENDENCY_CYCLE", ["parentId"])),
        (
            "taskBlockerRemove",
            {"taskId": plan["b"], "blockerId": plan["a"], "expectedVersion": 7},
            ("VERSION_CONFLICT", None),
        ),
    ]
    for name, input, expected in cases:
        async with nothing_changed():
            assert codes(await mutate(ada, name, ERRORS, **input)) == [expected]


async def test_the_preview_tells_what_the_mutation_does(ada, plan, graphql, mutate, nothing_changed):
    await mutate(ada, "taskBlockerAdd", ERRORS, taskId=plan["b"], blockerId=plan["a"])
    async with nothing_changed():
        (seen,) = (await graphql(ada, SHIFT, id=plan["a"], on="2026-11-24"))["data"]["shiftDependents"]
    task = {"title": "b", "dueOn": "2026-11-23"}
    moves = {"dueOn": "2026-11-25", "scheduledAt": None, "allowed": True, "reason": None}
    assert seen == {"task": task, **moves}
    wanted = {"taskId": plan["a"], "dueOn": "2026-11-24", "expectedVersion": 1, "idempotencyKey": "once"}
    selection = f"task {{ dueOn }} results {{ index object {{ title dueOn }} userErrors {{ code }} }} {ERRORS}"
    for _ in range(2):
        payload = await mutate(ada, "taskShiftDependents", selection, **wanted)
        assert payload == {
            "task": {"dueOn": "2026-11-24"},
            "results": [{"index": 0, "object": {"title": "b", "dueOn": "2026-11-25"}, "userErrors": []}],
            "userErrors": [],
        }
    again = await mutate(ada, "taskShiftDependents", ERRORS, **wanted | {"dueOn": "2026-11-25"})
    assert codes(again) == [("IDEMPOTENCY_KEY_REUSED", None)]


async def test_the_preview_says_whom_to_ask_as_the_mutation_does(
    ada, bob, team, graphql, mutate, id_of, nothing_changed
):
    mine, theirs = [await make.task(by, team_id=team, due_on="2026-11-20") for by in (ada, bob)]
    await dependencies.add(theirs, mine, by=bob)
    (seen,) = (await graphql(ada, SHIFT, id=id_of("task", mine), on="2026-11-23"))["data"]["shiftDependents"]
    async with nothing_changed():
        payload = await mutate(
            ada, "taskShiftDependents", f"results {{ index }} {ERRORS}", taskId=id_of("task", mine), dueOn="2026-11-23"
        )
    assert payload["results"] == []
    assert codes(payload) == [("FORBIDDEN", ["taskId"])]
    assert (seen["allowed"], seen["reason"]) == (False, payload["userErrors"][0]["message"])


async def test_what_is_not_there_has_no_preview_and_what_is_wrong_has_a_code(ada, other, plan, graphql, id_of):
    asked = {"id": plan["a"], "on": "2026-11-23"}
    assert (await graphql(other, SHIFT, **asked))["data"] == {"shiftDependents": None}
    undated = id_of("task", await make.task(ada))
    for wrong, code in ((asked | {"id": "user_1"}, "INVALID_ID"), (asked | {"id": undated}, "INVALID_INPUT")):
        (error,) = (await graphql(ada, SHIFT, **wrong))["errors"]
        assert error["extensions"]["code"] == code
