"""Refusals about deleted tasks, which are part of the tree in `errors`."""

from domain.errors import DomainError


class TimeBilled(DomainError):
    """Time on {tasks} has been billed, so this has to be kept. Cancel or close it instead."""


class BillingRequested(DomainError):
    """The time on {tasks} is about to be billed. Wait for that; then this has to be kept."""


class ParentDeleted(DomainError):
    """{parent}, of which this is a part, is deleted too. Restore that one first."""
