"""The table of docs/recurrence-rules.md: each disputed vector has a decision there, and the answer that we give."""

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from domain.errors import InvalidRecurrence
from domain.rrule import parse
from domain.rule_set import RuleSet, occurrences

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/recurrence-rules.md").read_text()
VECTORS = ROOT.parent / "shared/data/rfc5545/vectors.json"
ROWS = re.findall(r"^\| `(.+)` \| (.+) \| (.+) \| (.+) \|$", PAGE, re.MULTILINE)


def answer(rule, start):
    """The first three local times, as the table says them."""
    try:
        rules = RuleSet(rule=parse(rule), start=datetime.fromisoformat(start), zone=ZoneInfo("UTC"))
        found = occurrences(rules, until=datetime(2299, 12, 31, tzinfo=UTC), limit=3)
    except InvalidRecurrence:
        return "refused"
    return ", ".join(f"{each.local:%Y-%m-%d %H:%M}" for each in found) or "never"


@pytest.mark.parametrize(("rule", "start", "decision", "told"), ROWS, ids=str)
def test_the_table_tells_what_is_decided_and_answered(rule, start, decision, told):
    assert f"**{decision}**" in PAGE
    assert answer(rule, start) == told


@pytest.mark.skipif(not VECTORS.exists(), reason="the shared vectors are not beside this checkout")
def test_each_disputed_vector_has_a_row():
    disputed = [each for each in json.loads(VECTORS.read_text()) if each["agreement"] == "disputed"]
    told = {(rule, start) for rule, start, _, _ in ROWS}
    assert {(each["rrule"], each["dtstart"].replace("T", " ")[:16]) for each in disputed} == told
