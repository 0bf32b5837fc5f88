"""What a person may do with an object now, as its buttons show it."""

from dataclasses import dataclass

from domain.errors import DomainError


@dataclass(frozen=True, slots=True)
class Action:
    """One button: whether it works for this person now, and why not."""

    action: str
    allowed: bool
    reason: str | None = None

    @classmethod
    def of(cls, action: str, errors: tuple[DomainError, ...]) -> "Action":
        """The button of an action that these errors, if any, forbid; the first says why."""
        return cls(action, allowed=not errors, reason=errors[0].message if errors else None)
