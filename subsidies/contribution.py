"""What one purse pays of one bill, and why it is neither more nor less."""

from datetime import datetime
from functools import lru_cache
from typing import Any

from subsidies.compiled import Scheme
from subsidies.rules.bill import Bill
from subsidies.rules.caps import Cap, CapUse, Ceiling
from subsidies.rules.conditions import Facts
from subsidies.rules.funding import PriceTooSmall, Rates
from subsidies.rules.windows import SchemeStopped, SchemeSuspended
from subsidies.splits import Purse, Reason, Sale, Share
from wallet.money import WHOLE_BP, Satang
from wallet.refusals import Refusal


class NothingLeftToPay(Refusal):
    """Other schemes pay all that this one could pay for."""

    code = "nothing_left_to_pay"


class PlacesGone(Refusal):
    """The scheme counts people at their first payment, and as many have paid as there are places."""

    code = "places_gone"


def contribute(purse: Purse, sale: Sale, bill: Bill, *, at: datetime, reasons: list[Reason]) -> Share:
    """Return what the purse pays of what is unpaid, take it off the bill, and add why it is so much.

    :raises Refusal: when it pays nothing, owes nothing and nothing counts.
    """
    scheme = purse.scheme
    facts = Facts(at, purse.tier, purse.person, sale.merchant, sale.facts, sale.channel)

    covered = scheme.goods.covered(channel=sale.channel, bill=bill)
    outside = sum(bill.unpaid) - sum(covered)
    _must_be_usable(purse, facts)
    told = [Reason("goods_not_covered", {"scheme": scheme.code, "amount_satang": outside})] if outside else []
    if scheme.earning is None:
        share = _pay(purse, bill, covered, facts, told)
    else:
        share = _pay_and_earn(purse, bill, covered, facts, told)
    reasons += told
    return share


def _must_be_usable(purse: Purse, facts: Facts) -> None:
    """Return if the right can be used by this person, here and now.

    :raises SchemeStopped, SchemeSuspended: officers have said so.
    :raises Refusal: the windows', the first use's, the circumstances' or the merchant's.
    """
    scheme, at = purse.scheme, facts.at
    if purse.stopped_at is not None:
        raise SchemeStopped(ended_at=purse.stopped_at.isoformat())
    if purse.suspended_at is not None:
        raise SchemeSuspended(suspended_at=purse.suspended_at.isoformat())
    scheme.windows.must_be_open(channel=facts.channel, at=at)
    if scheme.own_time is not None:
        scheme.own_time.must_hold(at=at, enrolled_at=purse.enrolled_at, person=purse.person)
    if scheme.first_use is not None:
        scheme.first_use.must_be_met(enrolled_at=purse.enrolled_at, first_used_at=purse.first_used_at, facts=facts)
    if purse.places_gone:
        raise PlacesGone
    scheme.merchants.must_accept(facts)
    if scheme.circumstances is not None:
        scheme.circumstances.must_allow(facts)


def _pay(purse: Purse, bill: Bill, covered: list[Satang], facts: Facts, told: list[Reason]) -> Share:
    """Return the State's share of the covered lines: rate, caps, rounding, notes or shortage.

    :raises Refusal: when it is nothing.
    """
    scheme, used = purse.scheme, purse.used
    scheme.bounds.must_allow(sum(covered))
    uses = scheme.caps.count(covered=covered, bill=bill, used=used, facts=facts) if scheme.caps.counted else []
    amount = sum(covered)
    if not amount or scheme.funding is None:
        raise NothingLeftToPay
    exact = scheme.funding.exact(amount, facts)
    most = amount if not scheme.own_at_least else _with_own_part(scheme, amount)
    ceiling = scheme.caps.ceiling(covered=most, used=used, facts=facts)
    wanted = scheme.rounding.share(exact, at_most=ceiling.amount)
    if not wanted:
        raise _too_small(scheme, exact, ceiling, facts)
    told.append(_reckoned(scheme, amount, exact))
    if exact > ceiling.amount * WHOLE_BP:
        told.append(_limited(scheme, ceiling, facts))
    if scheme.notes is None:
        share, lost = scheme.shortage.share(wanted, left=purse.left), 0
        if share < wanted:
            told.append(Reason("right_runs_out", {"scheme": scheme.code, "left_satang": share}))
    else:
        share, lost = _hand_over(purse, wanted, amount, uses, told)

    uses += [CapUse(code, ends_at, share) for code, ends_at in ceiling.counting]
    if scheme.pays_back is not None:
        pays_at = scheme.pays_back.pays_at(paid_at=facts.at, sale=facts.sale)
        told.append(_paid_back(scheme, share, pays_at))
        return Share(purse.enrolment_id, purse.scheme_id, purse.version_id, 0, tuple(uses), 0, share, pays_at)
    bill.pay(share, covered)
    return Share(purse.enrolment_id, purse.scheme_id, purse.version_id, share, tuple(uses), lost)


def _hand_over(
    purse: Purse, wanted: Satang, covered: Satang, uses: list[CapUse], told: list[Reason]
) -> tuple[int, int]:
    """Return what the notes pay and what of them is lost, and add which were used."""
    scheme = purse.scheme
    assert scheme.notes is not None  # noqa: S101  asked by the caller; for the type checker
    handed = scheme.notes.hand_over(wanted, left=purse.left, used=purse.used, covered=covered, chosen=purse.notes)
    uses += handed.uses
    notes = ", ".join(f"{use.amount} × {use.cap}" for use in handed.uses)
    told.append(Reason("notes_handed_over", {"scheme": scheme.code, "notes": notes, "amount_satang": handed.amount}))
    if handed.lost:
        told.append(Reason("no_change_given", {"scheme": scheme.code, "lost_satang": handed.lost}))
    return handed.amount, handed.lost


def _pay_and_earn(purse: Purse, bill: Bill, covered: list[Satang], facts: Facts, told: list[Reason]) -> Share:
    """Return the State's share, which may be nothing, with what the citizen's own part earns.

    :raises Refusal: when the State pays nothing and nothing counts.
    """
    scheme = purse.scheme
    assert scheme.earning is not None  # noqa: S101  asked by the caller; for the type checker
    scheme.bounds.must_allow(sum(covered))
    refused: Refusal | None = None
    paid = list(covered)
    try:
        if scheme.funding is None or purse.left <= 0:
            raise NothingLeftToPay
        share = _pay(purse, bill, paid, facts, told)
    except Refusal as refusal:
        refused = refusal
        share = Share(purse.enrolment_id, purse.scheme_id, purse.version_id, 0, ())
    uses, tightest = scheme.earning.count(max(0, sum(covered) - share.amount), used=purse.used, facts=facts)
    counted = uses[-1].amount if uses else 0
    if refused is not None and not counted:
        raise scheme.earning.used_up(facts, tightest) or refused
    if counted:
        told.append(Reason("counts_towards_earning", {"scheme": scheme.code, "counted_satang": counted}))
    return share._replace(uses=share.uses + tuple(uses), counted=counted)


def _with_own_part(scheme: Scheme, amount: Satang) -> Satang:
    if amount <= scheme.own_at_least:
        raise PriceTooSmall(at_least_satang=scheme.own_at_least)
    return amount - scheme.own_at_least


def _too_small(scheme: Scheme, exact: int, ceiling: Ceiling, facts: Facts) -> Refusal:
    """Return why a share rounds to nothing: too little is left of a cap, or the price is too small."""
    if ceiling.cap is not None and exact >= scheme.rounding.unit * WHOLE_BP:
        return ceiling.cap.used_up(facts)
    return PriceTooSmall(at_least_satang=scheme.rounding.unit)


def _reckoned(scheme: Scheme, amount: Satang, exact: int) -> Reason:
    told: dict[str, Any] = {"scheme": scheme.code, "amount_satang": amount, "gives_satang": exact // WHOLE_BP}
    if not isinstance(scheme.funding, Rates):
        return Reason("sum_for_price", told)
    told["rate_bp"] = rate_bp = exact // amount
    told["percent"] = percent(rate_bp)
    return Reason("rate_of_price", told)


def _limited(scheme: Scheme, ceiling: Ceiling, facts: Facts) -> Reason:
    """Return which limit holds: a cap, or what the citizen always pays."""
    cap: Cap | None = ceiling.cap
    if cap is None:
        return Reason("own_part_at_least", {"scheme": scheme.code, "own_satang": scheme.own_at_least})
    told: dict[str, Any] = {
        "scheme": scheme.code,
        "cap": cap.code,
        "limit_satang": cap.limit_at(facts),
        "left_satang": ceiling.amount,
    }
    if cap.period is not None and cap.per != "scheme":
        told["opens_at"] = cap.period.ends_at(facts.at).isoformat()
    return Reason("cap_reached", told)


def _paid_back(scheme: Scheme, share: Satang, pays_at: datetime) -> Reason:
    return Reason("paid_back_later", {"scheme": scheme.code, "later_satang": share, "later_at": pays_at.isoformat()})


@lru_cache(maxsize=256)
def percent(rate_bp: int) -> str:
    """Return basis points as people say them: 5000 is 50, 1250 is 12.5."""
    return f"{rate_bp / 100:g}"
