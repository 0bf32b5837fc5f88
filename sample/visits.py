"""Planning visits, and making those that are over."""

from datetime import timedelta

from sample.company import WORKSPACE, Record
from sample.days import instant, working_day
from sample.office import Office


async def create(office: Office, row: Record) -> None:
    """Plan a visit, and remember it."""
    start = instant(working_day(office.today, row["day"]), row["at"], WORKSPACE["time_zone"])
    planned = await office.creator(row).do(
        "visitCreate",
        "visit { id }",
        locationId=office.location(row),
        plannedStart=start.isoformat(),
        plannedEnd=(start + timedelta(minutes=row["minutes"])).isoformat(),
        assigneeId=office.people[office.holder(row)],
        teamId=office.teams[office.team(row) or ""],
        purpose=row["purpose"],
    )
    office.visits[row["id"]] = planned["visit"]["id"]


async def proceed(office: Office, row: Record) -> None:
    """Bring a visit to its status."""
    visit, status, rep = office.visits[row["id"]], row.get("status"), office.acting[office.holder(row)]
    if status == "CANCELLED":
        await office.creator(row).do("visitCancel", visitId=visit, reason=row["reason"])
    if status in {"IN_PROGRESS", "COMPLETED"}:
        await rep.do("visitCheckIn", visitId=visit)
    if status == "COMPLETED":
        await rep.do("visitCheckOut", visitId=visit, outcome=row["outcome"])
