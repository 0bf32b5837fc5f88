"""Making tasks, linking them, and doing what is done of them."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from sample.client import Client
from sample.company import WORKSPACE, Record
from sample.days import instant, working_day
from sample.office import Office

COPIED = ("title", "type", "priority", "place", "workflow", "progressBy", "progressWeight")
HELD = {"CLAIMED", "STARTED", "RELEASED", "CLOSED", "COMPLETED"}


async def publish(office: Office, name: str, about: Record) -> None:
    """Publish a workflow."""
    await office.admin.do("workflowPublish", name=name, **about)


async def invent(office: Office, key: str, about: Record) -> None:
    """Add a type of tasks."""
    made = await office.admin.do("taskTypeCreate", "taskType { id }", key=key, **about)
    office.types[key] = made["taskType"]["id"]


async def ask_for(office: Office, name: str, about: Record) -> None:
    """Add something that is to be known of tasks."""
    made = await office.admin.do("assessmentIndicatorCreate", "assessmentIndicator { id }", name=name, **about)
    office.indicators[name] = made["assessmentIndicator"]["id"]


async def create(office: Office, row: Record) -> str:
    """The id of a new task, which is also remembered if the data gives it a name."""
    made = await office.creator(row).do("taskCreate", "task { id }", **_content(office, row))
    task: str = made["task"]["id"]
    office.tasks[row.get("id", task)] = task
    return task


async def proceed(office: Office, row: Record, task: str) -> None:
    """Say what a task is about, and bring it to its state."""
    creator = office.creator(row)
    for number, target in enumerate(_targets(office, row)):
        await creator.do("taskLink", taskId=task, targetId=target, primary=number == 0)
    for name in row.get("after", ()):
        await creator.do("taskBlockerAdd", taskId=task, blockerId=office.tasks[name])
    for number, text in enumerate(row.get("checklist", ())):
        await _list(creator, task, text, first=number == 0)
    for name, value in row.get("indicators", {}).items():
        await _measure(creator, task, office.indicators[name], value)
    if row["state"] in HELD:
        await _work(office, row, task)
    if "outcome" in row:
        await creator.do("taskUpdate", taskId=task, outcome=row["outcome"])
    if row["state"] == "CLOSED":
        lead = office.acting[office.leads[office.team(row) or ""]]
        await lead.do("taskClose", taskId=task)
    if row["state"] == "CANCELLED":
        await creator.do("taskCancel", taskId=task, reason=row["reason"])


def _content(office: Office, row: Record) -> dict[str, Any]:
    """The input of `taskCreate`, but for what is absent."""
    team, content = office.team(row), {name: row.get(name) for name in COPIED}
    content["customTypeId"] = office.types[row["of"]] if "of" in row else None
    content["dueOn"] = working_day(office.today, row["due"]).isoformat()
    content["teamId"] = office.teams[team] if team else None
    content["parentId"] = office.tasks[row["parent"]] if "parent" in row else None
    content["visitId"] = office.visits[row["visit"]] if "visit" in row else None
    content["expectedDuration"] = f"PT{row['minutes']}M" if "minutes" in row else None
    if "scheduled" in row:
        day = working_day(office.today, row["scheduled"])
        content["scheduledAt"] = instant(day, row["at"], WORKSPACE["time_zone"]).isoformat()
    return content


def _targets(office: Office, row: Record) -> Iterator[str]:
    """What the task is about, the primary record first."""
    if name := row.get("customer"):
        yield office.customers[name]
        yield office.location(row)
        if "person" in row:
            yield office.contacts[name, row["person"]]
    if "about" in row:
        yield office.records[row["about"]]


async def _list(creator: Client, task: str, text: str, *, first: bool) -> None:
    """Add a line to the checklist."""
    made = await creator.do("checklistItemCreate", "checklistItem { id }", taskId=task, text=text, required=first)
    if first:
        await creator.do("checklistItemTick", checklistItemId=made["checklistItem"]["id"])


async def _measure(creator: Client, task: str, indicator: str, value: Record) -> None:
    """Have an indicator captured, and capture it if there is a value."""
    wanted = {"taskId": task, "assessmentIndicatorId": indicator, "required": True}
    made = await creator.do("taskIndicatorAdd", "taskIndicator { id }", **wanted)
    if value:
        await creator.do("taskIndicatorCapture", taskIndicatorId=made["taskIndicator"]["id"], **value)


async def _work(office: Office, row: Record, task: str) -> None:
    """The holder's part."""
    holder, state = office.acting[office.holder(row)], row["state"]
    await holder.do("taskClaim", taskId=task, start=state != "CLAIMED")
    for number, minutes in enumerate(row.get("worked", ())):
        day = working_day(office.today, min(row["due"], -1) - number).isoformat()
        await holder.do("timeEntryCreate", taskId=task, minutes=minutes, workedOn=day)
    if row.get("timer"):
        await holder.do("timeEntryStart", taskId=task)
    if state in {"RELEASED", "CLOSED"}:
        await holder.do("taskRelease", taskId=task)
    if state == "COMPLETED":
        await holder.do("taskComplete", taskId=task)


async def remind(office: Office, row: Record) -> None:
    """Let somebody be told of a task."""
    about = {"taskId": office.tasks[row["task"]]} | {name: row[name] for name in row.keys() - {"task", "user"}}
    if row["anchor"] == "NOW":
        about |= {"anchor": "INSTANT", "remindAt": datetime.now(UTC).isoformat()}
    await office.acting[row["user"]].do("reminderCreate", **about)
