"""Saying how much people can take on, what tasks count, and who is away."""

from sample.company import Record
from sample.days import working_day
from sample.office import Office


async def limit(office: Office, person: str, workload: Record) -> None:
    """Set what a person can take on."""
    await office.admin.do("userWorkloadUpdate", userId=office.people[person], **workload)


async def weigh(office: Office, type_: str, weight: int) -> None:
    """Set how much tasks of a type count."""
    await office.admin.do("taskWeightSet", type=type_, weight=weight)


async def plan_absence(office: Office, row: Record) -> None:
    """Plan somebody's absence, in their own name."""
    days = {
        name: working_day(office.today, row[day]).isoformat() for name, day in (("startsOn", "from"), ("endsOn", "to"))
    }
    await office.acting[row["user"]].do("absenceCreate", substituteId=office.people[row["substitute"]], **days)
