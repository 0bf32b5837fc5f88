"""How queues work, as clients set it and see what comes of it."""

from datetime import UTC, datetime, timedelta

from domain import queues
from domain.principal import Principal
from tests import make
from tests.schema.refusals import ERRORS, codes

HANDS = "{ task(id: %s) { assignee { name } assignments { nodes { how reason actor { name } receiver { name } } } } }"


async def test_a_queue_is_given_out_by_turns_and_every_choice_says_why(
    mutate, graphql, admin, ada, bob, sue, team, id_of
):
    tomorrow = datetime.now(UTC).date() + timedelta(days=1)
    away = {"startsOn": "2026-01-01", "endsOn": tomorrow.isoformat(), "substituteId": id_of("user", bob.id)}
    payload = await mutate(
        ada, "absenceCreate", f"absence {{ user {{ name }} substitute {{ name }} }} {ERRORS}", **away
    )
    assert payload == {"absence": {"user": {"name": "Ada Rep"}, "substitute": {"name": "Bob Rep"}}, "userErrors": []}
    task = id_of("task", await make.task(ada, team_id=team))
    wanted = {"teamId": id_of("team", team), "strategy": "ROUND_ROBIN", "claimLease": "P1DT2H"}
    payload = await mutate(sue, "teamQueueUpdate", f"team {{ strategy claimLease }} {ERRORS}", **wanted)
    assert payload == {"team": {"strategy": "ROUND_ROBIN", "claimLease": "PT26H"}, "userErrors": []}
    assert codes(await mutate(ada, "teamQueueUpdate", ERRORS, **wanted)) == [("FORBIDDEN", None)]
    await queues.tend(team, by=Principal.system(admin.workspace_id))
    reason = f"It was the turn of Ada Rep, who is away until {tomorrow}; Bob Rep stands in."
    row = {"how": "AUTOMATIC", "reason": reason, "actor": None, "receiver": {"name": "Bob Rep"}}
    answer = await graphql(ada, HANDS % f'"{task}"')
    assert answer["data"]["task"] == {"assignee": {"name": "Bob Rep"}, "assignments": {"nodes": [row]}}


async def test_what_nothing_is_done_about_goes_back_to_the_queue_and_says_so(
    mutate, graphql, database, admin, ada, sue, team, id_of
):
    key = await make.task(ada, team_id=team)
    task = id_of("task", key)
    await mutate(sue, "teamQueueUpdate", f"team {{ id }} {ERRORS}", teamId=id_of("team", team), claimLease="PT1H")
    await mutate(ada, "taskClaim", f"task {{ id }} {ERRORS}", taskId=task)
    for table, column in (("tasks", "assigned_at"), ("events", "created_at")):
        await database.execute(f"update {table} set {column} = {column} - interval '61 minutes'")
    await queues.tend(team, by=Principal.system(admin.workspace_id))
    expired = {
        "how": "LEASE_EXPIRED",
        "reason": "Nothing was done about it for 1 hour.",
        "actor": None,
        "receiver": None,
    }
    claimed = {"how": "CLAIMED", "reason": None, "actor": {"name": "Ada Rep"}, "receiver": {"name": "Ada Rep"}}
    answer = await graphql(ada, HANDS % f'"{task}"')
    assert answer["data"]["task"] == {"assignee": None, "assignments": {"nodes": [claimed, expired]}}
