"""How long a task was in each status, to the microsecond, and who brought it there."""

from datetime import datetime
from itertools import pairwise

from domain import lifecycle, ownership, tasks, workflows
from models import Event
from schema.formats import print_duration
from tests import make

HISTORY = """
    query ($id: ID!) { task(id: $id) { statusHistory(sort: [{field: ENTERED_AT}]) {
        totalCount nodes { status enteredAt leftAt duration by { name } }
    } } }
"""


async def history(graphql, by, id):
    found = (await graphql(by, HISTORY, id=id))["data"]["task"]["statusHistory"]
    assert found["totalCount"] == len(found["nodes"])
    return found["nodes"]


async def test_each_stay_says_since_when_until_when_how_long_and_by_whom(admin, ada, sue, team, graphql, id_of):
    await workflows.publish(make.audit(), by=admin)
    key = await make.task(ada, flow="Audit", assignee_id=ada.id, team_id=team, outcome="Half")
    await lifecycle.start(key, by=ada)
    await tasks.update(key, {"outcome": "All"}, by=ada)
    await lifecycle.release(key, by=ada)
    await lifecycle.reject(key, reason="Look again", by=sue)
    await lifecycle.release(key, by=ada)
    await lifecycle.close(key, by=sue)
    found = await history(graphql, ada, id_of("task", key))
    assert [(each["status"], each["by"]["name"]) for each in found] == [
        ("PENDING", "Ada Rep"),
        ("IN_PROGRESS", "Ada Rep"),
        ("RELEASED", "Ada Rep"),
        ("IN_PROGRESS", "Sue Lead"),
        ("RELEASED", "Ada Rep"),
        ("CLOSED", "Sue Lead"),
    ]
    moments = await Event.filter(subject_id=key).exclude(verb="updated").order_by("created_at")
    entered = [datetime.fromisoformat(each["enteredAt"]) for each in found]
    assert entered == [event.created_at for event in moments]
    assert [each["leftAt"] for each in found] == [*(each["enteredAt"] for each in found[1:]), None]
    lengths = [print_duration(end - start) for start, end in pairwise(entered)]
    assert [each["duration"] for each in found[:-1]] == lengths


async def test_what_is_no_step_begins_no_stay(ada, graphql, id_of):
    key = await make.task(ada)
    await ownership.claim(key, by=ada)
    (only,) = await history(graphql, ada, id_of("task", key))
    assert (only["status"], only["leftAt"], only["duration"]) == ("PENDING", None, None)
