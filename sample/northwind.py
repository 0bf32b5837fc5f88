"""Northwind, a trader in food of the nineties: its employees, customers and orders, brought in through the API.

Each row carries an idempotency key of its own, so that an import may be repeated within a day, also after a failure.
"""

import csv
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sample.client import Client, Refused, connect
from sample.progress import Progress, at_once, in_turn, silent

WORKSPACE = {"name": "Northwind Traders", "admin": "Northwind Admin", "email": "admin@northwind.example"}
"""What opens the workspace: the arguments of `domain.accounts.workspace_create`."""
FILES = ("employees", "customers", "orders")
ADDRESS = ("city", "region", "country", "phone")

Row = dict[str, str]
"""What stands in a line, without what is NULL."""


@dataclass
class Northwind:
    """What was imported: keys of the data on the left, ids on the right, unless said otherwise."""

    employees: list[Row]
    users: dict[str, str] = field(default_factory=dict)
    teams: dict[str, str] = field(default_factory=dict)
    """A manager's team."""
    reps: dict[str, str] = field(default_factory=dict)
    """A customer's sales rep, both as keys of the data."""
    customers: dict[str, str] = field(default_factory=dict)
    contacts: dict[str, str] = field(default_factory=dict)
    locations: dict[str, str] = field(default_factory=dict)

    @property
    def managers(self) -> dict[str, str | None]:
        """Those to whom somebody reports, each after their own manager, whom they point at."""
        above = {row["employeeID"]: row.get("reportsTo") for row in self.employees}
        found: dict[str, str | None] = {}
        waiting = [boss for boss in above if boss in above.values()]
        while waiting:
            ready = [boss for boss in waiting if above[boss] not in waiting]
            found |= {boss: above[boss] for boss in ready}
            waiting = [boss for boss in waiting if boss not in ready]
        return found


async def load(url: str, admin_token: str, folder: Path, progress: Progress = silent) -> Northwind:
    """Import the folder's files into the admin's workspace.

    Employees become users, and supervisors if somebody reports to them; each manager's reports become a team below
    the manager's own. Customers become organizations with one contact and one location; their sales rep is the
    employee who took their latest order.
    """
    employees, customers, orders = (read(folder, name) for name in FILES)
    found = Northwind(employees, reps=latest(orders))
    async with connect(url, admin_token) as admin:
        people = await in_turn("People", [_user(admin, found, row) for row in employees], progress)
        found.users = dict(zip((row["employeeID"] for row in employees), people, strict=True))
        await in_turn("Teams", [_team(admin, found, boss) for boss in found.managers], progress)
        await at_once("Customers", [_customer(admin, found, row) for row in customers], progress)
    return found


def read(folder: Path, name: str) -> list[Row]:
    """The rows of one of the files."""
    try:
        with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
            return [{key: value for key, value in row.items() if value != "NULL"} for row in csv.DictReader(lines)]
    except OSError as error:
        raise Refused(f"{error.filename} cannot be read: {error.strerror}.") from error


def latest(orders: Sequence[Row]) -> dict[str, str]:
    """Who took each customer's latest order, by date and then by number."""
    in_order = sorted(orders, key=lambda order: (order["orderDate"], int(order["orderID"])))
    return {order["customerID"]: order["employeeID"] for order in in_order}


def name_of(employee: Row) -> str:
    """First and last name."""
    return f"{employee['firstName']} {employee['lastName']}"


async def _user(admin: Client, found: Northwind, row: Row) -> str:
    name, key = name_of(row), row["employeeID"]
    made = await admin.do(
        "userCreate",
        "user { id }",
        name=name,
        email=f"{name.lower().replace(' ', '.')}@northwind.example",
        title=row["title"],
        role="SUPERVISOR" if key in found.managers else "REP",
        idempotencyKey=f"northwind/employees/{key}",
    )
    user: str = made["user"]["id"]
    return user


async def _team(admin: Client, found: Northwind, boss: str) -> None:
    """A manager's reports, led by the manager."""
    above, reports = found.managers[boss], [row for row in found.employees if row.get("reportsTo") == boss]
    (leader,) = (row for row in found.employees if row["employeeID"] == boss)
    made = await admin.do(
        "teamCreate",
        "team { id }",
        name=f"{leader['lastName']}'s team",
        parentId=found.teams[above] if above else None,
        idempotencyKey=f"northwind/teams/{boss}",
    )
    found.teams[boss] = made["team"]["id"]
    people = {"members": [found.users[row["employeeID"]] for row in reports], "leads": [found.users[boss]]}
    await admin.do("teamMembersSet", teamId=found.teams[boss], **people)


async def _customer(admin: Client, found: Northwind, row: Row) -> None:
    """An organization, its contact, and where it is."""
    key, rep = row["customerID"], found.users.get(found.reps.get(row["customerID"], ""))
    shared = {"phone": row.get("phone"), "salesRepId": rep}
    organization = {"kind": "ORGANIZATION", "name": row["companyName"], "reference": key}
    found.customers[key] = await _add(admin, f"customers/{key}", **organization, **shared)
    person = {"kind": "INDIVIDUAL", "name": row["contactName"], "title": row.get("contactTitle")}
    company = {"organizationId": found.customers[key]}
    found.contacts[key] = await _add(admin, f"contacts/{key}", **person, **company, **shared)
    place = {"street": row.get("address"), "postalCode": row.get("postalCode"), **{n: row.get(n) for n in ADDRESS}}
    made = await admin.do(
        "locationCreate",
        "location { id }",
        customerId=found.customers[key],
        name=row["city"],
        idempotencyKey=f"northwind/locations/{key}",
        **place,
    )
    found.locations[key] = made["location"]["id"]


async def _add(admin: Client, key: str, **columns: object) -> str:
    made = await admin.do("customerCreate", "customer { id }", idempotencyKey=f"northwind/{key}", **columns)
    customer: str = made["customer"]["id"]
    return customer
