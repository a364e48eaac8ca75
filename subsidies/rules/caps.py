"""Limits that hold at once, each with its own clock. What a payment uses of each is stored with it, by period.

Caps on the State's money cut the share. Caps on spend and on quantities cut what counts, before the rate. Caps on
payments and on facts (room-nights) cannot be cut: they refuse.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

from subsidies.rules.calendar import LIFETIME
from subsidies.rules.conditions import Check, Facts
from subsidies.rules.periods import Period
from wallet.money import Satang
from wallet.refusals import Refusal

# (cap code, the instant its period ends) -> what was used of it in that period, in the unit that the cap counts
Used: TypeAlias = Mapping[tuple[str, datetime], int]


class DailyRightUsedUp(Refusal):
    """Today's limit is reached; the right itself is not used up."""

    code = "daily_right_used_up"


class PeriodRightUsedUp(Refusal):
    """The limit of this week, month, quarter, year or tranche is reached."""

    code = "period_right_used_up"


class RightUsedUp(Refusal):
    """Nothing is left of the right."""

    code = "right_used_up"


class FactMissing(Refusal):
    """The scheme needs to know something about this sale that the till did not say."""

    code = "fact_missing"


@dataclass(frozen=True, slots=True)
class CapUse:
    """What one payment uses of one cap: satang, or a count where the cap counts payments, facts or quantities."""

    cap: str
    ends_at: datetime
    amount: int


@dataclass(frozen=True, slots=True)
class Cap:
    """One limit.

    :ivar period: None for a limit on each sale, which needs no memory.
    :ivar times: the name of a fact of the sale by which the limit is multiplied.
    :ivar carried_since: where unused parts add to the next period: since when they add up.
    """

    code: str
    counts: str
    limit: int
    per: str
    period: Period | None
    times: str | None = None
    fact: str | None = None
    goods: frozenset[str] | None = None
    carried_since: datetime | None = None
    applies: Check | None = None

    def ends_at(self, at: datetime) -> datetime | None:
        """Return the key under which use at this instant is counted; None for a limit on each sale."""
        if self.period is None:
            return None
        return LIFETIME if self.carried_since is not None else self.period.ends_at(at)

    def limit_at(self, facts: Facts) -> int:
        """Return the limit, multiplied where it is for each diner or room-night, added up where it carries over.

        :raises FactMissing: when the sale does not say by what to multiply.
        """
        limit = self.limit
        if self.times is not None:
            limit *= fact_of(facts.sale, self.times)
        if self.carried_since is not None and self.period is not None:
            limit *= max(0, self.period.count(self.carried_since, facts.at))
        return limit

    def left(self, used: Used, facts: Facts) -> int:
        """Return what is left of the cap, at least 1.

        :raises DailyRightUsedUp, PeriodRightUsedUp, RightUsedUp: when nothing is left.
        """
        ends_at = self.ends_at(facts.at)
        limit = self.limit_at(facts)
        left = limit if ends_at is None else limit - used.get((self.code, ends_at), 0)
        if left <= 0:
            raise self.used_up(limit, facts.at)
        return left

    def used_up(self, limit: int, at: datetime) -> Refusal:
        """Return the refusal that says that nothing, or not enough, is left, and when there will be more."""
        of = {"limit_satang" if self.counts in ("state", "spend") else "limit": limit}
        if self.period is None or self.per == "scheme":
            return RightUsedUp(cap=self.code, **of)
        opens_at = self.period.ends_at(at)
        kind = DailyRightUsedUp if self.per == "day" else PeriodRightUsedUp
        return kind(cap=self.code, opens_at=opens_at.isoformat(), **of)


@dataclass(frozen=True, slots=True)
class Caps:
    """All caps of a scheme, sorted by when they are computed."""

    state: tuple[Cap, ...] = ()
    counted: tuple[Cap, ...] = ()

    def count(
        self, *, covered: list[Satang], categories: Sequence[str], quantities: Sequence[int], used: Used, facts: Facts
    ) -> list[CapUse]:
        """Cut `covered` (satang per line) in place to what still counts, and return what that uses of each cap.

        :raises DailyRightUsedUp, PeriodRightUsedUp, RightUsedUp: when a cap leaves nothing, or cannot be cut.
        :raises FactMissing: when the sale does not say what a cap counts.
        """
        taken: list[tuple[Cap, datetime, int]] = []
        for cap in self.counted:
            if cap.applies is not None and not cap.applies(facts):
                continue
            amount = _take(cap, covered, categories, quantities, used, facts)
            ends_at = cap.ends_at(facts.at)
            if ends_at is not None and amount:
                taken.append((cap, ends_at, amount))
        return [CapUse(cap.code, ends_at, amount) for cap, ends_at, amount in taken]


def fact_of(sale: Mapping[str, Any], name: str) -> int:
    """Return a number that the sale must say.

    :raises FactMissing: when it does not.
    """
    value = sale.get(name)
    if not isinstance(value, int):
        raise FactMissing(fact=name)
    return value


def _take(
    cap: Cap,
    covered: list[Satang],
    categories: Sequence[str],
    quantities: Sequence[int],
    used: Used,
    facts: Facts,
) -> int:
    lines = [
        line
        for line, category in enumerate(categories)
        if covered[line] and (cap.goods is None or category in cap.goods)
    ]
    if not lines:
        return 0
    match cap.counts:
        case "spend":
            return _cut_spend(cap.left(used, facts), lines, covered)
        case "quantity":
            return _cut_quantity(cap.left(used, facts), lines, covered, quantities)
    wanted = 1 if cap.fact is None else fact_of(facts.sale, cap.fact)
    if wanted > cap.left(used, facts):
        raise cap.used_up(cap.limit_at(facts), facts.at)
    return wanted


def _cut_spend(left: Satang, lines: Sequence[int], covered: list[Satang]) -> Satang:
    counted = 0
    for line in lines:
        covered[line] = min(covered[line], left - counted)
        counted += covered[line]
    return counted


def _cut_quantity(left: int, lines: Sequence[int], covered: list[Satang], quantities: Sequence[int]) -> int:
    counted = 0
    for line in lines:
        units = min(quantities[line], left - counted)
        # Rounded down, as everywhere: the citizen pays the odd satang of a line that is covered in part.
        covered[line] = covered[line] * units // quantities[line]
        counted += units
    return counted
