"""Series: tasks and visits that come again."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

import strawberry

import models
from domain import series_rules
from domain.relations import in_reach
from schema import feeds
from schema.actions import ViewerAction, as_json
from schema.blueprints import (
    SeriesLine,
    SeriesLink,
    SeriesReminder,
    SeriesSubtask,
    checklist,
    links,
    reminders,
    subtasks,
)
from schema.compiler.fields import Connection, Node, column, computed, item, listing, node, one, page, sql
from schema.durations import duration
from schema.enums import enum
from schema.recurrence_forms import RULE_SET, RecurrenceForm, rule_form, rule_words
from schema.scalars import RecurrenceRule, TimeZone

if TYPE_CHECKING:
    from schema.accounts import User
    from schema.customers import Customer
    from schema.history import Event
    from schema.locations import Location
    from schema.task_types import CustomTaskType
    from schema.tasks import Task
    from schema.teams import Team
    from schema.visits import Visit

SeriesKind = enum(models.SeriesKind, TASK="Tasks.", VISIT="Visits to a location.")
SeriesAnchor = enum(
    models.SeriesAnchor,
    SCHEDULE="From the start of the series: occurrences are made ahead of time.",
    COMPLETION="From when the last occurrence was finished, and made only then.",
)
MonthEnd = enum(
    models.MonthEnd,
    SKIP="Nowhere: that month has none (RFC 5545).",
    LAST_DAY="On the last day of the month.",
    NEXT="On the first day of the next month.",
)
HolidayPolicy = enum(
    models.HolidayPolicy,
    KEEP="It stays.",
    SKIP="It is left out.",
    NEXT_WORKING_DAY="It moves to the next day, from Monday to Friday, that is no holiday.",
    PREVIOUS_WORKING_DAY="It moves to the last such day before.",
)
SeriesState = enum(
    models.SeriesState,
    ACTIVE="Occurrences are made.",
    PAUSED="Nothing is made until it is resumed.",
    DONE="Its rule has no more occurrences.",
    ENDED="Somebody ended it, for ever.",
    FAILED="Occurrences could not be made; `problem` says why.",
)
PEOPLE = ("creator_id", "assignee_id", "team_id")
STATE = """case when {t}.ended_at is not null then 'ENDED' when {t}.failed_at is not null then 'FAILED'
when {t}.paused_at is not null then 'PAUSED' when {t}.due_at is null then 'DONE' else 'ACTIVE' end"""


def viewer_actions(facts: dict[str, Any], viewer: Any) -> list[dict[str, Any]]:
    """Say what the viewer may do with a series."""
    people = {name: facts[name] and UUID(facts[name]) for name in PEOPLE}
    reach = in_reach(viewer.by, **people)
    known = series_rules.SeriesFacts(
        creator_id=people["creator_id"], assignee_id=people["assignee_id"], in_reach=reach, ended=facts["ended"]
    )
    return as_json(series_rules.actions(known, viewer.by))


@node(models.Series, prefix="series", label="{t}.title")
class Series(Node):
    """A task or a visit that comes again by a rule; the workers make its occurrences ahead of time."""

    title: str = column("The title of each occurrence.")
    rule: RecurrenceRule = column("The recurrence rule (RFC 5545).", sortable=False)
    form: RecurrenceForm | None = computed(
        "The rule as a form; null where only its text can say it.", rule_form, **RULE_SET
    )
    rule_description: str = computed(
        'The rule in plain English: "Every 2 weeks on Monday and Thursday until 3 May 2027".', rule_words, **RULE_SET
    )
    start: str = column("The local date-time of the first occurrence, such as 2026-11-23T09:00:00.")
    time_zone: TimeZone = column("The zone in which the rule is read.")
    rdates: list[str] = sql("Local starts that are added to the rule.", "to_jsonb(coalesce({t}.rdates, '{{}}'))")
    exdates: list[str] = sql(
        "Local starts that are left out, or were skipped.", "to_jsonb(coalesce({t}.exdates, '{{}}'))"
    )
    month_end: models.MonthEnd = column("Where an occurrence falls on a day that its month does not have.")
    holidays: models.HolidayPolicy = column("What becomes of an occurrence on a public holiday.")
    holiday_country: str | None = column("The country whose holidays count, such as DE.")
    holiday_region: str | None = column("The region of that country, such as BY.")
    anchor: models.SeriesAnchor = column("From when the next occurrence is reckoned.")
    kind: models.SeriesKind = column("Whether tasks or visits come again.")
    type: models.TaskType = column("The type of each occurrence.")
    custom_type: "CustomTaskType | None" = one(
        "Its type among those of the workspace's own; once that is archived, new occurrences have none."
    )
    priority: models.Priority = column("The priority of each occurrence.")
    description: str | None = column("The description of each occurrence.", sortable=False)
    purpose: str | None = column("What each occurrence is good for.", sortable=False)
    place: str | None = column("Where each occurrence is, in words.")
    expected_duration: timedelta | None = sql("How long each occurrence should take.", duration("{t}.expected_minutes"))
    workflow: str | None = column("The workflow of each occurrence; null for its type's, or the workspace's.")
    assignee: "User | None" = one("Who gets each occurrence; null for the queue.")
    team: "Team | None" = one("The team of each occurrence.")
    customer: "Customer | None" = one("The customer that each occurrence is linked to above all.")
    location: "Location | None" = one("Where each visit goes.")
    subtasks: list[SeriesSubtask] = subtasks()
    checklist: list[SeriesLine] = checklist()
    links: list[SeriesLink] = links()
    reminders: list[SeriesReminder] = reminders()
    creator: "User | None" = one("Who made the series.")
    tasks: "Connection[Task]" = page("The occurrences made so far, when they are tasks.", by="series")
    visits: "Connection[Visit]" = page("The occurrences made so far, when they are visits.", by="series")
    predecessor: "Series | None" = one("The half before this one, when the series was split.")
    successors: "Connection[Series]" = page("The halves that were split off after this one.", by="predecessor")
    from_occurrence: str | None = column("The first original local start of this half.")
    before_occurrence: str | None = column("The original local start with which the next half begins.")
    state: models.SeriesState = sql("Whether occurrences are made.", STATE)
    problem: str | None = sql(
        "Why no occurrences could be made.", "case when {t}.failed_at is not null then {t}.error end"
    )
    paused_at: datetime | None = column("Since when no occurrences are made.")
    expanded_until: datetime | None = column("Up to when occurrences have been made.")
    ended_at: datetime | None = column("When somebody ended it.")
    calendar_url: str = computed(
        "Where you fetch it with GET as an iCalendar file, with those of its occurrences that you see: for some "
        "minutes, for you alone. One whose dates no rule of iCalendar says is told by its next dates.",
        feeds.series_url,
        id="{t}.id",
        now="extract(epoch from now())",
    )
    history: "Connection[Event]" = page("Everything that happened to it.", by="subject")
    viewer_actions: list[ViewerAction] = computed(
        "What you may do with it now, by the same rules as the mutations.",
        viewer_actions,
        ended="{t}.ended_at is not null",
        **{name: f"{{t}}.{name}" for name in PEOPLE},
    )
    version: int = column("Counts changes; give it as expectedVersion.")
    created_at: datetime = column("When the series was made.")
    updated_at: datetime = column("When the series was last changed.")


@strawberry.type
class SeriesQueries:
    """What comes again."""

    series: "Series | None" = item("One series.")
    all_series: "Connection[Series]" = listing("Series that you see.")
