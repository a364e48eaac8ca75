"""Limits that hold at once, each with its own clock. What a payment uses of each is stored with it, by period.

Caps on the State's money cut the share. Caps on spend and on quantities cut what counts, before the rate. Caps on
payments and on facts (room-nights) cannot be cut: they refuse.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple, TypeAlias

from subsidies.rules.bill import Bill
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


class CapUse(NamedTuple):
    """What one payment uses of one cap: satang, or a count where the cap counts payments, facts or quantities."""

    cap: str
    ends_at: datetime
    amount: int


@dataclass(frozen=True, slots=True)
class Cap:
    """One limit.

    :ivar period: None for a limit on each sale, which needs no memory.
    :ivar times: the fact, of the sale or the person, by which the limit is multiplied.
    :ivar less: the fact of the person by which the limit is lower: what earlier phases used of it.
    :ivar carried_since: where unused parts add to the next period: since when they add up.
    """

    code: str
    counts: str
    limit: int
    per: str
    period: Period | None
    times: tuple[str, str] | None = None
    less: str | None = None
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

        :raises FactMissing: when nobody says by what to multiply, or what was used before.
        """
        limit = self.limit
        if self.times is not None:
            whose, name = self.times
            limit *= fact_of(facts.sale if whose == "sale" else facts.person, name)
        if self.less is not None:
            limit = max(0, limit - fact_of(facts.person, self.less))
        if self.carried_since is not None and self.period is not None:
            limit *= max(0, self.period.count(self.carried_since, facts.at))
        return limit

    def left(self, used: Used, facts: Facts) -> int:
        """Return what is left of the cap, at least 0.

        :raises FactMissing: see `limit_at`.
        """
        ends_at = self.ends_at(facts.at)
        limit = self.limit_at(facts)
        return limit if ends_at is None else max(0, limit - used.get((self.code, ends_at), 0))

    def used_up(self, facts: Facts) -> Refusal:
        """Return the refusal that says that nothing, or not enough, is left, and when there will be more."""
        limit = {"limit_satang" if self.counts in ("state", "spend") else "limit": self.limit_at(facts)}
        if self.period is None or self.per == "scheme":
            return RightUsedUp(cap=self.code, **limit)
        opens_at = self.period.ends_at(facts.at)
        kind = DailyRightUsedUp if self.per == "day" else PeriodRightUsedUp
        return kind(cap=self.code, opens_at=opens_at.isoformat(), **limit)

    def cut(self, *, covered: list[Satang], units: list[int], left: int, bill: Bill) -> int:
        """Cut the lines that this cap counts, in place, to `left`, and return what is counted of them.

        Rounded down, as everywhere: the citizen pays the odd satang of a line that is covered in part.
        """
        counted = 0
        for line, category in enumerate(bill.categories):
            if not covered[line] or (self.goods is not None and category not in self.goods):
                continue
            if self.counts == "spend":
                covered[line] = min(covered[line], left - counted)
                counted += covered[line]
            else:
                allowed = min(units[line], left - counted)
                covered[line] = covered[line] * allowed // units[line]
                units[line] = allowed
                counted += allowed
        return counted


class Ceiling(NamedTuple):
    """The most that the caps let the State pay of one sale.

    :ivar cap: the tightest cap; None where the covered price is what limits.
    :ivar amount: what that cap leaves, satang.
    :ivar counting: (cap code, end of its period) of each cap that the share counts against.
    """

    amount: Satang
    cap: Cap | None
    counting: list[tuple[str, datetime]]


@dataclass(frozen=True, slots=True)
class Caps:
    """All caps of a scheme, sorted by when they are computed."""

    state: tuple[Cap, ...] = ()
    counted: tuple[Cap, ...] = ()

    def count(self, *, covered: list[Satang], bill: Bill, used: Used, facts: Facts) -> list[CapUse]:
        """Cut `covered` (satang per line) in place to what still counts, and return what that uses of each cap.

        :raises DailyRightUsedUp, PeriodRightUsedUp, RightUsedUp: when a cap leaves nothing, or cannot be cut.
        :raises FactMissing: when the sale does not say what a cap counts.
        """
        uses: list[CapUse] = []
        units = list(bill.quantities)
        for cap in self.counted:
            if cap.applies is not None and not cap.applies(facts):
                continue
            left = cap.left(used, facts)
            if cap.counts in ("spend", "quantity"):
                counted = cap.cut(covered=covered, units=units, left=left, bill=bill)
            else:
                counted = 1 if cap.fact is None else fact_of(facts.sale, cap.fact)
            if counted > left or not any(covered):
                raise cap.used_up(facts)
            ends_at = cap.ends_at(facts.at)
            if counted and ends_at is not None:
                uses.append(CapUse(cap.code, ends_at, counted))
        return uses

    def ceiling(self, *, covered: Satang, used: Used, facts: Facts) -> Ceiling:
        """Return the most that the caps on the State's money allow of `covered` satang.

        :raises DailyRightUsedUp, PeriodRightUsedUp, RightUsedUp: when a cap leaves nothing.
        :raises FactMissing: when the sale does not say by what a cap is multiplied.
        """
        amount, tightest = covered, None
        counting: list[tuple[str, datetime]] = []
        for cap in self.state:
            if cap.applies is not None and not cap.applies(facts):
                continue
            left = cap.left(used, facts)
            if not left:
                raise cap.used_up(facts)
            if left < amount:
                amount, tightest = left, cap
            ends_at = cap.ends_at(facts.at)
            if ends_at is not None:
                counting.append((cap.code, ends_at))
        return Ceiling(amount, tightest, counting)


def fact_of(sale: Mapping[str, Any], name: str) -> int:
    """Return a number, 0 or more, that the sale or the person must say.

    :raises FactMissing: when it does not.
    """
    value = sale.get(name)
    if not isinstance(value, int) or value < 0:
        raise FactMissing(fact=name)
    return value
