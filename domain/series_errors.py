"""Why a series or one of its occurrences stays as it is."""

# ruff: noqa: D404 -- these docstrings speak to a person, who asks "what is wrong with this?"

from domain.errors import DomainError


class SeriesEnded(DomainError):
    """This series has ended: nothing about it can change. Make another one instead."""


class OccurrenceKept(DomainError):
    """{occurrence} stays: somebody has taken it, changed it or finished it. Cancel or delete the task itself."""


class OccurrenceSkipped(DomainError):
    """{occurrence} was skipped. Take that back with seriesUnskip first."""


class NoOccurrence(DomainError):
    """This series does not occur at {occurrence}. Use an `original` of seriesOccurrences."""
