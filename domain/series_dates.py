"""When the occurrences of a series are: its rules, its exceptions, and which half of a split series it is."""

from bisect import bisect_right
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from operator import attrgetter
from zoneinfo import ZoneInfo

from domain.errors import InvalidRecurrence
from domain.rrule import parse
from domain.rule_set import Occurrence, RuleSet, occurrences
from domain.zones import zone
from models.recurrence import Series, SeriesAnchor
from settings import settings

MOST = 500
"""Occurrences of the past that one run makes; what is left stays due."""
PAUSE = timedelta(days=1)
"""How long a series that has reached the horizon waits for it to move on."""
LOOK = timedelta(hours=1)
"""How long a series that waits for an occurrence to be finished does so at most before it looks again."""
LAST = datetime.fromisoformat("2999-01-01T00:00:00Z")


@dataclass(frozen=True, slots=True)
class Made:
    """The last occurrence that a series has, how many there are, and when it was finished or deleted."""

    occurrence: str
    number: int
    over_at: datetime | None


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be made of a series now, up to when it is made then, and when to look again, if ever."""

    series: Series
    found: list[Occurrence]
    reached: datetime
    due_at: datetime | None


def plan(series: Series, now: datetime, made: Made | None = None) -> Plan:
    """What is missing up to the horizon, and at most so many occurrences ahead as the settings say."""
    if series.anchor is SeriesAnchor.COMPLETION:
        return _after_completion(series, now, made)
    reached, horizon = reached_by(series), now + _horizon()
    if horizon - reached < PAUSE:
        return Plan(series, [], reached, _next_look(series, reached))
    most = settings().occurrences_ahead
    coming = find(series, after=min(reached, now), until=horizon, limit=MOST + most)
    past = bisect_right(coming, now, key=attrgetter("at"))
    if past >= MOST:
        return Plan(series, coming[:MOST], coming[MOST - 1].at, now)
    ahead = coming[past : past + most]
    found = coming[bisect_right(coming, reached, key=attrgetter("at")) : past + most]
    if len(ahead) == most:
        return Plan(series, found, max(reached, ahead[-1].at), ahead[(most - 1) // 2].at)
    return Plan(series, found, horizon, _next_look(series, horizon))


def find(
    series: Series, *, after: datetime, until: datetime, limit: int, start: datetime | None = None
) -> list[Occurrence]:
    """The occurrences after one instant and up to another, in time order, perhaps as from another local start."""
    return within(series, occurrences(rule_set(series, start), after=after, until=until, limit=limit))


def within(series: Series, found: list[Occurrence]) -> list[Occurrence]:
    """Those that this half of a series has."""
    first, end = series.from_occurrence or "", series.before_occurrence or "~"
    return [at for at in found if first <= name(at) < end] if series.from_occurrence or end != "~" else found


def name(at: Occurrence) -> str:
    """What an occurrence is called within its series, for ever: its original local start."""
    return at.original.isoformat()


def rule_set(series: Series, start: datetime | None = None) -> RuleSet:
    """What says when a series occurs."""
    return RuleSet(
        rule=parse(series.rule),
        start=start or datetime.fromisoformat(series.start),
        zone=zone(series.time_zone),
        rdates=frozenset(map(datetime.fromisoformat, series.rdates or ())),
        exdates=frozenset(map(datetime.fromisoformat, series.exdates or ())),
        month_end=series.month_end,
        holidays=series.holidays,
        holiday_country=series.holiday_country,
        holiday_region=series.holiday_region,
    )


def reached_by(series: Series) -> datetime:
    """Up to when occurrences were made: of a new series up to the day of its creation, where it is."""
    return series.expanded_until or _day_before(series.created_at, zone(series.time_zone))


def _after_completion(series: Series, now: datetime, made: Made | None) -> Plan:
    """The first occurrence, or, once the last one is over, the first one that is reckoned from then."""
    reached, again = reached_by(series), now + LOOK
    if made is None:
        coming = find(series, after=reached, until=LAST, limit=1)
    elif made.over_at is None:
        return Plan(series, [], reached, again)
    elif made.number >= (parse(series.rule).count or made.number + 1):
        return Plan(series, [], reached, None)
    else:
        place = zone(series.time_zone)
        over, last = made.over_at.astimezone(place).date(), datetime.fromisoformat(made.occurrence)
        start = datetime.combine(over, datetime.fromisoformat(series.start).time())
        coming = find(series, start=start, after=max(start, last).replace(tzinfo=place), until=LAST, limit=1)
    if not coming:
        return Plan(series, [], reached, None)
    (at,) = coming
    ready = at.at <= now + _horizon()
    return Plan(series, coming if ready else [], max(reached, now), again if ready else at.at - _horizon())


def _next_look(series: Series, reached: datetime) -> datetime | None:
    """When the horizon will have moved on enough, if anything is to come then."""
    return reached + PAUSE - _horizon() if _goes_on(series, reached) else None


def _goes_on(series: Series, after: datetime) -> bool:
    """Whether there is an occurrence later on; a rule that never ends is not asked."""
    rule = parse(series.rule)
    if rule.count is None and rule.until is None:
        return True
    try:
        return bool(find(series, after=after, until=LAST, limit=1))
    except InvalidRecurrence:  # it would take too long to find out
        return True


def _horizon() -> timedelta:
    return timedelta(days=settings().horizon_days)


def _day_before(created_at: datetime, place: ZoneInfo) -> datetime:
    """The last moment before the local day of an instant."""
    return datetime.combine(created_at.astimezone(place), time.min, place) - timedelta(microseconds=1)
