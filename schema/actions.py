"""What the viewer may do with an object now."""

from collections.abc import Iterable
from typing import Any

import strawberry

from domain.actions import Action


@strawberry.type(description="Something that the viewer may, or may not, do with an object now.")
class ViewerAction:
    """One button."""

    action: str = strawberry.field(description="The action, as the mutation's name says it, such as CLAIM or CHECK_IN.")
    allowed: bool = strawberry.field(description="Whether the mutation would succeed now.")
    reason: str | None = strawberry.field(description="Why not, as a sentence; null when it is allowed.")


def as_json(actions: Iterable[Action]) -> list[dict[str, Any]]:
    """Write actions as GraphQL answers them."""
    return [{"action": each.action, "allowed": each.allowed, "reason": each.reason} for each in actions]
