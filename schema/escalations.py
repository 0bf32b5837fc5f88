"""Telling whoever leads people of their tasks that have been overdue for too long."""

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

import strawberry

import models
from domain import escalations
from schema.compiler.fields import Connection, Node, changed, column, node, only, page
from schema.context import Info
from schema.inputs import expected_version, given, part
from schema.mutation import mutation
from schema.payload import Payload
from schema.scalars import LocalTime

if TYPE_CHECKING:
    from schema.history import Event


@node(models.EscalationRule, prefix="escalation")
class EscalationRule(Node):
    """When the workspace tells whoever leads the holder of an overdue task of it."""

    after_working_hours: int | None = column(
        "After how many working hours from the end of its due day on, by the clock of its holder; null for never."
    )
    opens_at: LocalTime = column("When a working day, from Monday to Friday, begins.")
    closes_at: LocalTime = column("When it ends.")
    holiday_country: str | None = column("The country on whose public holidays nobody works, such as DE.")
    holiday_region: str | None = column("The region of that country, such as BY.")
    history: "Connection[Event]" = page("What happened to the rule.", by="subject")
    version: int = column("Counts changes; give it as expectedVersion.")
    created_at: datetime = column("When it was first set.")
    updated_at: datetime = column("When it was last changed.")


@strawberry.input(description="When overdue tasks are escalated: what is left out stays, null clears.")
class EscalationRuleUpdateInput:
    """What `escalations.rule_update` takes."""

    after_working_hours: strawberry.Maybe[int | None] = part(
        "After how many working hours, from 1 to 1000; null for never."
    )
    opens_at: LocalTime | None = part("When a working day begins; 09:00 unless set.")
    closes_at: LocalTime | None = part("When it ends, an hour later or more; 17:00 unless set.")
    holiday_country: strawberry.Maybe[str | None] = part(
        "Whose public holidays count: the two capital letters of ISO 3166-1, such as DE; null for nobody's."
    )
    holiday_region: strawberry.Maybe[str | None] = part(
        "The region whose public holidays count too, by its ISO 3166-2 code without the country: BY for Bavaria."
    )
    expected_version: int | None = expected_version()


@strawberry.type(description="What became of `escalationRuleUpdate`.")
class EscalationRuleUpdatePayload(Payload):
    """What `escalationRuleUpdate` answers."""

    escalation_rule: UUID | None = changed("The rule as it is now; null when it was refused.", EscalationRule)


@strawberry.type
class EscalationQueries:
    """When somebody is told."""

    escalation_rule: "EscalationRule | None" = only(
        "When the workspace escalates overdue tasks; null as long as nobody has said."
    )


@strawberry.type
class EscalationMutations:
    """Saying when somebody is told."""

    @mutation
    async def escalation_rule_update(self, info: Info, input: EscalationRuleUpdateInput) -> EscalationRuleUpdatePayload:
        """Say after how many working hours the workspace escalates overdue tasks, and when it works; admins do."""
        patch = given(input, escalations.Patch.__annotations__)
        rule = await escalations.rule_update(patch, by=info.context.by, version=input.expected_version)
        return EscalationRuleUpdatePayload(escalation_rule=rule)
