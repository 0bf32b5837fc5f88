"""Tasks, their subtasks, and who held them."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import strawberry

import models
from domain import loads, task_facts, task_rules, task_tree
from schema import timeline
from schema.actions import ViewerAction, as_json
from schema.compiler.catalog import Hidden
from schema.compiler.fields import Connection, Node, column, computed, item, listing, node, one, page, sql
from schema.durations import duration
from schema.enums import enum
from schema.subjects import attached, count

if TYPE_CHECKING:
    from schema.accounts import User
    from schema.attachments import Attachment
    from schema.billing import Billable, Conversion
    from schema.checklists import ChecklistItem
    from schema.follow_ups import FollowUpItem
    from schema.history import Event
    from schema.links import TaskLink
    from schema.notes import Note
    from schema.recurrence import Series
    from schema.reminders import Reminder
    from schema.status_history import StatusPeriod
    from schema.task_indicators import TaskIndicator
    from schema.task_types import CustomTaskType
    from schema.teams import Team
    from schema.timeline import TimelineEntry
    from schema.timesheets import TimeEntry
    from schema.visits import Visit

TaskStatus = enum(
    models.TaskStatus,
    PENDING="Nobody has started it.",
    IN_PROGRESS="Its assignee works on it.",
    RELEASED="The work is done; a supervisor may close it.",
    COMPLETED="Done, without review. Final.",
    CLOSED="Done, and signed off by a supervisor. Final.",
    CANCELLED="Not to be done any more. Final.",
)
TaskType = enum(
    models.TaskType,
    CALL="A telephone call.",
    EMAIL="A message by e-mail.",
    MEETING="A meeting.",
    FOLLOW_UP="Coming back to something earlier.",
    DEMO="A demonstration.",
    PROPOSAL="A proposal to write or present.",
    CONTRACT="A contract to negotiate or sign.",
    OTHER="Anything else.",
)
Priority = enum(
    models.Priority,
    LOW="When there is nothing else.",
    MEDIUM="In its turn.",
    HIGH="Before others.",
    URGENT="Now.",
)
ProgressBy = enum(
    models.ProgressBy,
    COUNT="Each subtask counts for one.",
    WEIGHT="Each subtask counts for its `progressWeight`.",
    ESTIMATE="Each subtask counts for its `expectedDuration`; one without does not count.",
)
Handover = enum(
    models.Handover,
    CREATED="Created with an assignee.",
    CLAIMED="Taken by the assignee.",
    ASSIGNED="Given by somebody else.",
    UNCLAIMED="Given back to the queue.",
    LEASE_EXPIRED="Gone back to the queue, because its holder did nothing about it for as long as the team allows.",
    AUTOMATIC="Given to the assignee by the strategy of the team; the reason says why.",
)

FINISHED = Hidden(
    where="{t}.finished_at is not null",
    argument="includeFinished",
    description="Also completed, closed and cancelled tasks; they are left out unless this is true or the filter names "
    "a status.",
    unless="status",
)
OVERDUE = "coalesce({t}.due_on < {today} and {t}.finished_at is null, false)"
PROGRESS = """
(select (100 * coalesce(sum(c.counts) filter (where s.status in ('COMPLETED', 'CLOSED')), 0)
    / nullif(sum(c.counts), 0))::int
from tasks s, lateral (select case {t}.progress_by
    when 'COUNT' then 1 when 'WEIGHT' then s.progress_weight else s.expected_minutes end) c (counts)
where s.workspace_id = {t}.workspace_id and s.parent_id = {t}.id and s.status <> 'CANCELLED' and s.deletion_id is null)
"""
BLOCKED = (
    "exists (select from dependencies d join tasks b on b.id = d.predecessor_id"
    " where d.successor_id = {t}.id and b.finished_at is null and b.deletion_id is null)"
)
CHECKLIST = "select count(*)::int from checklist_items i where i.task_id = {t}.id"


def participating(part: str) -> str:
    """Join the users who take part in a task."""
    here = "p.task_id = {parent}.id and p.user_id = {t}.id"
    return f"exists (select from participants p where {here} and p.part = '{part}')"


def waits(successor: str, predecessor: str) -> str:
    """Join the tasks of which one waits for the other."""
    here = f"d.successor_id = {successor}.id and d.predecessor_id = {predecessor}.id"
    return f"exists (select from dependencies d where {here})"


def viewer_actions(facts: dict[str, Any], viewer: Any) -> list[dict[str, Any]]:
    """Say what the viewer may do with a task."""
    return as_json(task_rules.actions(task_facts.of_columns(facts, viewer.by), viewer.by))


@node(models.Task, prefix="task", searchable=True, hidden=FINISHED, label="'T-' || {t}.number || ' ' || {t}.title")
class Task(Node):
    """A piece of work that at most one person holds at a time."""

    key: str = sql("How people name it, such as T-1042.", "'T-' || {t}.number")
    title: str = column("What is to be done, up to 200 characters.")
    status: models.TaskStatus = column("Where it is in its life.")
    type: models.TaskType = column("What kind of work it is.")
    priority: models.Priority = column("How soon it matters.")
    due_on: date | None = column("The day by which it is to be done.")
    scheduled_at: datetime | None = column("The instant of its appointment.")
    overdue: bool = sql("Whether its day has passed, in the workspace's time zone, and it is not finished.", OVERDUE)
    assignee: "User | None" = one("Who holds it; null while anybody may claim it.")
    team: "Team | None" = one("The team from whose queue it is claimed; null for everybody.")
    creator: "User | None" = one("Who created it.")
    collaborators: "Connection[User]" = page(
        "Who works on it beside its assignee.", where=participating("COLLABORATOR")
    )
    watchers: "Connection[User]" = page("Who is told what becomes of it.", where=participating("WATCHER"))
    description: str | None = column("What is to be done, at length.", sortable=False)
    purpose: str | None = column("What it is good for.", sortable=False)
    outcome: str | None = column("What came of it.", sortable=False)
    place: str | None = column("Where, in words.", sortable=False)
    expected_duration: timedelta | None = sql("How long it should take.", duration("{t}.expected_minutes"))
    billable: bool = column("Whether time on it is billed.")
    progress: int | None = sql(
        "Finished subtasks as a share of those not cancelled, in percent, rounded down; null when none counts.",
        PROGRESS,
    )
    progress_by: models.ProgressBy = column("What its subtasks count for in `progress`.")
    parent: "Task | None" = one("The task of which it is a part.")
    subtasks: "Connection[Task]" = page(
        "Its parts, in their order unless `sort` is given.", by="parent", order="position"
    )
    position: Decimal = sql(
        "Its place among its siblings: the greater, the later. It is the task's number until somebody moves it.",
        task_tree.POSITION,
        sortable=True,
    )
    progress_weight: int = column("What it counts for in its parent's progress, where that goes by weight.")
    finish_with_subtasks: bool = column(
        "Whether it is completed, or where its workflow has a review released, once its last open subtask is finished."
    )
    blocked: bool = sql("Whether it waits for a task that is not finished.", BLOCKED)
    blockers: "Connection[Task]" = page("The tasks for which it waits.", where=waits("{parent}", "{t}"))
    blocks: "Connection[Task]" = page("The tasks that wait for it.", where=waits("{t}", "{parent}"))
    checklist: "Connection[ChecklistItem]" = page(
        "Its small steps, in their order unless `sort` is given.", by="task", order="position"
    )
    checklist_total: int = sql("How many lines its checklist has.", CHECKLIST)
    checklist_done: int = sql("How many of them are ticked.", f"{CHECKLIST} and i.ticked_at is not null")
    indicators: "Connection[TaskIndicator]" = page("What is to be captured on it.", by="task")
    links: "Connection[TaskLink]" = page("What it is about.", by="task")
    notes: "Connection[Note]" = page("What people wrote on it.", by="task")
    attachments: "Connection[Attachment]" = page("Files on it.", where=attached("task"))
    attachment_count: int = sql("How many files are on it.", count("task"))
    follow_up_of: "Task | None" = one("The task that it follows.")
    follow_up_visit: "Visit | None" = one("The visit that it follows.")
    follow_up_item: "FollowUpItem | None" = one(
        "The item of the rule by which it follows; null when a person wanted it."
    )
    follow_ups: "Connection[Task]" = page("What follows it.", by="follow_up_of")
    visit: "Visit | None" = one("The visit on which it is done.")
    series: "Series | None" = one("The series that it is an occurrence of.")
    occurrence: str | None = column("Which occurrence of its series: its original local start.", sortable=False)
    custom_type: "CustomTaskType | None" = one("Its type among those of the workspace's own.")
    time_entries: "Connection[TimeEntry]" = page("Time worked on it.", by="task")
    reminders: "Connection[Reminder]" = page("Who is reminded of it, and when.", by="task")
    assignments: "Connection[Assignment]" = page("Every change of hands.", by="task")
    conversions: "Connection[Conversion]" = page("Requests to bill its time.", by="task")
    billables: "Connection[Billable]" = page("What its time was billed as.", by="task")
    timeline: "Connection[TimelineEntry]" = timeline.TASK
    history: "Connection[Event]" = page("Everything that happened to it.", by="subject")
    status_history: "Connection[StatusPeriod]" = page("How long it was in each status.", by="task")
    workflow: str = column("The workflow that it was created with.")
    workflow_version: int = column("The version of that workflow.")
    viewer_actions: list[ViewerAction] = computed(
        "What you may do with it now, by the same rules as the mutations.",
        viewer_actions,
        **{name: f"{{t}}.{name}" for name in task_facts.COLUMNS},
        **task_facts.MORE,
        **loads.OWN,
        ties=task_facts.TIES,
    )
    assigned_at: datetime | None = column("Since when its assignee holds it.")
    started_at: datetime | None = column("When it was started.")
    released_at: datetime | None = column("When it was released.")
    released_by: "User | None" = one("Who released it.")
    finished_at: datetime | None = column("When it was completed, closed or cancelled.")
    finished_by: "User | None" = one("Who completed, closed or cancelled it.")
    version: int = column("Counts changes; give it as expectedVersion.")
    created_at: datetime = column("When it was created.")
    updated_at: datetime = column("When it was last changed.")


@node(models.Assignment, prefix="assign")
class Assignment(Node):
    """One change of hands of a task."""

    task: "Task | None" = one("Which task.")
    sender: "User | None" = one("Who held it before.")
    receiver: "User | None" = one("Who holds it after.")
    actor: "User | None" = one("Who did it; null for the system.")
    how: models.Handover = column("How it changed hands.")
    reason: str | None = column("Why.")
    held_seconds: int | None = column("How long the sender had held it, in seconds.")
    created_at: datetime = column("When.")


@strawberry.type
class TaskQueries:
    """What is to be done."""

    task: "Task | None" = item("One task.")
    tasks: "Connection[Task]" = listing("Tasks that you see; finished ones only when asked for.")
