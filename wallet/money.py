"""Money is an integer of satang (1 baht = 100 satang); rates are basis points (10,000 = the whole).

One function divides, so that the question "who bears the odd satang?" has one answer.
"""

from enum import StrEnum
from typing import Final, TypeAlias

Satang: TypeAlias = int
BasisPoints: TypeAlias = int

WHOLE_BP: Final[BasisPoints] = 10_000

# The largest single amount that we accept anywhere: ten million baht. It keeps every sum of a nation's day
# (20 M citizens x 10 M baht) far inside a signed 64-bit integer.
LARGEST_AMOUNT: Final[Satang] = 1_000_000_000


class Rounding(StrEnum):
    """Which side of the unit a share falls on when it does not divide."""

    DOWN = "down"
    UP = "up"
    HALF_UP = "half_up"


def share_of(*, amount: Satang, rate_bp: BasisPoints, unit: Satang = 1, rounding: Rounding = Rounding.DOWN) -> Satang:
    """Return `rate_bp` of `amount`, in satang, as a multiple of `unit` satang.

    Rounded down by default, so the State never pays a fraction more than its rate; the citizen pays the rest.

    :raises ValueError: on a negative amount or rate, or a unit below one satang.
    """
    if amount < 0 or rate_bp < 0 or unit < 1:
        raise ValueError(f"cannot take {rate_bp} bp of {amount} satang in units of {unit}")
    divisor = WHOLE_BP * unit
    units, rest = divmod(amount * rate_bp, divisor)
    if rest and (rounding is Rounding.UP or (rounding is Rounding.HALF_UP and 2 * rest >= divisor)):
        units += 1
    return units * unit


def baht(amount: Satang) -> str:
    """Return satang as baht for people and for EMVCo: `1234567` becomes `12345.67`, never through a float."""
    sign = "-" if amount < 0 else ""
    whole, rest = divmod(abs(amount), 100)
    return f"{sign}{whole}.{rest:02d}"


def grouped_baht(amount: Satang) -> str:
    """Return satang as baht for a sentence, in thousands: `1234567` becomes `12,345.67`."""
    sign = "-" if amount < 0 else ""
    whole, rest = divmod(abs(amount), 100)
    return f"{sign}{whole:,}.{rest:02d}"
