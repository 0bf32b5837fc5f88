"""When people are away."""

import asyncio
from datetime import date

from domain import absences
from models import Absence, User
from tests import make

FIRST, LAST = date(2026, 12, 21), date(2026, 12, 31)
DAYS = {"starts_on": FIRST, "ends_on": LAST}


async def test_a_person_is_away_for_some_days_and_somebody_stands_in(ada, bob):
    key = await absences.create(**DAYS, substitute_id=bob.id, by=ada)
    row = await Absence.get(id=key)
    assert (row.user_id, row.substitute_id, row.starts_on, row.ends_on) == (ada.id, bob.id, FIRST, LAST)
    told = {"starts_on": "2026-12-21", "ends_on": "2026-12-31", "substitute_id": str(bob.id)}
    assert (await make.history(ada.id))[-1] == ("absence_added", {"absence": [None, told]})


async def test_who_is_above_plans_for_others_and_nobody_else_does(admin, ada, bob, sue, refused):
    await absences.create(user_id=ada.id, **DAYS, by=sue)
    await absences.create(user_id=bob.id, **DAYS, by=admin)
    async with refused("FORBIDDEN") as caught:
        await absences.create(user_id=sue.id, **DAYS, by=ada)
    assert caught.value.path == ("userId",)
    key = (await Absence.get(user_id=bob.id)).id
    for verb in (absences.delete(key, by=ada), absences.update(key, {"ends_on": FIRST}, by=ada)):
        async with refused("FORBIDDEN"):
            await verb


async def test_days_that_run_backwards_or_are_taken_are_refused(ada, refused):
    await absences.create(**DAYS, by=ada)
    async with refused("INVALID_INPUT") as caught:
        await absences.create(starts_on=LAST, ends_on=FIRST, by=ada)
    assert caught.value.path == ("endsOn",)
    async with refused("ABSENCE_OVERLAPS") as caught:
        await absences.create(starts_on=LAST, ends_on=date(2027, 1, 5), by=ada)
    assert caught.value.facts == {"name": "Ada Rep", "start": FIRST, "end": LAST}


async def test_of_two_absences_on_the_same_days_planned_at_once_one_is_taken(ada):
    both = [absences.create(**DAYS, by=ada) for _ in range(2)]
    (lost,) = [each.code for each in await asyncio.gather(*both, return_exceptions=True) if isinstance(each, Exception)]
    assert lost == "ABSENCE_OVERLAPS"
    assert await Absence.all().count() == 1


async def test_a_substitute_works_here_and_is_somebody_else(ada, bob, other, database, refused):
    await database.execute("update users set active = false where id = $1", bob.id)
    for whom, code in ((ada, "INVALID_INPUT"), (bob, "INVALID_INPUT"), (other, "NOT_FOUND")):
        async with refused(code) as caught:
            await absences.create(**DAYS, substitute_id=whom.id, by=ada)
        assert caught.value.path == ("substituteId",)


async def test_an_absence_is_changed_and_removed_and_the_log_tells(ada, bob):
    key = await absences.create(**DAYS, by=ada)
    await absences.update(key, {"ends_on": date(2027, 1, 3), "substitute_id": bob.id}, by=ada, version=1)
    row = await Absence.get(id=key)
    assert (row.ends_on, row.substitute_id, row.version) == (date(2027, 1, 3), bob.id, 2)
    await absences.update(key, {"substitute_id": None}, by=ada)
    await absences.delete(key, by=ada, version=3)
    assert await Absence.all().count() == 0
    verbs = [verb for verb, _ in await make.history(ada.id)]
    assert verbs == ["created", "absence_added", "absence_changed", "absence_changed", "absence_removed"]
    assert (await User.get(id=ada.id)).version == 1
