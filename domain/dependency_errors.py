"""What tasks that wait for others may refuse, as the tree of refusals goes on."""

# ruff: noqa: D404 -- these docstrings speak to a person, as those of domain/errors.py do
from domain.errors import DomainError


class OpenBlockers(DomainError):
    """This task waits for {blockers}. Finish or cancel them first, or let it wait for them no longer."""


class DependencyCycle(DomainError):
    """These tasks would wait for each other, perhaps through others. Remove a dependency between them first."""
