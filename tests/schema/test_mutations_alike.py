"""What all mutations that set up, plan and track have in common: keys, scopes, versions and workspaces."""

from datetime import date

import pytest

from domain import (
    absences,
    accounts,
    calendars,
    checklists,
    deletions,
    indicators,
    notes,
    opportunities,
    recurrence,
    reminders,
    task_indicators,
    task_types,
    tickets,
    timesheets,
    uploads,
)
from domain.accounts import Scope
from models import Anchor, CustomerKind, IndicatorKind, Task, Team, User
from tests import make
from tests.effort import some
from tests.schema.refusals import ERRORS, codes

pytestmark = [pytest.mark.long, pytest.mark.usefixtures("files")]

START, END = "2026-12-01T09:00:00Z", "2026-12-01T10:00:00Z"
AWAY = date(2026, 11, 2)
THANKS = {"title": "Thanks"}
CALLS = {"title": "Call", "rule": "FREQ=DAILY", "start": "2026-11-23T09:00:00", "time_zone": "UTC"}
PRICE = {"amount": "80", "currency": "USD"}
STEP = {"name": "DONE", "from": ["PENDING"], "to": "COMPLETED", "relations": ["ASSIGNEE"]}
CREATING = {
    "userCreate": ({"name": "Cy Rep", "email": "cy@acme.example", "role": "REP"}, {"name": "Cyd Rep"}),
    "teamCreate": ({"name": "East", "parentId": "{team}"}, {"name": "West"}),
    "apiKeyCreate": ({"name": "CI", "scopes": ["READ"], "userId": "{user}"}, {"scopes": ["WRITE"]}),
    "calendarFeedCreate": ({"name": "Mine"}, {"tasksAs": "TO_DO"}),
    "customerCreate": (
        {"kind": "INDIVIDUAL", "name": "Eve", "organizationId": "{cust}", "salesRepId": "{user}"},
        {"name": "Eva"},
    ),
    "locationCreate": ({"customerId": "{cust}", "name": "Shop"}, {"city": "Bonn"}),
    "ticketCreate": ({"customerId": "{cust}", "subject": "Leak", "ownerId": "{user}"}, {"priority": "HIGH"}),
    "opportunityCreate": (
        {"customerId": "{cust}", "subject": "Lease", "ownerId": "{user}", "amount": PRICE},
        {"amount": {"amount": "81", "currency": "USD"}},
    ),
    "visitCreate": (
        {"locationId": "{loc}", "assigneeId": "{user}", "teamId": "{team}", "plannedStart": START, "plannedEnd": END},
        {"purpose": "Tea"},
    ),
    "seriesCreate": (
        {"title": "Call", "rule": "FREQ=WEEKLY;BYDAY=MO", "start": "2026-11-23T09:00:00", "timeZone": "Europe/Berlin"}
        | {"assigneeId": "{user}", "teamId": "{team}", "customerId": "{cust}", "customTypeId": "{type}"},
        {"rule": "FREQ=DAILY"},
    ),
    "reminderCreate": (
        {"taskId": "{task}", "userId": "{user}", "anchor": "DUE", "offset": "PT1H"},
        {"offset": "PT2H"},
    ),
    "noteCreate": ({"subjectId": "{visit}", "text": "Tea"}, {"text": "Coffee"}),
    "absenceCreate": (
        {"userId": "{user}", "startsOn": "2026-12-21", "endsOn": "2026-12-31", "substituteId": "{user2}"},
        {"endsOn": "2027-01-01"},
    ),
    "checklistItemCreate": ({"taskId": "{task}", "text": "Pack"}, {"text": "Drive"}),
    "assessmentIndicatorCreate": ({"name": "Pressure", "kind": "NUMBER", "unit": "bar"}, {"unit": "psi"}),
    "taskIndicatorAdd": ({"taskId": "{task2}", "assessmentIndicatorId": "{indicator}"}, {"required": True}),
    "attachmentUploadBegin": (
        {"subjectId": "{visit}", "name": "tea.png", "size": 1, "sha256": "0" * 64},
        {"size": 2},
    ),
    "followUpRuleCreate": (
        {"name": "After a visit", "trigger": "VISIT", "items": [THANKS]},
        {"name": "After a call"},
    ),
    "taskCopy": ({"taskId": "{task}", "include": ["LINKS"]}, {"include": []}),
    "taskDelete": ({"taskId": "{task2}"}, {"reason": "A mistake"}),
    "taskRestore": ({"deletionId": "{deletion}"}, {"deletionId": "{deletion2}"}),
    "timeEntryStart": ({"taskId": "{task}"}, {"note": "Tea"}),
    "timeEntryCreate": (
        {"taskId": "{task}", "userId": "{user}", "minutes": 30, "workedOn": "2020-11-20"},
        {"minutes": 31},
    ),
    "rateCreate": ({"hourly": PRICE, "targetId": "{task}"}, {"targetId": "{loc}"}),
    "workflowPublish": ({"name": "Short", "steps": [STEP], "editableBy": ["CREATOR"]}, {"name": "Shorter"}),
    "taskTypeCreate": ({"key": "SURVEY", "name": "Survey"}, {"key": "AUDIT"}),
    "billableConvert": ({"taskId": "{task}"}, {"taskId": "{task2}"}),
}
CHANGING = {
    "seriesUpdate": {"seriesId": "{series}", "assigneeId": "{user}", "teamId": "{team}", "customerId": "{cust}"},
    "seriesSkip": {"seriesId": "{series}", "occurrence": "2026-11-23T09:00:00"},
    "seriesUnskip": {"seriesId": "{series}", "occurrence": "2026-11-23T09:00:00"},
    "seriesPause": {"seriesId": "{series}"},
    "seriesResume": {"seriesId": "{series}"},
    "seriesEnd": {"seriesId": "{series}"},
    "seriesDelete": {"seriesId": "{series}"},
    "teamMembersSet": {"teamId": "{team}", "members": ["{user}"], "leads": []},
    "customerUpdate": {"customerId": "{cust}", "salesRepId": "{user}"},
    "ticketUpdate": {"ticketId": "{ticket}", "ownerId": "{user}"},
    "opportunityUpdate": {"opportunityId": "{opp}", "ownerId": "{user}"},
    "visitCheckIn": {"visitId": "{visit}"},
    "visitCheckOut": {"visitId": "{visit}"},
    "visitCancel": {"visitId": "{visit}"},
    "timeEntryStop": {"timeEntryId": "{time}"},
    "absenceUpdate": {"absenceId": "{absence}", "endsOn": "2026-12-30"},
    "absenceDelete": {"absenceId": "{absence}"},
    "checklistItemUpdate": {"checklistItemId": "{check}", "text": "Pack it"},
    "checklistItemTick": {"checklistItemId": "{check}"},
    "checklistItemUntick": {"checklistItemId": "{check}"},
    "checklistItemMove": {"checklistItemId": "{check}"},
    "checklistItemDelete": {"checklistItemId": "{check}"},
    "assessmentIndicatorUpdate": {"assessmentIndicatorId": "{indicator}", "name": "Heat"},
    "assessmentIndicatorArchive": {"assessmentIndicatorId": "{indicator}"},
    "taskIndicatorCapture": {"taskIndicatorId": "{measure}", "number": "3.5"},
    "taskIndicatorRemove": {"taskIndicatorId": "{measure}"},
    "teamQueueUpdate": {"teamId": "{team}", "claimLease": "PT1H"},
    "taskTypeUpdate": {"taskTypeId": "{type}", "name": "Survey"},
    "taskTypeArchive": {"taskTypeId": "{type}"},
    "userWorkloadUpdate": {"userId": "{user}", "capacity": 5},
    "noteUpdate": {"noteId": "{note}", "text": "Coffee"},
    "noteDelete": {"noteId": "{note}"},
    "reminderUpdate": {"reminderId": "{reminder}", "days": 2},
    "reminderDelete": {"reminderId": "{reminder}"},
}
ALL = {name: input for name, (input, _) in CREATING.items()} | CHANGING
ALL |= {name: {"attachmentId": "{file}"} for name in ("attachmentUploadComplete", "attachmentDelete")}
ALL |= {
    "calendarFeedRevoke": {"calendarFeedId": "{feed}"},
    "apiKeyRevoke": {"apiKeyId": "{key}"},
    "taskWeightSet": {"type": "DEMO", "weight": 2},
    "escalationRuleUpdate": {"afterWorkingHours": 4},
}
REFERENCES = [
    (name, field)
    for name, input in ALL.items()
    for field, value in input.items()
    if "{" in str(value)[:3] and value not in (PRICE, [STEP], [THANKS])
]
ANSWERS = {
    "billableConvert": "conversion",
    "timeEntryStart": "timeEntry",
    "timeEntryStop": "timeEntry",
    "taskCopy": "copy",
    "taskDelete": "deletion",
    "taskRestore": "task",
    "notificationsReadAll": "viewer",
    "notificationSettingsUpdate": "viewer",
}


async def world(by, id_of):
    """One of everything in a workspace, by the prefixes of their ids."""
    customer = await make.customer(by, kind=CustomerKind.ORGANIZATION)
    location = await make.location(by, customer)
    task, task2 = await make.task(by), await make.task(by)
    key, _ = await accounts.api_key_create(name="CI", scopes=[Scope.READ], by=by)
    feed, _ = await calendars.feed_create(name="Mine", by=by)
    rows = {
        "cust": customer.id,
        "loc": location.id,
        "visit": (await make.visit(by, location)).id,
        "ticket": await tickets.create(customer.id, subject="Leak", by=by),
        "opp": await opportunities.create(customer.id, subject="Lease", by=by),
        "team": (await Team.get(workspace_id=by.workspace_id)).id,
        "user": (await User.get(workspace_id=by.workspace_id, name="Bob Rep")).id,
        "task": task,
        "absence": await absences.create(starts_on=AWAY, ends_on=AWAY, by=by),
        "time": await timesheets.create(task, minutes=5, worked_on="2020-11-20", by=by),
        "key": key,
        "feed": feed,
        "file": await uploads.begin(Task, task, name="tea.png", size=1, sha256="0" * 64, by=by),
        "note": await notes.create(Task, task, text="Tea", by=by),
        "type": await task_types.create("VISIT", name="Visit", by=by),
        "indicator": (indicator := await indicators.create(IndicatorKind.NUMBER, name="Noise", by=by)),
        "measure": await task_indicators.add(task, indicator, by=by),
        "check": await checklists.create(task, text="Pack", by=by),
        "series": await recurrence.create(**CALLS, by=by),
        "reminder": await reminders.create(task, anchor=Anchor.DUE, days=1, by=by),
        "notif": (await make.line(by, task_id=task)).id,
    }
    gone = [await deletions.delete(await make.task(by), by=by) for _ in range(2)]
    rows["deletion"] = gone[0]
    more = {"task2": id_of("task", task2), "deletion2": id_of("deletion", gone[1]), "user2": id_of("user", by.id)}
    return {prefix: id_of(prefix, row) for prefix, row in rows.items()} | more


@pytest.fixture
async def here(admin, id_of):
    return await world(admin, id_of)


@pytest.fixture
async def worlds(here, other, id_of):
    return here, await world(other, id_of)


def fill(value, ids):
    """Put ids in the place of their prefixes in braces."""
    if isinstance(value, list):
        return [fill(each, ids) for each in value]
    return ids[value.strip("{}")] if isinstance(value, str) and value.startswith("{") else value


def filled(input, ids):
    return {name: fill(value, ids) for name, value in input.items()}


def answer_of(name):
    """The payload's field that holds what the mutation is about: `user` of `userCreate`."""
    return ANSWERS.get(name) or next(
        kind
        for kind in (
            "absence",
            "apiKey",
            "calendarFeed",
            "timeEntry",
            "checklistItem",
            "taskType",
            "taskIndicator",
            "assessmentIndicator",
            "workflow",
            "followUpRule",
            "customer",
            "location",
            "ticket",
            "opportunity",
            "visit",
            "series",
            "reminder",
            "notification",
            "team",
            "user",
            "rate",
            "note",
            "attachment",
        )
        if name.startswith(kind)
    )


@pytest.mark.parametrize("name", CREATING)
async def test_a_repeated_request_is_answered_like_the_first_and_does_nothing(name, admin, here, mutate, database):
    input, _ = CREATING[name]
    selection = f"{answer_of(name)} {{ id }} {ERRORS}"
    wanted = filled(input, here) | {"idempotencyKey": "once"}
    first = await mutate(admin, name, selection, **wanted)
    assert first["userErrors"] == []
    before = await make.everything(database)
    assert await mutate(admin, name, selection, **wanted) == first
    assert await make.everything(database) == before


@pytest.mark.parametrize("name", CREATING)
async def test_an_idempotency_key_is_of_one_input(name, admin, here, mutate, database):
    input, other_input = CREATING[name]
    wanted = filled(input, here) | {"idempotencyKey": "once"}
    await mutate(admin, name, ERRORS, **wanted)
    before = await make.everything(database)
    again = await mutate(admin, name, f"{answer_of(name)} {{ id }} {ERRORS}", **wanted | filled(other_input, here))
    assert (again[answer_of(name)], codes(again)) == (None, [("IDEMPOTENCY_KEY_REUSED", None)])
    assert await make.everything(database) == before


@pytest.mark.parametrize("name", some(ALL))
async def test_a_key_that_may_only_read_changes_nothing(name, admin, here, graphql, database):
    _, secret = await accounts.api_key_create(name="Reader", scopes=[Scope.READ], by=admin)
    before = await make.everything(database)
    kind = f"{name[0].upper()}{name[1:]}Input"
    document = f"mutation ($input: {kind}!) {{ {name}(input: $input) {{ {ERRORS} }} }}"
    answer = await graphql(secret, document, input=filled(ALL[name], here))
    assert [error["extensions"]["code"] for error in answer["errors"]] == ["INSUFFICIENT_SCOPE"]
    assert await make.everything(database) == before


@pytest.mark.parametrize(
    "name", ["userCreate", "teamCreate", "teamMembersSet", "rateCreate", "taskWeightSet", "escalationRuleUpdate"]
)
async def test_a_key_for_daily_work_does_not_set_up_the_workspace(name, admin, here, mutate, database):
    _, secret = await accounts.api_key_create(name="Worker", scopes=[Scope.READ, Scope.WRITE], by=admin)
    before = await make.everything(database)
    assert codes(await mutate(secret, name, ERRORS, **filled(ALL[name], here))) == [("INSUFFICIENT_SCOPE", None)]
    assert await make.everything(database) == before


@pytest.mark.parametrize("reference", some(REFERENCES))
async def test_ids_of_another_workspace_are_not_found(reference, admin, worlds, mutate, database):
    (name, field), (here, there) = reference, worlds
    before = await make.everything(database)
    wanted = filled(ALL[name], here) | {field: fill(ALL[name][field], there)}
    answer = await mutate(admin, name, f"{answer_of(name)} {{ id }} {ERRORS}", **wanted)
    assert codes(answer) == [("NOT_FOUND", [field])]
    assert await make.everything(database) == before


@pytest.mark.parametrize(("name", "field"), some(REFERENCES))
async def test_ids_of_another_type_are_refused(name, field, admin, here, mutate):
    wrong = f"event_{'0' * 32}"
    many = isinstance(ALL[name][field], list)
    wanted = filled(ALL[name], here) | {field: [wrong] if many else wrong}
    answer = await mutate(admin, name, ERRORS, **wanted)
    assert codes(answer) == [("INVALID_ID", [field, "0"] if many else [field])]


@pytest.mark.parametrize("name", CHANGING)
async def test_what_was_changed_meanwhile_is_answered_as_it_is_now(name, admin, here, mutate, database):
    before = await make.everything(database)
    wanted = filled(CHANGING[name], here) | {"expectedVersion": 7}
    answer = await mutate(admin, name, f"{answer_of(name)} {{ version }} {ERRORS}", **wanted)
    assert (answer[answer_of(name)]["version"] < 7, codes(answer)) == (True, [("VERSION_CONFLICT", None)])
    assert await make.everything(database) == before
