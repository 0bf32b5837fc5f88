"""Setting up a workspace."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from domain import accounts, tokens
from domain.principal import Principal
from models import ApiKey, Event, Membership, Role, Scope, Team, User, Workspace
from tests import make

ALL = [Scope.READ, Scope.WRITE, Scope.ADMIN]


async def test_a_workspace_opens_with_its_first_admin(database):
    key, user = await accounts.workspace_create("Acme", admin="Ann", email=" Ann@Acme.example", currency="EUR")
    stored = await Workspace.get(id=key)
    assert (stored.name, stored.time_zone, stored.currency, stored.workflow) == ("Acme", "UTC", "EUR", "REVIEWED")
    admin = await User.get(id=user)
    assert (admin.workspace_id, admin.role, admin.email, admin.active) == (key, Role.ADMIN, "ann@acme.example", True)


async def test_a_workspace_opens_with_a_currency_that_can_be_billed(refused):
    async with refused("INVALID_INPUT"):
        await accounts.workspace_create("Acme", admin="Ann", email="ann@acme.example", currency="XXX")


async def test_a_user_is_added_and_told_of(admin, sent):
    key = await accounts.user_create(name="Cy", email="Cy@Example.org", role=Role.REP, title="Rep", by=admin)
    user = await User.get(id=key)
    assert (user.name, user.email, user.role, user.title) == ("Cy", "cy@example.org", Role.REP, "Rep")
    event = await Event.get(subject_id=key)
    assert (event.verb, event.actor_id, event.subject_type) == ("created", admin.id, "USER")
    assert sent() == []


async def test_an_address_is_taken_once_in_a_workspace_whatever_its_case(admin, other, refused):
    async with refused("DUPLICATE_VALUE") as caught:
        await accounts.user_create(name="Ada", email="ADA@acme.example", role=Role.REP, by=admin)
    assert caught.value.path == ("email",)
    await accounts.user_create(name="Ada", email="ada@acme.example", role=Role.REP, by=other)


async def test_of_many_who_add_one_address_one_does(admin):
    adds = [accounts.user_create(name="Cy", email="cy@example.org", role=Role.REP, by=admin) for _ in range(10)]
    errors = [answer for answer in await asyncio.gather(*adds, return_exceptions=True) if isinstance(answer, Exception)]
    assert [error.code for error in errors] == ["DUPLICATE_VALUE"] * 9


@pytest.mark.parametrize("email", ["", "@", "a@", "@b.c", "a@b", "a b@c.d", "a@b."])
async def test_what_is_no_address_is_refused(email, admin, refused):
    async with refused("INVALID_INPUT"):
        await accounts.user_create(name="Cy", email=email, role=Role.REP, by=admin)


@pytest.mark.parametrize("change", [{"time_zone": "Mars/Base"}, {"role": Role.SYSTEM}])
async def test_an_impossible_zone_or_role_is_refused(change, admin, refused):
    async with refused("INVALID_INPUT"):
        await accounts.user_create(**{"name": "Cy", "email": "cy@example.org", "role": Role.REP} | change, by=admin)


async def test_only_admins_with_the_scope_add_users(ada, sue, admin, refused):
    for by in (ada, sue):
        async with refused("FORBIDDEN"):
            await accounts.user_create(name="Cy", email="cy@example.org", role=Role.REP, by=by)
    async with refused("INSUFFICIENT_SCOPE"):
        narrow = replace(admin, scopes=frozenset({Scope.READ, Scope.WRITE}))
        await accounts.user_create(name="Cy", email="cy@example.org", role=Role.REP, by=narrow)


async def test_a_supervisor_adds_teams_below_their_own_only(sue, team, refused):
    key = await accounts.team_create(name="North-East", parent_id=team, by=sue)
    assert (await Team.get(id=key)).parent_id == team
    async with refused("FORBIDDEN"):
        await accounts.team_create(name="South", by=sue)


async def test_a_rep_adds_no_team(ada, team, refused):
    async with refused("FORBIDDEN"):
        await accounts.team_create(name="Mine", parent_id=team, by=ada)


async def test_a_teams_name_is_taken_once(admin, team, refused):
    async with refused("DUPLICATE_VALUE"):
        await accounts.team_create(name="North", by=admin)


async def test_a_team_of_another_workspace_is_no_parent(other, team, refused):
    async with refused("NOT_FOUND") as caught:
        await accounts.team_create(name="Below", parent_id=team, by=other)
    assert caught.value.path == ("parentId",)


async def members(team):
    return {row.user_id: row.leads for row in await Membership.filter(team_id=team)}


async def test_the_members_of_a_team_are_replaced_and_told(admin, ada, bob, sue, team):
    await accounts.team_members_set(team, members=[ada.id, sue.id], leads=[ada.id], by=sue)
    assert await members(team) == {ada.id: True, sue.id: False}
    before, after = sorted([ada.id, bob.id, sue.id]), sorted([ada.id, sue.id])
    assert (await make.history(team))[-1] == (
        "members_set",
        {"members": [[*map(str, before)], [*map(str, after)]], "leads": [[str(sue.id)], [str(ada.id)]]},
    )
    await accounts.team_members_set(team, members=[], by=admin)
    assert await members(team) == {}


async def test_setting_the_members_that_are_there_changes_nothing(admin, workspace, team, database):
    before = await make.everything(database)
    people = [workspace.bob, workspace.ada, workspace.sue]
    await accounts.team_members_set(team, members=people, leads=[workspace.sue], by=admin)
    assert await make.everything(database) == before


async def test_who_does_not_lead_the_team_leaves_its_members_alone(ada, sue, admin, team, refused):
    elsewhere = await accounts.team_create(name="South", by=admin)
    for by, key in ((ada, team), (sue, elsewhere)):
        async with refused("FORBIDDEN"):
            await accounts.team_members_set(key, members=[ada.id], by=by)


async def test_nobody_of_another_workspace_becomes_a_member(admin, other, team, refused):
    async with refused("NOT_FOUND") as caught:
        await accounts.team_members_set(team, members=[other.id], by=admin)
    assert caught.value.path == ("members",)


async def test_members_set_many_times_at_once_are_one_of_the_sets(admin, ada, bob, team):
    sets = [[ada.id], [bob.id]] * 5
    await asyncio.gather(*(accounts.team_members_set(team, members=each, by=admin) for each in sets))
    assert list(await members(team)) in ([ada.id], [bob.id])


async def test_a_principal_knows_their_teams_and_all_they_reach(admin, ada, bob, sue, team):
    below = await accounts.team_create(name="North-East", parent_id=team, by=admin)
    lowest = await accounts.team_create(name="North-East-1", parent_id=below, by=admin)
    await accounts.team_create(name="South", by=admin)
    cy = await make.person(admin, team=lowest)
    found = await tokens.of_user(sue.id)
    assert found == Principal(
        id=sue.id,
        workspace_id=sue.workspace_id,
        role=Role.SUPERVISOR,
        name="Sue Lead",
        teams=frozenset({team}),
        reach=frozenset({team, below, lowest}),
        people=frozenset({ada.id, bob.id, sue.id, cy.id}),
    )
    assert (ada.teams, ada.reach, ada.people) == ({team}, frozenset(), frozenset())


async def test_a_lead_who_is_a_rep_reaches_nobody(admin, team):
    assert (await make.person(admin, team=team, leads=True)).reach == frozenset()


async def test_a_key_acts_as_its_user_within_its_scopes(ada, sent):
    key, secret = await accounts.api_key_create(name="CI", scopes=[Scope.READ, Scope.WRITE], by=ada)
    stored = await ApiKey.get(id=key)
    assert (stored.user_id, stored.creator_id, stored.scopes) == (ada.id, ada.id, ["READ", "WRITE"])
    assert secret.startswith("fg_")
    assert len(secret) > 40
    assert (stored.digest, stored.hint) == (tokens.digest(secret), f"{secret[:6]}…{secret[-4:]}")
    by = await tokens.of_secret(secret)
    assert by == replace(ada, api_key_id=key, scopes=frozenset({Scope.READ, Scope.WRITE}))
    assert sent() == []


async def test_a_secret_is_kept_nowhere(ada, database):
    _, secret = await accounts.api_key_create(name="CI", scopes=[Scope.READ], by=ada)
    rows = str(await make.everything(database))
    assert secret not in rows
    assert rows.count(tokens.digest(secret)) == 1


async def test_an_admin_makes_a_key_for_somebody_and_nobody_else_does(admin, ada, bob, refused):
    _, secret = await accounts.api_key_create(name="CI", scopes=ALL, user_id=ada.id, by=admin)
    assert (await tokens.of_secret(secret)).id == ada.id
    async with refused("FORBIDDEN"):
        await accounts.api_key_create(name="CI", scopes=[Scope.READ], user_id=bob.id, by=ada)


async def test_a_key_of_an_admin_stands_for_nobody_else_without_the_scope_of_admins(admin, ada, refused):
    by = replace(admin, scopes=frozenset({Scope.READ, Scope.WRITE}))
    async with refused("INSUFFICIENT_SCOPE") as caught:
        await accounts.api_key_create(name="CI", scopes=[Scope.WRITE], user_id=ada.id, by=by)
    assert caught.value.facts == {"scope": Scope.ADMIN}
    assert await accounts.api_key_create(name="CI", scopes=[Scope.WRITE], by=by)


async def test_a_key_makes_no_key_with_wider_scopes(ada, refused):
    by = replace(ada, scopes=frozenset({Scope.WRITE}))
    async with refused("INSUFFICIENT_SCOPE", "INSUFFICIENT_SCOPE") as caught:
        await accounts.api_key_create(name="CI", scopes=ALL, by=by)
    assert [error.facts for error in caught.value.errors] == [{"scope": Scope.ADMIN}, {"scope": Scope.READ}]


async def test_a_key_without_scopes_or_already_expired_is_refused(ada, refused):
    async with refused("REQUIRED", "INVALID_INPUT") as caught:
        await accounts.api_key_create(name="CI", scopes=[], expires_at=datetime(2020, 1, 1, tzinfo=UTC), by=ada)
    assert [error.path for error in caught.value.errors] == [("scopes",), ("expiresAt",)]


async def test_a_revoked_key_acts_no_more_and_revoking_it_again_changes_nothing(ada, admin, database):
    key, secret = await accounts.api_key_create(name="CI", scopes=ALL, by=ada)
    await accounts.api_key_revoke(key, by=admin)
    assert await tokens.of_secret(secret) is None
    before = await make.everything(database)
    await accounts.api_key_revoke(key, by=ada)
    assert await make.everything(database) == before


async def test_a_key_that_expired_or_whose_user_left_acts_no_more(ada, bob, database):
    soon = datetime.now(UTC) + timedelta(hours=1)
    _, expired = await accounts.api_key_create(name="CI", scopes=ALL, expires_at=soon, by=ada)
    _, left = await accounts.api_key_create(name="CI", scopes=ALL, by=bob)
    assert await tokens.of_secret(expired)
    await database.execute("update api_keys set expires_at = now() - interval '1 second' where user_id = $1", ada.id)
    await database.execute("update users set active = false where id = $1", bob.id)
    assert [await tokens.of_secret(secret) for secret in (expired, left, "fg_\ud800", "")] == [None] * 4
    assert await tokens.of_user(bob.id) is None


async def test_somebody_elses_key_is_not_there(ada, bob, other, refused):
    key, _ = await accounts.api_key_create(name="CI", scopes=ALL, by=ada)
    for by in (bob, other):
        async with refused("NOT_FOUND"):
            await accounts.api_key_revoke(key, by=by)
