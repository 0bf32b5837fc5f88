"""Deleting and restoring tasks through HTTP."""

from datetime import UTC, datetime

from domain import deletions, timesheets
from domain.principal import Principal
from models import Deletion
from tests import make
from tests.schema.refusals import ERRORS, codes

DELETED = "deletion { key title taskCount reason creator { name } purgeAt } task { id }"
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
LISTED = "{ deletedTasks { totalCount nodes { id key } } }"


async def test_a_task_is_deleted_is_nowhere_and_is_restored(ada, admin, graphql, mutate, id_of):
    top = await make.task(ada, title="Old")
    part = id_of("task", await make.task(ada, title="Part", parent_id=top))
    gone = await mutate(ada, "taskDelete", f"{DELETED} {ERRORS}", taskId=id_of("task", top), reason="A mistake")
    purge_at = gone["deletion"].pop("purgeAt")
    assert gone == {
        "deletion": {
            "key": "T-1",
            "title": "Old",
            "taskCount": 2,
            "reason": "A mistake",
            "creator": {"name": "Ada Rep"},
        },
        "task": None,
        "userErrors": [],
    }
    everywhere = """query ($id: ID!) { node(id: $id) { id } task(id: $id) { id } tasks(search: "Old") { totalCount }
        users(filter: {createdTasks: {some: {title: {eq: "Old"}}}}) { totalCount } }"""
    for whose in (ada, admin):
        answer = await graphql(whose, everywhere, id=id_of("task", top))
        nowhere = {"node": None, "task": None, "tasks": {"totalCount": 0}, "users": {"totalCount": 0}}
        assert answer["data"] == nowhere
    (deletion,) = (await graphql(ada, LISTED))["data"]["deletedTasks"]["nodes"]
    restored = await mutate(
        ada,
        "taskRestore",
        f"task {{ title subtasks {{ nodes {{ id }} }} }} deletion {{ id }} {ERRORS}",
        deletionId=deletion["id"],
    )
    assert restored == {
        "task": {"title": "Old", "subtasks": {"nodes": [{"id": part}]}},
        "deletion": None,
        "userErrors": [],
    }
    assert (await graphql(ada, LISTED))["data"]["deletedTasks"] == {"totalCount": 0, "nodes": []}
    assert purge_at.endswith("Z")


async def test_what_nobody_restores_in_time_is_gone_for_good(ada, admin, graphql, mutate, id_of):
    gone = await mutate(ada, "taskDelete", f"deletion {{ id }} {ERRORS}", taskId=id_of("task", await make.task(ada)))
    await Deletion.all().update(purge_at=LONG_AGO, due_at=LONG_AGO)
    await deletions.purge((await Deletion.get()).id, by=Principal.system(admin.workspace_id))
    assert (await graphql(ada, LISTED))["data"]["deletedTasks"] == {"totalCount": 0, "nodes": []}
    late = await mutate(ada, "taskRestore", ERRORS, deletionId=gone["deletion"]["id"])
    assert codes(late) == [("NOT_FOUND", ["deletionId"])]


async def test_what_keeps_a_task_is_told_by_button_and_mutation(ada, graphql, mutate, nothing_changed, id_of):
    top = await make.task(ada)
    await timesheets.start(await make.task(ada, parent_id=top), by=ada)
    wanted = {"taskId": id_of("task", top)}
    async with nothing_changed():
        refused = await mutate(ada, "taskDelete", f"task {{ title }} deletion {{ id }} {ERRORS}", **wanted)
    assert (codes(refused), refused["deletion"]) == ([("TIMER_RUNNING", None)], None)
    query = "query ($id: ID!) { task(id: $id) { viewerActions { action allowed reason } } }"
    shown = (await graphql(ada, query, id=wanted["taskId"]))["data"]["task"]["viewerActions"]
    reason = "A timer is already running, on T-2. Stop it first."
    assert {"action": "DELETE", "allowed": False, "reason": reason} in shown
    assert reason == refused["userErrors"][0]["message"]


async def test_of_a_customer_s_tasks_links_and_timeline_a_deleted_one_is_gone(ada, admin, graphql, mutate, id_of):
    customer, task = await make.customer(ada), await make.task(ada)
    link = {"taskId": id_of("task", task), "targetId": id_of("cust", customer.id)}
    linked = await mutate(ada, "taskLink", f"link {{ id }} {ERRORS}", **link)
    query = """query ($id: ID!, $link: ID!) { customer(id: $id) { tasks { totalCount } timeline { totalCount } }
        node(id: $link) { id } }"""
    ids = {"id": link["targetId"], "link": linked["link"]["id"]}
    before = (await graphql(admin, query, **ids))["data"]
    assert (before["customer"]["tasks"]["totalCount"], before["node"]) == (1, {"id": ids["link"]})
    await mutate(ada, "taskDelete", ERRORS, taskId=link["taskId"])
    after = {"customer": {"tasks": {"totalCount": 0}, "timeline": {"totalCount": 0}}, "node": None}
    assert (await graphql(admin, query, **ids))["data"] == after
