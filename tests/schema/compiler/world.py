"""The whole database as plain rows in memory, and who sees which of them, in the words of the domain."""

import json
from decimal import Decimal
from uuid import UUID

from domain.principal import Principal
from models import Role

TABLES = {
    "Task": "tasks",
    "Assignment": "assignments",
    "ChecklistItem": "checklist_items",
    "AssessmentIndicator": "assessment_indicators",
    "TaskIndicator": "task_indicators",
    "Deletion": "deletions",
    "FollowUpRule": "follow_up_rules",
    "FollowUpItem": "follow_up_items",
    "TaskLink": "task_links",
    "Note": "notes",
    "Attachment": "attachments",
    "Visit": "visits",
    "Customer": "customers",
    "Location": "locations",
    "Ticket": "tickets",
    "Opportunity": "opportunities",
    "User": "users",
    "Team": "teams",
    "Absence": "absences",
    "TaskWeight": "task_weights",
    "CustomTaskType": "custom_task_types",
    "Workflow": "workflows",
    "StatusPeriod": "status_periods",
    "ApiKey": "api_keys",
    "CalendarFeed": "calendar_feeds",
    "Series": "series",
    "Reminder": "reminders",
    "Notification": "notifications",
    "EscalationRule": "escalation_rules",
    "TimeEntry": "time_entries",
    "Rate": "rates",
    "Conversion": "conversions",
    "Billable": "billables",
    "Event": "events",
    "FailedWork": "failed_work",
}
PREFIXES = {
    "Task": "task",
    "Assignment": "assign",
    "ChecklistItem": "check",
    "AssessmentIndicator": "indicator",
    "TaskIndicator": "measure",
    "Deletion": "deletion",
    "FollowUpRule": "rule",
    "FollowUpItem": "follow",
    "TaskLink": "link",
    "Note": "note",
    "Attachment": "file",
    "Visit": "visit",
    "Customer": "cust",
    "Location": "loc",
    "Ticket": "ticket",
    "Opportunity": "opp",
    "User": "user",
    "Team": "team",
    "Absence": "absence",
    "TaskWeight": "weight",
    "CustomTaskType": "type",
    "Workflow": "flow",
    "StatusPeriod": "period",
    "ApiKey": "key",
    "CalendarFeed": "feed",
    "Series": "series",
    "Reminder": "reminder",
    "Notification": "notif",
    "EscalationRule": "escalation",
    "TimeEntry": "time",
    "Rate": "rate",
    "Conversion": "conv",
    "Billable": "bill",
    "Event": "event",
    "FailedWork": "work",
}
TYPES = {prefix: name for name, prefix in PREFIXES.items()}
SUBJECTS = {"TASK": "Task", "VISIT": "Visit", "SERIES": "Series", "NOTE": "Note"}
EVERYBODY = {"Customer", "Location", "User", "Team", "Ticket", "Opportunity", "Absence", "TaskWeight", "Workflow"}
EVERYBODY |= {"EscalationRule", "FollowUpRule", "FollowUpItem", "CustomTaskType", "AssessmentIndicator"}
ON_TASKS = {
    "TaskLink",
    "ChecklistItem",
    "TaskIndicator",
    "Assignment",
    "StatusPeriod",
    "Reminder",
    "Note",
    "Attachment",
}
SEARCHED = {"Task", "Customer", "Location", "User", "Team", "Visit", "Ticket", "Opportunity", "Note"}
PARTS = ("subtasks", "checklist", "links", "reminders")
ABOUT = {
    "task_id": "Task",
    "customer_id": "Customer",
    "visit_id": "Visit",
    "ticket_id": "Ticket",
    "opportunity_id": "Opportunity",
}


class Row(dict):
    """A row that knows its GraphQL type."""

    def __init__(self, type_, values):
        super().__init__(values)
        self.type = type_


class World:
    """All rows by type and id, and those of tables that are no type, as lists."""

    @classmethod
    async def load(cls, connection):
        """Read everything there is."""
        self = cls()
        self.now = await connection.fetchval("select now()")
        self.rows = {}
        for name, table in TABLES.items():
            found = [Row(name, dict(record)) for record in await connection.fetch(f"select * from {table}")]
            self.rows[name] = {row["id"]: row for row in found}
        for event in self.rows["Event"].values():
            event["changes"] = json.loads(event["changes"])
        for flow in self.rows["Workflow"].values():
            flow["definition"] = json.loads(flow["definition"])
        for kind in self.rows["CustomTaskType"].values():
            kind |= {name: json.loads(kind[name]) for name in ("checklist", "reminders")}
        for series in self.rows["Series"].values():
            series |= {name: json.loads(series[name]) for name in PARTS}
        for task in self.rows["Task"].values():
            task["position"] = Decimal(task["number"]) if task["position"] is None else task["position"]
        self.memberships = [dict(record) for record in await connection.fetch("select * from memberships")]
        self.digested = {
            (r["notification_id"], r["task_id"]) for r in await connection.fetch("select * from digest_lines")
        }
        self.settings = {r["user_id"]: dict(r) for r in await connection.fetch("select * from notification_settings")}
        self.mentions = {(r["note_id"], r["user_id"]) for r in await connection.fetch("select * from mentions")}
        self.participants = [dict(record) for record in await connection.fetch("select * from participants")]
        waits = await connection.fetch("select successor_id, predecessor_id from dependencies")
        self.waiting = {(r["successor_id"], r["predecessor_id"]) for r in waits}
        self.billed = {r["time_entry_id"] for r in await connection.fetch("select time_entry_id from billed_entries")}
        self.workspaces = {r["id"]: r for r in await connection.fetch("select * from workspaces")}
        self.searches = {}
        return self

    async def search(self, connection, word):
        """Ask PostgreSQL, which alone can, what a search finds, and how well each row fits."""
        prefixes = " & ".join(f"{part}:*" for part in word.lower().split())
        for name in SEARCHED:
            records = await connection.fetch(
                "select id, round((ts_rank(v, q) + word_similarity($1, search_text))::numeric, 6) as rank"
                f" from (select id, search_text, to_tsvector('simple', search_text) v from {TABLES[name]}) t,"
                " to_tsquery('simple', $2) q where v @@ q or $1 <% search_text",
                word.lower(),
                prefixes,
            )
            self.searches[name, word] = {record["id"]: record["rank"] for record in records}

    def get(self, type_, id_):
        return self.rows[type_].get(id_)

    def below(self, teams):
        """These teams and all below."""
        found = set(teams)
        while more := {t["id"] for t in self.rows["Team"].values() if t["parent_id"] in found} - found:
            found |= more
        return found

    def principal(self, user):
        """A user as whoever acts."""
        mine = [place for place in self.memberships if place["user_id"] == user["id"]]
        leads = {place["team_id"] for place in mine if place["leads"]} if user["role"] == "SUPERVISOR" else set()
        reach = self.below(leads)
        return Principal(
            id=user["id"],
            workspace_id=user["workspace_id"],
            role=Role(user["role"]),
            name=user["name"],
            teams=frozenset(place["team_id"] for place in mine),
            reach=frozenset(reach),
            capacity=user["capacity"],
            people=frozenset(place["user_id"] for place in self.memberships if place["team_id"] in reach),
        )

    # Who sees what

    def sees(self, by, row):
        """Whether a row is there at all for whoever acts."""
        if row is None or row["workspace_id"] != by.workspace_id:
            return False
        if self._is_gone(row):
            return False
        if row.type == "Attachment" and row["status"] != "READY":
            return row["status"] == "STAGED" and row["creator_id"] == by.id and self._about(by, row)
        if row.type == "Notification":
            return row["user_id"] == by.id
        return by.role == "ADMIN" or row.type in EVERYBODY or self._sees(by, row)

    def _is_gone(self, row):
        """Whether it is a deleted task, or hangs on one; what was worked on it and what is told of it stays."""
        task = row if row.type == "Task" else self.get("Task", row.get("task_id")) if row.type in ON_TASKS else None
        return task is not None and task["deletion_id"] is not None

    def _sees(self, by, row):
        if row.type == "Deletion":
            task = self.get("Task", row["task_id"])
            return row["creator_id"] == by.id or (by.role == "SUPERVISOR" and self._holds(by, task, shared=False))
        if row.type in {"Task", "Visit", "Series"}:
            return self._holds(by, row)
        if row.type in {"Note", "Attachment"}:
            return self._about(by, row)
        if row.type in ON_TASKS:
            return self._task(by, row)
        if row.type == "TimeEntry":
            return by.id in {row["user_id"], row["creator_id"]} or self._task(by, row)
        if row.type == "Conversion":
            return row["creator_id"] == by.id or (by.role == "SUPERVISOR" and self._task(by, row))
        if row.type == "Billable":
            return row["user_id"] == by.id or (by.role == "SUPERVISOR" and self._task(by, row))
        if row.type == "Event":
            kind = row["subject_type"]
            if kind in SUBJECTS:
                return self.sees(by, self.get(SUBJECTS[kind], row["subject_id"]))
            return kind in {"CUSTOM_TASK_TYPE", "ASSESSMENT_INDICATOR", "ESCALATION_RULE"} or kind.title() in EVERYBODY
        return row.type in {"ApiKey", "CalendarFeed"} and row["user_id"] == by.id

    def _about(self, by, row):
        return any(self.sees(by, self.get(type_, row[key])) for key, type_ in ABOUT.items() if row[key])

    def _task(self, by, row):
        return self.sees(by, self.get("Task", row["task_id"]))

    def takes_part(self, user, task, part):
        return any((each["user_id"], each["task_id"], each["part"]) == (user, task, part) for each in self.participants)

    def _holds(self, by, row, *, shared=True):
        """Seen by its assignee, its creator, the members of its team, those above, and by all when it has no team."""
        held_by = {row["assignee_id"], row["creator_id"]}
        above = by.role == "SUPERVISOR" and held_by & by.people
        shared = shared and row.type == "Task" and self.takes_part(by.id, row["id"], "COLLABORATOR")
        return (
            shared or row["team_id"] is None or row["team_id"] in by.teams | by.reach or by.id in held_by or bool(above)
        )


def encode(row):
    """The id that clients see."""
    return f"{PREFIXES[row.type]}_{row['id'].hex}"


def decode(text):
    """The type and key in an id; no type for what is no id."""
    prefix, _, digits = text.rpartition("_")
    try:
        return TYPES.get(prefix), UUID(hex=digits)
    except ValueError:
        return None, None
