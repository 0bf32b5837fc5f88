"""Assessment indicators: what a workspace wants to know of its work."""

from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING
from uuid import UUID

import strawberry

import models
from domain import indicators
from schema.compiler.fields import Connection, Node, changed, column, item, listing, node, page, sql
from schema.context import Info
from schema.enums import enum
from schema.inputs import expected_version, given, idempotency_key, key, once, part
from schema.mutation import mutation
from schema.payload import Payload

if TYPE_CHECKING:
    from schema.history import Event
    from schema.task_indicators import TaskIndicator

enum(
    models.IndicatorKind,
    NUMBER="A number, in the indicator's unit if it has one.",
    MONEY="An amount in the currency that is the indicator's unit.",
    PERCENT="A share, of which 100 is all.",
    TEXT="Words.",
    BOOLEAN="Yes or no.",
    CHOICE="One of the indicator's choices.",
)
enum(
    models.IndicatorDirection,
    HIGHER_IS_BETTER="The more, the better.",
    LOWER_IS_BETTER="The less, the better.",
    NEARER_IS_BETTER="The nearer to what was aimed at, the better.",
)


@node(models.AssessmentIndicator, prefix="indicator", label="{t}.name")
class AssessmentIndicator(Node):
    """Something that a workspace wants to know of its work."""

    name: str = column("What people call it, up to 80 characters.")
    kind: models.IndicatorKind = column("What its values are; it never changes.")
    unit: str | None = column("What its numbers count, or the currency of its amounts; it never changes.")
    choices: list[str] = sql("What its values are chosen among.", "to_jsonb({t}.choices)")
    direction: models.IndicatorDirection | None = column("Which values are the better ones; null for none.")
    tolerance: Decimal | None = column("By how much a value may miss what was aimed at and still be good.")
    task_indicators: "Connection[TaskIndicator]" = page("Where it is captured, or is to be.", by="indicator")
    history: "Connection[Event]" = page("What happened to it.", by="subject")
    archived_at: datetime | None = column("Since when no further task has it.")
    version: int = column("Counts changes; give it as expectedVersion.")
    created_at: datetime = column("When it was made.")
    updated_at: datetime = column("When it was last changed.")


@strawberry.input(description="An indicator to make.")
class AssessmentIndicatorCreateInput:
    """What `indicators.create` takes."""

    name: str = strawberry.field(description="What people call it, up to 80 characters.")
    kind: models.IndicatorKind = strawberry.field(description="What its values are.")
    unit: str | None = part("What its numbers count, up to 20 characters; of MONEY the currency, such as EUR.")
    choices: list[str] | None = part("What a CHOICE is chosen among, up to 50 of up to 80 characters.")
    direction: models.IndicatorDirection | None = part("Which numbers are the better ones.")
    tolerance: Decimal | None = part("By how much a number may miss what was aimed at and still be good.")
    idempotency_key: str | None = idempotency_key()


@strawberry.input(description="What to change about an indicator: what is left out stays, null clears.")
class AssessmentIndicatorUpdateInput:
    """What `indicators.update` takes."""

    assessment_indicator_id: UUID = key("The indicator.", "AssessmentIndicator")
    name: strawberry.Maybe[str | None] = part("What people call it, up to 80 characters.")
    choices: list[str] | None = part("What a CHOICE is chosen among: all of it.")
    direction: strawberry.Maybe[models.IndicatorDirection | None] = part("Which numbers are the better ones.")
    tolerance: strawberry.Maybe[Decimal | None] = part(
        "By how much a number may miss what was aimed at and still be good."
    )
    expected_version: int | None = expected_version()


@strawberry.input(description="Which indicator no further task is to have.")
class AssessmentIndicatorArchiveInput:
    """What `indicators.archive` takes."""

    assessment_indicator_id: UUID = key("The indicator.", "AssessmentIndicator")
    expected_version: int | None = expected_version()


@strawberry.type(description="What became of `assessmentIndicatorCreate`.")
class AssessmentIndicatorCreatePayload(Payload):
    """What `assessmentIndicatorCreate` answers."""

    assessment_indicator: UUID | None = changed("The indicator; null when it was refused.", AssessmentIndicator)


@strawberry.type(description="What became of `assessmentIndicatorUpdate`.")
class AssessmentIndicatorUpdatePayload(Payload):
    """What `assessmentIndicatorUpdate` answers."""

    assessment_indicator: UUID | None = changed("The indicator as it is now.", AssessmentIndicator)


@strawberry.type(description="What became of `assessmentIndicatorArchive`.")
class AssessmentIndicatorArchivePayload(Payload):
    """What `assessmentIndicatorArchive` answers."""

    assessment_indicator: UUID | None = changed("The indicator as it is now.", AssessmentIndicator)


@strawberry.type
class IndicatorQueries:
    """What is to be known of the work."""

    assessment_indicator: "AssessmentIndicator | None" = item("One assessment indicator.")
    assessment_indicators: "Connection[AssessmentIndicator] | None" = listing(
        "The assessment indicators of the workspace, archived ones too."
    )


@strawberry.type
class IndicatorMutations:
    """Setting up assessment indicators."""

    @mutation
    async def assessment_indicator_create(
        self, info: Info, input: AssessmentIndicatorCreateInput
    ) -> AssessmentIndicatorCreatePayload:
        """Make an indicator, whose kind and unit stay; supervisors and admins do."""
        content, by = given(input, ("unit", *indicators.Content.__annotations__)), info.context.by
        made = await indicators.create(input.kind, **content, by=by, once=once(input))
        return AssessmentIndicatorCreatePayload(assessment_indicator=made)

    @mutation
    async def assessment_indicator_update(
        self, info: Info, input: AssessmentIndicatorUpdateInput
    ) -> AssessmentIndicatorUpdatePayload:
        """Change what an indicator is called and how its values compare; those that are captured stay as they are."""
        patch, key = given(input, indicators.Content.__annotations__), input.assessment_indicator_id
        await indicators.update(key, patch, by=info.context.by, version=input.expected_version)
        return AssessmentIndicatorUpdatePayload(assessment_indicator=key)

    @mutation
    async def assessment_indicator_archive(
        self, info: Info, input: AssessmentIndicatorArchiveInput
    ) -> AssessmentIndicatorArchivePayload:
        """Let no further task have an indicator; tasks that have it keep it."""
        key = input.assessment_indicator_id
        await indicators.archive(key, by=info.context.by, version=input.expected_version)
        return AssessmentIndicatorArchivePayload(assessment_indicator=key)
