"""Who may do what, and who sees what."""

from dataclasses import replace
from uuid import uuid4

import pytest

from domain import accounts, policy
from domain.errors import DomainError
from domain.policy import bind, visible
from domain.principal import Principal
from models import Event, Role, Scope, TaskLink, TimeEntry
from tests import make

ROLES = list(Role)


async def tables(database):
    """Every table that has a workspace, and the view of failed work."""
    found = await database.fetch(
        "select table_name from information_schema.columns"
        " where table_schema = 'public' and column_name = 'workspace_id' order by table_name"
    )
    return ["workspaces", *(record["table_name"] for record in found)]


async def seen(database, by, table, what="t.id"):
    """What the principal sees of a table."""
    where, values = bind(by, table, t="t", first=1)
    return {record[0] for record in await database.fetch(f"select {what} from {table} t where {where}", *values)}


@pytest.mark.parametrize("role", ROLES)
async def test_of_every_table_a_role_sees_its_own_workspace_at_most(role, ada, other, database):
    for by in (ada, other):
        key = await make.task(by, assignee_id=by.id)
        place = await make.location(by, await make.customer(by))
        visit = await make.visit(by, place)
        await make.row(TaskLink, by, task_id=key, kind="VISIT", visit_id=visit.id)
        await accounts.api_key_create(name="CI", scopes=[Scope.READ], by=by)
    by = replace(ada, role=role, id=None if role is Role.SYSTEM else ada.id)
    names = await tables(database)
    assert len(names) == 44
    for table in names:
        workspace = "t.id" if table == "workspaces" else "t.workspace_id"
        assert await seen(database, by, table, workspace) <= {ada.workspace_id}, table
        assert await seen(database, replace(by, workspace_id=uuid4()), table) == set(), table


@pytest.mark.parametrize("role", ROLES)
async def test_a_condition_says_the_workspace_and_its_places_and_nothing_else(role, database):
    for table in await tables(database):
        where = visible(table, role).where
        assert "{t}.workspace_id = {workspace}" in where or table == "workspaces"
        where.format(t="t", workspace="$1", me="$2", teams="$3", people="$4")


def test_a_table_of_which_nobody_said_who_sees_it_is_seen_by_no_rep():
    with pytest.raises(LookupError):
        visible("secrets", Role.REP)


@pytest.fixture
async def people(admin, ada, bob, sue):
    """Everybody who might look: also a rep and a supervisor of nothing, and a supervisor of a team further down."""
    south = await accounts.team_create(name="South", by=admin)
    found = {"ada": ada, "bob": bob, "sue": sue, "admin": admin, "rep": await make.person(admin)}
    found["south"] = await make.person(admin, role=Role.SUPERVISOR, team=south, leads=True)
    return found | {"system": Principal.system(admin.workspace_id)}


async def viewers(database, people, key, table="tasks"):
    return {name for name, by in people.items() if key in await seen(database, by, table)}


async def test_a_task_of_a_team_is_seen_by_it_by_who_leads_it_and_by_admins(people, ada, team, database):
    key = await make.task(ada, team_id=team)
    assert await viewers(database, people, key) == {"ada", "bob", "sue", "admin", "system"}


async def test_a_task_without_a_team_is_seen_by_all(people, ada, database):
    assert await viewers(database, people, await make.task(ada)) == set(people)


async def test_a_task_of_another_team_is_seen_by_its_creator_assignee_and_their_supervisors(people, database):
    south = next(iter(people["south"].teams))
    created = await make.task(people["ada"], team_id=south)
    held = await make.task(people["admin"], team_id=south, assignee_id=people["bob"].id)
    assert await viewers(database, people, created) == {"ada", "sue", "south", "admin", "system"}
    assert await viewers(database, people, held) == {"bob", "sue", "south", "admin", "system"}


async def test_what_belongs_to_a_task_is_seen_with_it(people, ada, team, database):
    key = await make.task(ada, team_id=team, assignee_id=ada.id)
    customer = await make.customer(ada)
    link = await make.row(TaskLink, ada, task_id=key, kind="ORGANIZATION", customer_id=customer.id)
    (assignment,) = await seen(database, people["admin"], "assignments")
    event = await Event.get(subject_id=key)
    for table, row in (("task_links", link.id), ("assignments", assignment), ("events", event.id)):
        assert await viewers(database, people, row, table) == {"ada", "bob", "sue", "admin", "system"}, table


async def test_time_is_seen_with_its_task_and_by_whose_it_is(people, ada, team, database):
    key = await make.task(ada, team_id=team)
    day = {"minutes": 30, "worked_on": "2026-11-21"}
    person = people["rep"].id
    row = await make.row(TimeEntry, ada, task_id=key, user_id=person, creator_id=person, **day)
    assert await viewers(database, people, row.id, "time_entries") == {"ada", "bob", "sue", "admin", "system", "rep"}


async def test_keys_and_what_is_told_of_them_are_their_owners_and_admins(people, ada, database):
    key, _ = await accounts.api_key_create(name="CI", scopes=[Scope.READ], by=ada)
    event = await Event.get(subject_id=key)
    assert await viewers(database, people, key, "api_keys") == {"ada", "admin", "system"}
    assert await viewers(database, people, event.id, "events") == {"admin", "system"}


async def test_customers_and_colleagues_are_seen_by_all(people, ada, database):
    customer = await make.customer(ada)
    assert await viewers(database, people, customer.id, "customers") == set(people)
    assert await viewers(database, people, ada.id, "users") == set(people)


@pytest.mark.parametrize(
    ("action", "role", "message"),
    [
        ("user_create", Role.SUPERVISOR, "You may not create users. Those who may: admins."),
        ("team_create", Role.REP, "You may not create teams. Those who may: supervisors and admins."),
    ],
)
def test_what_a_role_may_not_do_says_who_may(action, role, message):
    by = Principal(id=uuid4(), workspace_id=uuid4(), role=role, name="Somebody")
    with pytest.raises(DomainError) as caught:
        policy.allow(by, action)
    assert caught.value.message == message


@pytest.mark.parametrize("action", [*policy.RIGHTS, "anything"])
def test_a_key_that_only_reads_does_nothing(action):
    by = Principal(id=uuid4(), workspace_id=uuid4(), role=Role.ADMIN, name="Key", scopes=frozenset({Scope.READ}))
    with pytest.raises(DomainError) as caught:
        policy.allow(by, action)
    assert caught.value.code == "INSUFFICIENT_SCOPE"
