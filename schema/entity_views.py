"""The tasks that a customer, a location, a ticket or an opportunity shows."""

from enum import Enum
from typing import Any

from schema.compiler.catalog import Wider
from schema.compiler.fields import widened
from schema.enums import enum


class TaskInclude(Enum):
    """Which further tasks a record shows beside those that are linked to itself."""

    LOCATIONS = "LOCATIONS"
    CONTACTS = "CONTACTS"


enum(
    TaskInclude,
    LOCATIONS="Those that are linked to a location of the customer.",
    CONTACTS="Those that are linked to an individual who is a contact of the customer.",
)


def tasks(record: str, *, customer: str) -> Any:
    """Tasks that are linked to a record; `customer` is SQL for the record's customer."""
    return widened(
        f"Tasks that are linked to the {record}.",
        Wider(
            argument="include",
            description="Also tasks that are linked to these; each is there once.",
            choices=TaskInclude,
            own=f"select l.task_id from task_links l where l.{record}_id = {{parent}}.id",
            more={
                "LOCATIONS": "select l.task_id from locations p join task_links l on l.location_id = p.id"
                f" where p.customer_id = {customer}",
                "CONTACTS": "select l.task_id from customers p join task_links l on l.customer_id = p.id"
                f" where p.organization_id = {customer}",
            },
        ),
    )
