"""Who has how much to do, as clients ask for it."""

from tests import make

WORKLOAD = """
    query ($team: ID!, $from: Date!, $to: Date!) { workload(teamId: $team, from: $from, to: $to) {
        user { name weeklyTime } open load capacity due overdue estimated available
    } }
"""
MOVES = (
    "query ($team: ID!) { suggestRebalance(teamId: $team) { task { title } sender { name } receiver { name } reason } }"
)
WEEK = {"from": "2030-01-07", "to": "2030-01-13"}


async def test_a_supervisor_sees_who_has_how_much_to_do_and_what_would_even_it_out(
    graphql, mutate, ada, sue, team, id_of
):
    input = {"userId": id_of("user", ada.id), "weeklyTime": "PT30H"}
    payload = await mutate(sue, "userWorkloadUpdate", "user { weeklyTime } userErrors { code }", **input)
    assert payload == {"user": {"weeklyTime": "PT30H"}, "userErrors": []}
    for title in "ab":
        await make.task(ada, title=title, team_id=team, assignee_id=ada.id, due_on="2030-01-08", expected_minutes=45)
    asked = {"team": id_of("team", team), **WEEK}
    rows = (await graphql(sue, WORKLOAD, **asked))["data"]["workload"]
    none = {"open": 0, "load": 0, "capacity": None, "due": 0, "overdue": 0, "estimated": "PT0S", "available": "PT40H"}
    adas = {"open": 2, "load": 2, "due": 2, "estimated": "PT1H30M", "available": "PT30H"}
    assert rows == [
        {"user": {"name": "Ada Rep", "weeklyTime": "PT30H"}, **none, **adas},
        {"user": {"name": "Bob Rep", "weeklyTime": "PT40H"}, **none},
        {"user": {"name": "Sue Lead", "weeklyTime": "PT40H"}, **none},
    ]
    assert [row["user"]["name"] for row in (await graphql(ada, WORKLOAD, **asked))["data"]["workload"]] == ["Ada Rep"]
    move = {"sender": {"name": "Ada Rep"}, "receiver": {"name": "Bob Rep"}, "reason": "Ada Rep carries 2, Bob Rep 0."}
    moves = (await graphql(sue, MOVES, team=asked["team"]))["data"]["suggestRebalance"]
    assert moves == [{"task": {"title": "b"}, **move}]


async def test_a_team_that_is_not_there_has_no_workload_and_what_is_wrong_has_a_code(graphql, ada, other, team, id_of):
    theirs = {"team": id_of("team", team), **WEEK}
    assert (await graphql(other, WORKLOAD, **theirs))["data"] == {"workload": None}
    assert (await graphql(other, MOVES, team=theirs["team"]))["data"] == {"suggestRebalance": None}
    wrong = [
        (theirs | {"team": "user_1"}, "INVALID_ID"),
        (theirs | {"to": "2029-01-01"}, "INVALID_INPUT"),
        (theirs | {"to": "2039-01-01"}, "INVALID_INPUT"),
    ]
    for asked, code in wrong:
        (error,) = (await graphql(ada, WORKLOAD, **asked))["errors"]
        assert error["extensions"]["code"] == code
