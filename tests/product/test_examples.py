"""Each document of the explorer's tabs answers without errors, whoever asks."""

import json
import re
from datetime import UTC, datetime, timedelta

import pytest
from graphql import OperationDefinitionNode, parse

from tests.product.conftest import ROOT

DOCUMENTS = sorted((ROOT / "web" / "explorer" / "examples").glob("*.graphql"))
ANY = {
    "taskId": "{ found: tasks(first: 1, includeFinished: true) { nodes { id } } }",
    "seriesId": "{ found: allSeries(first: 1) { nodes { id } } }",
    "teamId": '{ found: teams(filter: {name: {eq: "North"}}) { nodes { id } } }',
}
"""What the tabs fill in when the operations before it were run."""
OPERATIONS = [
    pytest.param(document, operation.name.value, id=operation.name.value)
    for document in DOCUMENTS
    for operation in parse(document.read_text(encoding="utf-8")).definitions
    if isinstance(operation, OperationDefinitionNode)
]


def day(found):
    """`today`, or so many days later, as the tabs have it."""
    return (datetime.now(UTC) + timedelta(days=int(found[1] or 0))).date().isoformat()


@pytest.mark.parametrize("who", ["rep", "supervisor", "admin"])
@pytest.mark.parametrize(("document", "operation"), OPERATIONS)
def test_an_example_answers_without_errors(ask, who, document, operation):
    variables = json.loads(
        re.sub(r"\btoday(?:\+(\d+))?", day, document.with_suffix(".json").read_text(encoding="utf-8"))
    )
    for name in variables.keys() & ANY.keys():
        (found,) = ask(who, ANY[name])["data"]["found"]["nodes"]
        variables[name] = found["id"]
    answer = ask(who, document.read_text(encoding="utf-8"), operation, **variables)
    assert list(answer) == ["data"]
    assert None not in answer["data"].values()
