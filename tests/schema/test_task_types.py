"""Task types of a workspace's own through HTTP."""

from tests.schema.refusals import ERRORS, codes

TYPE = """taskType { name key type priority expectedDuration workflow weight requiredFields
    checklist { text required } archivedAt version }"""
SURVEY = {
    "key": "SITE_SURVEY",
    "name": "Site survey",
    "priority": "HIGH",
    "expectedDuration": "PT1H30M",
    "weight": 3,
    "requiredFields": ["PLACE", "DUE_ON", "PLACE"],
    "checklist": [{"text": "Measure", "required": True}, {"text": "Take pictures"}],
}
SHOWN = {
    **SURVEY,
    "type": "OTHER",
    "workflow": None,
    "requiredFields": ["DUE_ON", "PLACE"],
    "checklist": [{"text": "Measure", "required": True}, {"text": "Take pictures", "required": False}],
    "archivedAt": None,
    "version": 1,
}
TASK = """task { type priority expectedDuration customType { key name }
    checklist(first: 5) { nodes { text required } } }"""


async def made(mutate, admin, **more):
    return (await mutate(admin, "taskTypeCreate", "taskType { id }", **SURVEY | more))["taskType"]["id"]


async def test_an_admin_makes_a_type_and_a_task_begins_with_what_it_says(admin, ada, graphql, mutate):
    payload = await mutate(admin, "taskTypeCreate", f"{TYPE} {ERRORS}", **SURVEY)
    assert payload == {"taskType": SHOWN, "userErrors": []}
    types = (await graphql(ada, "{ taskTypes { nodes { id key tasks { totalCount } } } }"))["data"]["taskTypes"][
        "nodes"
    ]
    assert [(each["key"], each["tasks"]["totalCount"]) for each in types] == [("SITE_SURVEY", 0)]
    wanted = {"title": "Look", "customTypeId": types[0]["id"], "place": "Leeds", "dueOn": "2026-12-01"}
    assert await mutate(ada, "taskCreate", f"{TASK} {ERRORS}", **wanted) == {
        "task": {
            "type": "OTHER",
            "priority": "HIGH",
            "expectedDuration": "PT1H30M",
            "customType": {"key": "SITE_SURVEY", "name": "Site survey"},
            "checklist": {"nodes": SHOWN["checklist"]},
        },
        "userErrors": [],
    }
    found = await graphql(ada, '{ tasks(filter: {customType: {key: {eq: "SITE_SURVEY"}}}) { nodes { title } } }')
    assert found["data"]["tasks"]["nodes"] == [{"title": "Look"}]


async def test_what_a_type_requires_is_asked_for_and_kept(admin, ada, mutate, nothing_changed):
    kind = await made(mutate, admin)
    async with nothing_changed():
        refused = await mutate(ada, "taskCreate", f"task {{ id }} {ERRORS}", title="x", customTypeId=kind)
    assert refused["task"] is None
    assert codes(refused) == [("REQUIRED", ["dueOn"]), ("REQUIRED", ["place"])]
    wanted = {"title": "x", "customTypeId": kind, "place": "Leeds", "dueOn": "2026-12-01"}
    task = (await mutate(ada, "taskCreate", "task { id }", **wanted))["task"]["id"]
    async with nothing_changed():
        assert codes(await mutate(ada, "taskUpdate", ERRORS, taskId=task, place=None)) == [("REQUIRED", ["place"])]
    answer = await mutate(
        ada, "taskUpdate", f"task {{ customType {{ key }} }} {ERRORS}", taskId=task, customTypeId=None
    )
    assert answer == {"task": {"customType": None}, "userErrors": []}


async def test_a_type_is_changed_and_archived(admin, ada, graphql, mutate, nothing_changed):
    kind = await made(mutate, admin)
    change = {"name": "Survey", "priority": None, "expectedDuration": "PT1H", "workflow": "STANDARD", "weight": None}
    lists = {"requiredFields": [], "checklist": []}
    payload = await mutate(
        admin, "taskTypeUpdate", f"{TYPE} {ERRORS}", taskTypeId=kind, expectedVersion=1, **change, **lists
    )
    assert payload == {"taskType": SHOWN | change | lists | {"version": 2}, "userErrors": []}
    payload = await mutate(admin, "taskTypeArchive", f"taskType {{ archivedAt }} {ERRORS}", taskTypeId=kind)
    assert (payload["taskType"]["archivedAt"] is None, payload["userErrors"]) == (False, [])
    cases = [
        (admin, "taskCreate", {"title": "x", "customTypeId": kind}, ("INVALID_INPUT", ["customTypeId"])),
        (ada, "taskTypeUpdate", {"taskTypeId": kind, "name": "x"}, ("FORBIDDEN", None)),
        (admin, "taskTypeUpdate", {"taskTypeId": kind, "workflow": "None"}, ("NOT_FOUND", ["workflow"])),
        (
            admin,
            "taskTypeUpdate",
            {"taskTypeId": kind, "expectedDuration": "PT1S"},
            ("INVALID_INPUT", ["expectedDuration"]),
        ),
    ]
    for who, name, input, expected in cases:
        async with nothing_changed():
            assert codes(await mutate(who, name, ERRORS, **input)) == [expected]
    open_ = "{ taskTypes(filter: {archivedAt: {isNull: true}}) { totalCount } }"
    assert (await graphql(ada, open_))["data"]["taskTypes"] == {"totalCount": 0}
    query = "query ($id: ID!) { taskType(id: $id) { history { nodes { verb changes { field before after } } } } }"
    events = (await graphql(admin, query, id=kind))["data"]["taskType"]["history"]["nodes"]
    assert [event["verb"] for event in events] == ["created", "updated", "archived"]
    told = {each["field"]: (each["before"], each["after"]) for each in events[1]["changes"]}
    assert told["expectedDuration"] == ("PT1H30M", "PT1H")
    assert (told["name"], told["workflow"]) == (("Site survey", "Survey"), (None, "STANDARD"))
