"""The friendly form of a recurrence rule, as it is sent and answered."""

from dataclasses import asdict
from datetime import date
from typing import Any

import strawberry

from domain import recurrence_forms
from domain.columns import camel
from domain.recurrence_forms import Form, form_of, forth_and_back
from domain.recurrence_words import describe
from domain.rrule import parse
from domain.rule_set import RuleSet
from domain.zones import local_time, zone
from models import HolidayPolicy, MonthEnd
from schema.enums import enum
from schema.inputs import part

Unit = enum(
    recurrence_forms.Unit,
    HOUR="Hours.",
    DAY="Days.",
    WEEK="Weeks, which begin on Monday.",
    MONTH="Months.",
    YEAR="Years.",
)
Weekday = enum(
    recurrence_forms.Weekday,
    MON="Monday.",
    TUE="Tuesday.",
    WED="Wednesday.",
    THU="Thursday.",
    FRI="Friday.",
    SAT="Saturday.",
    SUN="Sunday.",
)
Nth = enum(
    recurrence_forms.Nth,
    FIRST="The first.",
    SECOND="The second.",
    THIRD="The third.",
    FOURTH="The fourth.",
    FIFTH="The fifth; many months have none.",
    LAST="The last.",
)
EVERY = "1 for each unit, 2 for every second one, up to 9999."
ON = "On which days of the week; a WEEK of which none is named has that of the start."
NTH = "Which of these weekdays in their MONTH, or in a YEAR of which no month is named; all of them unless given."
MONTH_DAYS = (
    "On which days of the month: 1 to 31, or from the end -1 (the last) to -31. Together with `on`, only where both "
    "meet. A MONTH or YEAR that names no days at all has that of the start."
)
MONTHS = "In which months: 1 to 12. A YEAR with days of the month but no months has that of the start."
UNTIL = "The last day on which it may occur, as the clock of the time zone says it."
COUNT = "How often it occurs in all, 1 to 9999."


@strawberry.type(description="How something recurs, as people fill it in: every 2 weeks on Monday and Thursday until …")
class RecurrenceForm:
    """A `Form`, with its values in the order of time."""

    every: int = strawberry.field(description=EVERY)
    unit: recurrence_forms.Unit = strawberry.field(description="What is counted from one occurrence to the next.")
    on: list[recurrence_forms.Weekday] = strawberry.field(description=ON)
    nth: list[recurrence_forms.Nth] = strawberry.field(description=NTH)
    month_days: list[int] = strawberry.field(description=MONTH_DAYS)
    months: list[int] = strawberry.field(description=MONTHS)
    until: date | None = strawberry.field(description=UNTIL)
    count: int | None = strawberry.field(description=COUNT)


@strawberry.input(description="How something is to recur: every 2 weeks on Monday and Thursday until …")
class RecurrenceFormInput:
    """What a `Form` is made of."""

    unit: recurrence_forms.Unit = strawberry.field(description="What is counted from one occurrence to the next.")
    every: int = strawberry.field(description=EVERY, default=1)
    on: list[recurrence_forms.Weekday] | None = part(ON)
    nth: list[recurrence_forms.Nth] | None = part(NTH)
    month_days: list[int] | None = part(MONTH_DAYS)
    months: list[int] | None = part(MONTHS)
    until: date | None = part(UNTIL)
    count: int | None = part(COUNT)


def form(input: RecurrenceFormInput | None) -> Form | None:
    """Take what was filled in."""
    if input is None:
        return None
    return Form(
        unit=input.unit,
        every=input.every,
        on=frozenset(input.on or ()),
        nth=frozenset(input.nth or ()),
        month_days=frozenset(input.month_days or ()),
        months=frozenset(input.months or ()),
        until=input.until,
        count=input.count,
    )


RULE_SET = {
    name: f"{{t}}.{name}"
    for name in (
        *("rule", "start", "time_zone", "rdates", "exdates"),
        *("month_end", "holidays", "holiday_country", "holiday_region"),
    )
}


def rule_form(facts: dict[str, Any], _context: Any) -> dict[str, Any] | None:
    """Fill in the form of a series' rule."""
    form = form_of(_rule_set(facts))
    return {camel(name): value for name, value in asdict(shown(form)).items()} if form else None


def rule_words(facts: dict[str, Any], _context: Any) -> str:
    """Say a series' rule set in plain English."""
    return describe(_rule_set(facts))


def _rule_set(facts: dict[str, Any]) -> RuleSet:
    said = dict(facts)
    return RuleSet(
        rule=parse(said.pop("rule")),
        start=local_time(said.pop("start")),
        zone=zone(said.pop("time_zone")),
        rdates=frozenset(map(local_time, said.pop("rdates") or ())),
        exdates=frozenset(map(local_time, said.pop("exdates") or ())),
        month_end=MonthEnd(said.pop("month_end")),
        holidays=HolidayPolicy(said.pop("holidays")),
        **said,
    )


def shown(form: Form) -> RecurrenceForm:
    """Fill a form in."""
    return RecurrenceForm(
        every=form.every,
        unit=form.unit,
        on=[day for day in recurrence_forms.Weekday if day in form.on],
        nth=[nth for nth in recurrence_forms.Nth if nth in form.nth],
        month_days=forth_and_back(form.month_days),
        months=sorted(form.months),
        until=form.until,
        count=form.count,
    )
