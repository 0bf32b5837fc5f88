"""Daily rules over the changes of clocks: for each a time that is skipped or comes twice, and where it falls.

`clock_changes.txt` holds, for changes of the past, the zone, the local time that a rule says, the instant, and what the
clock shows then. A skipped time is read by the offset before the change, and so is the first of a double one.
"""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from domain.rrule import parse
from domain.rule_set import RuleSet, occurrences

GOLDEN = [line.split() for line in (Path(__file__).parent / "clock_changes.txt").read_text().splitlines()]
LINES = pytest.mark.parametrize(("zone", "local", "instant", "shown"), GOLDEN, ids=str)


def test_it_is_about_zones_everywhere():
    zones = {zone for zone, *_ in GOLDEN}
    assert len(zones) >= 30
    assert {"Australia/Lord_Howe", "Antarctica/Troll", "Pacific/Apia"} <= zones


@LINES
def test_a_daily_rule_falls_where_the_table_says(zone, local, instant, shown):
    local, instant, shown = map(datetime.fromisoformat, (local, instant, shown))
    start = local - timedelta(days=3)
    rules = RuleSet(rule=parse("FREQ=DAILY"), start=start, zone=ZoneInfo(zone))
    found = occurrences(rules, after=instant - timedelta(hours=1), until=instant + timedelta(hours=1), limit=9)
    assert (shown, instant) in [(each.local, each.at) for each in found]
    assert local in [each.original for each in occurrences(rules, until=instant + timedelta(days=2), limit=9)] or (
        shown - local == timedelta(days=1)  # a whole day was left out: its occurrence meets that of the next
    )


@LINES
def test_the_table_agrees_with_the_zones_offsets(zone, local, instant, shown):
    """By arithmetic on offsets alone: before and after the change, and at the instant."""
    local, instant, shown = map(datetime.fromisoformat, (local, instant, shown))
    offset = ZoneInfo(zone).utcoffset
    before, now = offset(local - timedelta(days=1, hours=1)), instant.astimezone(ZoneInfo(zone)).utcoffset()
    assert instant.replace(tzinfo=None) + before == local
    assert instant.replace(tzinfo=None) + now == shown
    assert now >= before  # a skipped time lies after the change, the first of a double one before it


@LINES
def test_no_hour_of_a_change_is_missing_or_comes_twice(zone, local, instant, shown):
    instant = datetime.fromisoformat(instant)
    start = datetime.fromisoformat(local) - timedelta(days=1)
    rules = RuleSet(rule=parse("FREQ=HOURLY"), start=start, zone=ZoneInfo(zone))
    found = [each.at for each in occurrences(rules, until=instant + timedelta(days=2), limit=99)]
    assert found == sorted(set(found))
    assert all(each.astimezone(UTC) == each for each in found)
