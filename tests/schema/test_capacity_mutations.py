"""How much people can take on, as clients set it, and as the buttons show it."""

from tests import make
from tests.schema.refusals import ERRORS, codes

BUTTON = "{ task(id: %s) { viewerActions { action allowed reason } } }"


async def test_a_supervisor_limits_a_person_and_the_buttons_and_claims_say_so(
    mutate, graphql, admin, ada, sue, team, id_of
):
    weight = await mutate(admin, "taskWeightSet", f"taskWeight {{ type weight }} {ERRORS}", type="DEMO", weight=2)
    assert weight == {"taskWeight": {"type": "DEMO", "weight": 2}, "userErrors": []}
    assert (await graphql(ada, "{ taskWeights { nodes { type weight } } }"))["data"]["taskWeights"]["nodes"] == [
        {"type": "DEMO", "weight": 2}
    ]
    wanted = {"userId": id_of("user", ada.id), "capacity": 2}
    payload = await mutate(sue, "userWorkloadUpdate", f"user {{ name capacity }} {ERRORS}", **wanted)
    assert payload == {"user": {"name": "Ada Rep", "capacity": 2}, "userErrors": []}
    held = id_of("task", await make.task(ada, team_id=team))
    demo = id_of("task", await make.task(ada, team_id=team, type="DEMO"))
    assert (await mutate(ada, "taskClaim", ERRORS, taskId=held))["userErrors"] == []
    refusal = {
        "code": "OVER_CAPACITY",
        "message": "Ada Rep carries 1 of at most 2, and this task would add 2. Something else must go first.",
        "path": None,
    }
    payload = await mutate(ada, "taskClaim", f"task {{ assignee {{ name }} }} {ERRORS}", taskId=demo)
    assert payload == {"task": {"assignee": None}, "userErrors": [refusal]}
    buttons = (await graphql(ada, BUTTON % f'"{demo}"'))["data"]["task"]["viewerActions"]
    assert {"action": "CLAIM", "allowed": False, "reason": refusal["message"]} in buttons
    wanted = {"taskId": demo, "assigneeId": id_of("user", ada.id)}
    assert codes(await mutate(sue, "taskAssign", ERRORS, **wanted)) == [("OVER_CAPACITY", ["assigneeId"])]
    payload = await mutate(sue, "taskAssign", f"task {{ assignee {{ name }} }} {ERRORS}", **wanted, force=True)
    assert payload == {"task": {"assignee": {"name": "Ada Rep"}}, "userErrors": []}
