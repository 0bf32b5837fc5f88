"""Trying a recurrence rule out before anything comes of it."""

from datetime import datetime
from typing import Annotated

import strawberry

import models
from domain import recurrence_preview
from domain.errors import DomainError
from domain.recurrence_forms import form_of
from domain.recurrence_words import describe
from domain.rrule import written
from domain.rule_set import Occurrence
from schema.compiler.errors import LimitExceeded
from schema.inputs import given, part
from schema.payload import UserError
from schema.recurrence_forms import RecurrenceForm, RecurrenceFormInput, form, shown
from schema.scalars import RecurrenceRule, TimeZone

MOST = 366
OPTIONS = ("rrule", "exceptions", "additions", "month_end", "holidays", "holiday_country", "holiday_region")

First = Annotated[int, strawberry.argument(description=f"How many occurrences, from 1 to {MOST}.")]
After = Annotated[
    datetime | None,
    strawberry.argument(description="Only occurrences after this instant; that of the last one leads to the next."),
]


@strawberry.input(description="A rule, as text or as a form, with all that says when something recurs.")
class RecurrencePreviewInput:
    """What `recurrence_preview.read` takes."""

    rrule: RecurrenceRule | None = part("The rule as text; either this or `form`.")
    form: RecurrenceFormInput | None = part("The rule as a form; either this or `rrule`.")
    start: str = strawberry.field(
        description="The local date-time from which the rule counts, without offset: 2026-11-23T09:00:00."
    )
    time_zone: TimeZone = strawberry.field(description="The zone in which all local date-times are read.")
    exceptions: list[str] | None = part(
        "Local date-times at which it does not occur although the rule says so, at most 1000."
    )
    additions: list[str] | None = part("Local date-times at which it occurs beside what the rule says, at most 1000.")
    month_end: models.MonthEnd | None = part("Where a day falls that its month does not have; SKIP unless given.")
    holidays: models.HolidayPolicy | None = part("What becomes of it on a public holiday; KEEP unless given.")
    holiday_country: str | None = part("Whose public holidays: the two capital letters of ISO 3166-1, such as DE.")
    holiday_region: str | None = part(
        "The region whose public holidays count too, by its ISO 3166-2 code without the country: BY for Bavaria."
    )


@strawberry.type(description="One time at which it would occur.")
class PreviewedOccurrence:
    """An `Occurrence`."""

    local: str = strawberry.field(description="What the clock of the time zone shows then: 2026-11-23T09:00:00.")
    instant: datetime = strawberry.field(description="The instant.")
    original: str = strawberry.field(
        description="What the rule itself says, which `exceptions` name: another time than `local` if the clock skips "
        "it or a public holiday moves it."
    )


@strawberry.type(description="What would come of a rule.")
class RecurrencePreview:
    """What `recurrencePreview` answers."""

    occurrences: list[PreviewedOccurrence] = strawberry.field(
        description="When it would occur, in the order of time; none when the rule is refused, or never occurs.",
        default_factory=list,
    )
    description: str | None = strawberry.field(description="The rule in plain English.", default=None)
    rule: RecurrenceRule | None = strawberry.field(description="The rule as RFC 5545 text.", default=None)
    form: RecurrenceForm | None = strawberry.field(
        description="The rule as a form; null where only its text can say it.", default=None
    )
    user_errors: list[UserError] = strawberry.field(description="All reasons why it was refused.", default_factory=list)


async def _preview(
    input: Annotated[RecurrencePreviewInput, strawberry.argument(description="What to try.")],
    first: First = 10,
    after: After = None,
) -> RecurrencePreview:
    if not 1 <= first <= MOST:
        message = f"first is {first}; it may be from 1 to {MOST}."
        raise LimitExceeded(message)
    try:
        said, start, place = form(input.form), input.start, input.time_zone
        rule_set = recurrence_preview.read(form=said, start=start, time_zone=place, **given(input, OPTIONS))
        found = await recurrence_preview.preview(rule_set, first=first, after=after)
    except DomainError as refusal:
        return RecurrencePreview(user_errors=UserError.all_of(refusal))
    return RecurrencePreview(
        occurrences=[_shown(each) for each in found],
        description=describe(rule_set),
        rule=RecurrenceRule(written(rule_set.rule)),
        form=shown(said) if (said := form_of(rule_set)) else None,
    )


def _shown(each: Occurrence) -> PreviewedOccurrence:
    local, original = each.local.isoformat(), each.original.isoformat()
    return PreviewedOccurrence(local=local, instant=each.at, original=original)


@strawberry.type
class RecurrenceQueries:
    """When something would recur."""

    recurrence_preview: RecurrencePreview | None = strawberry.field(
        resolver=_preview,
        description="When a rule would occur, and what it says in plain English; nothing is kept. Local times that the "
        "clock skips move forward by what it skips; of those that come twice it is the first.",
    )
