"""Each mutation of tasks does what it says, or answers why not together with the task as it is now."""

from datetime import UTC, datetime

import pytest

from domain import accounts, ownership
from models import Assignment, Conversion, CustomerKind, Priority, Scope, TaskLink
from tests import make

ERRORS = "userErrors { code message path } syncCursor"
STATE = f"task {{ status assignee {{ name }} version }} {ERRORS}"
SUPERVISOR = "a supervisor of its team or an admin"


@pytest.fixture
def refuses(mutate, id_of, nothing_changed):
    """Expects a mutation to answer this one refusal, and the task as it was."""

    async def refuses(whose, name, key, code, message, *, path=None, **input):
        task = await make.stored(key)
        async with nothing_changed():
            payload = await mutate(whose, name, STATE, taskId=id_of("task", key), **input)
        holder = await task.assignee if task.assignee_id else None
        state = {"status": task.status.value, "assignee": holder and {"name": holder.name}, "version": task.version}
        error = {"code": code, "message": message, "path": path}
        assert payload == {"task": state, "userErrors": [error], "syncCursor": None}

    return refuses


@pytest.fixture
def does(mutate, id_of):
    """Expects a mutation to lead to this status, holder and version, with an event for each version."""

    async def does(whose, name, key, status, holder, version, **input):
        before = len(await make.history(key))
        payload = await mutate(whose, name, STATE, taskId=id_of("task", key), **input)
        told = len(await make.history(key)) - before
        assert told == version - before
        assert (payload.pop("syncCursor") is not None) is (told > 0)
        state = {"status": status, "assignee": holder and {"name": holder}, "version": version}
        assert payload == {"task": state, "userErrors": []}

    return does


# Making and editing


async def test_a_task_is_made_with_all_that_is_said(mutate, ada, team, admin, id_of):
    parent = await make.task(ada, title="Whole")
    customer = await make.customer(admin)
    visit = await make.visit(ada, await make.location(admin, customer))
    input = {
        "title": "Call Ann",
        "type": "CALL",
        "priority": "URGENT",
        "dueOn": "2026-12-01",
        "scheduledAt": "2026-11-30T10:00:00+01:00",
        "assigneeId": id_of("user", ada.id),
        "teamId": id_of("team", team),
        "parentId": id_of("task", parent),
        "visitId": id_of("visit", visit.id),
        "description": "d",
        "purpose": "p",
        "place": "here",
        "expectedDuration": "PT1H30M",
        "billable": False,
        "workflow": "DIRECT",
    }
    fields = """
        key title type priority dueOn scheduledAt assignee { name } team { name } parent { title } visit { id }
        description purpose place expectedDuration billable workflow workflowVersion status creator { name }
        assignments { nodes { how receiver { name } } } version
    """
    payload = await mutate(ada, "taskCreate", f"task {{ {fields} }} userErrors {{ code }}", **input)
    said = {name: value for name, value in input.items() if not name.endswith("Id")}
    assert payload == {
        "userErrors": [],
        "task": {
            **said,
            "key": "T-2",
            "scheduledAt": "2026-11-30T09:00:00.000000Z",
            "assignee": {"name": "Ada Rep"},
            "team": {"name": "North"},
            "parent": {"title": "Whole"},
            "visit": {"id": input["visitId"]},
            "workflowVersion": 1,
            "status": "PENDING",
            "creator": {"name": "Ada Rep"},
            "assignments": {"nodes": [{"how": "CREATED", "receiver": {"name": "Ada Rep"}}]},
            "version": 1,
        },
    }


async def test_a_task_has_defaults(mutate, ada):
    fields = "key type priority status assignee { name } team { name } billable workflow expectedDuration dueOn"
    payload = await mutate(ada, "taskCreate", f"task {{ {fields} }} userErrors {{ code }}", title="Plain")
    assert payload == {
        "userErrors": [],
        "task": {
            "key": "T-1",
            "type": "OTHER",
            "priority": "MEDIUM",
            "status": "PENDING",
            "assignee": None,
            "team": None,
            "billable": True,
            "workflow": "REVIEWED",
            "expectedDuration": None,
            "dueOn": None,
        },
    }


async def test_a_task_that_cannot_be_made_says_why(mutate, ada, bob, other, id_of, nothing_changed):
    missing = "There is no such {}, or you may not see it. Check the id, or ask for access."
    unusable = "This value cannot be used: {}. Correct it and try again."
    cases = [
        ({"title": " "}, "REQUIRED", "Title is missing. Give it a value.", ["title"]),
        ({"title": "x" * 201}, "TOO_LONG", "Title has 201 characters; at most 200 fit. Shorten it.", ["title"]),
        ({"workflow": "NONE"}, "NOT_FOUND", missing.format("workflow"), ["workflow"]),
        ({"teamId": id_of("team", ada.id)}, "NOT_FOUND", missing.format("team"), ["teamId"]),
        ({"visitId": id_of("visit", ada.id)}, "NOT_FOUND", missing.format("visit"), ["visitId"]),
        ({"parentId": id_of("task", await make.task(other))}, "NOT_FOUND", missing.format("task"), ["parentId"]),
        ({"assigneeId": id_of("user", other.id)}, "NOT_FOUND", missing.format("user"), ["assigneeId"]),
        (
            {"assigneeId": id_of("user", bob.id)},
            "FORBIDDEN",
            "You may not give a task to Bob Rep. Those who may: Bob Rep, the supervisors above them and admins.",
            ["assigneeId"],
        ),
        (
            {"expectedDuration": "PT90S"},
            "INVALID_INPUT",
            unusable.format("it is not a whole number of minutes"),
            ["expectedDuration"],
        ),
        (
            {"expectedDuration": "-PT1M"},
            "INVALID_INPUT",
            unusable.format("it must be between nothing and 365 days"),
            ["expectedDuration"],
        ),
    ]
    for input, code, message, path in cases:
        async with nothing_changed():
            payload = await mutate(ada, "taskCreate", f"task {{ id }} {ERRORS}", **{"title": "Fine", **input})
        error = {"code": code, "message": message, "path": path}
        assert payload == {"task": None, "userErrors": [error], "syncCursor": None}


async def test_the_assignee_plans_but_does_not_rewrite(mutate, refuses, bob, sue, team, id_of):
    key = await make.task(sue, title="Sue's", team_id=team)
    await ownership.assign(key, bob.id, by=sue)
    payload = await mutate(
        bob,
        "taskUpdate",
        "task { priority dueOn } userErrors { code }",
        taskId=id_of("task", key),
        priority="HIGH",
        dueOn="2026-12-01",
    )
    assert payload == {"task": {"priority": "HIGH", "dueOn": "2026-12-01"}, "userErrors": []}
    message = "You may not edit title. Those who may: its creator."
    await refuses(bob, "taskUpdate", key, "FORBIDDEN", message, path=["title"], title="Bob's")


async def test_a_task_does_not_come_to_stand_below_itself(refuses, ada, id_of):
    whole = await make.task(ada)
    part = await make.task(ada, parent_id=whole)
    message = "This task would come to stand below itself. Choose a parent that is not below it."
    await refuses(ada, "taskUpdate", whole, "CYCLE_DETECTED", message, path=["parentId"], parentId=id_of("task", part))


# Holding


async def test_claiming_takes_an_unassigned_task_and_starts_it_when_asked(does, ada, team):
    key = await make.task(ada, team_id=team)
    await does(ada, "taskClaim", key, "PENDING", "Ada Rep", 2)
    await does(ada, "taskClaim", key, "PENDING", "Ada Rep", 2)
    await does(ada, "taskClaim", key, "IN_PROGRESS", "Ada Rep", 3, start=True)
    another = await make.task(ada, team_id=team)
    await does(ada, "taskClaim", another, "IN_PROGRESS", "Ada Rep", 2, start=True)


async def test_a_task_that_somebody_holds_cannot_be_claimed(refuses, ada, bob, team):
    key = await make.task(ada, team_id=team)
    await ownership.claim(key, by=ada)
    message = "Ada Rep already holds this task. Take another one, or ask Ada Rep or a supervisor to hand it over."
    await refuses(bob, "taskClaim", key, "ALREADY_CLAIMED", message)
    await refuses(bob, "taskClaim", key, "ALREADY_CLAIMED", message, start=True)


async def test_who_is_not_of_the_team_claims_nothing_of_it(refuses, admin, ada):
    outsider = await make.person(admin)
    key = await make.task(outsider, team_id=await accounts.team_create(name="South", by=admin))
    message = "You may not claim this task. Those who may: the members of its team and those who lead it."
    await refuses(outsider, "taskClaim", key, "FORBIDDEN", message)


async def test_the_next_task_of_a_queue_is_claimed_until_there_is_none(mutate, ada, bob, team, admin, id_of):
    low, high = [await make.task(bob, team_id=team, priority=each) for each in (Priority.LOW, Priority.HIGH)]
    input = {"teamId": id_of("team", team), "start": True, "idempotencyKey": "next"}
    selection = "task { id status assignee { name } } userErrors { code message path }"
    held = {"status": "IN_PROGRESS", "assignee": {"name": "Ada Rep"}}
    for _ in range(2):
        payload = await mutate(ada, "taskClaimNext", selection, **input)
        assert payload == {"task": {"id": id_of("task", high), **held}, "userErrors": []}
    payload = await mutate(ada, "taskClaimNext", selection, **input | {"idempotencyKey": "another"})
    assert payload == {"task": {"id": id_of("task", low), **held}, "userErrors": []}
    payload = await mutate(ada, "taskClaimNext", selection, teamId=input["teamId"])
    message = (
        "Nothing in this queue waits for somebody to take it. Look again later, or take from another team's queue."
    )
    refusal = {"code": "NOTHING_TO_CLAIM", "message": message, "path": None}
    assert payload == {"task": None, "userErrors": [refusal]}
    stranger = await make.person(admin)
    payload = await mutate(stranger, "taskClaimNext", selection, teamId=input["teamId"])
    assert (payload["task"], payload["userErrors"][0]["code"]) == (None, "FORBIDDEN")


async def test_unclaiming_gives_a_task_back_with_the_reason(does, refuses, ada, bob, sue, team):
    key = await make.task(ada, team_id=team)
    await refuses(ada, "taskUnclaim", key, "NOT_CLAIMED", "Nobody holds this task. Claim it first.")
    await ownership.claim(key, by=ada)
    message = "Ada Rep holds this task. Only Ada Rep or a supervisor of its team can give it back."
    await refuses(bob, "taskUnclaim", key, "NOT_HOLDER", message)
    await does(ada, "taskUnclaim", key, "PENDING", None, 3, reason="Ill")
    await ownership.claim(key, by=bob)
    await does(sue, "taskUnclaim", key, "PENDING", None, 5)
    rows = await Assignment.filter(task_id=key).order_by("created_at", "id")
    assert [(row.how.value, row.reason) for row in rows] == [
        ("CLAIMED", None),
        ("UNCLAIMED", "Ill"),
        ("CLAIMED", None),
        ("UNCLAIMED", None),
    ]


async def test_a_supervisor_hands_a_task_to_somebody_or_to_nobody(does, refuses, admin, ada, bob, sue, team, id_of):
    key = await make.task(ada, team_id=team)
    await does(sue, "taskAssign", key, "PENDING", "Bob Rep", 2, assigneeId=id_of("user", bob.id), reason="Yours")
    await does(sue, "taskAssign", key, "PENDING", None, 3, assigneeId=None)
    await does(sue, "taskAssign", key, "PENDING", None, 3)
    message = f"You may not assign this task. Those who may: {SUPERVISOR}."
    await refuses(ada, "taskAssign", key, "FORBIDDEN", message, assigneeId=id_of("user", ada.id))
    missing = "There is no such user, or you may not see it. Check the id, or ask for access."
    nobody = id_of("user", key)
    await refuses(sue, "taskAssign", key, "NOT_FOUND", missing, path=["assigneeId"], assigneeId=nobody)


# From step to step


async def test_a_reviewed_task_is_started_released_and_closed(does, refuses, ada, sue, team):
    key = await make.task(ada, team_id=team)
    who = "START is not yours to take; it is for its assignee. Allowed to you now: RELEASE, CANCEL."
    await refuses(ada, "taskStart", key, "FORBIDDEN_TRANSITION", who)
    await ownership.claim(key, by=ada)
    await does(ada, "taskStart", key, "IN_PROGRESS", "Ada Rep", 3)
    await does(ada, "taskStart", key, "IN_PROGRESS", "Ada Rep", 3)
    early = "CLOSE is not possible while this is IN_PROGRESS. Allowed to you now: nothing."
    await refuses(sue, "taskClose", key, "INVALID_TRANSITION", early)
    lacks = "The workflow REVIEWED has no step COMPLETE. Allowed to you now: RELEASE, CANCEL."
    await refuses(ada, "taskComplete", key, "ACTION_NOT_IN_WORKFLOW", lacks)
    await does(ada, "taskRelease", key, "RELEASED", "Ada Rep", 4)
    mine = f"CLOSE is not yours to take; it is for {SUPERVISOR}. Allowed to you now: nothing."
    await refuses(ada, "taskClose", key, "FORBIDDEN_TRANSITION", mine)
    await does(sue, "taskClose", key, "CLOSED", "Ada Rep", 5)
    await does(sue, "taskClose", key, "CLOSED", "Ada Rep", 5)
    final = "This task is CLOSED, which is final: nothing about it can change. Create a follow-up task instead."
    for name in ("taskStart", "taskRelease", "taskClose", "taskCancel", "taskClaim", "taskUnclaim", "taskAssign"):
        await refuses(ada, name, key, "TASK_FINAL", final)
    await refuses(ada, "taskUpdate", key, "TASK_FINAL", final, title="Late")


async def test_a_standard_task_is_completed(does, ada):
    key = await make.task(ada, flow="STANDARD", assignee_id=ada.id)
    await does(ada, "taskComplete", key, "COMPLETED", "Ada Rep", 2)


async def test_a_task_is_not_released_before_its_parts_are_done(refuses, ada):
    key = await make.task(ada, assignee_id=ada.id)
    for _ in range(2):
        await make.task(ada, parent_id=key)
    message = "These subtasks are still open: T-2, T-3. Finish or cancel them first."
    await refuses(ada, "taskRelease", key, "OPEN_SUBTASKS", message)


async def test_cancelling_takes_what_is_below_along_when_asked(does, mutate, ada, id_of):
    key = await make.task(ada)
    part = await make.task(ada, parent_id=key)
    await does(ada, "taskCancel", key, "CANCELLED", None, 2, subtasks=True, reason="Not needed")
    assert (await make.stored(part)).status == "CANCELLED"
    alone = await make.task(ada)
    below = await make.task(ada, parent_id=alone)
    await does(ada, "taskCancel", alone, "CANCELLED", None, 2)
    assert (await make.stored(below)).status == "PENDING"


# Links


async def test_a_task_is_linked_to_records_one_of_them_primary(mutate, ada, admin, id_of):
    key = await make.task(ada)
    person = await make.customer(admin, kind=CustomerKind.INDIVIDUAL, name="Ann")
    place = await make.location(admin, person, name="Home")
    visit = await make.visit(ada, place)
    fields = f"""
        link {{
          kind isPrimary target {{ ... on Customer {{ name }} ... on Location {{ name }} ... on Visit {{ id }} }}
        }}
        task {{ links {{ totalCount }} }} {ERRORS}
    """
    cases = [
        (id_of("cust", person.id), "INDIVIDUAL", {"name": "Ann"}),
        (id_of("loc", place.id), "LOCATION", {"name": "Home"}),
        (id_of("visit", visit.id), "VISIT", {"id": id_of("visit", visit.id)}),
    ]
    for count, (target, kind, record) in enumerate(cases, 1):
        payload = await mutate(ada, "taskLink", fields, taskId=id_of("task", key), targetId=target, primary=True)
        assert payload.pop("syncCursor") is not None
        assert payload == {
            "link": {"kind": kind, "isPrimary": True, "target": record},
            "task": {"links": {"totalCount": count}},
            "userErrors": [],
        }
    assert await TaskLink.filter(is_primary=True).values_list("kind", flat=True) == ["VISIT"]
    payload = await mutate(ada, "taskLink", fields, taskId=id_of("task", key), targetId=cases[0][0])
    assert (payload["link"]["isPrimary"], payload["syncCursor"]) == (False, None)
    for left in (2, 2):
        selection = "task { links { totalCount } } userErrors { code }"
        payload = await mutate(ada, "taskUnlink", selection, taskId=id_of("task", key), targetId=cases[0][0])
        assert payload == {"task": {"links": {"totalCount": left}}, "userErrors": []}


async def test_a_link_to_nothing_and_one_by_a_stranger_are_refused(mutate, ada, bob, admin, id_of, refuses):
    key = await make.task(ada)
    target = id_of("cust", (await make.customer(admin)).id)
    missing = "There is no such customer, or you may not see it. Check the id, or ask for access."
    nothing = id_of("cust", key)
    await refuses(ada, "taskLink", key, "NOT_FOUND", missing, path=["targetId"], targetId=nothing)
    forbidden = "You may not edit links. Those who may: its creator."
    await refuses(bob, "taskLink", key, "FORBIDDEN", forbidden, targetId=target)
    await refuses(bob, "taskUnlink", key, "FORBIDDEN", forbidden, targetId=target)


# What the workers gave up on


async def test_an_admin_lets_failed_work_be_tried_again(graphql, mutate, admin, ada, sent, id_of):
    task = await make.task(ada)
    failed = {"failed_at": datetime.now(UTC), "error": "No rate.", "attempts": 5, "due_at": None}
    row = await make.row(Conversion, admin, task_id=task, creator_id=ada.id, **failed)
    work = id_of("work", row.id)
    document = "{ failedWork { nodes { id kind attempts error } } }"
    listed = {"id": work, "kind": "CONVERSION", "attempts": 5, "error": "No rate."}
    assert await graphql(admin, document) == {"data": {"failedWork": {"nodes": [listed]}}}
    payload = await mutate(ada, "workRetry", f"work {{ id }} {ERRORS}", workId=work)
    message = "You may not retry failed work. Those who may: admins."
    error = {"code": "FORBIDDEN", "message": message, "path": None}
    assert payload == {"work": None, "userErrors": [error], "syncCursor": None}
    assert await mutate(admin, "workRetry", f"work {{ id }} {ERRORS}", workId=work) == {
        "work": None,
        "userErrors": [],
        "syncCursor": None,
    }
    assert [job.value for job, _ in sent()] == ["CONVERT_TIME"]
    assert await graphql(admin, document) == {"data": {"failedWork": {"nodes": []}}}
    missing = "There is no such failed work, or you may not see it. Check the id, or ask for access."
    payload = await mutate(admin, "workRetry", "userErrors { message }", workId=id_of("work", task))
    assert payload == {"userErrors": [{"message": missing}]}


async def test_a_key_that_may_only_read_sees_every_button_refused(graphql, ada, id_of):
    _, secret = await accounts.api_key_create(name="Reader", scopes=[Scope.READ], by=ada)
    task = id_of("task", await make.task(ada))
    answer = await graphql(secret, "query ($id: ID!) { task(id: $id) { viewerActions { allowed reason } } }", id=task)
    reason = "This API key lacks the scope WRITE. Use a key that has it, or sign in."
    assert answer["data"]["task"]["viewerActions"] == [{"allowed": False, "reason": reason}] * 11
