"""E-mail reaches a real server: once, or not at all for a reason, and again only when nobody knows whether it did."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

import settings as config
from domain import emails, escalations, lifecycle, notification_settings, reminders, tasks
from domain.post import Post
from domain.principal import Principal
from models import Anchor, Channel, Notification, NotificationSettings, User
from tests import mail, make
from workers.emails import send_emails
from workers.reminders import escalate_overdue, make_digests, send_reminders

PAST = datetime(2026, 1, 5, 8, tzinfo=UTC)


@pytest.fixture
def server(monkeypatch):
    """A mail server, to which the settings point."""
    with mail.served() as (controller, inbox):
        mail.use(monkeypatch, controller.port)
        yield controller, inbox
    monkeypatch.undo()
    config.settings.cache_clear()


@pytest.fixture
def waiting(ada):
    """Lets a reminder by e-mail be due, and answers its task and the row that waits to be mailed."""

    async def waiting(title="Tea", at=PAST):
        task = await make.task(ada, title=title, assignee_id=ada.id)
        await reminders.create(task, anchor=Anchor.INSTANT, remind_at=at, channel=Channel.EMAIL, by=ada)
        await send_reminders()
        return task, await Notification.get(task_id=task)

    return waiting


async def again(row):
    """Let a row be due now."""
    await Notification.filter(id=row.id).update(due_at=PAST)


async def shown(row):
    """What became of a row."""
    row = await Notification.get(id=row.id)
    return row.status, row.error, row.due_at is None


async def test_a_reminder_by_e_mail_reaches_its_person(server, ada, waiting):
    _, inbox = server
    _, row = await waiting('Tea; "for" Zoë')
    await send_emails()
    ((to, message),) = inbox.messages
    assert to == ["ada@acme.example"]
    assert message["Subject"] == 'You wanted to be reminded of T-1 Tea; "for" Zoë.'
    assert message["Message-ID"] == f"<{row.id.hex}@api.example.com>"
    assert '- T-1 Tea; "for" Zoë\n' in mail.text(message)
    assert "You get this because a reminder was set for you." in mail.text(message, "html")
    assert await shown(row) == ("SENT", None, True)
    await emails.send(row.id, by=Principal.system(ada.workspace_id))
    assert len(inbox.messages) == 1


async def test_an_escalation_by_e_mail_reaches_whoever_leads_the_holder(server, patient, admin, ada, team):
    _, inbox = server
    await make.task(ada, title="Tea", team_id=team, assignee_id=ada.id, due_on=PAST.date())
    await escalations.rule_update({"after_working_hours": 1}, by=admin)
    await escalate_overdue()
    await send_emails()
    ((to, message),) = inbox.messages
    assert (to, message["Subject"]) == (["sue@acme.example"], "T-1 Tea was due on 2026-01-05; Ada Rep holds it.")
    assert "You get this because you lead whoever holds the task, or its team." in mail.text(message)


async def test_many_leave_over_one_connection_each_once_however_many_sweep(server, waiting):
    _, inbox = server
    rows = [(await waiting(f"Tea {number}"))[1] for number in range(12)]
    await asyncio.gather(*(send_emails() for _ in range(3)))
    assert len(inbox.messages) == len({message["Message-ID"] for _, message in inbox.messages}) == 12
    assert len(inbox.sessions) <= 3
    assert {await shown(row) for row in rows} == {("SENT", None, True)}


async def test_what_is_asked_for_twice_at_once_is_mailed_once(server, ada, waiting):
    _, inbox = server
    _, row = await waiting()
    await asyncio.gather(*(emails.send(row.id, by=Principal.system(ada.workspace_id)) for _ in range(3)))
    assert len(inbox.messages) == 1


async def test_a_refusal_for_good_is_told_and_not_tried_again(server, waiting):
    _, inbox = server
    _, row = await waiting()
    inbox.rcpt.append("550 No such user here")
    await send_emails()
    assert await shown(row) == ("SKIPPED", "The mail server said: 550 No such user here", True)
    await send_emails()
    assert inbox.messages == []


async def test_a_refusal_for_now_is_tried_again_later_and_does_not_keep_the_others(server, waiting):
    _, inbox = server
    _, row = await waiting()
    _, other = await waiting("Other")
    inbox.rcpt.append("451 Greylisted")
    await send_emails()
    assert await shown(row) == ("PENDING", "The mail server said: 451 Greylisted", False)
    assert await shown(other) == ("SENT", None, True)
    row = await Notification.get(id=row.id)
    assert timedelta(seconds=30) < row.due_at - datetime.now(UTC) < timedelta(minutes=2)
    assert row.attempts == 0
    await again(row)
    await send_emails()
    assert await shown(row) == ("SENT", None, True)
    assert len(inbox.messages) == 2


async def test_pauses_grow_with_age_and_after_three_days_it_is_given_up(server, waiting):
    _, inbox = server
    _, row = await waiting()
    for age, pause in ((timedelta(minutes=30), timedelta(minutes=15)), (timedelta(hours=9), timedelta(hours=1))):
        inbox.rcpt.append("451 Greylisted")
        await Notification.filter(id=row.id).update(created_at=datetime.now(UTC) - age, due_at=PAST)
        await send_emails()
        left = (await Notification.get(id=row.id)).due_at - datetime.now(UTC)
        assert abs(left - pause) < timedelta(seconds=30)
    inbox.rcpt.append("451 Greylisted")
    await Notification.filter(id=row.id).update(created_at=datetime.now(UTC) - timedelta(days=4), due_at=PAST)
    await send_emails()
    assert await shown(row) == ("SKIPPED", "It was tried for 3 days. The mail server said: 451 Greylisted", True)


async def test_while_the_server_is_away_nothing_is_lost_and_afterwards_each_is_sent_once(server, waiting):
    controller, _ = server
    controller.stop()
    rows = [(await waiting(f"Tea {number}"))[1] for number in range(3)]
    await send_emails()
    await send_emails()
    assert {(await shown(row))[0] for row in rows} == {"PENDING"}
    with mail.served(controller.port) as (_, inbox):
        Post.away_until = 0
        for row in rows:
            await again(row)
        await send_emails()
        await send_emails()
        assert len({message["Message-ID"] for _, message in inbox.messages}) == len(inbox.messages) == 3
    assert {await shown(row) for row in rows} == {("SENT", None, True)}


async def test_who_dies_between_the_servers_promise_and_the_note_sends_the_same_letter_again(server, ada, waiting):
    """At least once: the same Message-ID tells mail programs that it is one letter."""
    _, inbox = server
    _, row = await waiting()
    sending = asyncio.create_task(emails.send(row.id, by=Principal.system(ada.workspace_id)))
    loop = asyncio.get_running_loop()

    async def die():
        sending.cancel()

    inbox.after = lambda: asyncio.run_coroutine_threadsafe(die(), loop).result(10)  # before the promise is heard
    with pytest.raises(asyncio.CancelledError):
        await sending
    assert (await shown(row))[0] == "PENDING"
    inbox.after = None
    await send_emails()
    first, second = [message["Message-ID"] for _, message in inbox.messages]
    assert first == second
    assert await shown(row) == ("SENT", None, True)


async def test_what_is_not_wanted_any_more_is_not_sent_and_the_row_says_why(server, ada, waiting):
    _, inbox = server
    done, finished = await waiting("Done")
    await lifecycle.cancel(done, by=ada)
    _, of_nobody = await waiting("Gone")
    await send_emails()
    assert await shown(finished) == ("SKIPPED", "The task is CANCELLED.", True)
    assert len(inbox.messages) == 1
    _, of_nobody = await waiting("Left")
    await User.filter(id=ada.id).update(active=False)
    await send_emails()
    assert await shown(of_nobody) == ("SKIPPED", "The person is no longer active.", True)
    assert len(inbox.messages) == 1


async def test_without_a_mail_server_nothing_is_sent_and_the_row_says_so(waiting):
    _, row = await waiting()
    await send_emails()
    assert await shown(row) == ("SKIPPED", "No mail server is set up.", True)


async def test_nobodys_words_become_headers_or_bodies(server, ada, waiting):
    _, inbox = server
    task, _ = await waiting("Tea\r\nBcc: eve@evil.example\r\n\r\nHello")
    await User.filter(id=ada.id).update(name="Ada\r\nBcc: eve@evil.example", active=True)
    await tasks.update(task, {"description": "x"}, by=ada)
    await send_emails()
    ((to, message),) = inbox.messages
    assert to == ["ada@acme.example"]
    assert message["Bcc"] is None
    assert "Bcc: eve@evil.example" in message["Subject"]


async def test_an_address_that_no_mail_can_go_to_is_told(server, ada, waiting):
    _, row = await waiting()
    await User.filter(id=ada.id).update(email="zoë@acme.example")
    await send_emails()
    assert await shown(row) == ("SKIPPED", "No mail can be sent to this address.", True)


async def test_a_digest_names_what_is_overdue_first_and_what_is_done_no_more(server, ada):
    _, inbox = server
    day = datetime.now(UTC).date()
    await make.task(ada, title="Today", assignee_id=ada.id, due_on=day)
    await make.task(ada, title="Late", assignee_id=ada.id, due_on=day - timedelta(days=3))
    done = await make.task(ada, title="Done since", assignee_id=ada.id, due_on=day - timedelta(days=4))
    await notification_settings.update({"digest_at": "07:00"}, by=ada)
    await NotificationSettings.filter(user_id=ada.id).update(due_at=PAST)
    await make_digests()
    await lifecycle.cancel(done, by=ada)
    await send_emails()
    ((_, message),) = inbox.messages
    body = mail.text(message)
    assert message["Subject"].startswith("3 tasks: 2 overdue, 1 due today")
    assert body.index("Overdue") < body.index("Late") < body.index("Due\n") < body.index("Today")
    assert "Done since" not in body


async def test_a_digest_of_which_nothing_is_left_is_not_sent(server, ada):
    _, inbox = server
    late = await make.task(ada, title="Late", assignee_id=ada.id, due_on=datetime.now(UTC).date() - timedelta(days=3))
    await notification_settings.update({"digest_at": "07:00"}, by=ada)
    await NotificationSettings.filter(user_id=ada.id).update(due_at=PAST)
    await make_digests()
    await lifecycle.cancel(late, by=ada)
    await send_emails()
    assert inbox.messages == []
    row = await Notification.get(channel=Channel.EMAIL)
    assert await shown(row) == ("SKIPPED", "Nothing in it is to be done any more.", True)
