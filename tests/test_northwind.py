"""The main job over real input, through real processes: Northwind is imported, its people work, the workers follow."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import asyncpg
import httpx2
import pytest

from sample import load_northwind
from sample.client import connect
from sample.progress import at_once, silent
from settings import Settings

ROOT = Path(__file__).parents[1]
DATA = ROOT.parent / "shared" / "data" / "northwind"
pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="the Northwind data is not in ../shared/data/northwind")

TOTALS = """{
  users { totalCount } teams { totalCount } customers { totalCount } locations { totalCount } visits { totalCount }
  organizations: customers(filter: {kind: {eq: ORGANIZATION}}) { totalCount }
  contacts: customers(filter: {organization: {isNull: false}}) { totalCount }
  tasks(includeFinished: true) { totalCount } timeEntries { totalCount }
  closed: tasks(filter: {status: {eq: CLOSED}}) { totalCount }
  billables { totalCount } failedWork { totalCount }
}"""
CUSTOMERS = """{ customers(first: 100, filter: {kind: {eq: ORGANIZATION}}, sort: [{field: REFERENCE}]) {
  nodes { id reference name salesRep { name } locations(first: 1) { nodes { id } } }
} }"""
PEOPLE = """{ users(first: 20) { nodes { id name title role teams(first: 2) {
  nodes { id name parent { name } leads(first: 2) { nodes { name } } }
} } } }"""
EVENTS = "select subject_type || ' ' || verb as what, count(*) from events group by what"
CUSTOMER = """query ($id: ID!) { customer(id: $id) {
  name reference salesRep { name } billingIncrementMinutes
  contacts(first: 2) { nodes { name title } } locations(first: 2) { nodes { city country } }
  visits(first: 2) { nodes { status assignee { name } tasks(first: 2, includeFinished: true) { nodes { title } } } }
  tasks(first: 2, includeFinished: true) { totalCount nodes {
    title status team { name parent { name } } creator { name } assignee { name } finishedBy { name }
    links(first: 3) { nodes { kind isPrimary target { ... on Customer { reference } ... on Location { city } } } }
    timeEntries(first: 2) { nodes { minutes billed user { name } } }
    billables(first: 2) { nodes { minutes quantity rateScope amount { amount currency } customer { reference } } }
    history(first: 20) { nodes { verb actor { name } } }
  } }
} }"""
SERIES = "{ allSeries { nodes { tasks(first: 50, sort: [{field: SCHEDULED_AT}]) { nodes { scheduledAt } } } } }"
REMINDERS = "select status, anchor, count(*) from reminders group by 1, 2 order by 1, 2"
INBOX = "{ viewer { notifications { nodes { message task { id key title } } } } }"
BILLS = "{ billables { nodes { minutes amount { amount currency } } } }"
SHOWN = {
    "customer": {
        "name": "Bottom-Dollar Markets",
        "reference": "BOTTM",
        "salesRep": {"name": "Robert King"},
        "billingIncrementMinutes": 15,
        "contacts": {"nodes": [{"name": "Elizabeth Lincoln", "title": "Accounting Manager"}]},
        "locations": {"nodes": [{"city": "Tsawassen", "country": "Canada"}]},
        "visits": {
            "nodes": [
                {
                    "status": "PLANNED",
                    "assignee": {"name": "Robert King"},
                    "tasks": {"nodes": [{"title": "Show Bottom-Dollar Markets the price list"}]},
                }
            ]
        },
        "tasks": {
            "totalCount": 1,
            "nodes": [
                {
                    "title": "Show Bottom-Dollar Markets the price list",
                    "status": "CLOSED",
                    "team": {"name": "Buchanan's team", "parent": {"name": "Fuller's team"}},
                    "creator": {"name": "Steven Buchanan"},
                    "assignee": {"name": "Robert King"},
                    "finishedBy": {"name": "Steven Buchanan"},
                    "links": {
                        "nodes": [
                            {"kind": "ORGANIZATION", "isPrimary": True, "target": {"reference": "BOTTM"}},
                            {"kind": "LOCATION", "isPrimary": False, "target": {"city": "Tsawassen"}},
                        ]
                    },
                    "timeEntries": {"nodes": [{"minutes": 50, "billed": True, "user": {"name": "Robert King"}}]},
                    "billables": {
                        "nodes": [
                            {
                                "minutes": 60,
                                "quantity": "1",
                                "rateScope": "WORKSPACE",
                                "amount": {"amount": "95", "currency": "USD"},
                                "customer": {"reference": "BOTTM"},
                            }
                        ]
                    },
                    "history": {
                        "nodes": [
                            {"verb": "created", "actor": {"name": "Steven Buchanan"}},
                            {"verb": "linked", "actor": {"name": "Steven Buchanan"}},
                            {"verb": "linked", "actor": {"name": "Steven Buchanan"}},
                            {"verb": "claimed", "actor": {"name": "Robert King"}},
                            {"verb": "time_written_down", "actor": {"name": "Robert King"}},
                            {"verb": "released", "actor": {"name": "Robert King"}},
                            {"verb": "closed", "actor": {"name": "Steven Buchanan"}},
                            {"verb": "billing_requested", "actor": {"name": "Steven Buchanan"}},
                            {"verb": "billed", "actor": None},
                        ]
                    },
                }
            ],
        },
    }
}
NOTHING_DONE = dict.fromkeys(("visits", "tasks", "timeEntries", "closed", "billables", "failedWork"), 0)
DUE = """
select true from (select due_at, failed_at, attempts from series union all
select due_at, failed_at, attempts from reminders union all select due_at, failed_at, attempts from conversions) w
where due_at is not null and failed_at is null and (due_at <= now() or attempts > 0) limit 1
"""
LONDON = ZoneInfo("Europe/London")
FULLER, BUCHANAN, KING = "Andrew Fuller", "Steven Buchanan", "Robert King"


@contextmanager
def program(*arguments, environment):
    """One of the product's programs, told to end in the end."""
    process = subprocess.Popen([sys.executable, "-m", "cli", *arguments], cwd=ROOT, env=environment)
    try:
        yield
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0


def run(*arguments, environment):
    """What one of the product's commands prints."""
    command = [sys.executable, "-m", "cli", *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True, text=True).stdout.strip()


@pytest.fixture(scope="module")
async def northwind(servers, clone):
    """API, worker and clock as processes of their own, with the data imported by the command; its admin's client."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    ours = {name.upper() for name in Settings.model_fields}
    environment = {name: value for name, value in os.environ.items() if name not in ours}
    environment |= {"DATABASE_URL": await clone("northwind"), "REDIS_URL": servers.redis_url, "PORT": str(port)}
    environment |= {"LOG_LEVEL": "error", "CLOCK_SECONDS": "0.2"}
    url = f"http://127.0.0.1:{port}/graphql"
    with ExitStack() as programs:
        for name in ("serve", "worker", "clock"):
            programs.enter_context(program(name, environment=environment))
        await until_ready(f"http://127.0.0.1:{port}/readyz")
        run("demo", "--northwind", str(DATA), environment=environment)
        token = run("token", "create", "--email", "admin@northwind.example", environment=environment)
        database = await asyncpg.connect(environment["DATABASE_URL"])
        async with connect(url, token) as admin:
            yield SimpleNamespace(url=url, token=token, admin=admin, database=database)
        await database.close()


async def until_ready(url):
    async with asyncio.timeout(30), httpx2.AsyncClient() as http:
        while True:
            try:
                if (await http.get(url)).is_success:
                    return
            except httpx2.TransportError:
                pass
            await asyncio.sleep(0.05)


async def totals(admin):
    return {name: found["totalCount"] for name, found in (await admin.ask(TOTALS)).items()}


@pytest.fixture(scope="module")
async def imported(northwind):
    """What is there after a first and a second import."""
    once = await totals(northwind.admin)
    await load_northwind(northwind.url, northwind.token, DATA)
    return SimpleNamespace(
        totals=[once, await totals(northwind.admin)],
        people={person["name"]: person for person in (await northwind.admin.ask(PEOPLE))["users"]["nodes"]},
        customers=(await northwind.admin.ask(CUSTOMERS))["customers"]["nodes"],
    )


class Day:
    """A working day, step by step, each person with an API key of their own.

    A customer's task waits in the team that is led by the sales rep, or else by the rep's manager; where there is no
    rep, in that of Fuller, who is above all. King's customers are the territory that is visited.
    """

    def __init__(self, admin, imported):
        self.admin, self.people, self.customers = admin, imported.people, imported.customers
        self.now = datetime.now(UTC)
        self.acting, self.visits, self.tasks = {}, {}, {}

    async def run(self):
        await at_once("keys", [self.key(name) for name in self.people], silent)
        await at_once("visits", [self.plan(each) for each in self.of(KING)], silent)
        await at_once("tasks", [self.ask(each) for each in self.customers], silent)
        await at_once("work", [self.work(rep) for rep in self.reps], silent)
        await self.repeat()
        await self.bill()

    @property
    def reps(self):
        return [name for name, person in self.people.items() if person["role"] == "REP"]

    def of(self, name):
        """The customers whose sales rep is this person, by reference."""
        return [each for each in self.customers if each["salesRep"] and each["salesRep"]["name"] == name]

    def lead(self, customer):
        """The person who leads the team that works for a customer."""
        rep = (customer["salesRep"] or {"name": FULLER})["name"]
        return rep if self.led(rep) else self.people[rep]["teams"]["nodes"][0]["leads"]["nodes"][0]["name"]

    def led(self, name):
        """The id of the team that a person leads."""
        teams = self.people[name]["teams"]["nodes"]
        return next((team["id"] for team in teams if name in [lead["name"] for lead in team["leads"]["nodes"]]), None)

    async def key(self, name):
        about = {"name": "Phone", "scopes": ["READ", "WRITE"], "userId": self.people[name]["id"]}
        self.acting[name] = self.admin.acting((await self.admin.do("apiKeyCreate", "secret", **about))["secret"])

    async def plan(self, customer):
        """King's manager sends him there tomorrow."""
        start, place = self.now + timedelta(days=1), customer["locations"]["nodes"][0]["id"]
        hours = {"plannedStart": start.isoformat(), "plannedEnd": (start + timedelta(hours=1)).isoformat()}
        whom = {"assigneeId": self.people[KING]["id"], "locationId": place}
        made = await self.acting[BUCHANAN].do("visitCreate", "visit { id }", **whom, **hours)
        self.visits[customer["id"]] = made["visit"]["id"]

    async def ask(self, customer):
        """The lead puts a task about a customer and its location into the team's queue."""
        lead = self.acting[self.lead(customer)]
        about = {"title": f"Show {customer['name']} the price list", "visitId": self.visits.get(customer["id"])}
        about["dueOn"] = (self.now + timedelta(days=7)).date().isoformat()
        made = await lead.do("taskCreate", "task { id }", teamId=self.led(self.lead(customer)), **about)
        task = self.tasks[customer["id"]] = made["task"]["id"]
        await lead.do("taskLink", taskId=task, targetId=customer["id"], primary=True)
        await lead.do("taskLink", taskId=task, targetId=customer["locations"]["nodes"][0]["id"])

    async def work(self, rep):
        """A rep claims the tasks of all their customers, releases all but the last, and is reminded of that one now."""
        me, (*done, last) = self.acting[rep], [self.tasks[each["id"]] for each in self.of(rep)]
        for task in done:
            await me.do("taskClaim", taskId=task)
            if rep == KING:
                day = self.now.date().isoformat()
                await me.do("timeEntryCreate", taskId=task, minutes=50, workedOn=day)
            await me.do("taskRelease", taskId=task)
            await self.acting[self.lead(self.of(rep)[0])].do("taskClose", taskId=task)
        await me.do("taskClaim", taskId=last, start=True)
        timer = await me.do("timeEntryStart", "timeEntry { id }", taskId=last, billable=False)
        await me.do("timeEntryStop", timeEntryId=timer["timeEntry"]["id"])
        await me.do("reminderCreate", taskId=last, anchor="INSTANT", remindAt=self.now.isoformat())
        await me.do("reminderCreate", taskId=last, anchor="DUE", offset="P1D")

    async def repeat(self):
        """Buchanan's team has a call each week from tomorrow on, of which it is reminded."""
        start = f"{(self.now + timedelta(days=1)).date()}T09:00:00"
        rule = {"rule": "FREQ=WEEKLY", "start": start, "timeZone": "Europe/London", "reminders": [{"offset": "PT30M"}]}
        whose = {"title": "Call head office", "teamId": self.led(BUCHANAN)}
        await self.acting[BUCHANAN].do("seriesCreate", **whose, **rule)

    async def bill(self):
        """The time of King's closed tasks, for one customer in quarters of an hour."""
        await self.admin.do("rateCreate", hourly={"amount": "95.00", "currency": "USD"})
        first, *others = self.of(KING)[:-1]
        await self.acting[KING].do("customerUpdate", customerId=first["id"], billingIncrementMinutes=15)
        for customer in (first, *others):
            await self.acting[BUCHANAN].do("billableConvert", taskId=self.tasks[customer["id"]])


@pytest.fixture(scope="module")
async def day(northwind, imported):
    """The day is over, and the workers have done all that was due."""
    day = Day(northwind.admin, imported)
    await day.run()
    async with asyncio.timeout(20):
        while await northwind.database.fetchval(DUE):  # noqa: ASYNC110 -- another process's change
            await asyncio.sleep(0.05)
    return day


async def test_the_import_brings_in_all_people_and_customers(imported):
    assert imported.totals[0] == NOTHING_DONE | {
        "users": 9 + 1,
        "teams": 2,
        "organizations": 91,
        "contacts": 91,
        "customers": 182,
        "locations": 91,
    }
    assert sum(each["salesRep"] is None for each in imported.customers) == 2


async def test_importing_twice_changes_nothing(imported):
    assert imported.totals[1] == imported.totals[0]


async def test_managers_are_supervisors_of_a_team_below_their_own_managers(imported):
    assert {name for name, person in imported.people.items() if person["role"] == "SUPERVISOR"} == {FULLER, BUCHANAN}
    (team,) = imported.people[KING]["teams"]["nodes"]
    assert team["name"] == "Buchanan's team"
    assert team["parent"] == {"name": "Fuller's team"}
    assert team["leads"] == {"nodes": [{"name": BUCHANAN}]}


async def test_all_that_was_done_is_there(northwind, day, imported):
    assert await totals(northwind.admin) == imported.totals[0] | {
        "visits": 8,
        "tasks": 91 + 13,
        "closed": 71 - 7,
        "timeEntries": 7 + 7,
        "billables": 7,
    }


async def test_the_worker_expanded_the_series_once_up_to_the_horizon(northwind, day):
    """From tomorrow on, every seven days within ninety."""
    (series,) = (await northwind.admin.ask(SERIES))["allSeries"]["nodes"]
    starts = [datetime.fromisoformat(task["scheduledAt"]) for task in series["tasks"]["nodes"]]
    first = (day.now + timedelta(days=1)).date()
    assert [start.astimezone(LONDON).date() for start in starts] == [first + timedelta(weeks=n) for n in range(13)]
    assert {start.astimezone(LONDON).time() for start in starts} == {time(9)}


async def test_the_worker_reminded_each_rep_of_one_task(northwind, day):
    counted = [tuple(row) for row in await northwind.database.fetch(REMINDERS)]
    assert counted == [("PENDING", "DUE", 7), ("PENDING", "SCHEDULED", 13), ("SENT", "INSTANT", 7)]
    for rep in day.reps:
        (note,) = (await day.acting[rep].ask(INBOX))["viewer"]["notifications"]["nodes"]
        task = note["task"]
        assert task["id"] == day.tasks[day.of(rep)[-1]["id"]]
        assert note["message"] == f"You wanted to be reminded of {task['key']} {task['title']}."


async def test_the_worker_billed_kings_time_to_the_cent(northwind, day):
    bills = (await day.acting[BUCHANAN].ask(BILLS))["billables"]["nodes"]
    assert sorted((bill["minutes"], bill["amount"]["amount"]) for bill in bills) == [(50, "79.17")] * 6 + [(60, "95")]


async def test_the_log_tells_each_change_once(northwind, day):
    assert dict(await northwind.database.fetch(EVENTS)) == {
        "USER created": 10,
        "API_KEY created": 10,
        "TEAM created": 2,
        "TEAM members_set": 2,
        "CUSTOMER created": 182,
        "CUSTOMER updated": 1,
        "LOCATION created": 91,
        "VISIT created": 8,
        "SERIES created": 1,
        "TASK created": 91 + 13,
        "TASK linked": 2 * 91,
        "TASK claimed": 71,
        "TASK released": 64,
        "TASK closed": 64,
        "TASK time_written_down": 7,
        "TASK time_started": 7,
        "TASK time_stopped": 7,
        "TASK reminder_set": 14,
        "TASK reminded": 7,
        "RATE created": 1,
        "TASK billing_requested": 7,
        "TASK billed": 7,
    }


async def test_one_nested_query_shows_it_all(northwind, day):
    assert await day.acting[BUCHANAN].ask(CUSTOMER, id=day.of(KING)[0]["id"]) == SHOWN
