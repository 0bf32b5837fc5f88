"""Writing down tickets and opportunities."""

from sample.client import Client
from sample.company import WORKSPACE, Record
from sample.days import working_day
from sample.office import Office

TICKET = ("subject", "description", "status", "priority")
OPPORTUNITY = ("subject", "description", "stage")


async def write_down(office: Office, row: Record) -> None:
    """Add a ticket, and remember it."""
    made = await _by(office, row).do(
        "ticketCreate", "ticket { id }", **_whose(office, row), **{name: row.get(name) for name in TICKET}
    )
    office.records[row["id"]] = made["ticket"]["id"]


async def hope(office: Office, row: Record) -> None:
    """Add an opportunity, and remember it."""
    money = {"amount": row["amount"], "currency": WORKSPACE["currency"]} if "amount" in row else None
    made = await _by(office, row).do(
        "opportunityCreate",
        "opportunity { id }",
        **_whose(office, row),
        **{name: row.get(name) for name in OPPORTUNITY},
        amount=money,
        expectedCloseOn=working_day(office.today, row["close"]).isoformat(),
    )
    office.records[row["id"]] = made["opportunity"]["id"]


def _by(office: Office, row: Record) -> Client:
    return office.acting[office.holder(row)]


def _whose(office: Office, row: Record) -> dict[str, str]:
    return {"customerId": office.customers[row["customer"]], "ownerId": office.people[office.holder(row)]}
