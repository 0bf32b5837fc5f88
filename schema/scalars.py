"""Scalars that take nothing they would have to guess at, and the money type made of them."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, NewType

import strawberry
from graphql import GraphQLError
from strawberry.types.scalar import ScalarDefinition

from schema import formats

TimeZone = NewType("TimeZone", str)
LocalTime = NewType("LocalTime", str)
RecurrenceRule = NewType("RecurrenceRule", str)
EmailAddress = NewType("EmailAddress", str)
PhoneNumber = NewType("PhoneNumber", str)
URL = NewType("URL", str)
DateTimeOrDuration = NewType("DateTimeOrDuration", object)
"""An aware `datetime` in UTC, or a `timedelta` from now; tell them apart with `isinstance`."""


def _scalar(
    name: str,
    url: str,
    description: str,
    read: Callable[[object], object],
    write: Callable[[Any], str] = str,
) -> ScalarDefinition:
    def parse_value(value: object) -> object:
        try:
            return read(value)
        except ValueError as error:
            raise GraphQLError(f"This is not a {name}: {error}.") from None

    return strawberry.scalar(
        name=name, description=description, specified_by_url=url, serialize=write, parse_value=parse_value
    )


SCALAR_MAP: dict[object, ScalarDefinition] = {
    datetime: _scalar(
        "DateTime",
        "https://datatracker.ietf.org/doc/html/rfc3339#section-5.6",
        "An instant in RFC 3339, with any offset going in and always in UTC with `Z` and microseconds coming out: "
        '"2026-11-21T09:30:00.000000Z".',
        formats.parse_date_time,
        formats.print_date_time,
    ),
    date: _scalar(
        "Date",
        "https://datatracker.ietf.org/doc/html/rfc3339#section-5.6",
        'A calendar day without time or zone: "2026-11-21".',
        formats.parse_date,
        formats.print_date,
    ),
    timedelta: _scalar(
        "Duration",
        "https://www.iso.org/iso-8601-date-and-time-format.html",
        'A length of time in ISO 8601: "PT1H30M", "P7D", "-PT15M". Weeks, days (24 hours), hours, minutes and seconds '
        "go in; hours, minutes and seconds come out. Years and months are refused: their length is not fixed.",
        formats.parse_duration,
        formats.print_duration,
    ),
    DateTimeOrDuration: _scalar(
        "DateTimeOrDuration",
        "https://www.iso.org/iso-8601-date-and-time-format.html",
        'An instant like `DateTime`, or a `Duration` from now: "P7D" is in seven days, "-P1D" a day ago.',
        formats.parse_date_time_or_duration,
        formats.print_date_time_or_duration,
    ),
    Decimal: _scalar(
        "Decimal",
        "https://scalars.graphql.org/chillicream/decimal.html",
        'An exact number, always a string coming out: "12.50". A string or an integer goes in; no exponent, '
        "at most 30 digits on either side of the point.",
        formats.parse_decimal,
        formats.print_decimal,
    ),
    LocalTime: _scalar(
        "LocalTime",
        "https://www.iso.org/iso-8601-date-and-time-format.html",
        'A time of day where somebody is, without date or zone: "09:00".',
        formats.parse_local_time,
    ),
    TimeZone: _scalar(
        "TimeZone",
        "https://www.iana.org/time-zones",
        'A zone of the IANA database: "Europe/Berlin".',
        formats.parse_time_zone,
    ),
    RecurrenceRule: _scalar(
        "RecurrenceRule",
        "https://datatracker.ietf.org/doc/html/rfc5545#section-3.3.10",
        'How something repeats, as an RFC 5545 rule of at most 1000 characters: "FREQ=WEEKLY;BYDAY=MO".',
        formats.parse_recurrence_rule,
    ),
    EmailAddress: _scalar(
        "EmailAddress",
        "https://html.spec.whatwg.org/multipage/input.html#valid-e-mail-address",
        'An e-mail address of at most 254 characters: "ada@example.com".',
        formats.parse_email_address,
    ),
    PhoneNumber: _scalar(
        "PhoneNumber",
        "https://www.itu.int/rec/T-REC-E.164",
        'A phone number in international form (E.164), without spaces: "+4930123456".',
        formats.parse_phone_number,
    ),
    URL: _scalar(
        "URL",
        "https://url.spec.whatwg.org/",
        'An absolute http or https address of at most 2048 characters: "https://example.com/page".',
        formats.parse_url,
    ),
}
"""What `StrawberryConfig(scalar_map=SCALAR_MAP)` takes: annotate fields with the keys."""


@strawberry.type(description="An amount of money, exact to the minor unit of its currency.")
class Money:
    """What something costs."""

    amount: Decimal = strawberry.field(description="How much, in the currency's major unit.")
    currency: str = strawberry.field(description='The ISO 4217 code: "EUR".')


@strawberry.input(description="An amount of money to set.")
class MoneyInput:
    """What something is to cost."""

    amount: Decimal = strawberry.field(description="How much, in the currency's major unit.")
    currency: str = strawberry.field(description='The ISO 4217 code of three capital letters: "EUR".')
