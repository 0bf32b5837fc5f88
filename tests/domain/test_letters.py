"""Letters say what they are told, whoever's words these are."""

from datetime import UTC, datetime
from email import message_from_bytes, policy
from uuid import UUID

import pytest

from domain.letters import Letter, Section, written
from tests.mail import text

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
KEY = UUID("01900000-0000-7000-8000-000000000001")
URL = "https://api.example.com/unsubscribe/abc"


def sent(**more):
    """A letter as it arrives."""
    about = {"key": KEY, "name": "Ada Rep", "address": "ada@acme.example", "heading": "T-1 Tea is due."}
    said = {"why": "You are reminded because you asked for it.", "unsubscribe": URL}
    made = written(Letter(**about | said | more), sender="Fieldgraph <fg@example.com>", now=NOW)
    return message_from_bytes(made.as_bytes(), policy=policy.default)


def test_a_letter_says_it_as_text_and_as_html():
    letter = sent(sections=[Section("Overdue", ["T-2 Call <b>Ann</b>", "T-3 Zoë & 茶"])], late=True)
    assert letter["Subject"] == "T-1 Tea is due."
    assert (letter["From"], letter["To"]) == ("Fieldgraph <fg@example.com>", "Ada Rep <ada@acme.example>")
    assert letter["Message-ID"] == f"<{KEY.hex}@api.example.com>"
    assert (letter["List-Unsubscribe"], letter["List-Unsubscribe-Post"]) == (
        f"<{URL}>",
        "List-Unsubscribe=One-Click",
    )
    assert letter.get_content_type() == "multipart/alternative"
    assert text(letter) == (
        "T-1 Tea is due.\n\nThis comes late: nothing could be sent at its moment.\n\nOverdue\n- T-2 Call <b>Ann</b>\n"
        f"- T-3 Zoë & 茶\n\n--\nYou are reminded because you asked for it.\nNo more mail like this: {URL}\n"
    )
    assert "<li>T-2 Call &lt;b&gt;Ann&lt;/b&gt;</li>" in text(letter, "html")
    assert f'<a href="{URL}">' in text(letter, "html")


@pytest.mark.parametrize(
    "evil", ["Tea\r\nBcc: eve@evil.example", "Tea\nX: y", "Tea\x00\u2028Bcc: eve@evil.example", "\r\n\r\nbody"]
)
def test_nobodys_words_become_headers(evil):
    letter = sent(heading=evil, name=evil, sections=[Section(evil, [evil])])
    assert letter.keys() == sent().keys()
    assert letter["Bcc"] is None
    (to,) = letter["To"].addresses
    assert to.addr_spec == "ada@acme.example"


@pytest.mark.parametrize(
    "address", ["ada@acme.example\r\nBcc: eve@evil.example", "zoë@acme.example", "a b\x00@acme.example"]
)
def test_an_address_that_no_mail_can_go_to_is_none(address):
    with pytest.raises(ValueError):
        sent(address=address)


def test_a_long_subject_is_cut_and_an_address_stays_one():
    letter = sent(heading="x" * 500, address='"a,b"@acme.example')
    assert letter["Subject"] == "x" * 199 + "…"
    assert len(letter["To"].addresses) == 1
