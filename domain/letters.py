"""Letters: what is mailed to a person, as text and as HTML, with headers that nobody's words can forge."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit
from uuid import UUID

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

LONGEST_SUBJECT = 200


@dataclass(frozen=True, slots=True)
class Section:
    """Lines under a title."""

    title: str
    lines: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """What is said to one person, and why they are told."""

    key: UUID
    """Of the row that stands for it: the same letter sent twice has one Message-ID."""
    name: str
    address: str
    heading: str
    why: str
    unsubscribe: str
    """The URL at which its kind is given up."""
    sections: Sequence[Section] = ()
    late: bool = False


def written(letter: Letter, *, sender: str, now: datetime) -> EmailMessage:
    """The letter as it is sent; `ValueError` if no mail can go to its address."""
    message = EmailMessage(policy=SMTP)
    subject = _line(letter.heading)
    message["Subject"] = subject if len(subject) <= LONGEST_SUBJECT else f"{subject[: LONGEST_SUBJECT - 1]}…"
    message["From"] = sender
    message["To"] = _recipient(letter)
    message["Date"] = now
    message["Message-ID"] = f"<{letter.key.hex}@{urlsplit(letter.unsubscribe).hostname}>"
    message["Auto-Submitted"] = "auto-generated"
    message["List-Unsubscribe"] = f"<{letter.unsubscribe}>"
    message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(_templates().get_template("letter.txt").render(**_words(letter)))
    message.add_alternative(_templates().get_template("letter.html").render(**_words(letter)), subtype="html")
    return message


def _recipient(letter: Letter) -> Address:
    name, _, domain = letter.address.rpartition("@")
    if not (letter.address.isascii() and letter.address.isprintable()):
        raise ValueError(letter.address)
    return Address(_line(letter.name), name, domain)


def _words(letter: Letter) -> dict[str, object]:
    sections = [Section(_line(each.title), [_line(line) for line in each.lines]) for each in letter.sections]
    said = {"heading": _line(letter.heading), "sections": sections, "late": letter.late}
    return {**said, "why": letter.why, "unsubscribe": letter.unsubscribe}


def _line(text: str) -> str:
    """The text as one line: what comes after a line break in a header would be a header of its own."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())


@cache
def _templates() -> Environment:
    folder = FileSystemLoader(Path(__file__).parent / "templates")
    return Environment(
        loader=folder,
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
