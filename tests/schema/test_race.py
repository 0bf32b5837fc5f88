"""Many clients race for few tasks: each task gets one holder, and everybody is told the same."""

import asyncio
from collections import defaultdict

from domain import tokens
from models import Assignment, Event, Membership, Task, User
from schema.auth import issue_token
from tests import make

CLIENTS, TASKS, RIVALS = 64, 200, 8
CLAIM = """
    mutation ($id: ID!) {
      taskClaim(input: {taskId: $id}) { task { version assignee { name } } userErrors { code message path } }
    }
"""


async def racers(admin, team):
    """So many members of the team."""
    people = [await make.person(admin) for _ in range(CLIENTS)]
    values = {"workspace_id": admin.workspace_id, "team_id": team}
    await Membership.bulk_create([Membership(user_id=each.id, **values) for each in people])
    return [await tokens.of_user(each.id) for each in people]


async def test_of_64_clients_that_race_for_200_tasks_one_holds_each(graphql, admin, team, id_of, chosen):
    people = await racers(admin, team)
    secrets = [issue_token(await User.get(id=each.id), chosen=chosen) for each in people]
    keys = [await make.task(admin, team_id=team) for _ in range(TASKS)]
    told = defaultdict(dict)

    async def race(client):
        """Claim one task after the other, in the same order as the rivals."""
        for key in keys[client % RIVALS :: RIVALS]:
            answer = await graphql(secrets[client], CLAIM, id=id_of("task", key))
            told[key][people[client].name] = answer["data"]["taskClaim"]

    await asyncio.gather(*map(race, range(CLIENTS)))
    held = {task.id: task for task in await Task.filter(team_id=team).prefetch_related("assignee")}
    for key in keys:
        holder = held[key].assignee
        instead = f"Take another one, or ask {holder.name} or a supervisor to hand it over."
        message = f"{holder.name} already holds this task. {instead}"
        error = {"code": "ALREADY_CLAIMED", "message": message, "path": None}
        task = {"version": 2, "assignee": {"name": holder.name}}
        lost = {"task": task, "userErrors": [error]}
        assert told[key].pop(holder.name) == {"task": task, "userErrors": []}
        assert list(told[key].values()) == [lost] * (CLIENTS // RIVALS - 1)
        assert [verb for verb, _ in await make.history(key)] == ["created", "claimed"]
    assert await Event.filter(verb="claimed").count() == TASKS
    rows = await Assignment.all().values_list("task_id", "receiver_id", "sender_id")
    assert sorted(rows) == sorted((key, held[key].assignee_id, None) for key in keys)
