"""What tasks are about."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Union
from uuid import UUID

import strawberry

import models
from domain import links
from schema.compiler.fields import Node, changed, column, node, one, one_of
from schema.context import Info
from schema.enums import enum
from schema.inputs import Reference, expected_version, key
from schema.mutation import mutation
from schema.payload import Payload
from schema.tasks import Task

if TYPE_CHECKING:
    from schema.customers import Customer
    from schema.locations import Location
    from schema.opportunities import Opportunity
    from schema.tickets import Ticket
    from schema.visits import Visit

LinkKind = enum(
    models.LinkKind,
    INDIVIDUAL="A customer who is a person.",
    ORGANIZATION="A customer that is a company.",
    LOCATION="A customer's location.",
    VISIT="A visit.",
    TICKET="A ticket.",
    OPPORTUNITY="An opportunity.",
)
LinkTarget = Annotated[
    Union["Customer", "Location", "Visit", "Ticket", "Opportunity"],
    strawberry.union("LinkTarget", description="A record that a task can be about."),
]


@node(models.TaskLink, prefix="link")
class TaskLink(Node):
    """Connects a task to a record."""

    kind: models.LinkKind = column("What kind of record.")
    target: LinkTarget | None = one_of(
        "The record.",
        Customer="customer_id",
        Location="location_id",
        Visit="visit_id",
        Ticket="ticket_id",
        Opportunity="opportunity_id",
    )
    customer: "Customer | None" = one("The record, when it is a customer.")
    location: "Location | None" = one("The record, when it is a location.")
    visit: "Visit | None" = one("The record, when it is a visit.")
    ticket: "Ticket | None" = one("The record, when it is a ticket.")
    opportunity: "Opportunity | None" = one("The record, when it is an opportunity.")
    is_primary: bool = column("Whether it is the main thing that the task is about.")
    task: "Task | None" = one("Which task.")
    created_at: datetime = column("When the link was made.")


TARGETS: dict[str, links.Target] = {
    "Customer": models.Customer,
    "Location": models.Location,
    "Visit": models.Visit,
    "Ticket": models.Ticket,
    "Opportunity": models.Opportunity,
}
RECORD = "The record: a customer, a location, a visit, a ticket or an opportunity."


@strawberry.input(description="Which task is about which record.")
class TaskLinkInput:
    """What `links.link` takes."""

    task_id: UUID = key("The task.", "Task")
    target_id: Reference = key(RECORD, *TARGETS)
    primary: bool = strawberry.field(
        description="Whether it is the main thing that the task is about, in the place of another one.", default=False
    )
    expected_version: int | None = expected_version()


@strawberry.input(description="Which task is no longer about which record.")
class TaskUnlinkInput:
    """What `links.unlink` takes."""

    task_id: UUID = key("The task.", "Task")
    target_id: Reference = key(RECORD, *TARGETS)
    expected_version: int | None = expected_version()


@strawberry.type(description="What became of `taskLink`.")
class TaskLinkPayload(Payload):
    """What `taskLink` answers."""

    task: UUID | None = changed("The task as it is now.", Task)
    link: UUID | None = changed("The link; null when it was refused.", TaskLink)


@strawberry.type(description="What became of `taskUnlink`.")
class TaskUnlinkPayload(Payload):
    """What `taskUnlink` answers."""

    task: UUID | None = changed("The task as it is now.", Task)


@strawberry.type
class LinkMutations:
    """Saying what tasks are about."""

    @mutation
    async def task_link(self, info: Info, input: TaskLinkInput) -> TaskLinkPayload:
        """Say that a task is about a record; saying it again changes nothing."""
        by, version, target = info.context.by, input.expected_version, input.target_id
        kind = TARGETS[target.type]
        link = await links.link(input.task_id, kind, target.key, primary=input.primary, by=by, version=version)
        return TaskLinkPayload(task=input.task_id, link=link)

    @mutation
    async def task_unlink(self, info: Info, input: TaskUnlinkInput) -> TaskUnlinkPayload:
        """Say that a task is not about a record; when it was not anyway, nothing changes."""
        by, version, target = info.context.by, input.expected_version, input.target_id
        await links.unlink(input.task_id, TARGETS[target.type], target.key, by=by, version=version)
        return TaskUnlinkPayload(task=input.task_id)
