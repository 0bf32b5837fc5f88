"""Subtasks through HTTP: their order, what they count for, and a task that finishes with them."""

import pytest

from domain import lifecycle
from tests import make
from tests.schema.refusals import ERRORS, codes

ORDER = "query ($id: ID!) { task(id: $id) { progress subtasks(first: 10) { nodes { title position } } } }"


@pytest.fixture
async def family(ada, id_of):
    parent = await make.task(ada, flow="STANDARD")
    made = {name: await make.task(ada, title=name, parent_id=parent, flow="STANDARD") for name in "abc"}
    return id_of("task", parent), {name: id_of("task", key) for name, key in made.items()}


async def test_subtasks_come_in_their_order(ada, family, graphql, mutate):
    parent, made = family
    selection = f"task {{ position parent {{ id }} version }} {ERRORS}"
    payload = await mutate(ada, "taskMove", selection, taskId=made["c"], beforeId=made["b"], expectedVersion=1)
    assert payload == {"task": {"position": "2.5", "parent": {"id": parent}, "version": 2}, "userErrors": []}
    task = (await graphql(ada, ORDER, id=parent))["data"]["task"]
    assert task["subtasks"]["nodes"] == [
        {"title": "a", "position": "2"},
        {"title": "c", "position": "2.5"},
        {"title": "b", "position": "3"},
    ]


async def test_pages_of_subtasks_follow_their_order(ada, family, graphql, mutate):
    parent, made = family
    await mutate(ada, "taskMove", ERRORS, taskId=made["a"], afterId=made["c"])
    page = """query ($id: ID!, $after: String) {
        task(id: $id) { subtasks(first: 1, after: $after) { nodes { title } pageInfo { endCursor } } } }"""
    found, after = "", None
    while True:
        subtasks = (await graphql(ada, page, id=parent, after=after))["data"]["task"]["subtasks"]
        if not subtasks["nodes"]:
            break
        found, after = found + subtasks["nodes"][0]["title"], subtasks["pageInfo"]["endCursor"]
    assert found == "bca"


async def test_a_move_that_cannot_be_says_why(ada, family, mutate, id_of, nothing_changed):
    made = family[1]
    top = id_of("task", await make.task(ada))
    cases = [
        ({}, ("INVALID_INPUT", ["parentId"])),
        ({"beforeId": made["a"], "afterId": made["b"]}, ("INVALID_INPUT", ["parentId"])),
        ({"beforeId": top}, ("INVALID_INPUT", ["beforeId"])),
        ({"parentId": made["c"]}, ("CYCLE_DETECTED", ["parentId"])),
        ({"afterId": made["b"], "expectedVersion": 7}, ("VERSION_CONFLICT", None)),
    ]
    for input, expected in cases:
        async with nothing_changed():
            assert codes(await mutate(ada, "taskMove", ERRORS, taskId=made["c"], **input)) == [expected]


@pytest.mark.parametrize(("by", "progress"), [("COUNT", 33), ("WEIGHT", 60), ("ESTIMATE", 99)])
async def test_progress_counts_what_the_parent_says(by, progress, ada, graphql, mutate, id_of):
    parent = (await mutate(ada, "taskCreate", "task { id }", title="Whole", progressBy=by))["task"]["id"]
    parts = [(3, "PT995M"), (1, "PT5M"), (1, None), (9, "PT24H")]
    keys = []
    for weight, length in parts:
        part = {"parentId": parent, "progressWeight": weight, "expectedDuration": length, "workflow": "STANDARD"}
        keys.append((await mutate(ada, "taskCreate", "task { id }", title="Part", **part))["task"]["id"])
    assert (await graphql(ada, ORDER, id=parent))["data"]["task"]["progress"] == 0
    await mutate(ada, "taskClaim", ERRORS, taskId=keys[0])
    await mutate(ada, "taskComplete", ERRORS, taskId=keys[0])
    await mutate(ada, "taskCancel", ERRORS, taskId=keys[3])
    assert (await graphql(ada, ORDER, id=parent))["data"]["task"]["progress"] == progress


async def test_progress_that_nothing_counts_for_is_null(ada, graphql, mutate):
    whole = await mutate(ada, "taskCreate", "task { id progress }", title="Whole", progressBy="ESTIMATE")
    assert whole["task"].pop("progress") is None
    await mutate(ada, "taskCreate", ERRORS, title="Part", parentId=whole["task"]["id"])
    assert (await graphql(ada, ORDER, **whole["task"]))["data"]["task"]["progress"] is None


async def test_a_task_finishes_with_its_last_subtask_and_its_history_says_why(ada, family, graphql, mutate, id_of):
    parent, made = family
    await mutate(ada, "taskUpdate", ERRORS, taskId=parent, finishWithSubtasks=True)
    for key in made.values():
        await mutate(ada, "taskClaim", ERRORS, taskId=key)
        await mutate(ada, "taskComplete", ERRORS, taskId=key)
    query = "query ($id: ID!) { task(id: $id) { status progress history(last: 1) { nodes { verb reason } } } }"
    assert (await graphql(ada, query, id=parent))["data"]["task"] == {
        "status": "COMPLETED",
        "progress": 100,
        "history": {"nodes": [{"verb": "completed", "reason": "All its subtasks are finished."}]},
    }


async def test_a_guard_of_the_parent_keeps_it_open(ada, mutate, id_of):
    """What its workflow does not allow is not done, and the subtask is finished all the same."""
    parent = await make.task(ada, flow="STANDARD", finish_with_subtasks=True)
    part = await make.task(ada, flow="STANDARD", parent_id=parent, assignee_id=ada.id)
    await lifecycle.cancel(parent, by=ada)
    assert codes(await mutate(ada, "taskComplete", ERRORS, taskId=id_of("task", part))) == []
    assert (await make.stored(parent)).status == "CANCELLED"
