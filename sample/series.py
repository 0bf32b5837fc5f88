"""Letting tasks and visits come again, with what is out of the ordinary."""

from datetime import date, timedelta

from sample.client import Client
from sample.company import WORKSPACE, Record
from sample.days import working_day
from sample.office import Office

REPEATED = ("title", "kind", "type", "rule", "form", "anchor", "purpose", "expectedDuration", "checklist", "reminders")


async def repeat(office: Office, row: Record) -> None:
    """Let something come again, leave out what is skipped, and let it be otherwise from an occurrence on."""
    by: Client = office.creator(row)
    first = working_day(office.today, 1)
    made = await by.do(
        "seriesCreate",
        "series { id }",
        start=_start(row, first),
        timeZone=WORKSPACE["time_zone"],
        teamId=office.teams[row["team"]],
        customerId=office.customers.get(row.get("customer", "")),
        locationId=office.location(row) if row.get("kind") == "VISIT" else None,
        assigneeId=office.people.get(row.get("assignee", "")),
        **{name: row.get(name) for name in REPEATED},
    )
    series = made["series"]["id"]
    for week in row.get("skipped", ()):
        await by.do("seriesSkip", seriesId=series, occurrence=_start(row, first, week))
    if change := row.get("later"):
        values = {name: value for name, value in change.items() if name != "week"}
        whence = {"scope": "THIS_AND_FOLLOWING", "occurrence": _start(row, first, change["week"])}
        await by.do("seriesUpdate", seriesId=series, **whence, **values)


def _start(row: Record, first: date, week: int = 0) -> str:
    """When the occurrence of so many weeks later begins, by the local clock."""
    return f"{first + timedelta(weeks=week)}T{row['at']}:00"
