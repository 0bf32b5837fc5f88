"""Unsubscribing through HTTP: by the link in a real mail, without a login, as RFC 8058 says."""

from datetime import UTC, datetime

import pytest

import settings as config
from domain import reminders, unsubscribing
from models import Anchor, Channel, Notification, NotificationKind, NotificationSettings, User
from tests import mail, make
from workers.emails import send_emails
from workers.reminders import send_reminders

PAST = datetime(2026, 1, 5, 8, tzinfo=UTC)
ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.fixture
def inbox(monkeypatch):
    """What arrives at a mail server, to which the settings point."""
    with mail.served() as (controller, inbox):
        mail.use(monkeypatch, controller.port)
        yield inbox
    monkeypatch.undo()
    config.settings.cache_clear()


@pytest.fixture
def mailed(ada, inbox):
    """Lets a reminder be mailed, and answers what became of it."""

    async def mailed():
        task = await make.task(ada, assignee_id=ada.id)
        await reminders.create(task, anchor=Anchor.INSTANT, remind_at=PAST, channel=Channel.EMAIL, by=ada)
        await send_reminders()
        await send_emails()
        return (await Notification.get(task_id=task)).status

    return mailed


def path(inbox):
    """Where the header of the last mail leads."""
    _, message = inbox.messages[-1]
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    return message["List-Unsubscribe"].strip("<>").removeprefix("https://api.example.com")


async def test_one_click_turns_e_mail_of_that_kind_off(inbox, mailed, http):
    assert await mailed() == "SENT"
    for _ in range(2):
        answer = await http.post(path(inbox), data=ONE_CLICK)
        assert (answer.status_code, "no more e-mail about reminders" in answer.text) == (200, True)
    assert (await NotificationSettings.get()).channels == {"REMINDER": {"EMAIL": "NEVER"}}
    assert await mailed() == "SKIPPED"
    assert len(inbox.messages) == 1


async def test_looking_changes_nothing_and_shows_a_button(inbox, mailed, http):
    await mailed()
    answer = await http.get(path(inbox))
    assert answer.status_code == 200
    assert '<form method="post">' in answer.text
    assert answer.headers["content-security-policy"].startswith("default-src 'none'; form-action 'self'")
    assert await mailed() == "SENT"


@pytest.mark.parametrize("change", [lambda token: token[:-2], lambda token: "x" + token, lambda token: "x"])
async def test_a_link_that_was_changed_leads_nowhere(change, inbox, mailed, http):
    await mailed()
    start, _, token = path(inbox).rpartition("/")
    for method in (http.get, http.post):
        assert (await method(f"{start}/{change(token)}")).status_code == 404
    assert await mailed() == "SENT"


async def test_a_link_is_of_one_person_and_one_kind(ada, bob, inbox, http):
    links = {unsubscribing.url(by.id, kind) for by in (ada, bob) for kind in NotificationKind}
    assert len(links) == 2 * len(NotificationKind)
    await User.filter(id=ada.id).update(active=False)
    codes = [(await http.post(link.removeprefix("https://api.example.com"))).status_code for link in links]
    assert sorted(codes) == [200] * len(NotificationKind) + [404] * len(NotificationKind)
