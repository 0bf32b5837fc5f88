"""What follows when a task or a visit is done: by hand, and by rules."""

from dataclasses import asdict
from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

import strawberry

import models
from domain import follow_ups, tasks
from schema.compiler.fields import Connection, Node, changed, column, listing, node, one, page
from schema.context import Info
from schema.enums import enum
from schema.inputs import expected_version, given, idempotency_key, key, once, optional_key, part
from schema.mutation import mutation
from schema.payload import Payload
from schema.tasks import Task

if TYPE_CHECKING:
    from schema.accounts import User
    from schema.task_types import CustomTaskType

FollowUpTrigger = enum(
    models.FollowUpTrigger,
    TASK="A task that is completed or closed.",
    VISIT="A visit whose rep has checked out.",
)
FollowUpHolder = enum(
    models.FollowUpHolder,
    ASSIGNEE="Whoever held what was done.",
    CREATOR="Whoever created what was done.",
    TEAM="Nobody yet: it waits in the queue of the team, or for everybody where there is none.",
)


@node(models.FollowUpRule, prefix="rule")
class FollowUpRule(Node):
    """Says what follows when a task or a visit is done."""

    name: str = column("What people call it.")
    trigger: models.FollowUpTrigger = column("What must be done.")
    task_type: models.TaskType | None = column("Only after tasks of this type; null for all.")
    custom_type: "CustomTaskType | None" = one(
        "Only after tasks of this type among those of the workspace's own; null for all."
    )
    items: "Connection[FollowUpItem]" = page("The tasks that follow, in order.", by="follow_up_rule", order="place")
    creator: "User | None" = one("Who made it, and is the creator of what follows.")
    ended_at: datetime | None = column("When it was ended; null while it holds.")
    version: int = column("Counts changes; give it as expectedVersion.")
    created_at: datetime = column("When it was made.")
    updated_at: datetime = column("When it was last changed.")


@node(models.FollowUpItem, prefix="follow")
class FollowUpItem(Node):
    """One task that a rule makes."""

    title: str = column("What is to be done.")
    type: models.TaskType = column("What kind of work it is.")
    custom_type: "CustomTaskType | None" = one(
        "Its type among those of the workspace's own; once that is archived, what follows has none."
    )
    priority: models.Priority = column("How soon it matters.")
    description: str | None = column("What is to be done, at length.", sortable=False)
    after_days: int = column("So many days after the trigger it is due, in the workspace's time zone.")
    holder: models.FollowUpHolder = column("Who gets it.")
    place: int = column("Its place in the rule.")
    follow_up_rule: "FollowUpRule | None" = one("Which rule.")
    created_at: datetime = column("When it was made.")


@strawberry.input(description="A task that is to follow another one, which may be finished.")
class TaskFollowUpCreateInput:
    """What `tasks.create` takes."""

    task_id: UUID = key("The task that it follows.", "Task")
    title: str = strawberry.field(description="What is to be done, up to 200 characters.")
    type: models.TaskType = strawberry.field(description="What kind of work it is.", default=models.TaskType.FOLLOW_UP)
    priority: models.Priority | None = part("How soon it matters; MEDIUM unless given.")
    due_on: date | None = part("The day by which it is to be done.")
    assignee_id: UUID | None = optional_key("Who holds it: you or somebody in your reach; null for nobody yet.", "User")
    team_id: UUID | None = optional_key("The team from whose queue it is claimed; the other's unless given.", "Team")
    description: str | None = part("What is to be done, at length, up to 20000 characters.")
    idempotency_key: str | None = idempotency_key()


@strawberry.input(description="One task that a rule makes.")
class FollowUpItemInput:
    """What `follow_ups.rule_create` takes."""

    title: str = strawberry.field(description="What is to be done, up to 200 characters.")
    type: models.TaskType | None = part("What kind of work it is; its custom type's, or FOLLOW_UP, unless given.")
    custom_type_id: UUID | None = optional_key(
        "Its type among those of the workspace's own, whose duration, checklist, reminders and workflow it gets.",
        "CustomTaskType",
    )
    priority: models.Priority | None = part("How soon it matters; its custom type's, or MEDIUM, unless given.")
    description: str | None = part("What is to be done, at length, up to 20000 characters.")
    after_days: int = strawberry.field(
        description="So many days after the trigger it is due, up to 3650; 0 for the same day.", default=0
    )
    holder: models.FollowUpHolder = strawberry.field(description="Who gets it.", default=models.FollowUpHolder.ASSIGNEE)


@strawberry.input(description="What is to follow whenever a task or a visit is done.")
class FollowUpRuleCreateInput:
    """What `follow_ups.rule_create` takes."""

    name: str = strawberry.field(description="What people call it, up to 120 characters.")
    trigger: models.FollowUpTrigger = strawberry.field(description="What must be done.")
    task_type: models.TaskType | None = part("Only after tasks of this type; null for all.")
    custom_type_id: UUID | None = optional_key(
        "Only after tasks of this type among those of the workspace's own; null for all.", "CustomTaskType"
    )
    items: list[FollowUpItemInput] = strawberry.field(description="The tasks that follow, at most 20.")
    idempotency_key: str | None = idempotency_key()


@strawberry.input(description="Which rule holds no longer.")
class FollowUpRuleEndInput:
    """What `follow_ups.rule_end` takes."""

    follow_up_rule_id: UUID = key("The rule.", "FollowUpRule")
    expected_version: int | None = expected_version()


@strawberry.type(description="What became of `taskFollowUpCreate`.")
class TaskFollowUpCreatePayload(Payload):
    """What `taskFollowUpCreate` answers."""

    follow_up: UUID | None = changed("The new task; null when it was refused.", Task)
    task: UUID | None = changed("The task that it follows.", Task)


@strawberry.type(description="What became of `followUpRuleCreate`.")
class FollowUpRuleCreatePayload(Payload):
    """What `followUpRuleCreate` answers."""

    follow_up_rule: UUID | None = changed("The rule; null when it was refused.", FollowUpRule)


@strawberry.type(description="What became of `followUpRuleEnd`.")
class FollowUpRuleEndPayload(Payload):
    """What `followUpRuleEnd` answers."""

    follow_up_rule: UUID | None = changed("The rule as it is now.", FollowUpRule)


@strawberry.type
class FollowUpQueries:
    """What follows by itself."""

    follow_up_rules: "Connection[FollowUpRule] | None" = listing("What follows when tasks and visits are done.")


@strawberry.type
class FollowUpMutations:
    """Letting one thing follow another."""

    @mutation
    async def task_follow_up_create(self, info: Info, input: TaskFollowUpCreateInput) -> TaskFollowUpCreatePayload:
        """Make a task that follows another one, remembers it, and is about the same records."""
        content, by = given(input, tasks.Content.__annotations__), info.context.by
        found = await tasks.create(
            **content, assignee_id=input.assignee_id, follows=input.task_id, by=by, once=once(input)
        )
        return TaskFollowUpCreatePayload(follow_up=found, task=input.task_id)

    @mutation
    async def follow_up_rule_create(self, info: Info, input: FollowUpRuleCreateInput) -> FollowUpRuleCreatePayload:
        """Let tasks follow whenever a task or a visit is done from now on, about the same customer.

        They are made together with what is done, each once.
        """
        about = given(input, follow_ups.About.__annotations__)
        items: list[follow_ups.Item] = [asdict(item) for item in input.items]  # type: ignore[misc]
        rule = await follow_ups.rule_create(about, items, by=info.context.by, once=once(input))
        return FollowUpRuleCreatePayload(follow_up_rule=rule)

    @mutation
    async def follow_up_rule_end(self, info: Info, input: FollowUpRuleEndInput) -> FollowUpRuleEndPayload:
        """Let nothing follow by a rule any more; what has followed stays."""
        await follow_ups.rule_end(input.follow_up_rule_id, by=info.context.by, version=input.expected_version)
        return FollowUpRuleEndPayload(follow_up_rule=input.follow_up_rule_id)
