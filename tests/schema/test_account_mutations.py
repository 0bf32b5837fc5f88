"""People, teams and API keys through HTTP."""

import pytest

from models import ApiKey, Team, User
from tests import make
from tests.schema.refusals import ERRORS, codes

CY = {"name": "Cy Rep", "email": "Cy@Acme.example", "role": "REP"}
KEY = f"apiKey {{ name scopes hint user {{ name }} creator {{ name }} expiresAt revokedAt }} {ERRORS}"
MEMBERS = f"team {{ version members {{ nodes {{ name }} }} leads {{ nodes {{ name }} }} }} {ERRORS}"


def named(*names):
    return {"nodes": [{"name": name} for name in names]}


async def test_an_admin_adds_a_person(admin, mutate):
    selection = f"""user {{
        name email role title timeZone active isMe version teams {{ totalCount }} history {{ nodes {{ verb }} }}
    }} {ERRORS}"""
    more = {"title": "Rep", "timeZone": "Europe/Berlin"}
    assert await mutate(admin, "userCreate", selection, **CY, **more) == {
        "user": {
            "name": "Cy Rep",
            "email": "cy@acme.example",
            "role": "REP",
            "title": "Rep",
            "timeZone": "Europe/Berlin",
            "active": True,
            "isMe": False,
            "version": 1,
            "teams": {"totalCount": 0},
            "history": {"nodes": [{"verb": "created"}]},
        },
        "userErrors": [],
    }


@pytest.mark.parametrize(
    ("wrong", "refusal"),
    [
        ({"name": ""}, ("REQUIRED", ["name"])),
        ({"email": "ADA@acme.example"}, ("DUPLICATE_VALUE", ["email"])),
        ({"role": "SYSTEM"}, ("INVALID_INPUT", ["role"])),
        ({"title": "x" * 201}, ("TOO_LONG", ["title"])),
    ],
)
async def test_a_person_who_cannot_be_is_refused(wrong, refusal, admin, mutate):
    before = await User.all().count()
    answer = await mutate(admin, "userCreate", f"user {{ id }} {ERRORS}", **CY | wrong)
    assert (answer["user"], codes(answer)) == (None, [refusal])
    assert await User.all().count() == before


async def test_a_supervisor_adds_no_person(sue, mutate):
    assert codes(await mutate(sue, "userCreate", ERRORS, **CY)) == [("FORBIDDEN", None)]


async def test_a_supervisor_adds_a_team_below_their_own(sue, team, mutate, id_of):
    selection = f"team {{ name parent {{ name }} members {{ totalCount }} version }} {ERRORS}"
    assert await mutate(sue, "teamCreate", selection, name="North East", parentId=id_of("team", team)) == {
        "team": {"name": "North East", "parent": {"name": "North"}, "members": {"totalCount": 0}, "version": 1},
        "userErrors": [],
    }


async def test_a_supervisor_adds_no_team_elsewhere(sue, mutate):
    answer = await mutate(sue, "teamCreate", f"team {{ id }} {ERRORS}", name="South")
    assert (answer["team"], codes(answer)) == (None, [("FORBIDDEN", None)])


async def test_no_two_teams_share_a_name(admin, team, mutate):
    assert codes(await mutate(admin, "teamCreate", ERRORS, name="North")) == [("DUPLICATE_VALUE", ["name"])]
    assert await Team.all().count() == 1


async def test_exactly_these_people_make_a_team(sue, workspace, mutate, id_of):
    wanted = {"members": [id_of("user", workspace.bob)], "leads": [id_of("user", workspace.sue)], "expectedVersion": 2}
    answer = await mutate(sue, "teamMembersSet", MEMBERS, teamId=id_of("team", workspace.team), **wanted)
    assert answer == {
        "team": {"version": 3, "members": named("Bob Rep", "Sue Lead"), "leads": named("Sue Lead")},
        "userErrors": [],
    }


async def test_a_team_that_changed_meanwhile_is_answered_as_it_is(sue, ada, team, mutate, id_of):
    wanted = {"members": [id_of("user", ada.id)], "leads": [], "expectedVersion": 1}
    answer = await mutate(sue, "teamMembersSet", MEMBERS, teamId=id_of("team", team), **wanted)
    assert codes(answer) == [("VERSION_CONFLICT", None)]
    assert answer["team"] == {
        "version": 2,
        "members": named("Ada Rep", "Bob Rep", "Sue Lead"),
        "leads": named("Sue Lead"),
    }


async def test_the_same_people_change_nothing(sue, workspace, mutate, id_of):
    members, leads = [workspace.ada, workspace.bob], [workspace.sue]
    wanted = {"members": [id_of("user", each) for each in members], "leads": [id_of("user", each) for each in leads]}
    selection = f"team {{ version }} syncCursor {ERRORS}"
    answer = await mutate(sue, "teamMembersSet", selection, teamId=id_of("team", workspace.team), **wanted)
    assert answer == {"team": {"version": 2}, "syncCursor": None, "userErrors": []}


async def test_a_supervisor_changes_no_team_out_of_their_reach(sue, admin, mutate, id_of):
    south = await make.row(Team, admin, name="South")
    answer = await mutate(sue, "teamMembersSet", MEMBERS, teamId=id_of("team", south.id), members=[], leads=[])
    assert codes(answer) == [("FORBIDDEN", None)]
    assert answer["team"] == {"version": 1, "members": named(), "leads": named()}


async def test_a_key_shows_its_secret_once_and_acts_as_its_person(ada, mutate, graphql):
    wanted = {"name": "CI", "scopes": ["READ", "WRITE"], "expiresAt": "2999-01-01T00:00:00Z", "idempotencyKey": "once"}
    made = await mutate(ada, "apiKeyCreate", f"secret {KEY}", **wanted)
    secret = made.pop("secret")
    assert made == {
        "apiKey": {
            "name": "CI",
            "scopes": ["READ", "WRITE"],
            "hint": f"{secret[:6]}…{secret[-4:]}",
            "user": {"name": "Ada Rep"},
            "creator": {"name": "Ada Rep"},
            "expiresAt": "2999-01-01T00:00:00.000000Z",
            "revokedAt": None,
        },
        "userErrors": [],
    }
    assert await graphql(secret, "{ viewer { name } }") == {"data": {"viewer": {"name": "Ada Rep"}}}
    assert await mutate(ada, "apiKeyCreate", f"secret {KEY}", **wanted) == made | {"secret": None}
    assert await ApiKey.all().count() == 1


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"name": " "}, "REQUIRED"),
        ({"scopes": []}, "REQUIRED"),
        ({"expiresAt": "2020-01-01T00:00:00Z"}, "INVALID_INPUT"),
    ],
)
async def test_a_key_that_cannot_be_is_refused(wrong, code, ada, mutate):
    answer = await mutate(ada, "apiKeyCreate", f"secret {KEY}", **{"name": "CI", "scopes": ["READ"]} | wrong)
    assert (answer["apiKey"], answer["secret"], codes(answer)) == (None, None, [(code, list(wrong))])
    assert await ApiKey.all().count() == 0


async def test_a_key_gives_away_no_scope_that_it_lacks(ada, mutate):
    secret = (await mutate(ada, "apiKeyCreate", "secret", name="CI", scopes=["READ", "WRITE"]))["secret"]
    answer = await mutate(secret, "apiKeyCreate", f"secret {KEY}", name="More", scopes=["ADMIN"])
    assert (answer["secret"], codes(answer)) == (None, [("INSUFFICIENT_SCOPE", ["scopes"])])


async def test_only_an_admin_makes_a_key_for_another(admin, ada, bob, mutate, id_of):
    wanted = {"name": "CI", "scopes": ["READ"], "userId": id_of("user", bob.id)}
    assert codes(await mutate(ada, "apiKeyCreate", KEY, **wanted)) == [("FORBIDDEN", ["userId"])]
    made = (await mutate(admin, "apiKeyCreate", KEY, **wanted))["apiKey"]
    assert (made["user"], made["creator"]) == ({"name": "Bob Rep"}, {"name": "Ann Admin"})


async def test_a_revoked_key_opens_nothing(ada, bob, mutate, graphql):
    made = await mutate(ada, "apiKeyCreate", "secret apiKey { id }", name="CI", scopes=["READ"])
    key = made["apiKey"]["id"]
    refused = await mutate(bob, "apiKeyRevoke", f"apiKey {{ id }} {ERRORS}", apiKeyId=key)
    assert (refused["apiKey"], codes(refused)) == (None, [("NOT_FOUND", ["apiKeyId"])])
    revoked = await mutate(ada, "apiKeyRevoke", f"apiKey {{ revokedAt }} {ERRORS}", apiKeyId=key)
    assert (revoked["apiKey"]["revokedAt"] is None, revoked["userErrors"]) == (False, [])
    assert await mutate(ada, "apiKeyRevoke", f"apiKey {{ revokedAt }} {ERRORS}", apiKeyId=key) == revoked
    answer = await graphql(made["secret"], "{ viewer { name } }")
    assert [error["extensions"]["code"] for error in answer["errors"]] == ["UNAUTHENTICATED"]
