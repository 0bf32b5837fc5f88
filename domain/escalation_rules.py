"""When a task has been overdue for too long, and what can be said about that: plain values, no database."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from domain.errors import DomainError, InvalidInput, Required
from domain.public_holidays import unknown
from domain.reminder_rules import clock, is_clock
from domain.working_hours import DAY, WorkingHours
from models.escalations import EscalationRule
from models.tasks import Task

LONGEST = 1_000
"""Working hours that a rule can wait."""
SHORTEST_DAY = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Terms:
    """How much working time tasks may be overdue for; they are so from the end of their due day where one is."""

    span: timedelta
    here: ZoneInfo
    hours: Mapping[str, WorkingHours]
    """The working hours by the clock of each zone in which people are."""

    def moment(self, due_on: date, zone: str) -> datetime:
        """When a task of somebody in that zone has been overdue for so long."""
        return self.hours[zone].later(datetime.combine(due_on + DAY, time(), self.here), self.span)

    def first_day(self, zone: str, now: datetime) -> date:
        """The first due day whose tasks have not been overdue for so long yet, of people in that zone."""
        return self.hours[zone].earlier(now, self.span).astimezone(self.here).date()


def terms(rule: EscalationRule, hours: int, here: str, zones: Iterable[str]) -> Terms:
    """What a rule that waits so many hours means where a workspace is, and in these zones."""
    opens, closes, where = clock(rule.opens_at), clock(rule.closes_at), (rule.holiday_country, rule.holiday_region)
    known = {name: WorkingHours(opens, closes, ZoneInfo(name), *where) for name in zones}
    return Terms(timedelta(hours=hours), ZoneInfo(here), known)


def faults(rule: Mapping[str, Any]) -> Iterator[DomainError]:
    """Everything that is wrong with a rule."""
    after, opens, closes = rule["after_working_hours"], rule["opens_at"], rule["closes_at"]
    if after is not None and not 1 <= after <= LONGEST:
        yield InvalidInput(path=("afterWorkingHours",), reason=f"it must be from 1 to {LONGEST} hours")
    wrong = [name for name, value in (("opensAt", opens), ("closesAt", closes)) if not is_clock(value)]
    for name in wrong:
        yield InvalidInput(path=(name,), reason="it is no local time such as 09:00")
    if not wrong and _length(opens, closes) < SHORTEST_DAY:
        yield InvalidInput(path=("closesAt",), reason="a working day lasts an hour or longer")
    if rule["holiday_country"] is not None:
        yield from unknown(rule["holiday_country"], rule["holiday_region"])
    elif rule["holiday_region"] is not None:
        yield Required(path=("holidayCountry",), field="The country of the region")


def message(task: Task, holder: str | None) -> str:
    """What is said of a task that has been overdue for too long."""
    return f"T-{task.number} {task.title} was due on {task.due_on}; {holder or 'nobody'} holds it."


def _length(opens: str, closes: str) -> timedelta:
    day = date(1, 1, 1)
    return datetime.combine(day, clock(closes)) - datetime.combine(day, clock(opens))
