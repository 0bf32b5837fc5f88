"""How mail leaves: by SMTP, over one connection for many letters, with a pause while the server is away."""

import time
from asyncio import AbstractEventLoop, TimerHandle, get_running_loop
from email.message import EmailMessage
from weakref import WeakKeyDictionary

import aiosmtplib
from aiosmtplib import SMTP

from settings import Settings, settings

PATIENCE_SECONDS = 10.0
"""How long the server may take for any one step; a letter's lease is longer than all of them."""
IDLE_SECONDS = 5.0
"""How long a connection waits for another letter."""
PAUSE_SECONDS = 30.0
"""How long a server that is away is left alone."""
_AWAY = (
    OSError,
    TimeoutError,
    aiosmtplib.SMTPConnectError,
    aiosmtplib.SMTPServerDisconnected,
    aiosmtplib.SMTPHeloError,
)


class Undelivered(Exception):
    """The server did not take a letter: for good, or for now."""

    def __init__(self, reason: str, *, for_good: bool) -> None:
        super().__init__(reason)
        self.for_good = for_good


class Post:
    """A connection to the server, which is opened when the first letter goes."""

    away_until = 0.0
    """Until when, by the clock that never jumps, this process leaves the server alone."""

    def __init__(self, chosen: Settings) -> None:
        self.chosen = chosen
        self._client = SMTP(
            hostname=chosen.smtp_host,
            port=chosen.smtp_port,
            username=chosen.smtp_user,
            password=chosen.smtp_password,
            use_tls=chosen.smtp_tls == "tls",
            start_tls=chosen.smtp_tls == "starttls",
            timeout=PATIENCE_SECONDS,
        )

    async def send(self, message: EmailMessage) -> None:
        """Hand a letter over; once this returns, the server has promised to deliver it."""
        try:
            await self.connect()
            await self._client.send_message(message)
        except aiosmtplib.SMTPAuthenticationError as error:  # what is wrong is not the letter
            raise self._away(error) from error
        except aiosmtplib.SMTPRecipientsRefused as error:
            raise _refused(error.recipients[0]) from error
        except aiosmtplib.SMTPResponseException as error:
            raise _refused(error) from error
        except _AWAY as error:
            raise self._away(error) from error
        except (ValueError, aiosmtplib.SMTPNotSupported) as error:
            raise Undelivered(f"The letter cannot be sent: {error}", for_good=True) from error

    async def connect(self) -> None:
        """Be connected, anew if the server has hung up meanwhile."""
        if self._client.is_connected:
            try:
                await self._client.noop()
            except (aiosmtplib.SMTPException, OSError):
                self.close()
        if not self._client.is_connected:
            await self._client.connect()

    def close(self) -> None:
        """Hang up."""
        self._client.close()

    def _away(self, error: Exception) -> Undelivered:
        Post.away_until = time.monotonic() + PAUSE_SECONDS
        return Undelivered(f"The mail server is away: {_said(error)}", for_good=False)


_idle: WeakKeyDictionary[AbstractEventLoop, dict[Post, TimerHandle]] = WeakKeyDictionary()
"""The connections of each event loop that wait for the next letter, and when they hang up."""


def offered() -> bool:
    """Whether there is a way for mail at all."""
    return settings().smtp_host is not None


async def send(message: EmailMessage) -> None:
    """Hand a letter over to the server; `Undelivered` if it does not take it."""
    if time.monotonic() < Post.away_until:
        raise Undelivered("The mail server is away.", for_good=False)
    loop = get_running_loop()
    idle = _idle.setdefault(loop, {})
    post = next((each for each in idle if each.chosen is settings()), None) or Post(settings())
    if timer := idle.pop(post, None):
        timer.cancel()
    try:
        await post.send(message)
    finally:
        idle[post] = loop.call_later(IDLE_SECONDS, _hang_up, idle, post)


def _hang_up(idle: dict[Post, TimerHandle], post: Post) -> None:
    idle.pop(post, None)
    post.close()


def _refused(error: aiosmtplib.SMTPResponseException) -> Undelivered:
    return Undelivered(f"The mail server said: {_said(error)}", for_good=error.code >= 500)


def _said(error: Exception) -> str:
    if isinstance(error, aiosmtplib.SMTPResponseException):
        return " ".join(f"{error.code} {error.message}".split())
    return " ".join(str(error).split()) or type(error).__name__
