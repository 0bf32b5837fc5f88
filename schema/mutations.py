"""The root of writing: every topic's mutations."""

import strawberry

from schema.ownership import OwnershipMutations


@strawberry.type(description="Everything that can be done. A refusal a person can act on is data, in `userErrors`.")
class Mutation(OwnershipMutations):
    """Everything that can be done."""
