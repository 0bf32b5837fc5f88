"""Adding customers with their contacts and locations."""

from sample.client import Client
from sample.company import WORKSPACE, Record
from sample.office import Office

PARTS = {"contacts", "locations", "salesRep"}


async def create(office: Office, row: Record) -> None:
    """Add an individual, or an organization if it has contacts, and remember it."""
    name, rep = row["reference"], row["salesRep"]
    kind = "ORGANIZATION" if "contacts" in row else "INDIVIDUAL"
    columns = {column: value for column, value in row.items() if column not in PARTS}
    office.customers[name] = await _add(office.admin, kind=kind, salesRepId=office.people[rep], **columns)
    office.reps[name] = rep


async def complete(office: Office, row: Record) -> None:
    """Add a customer's contacts and locations, and remember them."""
    name, customer = row["reference"], office.customers[row["reference"]]
    for contact in row.get("contacts", ()):
        who = await _add(office.admin, kind="INDIVIDUAL", organizationId=customer, **contact)
        office.contacts[name, contact["name"]] = who
    office.locations[name] = {
        place["name"]: await _locate(office.admin, customer, country="United Kingdom", **place)
        for place in row["locations"]
    }


async def _add(by: Client, **columns: object) -> str:
    made: str = (await by.do("customerCreate", "customer { id }", **columns))["customer"]["id"]
    return made


async def _locate(by: Client, customer: str, **columns: object) -> str:
    about = {"customerId": customer, "timeZone": WORKSPACE["time_zone"]}
    made: str = (await by.do("locationCreate", "location { id }", **about, **columns))["location"]["id"]
    return made
