"""Workflows that a workspace publishes: what is wrong with one, which tasks get it, and what it lets people do."""

import asyncio

import orjson
import pytest

from domain import lifecycle, ownership, tasks, workflow_tables, workflows
from domain.relations import Relation
from domain.workflow import Row
from domain.workflow_faults import faults
from domain.workflow_tables import BUILT_IN
from models import Event, Role, TaskStatus, WorkflowVersion, Workspace
from tests import make

PENDING, IN_PROGRESS, RELEASED, COMPLETED, CLOSED, CANCELLED = TaskStatus
MINE = (Relation.ASSIGNEE,)
FINISH = Row("FINISH", frozenset({PENDING}), COMPLETED, MINE)


def told(*rows, **more):
    """What is wrong with a workflow of these rows, as paths and codes or reasons."""
    found = faults(make.audit(**({"rows": rows} if rows else {}) | more))
    return [(".".join(error.path), error.facts.get("reason", error.code)) for error in found]


def row(name="FINISH", sources=(PENDING,), target=COMPLETED, relations=MINE, **more):
    return Row(name, frozenset(sources), target, relations, **more)


# Publishing


def test_what_may_be_published_has_no_faults():
    assert told() == []
    assert told(FINISH) == []


@pytest.mark.parametrize("flow", BUILT_IN.values(), ids=lambda flow: flow.name)
def test_a_definition_is_read_as_it_was_written(flow):
    for each in (flow, make.audit()):
        text = orjson.dumps(workflow_tables.plain(each)).decode()
        assert workflow_tables.read(each.name, each.version, text) == each


WRONG = [
    ({"name": ""}, [("name", "REQUIRED")]),
    ({"name": "x" * 41}, [("name", "TOO_LONG")]),
    ({"name": "REVIEWED"}, [("name", "DUPLICATE_VALUE")]),
    ({"editors": ()}, [("editableBy", "REQUIRED")]),
    ({"rows": ()}, [("steps", "REQUIRED"), ("steps", "from PENDING no way leads to an end")]),
    ({"rows": (FINISH,) * 51}, "The number of steps"),
    (
        {"rows": (row("Finish now"), FINISH)},
        [("steps.0.name", "a step's name is of capital letters, digits and single _, as in SEND_BACK")],
    ),
    ({"rows": (row(""),)}, [("steps.0.name", "REQUIRED")]),
    ({"rows": (row("X" * 41),)}, [("steps.0.name", "TOO_LONG")]),
    ({"rows": (row("CLAIM"),)}, [("steps.0.name", "CLAIM is no step but done to every task in the same way")]),
    ({"rows": (FINISH, row("GO", ()))}, [("steps.1.from", "REQUIRED")]),
    (
        {"rows": (FINISH, row("UNDO", (COMPLETED,), PENDING))},
        [("steps.1.from", "COMPLETED is final, and no step leads away from it")],
    ),
    (
        {"rows": (FINISH, row("STAY", (PENDING,), PENDING))},
        [("steps.1.to", "the step leads from PENDING to itself")],
    ),
    ({"rows": (row(relations=()),)}, [("steps.0.relations", "REQUIRED")]),
    ({"rows": (row(roles=frozenset()),)}, [("steps.0.roles", "a step is for reps, supervisors or admins")]),
    (
        {"rows": (row(roles=frozenset({Role.REP, Role.SYSTEM})),)},
        [("steps.0.roles", "a step is for reps, supervisors or admins")],
    ),
    ({"rows": (row("CLOSE"),)}, [("steps.0.to", "CLOSE leads to CLOSED in every workflow")]),
    (
        {"rows": (FINISH, row("START", target=IN_PROGRESS, reason_required=True), row("END", (IN_PROGRESS,)))},
        [("steps.1.reasonRequired", "who claims a task may start it without a reason")],
    ),
    (
        {"rows": (FINISH, row("REJECT", (IN_PROGRESS,), PENDING), row("GO", (PENDING,), IN_PROGRESS))},
        [
            ("steps.1.from", "only what is RELEASED is rejected"),
            ("steps.1.reasonRequired", "nobody is rejected without a reason"),
        ],
    ),
    (
        {"rows": (FINISH, row("FINISH", (PENDING,), CANCELLED))},
        [("steps.1.from", "there is a step FINISH from PENDING already")],
    ),
    ({"rows": (FINISH, row("CLOSE", (RELEASED,), CLOSED))}, [("steps.1.from", "no step leads to RELEASED")]),
    ({"rows": (FINISH, row("GO", (PENDING,), RELEASED))}, [("steps", "from RELEASED no way leads to an end")]),
    (
        {"rows": (row("GO", (PENDING,), IN_PROGRESS), row("BACK", (IN_PROGRESS,), PENDING))},
        [
            ("steps", "from PENDING no way leads to an end"),
            ("steps", "from IN_PROGRESS no way leads to an end"),
        ],
    ),
]


@pytest.mark.parametrize(("change", "expected"), WRONG)
def test_what_is_wrong_with_a_workflow_is_said(change, expected):
    if isinstance(expected, str):
        assert faults(make.audit(**change))[0].facts["what"] == expected
    else:
        assert told(**change) == expected


async def test_all_that_is_wrong_is_said_at_once_and_nothing_is_published(admin, refused):
    flow = make.audit(name=" ", editors=(), rows=(row("claim"), row("CLOSE")))
    async with refused("REQUIRED", "REQUIRED", "INVALID_INPUT", "INVALID_INPUT"):
        await workflows.publish(flow, by=admin)


async def test_each_publication_is_the_next_version_and_the_older_ones_stay(admin, ada):
    keys = [await workflows.publish(make.audit(name=name), by=admin) for name in ("Audit", " Audit ", "Other")]
    rows = [await WorkflowVersion.get(id=key) for key in keys]
    assert [(each.name, each.version, each.publisher_id) for each in rows] == [
        ("Audit", 1, admin.id),
        ("Audit", 2, admin.id),
        ("Other", 1, admin.id),
    ]
    assert [verb for verb, _ in await make.history(keys[0])] == ["published"]
    assert (await make.stored(await make.task(ada, flow="Audit"))).workflow_version == 2


async def test_many_publications_at_once_are_versions_in_a_row(admin):
    await asyncio.gather(*(workflows.publish(make.audit(), by=admin) for _ in range(8)))
    found = await WorkflowVersion.filter(name="Audit").order_by("version").values_list("version", flat=True)
    assert found == list(range(1, 9))


@pytest.mark.parametrize("verb", ["publish", "retire", "set_default"])
async def test_only_admins_say_which_workflows_there_are(verb, admin, sue, refused):
    what = make.audit() if verb == "publish" else await workflows.publish(make.audit(), by=admin)
    async with refused("FORBIDDEN"):
        await getattr(workflows, verb)(what, by=sue)


async def test_every_workspace_has_the_three_built_in_ones(admin):
    rows = await WorkflowVersion.filter(workspace_id=admin.workspace_id)
    found = {each.name: orjson.dumps(each.definition).decode() for each in rows}
    assert {name: workflow_tables.read(name, 1, text) for name, text in found.items()} == BUILT_IN


# Which workflow a task gets


async def test_new_tasks_get_the_workspaces_workflow_in_its_newest_version_and_keep_to_it(admin, ada):
    old = await make.task(ada)
    first = await workflows.publish(make.audit(), by=admin)
    await workflows.set_default(first, by=admin)
    await workflows.set_default(first, by=admin)
    pinned = await make.task(ada)
    await workflows.publish(make.audit(rows=(FINISH,)), by=admin)
    new = await make.task(ada)
    found = [await make.stored(key) for key in (old, pinned, new)]
    assert [(each.workflow, each.workflow_version) for each in found] == [("REVIEWED", 1), ("Audit", 1), ("Audit", 2)]
    assert (await make.history(first))[1:] == [("made_default", {"default": ["REVIEWED", "Audit"]})]


async def test_a_retired_workflow_is_given_to_no_task_and_those_that_have_it_go_on(admin, ada, refused):
    first = await workflows.publish(make.audit(), by=admin)
    key = await make.task(ada, flow="Audit", assignee_id=ada.id)
    second = await workflows.publish(make.audit(rows=(FINISH,)), by=admin)
    await workflows.retire(first, by=admin)
    await workflows.retire(second, by=admin)
    assert await Event.filter(verb="retired").count() == 2
    async with refused("NOT_FOUND"):
        await make.task(ada, flow="Audit")
    async with refused("INVALID_INPUT"):
        await workflows.set_default(second, by=admin)
    await lifecycle.start(key, by=ada)
    await workflows.publish(make.audit(), by=admin)
    assert (await make.stored(await make.task(ada, flow="Audit"))).workflow_version == 3


async def test_what_is_in_use_or_built_in_is_not_retired(admin, refused):
    key = await workflows.publish(make.audit(), by=admin)
    await workflows.set_default(key, by=admin)
    async with refused("WORKFLOW_IN_USE"):
        await workflows.retire(key, by=admin)
    built_in = await WorkflowVersion.get(workspace_id=admin.workspace_id, name="DIRECT")
    async with refused("INVALID_INPUT"):
        await workflows.retire(built_in.id, by=admin)
    await workflows.set_default(built_in.id, by=admin)
    await workflows.retire(key, by=admin)


async def test_of_retiring_and_choosing_at_once_one_wins(admin):
    for _ in range(5):
        key = await workflows.publish(make.audit(), by=admin)
        found = await asyncio.gather(
            workflows.retire(key, by=admin), workflows.set_default(key, by=admin), return_exceptions=True
        )
        assert len([each for each in found if each]) == 1
        usual = (await Workspace.get(id=admin.workspace_id)).workflow
        row = await WorkflowVersion.get(id=key)
        assert (usual == "Audit") is (row.retired_at is None)
        await workflows.set_default((await WorkflowVersion.get(name="REVIEWED")).id, by=admin)
        if row.retired_at is None:
            await workflows.retire(key, by=admin)


# What it lets people do


@pytest.fixture
async def audited(admin, ada, team):
    """A task of Ada's that keeps to it."""
    await workflows.publish(make.audit(), by=admin)
    return await make.task(ada, flow="Audit", assignee_id=ada.id, team_id=team)


async def test_all_guards_and_the_missing_reason_are_told_together(ada, bob, sue, audited, refused):
    await make.task(ada, parent_id=audited)
    async with refused("OPEN_SUBTASKS", "OUTCOME_MISSING"):
        await lifecycle.release(audited, by=ada)
    async with refused("FORBIDDEN_TRANSITION", "OPEN_SUBTASKS", "OUTCOME_MISSING"):
        await lifecycle.release(audited, by=sue)
    await lifecycle.start(audited, by=ada)
    async with refused("FORBIDDEN_TRANSITION", "REQUIRED") as caught:
        await lifecycle.step(audited, "PARK", reason=" ", by=sue)
    assert caught.value.errors[1].path == ("reason",)


async def test_a_released_task_is_sent_back_with_a_reason_and_released_again(ada, sue, audited, refused):
    await tasks.update(audited, {"outcome": "Half of it"}, by=ada)
    await lifecycle.start(audited, by=ada)
    begun = (await make.stored(audited)).started_at
    await lifecycle.release(audited, by=ada)
    assert (await make.stored(audited)).released_by_id == ada.id
    async with refused("REQUIRED"):
        await lifecycle.reject(audited, reason="", by=sue)
    async with refused("FORBIDDEN_TRANSITION"):
        await lifecycle.reject(audited, reason="Not mine to say", by=ada)
    await lifecycle.reject(audited, reason="The other half?", by=sue)
    task = await make.stored(audited)
    assert (task.status, task.started_at, task.released_at, task.released_by_id) == (IN_PROGRESS, begun, None, None)
    assert (await Event.get(verb="rejected")).reason == "The other half?"
    await lifecycle.release(audited, by=ada)
    await lifecycle.close(audited, by=sue)
    assert (await make.stored(audited)).status is CLOSED


async def test_whoever_released_a_task_does_not_close_it(admin, sue, audited, refused):
    await ownership.assign(audited, sue.id, by=sue)
    await tasks.update(audited, {"outcome": "Done"}, by=sue)
    await lifecycle.release(audited, by=sue)
    async with refused("RELEASED_BY_YOU"):
        await lifecycle.close(audited, by=sue)
    await lifecycle.close(audited, by=admin)


async def test_a_step_of_its_own_is_taken_by_its_name_and_told_by_it(ada, audited):
    await ownership.claim(audited, start=True, by=ada)
    await lifecycle.step(audited, "PARK", reason="Waits for parts", by=ada)
    task = await make.stored(audited)
    assert (task.status, task.started_at) == (PENDING, None)
    event = await Event.get(verb="park")
    assert (event.changes["status"], event.reason) == (["IN_PROGRESS", "PENDING"], "Waits for parts")
    await lifecycle.step(audited, "START", by=ada)
    assert (await make.stored(audited)).status is IN_PROGRESS


async def test_a_step_of_another_workflow_is_none_of_this_one(ada, audited, refused):
    plain = await make.task(ada, assignee_id=ada.id)
    for key, name in ((plain, "PARK"), (plain, "REJECT"), (audited, "COMPLETE"), (audited, "RATE_CREATE")):
        async with refused("ACTION_NOT_IN_WORKFLOW"):
            await lifecycle.step(key, name, reason="x", by=ada)


async def test_a_tree_is_cancelled_as_the_workflow_of_each_says(ada, sue, audited, refused):
    child = await make.task(ada, parent_id=audited, flow="STANDARD")
    async with refused("FORBIDDEN_TRANSITION"):
        await lifecycle.cancel(audited, subtasks=True, by=sue)
    await lifecycle.cancel(audited, subtasks=True, by=ada)
    assert [(await make.stored(key)).status for key in (audited, child)] == [CANCELLED] * 2
