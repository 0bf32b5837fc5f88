"""Calendars that are read: what comes again becomes drafts, and what could do harm does none."""

import time
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from domain.calendar_reading import read
from domain.errors import DomainError

BERLIN = ZoneInfo("Europe/Berlin")
TEA = ["UID:tea", "SUMMARY:Tea", "DTSTART;TZID=Europe/Berlin:20261123T090000", "RRULE:FREQ=DAILY;COUNT=3"]


def calendar(*entries, kind="VEVENT", before=()):
    lines = [line for entry in entries for line in (f"BEGIN:{kind}", *entry, f"END:{kind}")]
    return "\r\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", *before, *lines, "END:VCALENDAR", ""])


def said(*replaced, drop=""):
    """The entry about tea, with some of its lines replaced or dropped."""
    names = {line.partition(":")[0].partition(";")[0] for line in replaced}
    return [line for line in TEA if line.partition(":")[0].partition(";")[0] not in {*names, drop}] + list(replaced)


def one(*lines, **more):
    (draft,) = read(calendar(said(*lines, **more)), local=BERLIN)
    return draft


def at(text):
    return datetime.fromisoformat(text)


def faults(draft):
    return [(error.code, error.path) for error in draft.errors]


def test_an_event_is_read():
    draft = one(
        "DURATION:PT45M",
        "DESCRIPTION:Two\\, or three\\ncups",
        "LOCATION:Bonn",
        "EXDATE;TZID=Europe/Berlin:20261124T090000",
    )
    assert (draft.uid, draft.title, draft.description, draft.place) == ("tea", "Tea", "Two, or three\ncups", "Bonn")
    assert (draft.start, draft.time_zone, draft.minutes) == (at("2026-11-23T09:00"), "Europe/Berlin", 45)
    assert (draft.rule, draft.left_out, draft.errors) == ("FREQ=DAILY;COUNT=3", [at("2026-11-24T09:00")], [])


def test_a_to_do_with_a_due_time_is_read():
    (draft,) = read(calendar(said("DUE;TZID=Europe/Berlin:20261123T100000"), kind="VTODO"), local=BERLIN)
    assert (draft.start, draft.minutes) == (at("2026-11-23T09:00"), 60)


@pytest.mark.parametrize(
    ("line", "start", "zone"),
    [
        ("DTSTART:20261123T090000Z", "2026-11-23T09:00", "UTC"),
        ("DTSTART:20261123T090000", "2026-11-23T09:00", "Europe/Berlin"),
        ("DTSTART;VALUE=DATE:20261123", "2026-11-23T09:00", "Europe/Berlin"),
        ("DTSTART;TZID=W. Europe Standard Time:20261123T090000", "2026-11-23T09:00", "Europe/Berlin"),
        ("DTSTART;TZID=America/New_York:20261123T090000", "2026-11-23T09:00", "America/New_York"),
    ],
)
def test_a_start_is_a_local_time_in_a_zone(line, start, zone):
    draft = one(line)
    assert (draft.start, draft.time_zone, draft.errors) == (at(start), zone, [])


def test_dates_of_other_zones_and_without_a_time_are_those_of_the_start():
    draft = one("RDATE:20261201T080000Z", "EXDATE;VALUE=DATE:20261124,20261125")
    assert draft.added == [at("2026-12-01T09:00")]
    assert draft.left_out == [at("2026-11-24T09:00"), at("2026-11-25T09:00")]


def test_an_occurrence_that_was_moved_is_at_its_new_time_and_a_cancelled_one_is_left_out():
    moved = [
        "UID:tea",
        "RECURRENCE-ID;TZID=Europe/Berlin:20261124T090000",
        "DTSTART;TZID=Europe/Berlin:20261124T150000",
    ]
    gone = [
        "UID:tea",
        "RECURRENCE-ID;TZID=Europe/Berlin:20261125T090000",
        "DTSTART:20261125T090000",
        "STATUS:CANCELLED",
    ]
    (draft,) = read(calendar(TEA, moved, gone), local=BERLIN)
    assert draft.added == [at("2026-11-24T15:00")]
    assert draft.left_out == [at("2026-11-24T09:00"), at("2026-11-25T09:00")]


@pytest.mark.parametrize(
    ("line", "path"),
    [
        ("DTSTART:tomorrow", "dtstart"),
        ("DTSTART;TZID=Nowhere/Else:20261123T090000", "dtstart"),
        ("DTSTART;TZID=../../etc/passwd:20261123T090000", "dtstart"),
        ("EXRULE:FREQ=DAILY", "exrule"),
        ("RRULE:FREQ=DAILY;INTERVAL=often", "rrule"),
        ("RDATE;VALUE=PERIOD:20261123T090000Z/20261123T100000Z", "rdate"),
    ],
)
def test_what_cannot_be_read_is_told_with_its_place(line, path):
    assert faults(one(line)) == [("INVALID_INPUT", (path,))]


def test_two_rules_are_one_too_many():
    assert faults(one("RRULE:FREQ=DAILY", "RRULE:FREQ=WEEKLY")) == [("INVALID_INPUT", ("rrule",))]


def test_what_does_not_recur_or_has_no_name_of_its_own_is_told():
    assert faults(one(drop="RRULE")) == [("INVALID_INPUT", ("rrule",))]
    assert faults(one(drop="UID")) == [("REQUIRED", ("uid",))]
    assert faults(one(drop="DTSTART")) == [("INVALID_INPUT", ("dtstart",))]


HOSTILE = {
    "nothing": "",
    "no calendar": "hello",
    "begun and not ended": "BEGIN:VCALENDAR\r\nBEGIN:VEVENT",
    "ended and not begun": "END:VCALENDAR\r\n" * 100,
    "nested": "BEGIN:VCALENDAR\r\n" * 5000,
    "many events": calendar(*[TEA] * 20_000),
    "long": calendar(said("SUMMARY:" + "x" * 1_000_000)),
    "one line": "BEGIN:VCALENDAR" + ";X=1" * 60_000,
    "many lines": calendar(said(*["COMMENT:x"] * 60_000)),
    "clocks in clocks": "BEGIN:VTIMEZONE\r\n" * 9000,
    "many dates": calendar(said("RDATE:" + ",".join(["20261123T090000Z"] * 10_000))),
}


def outcome(text):
    """What becomes of a text: why it is refused, or what its entries lack."""
    try:
        drafts = read(text, local=BERLIN)
    except DomainError as error:
        return error.errors[0].path
    return ("faults" if all(draft.errors for draft in drafts) else "drafts") if drafts else "nothing"


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_text_is_refused_soon(name):
    begun = time.perf_counter()
    assert outcome(HOSTILE[name]) in {("ics",), "nothing", "faults"}
    assert time.perf_counter() - begun < 2


def test_a_clock_that_changes_every_second_is_not_looked_at():
    rule = [
        "BEGIN:STANDARD",
        "DTSTART:19000101T000000",
        "RRULE:FREQ=SECONDLY",
        "TZOFFSETFROM:+0100",
        "TZOFFSETTO:+0100",
    ]
    for begin in ("BEGIN:VTIMEZONE", "begin:vtimezone", 'BEGIN;X=":":VTIMEZONE', "BEGIN:VTIME\r\n ZONE"):
        clock = [begin, "TZID:Own", *rule, "END:STANDARD", "END:VTIMEZONE"]
        begun = time.perf_counter()
        (draft,) = read(calendar(said("DTSTART;TZID=Own:20261123T090000"), before=clock), local=BERLIN)
        assert faults(draft) == [("INVALID_INPUT", ("dtstart",))]
        assert time.perf_counter() - begun < 1


def test_words_are_words():
    evil = "Tea\\nEND:VEVENT\\nBEGIN:VEVENT\\nUID:evil"
    assert one(f"SUMMARY:{evil}").title == "Tea\nEND:VEVENT\nBEGIN:VEVENT\nUID:evil"
