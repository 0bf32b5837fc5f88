"""Places in an order as exact numbers: there is always one between two others, so that no other row need move."""

from decimal import Decimal
from fractions import Fraction
from itertools import count
from math import floor


def between(low: Decimal | None, high: Decimal | None) -> Decimal:
    """The shortest number between two, near their middle; without one of them it is less than 1 from the other.

    So the whole numbers above the highest place stay free for what is added at the end.
    """
    above = Fraction(high) if high is not None else Fraction(floor(low or 0) + 1)
    below = Fraction(low) if low is not None else above - 1
    middle = (below + above) / 2
    for places in count():
        found = round(middle * 10**places)
        if below * 10**places < found < above * 10**places:
            return Decimal(f"{found}e-{places}")
    raise AssertionError  # between two numbers there is always another
