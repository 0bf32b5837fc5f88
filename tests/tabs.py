"""The explorer's tabs, as it opens with them: documents with variables, in which today is today."""

import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

from graphql import OperationDefinitionNode, parse

EXAMPLES = Path(__file__).parents[1] / "web/explorer/examples"


def tabs():
    """Each operation of each tab, as (name of the tab, text, variables, operation's node)."""
    for path in sorted(EXAMPLES.glob("*.graphql")):
        text = path.read_text(encoding="utf-8")
        for each in parse(text).definitions:
            if isinstance(each, OperationDefinitionNode):
                yield path.stem, text, _variables(path.with_suffix(".json")), each


def _variables(path):
    return json.loads(re.sub(r"\btoday(?:\+(\d+))?", _day, path.read_text(encoding="utf-8")))


def _day(found):
    """`today`, or so many days later."""
    return (datetime.now(UTC) + timedelta(days=int(found[1] or 0))).date().isoformat()
