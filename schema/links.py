"""What tasks are about."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Union

import strawberry

import models
from schema.compiler.fields import Node, column, node, one, one_of
from schema.enums import enum

if TYPE_CHECKING:
    from schema.customers import Customer
    from schema.locations import Location
    from schema.tasks import Task
    from schema.visits import Visit

LinkKind = enum(
    models.LinkKind,
    INDIVIDUAL="A customer who is a person.",
    ORGANIZATION="A customer that is a company.",
    LOCATION="A customer's location.",
    VISIT="A visit.",
)
LinkTarget = Annotated[
    Union["Customer", "Location", "Visit"],
    strawberry.union("LinkTarget", description="A record that a task can be about."),
]


@node(models.TaskLink, prefix="link")
class TaskLink(Node):
    """Connects a task to a record."""

    kind: models.LinkKind = column("What kind of record.")
    target: LinkTarget | None = one_of("The record.", Customer="customer_id", Location="location_id", Visit="visit_id")
    is_primary: bool = column("Whether it is the main thing that the task is about.")
    task: "Task | None" = one("Which task.")
    created_at: datetime = column("When the link was made.")
