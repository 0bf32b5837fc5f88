"""Who gets the tasks of a queue that nobody claims, and why."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from domain import absences, capacity, links, ownership, queues, tokens
from domain.jobs import Job
from domain.principal import Principal
from models import Assignment, Customer, Event, Handover, Priority, Strategy, Task, Team
from tests import make

TODAY = datetime.now(UTC).date()
AWAY = {"starts_on": TODAY - timedelta(days=1), "ends_on": TODAY + timedelta(days=1)}


@pytest.fixture
def tend(admin, sue, team, database):
    """Gives out what waits, by a strategy; answers whom each task of these went to, and why."""

    async def tend(strategy, keys):
        await queues.update(team, {"strategy": strategy}, by=sue)
        await database.execute("update teams set due_at = now() where due_at is not null")
        await queues.tend(team, by=Principal.system(admin.workspace_id))
        rows = {
            row.task_id: row for row in await Assignment.filter(how=Handover.AUTOMATIC).prefetch_related("receiver")
        }
        return [(rows[key].receiver.name, rows[key].reason) if key in rows else None for key in keys]

    return tend


async def some(by, team, count, **content):
    return [await make.task(by, team_id=team, **content) for _ in range(count)]


async def test_members_get_tasks_by_turns_and_their_lead_gets_none(ada, team, tend):
    keys = await some(ada, team, 3)
    adas, bobs = [(f"{name} Rep", f"It was the turn of {name} Rep.") for name in ("Ada", "Bob")]
    assert await tend(Strategy.ROUND_ROBIN, keys) == [adas, bobs, adas]
    keys = await some(ada, team, 1)
    assert await tend(Strategy.ROUND_ROBIN, keys) == [bobs]
    row = await Assignment.get(task_id=keys[0])
    assert (row.sender_id, row.actor_id, row.how) == (None, None, Handover.AUTOMATIC)
    event = await Event.get(subject_id=keys[0], verb="assigned")
    assert (event.actor_id, event.reason) == (None, row.reason)


async def test_tasks_go_to_whoever_carries_least_the_most_urgent_first(admin, ada, bob, team, tend):
    await capacity.weigh("DEMO", 3, by=admin)
    await make.task(ada, assignee_id=ada.id)
    later, first = [
        await make.task(ada, team_id=team, type="DEMO", priority=each) for each in (Priority.LOW, Priority.URGENT)
    ]
    told = await tend(Strategy.LEAST_LOADED, [first, later])
    assert told == [
        ("Bob Rep", "Bob Rep carried least, 0, of the 2 who had room."),
        ("Ada Rep", "Ada Rep carried least, 1, of the 2 who had room."),
    ]


async def test_who_is_full_is_passed_over_and_where_all_are_the_task_waits(ada, bob, sue, team, tend):
    for person, most in ((ada, 1), (bob, 2)):
        await capacity.workload_update(person.id, {"capacity": most}, by=sue)
    keys = await some(ada, team, 4)
    told = await tend(Strategy.ROUND_ROBIN, keys)
    assert [each and each[0] for each in told] == ["Ada Rep", "Bob Rep", "Bob Rep", None]
    assert (await make.stored(keys[3])).assignee_id is None


@pytest.mark.parametrize("strategy", [Strategy.ROUND_ROBIN, Strategy.LEAST_LOADED])
async def test_for_who_is_away_the_substitute_stands_in_if_there_is_one(strategy, admin, ada, bob, sue, team, tend):
    cyd = await make.person(admin, name="Cyd Out")
    await absences.create(**AWAY, substitute_id=cyd.id, by=ada)
    await absences.create(**AWAY, by=bob)
    (told,) = await tend(strategy, await some(ada, team, 1))
    why = {
        Strategy.ROUND_ROBIN: f"It was the turn of Ada Rep, who is away until {AWAY['ends_on']}; Cyd Out stands in.",
        Strategy.LEAST_LOADED: "Cyd Out carried least, 0, of the 1 who had room.",
    }
    assert told == ("Cyd Out", why[strategy])


async def test_the_customers_own_rep_gets_what_is_about_them(admin, ada, bob, team, tend):
    kelvin = await make.customer(admin, name="Kelvin", sales_rep_id=bob.id)
    place = await make.location(admin, kelvin)
    customers, places, nobodys = [(await some(ada, team, 1))[0] for _ in range(3)]
    await links.link(customers, Customer, kelvin.id, by=ada)
    await links.link(places, type(place), place.id, by=ada)
    told = ("Bob Rep", "Bob Rep looks after Kelvin.")
    assert await tend(Strategy.CUSTOMER_DEFAULT_REP, [customers, places, nobodys]) == [told, told, None]


async def test_nobody_gets_back_at_once_what_they_gave_back(ada, bob, team, tend):
    (key,) = await some(ada, team, 1)
    await ownership.claim(key, by=ada)
    await ownership.unclaim(key, reason="ill", by=ada)
    (told,) = await tend(Strategy.ROUND_ROBIN, [key])
    assert told[0] == "Bob Rep"


async def test_a_new_task_wakes_its_queue_only_where_tasks_are_given_out(ada, sue, team, tend, sent):
    await some(ada, team, 1)
    assert sent() == []
    await tend(Strategy.ROUND_ROBIN, [])
    before = len(sent())
    assert (await Team.get(id=team)).due_at > datetime.now(UTC)
    await make.task(ada, team_id=team, assignee_id=ada.id)
    assert len(sent()) == before
    await some(ada, team, 1)
    assert sent()[before:] == [(Job.TEND_QUEUES, ())]
    assert (await Team.get(id=team)).due_at <= datetime.now(UTC)


async def test_claims_while_tasks_are_given_out_leave_one_holder_each_and_nobody_over_capacity(
    admin, ada, bob, sue, team, database
):
    for person in (ada, bob):
        await capacity.workload_update(person.id, {"capacity": 4}, by=sue)
    ada, bob = [await tokens.of_user(each.id) for each in (ada, bob)]
    keys = await some(ada, team, 10)
    await queues.update(team, {"strategy": Strategy.LEAST_LOADED}, by=sue)
    system = Principal.system(admin.workspace_id)
    claims = [ownership.claim(key, by=by) for key, by in zip(keys, (ada, bob) * 5, strict=True)]
    done = asyncio.gather(*(queues.tend(team, by=system) for _ in range(3)), *claims, return_exceptions=True)
    refusals = {each.code for each in await asyncio.wait_for(done, 20) if each}
    assert refusals <= {"OVER_CAPACITY", "ALREADY_CLAIMED"}
    assert await Assignment.all().count() == await Task.filter(assignee_id__isnull=False).count() == 8
    assert await Task.filter(assignee_id=ada.id).count() == 4
