"""Series on calendars through HTTP, read back by an independent iCalendar library."""

from datetime import UTC, datetime, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

import pytest
import vobject

from domain import deletions, lifecycle, ownership, recurrence, tasks
from models import Series, SeriesKind, Task, User, Visit
from tests import make
from workers.recurrence import expand_series

ZONE = ZoneInfo("Europe/Berlin")
FIRST = (datetime.now(ZONE) + timedelta(days=2)).replace(hour=9, minute=30, second=0, microsecond=0, tzinfo=None)
URL = "query ($id: ID!) { series(id: $id) { calendarUrl } }"
MAKE = "mutation ($input: CalendarFeedCreateInput!) { calendarFeedCreate(input: $input) { url } }"


@pytest.fixture
def series():
    """Makes a series whose tasks are there."""

    async def series(by, rule="FREQ=DAILY;COUNT=6", **more):
        about = {"title": "Tea", "rule": rule, "start": FIRST.isoformat(), "time_zone": ZONE.key, "assignee_id": by.id}
        key = await recurrence.create(**about | more, by=by)
        await expand_series()
        return key

    return series


@pytest.fixture
def exported(graphql, http, id_of):
    """The calendar of a series, as whoever asks fetches it."""

    async def exported(by, key):
        found = (await graphql(by, URL, id=id_of("series", key)))["data"]["series"]
        return found and await http.get(found["calendarUrl"])

    return exported


@pytest.fixture
def fed(graphql, http):
    """A person's feed as it is."""

    async def fed(by):
        return await http.get((await graphql(by, MAKE, input={"name": "Mine"}))["data"]["calendarFeedCreate"]["url"])

    return fed


def shown(answer):
    """When a calendar program shows something of that text: each whole's dates, with its parts in their places."""
    (calendar,) = vobject.readComponents(answer.text)
    entries = [each for each in calendar.getChildren() if each.name in {"VEVENT", "VTODO"}]
    wholes = [each for each in entries if not hasattr(each, "recurrence_id")]
    parts = {(each.uid.value, local(each.recurrence_id.value)): each for each in entries if each not in wholes}
    dates = []
    for each in wholes:
        for at in islice(each.getrruleset() or [each.dtstart.value], 500):
            entry = parts.get((each.uid.value, local(at)))
            dates.append((local(entry.dtstart.value if entry else at), (entry or each).summary.value))
    return sorted(dates)


def local(at):
    """What the clock shows there."""
    return (at if at.tzinfo is None else at.astimezone(ZONE)).replace(tzinfo=None)


def expected(*places, title="Tea"):
    return [(FIRST + timedelta(days=place), title) for place in places]


async def occurrence(key, place):
    local = (FIRST + timedelta(days=place)).isoformat()
    return (await Task.get(series_id=key, occurrence=local)).id


async def test_a_series_is_exported_with_its_rule_and_its_zone(ada, series, exported):
    key = await series(ada, description="Two, or three; cups\nof tea")
    answer = await exported(ada, key)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/calendar; charset=utf-8")
    assert answer.headers["content-disposition"].startswith('attachment; filename="Tea.ics"')
    assert "BEGIN:VTIMEZONE" in answer.text
    assert "RRULE:FREQ=DAILY;COUNT=6" in answer.text
    assert shown(answer) == expected(0, 1, 2, 3, 4, 5)


@pytest.mark.parametrize("which", ["exported", "fed"])
async def test_occurrences_that_were_moved_renamed_or_are_gone_are_shown_so(
    which, ada, bob, sue, team, series, exported, fed
):
    key = await series(ada, team_id=team)
    moved, renamed, gone, given = [await occurrence(key, place) for place in (1, 2, 3, 4)]
    at = (FIRST + timedelta(days=1, hours=5)).replace(tzinfo=ZONE).astimezone(UTC)
    await tasks.update(moved, {"scheduled_at": at}, by=ada)
    await tasks.update(renamed, {"title": "Coffee"}, by=ada)
    await deletions.delete(gone, by=ada)
    await lifecycle.cancel(given, by=ada)
    answer = await (exported(ada, key) if which == "exported" else fed(ada))
    late = [(FIRST + timedelta(days=1, hours=5), "Tea")]
    assert shown(answer) == [*expected(0), *late, *expected(2, title="Coffee"), *expected(5)]


async def test_a_feed_goes_on_where_no_tasks_are_made_yet_and_leaves_out_what_is_others(
    ada, bob, sue, team, series, fed
):
    key = await series(ada, "FREQ=DAILY", team_id=team)
    assert await Task.filter(series_id=key).count() < 100
    await ownership.assign(await occurrence(key, 1), bob.id, by=sue)
    dates = shown(await fed(ada))
    assert dates[:3] == expected(0, 2, 3)
    assert len(dates) == 500
    assert shown(await fed(bob)) == expected(1)


async def test_visits_that_come_again_are_shown(ada, series, exported, fed):
    place = await make.location(ada, await make.customer(ada, name="Zoë"))
    key = await series(ada, kind=SeriesKind.VISIT, location_id=place.id, expected_minutes=30)
    assert await Visit.filter(series_id=key).count() == 6
    assert shown(await fed(ada)) == expected(0, 1, 2, 3, 4, 5, title="Visit Zoë")


async def test_a_paused_or_ended_series_shows_no_more_than_its_tasks(ada, series, fed):
    key = await series(ada, "FREQ=DAILY")
    made = await Task.filter(series_id=key).count()
    await Series.filter(id=key).update(paused_at=datetime.now(UTC), due_at=None)
    assert len(shown(await fed(ada))) == made


async def test_only_who_sees_a_series_fetches_it(ada, other, series, exported, graphql, http, id_of):
    key = await series(ada)
    assert await exported(other, key) is None
    url = (await graphql(ada, URL, id=id_of("series", key)))["data"]["series"]["calendarUrl"]
    assert (await http.get(url)).status_code == 200
    assert (await http.get(url.replace("/calendars/", "/calendars/x"))).status_code == 404
    await User.filter(id=ada.id).update(active=False)
    assert (await http.get(url)).status_code == 404
