"""What the loader knows of the company so far: who may act, and the id of everything by its name in the data."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from sample.client import Client
from sample.company import WORKSPACE, Record


@dataclass
class Office:
    """Names on the left, ids on the right, unless said otherwise."""

    admin: Client
    today: date
    people: dict[str, str] = field(default_factory=dict)
    acting: dict[str, Client] = field(default_factory=dict)
    """A person's client, by name."""
    teams: dict[str, str] = field(default_factory=dict)
    leads: dict[str, str] = field(default_factory=dict)
    """A team's lead, both by name."""
    memberships: dict[str, str] = field(default_factory=dict)
    """A person's team, both by name."""
    reps: dict[str, str] = field(default_factory=dict)
    """A customer's sales rep: reference and name."""
    customers: dict[str, str] = field(default_factory=dict)
    contacts: dict[tuple[str, str], str] = field(default_factory=dict)
    locations: dict[str, dict[str, str]] = field(default_factory=dict)
    visits: dict[str, str] = field(default_factory=dict)
    records: dict[str, str] = field(default_factory=dict)
    """Tickets and opportunities."""
    types: dict[str, str] = field(default_factory=dict)
    indicators: dict[str, str] = field(default_factory=dict)
    tasks: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        admin, _, _ = WORKSPACE["email"].partition("@")
        self.acting[admin] = self.admin

    def joined(self, team: str, members: Iterable[str], lead: str) -> None:
        """Remember who is in a team."""
        self.leads[team] = lead
        self.memberships |= dict.fromkeys((*members, lead), team)

    def team(self, row: Record) -> str | None:
        """The team that a record belongs to: the one it names, else that of its customer's rep."""
        rep = self.reps.get(row.get("customer", ""), "")
        return row.get("team") or self.memberships.get(rep)

    def creator(self, row: Record) -> Client:
        """Whoever makes a record: the person it names, else its team's lead."""
        team = self.team(row) or ""
        return self.acting[row.get("by") or self.leads[team]]

    def holder(self, row: Record) -> str:
        """Who does what a record says: the person it names, else its customer's rep."""
        return row.get("holder") or self.reps[row["customer"]]

    def location(self, row: Record) -> str:
        """The location that a record names, else its customer's first."""
        places = self.locations[row["customer"]]
        return places[row["location"]] if "location" in row else next(iter(places.values()))
