"""Counting the hours in which a workspace works: from Monday to Friday, but not on public holidays."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from domain.public_holidays import is_holiday
from domain.working_days import WORKED

DAY = timedelta(days=1)
NOTHING = timedelta(0)


@dataclass(frozen=True, slots=True)
class WorkingHours:
    """From when to when a working day lasts by the clock of the zone, and on whose public holidays nobody works.

    What is counted is time that passes: a change of the clock makes the hours around it more or fewer.
    """

    opens: time
    closes: time
    zone: ZoneInfo
    country: str | None = None
    region: str | None = None

    def later(self, at: datetime, span: timedelta) -> datetime:
        """The first instant, in UTC, by which so much working time, more than none, has passed since another one.

        Raises OverflowError beyond the calendar.
        """
        day = at.astimezone(self.zone).date()
        while True:
            opens, closes = self._of(day)
            start = max(opens, at)
            if closes - start >= span:
                return start + span
            span -= max(closes - start, NOTHING)
            day += DAY

    def earlier(self, at: datetime, span: timedelta) -> datetime:
        """The last instant, in UTC, since which so much working time, more than none, has passed until another one.

        From it and from all before it `later` leads no further than back there, and from none after it. Raises
        OverflowError beyond the calendar.
        """
        day = at.astimezone(self.zone).date()
        while True:
            opens, closes = self._of(day)
            end = min(closes, at)
            if end - opens >= span:
                return end - span
            span -= max(end - opens, NOTHING)
            day -= DAY

    def _of(self, day: date) -> tuple[datetime, datetime]:
        """When work begins and ends on a day; at once where nobody works."""
        opens, closes = (datetime.combine(day, each, self.zone).astimezone(UTC) for each in (self.opens, self.closes))
        off = day.weekday() >= WORKED or (self.country is not None and is_holiday(day, self.country, self.region))
        return opens, opens if off else closes
