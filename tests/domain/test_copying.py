"""Copying tasks with what they consist of."""

import asyncio
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest

from domain import accounts, checklists, copying, dependencies, lifecycle, reminders, task_rules, tasks
from domain.copying import Part
from domain.once import Once
from domain.zones import later
from models import Anchor, ChecklistItem, Dependency, Event, Reminder, Task, TaskLink, TaskStatus, Workspace
from tests import make

SOON = datetime.now(UTC).replace(microsecond=0) + timedelta(days=30)
BERLIN = ZoneInfo("Europe/Berlin")


async def tree(by, **content):
    """A task with the subtasks b and a, in this order, and c below a."""
    key = await make.task(by, title="Top", **content)
    a = await make.task(by, title="a", parent_id=key)
    b = await make.task(by, title="b", parent_id=key)
    await Task.filter(id=b).update(position=0)
    return {"top": key, "a": a, "b": b, "c": await make.task(by, title="c", parent_id=a)}


async def shape(key):
    """A task's title, and those below it in their order."""
    below = await Task.filter(parent_id=key)
    ordered = sorted(below, key=lambda task: task.number if task.position is None else task.position)
    return (await make.stored(key)).title, [await shape(task.id) for task in ordered]


async def test_a_copy_is_like_its_original_and_begins_afresh(ada, sue, team):
    content = {
        "description": "x",
        "purpose": "y",
        "place": "z",
        "expected_minutes": 5,
        "billable": False,
        "priority": 4,
    }
    day = date(2027, 1, 5)
    old = await make.task(ada, assignee_id=ada.id, flow="STANDARD", team_id=team, due_on=day, **content)
    await tasks.update(old, {"outcome": "Done"}, by=ada)
    await lifecycle.complete(old, by=ada)
    key = await copying.copy(old, by=sue)
    found, original = await make.stored(key), await make.stored(old)
    for name in (*copying._SAME, "due_on"):
        assert getattr(found, name) == getattr(original, name), name
    assert (found.status, found.workflow, found.assignee_id, found.creator_id) == ("PENDING", "REVIEWED", None, sue.id)
    assert (found.outcome, found.finished_at, found.started_at, found.position) == (None, None, None, None)
    created, copied = await make.history(key)
    assert (created[0], copied) == ("created", ("copied", {"copied_from": [None, str(old)]}))
    assert (await Event.filter(subject_id=old, verb="copied").count()) == 0


def test_all_content_of_a_task_is_copied_but_what_came_of_it_and_where_it_was():
    apart = {*task_rules._APART, "due_on", "scheduled_at", "outcome", "parent_id", "visit_id", "custom_type_id"}
    assert set(copying._SAME) == task_rules.CONTENT - apart


async def test_subtasks_are_copied_in_their_order_when_wanted(ada):
    found = await tree(ada)
    assert await shape(found["top"]) == ("Top", [("b", []), ("a", [("c", [])])])
    assert await shape(await copying.copy(found["top"], by=ada)) == ("Top", [])
    key = await copying.copy(found["top"], parts=[Part.SUBTASKS], title="New", by=ada)
    assert await shape(key) == ("New", [("b", []), ("a", [("c", [])])])
    assert await Event.filter(verb="copied").count() == 2


async def test_chosen_subtasks_move_up_to_the_nearest_that_is_copied(ada):
    found = await tree(ada)
    key = await copying.copy(found["top"], parts=[Part.SUBTASKS], subtask_ids=[found["c"], found["b"]], by=ada)
    assert await shape(key) == ("Top", [("b", []), ("c", [])])


async def test_copies_wait_for_each_other_as_their_originals_do(ada):
    found, outside = await tree(ada), await make.task(ada)
    for blocker in (found["b"], outside):
        await dependencies.add(found["c"], blocker, by=ada)
    key = await copying.copy(found["top"], parts=[Part.SUBTASKS, Part.BLOCKERS], by=ada)
    waits = {row.successor_id: row.predecessor_id for row in await Dependency.exclude(successor_id=found["c"])}
    titles = [((await make.stored(one)).title, (await make.stored(other)).title) for one, other in waits.items()]
    assert titles == [("c", "b")]
    assert (await Task.get(id__in=[*waits.values()])).parent_id == key


async def test_subtasks_that_are_not_seen_are_not_copied(ada, bob, admin):
    found = await tree(ada)
    south = await accounts.team_create(name="South", by=admin)
    await Task.filter(id=found["a"]).update(team_id=south)
    assert await shape(await copying.copy(found["top"], parts=[Part.SUBTASKS], by=bob)) == (
        "Top",
        [("b", []), ("c", [])],
    )


async def test_a_copy_can_be_a_part_of_another_task(ada, refused):
    found = await tree(ada)
    key = await copying.copy(found["top"], parts=[Part.SUBTASKS], parent_id=found["b"], by=ada)
    assert (await make.stored(key)).parent_id == found["b"]
    deep = found["top"]
    for _ in range(5):
        deep = await make.task(ada, parent_id=deep)
    async with refused("TOO_DEEP") as caught:
        await copying.copy(found["top"], parts=[Part.SUBTASKS], parent_id=deep, by=ada)
    assert caught.value.path == ("parentId",)


async def test_checklists_and_links_come_along(ada):
    old = await make.task(ada)
    line = await checklists.create(old, text="Pack", required=True, by=ada)
    await checklists.create(old, text="Drive", by=ada)
    await checklists.tick(line, done=True, by=ada)
    customer = await make.customer(ada)
    await make.row(TaskLink, ada, task_id=old, kind="ORGANIZATION", customer_id=customer.id, is_primary=True)
    key = await copying.copy(old, parts=[Part.CHECKLIST, Part.LINKS], by=ada)
    lines = await ChecklistItem.filter(task_id=key).order_by("position").values_list("text", "required", "ticked_at")
    assert lines == [("Pack", True, None), ("Drive", False, None)]
    link = await TaskLink.get(task_id=key)
    assert (link.customer_id, link.is_primary) == (customer.id, True)
    bare = await copying.copy(old, by=ada)
    assert not await TaskLink.filter(task_id=bare) + await ChecklistItem.filter(task_id=bare)


async def test_reminders_fit_the_new_dates_and_are_for_those_in_reach(ada, sue):
    old = await make.task(ada, scheduled_at=SOON)
    for person, offset in ((ada, 60), (sue, 30)):
        await reminders.create(old, user_id=person.id, anchor=Anchor.SCHEDULED, offset_minutes=offset, by=person)
    await reminders.create(old, anchor=Anchor.INSTANT, remind_at=SOON, by=ada)
    key = await copying.copy(old, parts=[Part.REMINDERS], shift_days=7, by=ada)
    found = await Reminder.filter(task_id=key).order_by("due_at")
    moments = [(each.user_id, each.creator_id, each.due_at) for each in found]
    week = timedelta(days=7)
    assert moments == [(ada.id, ada.id, SOON + week - timedelta(hours=1)), (ada.id, ada.id, SOON + week)]
    key = await copying.copy(old, parts=[Part.REMINDERS], by=sue)
    assert await Reminder.filter(task_id=key).count() == 3


async def test_nothing_is_sent_about_a_moment_that_is_past(ada):
    past = datetime(2020, 1, 1, 9, tzinfo=UTC)
    old = await make.task(ada, scheduled_at=past)
    await reminders.create(old, anchor=Anchor.SCHEDULED, by=ada)
    await reminders.create(old, anchor=Anchor.INSTANT, remind_at=past, by=ada)
    key = await copying.copy(old, parts=[Part.REMINDERS], by=ada)
    found = await Reminder.get(task_id=key)
    assert (found.anchor, found.status, found.due_at) == ("SCHEDULED", "PENDING", None)
    await tasks.update(key, {"scheduled_at": SOON}, by=ada)
    assert (await Reminder.get(task_id=key)).due_at == SOON


@pytest.mark.parametrize(
    ("at", "days", "moved"),
    [
        ("2026-03-28T08:00Z", 1, "2026-03-29T07:00Z"),
        ("2026-10-24T07:00Z", 1, "2026-10-25T08:00Z"),
        ("2026-03-28T01:30Z", 1, "2026-03-29T01:30Z"),
        ("2026-10-24T00:30Z", 1, "2026-10-25T00:30Z"),
        ("2026-10-25T01:30Z", 0, "2026-10-25T01:30Z"),
        ("2026-03-30T07:00Z", -3, "2026-03-27T08:00Z"),
    ],
)
def test_the_clock_says_the_same_on_another_day(at, days, moved):
    assert later(datetime.fromisoformat(at), days, BERLIN) == datetime.fromisoformat(moved)


@pytest.mark.parametrize("move", [{"start_on": date(2026, 10, 26)}, {"shift_days": 2}])
async def test_all_dates_move_by_the_same_number_of_days(move, ada):
    await Workspace.filter(id=ada.workspace_id).update(time_zone="Europe/Berlin")
    top = await make.task(ada, due_on=date(2026, 10, 28))
    await make.task(ada, parent_id=top, scheduled_at=datetime(2026, 10, 23, 22, 30, tzinfo=UTC))  # there it is the 24th
    await make.task(ada, parent_id=top)
    key = await copying.copy(top, parts=[Part.SUBTASKS], by=ada, **move)
    assert (await make.stored(key)).due_on == date(2026, 10, 30)
    dates = await Task.filter(parent_id=key).order_by("number").values_list("due_on", "scheduled_at")
    assert dates == [(None, datetime(2026, 10, 25, 23, 30, tzinfo=UTC)), (None, None)]


@pytest.mark.parametrize(
    ("wanted", "path"),
    [
        ({"start_on": date(2027, 1, 1), "shift_days": 1}, ("shiftDays",)),
        ({"shift_days": 3651}, ("shiftDays",)),
        ({"shift_days": -3651}, ("shiftDays",)),
        ({"subtask_ids": []}, ("subtaskIds",)),
        ({"start_on": date(9999, 12, 30)}, ()),
    ],
)
async def test_a_copy_that_makes_no_sense_is_refused(wanted, path, ada, refused):
    key = await make.task(ada, due_on=date(2027, 1, 5), scheduled_at=datetime(2027, 1, 9, tzinfo=UTC))
    async with refused("INVALID_INPUT") as caught:
        await copying.copy(key, by=ada, **wanted)
    assert caught.value.path == path


async def test_only_what_is_seen_is_copied(ada, admin, other, refused):
    south = await accounts.team_create(name="South", by=admin)
    hidden, own = await make.task(admin, team_id=south), await make.task(ada)
    for key, by in ((hidden, ada), (own, other), (uuid4(), ada)):
        async with refused("NOT_FOUND") as caught:
            await copying.copy(key, by=by)
        assert caught.value.path == ("taskId",)
    async with refused("NOT_FOUND") as caught:
        await copying.copy(own, parts=[Part.SUBTASKS], subtask_ids=[own], by=ada)
    assert caught.value.path == ("subtaskIds",)


async def test_a_hundred_tasks_are_copied_and_no_more(ada, refused):
    top = await make.task(ada)
    values = {"workspace_id": ada.workspace_id, "creator_id": ada.id, "workflow": "REVIEWED", "parent_id": top}
    await Task.bulk_create([Task(title="x", number=1000 + n, **values) for n in range(100)])
    async with refused("LIMIT_EXCEEDED"):
        await copying.copy(top, parts=[Part.SUBTASKS], by=ada)
    some = await Task.filter(parent_id=top).limit(99).values_list("id", flat=True)
    key = await copying.copy(top, parts=[Part.SUBTASKS], subtask_ids=some, by=ada)
    assert await Task.filter(parent_id=key).count() == 99


async def test_copies_at_once_are_all_whole_and_a_request_that_is_repeated_makes_one(ada):
    found = await tree(ada)
    wanted = {"parts": [Part.SUBTASKS], "by": ada}
    keys = await asyncio.gather(*(copying.copy(found["top"], **wanted) for _ in range(5)))
    assert {str(await shape(key)) for key in keys} == {str(await shape(found["top"]))}
    once = Once("once", "digest")
    again = [await copying.copy(found["top"], once=once, **wanted) for _ in range(2)]
    assert again[0] == again[1] not in keys
    assert await Task.filter(title="Top").count() == 7


async def test_a_copy_waits_in_the_default_workflow_for_whoever_claims_it(ada):
    await Workspace.filter(id=ada.workspace_id).update(workflow="STANDARD")
    key = await copying.copy(await make.task(ada, flow="DIRECT", assignee_id=ada.id), by=ada)
    found = await make.stored(key)
    assert (found.workflow, found.status, found.assignee_id) == ("STANDARD", TaskStatus.PENDING, None)
