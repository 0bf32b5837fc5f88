"""Many clients race for few tasks, or for the next of a queue: each task gets one holder."""

import asyncio
from collections import defaultdict
from datetime import date, timedelta
from itertools import count

from domain import tokens
from models import Assignment, Event, Membership, Priority, Task, User
from schema.auth import issue_token
from tests import make

CLIENTS, TASKS, RIVALS = 64, 200, 8
CLAIM = """
    mutation ($id: ID!) {
      taskClaim(input: {taskId: $id}) { task { version assignee { name } } userErrors { code message path } }
    }
"""


QUEUE, EACH = 5_000, 20
CLAIM_NEXT = """
    mutation ($team: ID!) { taskClaimNext(input: {teamId: $team}) { task { key version } userErrors { code } } }
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


async def queue(by, team):
    """Many tasks that nobody holds, of all priorities, some due and some not; their keys in the order of the queue."""
    about = {"workspace_id": by.workspace_id, "team_id": team, "creator_id": by.id, "workflow": "REVIEWED"}
    rows = [
        Task(
            number=number,
            title=f"Task {number}",
            priority=Priority(1 + number * 7 % 4),
            due_on=date(2026, 12, 1) + timedelta(days=number * 11 % 30) if number % 5 else None,
            **about,
        )
        for number in range(1, QUEUE + 1)
    ]
    await Task.bulk_create(rows)
    rows.sort(key=lambda row: (-row.priority, row.due_on or date.max, row.number))
    return [f"T-{row.number}" for row in rows]


async def test_64_clients_empty_a_queue_in_its_order_and_nobody_gets_what_another_has(
    graphql, admin, team, id_of, chosen
):
    people = await racers(admin, team)
    secrets = [issue_token(await User.get(id=each.id), chosen=chosen) for each in people]
    place = {key: number for number, key in enumerate(await queue(admin, team))}
    done, claimed = count(), []

    async def race(secret):
        for _ in range(EACH):
            answer = await graphql(secret, CLAIM_NEXT, team=id_of("team", team))
            claimed.append((next(done), answer["data"]["taskClaimNext"]))

    await asyncio.gather(*map(race, secrets))
    taken = [(order, place[payload["task"]["key"]]) for order, payload in claimed]
    assert sorted(at for _, at in taken) == list(range(CLIENTS * EACH))
    assert [each for each in taken if each[1] - each[0] >= CLIENTS] == []  # only those at work are overtaken
    assert all(payload["userErrors"] == [] and payload["task"]["version"] == 2 for _, payload in claimed)
    assert await Assignment.filter(how="CLAIMED").count() == CLIENTS * EACH
    assert await Task.filter(assignee_id__isnull=True).count() == QUEUE - CLIENTS * EACH
