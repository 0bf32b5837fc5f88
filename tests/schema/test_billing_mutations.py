"""Rates and requests to bill, through HTTP."""

from datetime import date

import pytest

from domain import timesheets
from domain.jobs import Job
from models import Rate
from tests import make
from tests.schema.refusals import ERRORS, codes

EIGHTY = {"amount": "80.5", "currency": "EUR"}
RATE = f"""rate {{
    scope hourly {{ amount currency }} task {{ id }} location {{ id }} customer {{ id }} user {{ id }}
}} {ERRORS}"""


@pytest.fixture
async def task(ada, team):
    """A task of a team, with an hour's unbilled work on it."""
    key = await make.task(ada, title="Call", team_id=team)
    await timesheets.create(key, minutes=60, worked_on=date(2020, 11, 20), by=ada)
    return key


async def test_a_rate_without_a_target_is_the_workspace_s(admin, mutate):
    assert await mutate(admin, "rateCreate", RATE, hourly=EIGHTY) == {
        "rate": {
            "scope": "WORKSPACE",
            "hourly": EIGHTY,
            "task": None,
            "location": None,
            "customer": None,
            "user": None,
        },
        "userErrors": [],
    }


async def test_a_rate_is_whose_id_is_given(admin, ada, mutate, id_of):
    place = await make.location(admin, await make.customer(admin))
    targets = {
        "task": ("TASK", id_of("task", await make.task(admin))),
        "location": ("LOCATION", id_of("loc", place.id)),
        "customer": ("CUSTOMER", id_of("cust", place.customer_id)),
        "user": ("PERSON", id_of("user", ada.id)),
    }
    for field, (scope, target) in targets.items():
        answer = await mutate(admin, "rateCreate", RATE, hourly=EIGHTY, targetId=target)
        nobody = dict.fromkeys(targets)
        assert answer["rate"] == {"scope": scope, "hourly": EIGHTY} | nobody | {field: {"id": target}}


@pytest.mark.parametrize(
    ("hourly", "path"),
    [
        ({"amount": "-1", "currency": "EUR"}, "amount"),
        ({"amount": "0.00001", "currency": "EUR"}, "amount"),
        ({"amount": "10000000000", "currency": "EUR"}, "amount"),
        ({"amount": "1", "currency": "eur"}, "currency"),
        ({"amount": "1", "currency": "XYZ"}, "currency"),
    ],
)
async def test_what_is_no_price_is_refused(hourly, path, admin, mutate):
    answer = await mutate(admin, "rateCreate", RATE, hourly=hourly)
    assert (answer["rate"], codes(answer)) == (None, [("INVALID_INPUT", ["hourly", path])])
    assert await Rate.all().count() == 0


async def test_there_is_one_rate_of_a_scope_in_a_currency(admin, mutate):
    await mutate(admin, "rateCreate", RATE, hourly=EIGHTY)
    answer = await mutate(admin, "rateCreate", RATE, hourly={"amount": "90", "currency": "EUR"})
    assert (answer["rate"], codes(answer)) == (None, [("DUPLICATE_VALUE", ["scope"])])
    assert await Rate.all().count() == 1


async def test_only_admins_set_rates(sue, mutate):
    answer = await mutate(sue, "rateCreate", RATE, hourly=EIGHTY)
    assert (answer["rate"], codes(answer)) == (None, [("FORBIDDEN", None)])


async def test_a_supervisor_has_time_billed(sue, task, mutate, id_of, sent):
    selection = f"""
        conversion {{ finishedAt failedAt attempts creator {{ name }} task {{ title }} }}
        task {{ conversions {{ totalCount }} billables {{ totalCount }} }} {ERRORS}
    """
    assert await mutate(sue, "billableConvert", selection, taskId=id_of("task", task)) == {
        "conversion": {
            "finishedAt": None,
            "failedAt": None,
            "attempts": 0,
            "creator": {"name": "Sue Lead"},
            "task": {"title": "Call"},
        },
        "task": {"conversions": {"totalCount": 1}, "billables": {"totalCount": 0}},
        "userErrors": [],
    }
    assert sent() == [(Job.CONVERT_TIME, ())]


async def test_while_a_request_is_open_asking_again_gives_that_one(sue, task, mutate, id_of):
    selection = f"conversion {{ id }} {ERRORS}"
    first, again = [await mutate(sue, "billableConvert", selection, taskId=id_of("task", task)) for _ in range(2)]
    assert first == again


async def test_a_task_without_time_is_not_billed(sue, team, mutate, id_of, sent):
    key = id_of("task", await make.task(sue, title="Rest", team_id=team))
    answer = await mutate(sue, "billableConvert", f"conversion {{ id }} task {{ title }} {ERRORS}", taskId=key)
    assert codes(answer) == [("NOTHING_TO_BILL", None)]
    assert (answer["conversion"], answer["task"]) == (None, {"title": "Rest"})
    assert sent() == []


async def test_a_rep_has_nothing_billed(ada, task, mutate, id_of):
    answer = await mutate(ada, "billableConvert", f"task {{ title }} {ERRORS}", taskId=id_of("task", task))
    assert (answer["task"], codes(answer)) == ({"title": "Call"}, [("FORBIDDEN", None)])
