"""What is wrong with a workflow that somebody wants to publish: all of it at once."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from domain.errors import DomainError, DuplicateValue, InvalidInput, LimitExceeded, Required, TooLong
from domain.task_rules import TaskAction
from domain.workflow import FINAL, Row, Step, Workflow
from domain.workflow_tables import BUILT_IN
from models.accounts import Role
from models.tasks import TaskStatus
from models.workflows import LONGEST_NAME

MOST_STEPS = 50
_MEANT: Mapping[str, frozenset[TaskStatus]] = MappingProxyType(
    {
        Step.START: frozenset({TaskStatus.IN_PROGRESS}),
        Step.RELEASE: frozenset({TaskStatus.RELEASED}),
        Step.CLOSE: frozenset({TaskStatus.CLOSED}),
        Step.COMPLETE: frozenset({TaskStatus.COMPLETED}),
        Step.CANCEL: frozenset({TaskStatus.CANCELLED}),
        Step.REJECT: frozenset({TaskStatus.PENDING, TaskStatus.IN_PROGRESS}),
    }
)
"""Where the steps lead whose names mean the same in every workflow."""
_TAKEN = frozenset(TaskAction) - frozenset(Step)


def faults(flow: Workflow) -> list[DomainError]:
    """Everything that is wrong with it; the paths are those of the input that publishes it."""
    found = [*_of_name(flow.name), *_of_people(flow), *_of_number(flow)]
    for place, row in enumerate(flow.rows):
        found += [*_of_step_name(row, place), *_of_step(row, place), *_of_meaning(row, place)]
    return [*found, *_twice(flow), *_unreached(flow), *_dead_ends(flow)]


def _of_name(name: str) -> Iterator[DomainError]:
    if not name:
        yield Required(path=("name",), field="The name")
    if len(name) > LONGEST_NAME:
        yield TooLong(path=("name",), field="The name", length=len(name), limit=LONGEST_NAME)
    if name in BUILT_IN:
        yield DuplicateValue(path=("name",), field="The name", value=name)


def _of_people(flow: Workflow) -> Iterator[DomainError]:
    if not flow.editors:
        yield Required(path=("editableBy",), field="Whoever edits the content")


def _of_number(flow: Workflow) -> Iterator[DomainError]:
    if not flow.rows:
        yield Required(path=("steps",), field="A step")
    if len(flow.rows) > MOST_STEPS:
        what, actual = "The number of steps", len(flow.rows)
        yield LimitExceeded(path=("steps",), what=what, limit=MOST_STEPS, actual=actual)


def _of_step_name(row: Row, place: int) -> Iterator[DomainError]:
    path, words = ("steps", str(place), "name"), row.step.split("_")
    if not row.step:
        yield Required(path=path, field="The step's name")
        return
    if len(row.step) > LONGEST_NAME:
        yield TooLong(path=path, field="The name", length=len(row.step), limit=LONGEST_NAME)
    if not all(word.isascii() and word.isalnum() and word == word.upper() for word in words) or row.step[0].isdigit():
        yield InvalidInput(
            path=path, reason="a step's name is of capital letters, digits and single _, as in SEND_BACK"
        )
    if row.step in _TAKEN:
        yield InvalidInput(path=path, reason=f"{row.step} is no step but done to every task in the same way")


def _of_step(row: Row, place: int) -> Iterator[DomainError]:
    path = ("steps", str(place))
    if not row.sources:
        yield Required(path=(*path, "from"), field="A status")
    if row.sources & FINAL:
        finals = ", ".join(status for status in TaskStatus if status in row.sources & FINAL)
        yield InvalidInput(path=(*path, "from"), reason=f"{finals} is final, and no step leads away from it")
    if row.target in row.sources:
        yield InvalidInput(path=(*path, "to"), reason=f"the step leads from {row.target} to itself")
    if not row.relations:
        yield Required(path=(*path, "relations"), field="Whom the step is for")
    if not row.roles or Role.SYSTEM in row.roles:
        yield InvalidInput(path=(*path, "roles"), reason="a step is for reps, supervisors or admins")


def _of_meaning(row: Row, place: int) -> Iterator[DomainError]:
    path, meant = ("steps", str(place)), _MEANT.get(row.step, frozenset(TaskStatus))
    if row.target not in meant:
        words = " or ".join(status for status in TaskStatus if status in meant)
        yield InvalidInput(path=(*path, "to"), reason=f"{row.step} leads to {words} in every workflow")
    if row.step == Step.START and row.reason_required:
        yield InvalidInput(path=(*path, "reasonRequired"), reason="who claims a task may start it without a reason")
    if row.step == Step.REJECT and row.sources - {TaskStatus.RELEASED}:
        yield InvalidInput(path=(*path, "from"), reason="only what is RELEASED is rejected")
    if row.step == Step.REJECT and not row.reason_required:
        yield InvalidInput(path=(*path, "reasonRequired"), reason="nobody is rejected without a reason")


def _twice(flow: Workflow) -> Iterator[DomainError]:
    seen: set[tuple[str, TaskStatus]] = set()
    for place, row in enumerate(flow.rows):
        for status in (status for status in TaskStatus if status in row.sources):
            if (row.step, status) in seen:
                reason = f"there is a step {row.step} from {status} already"
                yield InvalidInput(path=("steps", str(place), "from"), reason=reason)
            seen.add((row.step, status))


def _unreached(flow: Workflow) -> Iterator[DomainError]:
    reached = _reached(flow, TaskStatus.PENDING)
    for place, row in enumerate(flow.rows):
        for status in (status for status in TaskStatus if status in row.sources - reached - FINAL):
            yield InvalidInput(path=("steps", str(place), "from"), reason=f"no step leads to {status}")


def _dead_ends(flow: Workflow) -> Iterator[DomainError]:
    for status in (status for status in TaskStatus if status in _reached(flow, TaskStatus.PENDING) - FINAL):
        if not _reached(flow, status) & FINAL:
            yield InvalidInput(path=("steps",), reason=f"from {status} no way leads to an end")


def _reached(flow: Workflow, status: TaskStatus) -> set[TaskStatus]:
    """The status, and all to which steps lead from it."""
    found, before = {status}, set[TaskStatus]()
    while found != before:
        before = set(found)
        found |= {row.target for row in flow.rows if row.sources & found - FINAL}
    return found
