"""There is a place between any two, short as long as there is room."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.positions import between

PLACES = st.decimals(allow_nan=False, allow_infinity=False, min_value=-1000, max_value=1000, places=6)


@pytest.mark.parametrize(
    ("low", "high", "found"),
    [
        ("1", "2", "1.5"),
        ("1", "4", "2"),
        ("1", "1.5", "1.2"),
        ("7", None, "7.5"),
        ("7.5", None, "7.8"),
        (None, "3", "2.5"),
    ],
)
def test_the_shortest_place_is_taken(low, high, found):
    assert between(*(each and Decimal(each) for each in (low, high))) == Decimal(found)


@given(PLACES, PLACES)
def test_a_place_is_between_its_neighbours(one, other):
    if one != other:
        assert min(one, other) < between(min(one, other), max(one, other)) < max(one, other)


def test_a_thousand_rows_put_at_one_spot_all_have_their_own_place():
    low, places = Decimal(1), [Decimal(2)]
    for _ in range(1000):
        places.append(between(low, places[-1]))
    assert places == sorted(set(places), reverse=True)
    assert len(str(places[-1])) < 400


def test_the_end_never_reaches_the_next_whole_number():
    place = Decimal(41)
    for _ in range(100):
        place = between(place, None)
    assert place < 42
