"""Calendars as text: read back by an independent library, they say what was written."""

from datetime import UTC, datetime, timedelta
from io import StringIO
from zoneinfo import ZoneInfo

import pytest
import vobject
from dateutil import tz

from domain.calendar_text import Entry, Recurrence, write
from models import CalendarEntry

MADE = datetime(2026, 11, 1, tzinfo=UTC)
MONDAY = datetime.fromisoformat("2026-11-23T09:30")
ZONES = [
    *("Europe/Berlin", "America/New_York", "America/Sao_Paulo", "Asia/Kolkata", "Asia/Gaza", "Africa/Casablanca"),
    *("Australia/Lord_Howe", "Antarctica/Troll", "Pacific/Chatham", "Africa/Cairo", "America/St_Johns", "UTC"),
]


def entry(**more):
    about = {"uid": "tea", "kind": CalendarEntry.EVENT, "title": "Tea", "at": MADE}
    return Entry(**about | {"created_at": MADE, "updated_at": MADE, "version": 3} | more)


def read(*entries):
    """The components of the written calendar, in their order."""
    (calendar,) = vobject.readComponents(write("Mine", entries).decode())
    return [each for each in calendar.getChildren() if each.name in {"VEVENT", "VTODO"}]


@pytest.mark.parametrize("zone", ZONES)
def test_a_calendar_says_itself_what_the_clock_of_its_zone_does(zone):
    again = entry(at=MONDAY, zone=ZoneInfo(zone), recurrence=Recurrence(rule="FREQ=WEEKLY;BYDAY=MO;COUNT=400"))
    (event,) = read(again)
    told = tz.tzical(StringIO(write("Mine", [again]).decode())).get()
    found = [each.replace(tzinfo=told) for each in event.getrruleset()]
    expected = [(MONDAY + timedelta(weeks=week)).replace(tzinfo=ZoneInfo(zone)) for week in range(400)]
    assert [each.astimezone(UTC) for each in found] == [each.astimezone(UTC) for each in expected]


def test_dates_are_added_and_left_out():
    at, day = MONDAY, timedelta(days=1)
    again = Recurrence(rule="FREQ=DAILY;COUNT=3", added=[at + 7 * day], left_out=[at + day])
    (todo,) = read(entry(kind=CalendarEntry.TO_DO, at=at, zone=ZoneInfo("Europe/Berlin"), recurrence=again))
    assert [each.replace(tzinfo=None) for each in todo.getrruleset()] == [at, at + 2 * day, at + 7 * day]


@pytest.mark.parametrize(
    "text",
    [
        "a,b;c\\d:e",
        "line\nbreak",
        "x" * 300,
        "ü€🍵" * 60,
        '"quoted"',
        "BEGIN:VEVENT\nSUMMARY:Injected\nEND:VEVENT",
        "\\n",
    ],
)
def test_text_comes_back_as_it_was(text):
    (event,) = read(entry(title=text, description=text, place=text))
    assert (event.summary.value, event.description.value, event.location.value) == (text, text, text)


def test_control_characters_are_left_out_and_lines_are_folded():
    written = write("Mine", [entry(title="a\x00\x07b\r\nc\rd" + "ü" * 200)])
    assert b"SUMMARY:ab\\nc\\nd" in written
    assert max(map(len, written.split(b"\r\n"))) <= 75
    assert b"\n" not in written.replace(b"\r\n", b"")
