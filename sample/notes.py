"""Writing notes."""

import re

from sample.company import Record
from sample.office import Office


async def write(office: Office, row: Record) -> None:
    """Let somebody write on a record."""
    known = {"task": office.tasks, "customer": office.customers, "visit": office.visits}
    (subject,) = (ids[row[kind]] for kind, ids in known.items() if kind in row)
    text = re.sub(r"@(\w+)", lambda found: f"@[{office.people[found[1]]}]", row["text"])
    await office.acting[row["by"]].do("noteCreate", subjectId=subject, text=text, kind=row.get("kind"))
