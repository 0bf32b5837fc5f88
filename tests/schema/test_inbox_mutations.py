"""The inbox and a person's settings through HTTP."""

from datetime import UTC, datetime, timedelta

import pytest

from models import NotificationKind
from tests import make
from tests.schema.refusals import ERRORS, codes

INBOX = """{ viewer { unreadCount notifications(filter: {kind: {in: [UPDATE, MENTION]}}) {
    totalCount nodes { message kind late status readAt }
} } }"""
SETTINGS = "notificationSettings { quietFrom quietUntil digestAt version } notificationChannels { kind channel use }"


async def test_lines_are_read_one_by_one_and_by_kind(ada, bob, graphql, mutate, id_of):
    task = await make.task(ada)
    first = await make.line(ada, task_id=task)
    later = datetime.now(UTC) + timedelta(hours=1)
    await make.line(ada, task_id=task, kind=NotificationKind.REMINDER)
    await make.line(ada, task_id=task, moment=later)
    await make.line(bob, task_id=task)
    viewer = (await graphql(ada, INBOX))["data"]["viewer"]
    assert (viewer["unreadCount"], viewer["notifications"]["totalCount"]) == (3, 2)
    told = {"message": first.message, "kind": "UPDATE", "late": False, "status": "SENT", "readAt": None}
    assert viewer["notifications"]["nodes"][0] == told
    answer = await mutate(
        ada, "notificationRead", f"notification {{ kind }} {ERRORS}", notificationId=id_of("notif", first.id)
    )
    assert answer == {"notification": {"kind": "UPDATE"}, "userErrors": []}
    for kinds, unread in ((["UPDATE"], 1), (None, 0)):
        answer = await mutate(ada, "notificationsReadAll", f"viewer {{ unreadCount }} {ERRORS}", kinds=kinds)
        assert answer == {"viewer": {"unreadCount": unread}, "userErrors": []}
    assert (await graphql(bob, INBOX))["data"]["viewer"]["unreadCount"] == 1


async def test_only_their_person_reads_or_snoozes_lines(ada, bob, mutate, id_of):
    line = id_of("notif", (await make.line(ada, task_id=await make.task(ada))).id)
    assert codes(await mutate(bob, "notificationRead", ERRORS, notificationId=line)) == [
        ("NOT_FOUND", ["notificationId"])
    ]
    past = {"notificationId": line, "until": "2020-01-05T08:00:00Z"}
    assert codes(await mutate(ada, "notificationSnooze", ERRORS, **past)) == [("INVALID_INPUT", ["until"])]
    selection = f"notification {{ status dueAt readAt }} {ERRORS}"
    waits = {"status": "PENDING", "dueAt": "2999-01-05T08:00:00.000000Z", "readAt": None}
    answer = await mutate(ada, "notificationSnooze", selection, notificationId=line, until="2999-01-05T08:00:00Z")
    assert answer == {"notification": waits, "userErrors": []}


async def test_settings_are_their_persons_own(ada, bob, graphql, mutate):
    never = {"kind": "REMINDER", "channel": "EMAIL", "use": "NEVER"}
    wanted = {"quietFrom": "22:00", "quietUntil": "07:00", "digestAt": "08:00", "channels": [never]}
    answer = await mutate(ada, "notificationSettingsUpdate", f"viewer {{ {SETTINGS} }} {ERRORS}", **wanted)
    hours = {"quietFrom": "22:00", "quietUntil": "07:00", "digestAt": "08:00", "version": 2}
    assert answer["viewer"]["notificationSettings"] == hours
    assert never in answer["viewer"]["notificationChannels"]
    assert {"kind": "DIGEST", "channel": "EMAIL", "use": "ALWAYS"} in answer["viewer"]["notificationChannels"]
    stale = await mutate(ada, "notificationSettingsUpdate", ERRORS, digestAt=None, expectedVersion=1)
    assert codes(stale) == [("VERSION_CONFLICT", None)]
    query = f'{{ users(filter: {{name: {{eq: "Ada Rep"}}}}) {{ nodes {{ unreadCount {SETTINGS} }} }} }}'
    (seen,) = (await graphql(bob, query))["data"]["users"]["nodes"]
    assert seen == {"unreadCount": 0, "notificationSettings": None, "notificationChannels": []}


@pytest.mark.parametrize(
    ("wanted", "refusal"),
    [
        ({"quietFrom": "22:00"}, ("REQUIRED", ["quietUntil"])),
        ({"quietUntil": "22:00"}, ("REQUIRED", ["quietFrom"])),
        ({"quietFrom": "22:00", "quietUntil": "22:00"}, ("INVALID_INPUT", ["quietUntil"])),
        (
            {"channels": [{"kind": "UPDATE", "channel": "WEBHOOK", "use": "ALWAYS"}]},
            ("INVALID_INPUT", ["channels", "0", "channel"]),
        ),
    ],
)
async def test_hours_and_channels_that_cannot_be_are_refused(wanted, refusal, ada, mutate):
    assert codes(await mutate(ada, "notificationSettingsUpdate", ERRORS, **wanted)) == [refusal]
