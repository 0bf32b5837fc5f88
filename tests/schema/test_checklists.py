"""Checklists through HTTP."""

from tests import make
from tests.schema.refusals import ERRORS, codes

LIST = """query ($id: ID!) { task(id: $id) {
    checklistDone checklistTotal
    checklist(first: 10) { totalCount nodes { text required tickedAt tickedBy { name } } }
    history(last: 1) { nodes { verb changes { field before after } } }
} }"""


async def test_a_checklist_is_written_ticked_and_arranged(ada, graphql, mutate, id_of):
    task = id_of("task", await make.task(ada))
    items = {}
    for text in ("Pack", "Drive", "Install"):
        input = {"taskId": task, "text": text, "required": text == "Pack"}
        payload = await mutate(ada, "checklistItemCreate", f"checklistItem {{ id text }} {ERRORS}", **input)
        assert payload["userErrors"] == []
        items[text] = payload["checklistItem"]["id"]
    selection = f"checklistItem {{ text version }} {ERRORS}"
    await mutate(ada, "checklistItemMove", selection, checklistItemId=items["Install"], beforeId=items["Drive"])
    await mutate(ada, "checklistItemUpdate", selection, checklistItemId=items["Pack"], text="Pack it")
    await mutate(ada, "checklistItemTick", selection, checklistItemId=items["Drive"])
    await mutate(ada, "checklistItemUntick", selection, checklistItemId=items["Drive"])
    payload = await mutate(ada, "checklistItemTick", selection, checklistItemId=items["Pack"], expectedVersion=2)
    assert payload == {"checklistItem": {"text": "Pack it", "version": 3}, "userErrors": []}
    found = (await graphql(ada, LIST, id=task))["data"]["task"]
    assert found.pop("checklist")["nodes"][0].pop("tickedAt") is not None
    assert found == {
        "checklistDone": 1,
        "checklistTotal": 3,
        "history": {
            "nodes": [
                {
                    "verb": "checklist_item_ticked",
                    "changes": [{"field": "ticked", "before": None, "after": "Pack it"}],
                }
            ]
        },
    }
    found = (await graphql(ada, LIST, id=task))["data"]["task"]["checklist"]
    assert [(node["text"], node["required"], node["tickedBy"]) for node in found["nodes"]] == [
        ("Pack it", True, {"name": "Ada Rep"}),
        ("Install", False, None),
        ("Drive", False, None),
    ]
    gone = f"checklistItem {{ id }} task {{ checklistTotal }} {ERRORS}"
    payload = await mutate(ada, "checklistItemDelete", gone, checklistItemId=items["Drive"])
    assert payload == {"checklistItem": None, "task": {"checklistTotal": 2}, "userErrors": []}


async def test_the_same_line_is_added_once(ada, mutate, id_of):
    task = id_of("task", await make.task(ada))
    wanted = {"taskId": task, "text": "Pack", "idempotencyKey": "once"}
    first = await mutate(ada, "checklistItemCreate", "checklistItem { id }", **wanted)
    assert await mutate(ada, "checklistItemCreate", "checklistItem { id }", **wanted) == first


async def test_the_buttons_know_what_a_checklist_requires(ada, graphql, mutate, id_of):
    task = id_of("task", await make.task(ada, flow="STANDARD", assignee_id=ada.id))
    await mutate(ada, "checklistItemCreate", ERRORS, taskId=task, text="Pack", required=True)
    answer = await graphql(ada, "query ($id: ID!) { task(id: $id) { viewerActions { action reason } } }", id=task)
    reasons = {each["action"]: each["reason"] for each in answer["data"]["task"]["viewerActions"]}
    refused = await mutate(ada, "taskComplete", ERRORS, taskId=task)
    assert codes(refused) == [("OPEN_CHECKLIST", None)]
    assert reasons["COMPLETE"] == refused["userErrors"][0]["message"]
