"""Kestrel Coffee: what is loaded, that it stays when it is loaded again, and that the explorer's tabs show it."""

import json
import re
from collections import Counter
from pathlib import Path

import pytest

import sample
from models import (
    ApiKey,
    Attachment,
    AttachmentStatus,
    Billable,
    Customer,
    CustomerKind,
    Event,
    FileType,
    Location,
    Note,
    Notification,
    NotificationKind,
    Series,
    Task,
    TaskLink,
    TaskStatus,
    Team,
    TimeEntry,
    User,
    Visit,
    VisitStatus,
)
from sample.client import connect
from schema.auth import issue_token
from schema.compiler.values import decode_id
from tests import make
from workers.billing import convert_time
from workers.recurrence import expand_series
from workers.reminders import escalate_overdue, send_reminders

EXAMPLES = Path(sample.__file__).parents[1] / "web" / "explorer" / "examples"


@pytest.fixture
async def people(url, admin_token):
    return await sample.load(url, admin_token)


@pytest.fixture
async def clients(url, people):
    """A rep's and their supervisor's."""
    found = {}
    async with connect(url, "") as client:
        for role in ("rep", "supervisor"):
            user = await User.get(id=decode_id("user", getattr(people, role)))
            found[role] = client.acting(issue_token(user))
        yield found


def example(name):
    document, variables = (EXAMPLES / f"{name}.{kind}" for kind in ("graphql", "json"))
    return document.read_text(), json.loads(variables.read_text())


async def test_the_company_is_there_in_all_its_states(people):
    counted = {model: await model.all().count() for model in (User, Team, Customer, Location, Visit, Series, ApiKey)}
    assert list(counted.values()) == [12, 3, 60, 44, 25, 5, 11]
    assert await Customer.filter(kind=CustomerKind.ORGANIZATION).count() == 26
    assert await Customer.filter(organization_id__not_isnull=True).count() == 30
    assert Counter(await Task.all().values_list("status", flat=True)) == {
        TaskStatus.PENDING: 38,
        TaskStatus.IN_PROGRESS: 11,
        TaskStatus.RELEASED: 8,
        TaskStatus.CLOSED: 14,
        TaskStatus.COMPLETED: 4,
        TaskStatus.CANCELLED: 3,
    }
    assert Counter(await Visit.all().values_list("status", flat=True)) == {
        VisitStatus.PLANNED: 15,
        VisitStatus.IN_PROGRESS: 1,
        VisitStatus.COMPLETED: 7,
        VisitStatus.CANCELLED: 2,
    }
    assert await Task.filter(status=TaskStatus.PENDING, assignee_id=None).count() == 20
    assert await Task.filter(parent_id__not_isnull=True).count() == 11
    files = await Attachment.filter(status=AttachmentStatus.READY).order_by("name")
    assert [(file.name, file.type) for file in files] == [
        ("lease-draft.pdf", FileType.PDF),
        ("type-plate.png", FileType.PNG),
    ]
    assert (await TaskLink.all().count(), await TimeEntry.all().count(), await Note.all().count()) == (166, 22, 5)


async def test_loading_again_changes_nothing(url, admin_token, people, database):
    before = await make.everything(database)
    assert await sample.load(url, admin_token) == people
    assert await make.everything(database) == before


async def test_people_did_it_themselves(people):
    actors = Counter(await Event.filter(subject_type="TASK").values_list("actor_id", flat=True))
    assert len(actors) == 12
    assert None not in actors


async def test_the_workers_find_work(people):
    await expand_series()
    await send_reminders()
    await convert_time()
    made = {
        (series.title, await Task.filter(series_id=series.id).count(), await Visit.filter(series_id=series.id).count())
        for series in await Series.all()
    }
    assert made == {
        ("Call the machine workshop", 5, 0),
        ("Call the new machine workshop", 7, 0),
        ("Check the stock of spare parts at Bankside", 4, 0),
        ("Descale the demonstration machine", 1, 0),
        ("Quarterly review with the Aldwark", 0, 1),
    }
    assert await Notification.filter(note_id=None).count() == 3
    assert await Notification.exclude(note_id=None).count() == 2
    await escalate_overdue()
    told = Notification.filter(kind=NotificationKind.ESCALATION).prefetch_related("user", "task")
    assert {("Priya Nair", "Win the Marlow back")} <= {(each.user.name, each.task.title) for each in await told}
    bill = await Billable.get()
    assert (bill.minutes, bill.rate_scope, str(bill.amount)) == (85, "PERSON", "102.7100")


async def test_progress_is_told_up_to_the_end(url, admin_token):
    told = {}
    await sample.load(url, admin_token, lambda what, done, total: told.update({what: (done, total)}))
    assert told["People"] == (11, 11)
    assert told["Tasks"] == (78, 78)
    assert all(done == total for done, total in told.values())


async def test_the_board_and_the_customers_show_what_they_promise(clients):
    document, variables = example("1-board")
    cards = (await clients["rep"].ask(document, **variables))["tasks"]["nodes"]
    assert len(cards) == 20
    assert cards[0]["overdue"]
    assert any(card["subtasks"]["nodes"] for card in cards)
    assert any(card["visit"] for card in cards)
    document, variables = example("2-customer360")
    shown = (await clients["rep"].ask(document, **variables))["customers"]["nodes"]
    assert len(shown) == 10
    assert shown[0]["name"] == "Copper Kettle Cafés"
    assert [place["city"] for place in shown[0]["locations"]["nodes"]] == ["Leeds", "Leeds", "York"]
    document, variables = example("4-live")
    assert (await clients["rep"].ask(document, **variables))["tasks"]["totalCount"] == 8


async def test_the_tab_that_claims_releases_and_closes_runs_from_top_to_bottom(clients):
    document, _ = example("3-claim")
    rep, supervisor = clients["rep"], clients["supervisor"]
    (found,) = (await ask(rep, document, "Claimable"))["taskId"]["nodes"]
    assert (found["key"], found["title"]) == ("T-3", "Order spare gaskets for Headingley")
    for client, operation, status in (
        (rep, "Claim", "PENDING"),
        (rep, "Release", "RELEASED"),
        (supervisor, "Close", "CLOSED"),
    ):
        (payload,) = (await ask(client, document, operation, taskId=found["id"])).values()
        assert payload["userErrors"] == []
        assert (payload["task"]["status"], payload["task"]["assignee"]["name"]) == (status, "Maya Brooks")


async def ask(client, document, operation, **variables):
    """One operation of a document that has several."""
    parts = re.split(r"\n(?=query |mutation |fragment )", document)
    shared = [part for part in parts if part.startswith("fragment ")]
    (asked,) = (part for part in parts if re.match(rf"(query|mutation) {operation}\b", part))
    needed = shared if "...State" in asked else []
    return await client.ask("\n".join([asked, *needed]), **variables)
