"""Each document of the explorer's tabs answers without errors, whoever asks."""

import json

import pytest
from graphql import OperationDefinitionNode, parse

from tests.product.conftest import ROOT

DOCUMENTS = sorted((ROOT / "web" / "explorer" / "examples").glob("*.graphql"))
ANY_TASK = "{ tasks(first: 1, includeFinished: true) { nodes { id } } }"
OPERATIONS = [
    pytest.param(document, operation.name.value, id=operation.name.value)
    for document in DOCUMENTS
    for operation in parse(document.read_text(encoding="utf-8")).definitions
    if isinstance(operation, OperationDefinitionNode)
]


@pytest.mark.parametrize("who", ["rep", "supervisor", "admin"])
@pytest.mark.parametrize(("document", "operation"), OPERATIONS)
def test_an_example_answers_without_errors(ask, who, document, operation):
    variables = json.loads(document.with_suffix(".json").read_text(encoding="utf-8"))
    if "taskId" in variables:
        (task,) = ask(who, ANY_TASK)["data"]["tasks"]["nodes"]
        variables["taskId"] = task["id"]
    answer = ask(who, document.read_text(encoding="utf-8"), operation, **variables)
    assert list(answer) == ["data"]
    assert all(answer["data"].values())
