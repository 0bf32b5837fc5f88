"""Calendar feeds through HTTP, read back by an independent iCalendar library."""

from datetime import UTC, date, datetime, timedelta

import pytest
import vobject

from domain import deletions, ownership, tasks
from models import CalendarFeed, User
from tests import make
from tests.schema.refusals import ERRORS, codes

FEED = f"url calendarFeed {{ id name tasksAs user {{ name }} changedAt revokedAt }} {ERRORS}"
SOON = datetime.now(UTC).replace(microsecond=0) + timedelta(days=3)
TITLE = 'Tea; "two, cups" \\ for Zoë\nand 茶 🍵 ' + "with a very long name " * 5


@pytest.fixture
def feed(mutate):
    """Makes a feed and answers where it is."""

    async def feed(by, **more):
        return (await mutate(by, "calendarFeedCreate", FEED, name="Field work", **more))["url"]

    return feed


def read(answer):
    """What a calendar program makes of an answer: its entries by title, and how they are written."""
    (calendar,) = vobject.readComponents(answer.text)
    return {each.summary.value: each for each in calendar.getChildren() if each.name in {"VEVENT", "VTODO"}}


async def test_a_feed_is_made_read_and_revoked(ada, mutate, http):
    made = await mutate(ada, "calendarFeedCreate", FEED, name="Field work")
    url = made["url"]
    assert url.startswith("http://app/feeds/")
    assert (made["calendarFeed"]["user"], made["calendarFeed"]["tasksAs"]) == ({"name": "Ada Rep"}, "EVENT")
    assert url.split("/")[-1].removesuffix(".ics") not in str((await CalendarFeed.get()).__dict__)
    answer = await http.get(url)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/calendar; charset=utf-8")
    assert answer.headers["cache-control"] == "private, no-cache"
    assert answer.text.startswith("BEGIN:VCALENDAR\r\n")
    revoked = await mutate(
        ada, "calendarFeedRevoke", FEED.replace("url ", ""), calendarFeedId=made["calendarFeed"]["id"]
    )
    assert (revoked["calendarFeed"]["revokedAt"] is not None, revoked["userErrors"]) == (True, [])
    assert (await http.get(url)).status_code == 404


async def test_tasks_and_visits_of_its_person_are_events_and_nobody_elses(ada, bob, team, feed, http):
    await make.task(ada, title=TITLE, assignee_id=ada.id, scheduled_at=SOON, expected_minutes=45, description="a\r\nb")
    await make.task(ada, title="Due", assignee_id=ada.id, due_on=SOON.date())
    await make.task(bob, title="Bob's", assignee_id=bob.id, due_on=SOON.date(), team_id=team)
    await make.task(ada, title="Some day", assignee_id=ada.id)
    await make.task(ada, title="Far", assignee_id=ada.id, due_on=date(2999, 1, 1))
    await make.task(ada, title="Long due", assignee_id=ada.id, due_on=date(2020, 1, 1))
    place = await make.location(ada, await make.customer(ada, name="Zoë"), name="Shop", city="Bonn")
    visit = await make.visit(ada, place, purpose="Tea")
    found = read(await http.get(await feed(ada)))
    assert found.keys() == {TITLE, "Due", "Long due", "Visit Zoë"}
    assert {each.name for each in found.values()} == {"VEVENT"}
    tea, due, seen = found[TITLE], found["Due"], found["Visit Zoë"]
    assert (tea.dtstart.value, tea.duration.value, tea.description.value) == (SOON, timedelta(minutes=45), "a\nb")
    assert due.dtstart.value == SOON.date()
    assert (seen.dtstart.value, seen.location.value) == (visit.planned_start.replace(microsecond=0), "Shop, Bonn")


async def test_a_feed_of_to_dos_says_what_is_done(ada, feed, http):
    await make.task(ada, title="Due", assignee_id=ada.id, due_on=SOON.date())
    await make.task(ada, title="Timed", assignee_id=ada.id, scheduled_at=SOON)
    found = read(await http.get(await feed(ada, tasksAs="TO_DO")))
    assert {each.name for each in found.values()} == {"VTODO"}
    assert (found["Due"].due.value, found["Due"].status.value) == (SOON.date(), "NEEDS-ACTION")
    assert found["Timed"].due.value == SOON


async def test_what_is_not_its_persons_any_more_is_gone(ada, bob, sue, team, feed, http):
    kept, given, gone = [
        await make.task(ada, title=title, assignee_id=ada.id, due_on=SOON.date(), team_id=team)
        for title in ("Kept", "Given", "Gone")
    ]
    url = await feed(ada)
    assert read(await http.get(url)).keys() == {"Kept", "Given", "Gone"}
    await ownership.assign(given, bob.id, by=sue)
    await deletions.delete(gone, by=ada)
    await tasks.update(kept, {"title": "Kept on"}, by=ada)
    assert read(await http.get(url)).keys() == {"Kept on"}
    await User.filter(id=ada.id).update(active=False)
    assert (await http.get(url)).status_code == 404


async def test_what_a_program_has_it_is_not_sent_again(ada, feed, http):
    task = await make.task(ada, title="Tea", assignee_id=ada.id, due_on=SOON.date())
    url = await feed(ada)
    first = await http.get(url)
    known = {"If-None-Match": first.headers["etag"]}, {"If-Modified-Since": first.headers["last-modified"]}
    for headers in known:
        again = await http.get(url, headers=headers)
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", first.headers["etag"])
    await tasks.update(task, {"title": "Coffee"}, by=ada)
    for headers in known:
        assert read(await http.get(url, headers=headers)).keys() == {"Coffee"}
    both = {"If-None-Match": '"other"', "If-Modified-Since": "Fri, 31 Dec 9999 23:59:59 GMT"}
    assert (await http.get(url, headers=both)).status_code == 200
    assert (await http.get(url, headers={"If-Modified-Since": "tomorrow"})).status_code == 200


@pytest.mark.parametrize("secret", ["x", "x" * 5000, "%00", "..%2f..%2fetc", "%F0%9F"])
async def test_a_guess_leads_nowhere(secret, database, http):
    answer = await http.get(f"/feeds/{secret}.ics")
    assert answer.status_code == 404


async def test_the_url_is_told_once(ada, mutate, nothing_changed):
    wanted = {"name": "Field work", "idempotencyKey": "once"}
    first = await mutate(ada, "calendarFeedCreate", FEED, **wanted)
    async with nothing_changed():
        again = await mutate(ada, "calendarFeedCreate", FEED, **wanted)
    assert again == first | {"url": None}


async def test_nobody_but_its_person_and_admins_sees_or_ends_a_feed(ada, bob, sue, admin, mutate, graphql, id_of):
    made = (await mutate(ada, "calendarFeedCreate", FEED, name="Mine"))["calendarFeed"]["id"]
    for other in (bob, sue):
        assert codes(await mutate(other, "calendarFeedRevoke", ERRORS, calendarFeedId=made)) == [
            ("NOT_FOUND", ["calendarFeedId"])
        ]
        assert (await graphql(other, "{ calendarFeeds { totalCount } }"))["data"]["calendarFeeds"]["totalCount"] == 0
    assert codes(await mutate(admin, "calendarFeedRevoke", ERRORS, calendarFeedId=made)) == []


async def test_nobody_has_more_feeds_than_20(ada, mutate, nothing_changed):
    for number in range(20):
        made = await mutate(ada, "calendarFeedCreate", FEED, name=f"Feed {number}")
    async with nothing_changed():
        refused = await mutate(ada, "calendarFeedCreate", FEED, name="One more")
    assert (codes(refused), refused["url"]) == ([("LIMIT_EXCEEDED", None)], None)
    await mutate(ada, "calendarFeedRevoke", ERRORS, calendarFeedId=made["calendarFeed"]["id"])
    assert codes(await mutate(ada, "calendarFeedCreate", FEED, name="One more")) == []
