"""What people spend of their own money earns them something later.

A payment keeps how much of it counts, under the counter `EARNED`, by the end of the period in which it counts. With
earning for each sale the counter holds what was earned; else the spend, of which `Earning.earned` makes the sum.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from subsidies.rules.bands import Bands
from subsidies.rules.calendar import LIFETIME
from subsidies.rules.caps import Cap, CapUse, Used, fact_of
from subsidies.rules.conditions import Check, Facts
from subsidies.rules.funding import Steps
from subsidies.rules.periods import Period
from wallet.money import WHOLE_BP, BasisPoints, Satang
from wallet.refusals import Refusal

EARNED: Final = "earned"


@dataclass(frozen=True, slots=True)
class Earning:
    """When spend counts, what of it, what it earns, and when that is paid.

    :ivar period: None where each sale earns for itself.
    :ivar cases: with each sale for itself, the conditions of each of the `worth`'s steps.
    :ivar times: the fact of the sale by which what it earns is multiplied, and how many of it count.
    :ivar over_bp: only spend above so much of the person's base counts; None without a base.
    :ivar pays_at: the instants at which what was earned is paid; empty: `wait` after the period or the sale.
    """

    starts_at: datetime
    ends_at: datetime
    period: Period | None
    worth: Bands | Steps
    at_most: Satang
    caps: tuple[Cap, ...] = ()
    cases: tuple[Check | None, ...] = ()
    times: tuple[str, int | None] | None = None
    over_bp: BasisPoints | None = None
    to: str = "purse"
    pays_at: tuple[datetime, ...] = ()
    wait: timedelta = timedelta()

    def count(self, own: Satang, *, used: Used, facts: Facts) -> tuple[list[CapUse], Cap | None]:
        """Return what a payment adds to the counters, and the cap that cut it.

        :param own: what the citizen pays of the covered price, satang.
        """
        if not self.starts_at <= facts.at < self.ends_at:
            return [], None
        counted, tightest = own, None
        for cap in self.caps:
            left = cap.left(used, facts)
            if left < counted:
                counted, tightest = left, cap
        ends = [(cap.code, ends_at) for cap in self.caps if (ends_at := cap.ends_at(facts.at)) is not None]
        uses = [CapUse(code, ends_at, counted) for code, ends_at in ends]
        key = self.key(facts.at)
        if self.period is None:
            counted = min(self._worth_of_sale(counted, facts), self.at_most - used.get((EARNED, key), 0))
        uses.append(CapUse(EARNED, key, counted))
        return [use for use in uses if use.amount > 0], tightest

    def key(self, at: datetime) -> datetime:
        """Return the end of the period under which spend at this instant is counted."""
        return LIFETIME if self.period is None else self.period.ends_at(at)

    def used_up(self, facts: Facts, tightest: Cap | None) -> Refusal | None:
        """Return why nothing counts any more, where a cap is the reason."""
        return tightest.used_up(facts) if tightest is not None else None

    def earned(self, counted: Satang, *, person: Mapping[str, Any]) -> Satang:
        """Return what the counter of one period has earned in all, in satang, rounded down.

        Without the person's base nothing is above it: they earn nothing.
        """
        if self.period is None:
            return min(counted, self.at_most)
        if self.over_bp is not None:
            base = person.get("base_spend_satang")
            if not isinstance(base, int):
                return 0
            counted = max(0, counted - base * self.over_bp // WHOLE_BP)
        return min(self._worth(counted), self.at_most)

    def paid_at(self, *, counted_at: datetime) -> datetime | None:
        """Return when what was earned at `counted_at` is paid; None when it comes too late for that."""
        if self.pays_at:
            return next((at for at in self.pays_at if at > counted_at), None)
        ends_at = counted_at if self.period is None else min(self.period.ends_at(counted_at), self.ends_at)
        return ends_at + self.wait

    @property
    def largest(self) -> Satang:
        """Return the most that one person can earn in all, in satang."""
        if self.period is None:
            return self.at_most
        return self.at_most * self.period.count(self.starts_at, self.ends_at)

    def is_due(self, ends_at: datetime, at: datetime) -> bool:
        """Return whether what was counted in the period that ends then is to be paid at this instant."""
        if self.pays_at:
            return at >= self.pays_at[0]
        if self.period is None:
            return True
        return at >= min(ends_at, self.ends_at) + self.wait

    def _worth_of_sale(self, counted: Satang, facts: Facts) -> Satang:
        worth = self._worth(counted)
        if self.cases and isinstance(self.worth, Steps):
            hold = (applies is None or applies(facts) for applies in self.cases)
            worth = Steps(tuple(step for step, holds in zip(self.worth.steps, hold, strict=True) if holds)).reached(
                counted
            )
        if self.times is None or not worth:
            return worth
        name, at_most = self.times
        many = fact_of(facts.sale, name)
        return worth * (many if at_most is None else min(many, at_most))

    def _worth(self, counted: Satang) -> Satang:
        if isinstance(self.worth, Steps):
            return self.worth.reached(counted)
        return self.worth.exact(counted) // WHOLE_BP
