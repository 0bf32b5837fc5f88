"""Scalars take one form, say what it is when they get another, and print what they took."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
import strawberry
from hypothesis import given
from hypothesis import strategies as st
from strawberry.schema.config import StrawberryConfig

from schema import formats
from schema.scalars import (
    SCALAR_MAP,
    URL,
    DateTimeOrDuration,
    EmailAddress,
    Money,
    PhoneNumber,
    RecurrenceRule,
    TimeZone,
)


@strawberry.type
class Query:
    @strawberry.field
    def instant(self, value: datetime) -> datetime:
        return value

    @strawberry.field
    def day(self, value: date) -> date:
        return value

    @strawberry.field
    def duration(self, value: timedelta) -> timedelta:
        return value

    @strawberry.field
    def moment(self, value: DateTimeOrDuration) -> str:
        return repr(value)

    @strawberry.field
    def decimal(self, value: Decimal) -> Decimal:
        return value

    @strawberry.field
    def zone(self, value: TimeZone) -> TimeZone:
        return value

    @strawberry.field
    def rule(self, value: RecurrenceRule) -> RecurrenceRule:
        return value

    @strawberry.field
    def email(self, value: EmailAddress) -> EmailAddress:
        return value

    @strawberry.field
    def phone(self, value: PhoneNumber) -> PhoneNumber:
        return value

    @strawberry.field
    def url(self, value: URL) -> URL:
        return value

    @strawberry.field
    def money(self) -> Money:
        return Money(amount=Decimal("12.50"), currency="EUR")


schema = strawberry.Schema(Query, config=StrawberryConfig(scalar_map=SCALAR_MAP))


TAKEN = [
    ("instant", '"2026-11-21T09:30:00Z"', "2026-11-21T09:30:00.000000Z"),
    ("instant", '"2026-11-21t09:30:00.1234567z"', "2026-11-21T09:30:00.123456Z"),
    ("instant", '"2026-11-21T00:30:00+01:00"', "2026-11-20T23:30:00.000000Z"),
    ("instant", '"0999-01-01T00:00:00Z"', "0999-01-01T00:00:00.000000Z"),
    ("day", '"2024-02-29"', "2024-02-29"),
    ("duration", '"P1W"', "PT168H"),
    ("duration", '"P1DT2H30M"', "PT26H30M"),
    ("duration", '"-PT90.5S"', "-PT1M30.5S"),
    ("duration", '"P0D"', "PT0S"),
    ("duration", '"PT10S"', "PT10S"),
    ("moment", '"P7D"', "datetime.timedelta(days=7)"),
    ("moment", '"-P1D"', "datetime.timedelta(days=-1)"),
    ("moment", '"2026-11-21T09:30:00Z"', "datetime.datetime(2026, 11, 21, 9, 30, tzinfo=datetime.timezone.utc)"),
    ("decimal", '"12.50"', "12.50"),
    ("decimal", "123456789012345678901", "123456789012345678901"),
    ("decimal", '"-0.0000001"', "-0.0000001"),
    ("zone", '"Europe/Berlin"', "Europe/Berlin"),
    ("rule", '"FREQ=WEEKLY;BYDAY=MO,-1FR;UNTIL=20271231T000000Z"', "FREQ=WEEKLY;BYDAY=MO,-1FR;UNTIL=20271231T000000Z"),
    ("email", '"ada.lovelace+crm@mail.example.com"', "ada.lovelace+crm@mail.example.com"),
    ("phone", '"+4930123456"', "+4930123456"),
    ("url", '"https://example.com:8443/a?b=c#d"', "https://example.com:8443/a?b=c#d"),
]


@pytest.mark.parametrize(("field", "literal", "answer"), TAKEN)
async def test_a_scalar_takes_its_form_and_prints_one_spelling(field, literal, answer):
    result = await schema.execute(f"{{ {field}(value: {literal}) }}")
    assert result.errors is None
    assert result.data == {field: answer}


REFUSED = [
    ("instant", "2026-11-21 09:30:00Z", 'write it like "2026-11-21T09:30:00Z" or with an offset like "+01:00"'),
    ("instant", "2026-11-21T09:30:00", 'write it like "2026-11-21T09:30:00Z" or with an offset like "+01:00"'),
    ("instant", "2026-W47-6T09:30:00Z", 'write it like "2026-11-21T09:30:00Z" or with an offset like "+01:00"'),
    ("instant", "2026-02-30T09:30:00Z", "day is out of range for month"),
    ("instant", "0001-01-01T00:00:00+14:00", "it lies outside the years 1 to 9999"),
    ("instant", "٢٠٢٦-11-21T09:30:00Z", 'write it like "2026-11-21T09:30:00Z" or with an offset like "+01:00"'),
    ("instant", 1763717400, "it must be a string"),
    ("day", "20261121", 'write it like "2026-11-21"'),
    ("day", "2026-11-21T00:00:00Z", 'write it like "2026-11-21"'),
    ("day", "0001-01-01", "it is the very first or last day; take another one"),
    ("day", "9999-12-31", "it is the very first or last day; take another one"),
    ("day", "2026-02-29", "day is out of range for month"),
    ("duration", "P1M", "years and months have no fixed length"),
    ("duration", "P1Y2D", "years and months have no fixed length"),
    ("duration", "P", 'write it like "P7D"'),
    ("duration", "PT", 'write it like "P7D"'),
    ("duration", "P1DT", 'write it like "P7D"'),
    ("duration", "P999999999W", "it is too long"),
    ("moment", "tomorrow", 'write it like "2026-11-21T09:30:00Z"'),
    ("moment", "P1Y", "years and months have no fixed length"),
    ("decimal", "NaN", "without exponent"),
    ("decimal", "Infinity", "without exponent"),
    ("decimal", "1_000", "without exponent"),
    ("decimal", "1e3", "without exponent"),
    ("decimal", ".5", "without exponent"),
    ("decimal", 12.5, "it must be a string"),
    ("decimal", True, "it must be a string"),
    ("decimal", "1" * 63, "it may have 62 characters at most"),
    ("zone", "Europe/Atlantis", 'write it like "Europe/Berlin"'),
    ("zone", "../etc/passwd", 'write it like "Europe/Berlin"'),
    ("email", "ada@localhost", 'write it like "ada@example.com"'),
    ("email", "ada@example.com\nBcc: x@example.com", 'write it like "ada@example.com"'),
    ("phone", "030 123456", 'write it like "+4930123456"'),
    ("phone", "+49", 'write it like "+4930123456"'),
    ("url", "javascript:alert(1)", 'write it like "https://example.com/page"'),
    ("url", "https://", 'write it like "https://example.com/page"'),
    ("url", "https://exam ple.com", 'write it like "https://example.com/page"'),
    ("url", "https://[::1", "Invalid IPv6 URL"),
]

TYPES = {
    "instant": "DateTime",
    "day": "Date",
    "duration": "Duration",
    "moment": "DateTimeOrDuration",
    "decimal": "Decimal",
    "zone": "TimeZone",
    "rule": "RecurrenceRule",
    "email": "EmailAddress",
    "phone": "PhoneNumber",
    "url": "URL",
}


@pytest.mark.parametrize(("field", "value", "hint"), REFUSED)
async def test_a_scalar_refuses_other_forms_and_says_what_it_wants(field, value, hint):
    query = f"query ($value: {TYPES[field]}!) {{ {field}(value: $value) }}"
    result = await schema.execute(query, variable_values={"value": value})
    assert result.data is None
    assert len(result.errors) == 1
    assert f"This is not a {TYPES[field]}: " in result.errors[0].message
    assert hint in result.errors[0].message


async def test_a_fraction_in_a_document_is_no_exact_decimal():
    result = await schema.execute("{ decimal(value: 12.50) }")
    assert result.data is None
    assert "it must be a string" in result.errors[0].message


async def test_money_is_an_exact_amount_and_a_currency():
    result = await schema.execute("{ money { amount currency } }")
    assert result.data == {"money": {"amount": "12.50", "currency": "EUR"}}


async def test_every_scalar_says_what_it_is_and_where_it_is_specified():
    for definition in SCALAR_MAP.values():
        assert definition.description
        assert definition.specified_by_url.startswith("https://")


@pytest.mark.parametrize(
    ("write", "value"),
    [
        (formats.print_date_time, datetime(2026, 11, 21, 9, 30)),  # noqa: DTZ001 - that is the point
        (formats.print_date, datetime(2026, 11, 21, 9, 30, tzinfo=UTC)),
        (formats.print_decimal, Decimal("NaN")),
    ],
)
def test_a_value_that_has_no_spelling_is_not_written(write, value):
    with pytest.raises(ValueError):
        write(value)


@given(st.timedeltas(min_value=timedelta(days=-36500), max_value=timedelta(days=36500)))
def test_a_printed_duration_reads_as_the_same_duration(value):
    assert formats.parse_duration(formats.print_duration(value)) == value


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**20), max_value=10**20, places=6))
def test_a_printed_decimal_reads_as_the_same_decimal(value):
    assert formats.parse_decimal(formats.print_decimal(value)) == value


@given(st.datetimes(timezones=st.just(UTC)))
def test_a_printed_instant_reads_as_the_same_instant(value):
    assert formats.parse_date_time(formats.print_date_time(value)) == value
