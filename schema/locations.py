"""Locations: the places where customers are met."""

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

import strawberry

import models
from domain import customers
from schema import entity_views, timeline
from schema.compiler.fields import Connection, Node, changed, column, item, listing, node, one, page
from schema.context import Info
from schema.customers import Customer
from schema.inputs import given, idempotency_key, key, once, part
from schema.mutation import mutation
from schema.payload import Payload
from schema.scalars import TimeZone

if TYPE_CHECKING:
    from schema.history import Event
    from schema.tasks import Task
    from schema.timeline import TimelineEntry
    from schema.visits import Visit

CONTENT = ("name", "street", "postal_code", "city", "region", "country", "phone", "time_zone")


@node(models.Location, prefix="loc", searchable=True, label="{t}.name")
class Location(Node):
    """A place where a customer is met."""

    name: str = column("Up to 200 characters.")
    customer: "Customer | None" = one("Whose location it is.")
    street: str | None = column("Street and number.")
    postal_code: str | None = column("Postal code.")
    city: str | None = column("City.")
    region: str | None = column("State, province or county.")
    country: str | None = column("Country.")
    phone: str | None = column("Telephone number as people write it.")
    time_zone: TimeZone = column("IANA time zone, such as Europe/Berlin.")
    visits: "Connection[Visit]" = page("Visits to the location.", by="location")
    tasks: "Connection[Task]" = entity_views.tasks("location", customer="{parent}.customer_id")
    timeline: "Connection[TimelineEntry]" = timeline.LOCATION
    history: "Connection[Event]" = page("What happened to the location's record.", by="subject")
    version: int = column("Counts changes; give it as expectedVersion.")
    created_at: datetime = column("When the location was added.")
    updated_at: datetime = column("When the location was last changed.")


@strawberry.input(description="A location to add.")
class LocationCreateInput:
    """What `customers.location_create` takes."""

    customer_id: UUID = key("Whose location it is.", "Customer")
    name: str = strawberry.field(description="Up to 200 characters.")
    street: str | None = part("Street and number, up to 200 characters.")
    postal_code: str | None = part("Postal code, up to 20 characters.")
    city: str | None = part("City, up to 100 characters.")
    region: str | None = part("State, province or county, up to 100 characters.")
    country: str | None = part("Country, up to 100 characters.")
    phone: str | None = part("Telephone number as people write it, up to 40 characters.")
    time_zone: TimeZone = strawberry.field(description="Where the location is.", default=TimeZone("UTC"))
    idempotency_key: str | None = idempotency_key()


@strawberry.type(description="What became of `locationCreate`.")
class LocationCreatePayload(Payload):
    """What `locationCreate` answers."""

    location: UUID | None = changed("The location; null when it was refused.", Location)
    customer: UUID | None = changed("The customer as it is now.", Customer)


@strawberry.type
class LocationQueries:
    """Where we go."""

    location: "Location | None" = item("One location.")
    locations: "Connection[Location]" = listing("The locations of all customers.")


@strawberry.type
class LocationMutations:
    """Keeping locations."""

    @mutation
    async def location_create(self, info: Info, input: LocationCreateInput) -> LocationCreatePayload:
        """Add a place where a customer is met."""
        values = given(input, CONTENT)
        location = await customers.location_create(input.customer_id, **values, by=info.context.by, once=once(input))
        return LocationCreatePayload(location=location, customer=input.customer_id)
