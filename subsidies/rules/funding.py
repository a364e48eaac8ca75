"""What the State pays of the covered part of one sale, before caps: a rate or a sum by steps.

The answer is exact, in satang × 10,000, so that rounding happens once, after the caps.
"""

from dataclasses import dataclass

from subsidies.rules.caps import fact_of
from subsidies.rules.conditions import Check, Facts
from wallet.money import WHOLE_BP, BasisPoints, Satang
from wallet.refusals import Refusal


class PriceTooSmall(Refusal):
    """The covered part is too small for the scheme to pay anything."""

    code = "price_too_small"


class PriceTooLarge(Refusal):
    """Above this price the scheme pays nothing at all, and the citizen the whole."""

    code = "price_too_large"


class NoRateApplies(Refusal):
    """The scheme has no rate for this person, day or place."""

    code = "no_rate_applies"


@dataclass(frozen=True, slots=True)
class Bounds:
    """Sales outside the bounds get nothing; both bounds are included."""

    at_least: Satang = 0
    at_most: Satang | None = None

    def must_allow(self, amount: Satang) -> None:
        """Return if a covered price of `amount` satang is within the bounds.

        :raises PriceTooSmall, PriceTooLarge: when it is not.
        """
        if amount < self.at_least:
            raise PriceTooSmall(at_least_satang=self.at_least)
        if self.at_most is not None and amount > self.at_most:
            raise PriceTooLarge(at_most_satang=self.at_most)


@dataclass(frozen=True, slots=True)
class Rates:
    """The first rate whose conditions hold."""

    cases: tuple[tuple[Check | None, BasisPoints], ...]

    def exact(self, amount: Satang, facts: Facts) -> int:
        """Return the State's part of `amount`, in satang × 10,000.

        :raises NoRateApplies: when no case holds.
        """
        for applies, rate_bp in self.cases:
            if applies is None or applies(facts):
                return amount * rate_bp
        raise NoRateApplies


@dataclass(frozen=True, slots=True)
class Steps:
    """From `at_least` on, the State pays a sum; never more than the price.

    :ivar times: the fact of the sale by which the sum is multiplied: so much for each litre.
    """

    steps: tuple[tuple[Satang, Satang], ...]
    times: str | None = None

    def exact(self, amount: Satang, facts: Facts) -> int:
        """Return the State's part of `amount`, in satang × 10,000.

        :raises PriceTooSmall: below the first step.
        :raises FactMissing: when nobody says by what to multiply.
        """
        if amount < self.steps[0][0]:
            raise PriceTooSmall(at_least_satang=self.steps[0][0])
        many = 1 if self.times is None else fact_of(facts.sale, self.times)
        return min(self.reached(amount) * many, amount) * WHOLE_BP

    def reached(self, amount: Satang) -> Satang:
        """Return the sum of the highest step that `amount` reaches, in satang; nothing below the first."""
        return next((pays for at_least, pays in reversed(self.steps) if amount >= at_least), 0)
