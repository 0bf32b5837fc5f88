"""Timelines through HTTP: what belongs to a record, newest first, page by page, and nothing unseen."""

import pytest

from domain import lifecycle, links, notes, opportunities, ownership, tickets, timesheets, visits
from models import Customer, CustomerKind, Location, NoteKind, Opportunity, Team, Ticket, TicketStatus
from tests import make

TIMELINE = """query ($id: ID!, $first: Int, $after: String, $filter: TimelineEntryFilter) {
    timeline(entityId: $id, first: $first, after: $after, filter: $filter) {
        totalCount pageInfo { hasNextPage endCursor }
        nodes { kind at actor { name } record { ... on Task { title } ... on Visit { purpose } ... on Note { text }
            ... on TimeEntry { minutes } ... on Event { verb subject { ... on Task { title } } } } }
    }
}"""


@pytest.fixture
async def house(ada):
    return await make.customer(ada, name="Tea House")


@pytest.fixture
async def records(ada, bob, admin, house):
    """All that belongs to a customer, and the ids of those with a timeline."""
    place = await make.location(ada, house)
    contact = await make.customer(ada, kind=CustomerKind.INDIVIDUAL, organization_id=house.id)
    ticket = await tickets.create(house.id, subject="Leak", by=ada)
    lease = await opportunities.create(house.id, subject="Lease", by=ada)
    task = await make.task(ada, title="Repair")
    await links.link(task, Location, place.id, by=ada)
    await links.link(task, Ticket, ticket, by=ada)
    part = await make.task(ada, title="Order parts", parent_id=task)
    call = await make.task(ada, title="Call")
    await links.link(call, Customer, contact.id, by=ada)
    await links.link(call, Opportunity, lease, by=ada)
    visit = await make.visit(ada, place, purpose="Look")
    await visits.check_in(visit.id, by=ada)
    await timesheets.create(part, minutes=20, worked_on="2026-01-05", by=bob)
    await notes.create(Customer, house.id, text="They like tea.", kind=NoteKind.INTERNAL, by=ada)
    await notes.create(Opportunity, lease, text="They hesitate.", kind=NoteKind.INTERNAL, by=ada)
    await ownership.claim(task, by=bob, start=True)
    await tickets.update(ticket, {"status": TicketStatus.WAITING}, by=ada)
    south = await make.row(Team, admin, name="South")
    hidden = await make.task(admin, title="Secret", team_id=south.id)
    await links.link(hidden, Customer, house.id, by=admin)
    await lifecycle.cancel(hidden, by=admin)
    elsewhere = await make.task(ada, title="Elsewhere")
    await links.link(elsewhere, Customer, (await make.customer(ada)).id, by=ada)
    return {"cust": house.id, "loc": place.id, "ticket": ticket, "opp": lease, "task": task}


@pytest.fixture
def read(graphql, records, id_of):
    """A record's timeline as whoever asks sees it: kinds with what each is about."""

    async def read(by, prefix, **more):
        answer = await graphql(by, TIMELINE, id=id_of(prefix, records[prefix]), **more)
        assert "errors" not in answer, answer
        return answer["data"]["timeline"]

    return read


def said(page):
    """Each entry as its kind and what it is about."""
    return [(each["kind"], next(iter(each["record"].values()))) for each in page["nodes"]]


EXPECTED = {
    "cust": [
        ("STATUS", "updated"),
        ("STATUS", "claimed"),
        ("NOTE", "They hesitate."),
        ("NOTE", "They like tea."),
        ("TIME", 20),
        ("STATUS", "checked_in"),
        ("VISIT", "Look"),
        ("TASK", "Call"),
        ("TASK", "Order parts"),
        ("TASK", "Repair"),
    ],
    "loc": [
        ("STATUS", "claimed"),
        ("TIME", 20),
        ("STATUS", "checked_in"),
        ("VISIT", "Look"),
        ("TASK", "Order parts"),
        ("TASK", "Repair"),
    ],
    "ticket": [
        ("STATUS", "updated"),
        ("STATUS", "claimed"),
        ("TIME", 20),
        ("TASK", "Order parts"),
        ("TASK", "Repair"),
    ],
    "opp": [("NOTE", "They hesitate."), ("TASK", "Call")],
    "task": [("STATUS", "claimed"), ("TIME", 20), ("TASK", "Order parts"), ("TASK", "Repair")],
}


@pytest.mark.parametrize("prefix", EXPECTED)
async def test_a_timeline_holds_what_belongs_to_the_record_newest_first(prefix, bob, read):
    page = await read(bob, prefix)
    assert said(page) == EXPECTED[prefix]
    assert page["totalCount"] == len(EXPECTED[prefix])
    moments = [each["at"] for each in page["nodes"]]
    assert moments == sorted(moments, reverse=True)


async def test_the_admin_sees_what_others_do_not(admin, read):
    page = await read(admin, "cust")
    assert [each for each in said(page) if each not in EXPECTED["cust"]] == [
        ("STATUS", "cancelled"),
        ("TASK", "Secret"),
    ]


async def test_pages_meet_whatever_is_recorded_meanwhile(ada, bob, read, records):
    after, found = None, []
    while True:
        page = await read(bob, "cust", first=2, after=after)
        found += said(page)
        after = page["pageInfo"]["endCursor"]
        await timesheets.create(records["task"], minutes=5, worked_on="2026-01-05", by=bob)
        if not page["pageInfo"]["hasNextPage"]:
            break
    assert found == EXPECTED["cust"]


async def test_a_timeline_is_filtered_by_kind_time_and_person(ada, bob, read):
    page = await read(ada, "cust", filter={"kind": {"in": ["TIME", "VISIT"]}})
    assert said(page) == [("TIME", 20), ("VISIT", "Look")]
    assert page["totalCount"] == 2
    moment = page["nodes"][0]["at"]
    assert said(await read(ada, "cust", filter={"at": {"gt": moment}})) == EXPECTED["cust"][:4]
    assert said(await read(ada, "cust", filter={"actor": {"name": {"eq": "Bob Rep"}}})) == [
        ("STATUS", "claimed"),
        ("TIME", 20),
    ]


async def test_a_record_has_its_timeline_as_a_field_in_the_same_statement(ada, records, graphql):
    document = """{ customers(filter: {name: {eq: "Tea House"}}) { nodes { name timeline(last: 2) {
        nodes { kind } pageInfo { hasPreviousPage } } } } }"""
    answer = await graphql(ada, document)
    timeline = {"nodes": [{"kind": "TASK"}, {"kind": "TASK"}], "pageInfo": {"hasPreviousPage": True}}
    assert answer["data"]["customers"]["nodes"] == [{"name": "Tea House", "timeline": timeline}]


async def test_what_one_does_not_see_has_no_timeline(ada, admin, other, records, graphql, id_of):
    south = await make.row(Team, admin, name="West")
    hidden = await make.task(admin, team_id=south.id)
    for by, id in ((ada, id_of("task", hidden)), (other, id_of("cust", records["cust"]))):
        assert await graphql(by, TIMELINE, id=id) == {"data": {"timeline": None}}


async def test_what_has_no_timeline_is_refused(ada, graphql, id_of):
    answer = await graphql(ada, TIMELINE, id=id_of("user", ada.id))
    assert [error["extensions"]["code"] for error in answer["errors"]] == ["INVALID_ID"]
