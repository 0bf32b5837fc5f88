"""Amounts are exact to the minor unit, and rounded in one place."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import CurrencyMismatch, InvalidInput
from domain.money import Money, minor_digits, price, quantity, round_minutes
from models.customers import Rounding


@pytest.mark.parametrize(
    ("currency", "digits"), [("USD", 2), ("EUR", 2), ("HUF", 2), ("JPY", 0), ("KRW", 0), ("BHD", 3), ("KWD", 3)]
)
def test_the_minor_unit_is_that_of_iso_4217(currency, digits):
    assert minor_digits(currency) == digits


@pytest.mark.parametrize("currency", ["", "usd", "US", "UDS", "XXX", "XAU", "EURO"])
def test_what_is_no_currency_is_refused(currency):
    with pytest.raises(InvalidInput, match="is not a currency code of ISO 4217"):
        Money(Decimal(1), currency)


@pytest.mark.parametrize("amount", ["NaN", "sNaN", "Infinity", "-Infinity"])
def test_what_is_no_number_is_refused(amount):
    with pytest.raises(InvalidInput, match="is not an amount"):
        Money(Decimal(amount), "USD")
    with pytest.raises(InvalidInput, match="is not an amount"):
        price(60, Decimal(amount), "USD")


def test_an_amount_is_whole_in_its_minor_unit_and_written_out():
    assert str(Money(Decimal("1.5"), "USD").amount) == "1.50"
    assert str(Money(Decimal("1E+2"), "JPY").amount) == "100"
    for amount, currency in (("1.005", "USD"), ("0.5", "JPY"), ("0.0001", "KWD")):
        with pytest.raises(InvalidInput, match="decimal places"):
            Money(Decimal(amount), currency)


@pytest.mark.parametrize("amount", ["1e14", "-1e14", "1e400", "1e999999"])
def test_an_amount_that_no_column_holds_is_refused(amount):
    with pytest.raises(InvalidInput, match="at most 14 digits"):
        Money(Decimal(amount), "USD")
    assert Money(Decimal("99999999999999.99"), "USD").amount == Decimal("99999999999999.99")


def test_amounts_of_one_currency_add_up_and_others_do_not():
    assert Money(Decimal("1.10"), "USD") + Money(Decimal("2.20"), "USD") == Money(Decimal("3.30"), "USD")
    with pytest.raises(CurrencyMismatch) as refusal:
        Money(Decimal(1), "USD") + Money(Decimal(1), "EUR")
    assert refusal.value.facts == {"expected": "USD", "actual": "EUR"}


@pytest.mark.parametrize(
    ("minutes", "hourly", "currency", "amount"),
    [
        (60, "90", "USD", "90.00"),
        (1, "90", "USD", "1.50"),
        (7, "100", "USD", "11.67"),
        (3, "0.10", "USD", "0.01"),
        (3, "0.0999", "USD", "0.00"),
        (90, "1001", "JPY", "1502"),
        (20, "10", "KWD", "3.333"),
        (0, "90", "USD", "0.00"),
        (525600, "9999999999.9999", "USD", "87599999999999.12"),
    ],
)
def test_time_is_priced_to_the_nearest_unit_and_halves_go_up(minutes, hourly, currency, amount):
    assert str(price(minutes, Decimal(hourly), currency).amount) == amount


@pytest.mark.parametrize(("minutes", "hours"), [(0, "0.0000"), (1, "0.0167"), (50, "0.8333"), (90, "1.5000")])
def test_minutes_are_shown_as_hours(minutes, hours):
    assert str(quantity(minutes)) == hours


@pytest.mark.parametrize(
    ("minutes", "increment", "up", "nearest", "down"),
    [
        (0, 15, 0, 0, 0),
        (1, 15, 15, 0, 0),
        (7, 15, 15, 0, 0),
        (8, 15, 15, 15, 0),
        (15, 15, 15, 15, 15),
        (22, 15, 30, 15, 15),
        (5, 10, 10, 10, 0),
        (15, 10, 20, 20, 10),
        (37, 1, 37, 37, 37),
    ],
)
def test_minutes_are_rounded_by_the_customers_rule(minutes, increment, up, nearest, down):
    rounded = {rounding: round_minutes(minutes, increment, rounding) for rounding in Rounding}
    assert rounded == {Rounding.UP: up, Rounding.NEAREST: nearest, Rounding.DOWN: down}


@given(st.integers(0, 10**6), st.integers(1, 1440), st.sampled_from(Rounding))
def test_rounding_stays_within_one_increment_and_is_done_once(minutes, increment, rounding):
    rounded = round_minutes(minutes, increment, rounding)
    assert rounded % increment == 0
    assert abs(rounded - minutes) < increment
    assert round_minutes(rounded, increment, rounding) == rounded


@pytest.mark.parametrize(("minutes", "increment"), [(-1, 15), (1, 0), (1, -15)])
def test_what_cannot_be_rounded_is_refused(minutes, increment):
    with pytest.raises(InvalidInput, match="cannot be rounded"):
        round_minutes(minutes, increment, Rounding.UP)
