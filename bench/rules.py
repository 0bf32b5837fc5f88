"""How long recurrence rules take, ordinary ones and those made to take long: `python -m bench.rules`."""

from datetime import UTC, datetime, timedelta
from random import Random
from time import process_time
from zoneinfo import ZoneInfo

from domain.errors import InvalidRecurrence
from domain.rrule import parse
from domain.rule_set import RuleSet, occurrences

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 23, tzinfo=UTC)
EVER = datetime(2276, 12, 31, tzinfo=UTC)
SIXTY = ",".join(map(str, range(60)))
WEEKS = ",".join(map(str, range(1, 54)))
HOSTILE = [
    "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
    "FREQ=HOURLY;BYMONTH=2;BYMONTHDAY=30",
    "FREQ=HOURLY;INTERVAL=2;BYHOUR=5",
    "FREQ=HOURLY;COUNT=9999",
    "FREQ=WEEKLY;BYMONTH=2;BYDAY=MO;BYSETPOS=5",
    "FREQ=MONTHLY;BYMONTH=2;BYMONTHDAY=30",
    f"FREQ=YEARLY;BYWEEKNO={WEEKS};BYMONTHDAY=31;BYMONTH=2",
    "FREQ=YEARLY;BYDAY=MO,TU,WE,TH,FR,SA,SU;BYYEARDAY=366;BYMONTH=1",
    f"FREQ=DAILY;BYHOUR=0,1,2,3,4,5,6,7;BYMINUTE={SIXTY};BYSECOND={SIXTY}",
    f"FREQ=DAILY;BYHOUR=0,1,2,3,4,5,6,7;BYMINUTE={SIXTY};BYSECOND={SIXTY};BYSETPOS=-1",
    f"FREQ=HOURLY;BYMINUTE={SIXTY};BYSECOND=1;BYSETPOS=61",
]


def series(number: int) -> RuleSet:
    rng = Random(number)
    days = ",".join(rng.sample(["MO", "TU", "WE", "TH", "FR"], 2))
    start = datetime(2025, 1, 1) + timedelta(minutes=15 * rng.randrange(30_000))  # noqa: DTZ001 -- a local start
    return RuleSet(rule=parse(f"FREQ=WEEKLY;BYDAY={days}"), start=start, zone=BERLIN)


def main() -> None:
    sets = [series(number) for number in range(10_000)]
    began = process_time()
    found = sum(len(occurrences(each, after=NOW, until=NOW + timedelta(days=90), limit=500)) for each in sets)
    print(f"{process_time() - began:8.2f} s   10,000 series on two weekdays over 90 days: {found:,} occurrences")
    for rule in HOSTILE:
        rules = RuleSet(rule=parse(rule), start=datetime(2026, 11, 23, 9), zone=BERLIN)  # noqa: DTZ001
        began = process_time()
        try:
            told = f"{len(occurrences(rules, until=EVER, limit=366))} occurrences"
        except InvalidRecurrence as refusal:
            told = refusal.facts["reason"]
        print(f"{(process_time() - began) * 1000:8.1f} ms  {rule[:60]}: {told}")


if __name__ == "__main__":
    main()
