"""Who may do what, and who sees what."""

from dataclasses import dataclass
from functools import cache
from string import Formatter
from types import MappingProxyType
from typing import Any

from domain.errors import Forbidden, refuse
from domain.principal import Principal
from models.accounts import Role, Scope


@dataclass(frozen=True, slots=True)
class Sight:
    """Which rows of a table a role sees."""

    where: str
    """An SQL condition with the places `{t}` (the table's alias, a bare word), `{workspace}`, `{me}`, `{teams}` (member
    of or in reach), `{reach}` and `{people}`: parameters of type uuid, and uuid[] where there are many."""
    follows: str | None = None
    """The column that points at a row whose being seen implies that this one is."""


WORKSPACE = "{t}.workspace_id = {workspace}"
MINE = "{t}.user_id = {me}"
NOBODY = "false"
PRESENT = "{t}.status = 'READY' or {t}.status = 'STAGED' and {t}.creator_id = {me}"

_HELD = "{t}.team_id is null or {t}.team_id = any({teams}) or {t}.assignee_id = {me} or {t}.creator_id = {me}"
_HELD_BY_PEOPLE = f"{_HELD} or {{t}}.assignee_id = any({{people}}) or {{t}}.creator_id = any({{people}})"
_PUBLIC = frozenset(
    {
        "absences",
        "assessment_indicators",
        "custom_task_types",
        "customers",
        "escalation_rules",
        "follow_up_rules",
        "locations",
        "memberships",
        "opportunities",
        "task_weights",
        "teams",
        "tickets",
        "users",
        "workflows",
    }
)
_SHARED = (
    " or {t}.id = any(array(select p.task_id from participants p where p.user_id = {me} and p.part = 'COLLABORATOR'))"
)
"""A task on which the viewer collaborates: the list is made once, and an index on ids can answer it."""
_HERE = "{t}.deletion_id is null"
_OF_DELETED = "exists (select from tasks {t}_gone where {t}_gone.id = {t}.task_id and {t}_gone.deletion_id is not null)"
_TASKS = frozenset({"tasks", "task_metrics"})
_HELD_TABLES = _TASKS | {"visits", "series", "deletions"}
_OF_SUBJECTS = frozenset({"notes"})
_PARTS = MappingProxyType(
    {
        "task_links": ("task_id", "tasks"),
        "checklist_items": ("task_id", "tasks"),
        "task_indicators": ("task_id", "tasks"),
        "assignments": ("task_id", "tasks"),
        "status_periods": ("task_id", "tasks"),
        "reminders": ("task_id", "tasks"),
        "participants": ("task_id", "tasks"),
        "mentions": ("note_id", "notes"),
        "follow_up_items": ("follow_up_rule_id", "follow_up_rules"),
        "billed_entries": ("billable_id", "billables"),
    }
)
"""What is seen with one other row: the key that points at it, and its table."""
_OWN = MappingProxyType({"api_keys": MINE, "calendar_feeds": MINE, "rates": NOBODY, "failed_work": NOBODY})
"""What only its owner sees beside admins, or nobody does."""
_MEASURED = MappingProxyType(
    {
        Role.REP: "{t}.assignee_id = {me}",
        Role.SUPERVISOR: "{t}.team_id = any({reach}) or {t}.assignee_id = any({people}) or {t}.assignee_id = {me}",
    }
)
"""Which tasks metrics tell of, all of which are seen: a rep's own, and those of a supervisor's teams and people."""
_SUBJECTS = MappingProxyType({"TASK": "tasks", "VISIT": "visits", "SERIES": "series", "NOTE": "notes"})
_ABOUT = MappingProxyType(
    {
        "task_id": "tasks",
        "customer_id": "customers",
        "visit_id": "visits",
        "ticket_id": "tickets",
        "opportunity_id": "opportunities",
    }
)


@cache
def visible(table: str, role: Role) -> Sight:
    """Which rows of the table, or view, a role sees; every condition keeps to the workspace."""
    if table == "workspaces":
        return Sight("{t}.id = {workspace}")
    if role is Role.SYSTEM:
        return Sight(f"{WORKSPACE} and {_HERE}" if table in _TASKS else WORKSPACE)
    if table in {"notifications", "notification_settings", "stored_answers"}:
        return Sight(f"{WORKSPACE} and {MINE}")
    if table == "digest_lines":
        return Sight(f"{WORKSPACE} and {_exists('notifications', 'notification_id', role)}")
    if table == "attachments":
        about = f"not {_OF_DELETED}" if role is Role.ADMIN else f"({_about(role)})"
        return Sight(f"{WORKSPACE} and ({PRESENT}) and {about}")
    condition, follows = _of_admin(table) if role is Role.ADMIN else _condition(table, role)
    return Sight(f"{WORKSPACE} and ({condition})" if condition else WORKSPACE, follows)


def _of_admin(table: str) -> tuple[str | None, str | None]:
    """What an admin's sight of the table adds to the workspace: nothing of a deleted task, but its time and history."""
    if table in _TASKS:
        return _HERE, None
    if table in _OF_SUBJECTS or _PARTS.get(table) == ("task_id", "tasks"):
        return f"not {_OF_DELETED}", "task_id"
    return None, None


def _condition(table: str, role: Role) -> tuple[str | None, str | None]:
    """What a rep's or a supervisor's sight of the table adds to the workspace, and what it follows."""
    task = _exists("tasks", "task_id", role) if table not in _HELD_TABLES else ""
    if table in _PUBLIC:
        return None, None
    if table in _HELD_TABLES:
        return _held(table, role), None
    if table in _PARTS:
        column, whole = _PARTS[table]
        return _exists(whole, column, role), column
    if table == "dependencies":
        return " and ".join(_exists("tasks", column, role) for column in ("predecessor_id", "successor_id")), None
    if table in _OF_SUBJECTS:
        return _about(role), "task_id"
    if table == "time_entries":
        return f"{MINE} or {{t}}.creator_id = {{me}} or {task}", "task_id"
    if table == "conversions":
        return f"{{t}}.creator_id = {{me}} or {task}" if role is Role.SUPERVISOR else "{t}.creator_id = {me}", None
    if table == "billables":
        return f"{MINE} or {task}" if role is Role.SUPERVISOR else MINE, None
    if table == "events":
        return _events(role), "subject_id"
    if table in _OWN:
        return _OWN[table], None
    raise LookupError(f"Nobody has said who sees {table}.")


def _held(table: str, role: Role) -> str:
    """Who holds or made it decides who sees it, and of a task also who collaborates."""
    if table == "deletions":
        return _deleted(role)
    if table == "task_metrics":
        return f"{_HERE} and ({_MEASURED[role]})"
    held = _HELD_BY_PEOPLE if role is Role.SUPERVISOR else _HELD
    return f"{_HERE} and ({held}{_SHARED})" if table == "tasks" else held


def _deleted(role: Role) -> str:
    """Whoever deleted a task sees that it is, and so does a supervisor who would see the task."""
    mine = "{t}.creator_id = {me}"
    held = _HELD_BY_PEOPLE.replace("{t}", "{t}_gone")
    among = f"exists (select from tasks {{t}}_gone where {{t}}_gone.id = {{t}}.task_id and ({held}))"
    return f"{mine} or {among}" if role is Role.SUPERVISOR else mine


def _exists(table: str, column: str, role: Role) -> str:
    """That the row to which the column points is seen."""
    alias = f"{{t}}_{table}"
    condition = visible(table, role).where.replace("{t}", alias)
    return f"exists (select from {table} {alias} where {alias}.id = {{t}}.{column} and {condition})"


def _about(role: Role) -> str:
    """That the record is seen to which the row belongs."""
    return " or ".join(
        f"{{t}}.{column} is not null" if table in _PUBLIC else _exists(table, column, role)
        for column, table in _ABOUT.items()
    )


def _events(role: Role) -> str:
    """An event is seen by who sees its subject; what concerns keys and rates is for admins."""
    held = (f"{{t}}.subject_type = '{kind}' and {_exists(t, 'subject_id', role)}" for kind, t in _SUBJECTS.items())
    things = "'CUSTOMER', 'LOCATION', 'TICKET', 'OPPORTUNITY', 'ESCALATION_RULE'"
    public = f"'USER', 'TEAM', {things}, 'WORKFLOW', 'CUSTOM_TASK_TYPE', 'ASSESSMENT_INDICATOR'"
    return " or ".join([f"{{t}}.subject_type in ({public})", *held])


def bind(by: Principal, table: str, *, t: str, first: int) -> tuple[str, list[Any]]:
    """What the principal sees of the table, as SQL whose parameters are numbered from `first`, with their values."""
    lists = {"teams": by.teams | by.reach, "reach": by.reach, "people": by.people}
    values = {"workspace": by.workspace_id, "me": by.id} | lists
    where, used = _numbered(table, by.role, t, first)
    return where, [values[name] for name in used]


@cache
def _numbered(table: str, role: Role, t: str, first: int) -> tuple[str, list[str]]:
    where = visible(table, role).where
    used = sorted({name for _, name, _, _ in Formatter().parse(where) if name} - {"t"})
    places = {name: f"${number}" for number, name in enumerate(used, first)}
    return where.format(t=t, **places), used


@dataclass(frozen=True, slots=True)
class Right:
    """Who may do something that depends on nothing but who they are."""

    words: str
    roles: frozenset[Role] = frozenset(Role)
    scope: Scope = Scope.WRITE


_ADMINS = frozenset({Role.ADMIN, Role.SYSTEM})
_LEADERS = _ADMINS | {Role.SUPERVISOR}
RIGHTS = MappingProxyType(
    {
        "user_create": Right("create users", _ADMINS, Scope.ADMIN),
        "team_create": Right("create teams", _LEADERS, Scope.ADMIN),
        "team_members_set": Right("change who is in a team", _LEADERS, Scope.ADMIN),
        "team_queue_update": Right("change how a queue works", _LEADERS),
        "user_workload_update": Right("say how much others can take on", _LEADERS),
        "task_weight_set": Right("say how much tasks count", _ADMINS, Scope.ADMIN),
        "escalation_rule_update": Right("say when overdue tasks are escalated", _ADMINS, Scope.ADMIN),
        "follow_up_rule_create": Right("set rules for what follows", _LEADERS),
        "follow_up_rule_end": Right("set rules for what follows", _LEADERS),
        "rate_create": Right("set rates", _ADMINS, Scope.ADMIN),
        "workflow_publish": Right("publish workflows", _ADMINS, Scope.ADMIN),
        "workflow_retire": Right("retire workflows", _ADMINS, Scope.ADMIN),
        "workflow_set_default": Right("choose the workflow of new tasks", _ADMINS, Scope.ADMIN),
        "task_type_create": Right("set up task types", _ADMINS, Scope.ADMIN),
        "task_type_update": Right("set up task types", _ADMINS, Scope.ADMIN),
        "task_type_archive": Right("set up task types", _ADMINS, Scope.ADMIN),
        "indicator_set_up": Right("set up indicators", _LEADERS),
        "convert": Right("bill time", _LEADERS),
        "retry": Right("retry failed work", _ADMINS, Scope.ADMIN),
    }
)
_ANYONE = Right("do this")


def allow(by: Principal, action: str) -> None:
    """Refuse what a person may not do whatever the row; an action that `RIGHTS` leaves out is open to all who write."""
    right = RIGHTS.get(action, _ANYONE)
    who = "supervisors and admins" if right.roles == _LEADERS else "admins"
    wrong = () if by.role in right.roles else (Forbidden(action=right.words, who=who),)
    refuse((*by.missing(right.scope), *wrong))
