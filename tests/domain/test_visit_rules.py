"""The whole matrix of a visit's steps, against a table written down by hand."""

from itertools import product
from uuid import UUID

import pytest

from domain import visit_rules
from domain.errors import DomainError
from domain.principal import Principal
from domain.visit_rules import VisitAction, VisitFacts
from models.accounts import Role, Scope
from models.visits import VisitStatus

ME, OTHER = UUID(int=1), UUID(int=2)
WRONG, FINAL = "INVALID_TRANSITION", "VISIT_FINAL"
# Who may take the step; "=" marks one that is already done, which those named repeat without a change.
TABLE = {
    #             PLANNED     IN_PROGRESS  COMPLETED    CANCELLED  MISSED
    "CHECK_IN": ("assignee", "=assignee", FINAL, FINAL, FINAL),
    "CHECK_OUT": (WRONG, "assignee", "=assignee", FINAL, FINAL),
    "CANCEL": ("all", WRONG, FINAL, "=all", FINAL),
}
TARGETS = {"CHECK_IN": "IN_PROGRESS", "CHECK_OUT": "COMPLETED", "CANCEL": "CANCELLED"}
PEOPLE = {"assignee": {"assignee", "both", "system"}, "all": {"assignee", "creator", "both", "reach", "system"}}
PERSONS = {"assignee": (ME, OTHER), "creator": (OTHER, ME), "both": (ME, ME), "reach": (OTHER, OTHER)}
PERSONS |= {"none": (OTHER, OTHER), "system": (OTHER, OTHER)}


def case(person, status, **more):
    role = {"reach": Role.SUPERVISOR, "system": Role.SYSTEM}.get(person, Role.REP)
    by = Principal(id=None if person == "system" else ME, workspace_id=OTHER, role=role, name="Ada", **more)
    assignee, creator = PERSONS[person]
    in_reach = person in {"reach", "system"}
    return VisitFacts(status=VisitStatus(status), creator_id=creator, assignee_id=assignee, in_reach=in_reach), by


def expected(action, status, person):
    cell = TABLE[action][list(VisitStatus).index(status)]
    if cell in {WRONG, FINAL}:
        return cell
    mine = person in PEOPLE[cell.removeprefix("=")]
    if cell.startswith("="):
        return status if mine else FINAL if status in {"COMPLETED", "CANCELLED"} else WRONG
    return TARGETS[action] if mine else "FORBIDDEN_TRANSITION"


@pytest.mark.parametrize("action", TABLE)
@pytest.mark.parametrize("status", list(VisitStatus))
@pytest.mark.parametrize("person", PERSONS)
def test_a_step_succeeds_or_is_refused_as_its_cell_says(action, status, person):
    try:
        found = visit_rules.move(VisitAction(action), *case(person, status))
    except DomainError as refusal:
        found = refusal.code
    assert found == expected(action, status, person)


@pytest.mark.parametrize(("status", "person"), list(product(VisitStatus, PERSONS)))
def test_the_viewers_actions_agree_with_what_the_mutation_then_does(status, person):
    buttons = visit_rules.actions(*case(person, status))
    assert [button.action for button in buttons] == ["CHECK_IN", "CHECK_OUT", "CANCEL"]
    for button in buttons:
        assert button.allowed is (expected(button.action, status, person) in {status, TARGETS[button.action]})
        assert (button.reason is None) is button.allowed


def test_a_refusal_says_what_is_allowed_now():
    (wrong,) = visit_rules.check(VisitAction.CHECK_OUT, *case("assignee", "PLANNED"))
    assert wrong.message == ("CHECK_OUT is not possible while this is PLANNED. Allowed to you now: CHECK_IN, CANCEL.")
    (final,) = visit_rules.check(VisitAction.CHECK_IN, *case("assignee", "MISSED"))
    assert final.message == (
        "This visit is MISSED, which is final: nothing about it can change. Plan another visit instead."
    )


def test_a_key_that_only_reads_may_do_nothing():
    buttons = visit_rules.actions(*case("both", "PLANNED", scopes=frozenset({Scope.READ})))
    assert {button.allowed for button in buttons} == {False}
