"""What tasks amount to: how many, how much in time, how long they took, and how well that was foreseen."""

from datetime import date, timedelta
from decimal import Decimal
from enum import Enum
from typing import TYPE_CHECKING

import strawberry

import models
from domain.workflow import FINAL
from schema.compiler.catalog import Column, Kind, Table
from schema.compiler.fields import column, embed, node, one, totals
from schema.compiler.totals import Detail, Totals
from schema.durations import duration
from schema.enums import enum
from schema.scalars import TimeZone
from schema.tasks import OVERDUE

if TYPE_CHECKING:
    from schema.accounts import User
    from schema.task_types import CustomTaskType
    from schema.teams import Team


class TaskDay(Enum):
    """The day of a task that says in which period it counts."""

    CREATED = "created_at"
    DUE = "due_on"
    FINISHED = "finished_at"


class TaskGroup(Enum):
    """What tasks are counted by."""

    TEAM = "team_id"
    PERSON = "assignee_id"
    STATUS = "status"
    TYPE = "type"
    CUSTOM_TYPE = "custom_type_id"
    PRIORITY = "priority"


enum(
    TaskDay,
    CREATED="The day on which it was created.",
    DUE="The day by which it is to be done.",
    FINISHED="The day on which it was completed, closed or cancelled.",
)
enum(
    TaskGroup,
    TEAM="The team.",
    PERSON="Who holds it, or held it when it was finished.",
    STATUS="The status as it is now.",
    TYPE="The type.",
    CUSTOM_TYPE="The type among those of the workspace's own.",
    PRIORITY="The priority.",
)

DONE = "{t}.status in ('COMPLETED', 'CLOSED')"
DUE = f"{DONE} and {{t}}.due_on is not null"
CYCLE = "{t}.finished_at - {t}.started_at"
CYCLES = f"filter (where {DONE} and {{t}}.started_at is not null)"
NINTH = f"percentile_cont(0.9) within group (order by {CYCLE}) {CYCLES}"
MEDIAN = f"percentile_cont(0.5) within group (order by {CYCLE}) {CYCLES}"


def _minutes(interval: str) -> str:
    return f"round(extract(epoch from {interval}) / 60)::bigint"


MEASURES = {
    "count": "count(*)",
    "open": "count(*) filter (where {t}.finished_at is null)",
    "overdue": f"count(*) filter (where {OVERDUE})",
    "done": f"count(*) filter (where {DONE})",
    "cancelled": "count(*) filter (where {t}.status = 'CANCELLED')",
    "due": f"count(*) filter (where {DUE})",
    "on_time": f"count(*) filter (where {DUE} and ({{t}}.finished_at at time zone {{zone}})::date <= {{t}}.due_on)",
    "cycles": f"count(*) {CYCLES}",
    "average": _minutes(f"avg({CYCLE}) {CYCLES}"),
    "median": _minutes(MEDIAN),
    "ninth": _minutes(NINTH),
}
DETAILS = {
    "estimates": Detail(
        joined="join time_entries e on e.task_id = {t}.id and (e.minutes is not null or e.ended_at is not null)",
        where=f"{DONE} and {{t}}.expected_minutes is not null",
        columns={
            "expected": "{t}.expected_minutes",
            "worked": "coalesce(e.minutes, date_part('epoch', e.ended_at - e.started_at) / 60)",
            "first": "row_number() over (partition by {t}.id) = 1",
        },
        measures={
            "count": "count(*) filter (where first)",
            "expected": "sum(expected) filter (where first)",
            "worked": "round(sum(worked)::numeric)::bigint",
        },
    ),
    "moves": Detail(
        joined="join events e on e.subject_id = {t}.id and e.changes ?| array['number', 'status']",
        columns={
            "leaving": "e.changes -> 'status' ->> 0",
            "entering": "coalesce(e.changes -> 'status' ->> 1, 'PENDING')",
            "ago": "date_part('epoch', now() - e.created_at)",
        },
        by=("leaving", "entering"),
        measures={"count": "count(*)", "ago": "sum(ago)"},
    ),
}
LASTING = ", ".join(f"'{each}'" for each in models.TaskStatus if each not in FINAL)
# A stay lasts since it was entered, but for what is since it was left: so sums of both tell the sum of all stays.
STAYS = f"""
(select x.status, sum(m.count) filter (where x.way = 1)::int as count, (sum(x.way * m.ago) / 60)::numeric as minutes
from moves m cross join lateral (values (m.entering, 1), (m.leaving, -1)) x (status, way)
where m.key = {{t}}.key and x.status in ({LASTING})
group by x.status order by array_position(array[{LASTING}], x.status)) s
"""
METRICS = Table(
    "task_metrics",
    {
        each.name: each
        for each in (
            Column("period", Kind.DATE, nullable=True),
            Column("team_id", Kind.UUID, nullable=True),
            Column("assignee_id", Kind.UUID, nullable=True),
            Column("status", Kind.TEXT, nullable=True, enum=models.TaskStatus),
            Column("type", Kind.TEXT, nullable=True, enum=models.TaskType),
            Column("custom_type_id", Kind.UUID, nullable=True),
            Column("priority", Kind.INT, nullable=True, enum=models.Priority),
            *(Column(name, Kind.BIGINT) for name in MEASURES),
        )
    },
)


@strawberry.type(description="How many tasks were done by their day.")
class OnTime:
    """Of a group."""

    due: int = strawberry.field(description="How many of those done had a day by which they were to be done.")
    on_time: int = strawberry.field(
        description="How many of these were finished on that day or before, in the time zone that was asked for."
    )
    percent: Decimal | None = strawberry.field(description="The second as a share of the first, to one decimal place.")


@strawberry.type(description="How long tasks took, in whole minutes, from their start until they were finished.")
class CycleTime:
    """Of a group."""

    count: int = strawberry.field(description="How many of those done had been started.")
    average: timedelta | None = strawberry.field(description="Their mean.")
    median: timedelta | None = strawberry.field(description="Half of them took no longer.")
    ninth_decile: timedelta | None = strawberry.field(description="Nine of ten took no longer.")


@strawberry.type(description="How long tasks were in a status, in whole minutes.")
class TimeInStatus:
    """Of a group."""

    status: models.TaskStatus = strawberry.field(description="The status; never a final one.")
    stays: int = strawberry.field(description="How often one came into it; a task may do so again.")
    total: timedelta = strawberry.field(description="How long in all, until now where one still is in it.")
    average: timedelta = strawberry.field(description="How long a stay was.")


@strawberry.type(description="How long tasks should have taken, and how long people worked on them, in whole minutes.")
class Estimates:
    """Of a group."""

    count: int = strawberry.field(description="How many of those done had both an expected duration and time on them.")
    expected: timedelta = strawberry.field(description="How long these should have taken.")
    worked: timedelta = strawberry.field(description="How long people worked on them, running timers apart.")
    percent: Decimal | None = strawberry.field(description="The second as a share of the first, to one decimal place.")


def _percent(part: str, whole: str) -> str:
    return f"round(100.0 * {part} / nullif({whole}, 0), 1)::text"


def _estimate(what: str) -> str:
    return f"(select {what} from estimates e where e.key = {{t}}.key)"


@node(METRICS, prefix="")
class TaskMetrics:
    """What the tasks of a group amount to; what they are not grouped by is null.

    Done are those that were completed or closed.
    """

    period_start: date | None = column("The first day of the period.", "period")
    team: "Team | None" = one("The team; null also for tasks without one.")
    person: "User | None" = one("Who holds them; null also for tasks that nobody holds.", by="assignee_id")
    status: models.TaskStatus | None = column("The status.")
    type: models.TaskType | None = column("The type.")
    custom_type: "CustomTaskType | None" = one("The workspace's own type; null also for tasks without one.")
    priority: models.Priority | None = column("The priority.")
    count: int = column("How many there are.")
    open: int = column("How many are not finished.")
    overdue: int = column("How many of these should be, as of today in the workspace's time zone.")
    done: int = column("How many were completed or closed.")
    cancelled: int = column("How many were cancelled.")
    on_time: OnTime = embed(
        "How many were done by their day.",
        due="{t}.due",
        on_time="{t}.on_time",
        percent=_percent("{t}.on_time", "{t}.due"),
    )
    cycle_time: CycleTime = embed(
        "How long those done took, from `startedAt` to `finishedAt`.",
        count="{t}.cycles",
        average=duration("{t}.average"),
        median=duration("{t}.median"),
        ninth_decile=duration("{t}.ninth"),
    )
    time_in_status: list[TimeInStatus] = embed(
        "How long they were in each status, as `statusHistory` tells; statuses in which none was are left out.",
        rows=STAYS,
        status="s.status",
        stays="s.count",
        total=duration("round(s.minutes)::bigint"),
        average=duration("round(s.minutes / s.count)::bigint"),
    )
    estimates: Estimates = embed(
        "How long those done should have taken, and how long people worked on them.",
        count=f"coalesce({_estimate('e.count')}, 0)",
        expected=f"coalesce({_estimate(duration('e.expected'))}, 'PT0S')",
        worked=f"coalesce({_estimate(duration('e.worked'))}, 'PT0S')",
        percent=_estimate(_percent("e.worked", "e.expected")),
    )


@strawberry.type
class MetricQueries:
    """What tasks amount to."""

    task_metrics: list[TaskMetrics] | None = totals(
        "What tasks amount to, in at most 1,000 groups: first by period, then by what `groupBy` lists, in its order. A "
        "rep counts the tasks that they hold, a supervisor those of their teams and of the people in them, an admin "
        "all.",
        Totals(node="Task", groups=TaskGroup, days=TaskDay, measures=MEASURES, details=DETAILS, zone=TimeZone),
    )
