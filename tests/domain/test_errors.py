"""The tree of refusals: codes, messages, facts and how several are told at once."""

import re

import pytest

from domain.errors import (
    AlreadyClaimed,
    DomainError,
    InvalidInput,
    NotFound,
    OpenSubtasks,
    Refused,
    TaskFinal,
    VersionConflict,
    catalog,
    refuse,
)

CODES = """
    NOT_FOUND INVALID_ID INVALID_INPUT LIMIT_EXCEEDED DUPLICATE_VALUE FORBIDDEN INSUFFICIENT_SCOPE VERSION_CONFLICT
    IDEMPOTENCY_KEY_REUSED IDEMPOTENCY_IN_PROGRESS ALREADY_CLAIMED NOT_CLAIMED NOT_HOLDER NOT_CLAIMABLE TASK_FINAL
    ACTION_NOT_IN_WORKFLOW INVALID_TRANSITION FORBIDDEN_TRANSITION OPEN_SUBTASKS VISIT_FINAL CYCLE_DETECTED TOO_DEEP
    OPEN_CHECKLIST TIMER_RUNNING RATE_MISSING NOTHING_TO_BILL REQUIRED TOO_LONG INVALID_RECURRENCE CURRENCY_MISMATCH
""".split()  # noqa: SIM905 -- codes read better as words


def test_every_code_of_the_contract_has_its_class():
    assert set(CODES) <= set(catalog())
    assert "REFUSED" not in catalog()
    assert "DOMAIN_ERROR" not in catalog()


@pytest.mark.parametrize("code", CODES)
def test_every_message_says_what_happened_and_what_to_do(code):
    error = catalog()[code]
    refusal = error(**dict.fromkeys(error.fields, "this"))
    assert refusal.code == code
    assert refusal.message == str(refusal)
    assert not re.search(r"[{}\n]|  ", refusal.message)
    assert re.fullmatch(r".+[.] .+[.]", refusal.message)


def test_facts_fill_the_message_and_stay_readable_by_machines():
    refusal = VersionConflict(path=("input", "expectedVersion"), expected=3, actual=5)
    assert refusal.message == (
        "This was changed since you read it: it is at version 5, you expected 3. Look again and retry."
    )
    assert refusal.facts == {"expected": 3, "actual": 5}
    assert refusal.path == ("input", "expectedVersion")


def test_several_facts_are_listed_and_braces_in_them_are_only_text():
    assert OpenSubtasks(subtasks=("T-1", "T-2")).message.startswith("These subtasks are still open: T-1, T-2.")
    assert OpenSubtasks(subtasks=()).message.startswith("These subtasks are still open: nothing.")
    assert AlreadyClaimed(holder="{holder} {0}").message.startswith("{holder} {0} already holds this task.")


@pytest.mark.parametrize("facts", [{}, {"kind": "task", "id": "x"}, {"sort": "task"}])
def test_a_refusal_without_exactly_its_facts_is_a_fault_of_ours(facts):
    with pytest.raises(TypeError, match="NotFound takes"):
        NotFound(**facts)


def test_nothing_one_or_all_are_raised():
    refuse([])
    one, two = TaskFinal(status="CLOSED"), InvalidInput(path=("title",), reason="it is empty")
    with pytest.raises(TaskFinal) as single:
        refuse([one])
    assert single.value.errors == (one,)
    with pytest.raises(Refused) as several:
        refuse(error for error in (one, two))
    assert several.value.errors == (one, two)
    assert str(several.value) == f"{one.message} {two.message}"
    assert isinstance(several.value, DomainError)
