"""The types of the questions, resolved from Tortoise's rows as they are."""

from datetime import date, datetime
from typing import Annotated, Any, Generic, TypeVar

import strawberry

import models
from bench.usual.loaders import Loaders

T = TypeVar("T")
Info = strawberry.Info[Loaders, None]


def one(model: type[Any], column: str) -> Any:
    """Make a field of the row that a column points to."""

    async def resolve(self: Any, info: Info):  # type: ignore[no-untyped-def]  # noqa: ANN202 - the class says it
        return await info.context.one(model, getattr(self, column))

    return strawberry.field(resolver=resolve)


def many(model: type[Any], parent: str) -> Any:
    """Make a field of the first rows that point here."""

    async def resolve(self: Any, info: Info, first: int, include_finished: bool = False):  # type: ignore[no-untyped-def]  # noqa: ANN202
        return Nodes(nodes=await info.context.many(model, parent, self.id, first, all=include_finished))

    return strawberry.field(resolver=resolve)


def typed_id(prefix: str) -> Any:
    """Make the field `id`."""

    def resolve(self: Any) -> strawberry.ID:
        return strawberry.ID(f"{prefix}_{self.id.hex}")

    return strawberry.field(resolver=resolve)


def key() -> Any:
    """Make the field `key`."""

    def resolve(self: Any) -> str:
        return f"T-{self.number}"

    return strawberry.field(resolver=resolve)


@strawberry.type
class Nodes(Generic[T]):
    """A list."""

    nodes: list[T]


@strawberry.type
class Counted:
    """How long a list is."""

    total_count: int


@strawberry.type
class User:
    """A person."""

    name: str
    email: str


@strawberry.type
class Team:
    """A team."""

    name: str


@strawberry.type
class Location:
    """A location."""

    name: str
    city: str | None

    @classmethod
    def is_type_of(cls, row: object, info: object) -> bool:  # noqa: ARG003 - the signature is graphql-core's
        """Tell the members of a union apart."""
        return isinstance(row, models.Location)


@strawberry.type
class Customer:
    """A customer."""

    id: strawberry.ID = typed_id("cust")
    name: str
    reference: str | None
    locations: Nodes[Location] = many(models.Location, "customer_id")
    visits: "Nodes[Visit]" = many(models.Visit, "customer_id")

    @strawberry.field
    async def tasks(self: Any, info: Info) -> Counted:
        """Count the open tasks."""
        return Counted(total_count=await info.context.open_tasks(self.id))

    @classmethod
    def is_type_of(cls, row: object, info: object) -> bool:  # noqa: ARG003 - the signature is graphql-core's
        """Tell the members of a union apart."""
        return isinstance(row, models.Customer)


Target = Annotated[Customer | Location, strawberry.union("Target")]


@strawberry.type
class Visit:
    """A visit."""

    status: str
    planned_start: datetime
    customer: Customer | None = one(models.Customer, "customer_id")
    location: Location | None = one(models.Location, "location_id")
    tasks: "Nodes[Task]" = many(models.Task, "visit_id")


@strawberry.type
class TaskLink:
    """A link."""

    kind: str
    is_primary: bool

    @strawberry.field
    async def target(self: Any, info: Info) -> Target | None:
        """Load what the task is about."""
        if self.customer_id:
            return await info.context.one(models.Customer, self.customer_id)  # type: ignore[no-any-return]
        return await info.context.one(models.Location, self.location_id)  # type: ignore[no-any-return]


@strawberry.type
class TimeEntry:
    """A time entry."""

    started_at: datetime | None
    ended_at: datetime | None
    billable: bool
    note: str | None
    user: User | None = one(models.User, "user_id")


@strawberry.type
class Reminder:
    """A reminder."""

    anchor: str
    status: str
    user: User | None = one(models.User, "user_id")


@strawberry.type
class Assignment:
    """A change of hands."""

    how: str
    created_at: datetime
    receiver: User | None = one(models.User, "receiver_id")


@strawberry.type
class Event:
    """What happened."""

    verb: str
    created_at: datetime
    actor: User | None = one(models.User, "actor_id")


@strawberry.type
class Task:
    """A task."""

    id: strawberry.ID = typed_id("task")
    key: str = key()
    title: str
    status: str
    type: str
    due_on: date | None
    scheduled_at: datetime | None
    description: str | None
    purpose: str | None
    outcome: str | None
    place: str | None
    billable: bool
    workflow: str
    workflow_version: int
    assigned_at: datetime | None
    started_at: datetime | None
    released_at: datetime | None
    finished_at: datetime | None
    version: int
    created_at: datetime
    updated_at: datetime
    assignee: User | None = one(models.User, "assignee_id")
    creator: User | None = one(models.User, "creator_id")
    team: Team | None = one(models.Team, "team_id")
    parent: "Task | None" = one(models.Task, "parent_id")
    visit: Visit | None = one(models.Visit, "visit_id")
    subtasks: "Nodes[Task]" = many(models.Task, "parent_id")
    links: Nodes[TaskLink] = many(models.TaskLink, "task_id")
    time_entries: Nodes[TimeEntry] = many(models.TimeEntry, "task_id")
    reminders: Nodes[Reminder] = many(models.Reminder, "task_id")
    assignments: Nodes[Assignment] = many(models.Assignment, "task_id")
    history: Nodes[Event] = many(models.Event, "subject_id")

    @strawberry.field
    def priority(self: Any) -> str:
        """Name the priority."""
        return str(models.Priority(self.priority).name)
