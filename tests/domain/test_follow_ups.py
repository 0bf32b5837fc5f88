"""What follows by rules: made once, together with what is done."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from uuid_utils.compat import uuid7

from domain import follow_ups, lifecycle, task_types, tasks, visits
from models import (
    ChecklistItem,
    FollowUpHolder,
    FollowUpTrigger,
    Priority,
    RequiredField,
    Task,
    TaskLink,
    TaskStatus,
    TaskType,
    User,
)
from tests import make

THANKS = {"title": "Say thank you", "type": TaskType.EMAIL, "priority": Priority.HIGH, "description": None}
THANKS |= {"after_days": 0, "holder": FollowUpHolder.ASSIGNEE}
CHECK = THANKS | {"title": "Check in", "type": TaskType.CALL, "after_days": 7, "holder": FollowUpHolder.TEAM}


async def rule(by, *items, trigger=FollowUpTrigger.TASK, **about):
    return await follow_ups.rule_create({"name": "After it", "trigger": trigger, **about}, items, by=by)


async def followers():
    found = Task.filter(follow_up_item_id__not_isnull=True)
    return await found.order_by("number")


async def done(by, **content):
    key = await make.task(by, flow="STANDARD", assignee_id=by.id, **content)
    await lifecycle.complete(key, by=by)
    return key


async def test_tasks_follow_a_task_that_is_done(ada, sue, team):
    await rule(sue, THANKS, CHECK)
    key = await done(ada, team_id=team)
    thanks, check = await followers()
    today = datetime.now(UTC).date()
    assert (thanks.title, thanks.type, thanks.priority, thanks.due_on) == (
        "Say thank you",
        "EMAIL",
        Priority.HIGH,
        today,
    )
    assert (thanks.assignee_id, thanks.creator_id, thanks.team_id) == (ada.id, sue.id, team)
    assert (check.assignee_id, check.due_on) == (None, today + timedelta(days=7))
    assert {each.follow_up_of_id for each in (thanks, check)} == {key}
    assert {each.status for each in (thanks, check)} == {TaskStatus.PENDING}
    assert (await make.history(thanks.id))[0][1]["follow_up_of_id"] == [None, str(key)]


async def test_tasks_follow_a_visit_and_are_about_its_customer(ada, sue):
    await rule(sue, THANKS, CHECK, trigger=FollowUpTrigger.VISIT)
    location = await make.location(ada, await make.customer(ada))
    visit = await make.visit(ada, location)
    await visits.check_in(visit.id, by=ada)
    assert await followers() == []
    await visits.check_out(visit.id, by=ada)
    await visits.check_out(visit.id, by=ada)
    found = await followers()
    assert [(each.title, each.follow_up_visit_id) for each in found] == [
        ("Say thank you", visit.id),
        ("Check in", visit.id),
    ]
    assert await TaskLink.filter(customer_id=location.customer_id, is_primary=True).count() == 2


async def test_what_follows_a_task_is_about_the_same_records(ada, sue):
    await rule(sue, THANKS)
    key = await make.task(ada, flow="STANDARD", assignee_id=ada.id)
    customer = await make.customer(ada)
    await make.row(TaskLink, ada, task_id=key, kind="ORGANIZATION", customer_id=customer.id, is_primary=True)
    await lifecycle.complete(key, by=ada)
    (follower,) = await followers()
    link = await TaskLink.get(task_id=follower.id)
    assert (link.customer_id, link.is_primary) == (customer.id, True)


@pytest.mark.parametrize(("type_", "count"), [(TaskType.CALL, 1), (TaskType.DEMO, 0)])
async def test_a_rule_may_be_for_tasks_of_one_type(type_, count, ada, sue):
    await rule(sue, CHECK, task_type=TaskType.CALL)
    await done(ada, type=type_)
    assert len(await followers()) == count


@pytest.fixture
async def tasting(admin):
    about = {"type": TaskType.DEMO, "priority": Priority.URGENT, "expected_minutes": 30, "workflow": "DIRECT"}
    more = {"checklist": [{"text": "Brew", "required": True}], "required_fields": [RequiredField.DUE_ON]}
    return await task_types.create("TASTING", name="Tasting", **about, **more, by=admin)


async def test_what_follows_may_be_of_a_type_of_the_workspace_s_own(ada, sue, admin, tasting):
    plain = {"type": None, "priority": None}
    await rule(sue, THANKS | plain | {"custom_type_id": tasting}, CHECK | {"custom_type_id": tasting}, THANKS | plain)
    await done(ada)
    tried, called, usual = await followers()
    assert {(each.custom_type_id, each.expected_minutes, each.workflow) for each in (tried, called)} == {
        (tasting, 30, "DIRECT")
    }
    assert [(each.type, each.priority) for each in (tried, called, usual)] == [
        (TaskType.DEMO, Priority.URGENT),
        (TaskType.CALL, Priority.HIGH),
        (TaskType.FOLLOW_UP, Priority.MEDIUM),
    ]
    lines = await ChecklistItem.all().values_list("task_id", "text")
    assert sorted(lines) == sorted([(tried.id, "Brew"), (called.id, "Brew")])
    await task_types.archive(tasting, by=admin)
    await done(ada)
    *_, tried, called, usual = await followers()
    assert {(each.custom_type_id, each.workflow) for each in (tried, called, usual)} == {(None, "REVIEWED")}


async def test_a_rule_may_be_for_tasks_of_a_type_of_the_workspace_s_own(ada, sue, tasting):
    await rule(sue, THANKS, custom_type_id=tasting)
    await done(ada)
    assert await followers() == []
    key = await make.task(ada, custom_type_id=tasting, due_on="2026-12-01", assignee_id=ada.id)
    await lifecycle.cancel(key, by=ada)
    assert await followers() == []
    key = await make.task(ada, custom_type_id=tasting, flow="STANDARD", due_on="2026-12-01", assignee_id=ada.id)
    await ChecklistItem.filter(task_id=key).delete()
    await lifecycle.complete(key, by=ada)
    assert [each.title for each in await followers()] == ["Say thank you"]


async def test_a_rule_names_no_type_that_is_archived_or_asks_for_what_a_rule_does_not_say(admin, sue, tasting, refused):
    asks = await task_types.create("ASKS", name="Asks", required_fields=[RequiredField.PLACE], by=admin)
    async with refused("REQUIRED") as caught:
        await rule(sue, THANKS, CHECK | {"custom_type_id": asks})
    assert caught.value.path == ("items", "1", "place")
    await task_types.archive(tasting, by=admin)
    for item, about, path in (
        (THANKS | {"custom_type_id": tasting}, {}, ("items", "0", "customTypeId")),
        (THANKS, {"custom_type_id": tasting}, ("customTypeId",)),
    ):
        async with refused("INVALID_INPUT") as caught:
            await rule(sue, item, **about)
        assert caught.value.path == path


async def test_nothing_follows_what_is_given_up_nor_an_ended_rule(ada, sue):
    key = await rule(sue, THANKS)
    await lifecycle.cancel(await make.task(ada), by=ada)
    await follow_ups.rule_end(key, by=sue)
    await follow_ups.rule_end(key, by=sue)
    await done(ada)
    assert await followers() == []


async def test_what_is_done_twice_at_once_is_followed_once(ada, sue):
    await rule(sue, THANKS, CHECK)
    key = await make.task(ada, flow="STANDARD", assignee_id=ada.id)
    await asyncio.gather(*(lifecycle.complete(key, by=ada) for _ in range(6)))
    assert [each.title for each in await followers()] == ["Say thank you", "Check in"]


async def test_the_database_keeps_what_follows_from_coming_twice(ada, sue):
    await rule(sue, THANKS)
    await done(ada)
    (follower,) = await followers()
    copy = {name: getattr(follower, name) for name in ("title", "creator_id", "workflow", "follow_up_of_id")}
    with pytest.raises(Exception, match="tasks_follow_up_once"):
        await make.row(Task, ada, number=1000, follow_up_item_id=follower.follow_up_item_id, **copy)


async def test_somebody_who_is_no_longer_active_gets_nothing(ada, sue):
    await rule(sue, THANKS)
    key = await make.task(ada, flow="STANDARD", assignee_id=ada.id)
    await User.filter(id=ada.id).update(active=False)
    await lifecycle.complete(key, by=sue)
    assert (await followers())[0].assignee_id is None


async def test_only_those_who_lead_set_rules(ada, refused):
    async with refused("FORBIDDEN"):
        await rule(ada, THANKS)


@pytest.mark.parametrize(
    ("items", "about", "path"),
    [
        ([], {}, ("items",)),
        ([THANKS | {"title": " "}], {}, ("items", "0", "title")),
        ([THANKS, CHECK | {"after_days": 3651}], {}, ("items", "1", "afterDays")),
        ([THANKS], {"trigger": FollowUpTrigger.VISIT, "task_type": TaskType.CALL}, ("taskType",)),
        ([THANKS], {"trigger": FollowUpTrigger.VISIT, "custom_type_id": uuid7()}, ("customTypeId",)),
    ],
)
async def test_a_rule_that_makes_no_sense_is_refused(items, about, path, sue, refused):
    async with refused("REQUIRED" if path in {("items",), ("items", "0", "title")} else "INVALID_INPUT") as caught:
        await rule(sue, *items, **about)
    assert caught.value.path == path


# By hand


async def test_a_follow_up_remembers_what_it_follows_though_that_is_final(ada, team):
    key = await make.task(ada, team_id=team, title="Old")
    customer = await make.customer(ada)
    await make.row(TaskLink, ada, task_id=key, kind="ORGANIZATION", customer_id=customer.id)
    await lifecycle.cancel(key, by=ada)
    found = await make.stored(await tasks.create(title="New", follows=key, assignee_id=ada.id, by=ada))
    assert (found.follow_up_of_id, found.team_id, found.follow_up_item_id) == (key, team, None)
    assert (await TaskLink.get(task_id=found.id)).customer_id == customer.id
    assert found.assignee_id == ada.id
