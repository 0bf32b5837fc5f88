"""The tree of refusals: each docstring is the message, each class name the code, each `{field}` a fact."""

# ruff: noqa: D404 -- these docstrings speak to a person, who asks "what is wrong with this?"

import re
from collections.abc import Iterable
from string import Formatter
from typing import ClassVar


class DomainError(Exception):
    """The business does not allow this."""

    code: ClassVar[str]
    template: ClassVar[str]
    fields: ClassVar[frozenset[str]]

    def __init_subclass__(cls) -> None:
        cls.code = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", cls.__name__).upper()
        cls.template = " ".join((cls.__doc__ or "").split())
        cls.fields = frozenset(name for _, name, _, _ in Formatter().parse(cls.template) if name)

    def __init__(self, *, path: tuple[str, ...] = (), **facts: object) -> None:
        if facts.keys() != self.fields:
            raise TypeError(f"{type(self).__name__} takes {sorted(self.fields)}, not {sorted(facts)}")
        self.path = path
        self.facts = facts
        self.message = self.template.format(**{name: _words(fact) for name, fact in facts.items()})
        super().__init__(self.message)

    @property
    def errors(self) -> tuple["DomainError", ...]:
        """The single refusals of which this one consists."""
        return (self,)


def _words(fact: object) -> str:
    """A fact as it reads in a sentence: several are listed, none is "nothing"."""
    if isinstance(fact, list | tuple):
        return ", ".join(map(str, fact)) or "nothing"
    return str(fact)


class Refused(DomainError):
    """Several things stand in the way."""

    def __init__(self, errors: Iterable[DomainError]) -> None:
        super().__init__()
        self._errors = tuple(errors)
        self.message = " ".join(error.message for error in self._errors)
        self.args = (self.message,)

    @property
    def errors(self) -> tuple[DomainError, ...]:
        """The single refusals, in the order in which they were found."""
        return self._errors


def refuse(errors: Iterable[DomainError]) -> None:
    """Raise what was found: nothing, the only refusal, or all of them at once."""
    found = tuple(errors)
    if len(found) == 1:
        raise found[0]
    if found:
        raise Refused(found)


def catalog() -> dict[str, type[DomainError]]:
    """Every code that can reach a client, with its class, in the order of this file and then of the others."""
    found: dict[str, type[DomainError]] = {}
    branches = [DomainError]
    while branches:
        below = sorted(
            branches.pop(0).__subclasses__(), key=lambda each: (each.__module__ != __name__, each.__module__)
        )
        branches += below
        found |= {error.code: error for error in below if not issubclass(error, Refused)}
    return found


# What was asked for


class NotFound(DomainError):
    """There is no such {kind}, or you may not see it. Check the id, or ask for access."""


class InvalidId(DomainError):
    """This is not the id of a {kind}. Take it from the `id` field of a {kind} and pass it unchanged."""


class InvalidInput(DomainError):
    """This value cannot be used: {reason}. Correct it and try again."""


class Required(InvalidInput):
    """{field} is missing. Give it a value."""


class TooLong(InvalidInput):
    """{field} has {length} characters; at most {limit} fit. Shorten it."""


class InvalidRecurrence(InvalidInput):
    """This recurrence rule cannot be used: {reason}. Correct the rule and try again."""


class CurrencyMismatch(InvalidInput):
    """{actual} was given where {expected} is needed. Use one currency, or keep the amounts apart."""


class LimitExceeded(DomainError):
    """{what} may be {limit} at most; {actual} was asked for. Ask for less, or in several steps."""


class DuplicateValue(DomainError):
    """{field} {value} is already taken. Choose another one, or use what is there."""


# Who asks


class Forbidden(DomainError):
    """You may not {action}. Those who may: {who}."""


class InsufficientScope(DomainError):
    """This API key lacks the scope {scope}. Use a key that has it, or sign in."""


# What happened meanwhile


class VersionConflict(DomainError):
    """This was changed since you read it: it is at version {actual}, you expected {expected}. Look again and retry."""


class IdempotencyKeyReused(DomainError):
    """This idempotency key was used for another input. Use a new key for a new request."""


class IdempotencyInProgress(DomainError):
    """The first request with this idempotency key is still running. Wait a moment and send the same again."""


# People: when they are away


class AbsenceOverlaps(DomainError):
    """{name} is away from {start} to {end} already. Change that absence, or choose other days."""


# Tasks: who holds them


class AlreadyClaimed(DomainError):
    """{holder} already holds this task. Take another one, or ask {holder} or a supervisor to hand it over."""


class NotClaimed(DomainError):
    """Nobody holds this task. Claim it first."""


class NotHolder(DomainError):
    """{holder} holds this task. Only {holder} or a supervisor of its team can give it back."""


class NotClaimable(DomainError):
    """A task that is {status} waits for nobody to take it. Claim one that is PENDING or IN_PROGRESS."""


class OverCapacity(DomainError):
    """{name} carries {load} of at most {capacity}, and this task would add {weight}. Something else must go first."""


class NothingToClaim(DomainError):
    """Nothing in this queue waits for somebody to take it. Look again later, or take from another team's queue."""


# Tasks and visits: from step to step


class TaskFinal(DomainError):
    """This task is {status}, which is final: nothing about it can change. Create a follow-up task instead."""


class ActionNotInWorkflow(DomainError):
    """The workflow {workflow} has no step {step}. Allowed to you now: {allowed}."""


class InvalidTransition(DomainError):
    """{step} is not possible while this is {status}. Allowed to you now: {allowed}."""


class ForbiddenTransition(DomainError):
    """{step} is not yours to take; it is for {who}. Allowed to you now: {allowed}."""


class OpenSubtasks(DomainError):
    """These subtasks are still open: {subtasks}. Finish or cancel them first."""


class OpenChecklist(DomainError):
    """These lines of the checklist must be done first: {items}. Tick them, or have them no longer required."""


class VisitFinal(DomainError):
    """This visit is {status}, which is final: nothing about it can change. Plan another visit instead."""


# Trees


class CycleDetected(DomainError):
    """This {kind} would come to stand below itself. Choose a parent that is not below it."""


class TooDeep(DomainError):
    """This {kind} would be at depth {depth}; at most {limit} levels are allowed. Choose a parent further up."""


# Files


class FileRefused(InvalidInput):
    """This file is not taken: {reason}. Save it in another form, or take another one."""


class UploadMismatch(DomainError):
    """This is not the file that was announced: {reason}. Upload it again, or begin anew."""


# Time and billing


class TimerRunning(DomainError):
    """A timer is already running, on {task}. Stop it first."""


class RateMissing(DomainError):
    """No hourly rate in {currency} fits this time. Set one for the task, location, customer, person or workspace."""


class NothingToBill(DomainError):
    """This task has no finished, billable time that is not billed yet. Track time on it first."""


class BillingOnHold(DomainError):
    """Billing is on hold for {customer}. Set its billing status to ACTIVE first."""
