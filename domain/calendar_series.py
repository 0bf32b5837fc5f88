"""A series on a calendar: by its rule where iCalendar can say it, else by its dates."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from uuid import UUID

from domain.calendar_text import Entry, Recurrence
from domain.rrule import written
from domain.rule_set import RuleSet, occurrences
from domain.series_dates import rule_set
from models.calendars import CalendarEntry
from models.recurrence import HolidayPolicy, MonthEnd, Series, SeriesKind

AHEAD = timedelta(days=400)
"""How far the dates of a series go whose rule iCalendar cannot say."""
SEARCHED = timedelta(days=12_000)
"""How far the first date is looked for."""
MOST = 500
"""How many dates these are at most."""
_FIRST_DAY = datetime(1900, 1, 1, tzinfo=UTC)
_SECOND = timedelta(seconds=1)
Local = datetime | None


def entry(series: Series, kind: CalendarEntry, *, since: datetime, now: datetime) -> Entry | None:
    """A series from its first occurrence after an instant on; none if it has none any more."""
    found = rule_set(series)
    half = {"first": _local(series.from_occurrence), "before": _local(series.before_occurrence)}
    again = recurrence(found, since=since, now=now, **half)
    if again is None:
        return None
    return Entry(
        uid=str(series.id),
        kind=CalendarEntry.EVENT if series.kind is SeriesKind.VISIT else kind,
        title=series.title,
        at=again[0],
        zone=found.zone,
        lasts=timedelta(minutes=series.expected_minutes) if series.expected_minutes else None,
        description=series.description,
        place=series.place,
        priority=series.priority,
        created_at=series.created_at,
        updated_at=series.updated_at,
        version=series.version,
        recurrence=again[1],
    )


def together(
    wholes: Mapping[UUID, Entry],
    found: Iterable[tuple[UUID | None, str | None, Entry]],
    made: Iterable[tuple[UUID, str]],
) -> list[Entry]:
    """Entries with the series that they are occurrences of: each stands in the place of what its rule says.

    `made` are the occurrences that were made; those that are not among `found`, as they are somebody else's or gone,
    are left out of their series.
    """
    parts, singles, there = [], [], set()
    for key, occurrence, entry in found:
        whole, local = wholes.get(key) if key else None, _local(occurrence)
        if whole is None or local is None or local < whole.at:
            singles.append(entry)
            continue
        there.add((key, occurrence))
        at = entry.at.astimezone(whole.zone).replace(tzinfo=None) if isinstance(entry.at, datetime) else entry.at
        parts.append(replace(entry, uid=whole.uid, at=at, zone=whole.zone, replaces=local))
    gone = sorted(set(made) - there)
    return [*(_without(whole, [o for k, o in gone if k == key]) for key, whole in wholes.items()), *parts, *singles]


def _without(whole: Entry, gone: Sequence[str]) -> Entry:
    again = whole.recurrence or Recurrence()
    left_out = sorted({*again.left_out, *map(datetime.fromisoformat, gone)})
    return replace(whole, recurrence=replace(again, left_out=left_out))


def _local(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def recurrence(
    rules: RuleSet, *, since: datetime, now: datetime, first: Local = None, before: Local = None
) -> tuple[datetime, Recurrence] | None:
    """The first local start after an instant, and how it comes again; none if it does not.

    Of a split series, what lies from `first` on and `before` a local time. Days that a month lacks, holidays and half
    of what is counted are no words of iCalendar: they are told as dates.
    """
    halved = first is not None or before is not None
    if (
        rules.month_end is not MonthEnd.SKIP
        or rules.holidays is not HolidayPolicy.KEEP
        or (rules.rule.count and halved)
    ):
        found = occurrences(rules, after=since, until=now + AHEAD, limit=MOST)
        return _dates([each.local for each in found if _among(each.original, first, before)])
    added = sorted(each for each in rules.rdates - rules.exdates if _among(each, first, before))
    by_rule = replace(rules, rdates=frozenset(), exdates=frozenset())
    begin = occurrences(by_rule, after=_since(rules, since, first), until=now + SEARCHED, limit=1)
    if not begin or not _among(begin[0].original, None, before):
        return _dates(added)
    said = Recurrence(rule=_rule(rules, before), added=added, left_out=sorted(rules.exdates))
    return begin[0].original, said


def _dates(added: list[datetime]) -> tuple[datetime, Recurrence] | None:
    """What is told by its dates alone; the start is among them, as not all programs count it otherwise."""
    return (added[0], Recurrence(added=added)) if added else None


def _among(local: datetime, first: datetime | None, before: datetime | None) -> bool:
    return (first is None or first <= local) and (before is None or local < before)


def _since(rules: RuleSet, since: datetime, first: datetime | None) -> datetime:
    """After when the first date is looked for; what is counted is counted from the start, which therefore stays."""
    if rules.rule.count is not None:
        return _FIRST_DAY
    return since if first is None else max(since, first.replace(tzinfo=rules.zone).astimezone(UTC) - _SECOND)


def _rule(rules: RuleSet, before: datetime | None) -> str:
    """The rule, its end as an instant: so RFC 5545 wants it beside a start with a zone (section 3.3.10)."""
    ends = [end.replace(tzinfo=rules.zone) - _SECOND for end in (before,) if end]
    if (until := rules.rule.until) is not None:
        local = until if isinstance(until, datetime) else datetime.combine(until, time.max)
        ends.append(local if local.tzinfo else local.replace(tzinfo=rules.zone))
    return written(replace(rules.rule, until=min((end.astimezone(UTC) for end in ends), default=None)))
