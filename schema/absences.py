"""When people are away."""

from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

import strawberry

import models
from domain import absences
from schema.compiler.fields import Connection, Node, changed, column, item, listing, node, one
from schema.context import Info
from schema.inputs import expected_version, given, idempotency_key, key, once, optional_key, part, patch_key
from schema.mutation import mutation
from schema.payload import Payload

if TYPE_CHECKING:
    from schema.accounts import User


@node(models.Absence, prefix="absence")
class Absence(Node):
    """Some days on which a person is away; everybody in the workspace sees it."""

    user: "User | None" = one("Who is away.")
    substitute: "User | None" = one("Who stands in.")
    starts_on: date = column("The first day.")
    ends_on: date = column("The last day.")
    version: int = column("Counts changes; give it as expectedVersion.")
    created_at: datetime = column("When it was planned.")
    updated_at: datetime = column("When it was last changed.")


@strawberry.input(description="An absence to plan.")
class AbsenceCreateInput:
    """What `absences.create` takes."""

    user_id: UUID | None = optional_key("Who is away: you unless given, or somebody in your reach.", "User")
    starts_on: date = strawberry.field(description="The first day.")
    ends_on: date = strawberry.field(description="The last day.")
    substitute_id: UUID | None = optional_key("Who stands in.", "User")
    idempotency_key: str | None = idempotency_key()


@strawberry.input(description="What to change about an absence: what is left out stays, null clears.")
class AbsenceUpdateInput:
    """What `absences.update` takes."""

    absence_id: UUID = key("The absence.", "Absence")
    starts_on: strawberry.Maybe[date | None] = part("The first day.")
    ends_on: strawberry.Maybe[date | None] = part("The last day.")
    substitute_id: strawberry.Maybe[UUID | None] = patch_key("Who stands in.", "User")
    expected_version: int | None = expected_version()


@strawberry.input(description="Which absence is none.")
class AbsenceDeleteInput:
    """What `absences.delete` takes."""

    absence_id: UUID = key("The absence.", "Absence")
    expected_version: int | None = expected_version()


@strawberry.type(description="What became of `absenceCreate`.")
class AbsenceCreatePayload(Payload):
    """What `absenceCreate` answers."""

    absence: UUID | None = changed("The absence; null when it was refused.", Absence)


@strawberry.type(description="What became of `absenceUpdate`.")
class AbsenceUpdatePayload(Payload):
    """What `absenceUpdate` answers."""

    absence: UUID | None = changed("The absence as it is now.", Absence)


@strawberry.type(description="What became of `absenceDelete`.")
class AbsenceDeletePayload(Payload):
    """What `absenceDelete` answers."""

    absence: UUID | None = changed("The absence as it is now; null once it is deleted.", Absence)


@strawberry.type
class AbsenceQueries:
    """Who is away."""

    absence: "Absence | None" = item("One absence.")
    absences: "Connection[Absence]" = listing("All absences of the workspace, past ones too.")


@strawberry.type
class AbsenceMutations:
    """Planning absences."""

    @mutation
    async def absence_create(self, info: Info, input: AbsenceCreateInput) -> AbsenceCreatePayload:
        """Say that you are away for some days, or that somebody in your reach is."""
        values = given(input, ("user_id", "starts_on", "ends_on", "substitute_id"))
        absence = await absences.create(**values, by=info.context.by, once=once(input))
        return AbsenceCreatePayload(absence=absence)

    @mutation
    async def absence_update(self, info: Info, input: AbsenceUpdateInput) -> AbsenceUpdatePayload:
        """Change when somebody is away, or who stands in."""
        patch, version = given(input, absences.Days.__annotations__), input.expected_version
        await absences.update(input.absence_id, patch, by=info.context.by, version=version)
        return AbsenceUpdatePayload(absence=input.absence_id)

    @mutation
    async def absence_delete(self, info: Info, input: AbsenceDeleteInput) -> AbsenceDeletePayload:
        """Say that somebody is not away after all."""
        await absences.delete(input.absence_id, by=info.context.by, version=input.expected_version)
        return AbsenceDeletePayload()
