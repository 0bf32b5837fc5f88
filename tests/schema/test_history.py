"""What history tells through HTTP: which field, from what to what, who, through what, and why."""

import pytest

import models
from domain import accounts, links, ownership, tasks, tickets, visits
from domain.principal import Principal
from domain.telling import SUBJECTS
from models import Customer, Location, Reminder, Scope, Task, Team, Visit
from schema import reader, schema
from schema.changes import LENGTHS, RECORDED, _meanings
from tests import make
from tests.populate import TABLES

HISTORY = """query ($id: ID!) { node(id: $id) { ... on Task { history { nodes {
    verb reason source actor { name } subject { ... on Task { title } ... on Visit { id } }
    changes { field before after beforeNode { ... on User { name } ... on Task { title } ... on Team { name } }
        afterNode { __typename ... on User { name } ... on Task { title } ... on Team { name } } }
} } } ... on Visit { history { nodes { verb changes { field before after } } } } } }"""
LEFT_OUT = {"id", "workspace_id", "created_at", "updated_at", "digest", "due_at", "attempts", "error", "failed_at"}
NOT_SHOWN = {
    ("TASK", "occurrence"),
    ("TASK", "deletion_id"),
    ("TASK", "watched"),
    ("TASK", "escalated_on"),
    ("WORKFLOW", "definition"),
    ("TEAM", "served_id"),
    ("OPPORTUNITY", "currency"),
    ("RATE", "currency"),
    ("CALENDAR_FEED", "content"),
}


@pytest.fixture
def told(graphql, id_of):
    """The events of a task, oldest first."""

    async def told(by, key):
        answer = await graphql(by, HISTORY, id=id_of("task", key))
        assert "errors" not in answer, answer
        return answer["data"]["node"]["history"]["nodes"]

    return told


def change(events, verb, field):
    """What an event of this kind tells of a field: from, to."""
    (found,) = (c for event in events if event["verb"] == verb for c in event["changes"] if c["field"] == field)
    return found["before"], found["after"]


def test_every_column_is_told_of_by_the_name_of_a_field():
    """Also one that is shown as a duration, or as the record that it points at."""
    known, types = _meanings(), {node.table.name: node.name for node in reader.catalog.nodes.values()}
    for table, kind in SUBJECTS.items():
        fields = schema._schema.type_map[types[table]].fields
        for column in set(TABLES[table]._meta.fields_db_projection) - LEFT_OUT:
            field, *_ = known.get(f"{kind}.{column}") or known.get(column) or (column,)
            assert (kind, column) in NOT_SHOWN or field in fields, (kind, column, field)
    assert {*LENGTHS, *RECORDED} <= known.keys()


async def test_fields_are_named_and_written_as_the_schema_has_them(ada, bob, team, told):
    key = await make.task(ada, title="Repair", expected_minutes=45, team_id=team, priority=models.Priority.HIGH)
    await tasks.update(key, {"expected_minutes": 90, "priority": models.Priority.LOW, "team_id": None}, by=ada)
    await ownership.claim(key, by=bob, start=True)
    events = await told(ada, key)
    assert [event["verb"] for event in events] == ["created", "updated", "claimed"]
    assert change(events, "created", "key") == (None, "T-1")
    assert change(events, "created", "team") == (None, "North")
    assert change(events, "updated", "team") == ("North", None)
    assert change(events, "updated", "expectedDuration") == ("PT45M", "PT1H30M")
    assert change(events, "updated", "priority") == ("HIGH", "LOW")
    assert change(events, "claimed", "assignee") == (None, "Bob Rep")
    assert change(events, "claimed", "status") == ("PENDING", "IN_PROGRESS")
    started = (await make.stored(key)).started_at.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    assert change(events, "claimed", "startedAt") == (None, started)
    (assigned,) = (c for c in events[2]["changes"] if c["field"] == "assignee")
    assert (assigned["beforeNode"], assigned["afterNode"]) == (None, {"__typename": "User", "name": "Bob Rep"})
    assert {event["subject"]["title"] for event in events} == {"Repair"}


async def test_who_did_it_and_through_what_is_told(ada, admin, graphql, mutate, id_of, told):
    key = await make.task(ada, title="Repair")
    _, secret = await accounts.api_key_create(name="CI", scopes=[Scope.READ, Scope.WRITE], user_id=ada.id, by=admin)
    await mutate(secret, "taskUpdate", "userErrors { code }", taskId=id_of("task", key), place="Here")
    await ownership.claim(key, by=ada)
    await ownership.unclaim(key, reason="Ill", by=ada)
    system = Principal.system(ada.workspace_id)
    await tasks.update(key, {"place": "There"}, by=system)
    events = await told(ada, key)
    assert [(event["source"], event["actor"] and event["actor"]["name"], event["reason"]) for event in events] == [
        ("PERSON", "Ada Rep", None),
        ("API_KEY", "Ada Rep", None),
        ("PERSON", "Ada Rep", None),
        ("PERSON", "Ada Rep", "Ill"),
        ("WORKER", None, None),
    ]
    document = "{ tasks { nodes { history(filter: {source: {in: [API_KEY, WORKER]}}) { totalCount } } } }"
    answer = await graphql(ada, document)
    assert answer["data"]["tasks"]["nodes"] == [{"history": {"totalCount": 2}}]


async def test_links_are_told_by_what_they_lead_to(ada, told):
    house = await make.customer(ada, name="Tea House")
    place = await make.location(ada, house, name="Shop")
    visit = await make.visit(ada, place)
    ticket = await tickets.create(house.id, subject="Leak", by=ada)
    key = await make.task(ada)
    targets = ((Customer, house.id), (Location, place.id), (Visit, visit.id), (models.Ticket, ticket))
    for target in targets:
        await links.link(key, *target, by=ada)
        await links.unlink(key, *target, by=ada)
    events = (await told(ada, key))[1:]
    names = ["Tea House", "Shop", "Shop", "TK-1 Leak"]
    assert [c["after"] for event in events[::2] for c in event["changes"]] == names
    assert [c["before"] for event in events[1::2] for c in event["changes"]] == names
    assert {c["field"] for event in events for c in event["changes"]} == {"links"}
    kinds = [event["changes"][0]["afterNode"]["__typename"] for event in events[::2]]
    assert kinds == ["Customer", "Location", "Visit", "Ticket"]


async def test_what_the_viewer_does_not_see_is_not_told(ada, admin, told):
    south = await make.row(Team, admin, name="South")
    hidden = await make.task(admin, title="Secret", team_id=south.id)
    key = await make.task(admin, title="Open")
    await tasks.update(key, {"parent_id": hidden}, by=admin)
    await Task.filter(id=key).update(parent_id=None)
    for by, label, node in ((ada, None, None), (admin, "T-1 Secret", {"__typename": "Task", "title": "Secret"})):
        (found,) = (c for event in await told(by, key) for c in event["changes"] if c["field"] == "parent")
        assert (found["before"], found["after"], found["afterNode"]) == (None, label, node)


async def test_people_in_a_list_are_told_by_their_names(ada, bob, admin, team, graphql, id_of):
    await accounts.team_members_set(team, members=[ada.id], leads=[], by=admin)
    document = """query ($id: ID!) { node(id: $id) { ... on Team { history(last: 1) { nodes { verb changes {
        field before after } } } } } }"""
    (event,) = (await graphql(ada, document, id=id_of("team", team)))["data"]["node"]["history"]["nodes"]
    assert event["changes"][1] == {"field": "members", "before": "Ada Rep, Bob Rep, Sue Lead", "after": "Ada Rep"}
    assert event["changes"][0] == {"field": "leads", "before": "Sue Lead", "after": None}


async def test_a_visits_steps_are_told(ada, graphql, id_of):
    visit = await make.visit(ada, await make.location(ada, await make.customer(ada)))
    await visits.check_in(visit.id, by=ada)
    nodes = (await graphql(ada, HISTORY, id=id_of("visit", visit.id)))["data"]["node"]["history"]["nodes"]
    assert change(nodes, "checked_in", "status") == ("PLANNED", "IN_PROGRESS")


async def test_a_reminder_is_told_by_whom_it_reminds(ada, mutate, id_of, told):
    key = await make.task(ada)
    wanted = {"taskId": id_of("task", key), "userId": id_of("user", ada.id), "anchor": "DUE", "offset": "PT1H"}
    await mutate(ada, "reminderCreate", "userErrors { code }", **wanted)
    assert await Reminder.all().count() == 1
    assert change(await told(ada, key), "reminder_set", "reminders") == (None, "Ada Rep")
