"""Mail leaves through a real SMTP server, which may refuse it, close the connection or be away."""

import asyncio
from datetime import UTC, datetime
from uuid import UUID

import pytest

import settings as config
from domain import post
from domain.letters import Letter, written
from domain.post import Post, Undelivered
from tests import mail

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)


def letter(number=1):
    """A letter whose key is a number."""
    about = {"name": "Ada Rep", "address": "ada@acme.example", "heading": f"Letter {number}", "why": "Because."}
    made = Letter(key=UUID(int=number), unsubscribe="https://api.example.com/u", **about)
    return written(made, sender="Fieldgraph <fg@example.com>", now=NOW)


@pytest.fixture
def server(monkeypatch):
    """A mail server, to which the settings point."""
    with mail.served() as (controller, inbox):
        mail.use(monkeypatch, controller.port)
        yield controller, inbox
    monkeypatch.undo()
    config.settings.cache_clear()


async def test_many_letters_leave_over_one_connection(server):
    _, inbox = server
    for number in range(1, 21):
        await post.send(letter(number))
    assert [message["Subject"] for _, message in inbox.messages] == [f"Letter {number}" for number in range(1, 21)]
    assert {tuple(to) for to, _ in inbox.messages} == {("ada@acme.example",)}
    assert len(inbox.sessions) == 1


async def test_the_same_letter_has_the_same_message_id(server):
    _, inbox = server
    for number in (1, 1, 2):
        await post.send(letter(number))
    first, again, other = [message["Message-ID"] for _, message in inbox.messages]
    assert first == again != other


@pytest.mark.parametrize(
    ("step", "answer", "for_good"),
    [
        ("rcpt", "550 No such user", True),
        ("rcpt", "450 Greylisted", False),
        ("data", "554 Spam", True),
        ("data", "452 Disk full", False),
    ],
)
async def test_a_refusal_says_whether_it_is_for_good_and_the_next_letter_goes(step, answer, for_good, server):
    _, inbox = server
    getattr(inbox, step).append(answer)
    with pytest.raises(Undelivered) as caught:
        await post.send(letter(1))
    await post.send(letter(2))
    assert (str(caught.value), caught.value.for_good) == (f"The mail server said: {answer}", for_good)
    assert [message["Subject"] for _, message in inbox.messages] == ["Letter 2"]


async def test_a_server_that_is_away_is_left_alone_for_a_while(server):
    controller, _ = server
    controller.stop()
    for _ in range(2):
        with pytest.raises(Undelivered, match="The mail server is away") as caught:
            await post.send(letter())
        assert not caught.value.for_good
    with mail.served(controller.port) as (_, inbox):
        with pytest.raises(Undelivered):
            await post.send(letter())
        Post.away_until = 0
        await post.send(letter())
    assert len(inbox.messages) == 1


async def test_a_connection_that_the_server_closed_is_opened_anew(server):
    controller, inbox = server
    await post.send(letter(1))
    controller.stop()
    with mail.served(controller.port) as (_, fresh):
        await post.send(letter(2))
    assert [message["Subject"] for _, message in (*inbox.messages, *fresh.messages)] == ["Letter 1", "Letter 2"]


def waiting():
    """How many connections to this server wait for a letter."""
    return sum(each.chosen is config.settings() for each in post._idle[asyncio.get_running_loop()])


async def test_letters_that_leave_at_once_each_have_a_connection_and_those_hang_up_when_idle(server, monkeypatch):
    _, inbox = server
    monkeypatch.setattr(post, "IDLE_SECONDS", 0.05)
    await asyncio.gather(*(post.send(letter(number)) for number in range(1, 6)))
    assert len(inbox.messages) == 5
    assert waiting() == 5
    await asyncio.sleep(0.2)
    assert waiting() == 0
