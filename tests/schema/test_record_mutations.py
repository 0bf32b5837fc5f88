"""Tickets and opportunities through HTTP, and the tasks that they, customers and locations show."""

import pytest

from domain import links, opportunities, tickets
from models import Customer, CustomerKind, Location, Opportunity, Team, Ticket
from tests import make
from tests.schema.refusals import ERRORS, codes


@pytest.fixture
async def house(ada):
    return await make.customer(ada, name="Tea House")


async def test_a_ticket_is_written_down_changed_and_told_of(ada, bob, house, mutate, id_of):
    known = {"subject": "Leak", "description": "Below the boiler.", "status": "WAITING", "priority": "HIGH"}
    selection = f"ticket {{ id key {' '.join(known)} owner {{ name }} customer {{ name }} closedAt version }} {ERRORS}"
    ids = {"customerId": id_of("cust", house.id), "ownerId": id_of("user", bob.id)}
    answer = await mutate(ada, "ticketCreate", selection, **known, **ids)
    key = answer["ticket"].pop("id")
    more = {"key": "TK-1", "owner": {"name": "Bob Rep"}, "customer": {"name": "Tea House"}}
    assert answer == {"ticket": known | more | {"closedAt": None, "version": 1}, "userErrors": []}
    patch = {"status": "CLOSED", "ownerId": None, "expectedVersion": 1}
    answer = await mutate(ada, "ticketUpdate", selection, ticketId=key, **patch)
    assert answer["ticket"].pop("closedAt") is not None
    del answer["ticket"]["id"]
    assert answer["ticket"] == known | more | {"status": "CLOSED", "owner": None, "version": 2}


async def test_an_opportunity_is_added_changed_and_told_of(ada, bob, house, mutate, id_of):
    money = {"amount": "1200.5", "currency": "EUR"}
    known = {"subject": "Lease", "description": "Two machines.", "stage": "PROPOSED", "expectedCloseOn": "2027-01-31"}
    selection = f"""opportunity {{
        id key {" ".join(known)} amount {{ amount currency }} owner {{ name }} customer {{ name }} closedAt version
    }} {ERRORS}"""
    ids = {"customerId": id_of("cust", house.id), "ownerId": id_of("user", bob.id)}
    answer = await mutate(ada, "opportunityCreate", selection, **known, **ids, amount=money)
    key = answer["opportunity"].pop("id")
    more = {"key": "OP-1", "owner": {"name": "Bob Rep"}, "customer": {"name": "Tea House"}, "amount": money}
    assert answer == {"opportunity": known | more | {"closedAt": None, "version": 1}, "userErrors": []}
    patch = {"stage": "WON", "amount": None, "expectedVersion": 1}
    answer = await mutate(ada, "opportunityUpdate", selection, opportunityId=key, **patch)
    assert answer["opportunity"].pop("closedAt") is not None
    del answer["opportunity"]["id"]
    assert answer["opportunity"] == known | more | {"stage": "WON", "amount": None, "version": 2}


async def test_what_cannot_be_is_refused(ada, house, mutate, id_of, nothing_changed):
    customer = id_of("cust", house.id)
    async with nothing_changed():
        answer = await mutate(ada, "ticketCreate", f"ticket {{ id }} {ERRORS}", customerId=customer, subject=" ")
        assert (answer["ticket"], codes(answer)) == (None, [("REQUIRED", ["subject"])])
        lease = {"subject": "x" * 201, "amount": {"amount": "-1", "currency": "EUR"}}
        answer = await mutate(ada, "opportunityCreate", f"opportunity {{ id }} {ERRORS}", customerId=customer, **lease)
        assert codes(answer) == [("TOO_LONG", ["subject"]), ("INVALID_INPUT", ["amount"])]


async def test_lists_are_filtered_sorted_and_searched(ada, bob, house, graphql):
    for subject, owner in (("Leak", ada.id), ("Noise", bob.id), ("Smell", ada.id)):
        await tickets.create(house.id, subject=subject, owner_id=owner, by=ada)
        await opportunities.create(house.id, subject=subject, owner_id=owner, by=ada)
    for name in ("tickets", "opportunities"):
        document = f"""{{
            customers {{ nodes {{ list: {name}(sort: [{{field: SUBJECT, direction: DESC}}], first: 2) {{
                totalCount nodes {{ subject }}
            }} }} }}
            mine: {name}(filter: {{owner: {{isMe: {{eq: true}}}}}}) {{ nodes {{ subject }} }}
            found: {name}(search: "nois") {{ nodes {{ subject }} }}
        }}"""
        data = (await graphql(ada, document))["data"]
        said = [{"subject": "Smell"}, {"subject": "Noise"}]
        assert data["customers"]["nodes"] == [{"list": {"totalCount": 3, "nodes": said}}]
        assert data["mine"]["nodes"] == [{"subject": "Leak"}, {"subject": "Smell"}]
        assert data["found"]["nodes"] == [{"subject": "Noise"}]


@pytest.fixture
async def linked(ada, admin, house):
    """A customer, its location, ticket and opportunity, each with the tasks that are linked to it."""
    place, branch = await make.location(ada, house), await make.location(ada, house)
    contact = await make.customer(ada, kind=CustomerKind.INDIVIDUAL, organization_id=house.id)
    ticket = await tickets.create(house.id, subject="Leak", by=ada)
    opportunity = await opportunities.create(house.id, subject="Lease", by=ada)
    targets = {
        "customer": (Customer, house.id),
        "location": (Location, place.id),
        "branch": (Location, branch.id),
        "contact": (Customer, contact.id),
        "ticket": (Ticket, ticket),
        "opportunity": (Opportunity, opportunity),
    }
    for name, target in targets.items():
        await links.link(await make.task(ada, title=name), *target, by=ada)
    everywhere = await make.task(ada, title="everywhere")
    for target in targets.values():
        await links.link(everywhere, *target, by=ada)
    south = await make.row(Team, admin, name="South")
    hidden = await make.task(admin, title="hidden", team_id=south.id)
    for target in targets.values():
        await links.link(hidden, *target, by=admin)
    return {name: key for name, (_, key) in targets.items()}


PLACES = {"customer": "cust", "location": "loc", "ticket": "ticket", "opportunity": "opp"}
TASKS = """query ($id: ID!, $include: [TaskInclude!], $after: String, $first: Int) {{ record: {name}(id: $id) {{
    tasks(include: $include, sort: [{{field: TITLE}}], first: $first, after: $after) {{
        totalCount nodes {{ title }} pageInfo {{ hasNextPage endCursor }}
    }}
}} }}"""


@pytest.mark.parametrize("name", PLACES)
async def test_a_record_shows_the_tasks_linked_to_it_and_further_ones_when_asked_each_once(
    name, ada, linked, graphql, id_of
):
    asked = {"id": id_of(PLACES[name], linked[name])}
    for include, more in (
        (None, set()),
        ([], set()),
        (["LOCATIONS"], {"location", "branch"}),
        (["CONTACTS", "CONTACTS"], {"contact"}),
        (["LOCATIONS", "CONTACTS"], {"location", "branch", "contact"}),
    ):
        answer = await graphql(ada, TASKS.format(name=name), **asked, include=include)
        found = answer["data"]["record"]["tasks"]
        assert [task["title"] for task in found["nodes"]] == sorted({name, "everywhere"} | more)
        assert found["totalCount"] == len(found["nodes"])


async def test_the_pages_of_a_widened_list_meet(ada, linked, graphql, id_of):
    asked = {"id": id_of("cust", linked["customer"]), "include": ["LOCATIONS", "CONTACTS"], "first": 2, "after": None}
    titles = []
    while True:
        page = (await graphql(ada, TASKS.format(name="customer"), **asked))["data"]["record"]["tasks"]
        titles += [task["title"] for task in page["nodes"]]
        asked["after"] = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
    assert titles == ["branch", "contact", "customer", "everywhere", "location"]
    answer = await graphql(ada, TASKS.format(name="customer"), **asked | {"include": ["CONTACTS"]})
    assert [error["extensions"]["code"] for error in answer["errors"]] == ["INVALID_CURSOR"]


async def test_a_task_is_linked_to_a_ticket_and_an_opportunity(ada, house, mutate, id_of):
    targets = {
        "TICKET": id_of("ticket", await tickets.create(house.id, subject="Leak", by=ada)),
        "OPPORTUNITY": id_of("opp", await opportunities.create(house.id, subject="Lease", by=ada)),
    }
    selection = f"""link {{
        kind ticket {{ subject }} opportunity {{ subject }}
        target {{ ... on Ticket {{ id }} ... on Opportunity {{ id }} }}
    }} {ERRORS}"""
    task = id_of("task", await make.task(ada))
    for kind, target in targets.items():
        answer = await mutate(ada, "taskLink", selection, taskId=task, targetId=target)
        assert answer == {
            "link": {
                "kind": kind,
                "ticket": {"subject": "Leak"} if kind == "TICKET" else None,
                "opportunity": {"subject": "Lease"} if kind == "OPPORTUNITY" else None,
                "target": {"id": target},
            },
            "userErrors": [],
        }
