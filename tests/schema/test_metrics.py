"""What tasks amount to, against a naive calculation over random tasks; who counts which; and that one reads no more."""

import random
import re
from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest

from domain import deletions, policy, task_types
from models import (
    CustomTaskType,
    Event,
    Priority,
    Role,
    SubjectType,
    Task,
    TaskStatus,
    TaskType,
    Team,
    TimeEntry,
    Workspace,
)
from schema.context import Context
from schema.formats import parse_duration, print_duration
from tests import make
from tests.schema.compiler.asking import ask
from tests.schema.compiler.comparing import REAL

FIELDS = """
    periodStart team { name } person { name } customType { name } status type priority count open overdue done cancelled
    onTime { due onTime percent } cycleTime { count average median ninthDecile }
    timeInStatus { status stays total average } estimates { count expected worked percent }
"""
METRICS = f"""query ($from: Date, $to: Date, $day: TaskDay, $period: Period, $groupBy: [TaskGroup!],
    $timeZone: TimeZone, $filter: TaskFilter) {{ taskMetrics(from: $from, to: $to, day: $day, period: $period,
    groupBy: $groupBy, timeZone: $timeZone, filter: $filter) {{ {FIELDS} }} }}"""
DONE = {TaskStatus.COMPLETED, TaskStatus.CLOSED}
FINAL = DONE | {TaskStatus.CANCELLED}
KINDS = ("Survey", "Audit")
ALONE = {"TEAM": "team", "PERSON": "person", "CUSTOM_TYPE": "customType"}
"""Groups that are records, and their fields."""
DAYS = {"CREATED": "created_at", "DUE": "due_on", "FINISHED": "finished_at"}
START = datetime(2026, 1, 1, tzinfo=UTC)
MANY = """
insert into tasks (id, workspace_id, number, title, creator_id, workflow, created_at)
select gen_random_uuid(), $1, 1 + (select count(*) from tasks) + n, 'x', $2, 'REVIEWED',
    timestamptz '2001-01-01 00:00Z' + (n - 1) * interval '1 day'
from generate_series(0, 1000) n
"""


# The random tasks


async def told(by, key, at, **changes):
    """An event of a task."""
    about = {"subject_type": SubjectType.TASK, "subject_id": key, "verb": "told", "actor_id": by.id}
    await make.row(Event, by, **about, changes=changes, created_at=at)


async def lived(rng, by, people, teams, kinds):
    """A task with a life, as the log tells it; whole minutes, so that nothing is to be rounded but shares."""
    at = START + timedelta(minutes=rng.randrange(120 * 24 * 60))
    path, events, begun = [TaskStatus.PENDING], [(at, None, "PENDING")], None
    created = at
    for _ in range(rng.randrange(6)):
        if path[-1] in FINAL:
            break
        at += timedelta(minutes=2 * rng.randrange(1, 3000))
        path.append(rng.choice([each for each in TaskStatus if each is not path[-1]]))
        events.append((at, path[-2].value, path[-1].value))
        begun = begun or (at if path[-1] is TaskStatus.IN_PROGRESS else None)
    holder = rng.choice([None, *people])
    values = {"status": path[-1], "created_at": created, "started_at": begun, "assignee_id": holder}
    values |= {"finished_at": at if path[-1] in FINAL else None, "assigned_at": holder and created}
    values |= {"type": rng.choice(list(TaskType)), "priority": rng.choice(list(Priority))}
    values |= {"team_id": rng.choice([None, *teams]), "expected_minutes": rng.choice([None, 15, 60, 90])}
    values |= {"custom_type_id": rng.choice([None, *kinds])}
    values |= {"due_on": rng.choice([None, (created + timedelta(days=rng.randrange(20))).date()])}
    number = next(make.NEXT)
    task = await make.row(Task, by, number=number, title="x", creator_id=by.id, workflow="REVIEWED", **values)
    for place, (moment, before, after) in enumerate(events):
        number_ = {} if place else {"number": [None, number]}
        await told(by, task.id, moment, status=[before, after], **number_)
        await told(by, task.id, moment, title=["x", "y"])
    task.events = events
    task.minutes = [rng.randrange(1, 200) for _ in range(rng.choice([0, 0, 1, 2]))]
    for minutes in task.minutes:
        span = {"started_at": at, "ended_at": at + timedelta(minutes=minutes)}
        entry = rng.choice([span, {"minutes": minutes, "worked_on": at.date()}])
        await make.row(TimeEntry, by, task_id=task.id, user_id=by.id, creator_id=by.id, **entry)
    return task


@pytest.fixture
async def tasks(admin, ada, bob, team):
    """Random tasks of two teams and of none, in a workspace of a time zone of its own."""
    await Workspace.filter(id=admin.workspace_id).update(time_zone="Asia/Tokyo")
    south, rng = await make.row(Team, admin, name="South"), random.Random(7)
    kinds = [await task_types.create(name.upper(), name=name, by=admin) for name in KINDS]
    return [await lived(rng, admin, [ada.id, bob.id, admin.id], [team, south.id], kinds) for _ in range(120)]


# The naive calculation


class Naive:
    """Metrics of tasks as one would work them out by hand."""

    def __init__(self, tasks, names, zone):
        self.tasks, self.names, self.zone = tasks, names, ZoneInfo(zone)
        self.now = datetime.now(UTC)

    def day(self, moment):
        """The local day of an instant; a day is one already."""
        return moment.astimezone(self.zone).date() if isinstance(moment, datetime) else moment

    def metrics(self, day="CREATED", start=None, end=None, period=None, groups=()):
        found = defaultdict(list)
        for task in self.tasks:
            counted = self.day(getattr(task, DAYS[day]))
            if counted and (not start or start <= counted) and (not end or counted <= end):
                found[(begins(counted, period), *(self.group(task, each) for each in groups))].append(task)
        if not (period or groups):
            found[None,]  # the one group, also of nothing
        return {key: self.amount(group) for key, group in found.items()}

    def group(self, task, group):
        if group == "TEAM":
            return self.names.get(task.team_id)
        if group == "PERSON":
            return self.names.get(task.assignee_id)
        if group == "CUSTOM_TYPE":
            return self.names.get(task.custom_type_id)
        return getattr(task, group.lower()).name

    def amount(self, group):
        done = [task for task in group if task.status in DONE]
        due = [task for task in done if task.due_on]
        timely = [task for task in due if self.day(task.finished_at) <= task.due_on]
        cycles = sorted(whole(t.finished_at - t.started_at) for t in done if t.started_at)
        foreseen = [task for task in done if task.expected_minutes is not None and task.minutes]
        expected, worked = sum(t.expected_minutes for t in foreseen), sum(sum(t.minutes) for t in foreseen)
        today = self.now.astimezone(ZoneInfo("Asia/Tokyo")).date()
        started = [task for task in group if task.status not in FINAL]
        return {
            "count": len(group),
            "open": len(started),
            "overdue": sum(task.due_on is not None and task.due_on < today for task in started),
            "done": len(done),
            "cancelled": len(group) - len(started) - len(done),
            "onTime": {"due": len(due), "onTime": len(timely), "percent": percent(len(timely), len(due))},
            "cycleTime": {
                "count": len(cycles),
                "average": minutes(Fraction(sum(cycles), len(cycles))) if cycles else None,
                "median": minutes(quantile(cycles, Fraction(1, 2))),
                "ninthDecile": minutes(quantile(cycles, Fraction(9, 10))),
            },
            "estimates": {
                "count": len(foreseen),
                "expected": minutes(expected),
                "worked": minutes(worked),
                "percent": percent(worked, expected),
            },
            "timeInStatus": self.stays(group),
        }

    def stays(self, group):
        """Each stay from the event that begins it to the next one, or until now."""
        found = defaultdict(list)
        for task in group:
            ends = [at for at, *_ in task.events[1:]] + [self.now]
            for (at, _, status), end in zip(task.events, ends, strict=True):
                found[status].append((end - at) / timedelta(minutes=1))
        return [
            {"status": name, "stays": len(found[name]), "total": sum(found[name])}
            for name in ("PENDING", "IN_PROGRESS", "RELEASED")
            if found[name]
        ]


def begins(day, period):
    """The first day of the period of a day."""
    if period == "WEEK":
        return str(day - timedelta(days=day.weekday()))
    first = {"DAY": day, "MONTH": day.replace(day=1), "YEAR": date(day.year, 1, 1)}
    first["QUARTER"] = date(day.year, (day.month - 1) // 3 * 3 + 1, 1)
    return period and str(first[period])


def quantile(ordered, share):
    """Between the two values next to the place, as far from each as the place is."""
    if not ordered:
        return None
    low, rest = divmod(share * (len(ordered) - 1), 1)
    return ordered[low] + rest * (ordered[min(low + 1, len(ordered) - 1)] - ordered[low])


def percent(part, whole):
    return str(rounded(Fraction(100 * part, whole), "0.1")) if whole else None


def minutes(number):
    return None if number is None else print_duration(timedelta(minutes=int(rounded(Fraction(number), "1"))))


def whole(span):
    return span // timedelta(minutes=1)


def rounded(number, to):
    return (Decimal(number.numerator) / number.denominator).quantize(Decimal(to), ROUND_HALF_UP)


def matches(row, amount, lasting):
    """Expect the amounts; a stay that lasts goes on between the two calculations, which is less than a minute."""
    for got, stay in zip(row["timeInStatus"], amount["timeInStatus"], strict=True):
        assert (got["status"], got["stays"]) == (stay["status"], stay["stays"])
        for name, exact in (("total", stay["total"]), ("average", stay["total"] / stay["stays"])):
            slack = stay["stays"] if lasting else 0
            assert abs(parse_duration(got[name]) / timedelta(minutes=1) - float(exact)) <= slack + 0.5, (got, stay)
    rest = {name: value for name, value in amount.items() if name != "timeInStatus"}
    assert {name: row[name] for name in rest} == rest


# Metrics are what the naive calculation says


@pytest.fixture
def checked(graphql, tasks, admin, ada, bob, team, database):
    """Asks, expects what the naive calculation says, and answers the groups."""

    async def checked(by=admin, of=tasks, **asked):
        south = next(each.team_id for each in tasks if each.team_id not in {None, team})
        names = {ada.id: "Ada Rep", bob.id: "Bob Rep", admin.id: "Ann Admin", team: "North", south: "South"}
        names |= {kind.id: kind.name for kind in await CustomTaskType.all()}
        groups = asked.get("groupBy", ())
        naive = Naive(of, names, asked.get("timeZone", "Asia/Tokyo"))
        words = {"day": asked.get("day", "CREATED"), "period": asked.get("period"), "groups": groups}
        ends = {
            name: date.fromisoformat(asked[key]) for name, key in (("start", "from"), ("end", "to")) if key in asked
        }
        expected = naive.metrics(**words, **ends)
        answer = await graphql(by, METRICS, **asked)
        assert "errors" not in answer, answer
        rows = answer["data"]["taskMetrics"]
        for row in rows:
            row |= {each: row[each] and row[each]["name"] for each in ALONE.values()}
            key = (row["periodStart"], *(row[ALONE.get(each, each.lower())] for each in groups))
            matches(row, expected.pop(key), lasting=words["day"] != "FINISHED")
            asked_not = {*ALONE, "STATUS", "TYPE", "PRIORITY"} - set(groups)
            assert all(row[ALONE.get(each, each.lower())] is None for each in asked_not)
        assert expected == {}
        return rows

    return checked


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"groupBy": ["STATUS"]},
        {"groupBy": ["PERSON"], "timeZone": "America/New_York"},
        {"groupBy": ["PRIORITY", "TEAM"]},
        {"groupBy": ["CUSTOM_TYPE"]},
        {"groupBy": ["CUSTOM_TYPE", "STATUS"], "period": "YEAR"},
        {"groupBy": ["TYPE"], "period": "QUARTER"},
        {"period": "MONTH", "day": "DUE"},
        {"period": "WEEK", "day": "FINISHED", "groupBy": ["TEAM"]},
        {"period": "DAY", "from": "2026-02-01", "to": "2026-02-14", "timeZone": "America/New_York"},
        {"day": "FINISHED", "from": "2026-02-03", "to": "2026-02-10"},
        {"day": "FINISHED", "to": "2026-03-31", "period": "YEAR", "groupBy": ["STATUS", "PERSON"]},
        {"day": "DUE", "from": "2026-03-01", "groupBy": ["PERSON"]},
    ],
)
async def test_metrics_are_what_a_naive_calculation_says(asked, checked):
    rows = await checked(**asked)
    assert rows
    orders = {"priority": [each.name for each in Priority]}
    for name in ("periodStart", *(each.lower() for each in asked.get("groupBy", ())[:1])):
        found = [row[name] for row in rows if row[name] is not None] if name.upper() not in ALONE else []
        if name == "periodStart" or not asked.get("period"):
            assert found == sorted(found, key=orders.get(name, found).index if name in orders else None)


async def test_a_filter_says_which_tasks_count(checked, tasks, ada, id_of):
    calls = [task for task in tasks if task.type is TaskType.CALL and task.assignee_id == ada.id]
    wanted = {"type": {"eq": "CALL"}, "assignee": {"id": {"eq": id_of("user", ada.id)}}}
    assert await checked(of=calls, filter=wanted, groupBy=["PERSON"])


async def test_where_nothing_counts_there_is_one_group_of_nothing_or_none(graphql, admin):
    nothing = {"count": 0, "onTime": {"percent": None}, "estimates": {"worked": "PT0S"}, "timeInStatus": []}
    text = "count onTime { percent } estimates { worked } timeInStatus { stays }"
    assert await graphql(admin, f"{{ taskMetrics {{ {text} }} }}") == {"data": {"taskMetrics": [nothing]}}
    assert await graphql(admin, "{ taskMetrics(groupBy: STATUS) { count } }") == {"data": {"taskMetrics": []}}


# Who counts which


async def test_a_rep_counts_their_own_a_supervisor_those_of_their_reach_and_an_admin_all(
    checked, tasks, admin, ada, sue, team, other, graphql
):
    south = next(each.team_id for each in tasks if each.team_id not in {None, team})
    lead = await make.person(admin, role=Role.SUPERVISOR, team=south, leads=True)
    await checked(by=ada, of=[task for task in tasks if task.assignee_id == ada.id], groupBy=["STATUS"])
    people = {ada.id, *sue.people}
    theirs = [task for task in tasks if task.team_id == team or task.assignee_id in people]
    assert 0 < len(theirs) < len(tasks)
    await checked(by=sue, of=theirs, groupBy=["TEAM", "PERSON"])
    await checked(by=lead, of=[task for task in tasks if task.team_id == south], groupBy=["PERSON"])
    assert (await graphql(other, "{ taskMetrics { count } }"))["data"] == {"taskMetrics": [{"count": 0}]}


async def test_what_is_deleted_does_not_count(graphql, admin, ada, sue, team):
    await deletions.delete(await make.task(ada, team_id=team, assignee_id=ada.id), by=ada)
    for by in (admin, ada, sue):
        assert (await graphql(by, "{ taskMetrics { count } }"))["data"] == {"taskMetrics": [{"count": 0}]}


async def test_whatever_counts_is_seen(tasks, admin, ada, sue, database):
    for by in (ada, sue, admin):
        seen = {}
        for table in ("task_metrics", "tasks"):
            where, values = policy.bind(by, table, t="t", first=1)
            seen[table] = {
                row["id"] for row in await database.fetch(f"select t.id from tasks t where {where}", *values)
            }
        assert seen["task_metrics"]
        assert seen["task_metrics"] <= seen["tasks"]


# What is refused


async def test_days_that_run_backward_and_too_many_groups_are_refused(graphql, admin, database):
    for asked, code in (
        ({"from": "2026-02-02", "to": "2026-02-01"}, "INVALID_INPUT"),
        ({"period": "DAY"}, "LIMIT_EXCEEDED"),
    ):
        await database.execute(MANY, admin.workspace_id, admin.id)
        answer = await graphql(admin, METRICS, **asked)
        assert answer["data"] == {"taskMetrics": None}
        assert [error["extensions"]["code"] for error in answer["errors"]] == [code]
    fits = await graphql(admin, '{ taskMetrics(period: DAY, from: "2001-01-01") { count } }')
    assert len(fits["data"]["taskMetrics"]) == 1000


# That a question reads no more than it must


class Explaining:
    """A connection that answers, and remembers the plans."""

    def __init__(self, connection):
        self.connection, self.statements, self.plans = connection, [], []

    async def json(self, statement, values):
        self.statements.append(statement)
        rows = await self.connection.fetch(f"explain (verbose) {statement}", *values)
        self.plans.append("\n".join(row[0] for row in rows))
        return await self.connection.fetchval(f"select ({statement})::text", *values)


@pytest.mark.parametrize(
    ("selected", "read"),
    [
        ("count", {"tasks"}),
        ("onTime { percent }", {"tasks", "workspaces"}),
        ("cycleTime { average }", {"tasks"}),
        ("team { name } person { name }", {"tasks", "teams", "users"}),
        ("estimates { worked }", {"tasks", "time_entries"}),
        ("timeInStatus { stays }", {"tasks", "events"}),
    ],
)
async def test_one_statement_computes_what_is_selected_and_nothing_else(selected, read, admin, database):
    explaining = Explaining(database)
    answer = await ask(REAL, Context(admin, explaining), f"{{ taskMetrics(groupBy: [TEAM]) {{ {selected} }} }}")
    assert answer.errors == []
    assert len(answer.statements) == 1
    (plan, *_) = explaining.plans
    assert set(re.findall(r" on public\.(\w+)", plan)) == read
    assert "percentile_cont" not in plan
    assert ("avg(" in plan) == ("average" in selected)
