"""Decide one sale: how much each scheme pays, how much the citizen, and why. Pure: plain values in, plain values out.

The order is the same for every scheme and stands in `_contribute`: goods, windows, first use, merchant, what counts,
rate, caps, rounding, shortage. Several purses are asked in the order given; each sees what the ones before left unpaid.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from subsidies.compiled import Scheme
from subsidies.rules.bill import Bill
from subsidies.rules.calendar import LIFETIME
from subsidies.rules.caps import Cap, CapUse, Ceiling, Used
from subsidies.rules.conditions import Facts
from subsidies.rules.funding import PriceTooSmall
from subsidies.rules.goods import GENERAL
from subsidies.rules.windows import SchemeEnded
from wallet.money import WHOLE_BP, Satang
from wallet.refusals import InvariantBroken, Refusal

__all__ = [
    "GENERAL",
    "LIFETIME",
    "CapUse",
    "Line",
    "NotWithOtherSchemes",
    "NothingLeftToPay",
    "Purse",
    "Reason",
    "Sale",
    "Share",
    "Split",
    "decide",
]

NOTHING: Final[Mapping[str, Any]] = {}


class NotWithOtherSchemes(Refusal):
    """This scheme does not pay for a sale that another scheme already pays for."""

    code = "not_with_other_schemes"


class NothingLeftToPay(Refusal):
    """Other schemes pay all that this one could pay for."""

    code = "nothing_left_to_pay"


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
    :ivar used: (cap code, the instant its period ends) -> what is used of it; `Scheme.periods_at` names the keys.
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


@dataclass(frozen=True, slots=True)
class Share:
    """What one scheme pays of one sale, in satang, and what that uses of its caps."""

    enrolment_id: UUID
    scheme_id: UUID
    version_id: UUID
    amount: Satang
    uses: tuple[CapUse, ...]


@dataclass(frozen=True, slots=True)
class Reason:
    """Why the split is what it is: a stable code and JSON values. `subsidies.words.REASONS` has the sentences."""

    code: str
    facts: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Split:
    """Who pays what of one price; `citizen` and the shares sum to it."""

    price: Satang
    citizen: Satang
    shares: tuple[Share, ...]
    reasons: tuple[Reason, ...]

    @property
    def state(self) -> Satang:
        """Return what all schemes pay together, in satang."""
        return self.price - self.citizen


OWN_MONEY_ONLY: Final = (Reason("own_money_only", NOTHING),)


def decide(*, purses: Sequence[Purse], sale: Sale, at: datetime) -> Split:
    """Return who pays what of `sale` at the instant `at`, when the citizen asks these purses to pay, in this order.

    Without purses the citizen pays the whole price, for that is what they chose. With purses, nobody pays full price by
    accident: when none of them can pay anything, that is a refusal.

    :raises Refusal: when no purse pays anything: the no of the first purse whose scheme is not over, with its facts,
        `scheme`, and `others` with what the other purses said.
    """
    if not purses:
        return Split(sale.price, sale.price, (), OWN_MONEY_ONLY)
    bill = _bill(sale)
    shares: list[Share] = []
    reasons: list[Reason] = []
    refused: list[tuple[Refusal, str]] = []
    alone = False
    for purse in purses:
        try:
            if shares and (alone or not purse.scheme.combines):
                raise NotWithOtherSchemes
            share = _contribute(purse, sale, bill, at=at, reasons=reasons)
        except Refusal as refusal:
            refused.append((refusal, purse.scheme.code))
            continue
        shares.append(share)
        alone = not purse.scheme.combines
    if refused:
        if not shares:
            raise _first_of(refused)
        reasons += [Reason(refusal.code, {"scheme": code, **refusal.facts}) for refusal, code in refused]
    return Split(sale.price, sum(bill.unpaid), tuple(shares), tuple(reasons))


def _bill(sale: Sale) -> Bill:
    """Return the sale's lines, all unpaid.

    :raises InvariantBroken: they do not sum to the price; a till's charge with such lines is refused long before.
    """
    if not sale.lines:
        return Bill(categories=(GENERAL,), quantities=(1,), unpaid=[sale.price])
    unpaid = [line.amount for line in sale.lines]
    if sum(unpaid) != sale.price:
        raise InvariantBroken(f"lines of {sum(unpaid)} satang in a sale of {sale.price}")
    return Bill(
        categories=tuple(line.category for line in sale.lines),
        quantities=tuple(line.quantity for line in sale.lines),
        unpaid=unpaid,
    )


def _contribute(purse: Purse, sale: Sale, bill: Bill, *, at: datetime, reasons: list[Reason]) -> Share:
    """Return what the purse pays of what is unpaid, take it off the bill, and add why it is not more.

    :raises Refusal: when it pays nothing.
    """
    scheme, used = purse.scheme, purse.used
    facts = Facts(at, purse.tier, purse.person, sale.merchant, sale.facts, sale.channel)

    covered = scheme.goods.covered(channel=sale.channel, bill=bill)
    outside = sum(bill.unpaid) - sum(covered)
    _must_be_usable(purse, facts)

    scheme.bounds.must_allow(sum(covered))
    uses = scheme.caps.count(covered=covered, bill=bill, used=used, facts=facts) if scheme.caps.counted else []
    amount = sum(covered)
    if not amount:
        raise NothingLeftToPay
    exact = scheme.funding.exact(amount, facts)
    ceiling = scheme.caps.ceiling(covered=amount, used=used, facts=facts)
    wanted = scheme.rounding.share(exact, at_most=ceiling.amount)
    if not wanted:
        raise _too_small(scheme, exact, ceiling, facts)
    share = scheme.shortage.share(wanted, left=purse.left)

    bill.pay(share, covered)
    uses += [CapUse(cap, ends_at, share) for cap, ends_at in ceiling.counting]
    if outside:
        reasons.append(Reason("goods_not_covered", {"scheme": scheme.code, "amount_satang": outside}))
    if ceiling.cap is not None and exact > ceiling.amount * WHOLE_BP:
        reasons.append(_cap_reached(scheme, ceiling.cap, facts))
    if share < wanted:
        reasons.append(Reason("right_runs_out", {"scheme": scheme.code, "left_satang": share}))
    return Share(purse.enrolment_id, purse.scheme_id, purse.version_id, share, tuple(uses))


def _must_be_usable(purse: Purse, facts: Facts) -> None:
    """Return if the right can be used by this person, here and now.

    :raises Refusal: the windows', the first use's or the merchant's.
    """
    scheme, at = purse.scheme, facts.at
    scheme.windows.must_be_open(channel=facts.channel, at=at, enrolled_at=purse.enrolled_at)
    if scheme.first_use is not None:
        scheme.first_use.must_be_met(enrolled_at=purse.enrolled_at, first_used_at=purse.first_used_at, at=at)
    scheme.merchants.must_accept(facts)


def _too_small(scheme: Scheme, exact: int, ceiling: Ceiling, facts: Facts) -> Refusal:
    """Return why a share rounds to nothing: too little is left of a cap, or the price is too small."""
    if ceiling.cap is not None and exact >= scheme.rounding.unit * WHOLE_BP:
        return ceiling.cap.used_up(facts)
    return PriceTooSmall(at_least_satang=scheme.rounding.unit)


def _cap_reached(scheme: Scheme, cap: Cap, facts: Facts) -> Reason:
    told: dict[str, Any] = {"scheme": scheme.code, "cap": cap.code, "limit_satang": cap.limit_at(facts)}
    if cap.period is not None and cap.per != "scheme":
        told["opens_at"] = cap.period.ends_at(facts.at).isoformat()
    return Reason("cap_reached", told)


def _first_of(refused: Sequence[tuple[Refusal, str]]) -> Refusal:
    """Return the first purse's refusal, told with its scheme and with what the other purses said."""
    (first, scheme), *rest = sorted(refused, key=lambda told: isinstance(told[0], SchemeEnded))
    others = [{"code": other.code, "scheme": code, **other.facts} for other, code in rest]
    return type(first)(**first.facts, scheme=scheme, others=others)
