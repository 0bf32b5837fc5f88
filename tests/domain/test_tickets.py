"""Keeping tickets."""

import asyncio
from datetime import timedelta
from uuid import uuid4

import pytest

from domain import tickets
from models import Priority, Ticket, TicketStatus
from tests import make


@pytest.fixture
async def customer(ada):
    return (await make.customer(ada)).id


@pytest.fixture
async def ticket(ada, customer):
    return await tickets.create(customer, subject="The grinder is loud", by=ada)


async def test_a_ticket_has_what_was_given_and_the_next_number(ada, bob, customer, sent):
    await tickets.create(customer, subject="First", by=bob)
    key = await tickets.create(customer, subject="Leak", priority=Priority.URGENT, owner_id=bob.id, by=ada)
    row = await Ticket.get(id=key)
    assert (row.number, row.subject, row.status, row.priority) == (2, "Leak", TicketStatus.OPEN, Priority.URGENT)
    assert (row.customer_id, row.owner_id, row.creator_id, row.closed_at) == (customer, bob.id, ada.id, None)
    people = {"owner_id": str(bob.id), "creator_id": str(ada.id), "customer_id": str(customer)}
    told = {"subject": "Leak", "priority": "URGENT", "number": 2} | people
    assert await make.history(key) == [("created", {name: [None, value] for name, value in told.items()})]
    assert sent() == []


async def test_every_workspace_counts_its_own(ada, other, customer):
    await tickets.create(customer, subject="Ours", by=ada)
    key = await tickets.create((await make.customer(other)).id, subject="Theirs", by=other)
    assert (await Ticket.get(id=key)).number == 1


async def test_tickets_written_down_at_once_are_numbered_without_a_gap(ada, bob, customer):
    await asyncio.gather(*(tickets.create(customer, subject="Leak", by=by) for by in (ada, bob) * 4))
    assert sorted(row.number for row in await Ticket.all()) == list(range(1, 9))


async def test_a_ticket_is_closed_since_it_was_closed_and_may_be_opened_again(ada, bob, ticket):
    await tickets.update(ticket, {"status": TicketStatus.CLOSED}, by=bob)
    closed = await Ticket.get(id=ticket)
    assert closed.closed_at - closed.created_at < timedelta(minutes=1)
    await tickets.update(ticket, {"status": TicketStatus.CLOSED, "subject": "Loud"}, by=ada)
    assert (await Ticket.get(id=ticket)).closed_at == closed.closed_at
    await tickets.update(ticket, {"status": TicketStatus.OPEN}, by=ada)
    assert (await Ticket.get(id=ticket)).closed_at is None


async def test_a_ticket_that_is_written_down_closed_is_so_from_the_beginning(ada, customer):
    key = await tickets.create(customer, subject="Late", status=TicketStatus.CLOSED, by=ada)
    row = await Ticket.get(id=key)
    assert row.closed_at is not None


async def test_what_needs_a_value_is_said_at_once(ada, customer, ticket, refused):
    async with refused("REQUIRED"):
        await tickets.create(customer, by=ada)
    async with refused("REQUIRED", "REQUIRED"):
        await tickets.update(ticket, {"subject": "", "status": None}, by=ada)


@pytest.mark.parametrize("what", ["owner", "customer"])
async def test_what_is_not_there_is_not_found(what, ada, customer, refused):
    async with refused("NOT_FOUND") as caught:
        whose = uuid4() if what == "customer" else customer
        await tickets.create(whose, subject="Leak", owner_id=uuid4() if what == "owner" else None, by=ada)
    assert caught.value.path == (f"{what}Id",)


async def test_a_ticket_of_another_workspace_is_not_found(other, ticket, refused):
    async with refused("NOT_FOUND"):
        await tickets.update(ticket, {"subject": "Mine"}, by=other)


async def test_a_change_of_what_was_changed_meanwhile_is_refused(ada, ticket, refused):
    await tickets.update(ticket, {"subject": "Loud"}, by=ada, version=1)
    async with refused("VERSION_CONFLICT"):
        await tickets.update(ticket, {"subject": "Quiet"}, by=ada, version=1)
