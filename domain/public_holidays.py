"""Public holidays by country and region, and the working days around them."""

from collections.abc import Iterator
from datetime import date
from functools import lru_cache

from holidays import country_holidays
from holidays.registry import COUNTRIES

from domain.errors import DomainError, InvalidInput
from domain.working_days import WORKED, moved

_CODES = frozenset(codes[1] for codes in COUNTRIES.values())


def unknown(country: str | None, region: str | None) -> Iterator[DomainError]:
    """What is wrong with a country (ISO 3166-1, two capital letters) and a region of it (ISO 3166-2: BY of DE-BY)."""
    if country not in _CODES:
        given = "nothing" if country is None else repr(country[:40])
        yield InvalidInput(
            path=("holidayCountry",),
            reason=f"{given} is no country whose holidays are known; give its code, such as DE",
        )
    elif region is not None and region not in country_holidays(country).subdivisions:
        known = ", ".join(country_holidays(country).subdivisions) or "none"
        yield InvalidInput(
            path=("holidayRegion",), reason=f"{region[:40]!r} is no region of {country}; there are: {known}"
        )


def is_holiday(day: date, country: str, region: str | None) -> bool:
    """Whether a day is a public holiday there; in years for which none are known, no day is."""
    return day in _holidays(country, region, day.year)


def working_day(day: date, country: str, region: str | None, *, step: int) -> date:
    """The day itself, or the next (step 1) or previous (-1) one, from Monday to Friday, that is no holiday."""
    while day.weekday() >= WORKED or is_holiday(day, country, region):
        day = moved(day, step)
    return day


@lru_cache(maxsize=4096)
def _holidays(country: str, region: str | None, year: int) -> frozenset[date]:
    calendar = country_holidays(country, subdiv=region, expand=False)
    if not calendar.start_year <= year <= calendar.end_year:
        return frozenset()
    return frozenset(country_holidays(country, subdiv=region, years=year))
