"""Workflows: which steps tasks take, and for whom; publishing them and choosing among them."""

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

import strawberry

import models
from domain import workflow, workflows
from domain.relations import Relation
from domain.workflow import Guard
from domain.workflow_tables import BUILT_IN
from schema.compiler.fields import Connection, Node, changed, column, embed, item, listing, node, one, page, sql
from schema.context import Info
from schema.enums import enum
from schema.inputs import idempotency_key, key, once
from schema.mutation import mutation
from schema.payload import Payload

if TYPE_CHECKING:
    from schema.accounts import User
    from schema.history import Event

enum(
    Relation,
    ASSIGNEE="Whoever holds it.",
    CREATOR="Whoever created it.",
    REACH="A supervisor of its team or of one above, or an admin.",
)
enum(
    Guard,
    SUBTASKS_DONE="All its subtasks are finished.",
    BLOCKERS_DONE="All tasks for which it waits are finished.",
    CHECKLIST_DONE="What its checklist requires is ticked.",
    INDICATORS_CAPTURED="All indicators that it requires are captured.",
    OUTCOME_GIVEN="Its outcome is given.",
    NOT_RELEASER="Whoever takes the step is not who released the task.",
)
BUILT_IN_NAMES = ", ".join(map(repr, BUILT_IN))


@strawberry.type(description="A step of a workflow: it leads tasks from some statuses to another one.")
class WorkflowStep:
    """One row of the table."""

    name: str = strawberry.field(description="Its name, as `taskStep` takes it.")
    from_: list[models.TaskStatus] = strawberry.field(name="from", description="The statuses in which it can be taken.")
    to: models.TaskStatus = strawberry.field(description="The status to which it leads.")
    roles: list[models.Role] = strawberry.field(description="The roles that may take it.")
    relations: list[Relation] = strawberry.field(
        description="How one of that role must stand to the task: in one of these ways."
    )
    guards: list[Guard] = strawberry.field(description="What else must hold; all failures are told at once.")
    reason_required: bool = strawberry.field(description="Whether whoever takes it must say why.")


@node(models.WorkflowVersion, prefix="flow")
class Workflow(Node):
    """One version of a workflow, which never changes; a task keeps to the version that it was created with."""

    name: str = column("Its name, as `taskCreate` takes it.")
    version: int = column("Its version: 1, 2 and so on.")
    steps: list[WorkflowStep] = embed(
        "Its steps, in the order in which they were published.",
        rows="jsonb_array_elements({t}.definition -> 'steps') s",
        **{"from": "s.value -> 'from'", "to": "s.value ->> 'to'", "name": "s.value ->> 'name'"},
        **{name: f"s.value -> '{name}'" for name in ("roles", "relations", "guards", "reasonRequired")},
    )
    editable_by: list[Relation] = sql("Who edits all content of its tasks.", "{t}.definition -> 'editors'")
    plannable_by: list[Relation] = sql(
        "Who edits their priority, dates and notes besides.", "{t}.definition -> 'planners'"
    )
    built_in: bool = sql("Whether every workspace has it, for ever.", f"{{t}}.name in ({BUILT_IN_NAMES})")
    offered: bool = sql(
        "Whether new tasks can get it: it is the newest version, and not retired.",
        "{t}.retired_at is null and not exists (select from workflows n where n.workspace_id = {t}.workspace_id"
        " and n.name = {t}.name and n.version > {t}.version)",
    )
    is_default: bool = sql(
        "Whether new tasks get its newest version unless they or their types say otherwise.",
        "exists (select from workspaces w where w.id = {t}.workspace_id and w.workflow = {t}.name)",
    )
    publisher: "User | None" = one("Who published it; null for a built-in one.")
    history: "Connection[Event]" = page("What happened to it.", by="subject")
    created_at: datetime = column("When it was published.")
    retired_at: datetime | None = column("Since when no new task gets it.")


@strawberry.input(description="A step of a workflow.")
class WorkflowStepInput:
    """What a `workflow.Row` is made of."""

    name: str = strawberry.field(
        description="Its name, up to 40 capital letters, digits and _, as in SEND_BACK. START, RELEASE, CLOSE, "
        "COMPLETE, CANCEL and REJECT mean the same in every workflow, and have mutations of their own."
    )
    from_: list[models.TaskStatus] = strawberry.field(name="from", description="The statuses in which it can be taken.")
    to: models.TaskStatus = strawberry.field(description="The status to which it leads.")
    relations: list[Relation] = strawberry.field(
        description="How whoever takes it must stand to the task: in one of these ways."
    )
    roles: list[models.Role] = strawberry.field(
        description="The roles that may take it; all unless given.",
        default_factory=lambda: [models.Role.REP, models.Role.SUPERVISOR, models.Role.ADMIN],
    )
    guards: list[Guard] = strawberry.field(description="What else must hold.", default_factory=list)
    reason_required: bool = strawberry.field(description="Whether whoever takes it must say why.", default=False)


@strawberry.input(description="A workflow to publish, or its next version.")
class WorkflowPublishInput:
    """What `workflows.publish` takes."""

    name: str = strawberry.field(description="Its name, up to 40 characters; that of an older version makes the next.")
    steps: list[WorkflowStepInput] = strawberry.field(description="Its steps, at most 50.")
    editable_by: list[Relation] = strawberry.field(description="Who edits all content of its tasks.")
    plannable_by: list[Relation] = strawberry.field(
        description="Who edits their priority, dates and notes besides.", default_factory=list
    )
    idempotency_key: str | None = idempotency_key()


@strawberry.input(description="Which workflow no new task is to get.")
class WorkflowRetireInput:
    """What `workflows.retire` takes."""

    workflow_id: UUID = key("Any version of the workflow.", "Workflow")


@strawberry.input(description="Which workflow new tasks are to get.")
class WorkflowSetDefaultInput:
    """What `workflows.set_default` takes."""

    workflow_id: UUID = key("Any version of the workflow; new tasks get the newest.", "Workflow")


@strawberry.type(description="What became of `workflowPublish`.")
class WorkflowPublishPayload(Payload):
    """What `workflowPublish` answers."""

    workflow: UUID | None = changed("The new version; null when it was refused.", Workflow)


@strawberry.type(description="What became of `workflowRetire`.")
class WorkflowRetirePayload(Payload):
    """What `workflowRetire` answers."""

    workflow: UUID | None = changed("The workflow as it is now.", Workflow)


@strawberry.type(description="What became of `workflowSetDefault`.")
class WorkflowSetDefaultPayload(Payload):
    """What `workflowSetDefault` answers."""

    workflow: UUID | None = changed("The workflow as it is now.", Workflow)


@strawberry.type
class WorkflowQueries:
    """Which steps tasks take."""

    workflow: "Workflow | None" = item("One version of a workflow.")
    workflows: "Connection[Workflow]" = listing("Every version of every workflow, the built-in ones too.")


@strawberry.type
class WorkflowMutations:
    """Publishing workflows, and choosing among them."""

    @mutation
    async def workflow_publish(self, info: Info, input: WorkflowPublishInput) -> WorkflowPublishPayload:
        """Publish a workflow, or its next version, which only new tasks get; it never changes afterwards."""
        rows = tuple(_row(each) for each in input.steps)
        flow = workflow.Workflow(input.name, 0, rows, tuple(input.editable_by), tuple(input.plannable_by))
        made = await workflows.publish(flow, by=info.context.by, once=once(input))
        return WorkflowPublishPayload(workflow=made)

    @mutation
    async def workflow_retire(self, info: Info, input: WorkflowRetireInput) -> WorkflowRetirePayload:
        """Let no new task get a workflow, in any of its versions, until it is published again."""
        await workflows.retire(input.workflow_id, by=info.context.by)
        return WorkflowRetirePayload(workflow=input.workflow_id)

    @mutation
    async def workflow_set_default(self, info: Info, input: WorkflowSetDefaultInput) -> WorkflowSetDefaultPayload:
        """Let new tasks of the workspace get a workflow, in its newest version, unless they say otherwise."""
        await workflows.set_default(input.workflow_id, by=info.context.by)
        return WorkflowSetDefaultPayload(workflow=input.workflow_id)


def _row(given: WorkflowStepInput) -> workflow.Row:
    return workflow.Row(
        given.name,
        frozenset(given.from_),
        given.to,
        tuple(given.relations),
        frozenset(given.roles),
        tuple(given.guards),
        given.reason_required,
    )
