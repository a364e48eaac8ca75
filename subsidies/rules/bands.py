"""Marginal rates: each band's rate holds for its own part of a sum and never for what is below it."""

from dataclasses import dataclass

from subsidies.rules.conditions import Facts
from wallet.money import BasisPoints, Satang


@dataclass(frozen=True, slots=True)
class Bands:
    """Bands in rising order: (up to, rate); an end of None is no end. Above the last band nothing is added."""

    bands: tuple[tuple[Satang | None, BasisPoints], ...]

    def exact(self, amount: Satang, facts: Facts | None = None) -> int:  # noqa: ARG002  the same question as to Rates
        """Return what `amount` gives, in satang × 10,000."""
        total = below = 0
        for up_to, rate_bp in self.bands:
            top = amount if up_to is None else min(amount, up_to)
            if top > below:
                total += (top - below) * rate_bp
            below = top if up_to is None else up_to
        return total
