"""Many tasks at once through HTTP: what became of each, under either policy."""

import pytest

from domain import lifecycle
from tests import make

RESULTS = """
    results { index object { title status } userErrors { code path } } userErrors { code path message } syncCursor
"""
STEPS = {
    "taskBulkStart": ("PENDING", "IN_PROGRESS"),
    "taskBulkRelease": ("PENDING", "RELEASED"),
    "taskBulkComplete": ("PENDING", "COMPLETED"),
    "taskBulkClose": ("RELEASED", "CLOSED"),
    "taskBulkCancel": ("PENDING", "CANCELLED"),
}


async def two(ada, sue, status, id_of):
    """The ids of two tasks that are in this status."""
    keys = [await make.task(ada, title=name, assignee_id=ada.id, flow="DIRECT") for name in "ab"]
    if status == "RELEASED":
        for key in keys:
            await lifecycle.release(key, by=ada)
    return [id_of("task", key) for key in keys]


@pytest.mark.parametrize("name", STEPS)
async def test_many_tasks_take_the_step_at_once(name, mutate, ada, sue, id_of):
    before, after = STEPS[name]
    items = [{"taskId": id} for id in await two(ada, sue, before, id_of)]
    answer = await mutate(sue if after == "CLOSED" else ada, name, RESULTS, items=items)
    assert answer.pop("syncCursor")
    results = [
        {"index": place, "object": {"title": title, "status": after}, "userErrors": []}
        for place, title in enumerate("ab")
    ]
    assert answer == {"results": results, "userErrors": []}


async def test_refused_items_say_why_beside_what_they_are_now(mutate, ada, sue, id_of, nothing_changed):
    released = (await two(ada, sue, "RELEASED", id_of))[0]
    begun = id_of("task", await make.task(ada, title="c"))
    absent = f"task_{'0' * 32}"
    items = [{"taskId": released, "expectedVersion": 2}, {"taskId": begun}, {"taskId": absent}]
    wrong = [
        {"code": "INVALID_TRANSITION", "path": ["items", "1"]},
        {"code": "NOT_FOUND", "path": ["items", "2", "taskId"]},
    ]
    results = [
        {"index": 0, "object": {"title": "a", "status": "RELEASED"}, "userErrors": []},
        {"index": 1, "object": {"title": "c", "status": "PENDING"}, "userErrors": wrong[:1]},
        {"index": 2, "object": None, "userErrors": wrong[1:]},
    ]
    async with nothing_changed():
        answer = await mutate(sue, "taskBulkClose", RESULTS, items=items)
    assert answer["results"] == results
    assert answer["syncCursor"] is None
    assert [{"code": error["code"], "path": error["path"]} for error in answer["userErrors"]] == wrong
    results[0]["object"]["status"] = "CLOSED"
    answer = await mutate(sue, "taskBulkClose", RESULTS, items=items, errorPolicy="REJECT_FAILED")
    assert answer.pop("syncCursor")
    assert answer == {"results": results, "userErrors": []}


async def test_a_repeat_with_the_same_key_is_answered_alike_and_another_input_is_refused(mutate, ada, sue, id_of):
    items = [{"taskId": id} for id in await two(ada, sue, "RELEASED", id_of)]
    begun = id_of("task", await make.task(ada))
    wanted = {"items": [*items, {"taskId": begun}], "errorPolicy": "REJECT_FAILED", "idempotencyKey": "once"}
    selection = "results { index object { id version } userErrors { code message path } } userErrors { code }"
    first = await mutate(sue, "taskBulkClose", selection, **wanted)
    assert await mutate(sue, "taskBulkClose", selection, **wanted) == first
    answer = await mutate(sue, "taskBulkClose", selection, **wanted | {"items": items})
    assert answer == {"results": [], "userErrors": [{"code": "IDEMPOTENCY_KEY_REUSED"}]}


async def test_more_than_a_hundred_none_and_ids_of_other_things_are_refused(mutate, ada, id_of, nothing_changed):
    task, user = id_of("task", await make.task(ada)), id_of("user", ada.id)
    many = [{"taskId": f"task_{number:032x}"} for number in range(101)]
    refusals = {
        "LIMIT_EXCEEDED": (many, ["items"]),
        "REQUIRED": ([], ["items"]),
        "INVALID_ID": ([{"taskId": task}, {"taskId": user}], ["items", "1", "taskId"]),
        "INVALID_INPUT": ([{"taskId": task}, {"taskId": task}], ["items", "1"]),
    }
    async with nothing_changed():
        for code, (items, path) in refusals.items():
            answer = await mutate(ada, "taskBulkStart", RESULTS, items=items)
            assert [(error["code"], error["path"]) for error in answer["userErrors"]] == [(code, path)]
            assert answer["results"] == []


async def test_many_tasks_are_handed_on_each_to_somebody_or_nobody(mutate, ada, bob, sue, team, id_of):
    keys = [id_of("task", await make.task(ada, title=name, team_id=team, assignee_id=ada.id)) for name in "ab"]
    items = [{"taskId": keys[0], "assigneeId": id_of("user", bob.id)}, {"taskId": keys[1]}]
    holders = "results { object { assignee { name } } userErrors { code path } } userErrors { code path }"
    answer = await mutate(sue, "taskBulkAssign", holders, items=items, reason="Holiday")
    results = [{"object": {"assignee": whom}, "userErrors": []} for whom in ({"name": "Bob Rep"}, None)]
    assert answer == {"results": results, "userErrors": []}
    wrong = [{"code": "NOT_FOUND", "path": ["items", "0", "assigneeId"]}]
    items = [{"taskId": keys[0], "assigneeId": f"user_{'0' * 32}"}]
    answer = await mutate(sue, "taskBulkAssign", holders, items=items)
    assert answer == {"results": [{"object": results[0]["object"], "userErrors": wrong}], "userErrors": wrong}
