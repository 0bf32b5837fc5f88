"""Changing series: all, from one occurrence on, or one; leaving out, pausing, ending and deleting."""

from datetime import UTC, datetime, time, timedelta

import pytest

from domain import expansion, occurrences, ownership, recurrence, series_edits, series_life, series_rules, tasks, tokens
from domain.errors import DomainError
from domain.once import Once
from domain.principal import Principal
from domain.series_edits import SeriesScope
from domain.series_rules import SeriesAction
from models import ChecklistItem, Reminder, Series, SeriesKind, Task, Visit
from tests import make

TODAY = datetime.now(UTC).date()
NEVER = "2099-01-01T09:00:00"


def start(days, hour=9):
    return f"{TODAY + timedelta(days=days)}T{hour:02}:00:00"


async def expand(key):
    await expansion.expand([key], by=Principal.system((await Series.get(id=key)).workspace_id))


async def daily(by, **values):
    """A series of five days from tomorrow on, whose occurrences are there."""
    wanted = {"title": "Call", "rule": "FREQ=DAILY;COUNT=5", "start": start(1), "time_zone": "UTC"} | values
    key = await recurrence.create(**wanted, by=by)
    await expand(key)
    return key


async def names(key):
    return [task.occurrence for task in await Task.filter(series_id=key).order_by("occurrence")]


async def titles(key):
    return [task.title for task in await Task.filter(series_id=key).order_by("occurrence")]


async def listed(key, by):
    midnight = datetime.combine(TODAY, time(), UTC)
    return await occurrences.listed(key, midnight, midnight + timedelta(days=30), by=by)


async def test_all_that_nobody_touched_is_made_anew_and_the_rest_stays(ada):
    key = await daily(ada, checklist=[{"text": "Pack", "required": False}])
    second, third = await Task.filter(occurrence__in=[start(2), start(3)]).order_by("occurrence")
    await tasks.update(second.id, {"title": "Changed"}, by=ada)
    await ownership.claim(third.id, by=ada)
    assert await series_edits.update(key, {"title": "Visit", "checklist": []}, by=ada) == key
    await expand(key)
    assert await titles(key) == ["Visit", "Changed", "Call", "Visit", "Visit"]
    assert await names(key) == [start(day) for day in range(1, 6)]
    assert await ChecklistItem.all().count() == 2
    await expand(key)
    assert len(await names(key)) == 5


async def test_a_series_moved_to_another_hour_has_each_day_once(ada):
    key = await daily(ada)
    kept = await Task.get(occurrence=start(2))
    await ownership.claim(kept.id, by=ada)
    await series_edits.update(key, {"start": start(1, 14)}, by=ada)
    await expand(key)
    assert await names(key) == [start(day, 14) for day in range(1, 6)]
    assert (await Task.get(id=kept.id)).scheduled_at.hour == 9


@pytest.mark.parametrize("wanted", [{}, {"scope": SeriesScope.THIS_AND_FOLLOWING, "occurrence": start(2)}])
async def test_what_is_skipped_or_taken_stays_so_at_another_hour(wanted, ada):
    key = await daily(ada, rdates=[start(1, 17)])
    await series_edits.skip(key, start(4), by=ada)
    await ownership.claim((await Task.get(occurrence=start(3))).id, by=ada)
    first = start(2 if wanted else 1, 14)
    key = await series_edits.update(key, {"start": first}, **wanted, by=ada)
    await expand(key)
    left = [start(day, 14) for day in range(2 if wanted else 1, 6) if day != 4]
    assert await names(key) == sorted([*left, *([] if wanted else [start(1, 17)])])
    assert [each.original for each in await listed(key, ada) if not each.skipped] == await names(key)
    assert (await Task.get(occurrence=start(3, 14))).scheduled_at.hour == 9


async def test_another_rule_has_its_own_days_and_keeps_what_was_taken(ada):
    key = await daily(ada)
    await ownership.claim((await Task.get(occurrence=start(2))).id, by=ada)
    await series_edits.update(key, {"rule": "FREQ=DAILY;INTERVAL=2;COUNT=3"}, by=ada)
    await expand(key)
    assert await names(key) == [start(1), start(2), start(3), start(5)]


async def test_from_an_occurrence_on_a_series_goes_its_own_way(ada):
    key = await daily(ada)
    await ownership.claim((await Task.get(occurrence=start(4))).id, by=ada)
    following = await series_edits.update(
        key, {"title": "Visit"}, scope=SeriesScope.THIS_AND_FOLLOWING, occurrence=start(3), by=ada
    )
    for each in (key, following):
        await expand(each)
    assert (await names(key), await titles(key)) == ([start(1), start(2)], ["Call"] * 2)
    assert (await names(following), await titles(following)) == (
        [start(3), start(4), start(5)],
        ["Visit", "Call", "Visit"],
    )
    first, second = await Series.get(id=key), await Series.get(id=following)
    assert (first.before_occurrence, second.from_occurrence, second.predecessor_id) == (start(3), start(3), key)


@pytest.mark.parametrize(
    ("patch", "days"),
    [
        ({"start": start(3, 14)}, [3, 4, 5]),
        ({"start": start(4, 14)}, [4, 5, 6]),
        ({"start": start(3, 14), "rule": "FREQ=DAILY;COUNT=4"}, [3, 4, 5, 6]),
        ({"rule": "FREQ=DAILY;COUNT=4"}, [3, 4, 5, 6]),
    ],
)
async def test_a_split_at_another_time_goes_on_counting_unless_another_rule_is_said(patch, days, ada):
    key = await daily(ada)
    following = await series_edits.update(key, patch, scope=SeriesScope.THIS_AND_FOLLOWING, occurrence=start(3), by=ada)
    for each in (key, following):
        await expand(each)
    assert await names(key) == [start(1), start(2)]
    assert await names(following) == [start(day, 14 if "start" in patch else 9) for day in days]
    if "rule" not in patch:
        again = {"scope": SeriesScope.THIS_AND_FOLLOWING, "occurrence": (await names(following))[1], "by": ada}
        last = await series_edits.update(following, {"start": start(30)}, **again)
        await expand(last)
        assert await names(last) == [start(30), start(31)]


async def test_what_is_added_after_all_that_is_counted_begins_no_series(ada, refused):
    key = await daily(ada, rdates=[start(9)])
    async with refused("INVALID_INPUT"):
        await series_edits.update(
            key, {"start": start(9, 14)}, scope=SeriesScope.THIS_AND_FOLLOWING, occurrence=start(9), by=ada
        )


async def test_a_repeated_split_splits_once(ada):
    key = await daily(ada)
    wanted = {"scope": SeriesScope.THIS_AND_FOLLOWING, "occurrence": start(3), "by": ada}
    first, second = [
        await series_edits.update(key, {"title": "Visit"}, **wanted, once=Once("key", "same")) for _ in range(2)
    ]
    assert first == second
    assert await Series.all().count() == 2


async def test_one_occurrence_is_changed_alone_and_made_when_it_is_not_there(ada):
    key = await recurrence.create(
        title="Call", rule="FREQ=DAILY;COUNT=5", start=start(1), time_zone="UTC", by=ada, checklist=None
    )
    patch = {"title": "Later", "start": start(2, 16)}
    await series_edits.update(key, patch, scope=SeriesScope.THIS, occurrence=start(2), by=ada)
    await expand(key)
    assert await titles(key) == ["Call", "Later", "Call", "Call", "Call"]
    moved = await Task.get(title="Later")
    assert (moved.occurrence, moved.scheduled_at.hour) == (start(2), 16)
    (one,) = [each for each in await listed(key, ada) if each.moved]
    assert (one.original, one.task_id, one.local.hour) == (start(2), moved.id, 16)


@pytest.mark.parametrize(
    ("patch", "wanted", "code", "path"),
    [
        ({"title": "x"}, {"scope": SeriesScope.THIS}, "INVALID_INPUT", "occurrence"),
        ({"title": "x"}, {"occurrence": start(1)}, "INVALID_INPUT", "occurrence"),
        ({"title": "x"}, {"scope": SeriesScope.THIS, "occurrence": NEVER}, "NO_OCCURRENCE", "occurrence"),
        ({"title": "x"}, {"scope": SeriesScope.THIS, "occurrence": "soon"}, "NO_OCCURRENCE", "occurrence"),
        ({"rule": "FREQ=DAILY"}, {"scope": SeriesScope.THIS, "occurrence": start(1)}, "INVALID_INPUT", "rule"),
        ({"rule": "FREQ=SECONDLY"}, {}, "INVALID_RECURRENCE", "rule"),
        ({"title": ""}, {}, "REQUIRED", "title"),
        ({"kind": SeriesKind.VISIT}, {}, "INVALID_INPUT", "kind"),
        ({"title": "x"}, {"version": 7}, "VERSION_CONFLICT", None),
    ],
)
async def test_what_cannot_be_changed_is_refused_where_it_is(patch, wanted, code, path, ada, refused):
    key = await daily(ada)
    async with refused(code) as caught:
        await series_edits.update(key, patch, **wanted, by=ada)
    assert caught.value.path == ((path,) if path else ())


async def test_what_is_skipped_goes_and_comes_back(ada):
    key = await daily(ada)
    await series_edits.skip(key, start(2), by=ada)
    await series_edits.skip(key, start(2), by=ada)
    await expand(key)
    assert start(2) not in await names(key)
    assert [(each.original, each.skipped) for each in await listed(key, ada)][1] == (start(2), True)
    await series_edits.unskip(key, start(2), by=ada)
    await expand(key)
    assert await names(key) == [start(day) for day in range(1, 6)]
    assert [verb for verb, _ in await make.history(key)] == ["created", "skipped", "unskipped"]


async def test_what_is_taken_is_not_skipped(ada, refused):
    key = await daily(ada)
    await ownership.claim((await Task.get(occurrence=start(2))).id, by=ada)
    async with refused("OCCURRENCE_KEPT"):
        await series_edits.skip(key, start(2), by=ada)


@pytest.mark.parametrize("catch_up", [True, False])
async def test_a_paused_series_rests_and_goes_on(catch_up, ada):
    key = await daily(ada, rule="FREQ=DAILY", start=start(-10))
    await Task.filter(series_id=key).delete()
    await series_life.pause(key, by=ada)
    await series_life.pause(key, by=ada)
    await expand(key)
    assert await names(key) == []
    week_ago = datetime.now(UTC) - timedelta(days=7)
    await Series.filter(id=key).update(paused_at=week_ago)
    await series_life.resume(key, catch_up=catch_up, by=ada)
    await expand(key)
    past = [name for name in await names(key) if name < start(0)]
    assert len(past) in ({6, 7} if catch_up else {0})


async def test_an_ended_series_keeps_what_was_touched_and_ends_for_ever(ada, refused):
    key = await daily(ada)
    await ownership.claim((await Task.get(occurrence=start(2))).id, by=ada)
    await series_life.end(key, by=ada)
    await series_life.end(key, by=ada)
    assert await names(key) == [start(2)]
    async with refused("SERIES_ENDED"):
        await series_life.resume(key, by=ada)


async def test_of_a_deleted_series_what_was_touched_stays(ada):
    key = await daily(ada, reminders=[{"anchor": "SCHEDULED", "offset_minutes": 5}])
    kept = await Task.get(occurrence=start(2))
    await ownership.claim(kept.id, by=ada)
    await series_life.delete(key, by=ada)
    assert await Series.all().count() == 0
    assert [(task.id, task.series_id) for task in await Task.all()] == [(kept.id, None)]
    assert await Reminder.all().count() == 1


async def test_visits_are_made_anew_and_one_is_moved_alone(ada):
    place = await make.location(ada, await make.customer(ada))
    key = await daily(ada, kind=SeriesKind.VISIT, location_id=place.id, expected_minutes=60)
    patch = {"start": start(2, 15), "expected_minutes": 30}
    await series_edits.update(key, patch, scope=SeriesScope.THIS, occurrence=start(2), by=ada)
    await series_edits.update(key, {"purpose": "Tea"}, by=ada)
    await expand(key)
    visits = await Visit.filter(series_id=key).order_by("occurrence")
    assert [visit.purpose for visit in visits] == ["Tea", None, "Tea", "Tea", "Tea"]
    assert (visits[1].planned_start.hour, visits[1].planned_end - visits[1].planned_start) == (
        15,
        timedelta(minutes=30),
    )


async def test_what_is_not_made_yet_is_listed_too(ada):
    key = await recurrence.create(title="Call", rule="FREQ=DAILY", start=start(1), time_zone="UTC", by=ada)
    assert [each.task_id for each in await listed(key, ada)] == [None] * 29
    await expand(key)
    assert None not in {each.task_id for each in await listed(key, ada)}
    now = datetime.now(UTC)
    far = await occurrences.listed(key, now + timedelta(days=100), now + timedelta(days=110), by=ada)
    assert [each.task_id for each in far] == [None] * 10


async def test_who_neither_made_nor_leads_changes_nothing(ada, bob, sue, refused):
    key = await daily(ada)
    async with refused("FORBIDDEN"):
        await series_life.pause(key, by=bob)
    await series_life.pause(key, by=sue)


@pytest.mark.parametrize("action", SeriesAction)
@pytest.mark.parametrize("ended", [True, False])
@pytest.mark.parametrize("who", ["ada", "bob", "sue", "admin"])
async def test_the_buttons_say_what_the_mutations_then_do(action, ended, who, workspace, ada):
    key = await daily(ada)
    by = await tokens.of_user(getattr(workspace, who))
    if ended:
        await series_life.end(key, by=ada)
    facts = series_rules.facts(await Series.get(id=key), by)
    (button,) = [each for each in series_rules.actions(facts, by) if each.action == action]
    verbs = {
        SeriesAction.UPDATE: lambda: series_edits.update(key, {"title": "Visit"}, by=by),
        SeriesAction.SKIP: lambda: series_edits.skip(key, start(2), by=by),
        SeriesAction.UNSKIP: lambda: series_edits.unskip(key, start(2), by=by),
        SeriesAction.PAUSE: lambda: series_life.pause(key, by=by),
        SeriesAction.RESUME: lambda: series_life.resume(key, by=by),
        SeriesAction.END: lambda: series_life.end(key, by=by),
        SeriesAction.DELETE: lambda: series_life.delete(key, by=by),
    }
    if button.allowed:
        await verbs[action]()
        return
    with pytest.raises(DomainError) as caught:
        await verbs[action]()
    assert caught.value.message == button.reason
