"""Escalations: who is told of what has been overdue for too long, when, how often, and what is a reason not to."""

import asyncio
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain import (
    accounts,
    deletions,
    digests,
    escalation_rules,
    escalations,
    lifecycle,
    notification_rules,
    notification_settings,
    ownership,
    showing,
    tasks,
    tokens,
)
from domain.jobs import Job
from domain.principal import Principal
from models import (
    Channel,
    ChannelUse,
    EscalationRule,
    Event,
    Notification,
    NotificationKind,
    NotificationSettings,
    NotificationStatus,
    Role,
    Task,
    Team,
    User,
)
from tests import make

AGO = date(2026, 1, 5)
PAST = datetime(2026, 1, 5, 8, tzinfo=UTC)
DAY = timedelta(days=1)
ZONES = ("UTC", "America/New_York", "Asia/Tokyo", "Pacific/Auckland", "Africa/Cairo")
MANY = """
insert into tasks (id, workspace_id, number, title, workflow, creator_id, due_on, status, finished_at)
select gen_random_uuid(), $1, n + 1000, 'Survey', 'REVIEWED', $2, date '2026-01-05', $4::text,
    case $4::text when 'CLOSED' then now() end
from generate_series(1, $3) n
"""


@pytest.fixture
async def rule(admin):
    return await escalations.rule_update({"after_working_hours": 1}, by=admin)


@pytest.fixture
async def task(ada, team):
    return await make.task(ada, title="Survey", team_id=team, assignee_id=ada.id, due_on=AGO)


async def escalate(rule):
    """Look once more."""
    await EscalationRule.filter(id=rule).update(due_at=PAST)
    await escalations.escalate(rule, by=Principal.system((await EscalationRule.get(id=rule)).workspace_id))


async def told(channel=Channel.IN_APP):
    rows = await Notification.filter(channel=channel).prefetch_related("user").order_by("id")
    return sorted((row.user.name, row.status.value, row.error) for row in rows)


async def team_of(admin, name, *, leads, members=(), parent=None):
    key = await accounts.team_create(name=name, parent_id=parent, by=admin)
    everybody = [each.id for each in (*members, *leads)]
    await accounts.team_members_set(key, members=everybody, leads=[each.id for each in leads], by=admin)
    return key


@settings(deadline=None)
@given(
    st.dates(date(2025, 1, 1), date(2027, 12, 31)),
    st.integers(0, 3 * 365 * 1440).map(lambda minutes: datetime(2025, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)),
    st.integers(1, 60),
    st.sampled_from(ZONES),
    st.sampled_from(ZONES),
)
def test_a_task_is_found_when_its_moment_has_come_and_not_before(due_on, now, hours, here, zone):
    rule = EscalationRule(opens_at="08:30", closes_at="17:00", holiday_country="DE")
    terms = escalation_rules.terms(rule, hours, here, [zone])
    assert (due_on < terms.first_day(zone, now)) == (terms.moment(due_on, zone) <= now)


@pytest.mark.parametrize(
    ("due_on", "hours", "zone", "moment"),
    [
        pytest.param("2026-11-24", 4, "UTC", "2026-11-25T13:00+00:00", id="the day after it was due"),
        pytest.param("2026-11-20", 4, "UTC", "2026-11-23T13:00+00:00", id="after the weekend"),
        pytest.param("2026-11-24", 4, "Asia/Tokyo", "2026-11-25T04:00+00:00", id="where its holder is"),
        pytest.param("2026-11-24", 20, "UTC", "2026-11-27T13:00+00:00", id="days later"),
        pytest.param("2026-12-24", 1, "UTC", "2026-12-28T10:00+00:00", id="after a holiday"),
    ],
)
def test_working_hours_are_counted_from_the_end_of_the_due_day(due_on, hours, zone, moment):
    rule = EscalationRule(opens_at="09:00", closes_at="17:00", holiday_country="DE")
    terms = escalation_rules.terms(rule, hours, "UTC", [zone])
    assert terms.moment(date.fromisoformat(due_on), zone) == datetime.fromisoformat(moment)


@pytest.mark.parametrize(
    ("passed", "late", "status"), [(5, False, "SENT"), (6, True, "SENT"), (1440, True, "SENT"), (1441, True, "FOLDED")]
)
def test_what_comes_late_says_so_and_what_comes_too_late_waits_for_a_digest(passed, late, status):
    wishes = notification_rules.Wishes(zone=UTC, channels={"ESCALATION": {"EMAIL": "NEVER"}})
    now = PAST + timedelta(minutes=passed)
    (state,) = notification_rules.told_of_moment(NotificationKind.ESCALATION, wishes, now, PAST)
    assert (state["late"], state["status"], state["moment"]) == (late, status, PAST)


async def test_whoever_leads_the_holder_is_told_once(patient, rule, task):
    await escalate(rule)
    line, mail = await Notification.all().prefetch_related("user").order_by("-channel")
    assert (line.kind, line.task_id, line.user.name) == (NotificationKind.ESCALATION, task, "Sue Lead")
    number = (await make.stored(task)).number
    assert line.message == f"T-{number} Survey was due on 2026-01-05; Ada Rep holds it."
    assert (line.moment, line.late) == (datetime(2026, 1, 6, 10, tzinfo=UTC), True)
    assert (mail.channel, mail.status, mail.user_id) == (Channel.EMAIL, NotificationStatus.PENDING, line.user_id)
    assert (await make.history(task))[-1] == ("escalated", {"people": [None, [str(line.user_id)]]})
    assert (await make.stored(task)).version == 1
    await escalate(rule)
    assert await Notification.all().count() == 2


async def test_a_task_that_waits_in_its_queue_is_told_to_whoever_leads_the_team(patient, rule, ada, team):
    await make.task(ada, title="Survey", team_id=team, due_on=AGO)
    await escalate(rule)
    assert await told() == [("Sue Lead", "SENT", None)]
    assert (await Notification.filter(channel="IN_APP").get()).message.endswith("; nobody holds it.")


async def test_of_those_who_lead_somebody_the_nearest_are_told(patient, rule, admin, ada, bob, sue, team, task):
    top = await make.person(admin, role=Role.SUPERVISOR, name="Top Lead")
    await team_of(admin, "Others", leads=[await make.person(admin, role=Role.SUPERVISOR)], members=[ada])
    over = await team_of(admin, "Over", leads=[top])
    await Team.filter(id=team).update(parent_id=over)
    await escalate(rule)
    assert await told() == [("Sue Lead", "SENT", None)]
    await make.task(admin, team_id=team, assignee_id=sue.id, due_on=AGO)
    await escalate(rule)
    assert await told() == [("Sue Lead", "SENT", None), ("Top Lead", "SENT", None)]
    await User.filter(id=sue.id).update(active=False)
    await make.task(admin, team_id=team, assignee_id=bob.id, due_on=AGO)
    await escalate(rule)
    assert await told() == [("Sue Lead", "SENT", None), *[("Top Lead", "SENT", None)] * 2]


async def test_a_holder_whom_nobody_leads_is_told_of_to_whoever_leads_the_tasks_team(patient, rule, admin, team):
    loner = await make.person(admin)
    await make.task(admin, team_id=team, assignee_id=loner.id, due_on=AGO)
    await escalate(rule)
    assert await told() == [("Sue Lead", "SENT", None)]


async def test_where_nobody_leads_anybody_the_history_says_so(patient, rule, admin):
    loner = await make.person(admin)
    leader = await make.person(admin)
    team = await team_of(admin, "Leaderless", leads=[leader], members=[loner])
    key = await make.task(admin, team_id=team, assignee_id=loner.id, due_on=AGO)
    await escalate(rule)
    event = await Event.filter(subject_id=key).order_by("-id").first()
    assert (event.verb, event.changes) == ("escalated", {})
    assert (event.reason, await told()) == ("Nobody leads whoever holds the task, or its team.", [])
    assert (await make.stored(key)).escalated_on == AGO


async def _finish(task, by):
    await lifecycle.release(task, by=by)
    await lifecycle.cancel(task, by=await tokens.of_user((await User.get(name="Sue Lead")).id))


async def _move(task, by):
    await tasks.update(task, {"due_on": datetime.now(UTC).date() + DAY}, by=by)


async def _clear(task, by):
    await tasks.update(task, {"due_on": None}, by=by)


async def _delete(task, by):
    await deletions.delete(task, by=by)


@pytest.mark.parametrize("happens", [_finish, _move, _clear, _delete])
async def test_what_is_not_overdue_any_more_is_not_escalated(happens, patient, rule, ada, task):
    await happens(task, ada)
    await escalate(rule)
    assert await told() == []
    assert (await Task.get(id=task)).escalated_on is None


@pytest.mark.parametrize("days", [0, 1])
async def test_what_has_not_been_overdue_for_long_enough_waits(days, admin, ada, team):
    rule = await escalations.rule_update({"after_working_hours": 24}, by=admin)
    await make.task(ada, team_id=team, due_on=datetime.now(UTC).date() - days * DAY)
    await escalate(rule)
    assert await told() == []


async def test_another_due_day_begins_anew_and_the_same_one_does_not(patient, rule, ada, task):
    for due_on, count in ((AGO, 1), (AGO + DAY, 2), (AGO + DAY, 2), (AGO, 2)):
        await tasks.update(task, {"due_on": due_on}, by=ada)
        await escalate(rule)
        assert await Notification.filter(channel="IN_APP").count() == count


async def test_another_holder_is_no_reason_to_tell_again(patient, rule, ada, bob, sue, task):
    await escalate(rule)
    await ownership.assign(task, bob.id, by=sue)
    await escalate(rule)
    assert await told() == [("Sue Lead", "SENT", None)]


async def test_who_does_not_wish_to_be_told_is_not(patient, rule, sue, task):
    never = [
        {"kind": NotificationKind.ESCALATION, "channel": each, "use": ChannelUse.NEVER}
        for each in notification_rules.PERSONAL
    ]
    await notification_settings.update({"channels": never}, by=sue)
    await escalate(rule)
    assert await told() == [("Sue Lead", "SKIPPED", notification_rules.UNWANTED)]
    event = await Event.filter(subject_id=task).order_by("-id").first()
    assert (event.verb, event.changes, event.reason) == ("escalated", {}, notification_rules.UNWANTED)


@pytest.mark.parametrize(
    ("happens", "reason"),
    [
        (_finish, "The task is CANCELLED."),
        (_move, "The task is no longer overdue."),
        (_clear, "The task is no longer overdue."),
        (_delete, "The task is deleted."),
        (None, None),
    ],
)
async def test_what_waits_for_the_end_of_quiet_hours_is_checked_again(happens, reason, patient, rule, ada, sue, task):
    now = datetime.now(UTC)
    quiet = {"quiet_from": f"{now - timedelta(hours=1):%H:%M}", "quiet_until": f"{now - timedelta(hours=2):%H:%M}"}
    await notification_settings.update(quiet, by=sue)
    await escalate(rule)
    assert await told() == [("Sue Lead", "PENDING", None)]
    if happens:
        await happens(task, ada)
    line = await Notification.get(channel="IN_APP")
    await showing.show([line.id], by=Principal.system(ada.workspace_id))
    assert await told() == [("Sue Lead", "SKIPPED" if reason else "SENT", reason)]


async def test_what_was_overdue_for_long_when_the_rule_was_set_is_told_in_one_digest(rule, ada, sue, team, task):
    await make.task(ada, team_id=team, due_on=AGO)
    await escalate(rule)
    assert await told() == [("Sue Lead", "FOLDED", None)] * 2
    wishes = await NotificationSettings.get()
    await digests.make(wishes.id, by=Principal.system(ada.workspace_id))
    line = await Notification.get(kind=NotificationKind.DIGEST, channel="IN_APP")
    assert (line.user_id, line.message) == (sue.id, "2 tasks: 2 overdue.")


async def test_looking_twice_at_once_tells_once(patient, rule, task):
    await EscalationRule.filter(id=rule).update(due_at=PAST)
    system = Principal.system((await Task.get(id=task)).workspace_id)
    await asyncio.gather(*(escalations.escalate(rule, by=system) for _ in range(4)))
    assert await told() == [("Sue Lead", "SENT", None)]
    assert await Event.filter(subject_id=task, verb="escalated").count() == 1


async def test_a_task_that_somebody_changes_meanwhile_is_looked_at_again(patient, rule, task, database):
    async with database.transaction():
        await database.execute("select from tasks where id = $1 for update", task)
        await escalate(rule)
        assert await told() == []
    await escalate(rule)
    assert await told() == [("Sue Lead", "SENT", None)]


async def test_after_a_full_batch_there_is_more_at_once_and_then_a_pause(rule, admin, database):
    await database.execute(MANY, admin.workspace_id, admin.id, escalations.BATCH + 1, "PENDING")
    await escalate(rule)
    assert (await EscalationRule.get(id=rule)).due_at <= datetime.now(UTC)
    await escalate(rule)
    assert (await EscalationRule.get(id=rule)).due_at > datetime.now(UTC) + timedelta(seconds=50)
    assert await Event.filter(verb="escalated").count() == escalations.BATCH + 1


async def test_what_is_finished_or_was_escalated_is_not_even_looked_at(rule, admin, database):
    await database.execute(MANY, admin.workspace_id, admin.id, 20_000, "CLOSED")
    await database.execute("analyze tasks")
    zones, days = ["UTC"], [date(2026, 11, 23)]
    values = (admin.workspace_id, "UTC", zones, days, days[0], escalations.BATCH)
    plan = await database.fetch(f"explain (analyze, buffers off) {escalations._OVERDUE}", *values)
    text = "\n".join(row[0] for row in plan)
    assert "tasks_not_escalated" in text
    assert "Seq Scan on tasks" not in text


@pytest.mark.parametrize(
    ("patch", "path"),
    [
        ({"after_working_hours": 0}, "afterWorkingHours"),
        ({"after_working_hours": 1001}, "afterWorkingHours"),
        ({"opens_at": "9"}, "opensAt"),
        ({"closes_at": "25:00"}, "closesAt"),
        ({"opens_at": "17:00"}, "closesAt"),
        ({"opens_at": "16:01"}, "closesAt"),
        ({"holiday_country": "XX"}, "holidayCountry"),
        ({"holiday_country": "DE", "holiday_region": "XX"}, "holidayRegion"),
        ({"holiday_region": "BY"}, "holidayCountry"),
    ],
)
async def test_a_rule_that_cannot_be_is_refused(patch, path, admin, refused):
    async with refused("REQUIRED" if patch == {"holiday_region": "BY"} else "INVALID_INPUT") as caught:
        await escalations.rule_update(patch, by=admin)
    assert caught.value.errors[0].path == (path,)


async def test_the_rule_is_set_by_admins_and_switched_off(admin, sue, refused, sent):
    async with refused("FORBIDDEN"):
        await escalations.rule_update({"after_working_hours": 1}, by=sue)
    key = await escalations.rule_update({"after_working_hours": 8, "holiday_country": "DE"}, by=admin)
    row = await EscalationRule.get(id=key)
    assert (row.after_working_hours, row.opens_at, row.closes_at, row.version) == (8, "09:00", "17:00", 2)
    assert (row.due_at is not None, sent()) == (True, [(Job.ESCALATE_OVERDUE, ())])
    assert (await make.history(key))[-1] == (
        "updated",
        {"after_working_hours": [None, 8], "holiday_country": [None, "DE"]},
    )
    async with refused("VERSION_CONFLICT"):
        await escalations.rule_update({"opens_at": "08:00"}, by=admin, version=1)
    assert await escalations.rule_update({"after_working_hours": None}, by=admin, version=2) == key
    assert (await EscalationRule.get(id=key)).due_at is None
    await escalations.escalate(key, by=Principal.system(admin.workspace_id))


async def test_nobody_elses_tasks_are_told_of(patient, rule, other, task):
    key = await make.task(other, due_on=AGO)
    await escalate(rule)
    assert (await make.stored(key)).escalated_on is None
    assert {row.workspace_id for row in await Notification.all()} == {(await make.stored(task)).workspace_id}
