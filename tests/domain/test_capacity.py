"""How much people can take on."""

import asyncio

import pytest

from domain import capacity, lifecycle, ownership, tokens
from models import Assignment, Role, Task, TaskType, TaskWeight, User
from tests import make


@pytest.fixture
def limited(sue):
    """Gives a person a capacity, and answers them as they are then."""

    async def limited(person, most):
        await capacity.workload_update(person.id, {"capacity": most}, by=sue)
        return await tokens.of_user(person.id)

    return limited


async def held(person):
    return await Task.filter(assignee_id=person.id).count()


async def test_who_carries_as_much_as_they_can_claims_no_more(ada, team, limited, refused):
    ada = await limited(ada, 2)
    keys = [await make.task(ada, team_id=team) for _ in range(3)]
    for key in keys[:2]:
        await ownership.claim(key, by=ada)
    async with refused("OVER_CAPACITY") as caught:
        await ownership.claim(keys[2], by=ada)
    assert caught.value.facts == {"name": "Ada Rep", "load": 2, "capacity": 2, "weight": 1}
    async with refused("OVER_CAPACITY"):
        await ownership.claim_next(team, by=ada)
    await ownership.claim(keys[0], by=ada)  # which changes nothing
    await lifecycle.release(keys[0], by=ada)
    assert await ownership.claim_next(team, by=ada) == keys[2]


async def test_a_task_counts_by_the_weight_of_its_type(admin, ada, team, limited, refused):
    await capacity.weigh(TaskType.DEMO, 3, by=admin)
    await capacity.weigh(TaskType.EMAIL, 0, by=admin)
    ada = await limited(ada, 4)
    demo, second, call, email = [
        await make.task(ada, team_id=team, type=each)
        for each in (TaskType.DEMO, TaskType.DEMO, TaskType.CALL, TaskType.EMAIL)
    ]
    await ownership.claim(demo, by=ada)
    async with refused("OVER_CAPACITY") as caught:
        await ownership.claim(second, by=ada)
    assert caught.value.facts == {"name": "Ada Rep", "load": 3, "capacity": 4, "weight": 3}
    await ownership.claim(call, by=ada)
    await ownership.claim(email, by=ada)


async def test_one_persons_claims_at_once_do_not_exceed_their_capacity(ada, team, limited):
    ada = await limited(ada, 3)
    keys = [await make.task(ada, team_id=team) for _ in range(10)]
    claims = [ownership.claim(key, by=ada) for key in keys[:5]]
    claims += [ownership.claim_next(team, by=ada) for _ in range(5)]
    found = await asyncio.gather(*claims, return_exceptions=True)
    assert await held(ada) == await Assignment.filter(how="CLAIMED").count() == 3
    refusals = [each.code for each in found if isinstance(each, Exception)]
    assert set(refusals) <= {"OVER_CAPACITY", "ALREADY_CLAIMED"}


async def test_a_full_person_gets_a_task_by_force_only(ada, sue, team, limited, refused):
    await limited(ada, 0)
    key = await make.task(ada, team_id=team)
    async with refused("OVER_CAPACITY") as caught:
        await ownership.assign(key, ada.id, by=sue)
    assert caught.value.path == ("assigneeId",)
    await ownership.assign(key, ada.id, force=True, by=sue)
    await ownership.assign(key, ada.id, by=sue)  # which changes nothing
    assert await held(ada) == 1


async def test_claims_and_assignments_at_once_do_not_exceed_a_capacity(ada, sue, team, limited):
    ada = await limited(ada, 3)
    keys = [await make.task(ada, team_id=team) for _ in range(8)]
    moves = [ownership.claim(key, by=ada) for key in keys[:4]]
    moves += [ownership.assign(key, ada.id, by=sue) for key in keys[4:]]
    await asyncio.gather(*moves, return_exceptions=True)
    assert await held(ada) == 3


async def test_what_a_person_holds_stays_theirs_when_their_capacity_shrinks(ada, team, limited):
    for _ in range(2):
        await make.task(ada, team_id=team, assignee_id=ada.id)
    await limited(ada, 1)
    assert await held(ada) == 2
    await limited(ada, None)
    await ownership.claim(await make.task(ada, team_id=team), by=await tokens.of_user(ada.id))


async def test_only_who_is_above_a_person_says_how_much_they_can_take_on(admin, ada, bob, sue, refused):
    stranger = await make.person(admin, role=Role.SUPERVISOR)
    for by, whom in ((ada, ada), (ada, bob), (stranger, ada), (sue, admin)):
        async with refused("FORBIDDEN"):
            await capacity.workload_update(whom.id, {"capacity": 1}, by=by)
    await capacity.workload_update(ada.id, {"capacity": 1}, by=admin)
    user = await User.get(id=ada.id)
    assert (user.capacity, user.version) == (1, 2)
    assert (await make.history(ada.id))[-1] == ("workload_updated", {"capacity": [None, 1]})


@pytest.mark.parametrize("number", [-1, 10_001])
async def test_a_capacity_out_of_range_is_refused(number, ada, sue, refused):
    async with refused("INVALID_INPUT") as caught:
        await capacity.workload_update(ada.id, {"capacity": number}, by=sue)
    assert caught.value.path == ("capacity",)


async def test_a_weight_is_set_by_admins_and_there_once_per_type(admin, sue, refused):
    for _ in range(2):
        await asyncio.gather(*(capacity.weigh(TaskType.CALL, weight, by=admin) for weight in range(5)))
    key = await capacity.weigh(TaskType.CALL, 7, by=admin)
    row = await TaskWeight.get()
    assert (row.id, row.type, row.weight) == (key, TaskType.CALL, 7)
    assert (await make.history(key))[0][0] == "created"
    assert (await make.history(key))[-1][1]["weight"][1] == 7
    async with refused("FORBIDDEN"):
        await capacity.weigh(TaskType.CALL, 2, by=sue)
    async with refused("INVALID_INPUT"):
        await capacity.weigh(TaskType.CALL, -1, by=admin)
