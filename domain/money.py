"""Amounts with their currency, exact to the minor unit; nothing is rounded anywhere else."""

# ruff: noqa: SIM905 -- three-letter codes read better as words than as strings

from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal

from domain.errors import CurrencyMismatch, InvalidInput
from models.customers import Rounding

# ISO 4217, list one, without the codes of metals, funds, units of account and tests. Babel's digits are CLDR's, which
# say what is usual in shops (no cents for HUF) and not what the standard says.
_CURRENCIES = frozenset(
    """
    AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CLP CNY
    COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR
    ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK
    MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF
    SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU
    UZS VED VES VND VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW ZWG
    """.split()
)
_NO_MINOR_UNIT = frozenset("BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF".split())
_THOUSANDTHS = frozenset("BHD IQD JOD KWD LYD OMR TND".split())

_ROUNDINGS = {Rounding.UP: ROUND_CEILING, Rounding.NEAREST: ROUND_HALF_UP, Rounding.DOWN: ROUND_FLOOR}
_LIMIT = Decimal(10) ** 14


def minor_digits(currency: str) -> int:
    """How many decimal places the currency's smallest unit has (ISO 4217); INVALID_INPUT when there is none such."""
    if currency not in _CURRENCIES:
        raise InvalidInput(reason=f"{currency} is not a currency code of ISO 4217")
    if currency in _NO_MINOR_UNIT:
        return 0
    return 3 if currency in _THOUSANDTHS else 2


def _refuse_endless(amount: Decimal) -> None:
    if not amount.is_finite():
        raise InvalidInput(reason=f"{amount} is not an amount")
    if abs(amount) >= _LIMIT:
        raise InvalidInput(reason="an amount has at most 14 digits before the point")


@dataclass(frozen=True, slots=True)
class Money:
    """An amount that is whole in the currency's smallest unit."""

    amount: Decimal
    currency: str

    def __post_init__(self) -> None:
        digits = minor_digits(self.currency)
        _refuse_endless(self.amount)
        exact = round(self.amount, digits)
        if exact != self.amount:
            raise InvalidInput(reason=f"{self.amount} {self.currency} has more than {digits} decimal places")
        object.__setattr__(self, "amount", exact)

    @classmethod
    def rounded(cls, amount: Decimal, currency: str) -> "Money":
        """The nearest amount there is; halves go away from zero."""
        digits = minor_digits(currency)
        _refuse_endless(amount)
        return cls(amount.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP), currency)

    def __add__(self, other: "Money") -> "Money":
        if other.currency != self.currency:
            raise CurrencyMismatch(expected=self.currency, actual=other.currency)
        return Money(self.amount + other.amount, self.currency)


def price(minutes: int, hourly: Decimal, currency: str) -> Money:
    """What so many minutes cost at a rate per hour, rounded once, at the end."""
    _refuse_endless(hourly)
    return Money.rounded(minutes * hourly / 60, currency)


def quantity(minutes: int) -> Decimal:
    """Minutes as hours, to four places, as a bill shows them."""
    return (Decimal(minutes) / 60).quantize(Decimal("0.0001"), ROUND_HALF_UP)


def round_minutes(minutes: int, increment: int, rounding: Rounding) -> int:
    """Minutes to a multiple of the increment; halfway, NEAREST goes up. No minutes stay none."""
    if minutes < 0 or increment < 1:
        raise InvalidInput(reason=f"{minutes} minutes cannot be rounded to multiples of {increment}")
    return int((Decimal(minutes) / increment).quantize(Decimal(1), _ROUNDINGS[rounding])) * increment
