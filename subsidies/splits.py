"""What is decided about one sale, and by what: plain values that floors hand to one another."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from subsidies.compiled import Scheme
from subsidies.rules.caps import CapUse, Used
from wallet.money import Satang


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a bill: a category of goods, its satang in all, and how many pieces."""

    category: str
    amount: Satang
    quantity: int = 1
    sku: str = ""


@dataclass(frozen=True, slots=True)
class Sale:
    """What is bought, where and how: plain values from the floor above.

    :ivar lines: their amounts sum to the price; without lines the whole price is general goods.
    :ivar merchant: facts of the vocabulary, without the word `merchant.`.
    :ivar facts: facts of the vocabulary, without the word `sale.`.
    """

    price: Satang
    channel: str = "shop"
    lines: tuple[Line, ...] = ()
    merchant: Mapping[str, Any] = field(default_factory=dict)
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Purse:
    """What was read about one enrolment of the citizen who pays.

    :ivar left: the balance of the purse, satang.
    :ivar version_id: of the version in force at the instant of the act, whose rules `scheme` holds.
    :ivar used: (cap code, the instant its period ends) -> what is used of it; `Scheme.periods_at` names the keys.
    :ivar places_gone: this would be the payment that takes a place, and there is none left.
    :ivar notes: of a right in notes, how many of each the citizen hands over, by code; None takes the best.
    :ivar suspended_at: since when officers have suspended the scheme; None while it goes on.
    :ivar stopped_at: when officers stopped the scheme for good.
    """

    enrolment_id: UUID
    scheme_id: UUID
    version_id: UUID
    scheme: Scheme
    left: Satang
    tier: str
    person: Mapping[str, Any]
    enrolled_at: datetime
    first_used_at: datetime | None
    used: Used
    notes: Mapping[str, int] | None = None
    places_gone: bool = False
    suspended_at: datetime | None = None
    stopped_at: datetime | None = None


class Share(NamedTuple):
    """What one scheme pays of one sale, in satang, and what that uses of its caps.

    :ivar amount: goes from the purse to the shop.
    :ivar uses: what is kept with the payment, and given back with a refund.
    :ivar lost: goes from the purse back to the scheme's fund: what a note was worth above the price.
    :ivar later: the citizen paid the full price; so much is set aside in the purse and becomes their own money.
    :ivar later_at: when it does.
    :ivar counted: what of this payment counts towards what spending earns.
    """

    enrolment_id: UUID
    scheme_id: UUID
    version_id: UUID
    amount: Satang
    uses: tuple[CapUse, ...]
    lost: Satang = 0
    later: Satang = 0
    later_at: datetime | None = None
    counted: Satang = 0

    @property
    def taken(self) -> Satang:
        """Return what the purse holds less after the payment, satang."""
        return self.amount + self.lost + self.later


class Reason(NamedTuple):
    """Why the split is what it is: a stable code and JSON values. `subsidies.words.REASONS` has the sentences."""

    code: str
    facts: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Split:
    """Who pays what of one price; `citizen` and the shares sum to it.

    :ivar reasons: the rules that shaped it, in the order in which they were computed.
    """

    price: Satang
    citizen: Satang
    shares: tuple[Share, ...]
    reasons: tuple[Reason, ...]

    @property
    def state(self) -> Satang:
        """Return what all schemes pay together, in satang."""
        return self.price - self.citizen
