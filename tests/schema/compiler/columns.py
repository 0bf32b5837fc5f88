"""What each field of a row is worth, computed from plain rows one at a time."""

import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

from domain import markdown, series_rules, task_facts, task_rules, visit_rules
from domain.columns import camel
from domain.relations import in_reach
from domain.workflow_tables import BUILT_IN
from models import Priority, VisitStatus
from schema.formats import print_duration
from tests.schema.compiler.world import ABOUT, encode

FINAL = {"COMPLETED", "CLOSED", "CANCELLED"}


def snake(name):
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name)


def column(row, name):
    """The column behind a field or the word of a sort."""
    return row[snake(name)]


def length(minutes):
    """Whole minutes."""
    return None if minutes is None else timedelta(minutes=minutes)


def plain(number):
    """A decimal without the zeros at its end."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def money(row, name):
    return row[name] and {"amount": plain(row[name]), "currency": row["currency"]}


def overdue(world, by, row):
    today = world.now.astimezone(ZoneInfo(world.workspaces[by.workspace_id]["time_zone"])).date()
    return row["due_on"] is not None and row["due_on"] < today and row["finished_at"] is None


def children(world, row):
    there = (each for each in world.rows["Task"].values() if each["deletion_id"] is None)
    return [each for each in there if each["parent_id"] == row["id"]]


def ties(world, row):
    """What keeps a task from being deleted."""
    requests = (each for each in world.rows["Conversion"].values() if each["finished_at"] is each["failed_at"] is None)
    running = (each for each in world.rows["TimeEntry"].values() if each["ended_at"] is each["minutes"] is None)
    kinds = {"BILLED": world.rows["Billable"].values(), "REQUESTED": requests, "RUNNING": running}
    tied = {kind: {each["task_id"] for each in found} for kind, found in kinds.items()}
    tasks = sorted(branch(world, row), key=lambda task: task["number"])
    return [f"{kind} T-{task['number']}" for task in tasks for kind, found in tied.items() if task["id"] in found]


def branch(world, row):
    yield row
    for child in children(world, row):
        yield from branch(world, child)


def gone(world, row):
    return world.get("Task", row["task_id"])


def together(world, by, row):
    return sum(task["deletion_id"] == row["id"] for task in world.rows["Task"].values())


def progress(world, by, row):
    counts = {"COUNT": lambda each: 1, "WEIGHT": lambda each: each["progress_weight"]}
    count = counts.get(row["progress_by"], lambda each: each["expected_minutes"] or 0)
    counted = [each for each in children(world, row) if each["status"] != "CANCELLED"]
    done = sum(count(each) for each in counted if each["status"] in {"COMPLETED", "CLOSED"})
    total = sum(map(count, counted))
    return 100 * done // total if total else None


def minutes(world, by, row):
    if row.type == "Billable" or row["minutes"] is not None:
        return row["minutes"]
    return int(((row["ended_at"] or world.now) - row["started_at"]).total_seconds() // 60)


def task_actions(world, by, row):
    open_ = sorted(each["number"] for each in children(world, row) if each["finished_at"] is None)
    holder = world.get("User", row["assignee_id"])
    names = {"assignee_name": holder and holder["name"], "open_subtasks": [f"T-{number}" for number in open_]}
    names["open_blockers"] = [f"T-{each['number']}" for each in blockers(world, row)]
    names["open_checklist"] = [each["text"] for each in checklist(world, row) if each["required"] and not ticked(each)]
    names["open_indicators"] = missing(world, row)
    names |= {"has_outcome": row["outcome"] is not None, "definition": definition(world, row), "ties": ties(world, row)}
    room = {"capacity": by.capacity, "load": load(world, by), "weight": weight(world, row)}
    return actions(task_rules.actions(task_facts.of_columns({**row, **names, **room}, by), by))


def blockers(world, row):
    """The unfinished tasks for which a task waits."""
    found = [world.get("Task", blocker) for task, blocker in world.waiting if task == row["id"]]
    return sorted(
        (each for each in found if each["finished_at"] is each["deletion_id"] is None), key=lambda each: each["number"]
    )


def checklist(world, row):
    found = [each for each in world.rows["ChecklistItem"].values() if each["task_id"] == row["id"]]
    return sorted(found, key=lambda each: each["position"])


def missing(world, row):
    """The names of what must be captured, in the order in which it was added."""
    found = [each for each in world.rows["TaskIndicator"].values() if each["task_id"] == row["id"] and each["required"]]
    wanted = sorted((each for each in found if each["captured_at"] is None), key=lambda each: each["id"])
    return [world.get("AssessmentIndicator", each["indicator_id"])["name"] for each in wanted]


def ticked(item):
    return item["ticked_at"] is not None


def stay(world, by, row):
    return row["left_at"] and row["left_at"] - row["entered_at"]


def definition(world, row):
    """What a task's workflow was published as."""
    pinned = row["workspace_id"], row["workflow"], row["workflow_version"]
    flows = {(w["workspace_id"], w["name"], w["version"]): w["definition"] for w in world.rows["Workflow"].values()}
    return json.dumps(flows[pinned]) if pinned in flows else None


def newest(world, by, row):
    same = (row["workspace_id"], row["name"])
    versions = [w["version"] for w in world.rows["Workflow"].values() if (w["workspace_id"], w["name"]) == same]
    return row["retired_at"] is None and row["version"] == max(versions)


def load(world, by):
    """What a person carries."""
    there = (each for each in world.rows["Task"].values() if each["deletion_id"] is None)
    held = (each for each in there if each["assignee_id"] == by.id)
    return sum(weight(world, each) for each in held if each["status"] in {"PENDING", "IN_PROGRESS"})


def weight(world, row):
    """How much a task counts."""
    kind = world.get("CustomTaskType", row["custom_type_id"])
    if kind and kind["weight"] is not None:
        return kind["weight"]
    where = row["workspace_id"], row["type"]
    weights = {(each["workspace_id"], each["type"]): each["weight"] for each in world.rows["TaskWeight"].values()}
    return weights.get(where, 1)


def unread(world, by, row):
    return sum(
        row["id"] == by.id == each["user_id"]
        and (each["channel"], each["status"], each["read_at"]) == ("IN_APP", "SENT", None)
        for each in world.rows["Notification"].values()
    )


def settings(world, by, row):
    if row["id"] != by.id:
        return None
    known = world.settings.get(row["id"], {"version": 1})
    return {camel(name): known.get(name) for name in ("quiet_from", "quiet_until", "digest_at", "version")}


def choices(world, by, row):
    said = json.loads(world.settings.get(row["id"], {"channels": "{}"})["channels"])
    kinds = ("REMINDER", "MENTION", "UPDATE", "DIGEST", "ESCALATION") if row["id"] == by.id else ()
    return [
        {"kind": kind, "channel": channel, "use": said.get(kind, {}).get(channel, usual)}
        for kind in kinds
        for channel, usual in (
            ("IN_APP", "ALWAYS"),
            ("EMAIL", "ALWAYS" if kind in {"DIGEST", "ESCALATION"} else "ASKED"),
        )
    ]


def wishes(world, by, row):
    """The reminders with which a type's tasks begin."""
    return [
        {camel(name): each[name] for name in each if name != "offset_minutes"}
        | {"offset": print_duration(timedelta(minutes=each["offset_minutes"]))}
        for each in row["reminders"]
    ]


def visit_actions(world, by, row):
    people = {name: row[name] for name in ("creator_id", "assignee_id", "team_id")}
    reach = in_reach(by, **people)
    people.pop("team_id")
    return actions(
        visit_rules.actions(visit_rules.VisitFacts(status=VisitStatus(row["status"]), in_reach=reach, **people), by)
    )


def actions(found):
    return [{"action": each.action, "allowed": each.allowed, "reason": each.reason} for each in found]


def changes(world, by, row):
    """The fields in the order in which PostgreSQL keeps the keys of a document."""
    names = sorted(row["changes"], key=lambda name: (len(name), name))
    return [
        {
            "field": {"due_on": "dueOn", "number": "key"}.get(name, name),
            **dict(zip(("before", "after"), (text(name, each) for each in row["changes"][name]), strict=True)),
            "beforeNode": None,
            "afterNode": None,
        }
        for name in names
    ]


def source(world, by, row):
    return "API_KEY" if row["api_key_id"] else "PERSON" if row["actor_id"] else "WORKER"


def subject(world, by, row):
    kind = row["subject_type"].title().replace("_", "")
    found = None if kind in {"Workflow", "CustomTaskType"} else world.get(kind, row["subject_id"])
    return found if world.sees(by, found) else None


def text(name, value):
    if name == "number" and value is not None:
        return f"T-{value}"
    return {True: "true", False: "false"}[value] if isinstance(value, bool) else None if value is None else str(value)


def html(world, by, row):
    names = {
        user["id"].hex: user["name"]
        for user in world.rows["User"].values()
        if (row["id"], user["id"]) in world.mentions
    }
    return markdown.named(row["html"], names)


def attachment_count(world, by, row):
    key = f"{row.type.lower()}_id"
    return sum(each[key] == row["id"] and each["status"] == "READY" for each in world.rows["Attachment"].values())


def target(world, by, row):
    linked = ("Customer", "Location", "Visit", "Ticket", "Opportunity")
    for type_ in linked if row.type == "TaskLink" else ABOUT.values():
        if (id_ := row[f"{type_.lower()}_id"]) is not None:
            found = world.get(type_, id_)
            return found if world.sees(by, found) else None
    return None


def subtask(each):
    """A task below the occurrences of a series."""
    expected = print_duration(length(each["expected_minutes"]))
    return each | {"priority": Priority(each["priority"]).name, "expectedDuration": expected}


def state(world, by, row):
    """Whether the occurrences of a series are made."""
    said = {"ended_at": "ENDED", "failed_at": "FAILED", "paused_at": "PAUSED"}
    found = next((word for column, word in said.items() if row[column] is not None), None)
    return found or ("ACTIVE" if row["due_at"] else "DONE")


def series_actions(world, by, row):
    people = {name: row[name] for name in ("creator_id", "assignee_id", "team_id")}
    reach = in_reach(by, **people)
    people.pop("team_id")
    known = series_rules.SeriesFacts(**people, in_reach=reach, ended=row["ended_at"] is not None)
    return actions(series_rules.actions(known, by))


def about(world, by, link):
    """What the occurrences of a series are linked to."""
    found = world.get(link["kind"].title(), UUID(link["id"]))
    return {"kind": link["kind"], "target": found if world.sees(by, found) else None}


DAILY = {"every": 1, "unit": "DAY", "on": [], "nth": [], "monthDays": [], "months": [], "until": None, "count": None}
MADE = {
    ("Task", "key"): lambda world, by, row: f"T-{row['number']}",
    ("Task", "overdue"): overdue,
    ("Task", "progress"): progress,
    ("CustomTaskType", "expectedDuration"): lambda world, by, row: length(row["expected_minutes"]),
    ("CustomTaskType", "reminders"): wishes,
    ("CustomTaskType", "requiredFields"): lambda world, by, row: row["required_fields"],
    ("Task", "blocked"): lambda world, by, row: bool(blockers(world, row)),
    ("Task", "checklistTotal"): lambda world, by, row: len(checklist(world, row)),
    ("Task", "checklistDone"): lambda world, by, row: sum(map(ticked, checklist(world, row))),
    ("Task", "viewerActions"): task_actions,
    ("Deletion", "key"): lambda world, by, row: f"T-{gone(world, row)['number']}",
    ("Deletion", "title"): lambda world, by, row: gone(world, row)["title"],
    ("Deletion", "taskCount"): together,
    ("Team", "claimLease"): lambda world, by, row: length(row["claim_lease_minutes"]),
    ("Task", "expectedDuration"): lambda world, by, row: length(row["expected_minutes"]),
    ("Series", "ruleDescription"): lambda world, by, row: "Every day",
    ("Series", "form"): lambda world, by, row: DAILY,
    ("Series", "expectedDuration"): lambda world, by, row: length(row["expected_minutes"]),
    ("Series", "state"): state,
    ("Series", "problem"): lambda world, by, row: row["failed_at"] and row["error"],
    ("Series", "viewerActions"): series_actions,
    ("Series", "rdates"): lambda world, by, row: row["rdates"] or [],
    ("Series", "exdates"): lambda world, by, row: row["exdates"] or [],
    ("Series", "subtasks"): lambda world, by, row: [subtask(each) for each in row["subtasks"]],
    ("Series", "links"): lambda world, by, row: [about(world, by, each) for each in row["links"]],
    ("Series", "reminders"): lambda world, by, row: [
        {"anchor": each["anchor"], "offset": print_duration(length(each["offset_minutes"]))}
        for each in row["reminders"]
    ],
    ("Reminder", "offset"): lambda world, by, row: length(row["offset_minutes"]),
    ("Visit", "viewerActions"): visit_actions,
    ("User", "weeklyTime"): lambda world, by, row: length(row["weekly_minutes"]),
    ("StatusPeriod", "duration"): stay,
    ("Workflow", "steps"): lambda world, by, row: row["definition"]["steps"],
    ("Workflow", "editableBy"): lambda world, by, row: row["definition"]["editors"],
    ("Workflow", "plannableBy"): lambda world, by, row: row["definition"]["planners"],
    ("Workflow", "builtIn"): lambda world, by, row: row["name"] in BUILT_IN,
    ("Workflow", "offered"): newest,
    ("Workflow", "isDefault"): lambda world, by, row: world.workspaces[row["workspace_id"]]["workflow"] == row["name"],
    ("User", "unreadCount"): unread,
    ("User", "notificationSettings"): settings,
    ("User", "notificationChannels"): choices,
    ("User", "isMe"): lambda world, by, row: row["id"] == by.id,
    ("TimeEntry", "minutes"): minutes,
    ("TimeEntry", "running"): lambda world, by, row: row["started_at"] is not None and row["ended_at"] is None,
    ("TimeEntry", "billed"): lambda world, by, row: row["id"] in world.billed,
    ("Rate", "hourly"): lambda world, by, row: money(row, "hourly"),
    ("Billable", "hourly"): lambda world, by, row: money(row, "hourly"),
    ("Billable", "amount"): lambda world, by, row: money(row, "amount"),
    ("Ticket", "key"): lambda world, by, row: f"TK-{row['number']}",
    ("Opportunity", "key"): lambda world, by, row: f"OP-{row['number']}",
    ("Opportunity", "amount"): lambda world, by, row: money(row, "amount"),
    ("Event", "changes"): changes,
    ("Event", "source"): source,
    ("Event", "subject"): subject,
    ("TaskLink", "target"): target,
    ("Note", "subject"): target,
    ("Note", "html"): html,
    ("Attachment", "subject"): target,
    ("Series", "calendarUrl"): lambda world, by, row: f"signed:series:{row['id']}:{by.id}",
    ("Attachment", "url"): lambda world, by, row: row["place"] and f"signed:file:{row['id']}:{by.id}",
    ("Attachment", "thumbnailUrl"): lambda world, by, row: row["thumbnail"] and f"signed:thumbnail:{row['id']}:{by.id}",
    **{(type_, "attachmentCount"): attachment_count for type_ in ABOUT.values()},
}


def value(world, by, row, name):
    """A field's value as filters and sorts compare it."""
    if name == "id":
        return encode(row)
    made = MADE.get((row.type, name))
    found = made(world, by, row) if made else column(row, name)
    return Priority(found).name if name == "priority" and found else found


def printed(world, by, row, name):
    """A field's value as clients see it."""
    found = value(world, by, row, name)
    if (row.type, name) == ("Billable", "quantity"):
        return plain(found)
    if isinstance(found, datetime):
        return found.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
    if isinstance(found, timedelta):
        return print_duration(found)
    if isinstance(found, Decimal):
        return str(found)
    return found.isoformat() if hasattr(found, "isoformat") else found
