"""Indicators through HTTP."""

from tests import make
from tests.schema.refusals import ERRORS, codes

MADE = "assessmentIndicator { id name kind unit choices direction tolerance archivedAt version }"
TASK = """query ($id: ID!) { task(id: $id) {
    indicators(first: 5) { totalCount nodes {
        indicator { name taskIndicators(first: 5) { totalCount } } required number text yes choice capturedBy { name }
    } }
    history(last: 1) { nodes { verb changes { field before after afterNode { ... on AssessmentIndicator { unit } } } } }
    viewerActions { action reason }
} }"""
NONE = {"number": None, "text": None, "yes": None, "choice": None, "capturedBy": None}


async def test_an_indicator_is_set_up_changed_and_archived(sue, mutate, graphql):
    about = {"name": "Pressure", "kind": "NUMBER", "unit": "bar", "direction": "NEARER_IS_BETTER", "tolerance": "0.5"}
    payload = await mutate(sue, "assessmentIndicatorCreate", f"{MADE} {ERRORS}", **about)
    key = payload["assessmentIndicator"].pop("id")
    shown = about | {"choices": [], "archivedAt": None, "version": 1}
    assert payload == {"assessmentIndicator": shown, "userErrors": []}
    payload = await mutate(
        sue, "assessmentIndicatorUpdate", f"{MADE} {ERRORS}", assessmentIndicatorId=key, name="Heat", tolerance=None
    )
    assert payload["assessmentIndicator"] == shown | {"id": key, "name": "Heat", "tolerance": None, "version": 2}
    payload = await mutate(sue, "assessmentIndicatorArchive", MADE, assessmentIndicatorId=key)
    assert payload["assessmentIndicator"]["archivedAt"] is not None
    found = await graphql(sue, "{ assessmentIndicators(filter: {kind: {eq: NUMBER}}) { nodes { name unit } } }")
    assert found["data"]["assessmentIndicators"]["nodes"] == [{"name": "Heat", "unit": "bar"}]
    payload = await mutate(sue, "assessmentIndicatorCreate", ERRORS, name="Taste", kind="CHOICE", unit="g")
    assert sorted(codes(payload)) == [("INVALID_INPUT", ["unit"]), ("REQUIRED", ["choices"])]


async def test_what_a_task_needs_is_captured_before_it_is_done(ada, sue, graphql, mutate, id_of):
    task = id_of("task", await make.task(ada, flow="STANDARD", assignee_id=ada.id))
    wanted = {}
    for name, more in {"Taste": {"kind": "CHOICE", "choices": ["Good", "Bad"]}, "Leaks": {"kind": "BOOLEAN"}}.items():
        made = await mutate(sue, "assessmentIndicatorCreate", "assessmentIndicator { id }", name=name, **more)
        about = {"taskId": task, "assessmentIndicatorId": made["assessmentIndicator"]["id"]}
        added = await mutate(ada, "taskIndicatorAdd", "taskIndicator { id }", **about, required=name == "Leaks")
        wanted[name] = added["taskIndicator"]["id"]
    found = (await graphql(ada, TASK, id=task))["data"]["task"]
    reasons = {each["action"]: each["reason"] for each in found["viewerActions"]}
    refused = await mutate(ada, "taskComplete", ERRORS, taskId=task)
    assert codes(refused) == [("INDICATORS_MISSING", None)]
    assert reasons["COMPLETE"] == refused["userErrors"][0]["message"]
    assert "Leaks" in reasons["COMPLETE"]
    assert "Taste" not in reasons["COMPLETE"]
    for name, value in (("Taste", {"choice": "Bad"}), ("Leaks", {"yes": False})):
        selection = f"taskIndicator {{ version }} {ERRORS}"
        payload = await mutate(ada, "taskIndicatorCapture", selection, taskIndicatorId=wanted[name], **value)
        assert payload == {"taskIndicator": {"version": 2}, "userErrors": []}
    found = (await graphql(ada, TASK, id=task))["data"]["task"]
    (told,) = found["history"]["nodes"]
    assert told["verb"] == "indicator_captured"
    assert sorted(told["changes"], key=lambda each: each["field"]) == [
        {"field": "indicators", "before": "Leaks", "after": "Leaks", "afterNode": {"unit": None}},
        {"field": "value", "before": None, "after": "false", "afterNode": None},
    ]
    who = {"capturedBy": {"name": "Ada Rep"}}
    assert [each.pop("indicator")["name"] for each in found["indicators"]["nodes"]] == ["Taste", "Leaks"]
    assert found["indicators"] == {
        "totalCount": 2,
        "nodes": [
            {"required": False, **NONE, "choice": "Bad", **who},
            {"required": True, **NONE, "yes": False, **who},
        ],
    }
    assert codes(await mutate(ada, "taskComplete", ERRORS, taskId=task)) == []


async def test_a_value_must_fit_and_an_indicator_is_taken_off(ada, sue, mutate, id_of):
    task = id_of("task", await make.task(ada))
    made = await mutate(sue, "assessmentIndicatorCreate", "assessmentIndicator { id }", name="Price", kind="TEXT")
    about = {"taskId": task, "assessmentIndicatorId": made["assessmentIndicator"]["id"], "idempotencyKey": "once"}
    added = await mutate(ada, "taskIndicatorAdd", "taskIndicator { id }", **about)
    assert await mutate(ada, "taskIndicatorAdd", "taskIndicator { id }", **about) == added
    key = added["taskIndicator"]["id"]
    for value, code in (({"number": "3"}, "INVALID_INPUT"), ({"text": " "}, "REQUIRED")):
        payload = await mutate(ada, "taskIndicatorCapture", ERRORS, taskIndicatorId=key, **value)
        assert codes(payload) == [(code, ["text"])]
    selection = f"taskIndicator {{ id }} task {{ indicators(first: 1) {{ totalCount }} }} {ERRORS}"
    payload = await mutate(ada, "taskIndicatorRemove", selection, taskIndicatorId=key)
    assert payload == {"taskIndicator": None, "task": {"indicators": {"totalCount": 0}}, "userErrors": []}


async def test_a_published_workflow_may_hold_any_step_for_indicators(ada, admin, sue, mutate, id_of):
    start = {"name": "START", "from": ["PENDING"], "to": "IN_PROGRESS", "guards": ["INDICATORS_CAPTURED"]}
    steps = [start, {"name": "COMPLETE", "from": ["IN_PROGRESS"], "to": "COMPLETED"}]
    steps = [step | {"relations": ["ASSIGNEE"]} for step in steps]
    payload = await mutate(admin, "workflowPublish", ERRORS, name="Measured", steps=steps, editableBy=["ASSIGNEE"])
    assert codes(payload) == []
    task = id_of("task", await make.task(ada, flow="Measured", assignee_id=ada.id))
    made = await mutate(sue, "assessmentIndicatorCreate", "assessmentIndicator { id }", name="Price", kind="TEXT")
    about = {"taskId": task, "assessmentIndicatorId": made["assessmentIndicator"]["id"], "required": True}
    await mutate(ada, "taskIndicatorAdd", ERRORS, **about)
    assert codes(await mutate(ada, "taskStart", ERRORS, taskId=task)) == [("INDICATORS_MISSING", None)]
