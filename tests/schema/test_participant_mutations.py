"""Who takes part in a task, as clients say and see it."""

from domain import ownership
from tests import make
from tests.schema.refusals import ERRORS, codes

WHO = f"task {{ collaborators {{ nodes {{ name }} }} watchers {{ nodes {{ name }} }} }} {ERRORS}"
MINE = "{ viewer { collaborations { nodes { title } } } tasks { nodes { title } } }"


async def test_a_collaborator_sees_the_task_and_a_watcher_is_told(mutate, graphql, admin, ada, bob, team, id_of):
    cyd = await make.person(admin, name="Cyd Out")
    key = await make.task(ada, team_id=team, title="Fix it")
    task, user = id_of("task", key), id_of("user", cyd.id)
    assert (await graphql(cyd, MINE))["data"] == {"viewer": {"collaborations": {"nodes": []}}, "tasks": {"nodes": []}}
    people = {"collaborators": {"nodes": [{"name": "Cyd Out"}]}, "watchers": {"nodes": []}}
    for _ in range(2):
        payload = await mutate(ada, "taskCollaboratorAdd", WHO, taskId=task, userId=user)
        assert payload == {"task": people, "userErrors": []}
    nodes = {"nodes": [{"title": "Fix it"}]}
    assert (await graphql(cyd, MINE))["data"] == {"viewer": {"collaborations": nodes}, "tasks": nodes}
    payload = await mutate(bob, "taskWatcherAdd", WHO, taskId=task)
    assert payload["task"]["watchers"] == {"nodes": [{"name": "Bob Rep"}]}
    await ownership.claim(key, by=ada)
    for person in (bob, cyd):
        answer = await graphql(person, "{ viewer { notifications { nodes { message task { title } } } } }")
        line = {"message": "Ada Rep claimed T-1 Fix it.", "task": {"title": "Fix it"}}
        assert answer["data"]["viewer"]["notifications"]["nodes"] == [line]
    assert codes(await mutate(bob, "taskCollaboratorAdd", ERRORS, taskId=task, userId=user)) == [("FORBIDDEN", None)]
    payload = await mutate(cyd, "taskCollaboratorRemove", WHO, taskId=task)
    assert payload == {"task": None, "userErrors": []}
    payload = await mutate(bob, "taskWatcherRemove", WHO, taskId=task)
    assert payload["task"] == {"collaborators": {"nodes": []}, "watchers": {"nodes": []}}
