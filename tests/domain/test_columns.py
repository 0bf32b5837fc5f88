"""What the columns of a row take."""

import pytest

from domain.columns import LONGEST, faults
from models import Conversion, Customer, Task


def found(model, **values):
    return [(error.code, error.path, error.message) for error in faults(model, values)]


@pytest.mark.parametrize(
    ("model", "values"),
    [
        (Task, {"title": "a" * 200, "place": None, "description": "", "expected_minutes": 2**31 - 1, "number": 2**40}),
        (Task, {"title": " a ", "team_id": None, "outcome": "a" * LONGEST}),
        (Customer, {"name": "é🚲\u2028", "organization_id": None}),
    ],
)
def test_what_fits_is_taken(model, values):
    assert found(model, **values) == []


@pytest.mark.parametrize("title", [None, "", " \t\n\u2003"])
def test_what_must_be_there_is_required(title):
    assert found(Task, title=title) == [("REQUIRED", ("title",), "Title is missing. Give it a value.")]
    assert found(Conversion, task_id=None) == [("REQUIRED", ("taskId",), "Task is missing. Give it a value.")]


def test_text_longer_than_its_column_says_by_how_much():
    message = "Title has 201 characters; at most 200 fit. Shorten it."
    assert found(Task, title="a" * 201) == [("TOO_LONG", ("title",), message)]
    assert [code for code, _, _ in found(Task, outcome="a" * (LONGEST + 1))] == ["TOO_LONG"]


@pytest.mark.parametrize("character", ["\0", chr(0xD800), chr(0xDFFF)])
def test_characters_that_are_no_text_are_refused(character):
    message = "This value cannot be used: Place holds a character that is no text. Correct it and try again."
    assert found(Task, place=f"a{character}b") == [("INVALID_INPUT", ("place",), message)]


def test_whole_numbers_that_no_column_holds_are_refused():
    assert [(code, path) for code, path, _ in found(Task, expected_minutes=2**31)] == [
        ("INVALID_INPUT", ("expectedMinutes",))
    ]
