"""In every cell of workflow, status, step, role and relation, the buttons say what the mutations then do."""

import asyncio
from datetime import UTC, datetime
from itertools import count, product

import pytest

from domain import tokens
from domain.task_rules import TaskAction
from domain.workflow import FINAL
from domain.workflow_tables import BUILT_IN
from models import Membership, Role, Task, TaskStatus, User
from schema.auth import issue_token
from tests import make
from tests.effort import some

ACTIONS = """
    query ($ids: [ID!]!) { nodes(ids: $ids) { ... on Task { id viewerActions { action allowed reason } } } }
"""
MUTATION = "mutation ($input: Task{name}Input!) {{ task{name}(input: $input) {{ userErrors {{ message }} }} }}"
ROLES = {
    "REP": {"role": Role.REP},
    "SUPERVISOR": {"role": Role.SUPERVISOR},
    "SUPERVISOR who leads": {"role": Role.SUPERVISOR, "leads": True},
    "ADMIN": {"role": Role.ADMIN},
}
RELATIONS = {
    "assignee": {"assignee": "me", "creator": "other"},
    "creator of a held one": {"assignee": "other", "creator": "me"},
    "creator of a free one": {"assignee": None, "creator": "me"},
    "both": {"assignee": "me", "creator": "me"},
    "neither, of a held one": {"assignee": "other", "creator": "other"},
    "neither, of a free one": {"assignee": None, "creator": "other"},
}
NUMBERS = count(1_000_001)


@pytest.fixture
def input_of(ada, id_of):
    """What the mutation of an action takes beside the task."""
    extra = {TaskAction.EDIT: {"priority": "URGENT"}, TaskAction.ASSIGN: {"assigneeId": id_of("user", ada.id)}}
    extra |= {TaskAction.REJECT: {"reason": "Not yet"}}
    return lambda action, task: {"taskId": task, **extra.get(action, {})}


def cells(me, other, team):
    """A task for each workflow, status, relation and step; finished ones were finished by whoever acts, or not."""
    for flow, status, relation, action in product(BUILT_IN.values(), TaskStatus, RELATIONS.values(), TaskAction):
        people = {f"{name}_id": {"me": me.id, "other": other.id}.get(who) for name, who in relation.items()}
        final = status in FINAL
        by_me = people["creator_id"] == me.id
        number = next(NUMBERS)
        yield (
            action,
            Task(
                workspace_id=me.workspace_id,
                team_id=team,
                number=number,
                title=f"{flow.name} {status} {relation} {action}",
                workflow=flow.name,
                workflow_version=flow.version,
                status=status,
                assigned_at=datetime.now(UTC) if people["assignee_id"] else None,
                finished_at=datetime.now(UTC) if final else None,
                finished_by_id=(me.id if by_me else other.id) if final else None,
                **people,
            ),
        )


def said(payload):
    """What a mutation answered, as a button says it."""
    errors = [
        error["message"].replace("You may not edit priority.", "You may not edit this task.") for error in payload
    ]
    return {"allowed": not errors, "reason": errors[0] if errors else None}


@pytest.mark.parametrize("role", some(ROLES))
async def test_the_buttons_agree_with_the_mutations(graphql, admin, bob, team, id_of, input_of, chosen, role):
    values = dict(ROLES[role])
    leads = values.pop("leads", False)
    person = await make.person(admin, **values)
    await make.row(Membership, admin, team_id=team, user_id=person.id, leads=leads)
    me = await tokens.of_user(person.id)
    secret = issue_token(await User.get(id=me.id), chosen=chosen)
    made = list(cells(me, bob, team))
    await Task.bulk_create([task for _, task in made])
    buttons = {}
    for start in range(0, len(made), 100):
        few = made[start : start + 100]
        answer = await graphql(secret, ACTIONS, ids=[id_of("task", task.id) for _, task in few])
        for node in answer["data"]["nodes"]:
            for button in node["viewerActions"]:
                buttons[node["id"], button.pop("action")] = button
    crowd = asyncio.Semaphore(8)

    async def disagreement(action, task):
        id, name = id_of("task", task.id), "Update" if action is TaskAction.EDIT else action.capitalize()
        async with crowd:
            answer = await graphql(secret, MUTATION.format(name=name), input=input_of(action, id))
        did, button = said(answer["data"][f"task{name}"]["userErrors"]), buttons[id, action]
        return None if did == button else (task.title, button, did)

    found = await asyncio.gather(*(disagreement(action, task) for action, task in made))
    assert [each for each in found if each] == []
    assert len(found) == 3 * 6 * 6 * 11
    assert 100 < sum(buttons[id_of("task", task.id), action]["allowed"] for action, task in made) < 900
