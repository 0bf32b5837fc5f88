"""The whole matrix of steps, cell by cell, against a table written down by hand."""

from itertools import product
from uuid import UUID

import pytest

from domain import task_rules, workflow, workflow_tables
from domain.errors import DomainError, NotFound, Refused
from domain.principal import Principal
from domain.relations import in_reach
from domain.task_rules import CONTENT, PLANNING, TaskAction
from domain.workflow import Step, TaskFacts
from models.accounts import Role, Scope
from models.tasks import TaskStatus

WORKSPACE, ME, OTHER, THIRD, TEAM, LED = (UUID(int=number) for number in range(1, 7))

# A person is a role (Rep, Supervisor, Admin, sYstem) and a relation to the task (assignee, creator, both, in reach,
# none); a letter alone is the role in every relation. Whoever is not named is refused.
PEOPLE = {
    "assignee": "Ra Rb Sa Sb Aa Ab Y",
    "its people": "Ra Rc Rb Sa Sc Sb Aa Ac Ab Y",
    "its reps": "Ra Rc Rb Y",
    "reach": "Sr A Y",
    "assignee+reach": "Ra Rb Sa Sb Sr A Y",
    "all of them": "Ra Rc Rb Sa Sc Sb Sr A Y",
}
# "=" marks a step that is already done: those named repeat it without a change, for others it does not start here.
ABSENT, WRONG, FINAL = "ACTION_NOT_IN_WORKFLOW", "INVALID_TRANSITION", "TASK_FINAL"
TABLE = {
    #                         PENDING           IN_PROGRESS       RELEASED      COMPLETED CLOSED CANCELLED
    ("STANDARD", "START"): ("assignee", "=assignee", WRONG, FINAL, FINAL, FINAL),
    ("STANDARD", "RELEASE"): (ABSENT, ABSENT, ABSENT, FINAL, FINAL, FINAL),
    ("STANDARD", "CLOSE"): (ABSENT, ABSENT, ABSENT, FINAL, FINAL, FINAL),
    ("STANDARD", "COMPLETE"): ("assignee+reach", "assignee+reach", WRONG, FINAL, FINAL, FINAL),
    ("STANDARD", "REJECT"): (ABSENT, ABSENT, ABSENT, FINAL, FINAL, FINAL),
    ("STANDARD", "CANCEL"): ("all of them", "all of them", WRONG, FINAL, FINAL, FINAL),
    ("REVIEWED", "START"): ("assignee", "=assignee", WRONG, FINAL, FINAL, FINAL),
    ("REVIEWED", "RELEASE"): ("its reps", "its reps", "=its reps", FINAL, FINAL, FINAL),
    ("REVIEWED", "CLOSE"): (WRONG, WRONG, "reach", FINAL, FINAL, FINAL),
    ("REVIEWED", "COMPLETE"): (ABSENT, ABSENT, ABSENT, FINAL, FINAL, FINAL),
    ("REVIEWED", "REJECT"): (ABSENT, ABSENT, ABSENT, FINAL, FINAL, FINAL),
    ("REVIEWED", "CANCEL"): ("its people", "its people", "reach", FINAL, FINAL, FINAL),
    ("DIRECT", "START"): ("assignee", "=assignee", WRONG, FINAL, FINAL, FINAL),
    ("DIRECT", "RELEASE"): ("its reps", "its reps", "=its reps", FINAL, FINAL, FINAL),
    ("DIRECT", "CLOSE"): (WRONG, WRONG, "reach", FINAL, FINAL, FINAL),
    ("DIRECT", "COMPLETE"): ("assignee", "assignee", WRONG, FINAL, FINAL, FINAL),
    ("DIRECT", "REJECT"): (ABSENT, ABSENT, ABSENT, FINAL, FINAL, FINAL),
    ("DIRECT", "CANCEL"): ("its people", "its people", "reach", FINAL, FINAL, FINAL),
}
TARGETS = {
    "START": "IN_PROGRESS",
    "RELEASE": "RELEASED",
    "CLOSE": "CLOSED",
    "COMPLETE": "COMPLETED",
    "CANCEL": "CANCELLED",
    "REJECT": "IN_PROGRESS",
}
STATUSES = ("PENDING", "IN_PROGRESS", "RELEASED", "COMPLETED", "CLOSED", "CANCELLED")
ROLES = {"R": Role.REP, "S": Role.SUPERVISOR, "A": Role.ADMIN, "Y": Role.SYSTEM}
RELATIONS = {"a": (ME, OTHER, TEAM), "c": (OTHER, ME, TEAM), "b": (ME, ME, TEAM), "r": (OTHER, OTHER, LED)}
RELATIONS["n"] = (OTHER, OTHER, TEAM)
PERSONS = [role + relation for role, relation in product(ROLES, RELATIONS)]


def who(name):
    return {person for person in PERSONS if {person, person[0]} & set(PEOPLE[name].split())}


def principal(role, **more):
    if role is Role.SYSTEM:
        return Principal.system(WORKSPACE)
    return Principal(id=ME, workspace_id=WORKSPACE, role=role, name="Ada", **({"reach": frozenset({LED})} | more))


def case(person, status="PENDING", flow="REVIEWED", **more):
    """What the rules get to know when this person looks at a task."""
    by = principal(ROLES[person[0]])
    assignee, creator, team = RELATIONS[person[1]]
    facts = {
        "status": TaskStatus(status),
        "flow": workflow_tables.find(flow),
        "creator_id": creator,
        "assignee_id": assignee,
        "assignee_name": "Grace",
        "team_id": team,
        "finished_by_id": THIRD if status in STATUSES[3:] else None,
    } | more
    reached = in_reach(by, team_id=facts["team_id"], assignee_id=facts["assignee_id"], creator_id=facts["creator_id"])
    return TaskFacts(**facts, in_reach=reached), by


def expected(flow, step, status, person):
    """The refusal's code, or the status to which the step leads."""
    cell = TABLE[flow, step][STATUSES.index(status)]
    if cell in {ABSENT, WRONG, FINAL}:
        return cell
    if cell.startswith("="):
        return status if person in who(cell[1:]) else WRONG
    return TARGETS[step] if person in who(cell) else "FORBIDDEN_TRANSITION"


def outcome(step, facts, by):
    try:
        return workflow.move(Step(step), facts, by)
    except DomainError as refusal:
        return "+".join(error.code for error in refusal.errors)


def test_the_matrix_has_every_cell():
    assert set(TABLE) == set(product(("STANDARD", "REVIEWED", "DIRECT"), TARGETS))
    assert list(STATUSES) == list(TaskStatus)
    assert list(TARGETS) == list(Step)
    assert len(TABLE) * len(STATUSES) * len(PERSONS) == 2160


@pytest.mark.parametrize(("flow", "step"), TABLE)
@pytest.mark.parametrize("status", STATUSES)
def test_a_step_succeeds_or_is_refused_as_its_cell_says(flow, step, status):
    found = {person: outcome(step, *case(person, status, flow)) for person in PERSONS}
    assert found == {person: expected(flow, step, status, person) for person in PERSONS}


@pytest.mark.parametrize(("flow", "step"), TABLE)
@pytest.mark.parametrize("status", STATUSES)
def test_open_subtasks_stop_what_says_that_the_work_is_done_and_are_told_with_every_other_failure(flow, step, status):
    for person in PERSONS:
        plain = expected(flow, step, status, person)
        guarded = step in {"RELEASE", "COMPLETE", "CLOSE"} and plain in {TARGETS[step], "FORBIDDEN_TRANSITION"}
        if guarded and plain != status:
            plain = "FORBIDDEN_TRANSITION+OPEN_SUBTASKS" if plain == "FORBIDDEN_TRANSITION" else "OPEN_SUBTASKS"
        facts, by = case(person, status, flow, open_subtasks=("T-7", "T-8"))
        assert outcome(step, facts, by) == plain, person


@pytest.mark.parametrize("flow", ["STANDARD", "REVIEWED", "DIRECT"])
@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize("person", PERSONS)
def test_what_is_allowed_now_is_what_then_succeeds_and_changes_something(flow, status, person):
    facts, by = case(person, status, flow)
    changing = [step for step in TARGETS if expected(flow, step, status, person) == TARGETS[step] != status]
    assert list(workflow.allowed(facts, by)) == changing
    for error in (error for step in Step for error in workflow.check(step, facts, by)):
        assert error.facts.get("allowed", ()) in {(), tuple(changing)}


@pytest.mark.parametrize(
    ("flow", "status", "step"),
    [
        ("STANDARD", "COMPLETED", "COMPLETE"),
        ("STANDARD", "CANCELLED", "CANCEL"),
        ("REVIEWED", "CLOSED", "CLOSE"),
        ("REVIEWED", "CANCELLED", "CANCEL"),
        ("DIRECT", "COMPLETED", "COMPLETE"),
        ("DIRECT", "CLOSED", "CLOSE"),
    ],
)
def test_only_whoever_took_the_final_step_repeats_it(flow, status, step):
    mine, by = case("Sr", status, flow, finished_by_id=ME)
    assert outcome(step, mine, by) == status
    assert {outcome(other, mine, by) for other in TARGETS if other != step} == {"TASK_FINAL"}
    others, by = case("Sr", status, flow, finished_by_id=OTHER)
    assert outcome(step, others, by) == "TASK_FINAL"
    systems, by = case("Sr", status, flow, finished_by_id=None)
    assert outcome(step, systems, by) == "TASK_FINAL"
    assert outcome(step, systems, Principal.system(WORKSPACE)) == status


def test_a_refusal_says_what_happened_and_what_is_allowed_now():
    def told(step, person, status, flow="REVIEWED", **more):
        return [error.message for error in workflow.check(Step(step), *case(person, status, flow, **more))]

    assert told("COMPLETE", "Ra", "PENDING") == [
        "The workflow REVIEWED has no step COMPLETE. Allowed to you now: START, RELEASE, CANCEL."
    ]
    assert told("CLOSE", "Rc", "PENDING") == [
        "CLOSE is not possible while this is PENDING. Allowed to you now: RELEASE, CANCEL."
    ]
    assert told("CLOSE", "Ra", "RELEASED") == [
        "CLOSE is not yours to take; it is for a supervisor of its team or an admin. Allowed to you now: nothing."
    ]
    assert told("RELEASE", "Sr", "PENDING", open_subtasks=("T-7", "T-8")) == [
        (
            "RELEASE is not yours to take; it is for a rep who is its assignee or its creator."
            " Allowed to you now: nothing."
        ),
        "These subtasks are still open: T-7, T-8. Finish or cancel them first.",
    ]
    assert told("CANCEL", "An", "CLOSED") == [
        "This task is CLOSED, which is final: nothing about it can change. Create a follow-up task instead."
    ]


def test_all_failures_are_raised_at_once():
    facts, by = case("Rn", "PENDING", open_subtasks=("T-7",))
    with pytest.raises(Refused) as refusal:
        workflow.move(Step.RELEASE, facts, by)
    assert [error.code for error in refusal.value.errors] == ["FORBIDDEN_TRANSITION", "OPEN_SUBTASKS"]


@pytest.mark.parametrize(("name", "version"), [("STANDARD", 2), ("OTHER", 1), ("", 0)])
def test_a_workflow_that_nobody_published_is_not_found(name, version):
    with pytest.raises(NotFound):
        workflow_tables.find(name, version)


# Who may take, give back, hand over and edit: "me" is the assignee where the relation says so, else OTHER or nobody.
OWNERSHIP = {
    # action, held by somebody: outcome by person
    ("CLAIM", True): {"": "ALREADY_CLAIMED", "Ra Rb Sa Sb Aa Ab": "ok"},
    ("CLAIM", False): {"": "FORBIDDEN", "Sr A": "ok"},
    ("UNCLAIM", True): {"": "NOT_HOLDER", "Ra Rb Sa Sb Sr A Y": "ok"},
    ("UNCLAIM", False): {"": "NOT_CLAIMED"},
    ("ASSIGN", True): {"": "FORBIDDEN", "Sr A Y": "ok"},
    ("ASSIGN", False): {"": "FORBIDDEN", "Sr A Y": "ok"},
}


@pytest.mark.parametrize(("action", "held"), OWNERSHIP)
@pytest.mark.parametrize("person", PERSONS)
def test_ownership_changes_as_its_cell_says(action, held, person):
    cells = OWNERSHIP[action, held]
    named = [result for people, result in cells.items() if {person, person[0]} & set(people.split())]
    for status in STATUSES[:3]:
        facts, by = case(person, status, **({} if held else {"assignee_id": None, "assignee_name": None}))
        want = named[0] if named else cells[""]
        if (action, held, status) == ("CLAIM", False, "RELEASED"):
            want = "NOT_CLAIMABLE" if want == "ok" else "NOT_CLAIMABLE+FORBIDDEN"
        found = task_rules.check(TaskAction(action), facts, by)
        assert ("+".join(error.code for error in found) or "ok") == want
    for status in STATUSES[3:]:
        facts, by = case(person, status)
        assert [error.code for error in task_rules.check(TaskAction(action), facts, by)] == ["TASK_FINAL"]


def test_a_member_claims_from_their_team_and_anyone_what_belongs_to_no_team():
    free = {"assignee_id": None, "assignee_name": None}
    member = principal(Role.REP, teams=frozenset({TEAM}))
    assert task_rules.claim(case("Rn", **free)[0], member) == ()
    assert task_rules.claim(case("Rn", **free, team_id=None)[0], principal(Role.REP)) == ()
    assert [error.code for error in task_rules.claim(case("Rn", **free)[0], principal(Role.REP))] == ["FORBIDDEN"]


def test_the_refused_claimant_learns_who_holds_the_task():
    (refusal,) = task_rules.claim(*case("Rn"))
    assert refusal.facts == {"holder": "Grace"}
    assert refusal.message == (
        "Grace already holds this task. Take another one, or ask Grace or a supervisor to hand it over."
    )


def test_content_is_edited_by_whom_the_workflow_says():
    everyone = "Ra Rc Rb Sa Sc Sb Sr A Y"
    for flow, full, planning in (
        ("STANDARD", everyone, ""),
        ("REVIEWED", "Rc Rb Sc Sb Ac Ab Y", "Ra Sa Aa"),
        ("DIRECT", "Rc Rb Sc Sb Ac Ab Y", "Ra Sa Aa"),
    ):
        for person in PERSONS:
            names = {person, person[0]}
            want = CONTENT if names & set(full.split()) else PLANNING if names & set(planning.split()) else frozenset()
            assert {task_rules.may_edit(*case(person, status, flow)) for status in STATUSES[:3]} == {want}, person
            assert {task_rules.may_edit(*case(person, status, flow)) for status in STATUSES[3:]} == {frozenset()}


def test_an_edit_is_refused_for_the_fields_that_are_not_ones_own():
    facts, by = case("Ra")
    assert task_rules.edit(facts, by, {"notes", "priority"}) == ()
    refusals = task_rules.edit(facts, by, {"team_id", "notes", "expected_minutes"})
    assert [(refusal.code, refusal.path) for refusal in refusals] == [
        ("FORBIDDEN", ("expectedDuration",)),
        ("FORBIDDEN", ("teamId",)),
    ]
    assert refusals[0].message == "You may not edit expectedDuration. Those who may: its creator."
    assert [refusal.path for refusal in task_rules.edit(facts, by, {"links"})] == [()]
    assert [error.code for error in task_rules.edit(*case("Rn"))] == ["FORBIDDEN"]
    assert [error.code for error in task_rules.edit(*case("Rc", "CLOSED"), {"title"})] == ["TASK_FINAL"]


@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize("person", PERSONS)
def test_the_viewers_actions_agree_with_what_the_mutation_then_does(status, person):
    for flow, held in product(("STANDARD", "REVIEWED", "DIRECT"), (True, False)):
        facts, by = case(person, status, flow, **({} if held else {"assignee_id": None, "assignee_name": None}))
        buttons = task_rules.actions(facts, by)
        assert [button.action for button in buttons] == list(TaskAction)
        for button in buttons:
            errors = task_rules.check(TaskAction(button.action), facts, by)
            assert (button.allowed, button.reason) == ((False, errors[0].message) if errors else (True, None))


def test_a_key_that_only_reads_may_do_nothing_and_is_told_why():
    facts, _ = case("Ab")
    reader = principal(Role.ADMIN, scopes=frozenset({Scope.READ}))
    assert {(button.allowed, button.reason) for button in task_rules.actions(facts, reader)} == {
        (False, "This API key lacks the scope WRITE. Use a key that has it, or sign in.")
    }
