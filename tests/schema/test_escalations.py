"""The escalation of overdue tasks through HTTP: its rule, and what whoever leads their holders finds in the inbox."""

from datetime import date

import pytest

from models import EscalationRule
from tests import make
from tests.schema.refusals import ERRORS, codes
from workers.reminders import escalate_overdue

RULE = "escalationRule { afterWorkingHours opensAt closesAt holidayCountry holidayRegion version }"
USUAL = {"opensAt": "09:00", "closesAt": "17:00", "holidayCountry": None, "holidayRegion": None}
INBOX = """{ viewer { unreadCount notifications(filter: {kind: {eq: ESCALATION}}) {
    nodes { kind late status message task { title assignee { name } } }
} } }"""


async def test_an_admin_sets_the_rule_and_everybody_reads_it(admin, ada, other, graphql, mutate):
    assert (await graphql(ada, f"{{ {RULE} }}"))["data"] == {"escalationRule": None}
    answer = await mutate(admin, "escalationRuleUpdate", f"{RULE} {ERRORS}", afterWorkingHours=4)
    rule = {"afterWorkingHours": 4, "version": 2} | USUAL
    assert answer == {"escalationRule": rule, "userErrors": []}
    assert (await graphql(ada, f"{{ {RULE} }}"))["data"] == {"escalationRule": rule}
    assert (await graphql(other, f"{{ {RULE} }}"))["data"] == {"escalationRule": None}
    more = {"opensAt": "08:00", "closesAt": "18:30", "holidayCountry": "DE", "holidayRegion": "BY"}
    answer = await mutate(admin, "escalationRuleUpdate", f"{RULE} {ERRORS}", **more, expectedVersion=2)
    assert answer["escalationRule"] == {"afterWorkingHours": 4, "version": 3} | more
    off = {"afterWorkingHours": None, "holidayRegion": None}
    answer = await mutate(admin, "escalationRuleUpdate", f"{RULE} {ERRORS}", **off)
    assert answer["escalationRule"] == more | off | {"version": 4}


@pytest.mark.parametrize(
    ("wanted", "refusals"),
    [
        ({"afterWorkingHours": 0, "opensAt": "18:00"}, [["afterWorkingHours"], ["closesAt"]]),
        ({"holidayCountry": "ZZ"}, [["holidayCountry"]]),
        ({"holidayCountry": "DE", "holidayRegion": "ZZ"}, [["holidayRegion"]]),
    ],
)
async def test_what_cannot_be_is_refused_together(wanted, refusals, admin, mutate):
    answer = await mutate(admin, "escalationRuleUpdate", f"{RULE} {ERRORS}", **wanted)
    assert (answer["escalationRule"], codes(answer)) == (None, [("INVALID_INPUT", path) for path in refusals])
    assert not await EscalationRule.exists()


async def test_only_admins_set_it_and_at_the_version_that_they_read(admin, sue, mutate):
    assert codes(await mutate(sue, "escalationRuleUpdate", ERRORS, afterWorkingHours=4)) == [("FORBIDDEN", None)]
    await mutate(admin, "escalationRuleUpdate", ERRORS, afterWorkingHours=4)
    stale = await mutate(admin, "escalationRuleUpdate", ERRORS, afterWorkingHours=5, expectedVersion=1)
    assert codes(stale) == [("VERSION_CONFLICT", None)]


async def test_whoever_leads_the_holder_finds_it_in_the_inbox(patient, admin, ada, sue, team, graphql, mutate):
    key = await make.task(ada, title="Survey", team_id=team, assignee_id=ada.id, due_on=date(2026, 1, 5))
    await mutate(admin, "escalationRuleUpdate", ERRORS, afterWorkingHours=8)
    await escalate_overdue()
    viewer = (await graphql(sue, INBOX))["data"]["viewer"]
    message = f"T-{(await make.stored(key)).number} Survey was due on 2026-01-05; Ada Rep holds it."
    line = {"kind": "ESCALATION", "late": True, "status": "SENT", "message": message}
    about = {"title": "Survey", "assignee": {"name": "Ada Rep"}}
    assert viewer == {"unreadCount": 1, "notifications": {"nodes": [{**line, "task": about}]}}
    assert (await graphql(ada, INBOX))["data"]["viewer"]["notifications"]["nodes"] == []
    history = '{ tasks { nodes { history(filter: {verb: {eq: "escalated"}}) { nodes { changes { field after } } } } } }'
    (task,) = (await graphql(ada, history))["data"]["tasks"]["nodes"]
    assert task["history"]["nodes"] == [{"changes": [{"field": "people", "after": "Sue Lead"}]}]


async def test_a_person_chooses_how_to_be_told_of_them(patient, admin, ada, sue, team, graphql, mutate):
    await make.task(ada, title="Survey", team_id=team, due_on=date(2026, 1, 5))
    await mutate(admin, "escalationRuleUpdate", ERRORS, afterWorkingHours=8)
    channels = "notificationChannels { kind channel use }"
    usual = (await graphql(sue, f"{{ viewer {{ {channels} }} }}"))["data"]["viewer"]["notificationChannels"]
    assert [each["use"] for each in usual if each["kind"] == "ESCALATION"] == ["ALWAYS", "ALWAYS"]
    choice = {"kind": "ESCALATION", "channel": "IN_APP", "use": "NEVER"}
    await mutate(sue, "notificationSettingsUpdate", ERRORS, channels=[choice])
    await escalate_overdue()
    assert (await graphql(sue, INBOX))["data"]["viewer"]["unreadCount"] == 0
