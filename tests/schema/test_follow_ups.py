"""Follow-ups through HTTP."""

from domain import task_types
from tests import make
from tests.schema.refusals import ERRORS, codes

RULE = """followUpRule { name trigger taskType endedAt
    items(first: 5) { nodes { title type afterDays holder priority } } } """
ITEMS = [{"title": "Say thank you", "type": "EMAIL"}, {"title": "Check in", "afterDays": 7, "holder": "TEAM"}]


async def test_after_a_visit_come_thanks_and_a_check_in(ada, sue, graphql, mutate, id_of):
    wanted = {"name": "After a visit", "trigger": "VISIT", "items": ITEMS}
    made = await mutate(sue, "followUpRuleCreate", RULE + ERRORS, **wanted)
    assert made == {
        "userErrors": [],
        "followUpRule": {
            "name": "After a visit",
            "trigger": "VISIT",
            "taskType": None,
            "endedAt": None,
            "items": {
                "nodes": [
                    {
                        "priority": "MEDIUM",
                        "type": "EMAIL",
                        "afterDays": 0,
                        "holder": "ASSIGNEE",
                        "title": "Say thank you",
                    },
                    {"priority": "MEDIUM", "type": "FOLLOW_UP", "afterDays": 7, "holder": "TEAM", "title": "Check in"},
                ]
            },
        },
    }
    visit = await make.visit(ada, await make.location(ada, await make.customer(ada, name="Acme")))
    for step in ("visitCheckIn", "visitCheckOut"):
        assert codes(await mutate(ada, step, ERRORS, visitId=id_of("visit", visit.id))) == []
    query = """query ($id: ID!) { visit(id: $id) { followUps(first: 5) { nodes {
        title assignee { name } creator { name } links(first: 1) { nodes { customer { name } } } } } } }"""
    found = (await graphql(ada, query, id=id_of("visit", visit.id)))["data"]["visit"]["followUps"]["nodes"]
    assert [(node["title"], node["assignee"], node["creator"]["name"]) for node in found] == [
        ("Say thank you", {"name": "Ada Rep"}, "Sue Lead"),
        ("Check in", None, "Sue Lead"),
    ]
    assert {node["links"]["nodes"][0]["customer"]["name"] for node in found} == {"Acme"}


async def test_tasks_of_a_type_of_one_s_own_follow_those_of_another(admin, ada, sue, graphql, mutate, id_of):
    survey, tasting = [
        id_of("type", await task_types.create(name.upper(), name=name, checklist=lines, by=admin))
        for name, lines in (("Survey", []), ("Tasting", [{"text": "Brew", "required": False}]))
    ]
    wanted = {"trigger": "TASK", "customTypeId": survey, "items": [{"title": "Taste", "customTypeId": tasting}]}
    shown = "customType { name } items(first: 1) { nodes { type customType { name } } }"
    made = await mutate(sue, "followUpRuleCreate", f"followUpRule {{ {shown} }} {ERRORS}", name="After it", **wanted)
    assert made["followUpRule"] == {
        "customType": {"name": "Survey"},
        "items": {"nodes": [{"type": "OTHER", "customType": {"name": "Tasting"}}]},
    }
    task = (await mutate(ada, "taskCreate", "task { id }", title="Look", customTypeId=survey, workflow="STANDARD"))[
        "task"
    ]
    assert codes(await mutate(ada, "taskClaim", ERRORS, taskId=task["id"])) == []
    assert codes(await mutate(ada, "taskComplete", ERRORS, taskId=task["id"])) == []
    query = "{ tasks { nodes { title customType { name } checklistTotal followUpOf { title } } } }"
    (found,) = (await graphql(ada, query))["data"]["tasks"]["nodes"]
    assert found == {
        "title": "Taste",
        "customType": {"name": "Tasting"},
        "checklistTotal": 1,
        "followUpOf": {"title": "Look"},
    }


async def test_a_rule_is_ended(ada, sue, graphql, mutate):
    made = await mutate(sue, "followUpRuleCreate", "followUpRule { id }", name="x", trigger="TASK", items=ITEMS)
    ended = await mutate(
        sue, "followUpRuleEnd", f"followUpRule {{ endedAt }} {ERRORS}", followUpRuleId=made["followUpRule"]["id"]
    )
    assert (ended["followUpRule"]["endedAt"] is None, ended["userErrors"]) == (False, [])
    listed = await graphql(ada, "{ followUpRules(filter: {endedAt: {isNull: true}}) { totalCount } }")
    assert listed["data"]["followUpRules"] == {"totalCount": 0}
    refused = await mutate(ada, "followUpRuleEnd", ERRORS, followUpRuleId=made["followUpRule"]["id"])
    assert codes(refused) == [("FORBIDDEN", None)]


async def test_a_task_is_followed_by_hand_once_for_each_request(ada, mutate, id_of):
    task = id_of("task", await make.task(ada, title="Old"))
    selection = (
        f"followUp {{ title type followUpOf {{ title }} }} task {{ followUps(first: 2) {{ totalCount }} }} {ERRORS}"
    )
    for _ in range(2):
        payload = await mutate(ada, "taskFollowUpCreate", selection, taskId=task, title="New", idempotencyKey="once")
        assert payload == {
            "followUp": {"title": "New", "type": "FOLLOW_UP", "followUpOf": {"title": "Old"}},
            "task": {"followUps": {"totalCount": 1}},
            "userErrors": [],
        }
