"""Workflows through HTTP: published with all their steps, chosen, retired, and followed by mutations and buttons."""

import pytest

from domain import workflows
from models import Task
from tests import make
from tests.schema.refusals import ERRORS, codes

STEPS = "steps { name from to roles relations guards reasonRequired }"
FLOW = f"workflow {{ name version {STEPS} editableBy plannableBy builtIn offered isDefault publisher {{ name }} }}"
DONE = {"name": "DONE", "from": ["PENDING"], "to": "COMPLETED", "relations": ["ASSIGNEE", "REACH"]}
FULL = DONE | {"roles": ["SUPERVISOR"], "guards": ["SUBTASKS_DONE", "OUTCOME_GIVEN"], "reasonRequired": True}
ACTIONS = "task { status viewerActions { action allowed reason } }"


@pytest.fixture
def published(admin, mutate):
    """The id of a workflow."""

    async def published(name="Short", *, steps=(DONE,), **more):
        input = {"name": name, "steps": list(steps), "editableBy": ["CREATOR"]} | more
        answer = await mutate(admin, "workflowPublish", f"workflow {{ id }} {ERRORS}", **input)
        assert answer["userErrors"] == []
        return answer["workflow"]["id"]

    return published


async def test_a_workflow_is_published_and_read_as_it_was_said(admin, mutate):
    input = {"name": "Short", "steps": [FULL], "editableBy": ["CREATOR", "REACH"], "plannableBy": ["ASSIGNEE"]}
    answer = await mutate(admin, "workflowPublish", f"{FLOW} {ERRORS}", **input)
    assert answer == {
        "workflow": {
            **input,
            "version": 1,
            "builtIn": False,
            "offered": True,
            "isDefault": False,
            "publisher": {"name": "Ann Admin"},
        },
        "userErrors": [],
    }


async def test_a_step_has_defaults(admin, mutate):
    input = {"name": "Short", "steps": [DONE], "editableBy": ["CREATOR"]}
    answer = await mutate(admin, "workflowPublish", f"workflow {{ {STEPS} plannableBy }}", **input)
    rest = {"roles": ["REP", "SUPERVISOR", "ADMIN"], "guards": [], "reasonRequired": False}
    assert answer == {"workflow": {"steps": [DONE | rest], "plannableBy": []}}


async def test_all_that_is_wrong_is_named_at_its_place(admin, mutate, nothing_changed):
    wrong = DONE | {"name": "CLOSE", "from": ["CLOSED"], "roles": ["SYSTEM"]}
    input = {"name": "DIRECT", "steps": [DONE, wrong], "editableBy": []}
    async with nothing_changed():
        answer = await mutate(admin, "workflowPublish", f"workflow {{ id }} {ERRORS}", **input)
    assert answer["workflow"] is None
    assert codes(answer) == [
        ("DUPLICATE_VALUE", ["name"]),
        ("REQUIRED", ["editableBy"]),
        ("INVALID_INPUT", ["steps", "1", "from"]),
        ("INVALID_INPUT", ["steps", "1", "roles"]),
        ("INVALID_INPUT", ["steps", "1", "to"]),
    ]


async def test_a_repeated_publication_is_no_further_version(admin, mutate):
    input = {"name": "Short", "steps": [DONE], "editableBy": ["CREATOR"], "idempotencyKey": "once"}
    first, again = [await mutate(admin, "workflowPublish", "workflow { id version }", **input) for _ in range(2)]
    assert first == again


async def test_every_version_is_listed_beside_the_built_in_ones(admin, ada, graphql, published):
    await published()
    await published()
    document = (
        "{ workflows(sort: [{field: NAME}, {field: VERSION}]) { nodes { name version builtIn offered isDefault } } }"
    )
    nodes = (await graphql(ada, document))["data"]["workflows"]["nodes"]
    assert [tuple(node.values()) for node in nodes] == [
        ("DIRECT", 1, True, True, False),
        ("REVIEWED", 1, True, True, True),
        ("STANDARD", 1, True, True, False),
        ("Short", 1, False, False, False),
        ("Short", 2, False, True, False),
    ]


async def test_the_default_is_chosen_and_what_is_retired_is_offered_no_more(admin, ada, mutate, published):
    chosen, other = await published(), await published("Other")
    answer = await mutate(admin, "workflowSetDefault", "workflow { isDefault }", workflowId=chosen)
    assert answer == {"workflow": {"isDefault": True}}
    task = await mutate(ada, "taskCreate", "task { workflow workflowVersion }", title="x")
    assert task == {"task": {"workflow": "Short", "workflowVersion": 1}}
    answer = await mutate(admin, "workflowRetire", f"workflow {{ offered }} {ERRORS}", workflowId=chosen)
    assert (answer["workflow"], codes(answer)) == ({"offered": True}, [("WORKFLOW_IN_USE", ["workflowId"])])
    answer = await mutate(admin, "workflowRetire", "workflow { offered retiredAt }", workflowId=other)
    assert answer["workflow"]["offered"] is False
    assert answer["workflow"]["retiredAt"]


async def test_a_step_of_its_own_has_a_button_and_is_taken_by_its_name(ada, sue, mutate, published, id_of, team):
    await published(steps=[FULL, DONE | {"name": "DROP", "to": "CANCELLED"}])
    key = await make.task(ada, flow="Short", team_id=team, outcome="All")
    selection = f"{ACTIONS} {ERRORS}"
    answer = await mutate(sue, "taskStep", selection, taskId=id_of("task", key), step="DONE")
    assert codes(answer) == [("REQUIRED", ["reason"])]
    buttons = {each["action"]: each["allowed"] for each in answer["task"]["viewerActions"]}
    assert [name for name, allowed in buttons.items() if allowed] == ["CLAIM", "ASSIGN", "DELETE", "DONE", "DROP"]
    answer = await mutate(sue, "taskStep", selection, taskId=id_of("task", key), step="DONE", reason="Seen")
    assert (answer["task"]["status"], answer["userErrors"]) == ("COMPLETED", [])


async def test_buttons_and_mutations_say_the_same_of_a_published_workflow(
    admin, ada, bob, sue, mutate, graphql, id_of, team, nothing_changed
):
    await workflows.publish(make.audit(), by=admin)
    parent = await make.task(ada, flow="Audit", assignee_id=ada.id, team_id=team)
    await make.task(ada, parent_id=parent)
    mutations = {"START", "RELEASE", "CLOSE", "COMPLETE", "CANCEL", "REJECT", "PARK"}
    id, asked = id_of("task", parent), 0
    document = "query ($id: ID!) { task(id: $id) { viewerActions { action allowed reason } } }"
    for status in ("PENDING", "IN_PROGRESS", "RELEASED"):
        await Task.filter(id=parent).update(status=status, released_by_id=sue.id)
        for by in (ada, bob, sue, admin):
            buttons = (await graphql(by, document, id=id))["data"]["task"]["viewerActions"]
            for button in (each for each in buttons if each["action"] in mutations and not each["allowed"]):
                async with nothing_changed():
                    answer = await mutate(by, "taskStep", ERRORS, taskId=id, step=button["action"], reason="x")
                assert answer["userErrors"][0]["message"] == button["reason"]
                asked += 1
    assert asked > 60


async def test_a_released_task_is_rejected_with_a_reason(admin, ada, sue, mutate, id_of, team):
    await workflows.publish(make.audit(), by=admin)
    key = await make.task(ada, flow="Audit", assignee_id=ada.id, team_id=team, outcome="Half")
    id, state = id_of("task", key), "task { status releasedBy { name } }"
    assert (await mutate(ada, "taskRelease", state, taskId=id))["task"]["releasedBy"] == {"name": "Ada Rep"}
    answer = await mutate(sue, "taskReject", f"{state} {ERRORS}", taskId=id, reason="And the rest?")
    assert answer == {"task": {"status": "IN_PROGRESS", "releasedBy": None}, "userErrors": []}
