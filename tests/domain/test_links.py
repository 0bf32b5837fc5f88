"""What a task is about."""

import asyncio
from uuid import uuid4

import pytest

from domain import lifecycle, links, opportunities, tickets
from models import Customer, CustomerKind, LinkKind, Location, Opportunity, TaskLink, Ticket, Visit
from tests import make


@pytest.fixture
async def records(ada):
    """A record of every kind, each with the kind of link that leads to it."""
    company = await make.customer(ada)
    person = await make.customer(ada, kind=CustomerKind.INDIVIDUAL)
    location = await make.location(ada, company)
    visit = await make.visit(ada, location)
    return {
        LinkKind.ORGANIZATION: (Customer, company.id),
        LinkKind.INDIVIDUAL: (Customer, person.id),
        LinkKind.LOCATION: (Location, location.id),
        LinkKind.VISIT: (Visit, visit.id),
        LinkKind.TICKET: (Ticket, await tickets.create(company.id, subject="Leak", by=ada)),
        LinkKind.OPPORTUNITY: (Opportunity, await opportunities.create(company.id, subject="Lease", by=ada)),
    }


@pytest.mark.parametrize("kind", list(LinkKind))
async def test_a_task_is_linked_to_a_record_of_every_kind(kind, ada, records, sent):
    key = await make.task(ada)
    model, target = records[kind]
    link = await TaskLink.get(id=await links.link(key, model, target, by=ada))
    assert (link.task_id, link.kind, link.is_primary, link.workspace_id) == (key, kind, False, ada.workspace_id)
    told = {"id": str(target), "kind": kind, "is_primary": False}
    assert (await make.history(key))[-1] == ("linked", {"link": [None, told]})
    assert sent() == []


async def test_linking_again_changes_nothing(ada, records, database):
    key = await make.task(ada)
    first = await links.link(key, *records[LinkKind.VISIT], primary=True, by=ada)
    before = await make.everything(database)
    for primary in (True, False):
        assert await links.link(key, *records[LinkKind.VISIT], primary=primary, by=ada) == first
    assert await make.everything(database) == before


async def test_a_new_primary_link_takes_the_old_ones_place(ada, records):
    key = await make.task(ada)
    for kind in (LinkKind.VISIT, LinkKind.ORGANIZATION):
        await links.link(key, *records[kind], by=ada)
    for kind in (LinkKind.VISIT, LinkKind.ORGANIZATION, LinkKind.LOCATION):
        await links.link(key, *records[kind], primary=True, by=ada)
        assert [link.kind for link in await TaskLink.filter(task_id=key, is_primary=True)] == [kind]
    assert await TaskLink.filter(task_id=key).count() == 3


async def test_unlinking_is_told_and_repeating_it_changes_nothing(ada, records, database):
    key = await make.task(ada)
    model, target = records[LinkKind.LOCATION]
    await links.link(key, model, target, primary=True, by=ada)
    await links.unlink(key, model, target, by=ada)
    assert await TaskLink.all().count() == 0
    told = {"id": str(target), "kind": "LOCATION", "is_primary": True}
    assert (await make.history(key))[-1] == ("unlinked", {"link": [told, None]})
    before = await make.everything(database)
    await links.unlink(key, model, target, by=ada)
    assert await make.everything(database) == before


async def test_a_link_leads_neither_nowhere_nor_to_another_workspace(ada, other, refused):
    key, foreign = await make.task(ada), await make.customer(other)
    for target in (uuid4(), foreign.id):
        async with refused("NOT_FOUND") as caught:
            await links.link(key, Customer, target, by=ada)
        assert caught.value.path == ("targetId",)


async def test_who_may_not_edit_the_links_links_and_unlinks_nothing(ada, bob, team, records, refused):
    key = await make.task(ada, team_id=team)
    await links.link(key, *records[LinkKind.ORGANIZATION], by=ada)
    for verb, kind in ((links.link, LinkKind.LOCATION), (links.unlink, LinkKind.ORGANIZATION)):
        async with refused("FORBIDDEN"):
            await verb(key, *records[kind], by=bob)


async def test_a_final_tasks_links_stay(ada, records, refused):
    key = await make.task(ada)
    await lifecycle.cancel(key, by=ada)
    async with refused("TASK_FINAL"):
        await links.link(key, *records[LinkKind.LOCATION], by=ada)


async def test_many_links_at_once_leave_one_primary_and_no_doubles(ada, records):
    key = await make.task(ada)
    await asyncio.gather(*(links.link(key, *target, primary=True, by=ada) for target in list(records.values()) * 3))
    found = await TaskLink.filter(task_id=key)
    assert (len(found), sum(link.is_primary for link in found)) == (len(records), 1)
