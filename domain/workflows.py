"""Publishing workflows, choosing which new tasks get, and finding the one that a task keeps to."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from uuid_utils.compat import uuid7

from domain import workflow_faults
from domain.errors import InvalidInput, NotFound, refuse
from domain.once import Once
from domain.policy import allow
from domain.principal import Principal
from domain.statements import Statement
from domain.work import Work
from domain.workflow import Workflow
from domain.workflow_errors import WorkflowInUse
from domain.workflow_tables import BUILT_IN, plain, read
from models.workflows import WorkflowVersion

_DEFAULT = "select workflow from workspaces where id = $1 for no key update"
_SET_DEFAULT = "update workspaces set workflow = $2 where id = $1"
_LAST = "select coalesce(max(version), 0) as last from workflows where workspace_id = $1 and name = $2"
_OFFERED = """
select version, definition::text from workflows
where workspace_id = $1 and name = $2 and retired_at is null order by version desc limit 1
"""
_TYPES = """
select name from custom_task_types where workspace_id = $1 and workflow = $2 and archived_at is null order by name
"""
_VERSIONS = "select id from workflows where workspace_id = $1 and name = $2 and retired_at is null order by id"


async def publish(flow: Workflow, *, by: Principal, once: Once | None = None) -> UUID:
    """Publish a workflow, or its next version; tasks that keep to an older one go on as they are."""
    allow(by, "workflow_publish")
    flow = replace(flow, name=flow.name.strip())
    refuse(workflow_faults.faults(flow))
    async with Work(by, once=once) as work:
        if work.answer:
            return work.answer
        await default(work)
        (found,) = await work.fetch(_LAST, by.workspace_id, flow.name)
        values: dict[str, Any] = {"name": flow.name, "version": found["last"] + 1, "definition": plain(flow)}
        made = await work.create(WorkflowVersion, "published", publisher_id=by.id, **values)
        return await work.answers(made.id)


async def retire(workflow_id: UUID, *, by: Principal) -> None:
    """Let no new task get a workflow, in any of its versions, until it is published again."""
    allow(by, "workflow_retire")
    async with Work(by) as work:
        usual = await default(work)
        flow = await work.load(WorkflowVersion, workflow_id, to="workflow_retire", path=("workflowId",))
        if flow.name in BUILT_IN:
            raise InvalidInput(path=("workflowId",), reason=f"{flow.name} is there in every workspace")
        if flow.name == usual:
            raise WorkflowInUse(path=("workflowId",), workflow=flow.name, places="the workspace")
        if types := [row["name"] for row in await work.fetch(_TYPES, by.workspace_id, flow.name)]:
            raise WorkflowInUse(path=("workflowId",), workflow=flow.name, places=tuple(types))
        found = await work.fetch(_VERSIONS, by.workspace_id, flow.name)
        for each in await work.lock(WorkflowVersion, [row["id"] for row in found]):
            await work.change(each, "retired", retired_at=work.now)


async def set_default(workflow_id: UUID, *, by: Principal) -> None:
    """Let new tasks of the workspace get a workflow, always in its newest version, unless they say otherwise."""
    allow(by, "workflow_set_default")
    async with Work(by) as work:
        usual = await default(work)
        flow = await work.load(WorkflowVersion, workflow_id, to="workflow_set_default", path=("workflowId",))
        if flow.retired_at is not None:
            raise InvalidInput(path=("workflowId",), reason=f"{flow.name} is retired")
        if flow.name != usual:
            await work.fetch(_SET_DEFAULT, by.workspace_id, flow.name)
            await work.record(flow, "made_default", {"default": [usual, flow.name]})


async def default(work: Work) -> str:
    """The workspace's usual workflow; until whoever asks is done, nobody else changes that, or publishes or retires."""
    (found,) = await work.fetch(_DEFAULT, work.by.workspace_id)
    name: str = found["workflow"]
    return name


async def offered(work: Work, name: str) -> Workflow:
    """The version of a workflow that new tasks get; NOT_FOUND when there is none."""
    if name in BUILT_IN:
        return BUILT_IN[name]
    found = await work.fetch(_OFFERED, work.by.workspace_id, name)
    if not found:
        raise NotFound(path=("workflow",), kind="workflow")
    return read(name, found[0]["version"], found[0]["definition"])


async def seed(work: Work) -> None:
    """Put the built-in workflows into a new workspace, where they are read like published ones."""
    statement, rows = Statement(), _built_in(work.by.workspace_id, list(BUILT_IN.values()))
    await work.fetch(statement.insert(WorkflowVersion, rows), *statement.values)


def _built_in(workspace_id: UUID, flows: Sequence[Workflow]) -> list[dict[str, Any]]:
    return [
        {"id": uuid7(), "workspace_id": workspace_id, "name": f.name, "version": f.version, "definition": plain(f)}
        for f in flows
    ]
