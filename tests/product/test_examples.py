"""Each document of the explorer's tabs answers without errors, whoever asks."""

import pytest

from tests.tabs import tabs

ANY = {
    "taskId": "{ found: tasks(first: 1, includeFinished: true) { nodes { id } } }",
    "seriesId": "{ found: allSeries(first: 1) { nodes { id } } }",
    "teamId": '{ found: teams(filter: {name: {eq: "North"}}) { nodes { id } } }',
}
"""What the tabs fill in when the operations before it were run."""
OPERATIONS = [
    pytest.param(text, variables, operation.name.value, id=operation.name.value)
    for _, text, variables, operation in tabs()
]


@pytest.mark.parametrize("who", ["rep", "supervisor", "admin"])
@pytest.mark.parametrize(("text", "variables", "operation"), OPERATIONS)
def test_an_example_answers_without_errors(ask, who, text, variables, operation):
    filled = dict(variables)
    for name in filled.keys() & ANY.keys():
        (found,) = ask(who, ANY[name])["data"]["found"]["nodes"]
        filled[name] = found["id"]
    answer = ask(who, text, operation, **filled)
    assert list(answer) == ["data"]
    assert None not in answer["data"].values()
