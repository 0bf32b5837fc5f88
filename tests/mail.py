"""A real SMTP server of a test's own, which says what it is told to and remembers what it took."""

import asyncio
import socket
from contextlib import contextmanager
from email import message_from_bytes, policy

from aiosmtpd.controller import Controller

import settings as config
from domain.post import Post


class Inbox:
    """What came in, and how the next commands are answered."""

    def __init__(self):
        self.messages = []
        self.sessions = set()
        self.rcpt, self.data, self.after = [], [], None

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802 -- aiosmtpd's name
        answer = self.rcpt.pop(0) if self.rcpt else "250 OK"
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 -- aiosmtpd's name
        answer = self.data.pop(0) if self.data else "250 OK"
        if answer.startswith("250"):
            self.sessions.add(session.peer)
            message = message_from_bytes(envelope.content, policy=policy.default)
            self.messages.append((envelope.rcpt_tos, message))
        if self.after:
            await asyncio.to_thread(self.after)
        return answer


def free_port():
    """A port that nobody listens at."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


@contextmanager
def served(port=None):
    """A running server and its inbox."""
    inbox = Inbox()
    controller = Controller(inbox, hostname="127.0.0.1", port=port or free_port())
    controller.start()
    try:
        yield controller, inbox
    finally:
        if not controller.loop.is_closed():
            controller.stop(no_assert=True)


def variables(port):
    """What names the mail server at a port."""
    told = {"SMTP_HOST": "127.0.0.1", "SMTP_PORT": str(port), "SMTP_TLS": "none"}
    return told | {"PUBLIC_URL": "https://api.example.com", "MAIL_SENDER": "Fieldgraph <fg@example.com>"}


def use(monkeypatch, port):
    """Let the settings name the mail server at a port."""
    for name, value in variables(port).items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(Post, "away_until", 0.0)
    config.settings.cache_clear()


def text(message, kind="plain"):
    """A message's text, or its HTML."""
    return message.get_body((kind,)).get_content().replace("\r\n", "\n")
