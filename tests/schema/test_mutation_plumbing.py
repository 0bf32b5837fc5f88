"""What all mutations have in common: ids, patches, refusals as data, idempotency, and the cursor of the log."""

import asyncio
from datetime import date

import pytest

from domain import accounts
from models import Event, Scope, Task
from tests import make

ERRORS = "userErrors { code message path } syncCursor"
TASK = f"task {{ id title version }} {ERRORS}"
NOT_A_TASK = "This is not the id of a task. Take it from the `id` field of a task and pass it unchanged."
NOT_A_USER = "This is not the id of a user. Take it from the `id` field of a user and pass it unchanged."
NOT_FOUND = "There is no such task, or you may not see it. Check the id, or ask for access."


async def test_every_wrong_id_of_an_input_is_named_at_once(mutate, ada, id_of):
    input = {"title": "x", "parentId": id_of("user", ada.id), "assigneeId": "user_1"}
    assert await mutate(ada, "taskCreate", TASK, **input) == {
        "task": None,
        "userErrors": [
            {"code": "INVALID_ID", "message": NOT_A_USER, "path": ["assigneeId"]},
            {"code": "INVALID_ID", "message": NOT_A_TASK, "path": ["parentId"]},
        ],
        "syncCursor": None,
    }
    assert await Task.all().count() == 0


@pytest.mark.parametrize(
    "id", ["", "task_", "task_01", "1", "task_" + "g" * 32, "TASK_" + "0" * 32, "task_é" + "0" * 31]
)
async def test_what_is_no_id_is_named_as_such(mutate, ada, id):
    error = {"code": "INVALID_ID", "message": NOT_A_TASK, "path": ["taskId"]}
    assert await mutate(ada, "taskStart", TASK, taskId=id) == {"task": None, "userErrors": [error], "syncCursor": None}


async def test_a_wrong_id_in_a_list_is_named_by_its_place(mutate, admin, ada, team, id_of):
    members = [id_of("user", ada.id), "user_x"]
    input = {"teamId": id_of("team", team), "members": members, "leads": []}
    payload = await mutate(admin, "teamMembersSet", f"team {{ name }} {ERRORS}", **input)
    error = {"code": "INVALID_ID", "message": NOT_A_USER, "path": ["members", "1"]}
    assert payload == {"team": {"name": "North"}, "userErrors": [error], "syncCursor": None}


async def test_an_id_that_may_be_of_several_types_names_them_all(mutate, ada, id_of):
    task = id_of("task", await make.task(ada))
    message = (
        "This is not the id of a customer or location or visit or ticket or opportunity. Take it from the `id` field "
        "of a customer or location or visit or ticket or opportunity and pass it unchanged."
    )
    payload = await mutate(
        ada, "taskLink", "task { id } link { id } userErrors { code message path }", taskId=task, targetId=task
    )
    error = {"code": "INVALID_ID", "message": message, "path": ["targetId"]}
    assert payload == {"task": {"id": task}, "link": None, "userErrors": [error]}


async def test_with_an_executor_or_without_one_the_answer_is_the_same(graphql, ada, bob, id_of):
    mine, theirs = await make.task(ada, assignee_id=ada.id), await make.task(bob, assignee_id=bob.id)
    selection = "{ __typename is: task { id title assignee { name } } userErrors { code message at: path } syncCursor }"
    for id in (id_of("task", mine), id_of("task", theirs), id_of("user", ada.id), ""):
        short, long = [
            await graphql(
                ada, f"mutation ($id: ID!) {{ a: taskClaim(input: {{taskId: $id}}) {way} {selection} }}", id=id
            )
            for way in ("", "@skip(if: false)")
        ]
        assert short == long
        assert short["data"]["a"]["__typename"] == "TaskClaimPayload"


async def test_what_is_absent_and_what_is_invisible_are_the_same(mutate, ada, other, admin, id_of):
    theirs, hidden = (
        await make.task(other),
        await make.task(admin, team_id=await accounts.team_create(name="South", by=admin)),
    )
    error = {"code": "NOT_FOUND", "message": NOT_FOUND, "path": None}
    for key in (theirs, hidden, ada.id):
        payload = await mutate(ada, "taskStart", TASK, taskId=id_of("task", key))
        assert payload == {"task": None, "userErrors": [error], "syncCursor": None}


async def test_a_patch_changes_what_is_given_and_clears_what_is_null(mutate, ada, id_of):
    key = await make.task(ada, title="Before", outcome="Long", due_on=date(2026, 11, 30), purpose="Kept")
    input = {"taskId": id_of("task", key), "title": "After", "outcome": None, "expectedVersion": 1}
    fields = f"task {{ title outcome purpose dueOn version }} {ERRORS}"
    payload = await mutate(ada, "taskUpdate", fields, **input)
    event = await Event.filter(subject_id=key).order_by("-id").first()
    assert payload == {
        "task": {"title": "After", "outcome": None, "purpose": "Kept", "dueOn": "2026-11-30", "version": 2},
        "userErrors": [],
        "syncCursor": id_of("sync", event.id),
    }
    assert (event.verb, event.changes) == ("updated", {"title": ["Before", "After"], "outcome": ["Long", None]})


async def test_all_that_is_wrong_with_a_patch_is_said_at_once(mutate, ada, id_of):
    key = await make.task(ada, title="Before")
    input = {"title": None, "place": "x" * 201}
    payload = await mutate(ada, "taskUpdate", TASK, taskId=id_of("task", key), **input)
    long = "Place has 201 characters; at most 200 fit. Shorten it."
    assert payload == {
        "task": {"id": id_of("task", key), "title": "Before", "version": 1},
        "userErrors": [
            {"code": "REQUIRED", "message": "Title is missing. Give it a value.", "path": ["title"]},
            {"code": "TOO_LONG", "message": long, "path": ["place"]},
        ],
        "syncCursor": None,
    }


async def test_a_change_that_is_none_has_no_cursor(mutate, ada, id_of):
    key = await make.task(ada, title="Same")
    payload = await mutate(ada, "taskUpdate", TASK, taskId=id_of("task", key), title="Same")
    assert payload == {
        "task": {"id": id_of("task", key), "title": "Same", "version": 1},
        "userErrors": [],
        "syncCursor": None,
    }


async def test_an_older_version_is_refused_with_what_is_there_now(mutate, ada, id_of):
    id = id_of("task", await make.task(ada, title="One"))
    await mutate(ada, "taskUpdate", TASK, taskId=id, title="Two")
    payload = await mutate(ada, "taskUpdate", TASK, taskId=id, title="Three", expectedVersion=1)
    message = "This was changed since you read it: it is at version 2, you expected 1. Look again and retry."
    error = {"code": "VERSION_CONFLICT", "message": message, "path": None}
    assert payload == {"task": {"id": id, "title": "Two", "version": 2}, "userErrors": [error], "syncCursor": None}


async def test_the_mutations_of_a_document_are_done_in_order_each_for_itself(graphql, ada, id_of):
    id = id_of("task", await make.task(ada))
    document = """
        mutation ($id: ID!) {
          first: taskClaim(input: {taskId: $id}) { task { version } userErrors { code } syncCursor }
          wrong: taskClose(input: {taskId: $id}) { task { version } userErrors { code } syncCursor }
          last: taskStart(input: {taskId: $id}) { task { version status } userErrors { code } syncCursor }
        }
    """
    answer = (await graphql(ada, document, id=id))["data"]
    cursors = [answer[name].pop("syncCursor") for name in ("first", "wrong", "last")]
    assert answer == {
        "first": {"task": {"version": 2}, "userErrors": []},
        "wrong": {"task": {"version": 2}, "userErrors": [{"code": "INVALID_TRANSITION"}]},
        "last": {"task": {"version": 3, "status": "IN_PROGRESS"}, "userErrors": []},
    }
    events = await Event.all().order_by("-id").limit(2)
    assert cursors == [id_of("sync", events[1].id), None, id_of("sync", events[0].id)]


async def test_the_same_request_sent_again_is_answered_like_the_first(mutate, ada):
    input = {"title": "Once", "idempotencyKey": "k" * 255}
    first = await mutate(ada, "taskCreate", TASK, **input)
    again = await mutate(ada, "taskCreate", TASK, **input)
    assert first["userErrors"] == []
    assert again == {**first, "syncCursor": None}
    assert await Task.all().count() == 1


async def test_another_input_under_the_same_key_is_refused(mutate, ada, bob):
    await mutate(ada, "taskCreate", TASK, title="One", idempotencyKey="k")
    message = "This idempotency key was used for another input. Use a new key for a new request."
    error = {"code": "IDEMPOTENCY_KEY_REUSED", "message": message, "path": None}
    for input in ({"title": "Two"}, {"title": "One", "billable": True}, {"title": "One", "dueOn": "2026-12-01"}):
        payload = await mutate(ada, "taskCreate", TASK, **input, idempotencyKey="k")
        assert payload == {"task": None, "userErrors": [error], "syncCursor": None}
    assert (await mutate(bob, "taskCreate", TASK, title="Two", idempotencyKey="k"))["userErrors"] == []
    assert sorted(await Task.all().values_list("title", flat=True)) == ["One", "Two"]


async def test_a_request_whose_first_one_still_runs_is_refused(mutate, ada, database):
    message = "The first request with this idempotency key is still running. Wait a moment and send the same again."
    error = {"code": "IDEMPOTENCY_IN_PROGRESS", "message": message, "path": None}
    async with database.transaction():
        await database.execute("select pg_advisory_xact_lock(hashtextextended($1, 0))", f"{ada.id}:k")
        payload = await mutate(ada, "taskCreate", TASK, title="One", idempotencyKey="k")
        assert payload == {"task": None, "userErrors": [error], "syncCursor": None}
    assert (await mutate(ada, "taskCreate", TASK, title="One", idempotencyKey="k"))["userErrors"] == []


async def test_of_many_equal_requests_at_once_one_is_done(mutate, ada):
    input = {"title": "Once", "idempotencyKey": "k"}
    payloads = await asyncio.gather(*(mutate(ada, "taskCreate", TASK, **input) for _ in range(8)))
    assert await Task.all().count() == 1
    assert {each["task"]["title"] for each in payloads if each["task"]} == {"Once"}
    codes = {error["code"] for each in payloads for error in each["userErrors"]}
    assert codes <= {"IDEMPOTENCY_IN_PROGRESS"}


@pytest.mark.parametrize(
    ("key", "code", "message"),
    [
        ("k" * 256, "TOO_LONG", "Idempotency key has 256 characters; at most 255 fit. Shorten it."),
        (" ", "INVALID_INPUT", "This value cannot be used: it is empty. Correct it and try again."),
    ],
)
async def test_an_idempotency_key_has_a_length(mutate, ada, key, code, message):
    error = {"code": code, "message": message, "path": ["idempotencyKey"]}
    payload = await mutate(ada, "taskCreate", TASK, title="x", idempotencyKey=key)
    assert payload == {"task": None, "userErrors": [error], "syncCursor": None}


async def test_a_key_for_daily_work_sets_up_nothing(mutate, admin):
    _, secret = await accounts.api_key_create(name="Daily", scopes=[Scope.READ, Scope.WRITE], by=admin)
    input = {"name": "New", "email": "new@acme.example", "role": "REP"}
    payload = await mutate(secret, "userCreate", f"user {{ id }} {ERRORS}", **input)
    message = "This API key lacks the scope ADMIN. Use a key that has it, or sign in."
    error = {"code": "INSUFFICIENT_SCOPE", "message": message, "path": None}
    assert payload == {"user": None, "userErrors": [error], "syncCursor": None}


async def test_null_where_a_patch_takes_none_is_answered_without_a_fault(graphql, admin, id_of):
    customer = await make.customer(admin)
    document = "mutation ($input: CustomerUpdateInput!) { customerUpdate(input: $input) { userErrors { code path } } }"
    input = {"customerId": id_of("cust", customer.id), "billingIncrementMinutes": None}
    answer = await graphql(admin, document, input=input)
    assert answer == {
        "data": {"customerUpdate": {"userErrors": [{"code": "REQUIRED", "path": ["billingIncrementMinutes"]}]}}
    }
