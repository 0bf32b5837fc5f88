"""Loading our own sample company through the API, by the people who work there."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sample import attachments, customers, notes, records, series, tasks, visits, workloads
from sample.client import Client, connect
from sample.company import WORKSPACE, Record, address, read
from sample.office import Office
from sample.progress import Progress, at_once, in_turn, silent

KEY_LIFETIME = timedelta(hours=1)
LOADED = "{ customers(first: 1) { nodes { id } } }"
FIND = """
query ($rep: String!, $supervisor: String!) {
  viewer { id }
  rep: users(filter: {email: {eq: $rep}}) { nodes { id } }
  supervisor: users(filter: {email: {eq: $supervisor}}) { nodes { id } }
}
"""


@dataclass(frozen=True)
class People:
    """The ids of three people to look through the eyes of: the supervisor leads the rep's team."""

    rep: str
    supervisor: str
    admin: str


async def load(url: str, admin_token: str, progress: Progress = silent) -> People:
    """Fill an empty workspace, as its admin and its people; one that has customers is left as it is."""
    async with connect(url, admin_token) as admin:
        if not (await admin.ask(LOADED))["customers"]["nodes"]:
            await _fill(admin, progress)
        found = await admin.ask(FIND, rep=address("maya"), supervisor=address("owen"))
        rep, supervisor = (found[name]["nodes"][0]["id"] for name in ("rep", "supervisor"))
        return People(rep=rep, supervisor=supervisor, admin=found["viewer"]["id"])


async def _fill(admin: Client, progress: Progress) -> None:
    """Series and bills come last, so that no worker numbers its tasks in between."""
    office, plan = await _open(admin, progress), read("tasks")
    rows = read("customers")["customers"]
    await in_turn("Customers", [customers.create(office, row) for row in rows], progress)
    await at_once("Contacts and locations", [customers.complete(office, row) for row in rows], progress)
    rows = read("records")
    await in_turn("Tickets", [records.write_down(office, row) for row in rows["tickets"]], progress)
    await in_turn("Opportunities", [records.hope(office, row) for row in rows["opportunities"]], progress)
    rows = read("visits")["visits"]
    await in_turn("Visits", [visits.create(office, row) for row in rows], progress)
    await at_once("Visits made", [visits.proceed(office, row) for row in rows], progress)
    await _set_up(office, plan, progress)
    ids = await in_turn("Tasks", [tasks.create(office, row) for row in plan["tasks"]], progress)
    rows = zip(plan["tasks"], ids, strict=True)
    await at_once("Tasks done", [tasks.proceed(office, row, task) for row, task in rows], progress)
    await at_once("Reminders", [tasks.remind(office, row) for row in plan["reminders"]], progress)
    await in_turn("Files", [attachments.attach(office, row) for row in read("files")["files"]], progress)
    await in_turn("Notes", [notes.write(office, row) for row in read("notes")["notes"]], progress)
    await in_turn("Series", [series.repeat(office, row) for row in plan["series"]], progress)
    await _staff(office, read("people"), progress)
    await at_once("Calendars", [_subscribe(office, row) for row in plan["calendars"]], progress)
    await at_once("Rates", [_price(office, row) for row in plan["rates"]], progress)
    await in_turn("Bills", [_bill(office, row) for row in plan["conversions"]], progress)


async def _set_up(office: Office, plan: Record, progress: Progress) -> None:
    """Add what tasks can have: workflows, types and indicators."""
    await in_turn("Workflows", [tasks.publish(office, *each) for each in plan["workflows"].items()], progress)
    await in_turn("Task types", [tasks.invent(office, *each) for each in plan["types"].items()], progress)
    await in_turn("Indicators", [tasks.ask_for(office, *each) for each in plan["indicators"].items()], progress)


async def _staff(office: Office, people: Record, progress: Progress) -> None:
    """Say how much people can take on, who is away, and when supervisors are told of what is overdue."""
    limits = [workloads.limit(office, *each) for each in people["workloads"].items()]
    weights = [workloads.weigh(office, *each) for each in people["weights"].items()]
    absences = [workloads.plan_absence(office, row) for row in people["absences"]]
    await at_once("Workloads", [*limits, *weights, *absences], progress)
    await office.admin.do("escalationRuleUpdate", **people["escalation"])


async def _open(admin: Client, progress: Progress) -> Office:
    """Add people and teams, and let everybody act."""
    data, now = read("people"), datetime.now(UTC)
    office = Office(admin, today=now.astimezone(ZoneInfo(WORKSPACE["time_zone"])).date())
    names = list(data["people"])
    ids = await in_turn("People", [_hire(admin, name, data["people"][name]) for name in names], progress)
    office.people = dict(zip(names, ids, strict=True))
    for name, team in data["teams"].items():
        await _gather(office, name, team)
    keys = await at_once("Keys", [_key(admin, user, now + KEY_LIFETIME) for user in ids], progress)
    office.acting |= dict(zip(names, map(admin.acting, keys), strict=True))
    return office


async def _hire(admin: Client, name: str, person: Record) -> str:
    about = {"email": address(name), "timeZone": WORKSPACE["time_zone"]}
    made: str = (await admin.do("userCreate", "user { id }", **about, **person))["user"]["id"]
    return made


async def _gather(office: Office, name: str, team: Record) -> None:
    parent = office.teams.get(team.get("parent", ""))
    made = await office.admin.do("teamCreate", "team { id }", name=name, parentId=parent)
    office.teams[name] = made["team"]["id"]
    people = {role: [office.people[each] for each in team[role]] for role in ("members", "leads")}
    await office.admin.do("teamMembersSet", teamId=office.teams[name], **people)
    office.joined(name, team["members"], lead=team["leads"][0])


async def _key(admin: Client, user: str, until: datetime) -> str:
    about: dict[str, Any] = {"name": "Sample data", "scopes": ["READ", "WRITE"]}
    made = await admin.do("apiKeyCreate", "secret", userId=user, expiresAt=until.isoformat(), **about)
    secret: str = made["secret"]
    return secret


async def _subscribe(office: Office, row: Record) -> None:
    await office.acting[row["by"]].do("calendarFeedCreate", name=row["name"])


async def _price(office: Office, row: Record) -> None:
    target = office.customers.get(row.get("customer", "")) or office.people.get(row.get("user", ""))
    money = {"amount": row["hourly"], "currency": WORKSPACE["currency"]}
    await office.admin.do("rateCreate", hourly=money, targetId=target)


async def _bill(office: Office, row: Record) -> None:
    await office.acting[row["by"]].do("billableConvert", taskId=office.tasks[row["task"]])
