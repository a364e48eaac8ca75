"""Decide one sale: how much each scheme pays, how much the citizen, and why. Pure: plain values in, plain values out.

The order is the same for every scheme: goods, windows, first use, merchant, what counts, rate, caps, rounding, notes,
shortage, what is earned. Several purses are asked by the order of their schemes, then in the order given; each sees
what the ones before left unpaid.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from operator import attrgetter
from typing import Any, Final

from subsidies.compiled import Scheme
from subsidies.contribution import NothingLeftToPay, contribute
from subsidies.rules.bill import Bill
from subsidies.rules.calendar import LIFETIME
from subsidies.rules.caps import CapUse
from subsidies.rules.goods import GENERAL
from subsidies.rules.windows import SchemeEnded
from subsidies.splits import Line, Purse, Reason, Sale, Share, Split
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
    "Scheme",
    "Share",
    "Split",
    "decide",
]

NOTHING: Final[Mapping[str, Any]] = {}
OWN_MONEY_ONLY: Final = (Reason("own_money_only", NOTHING),)


class NotWithOtherSchemes(Refusal):
    """This scheme does not pay for a sale that another scheme already pays for."""

    code = "not_with_other_schemes"


def decide(*, purses: Sequence[Purse], sale: Sale, at: datetime) -> Split:
    """Return who pays what of `sale` at the instant `at`, when the citizen asks these purses to pay, in this order.

    Without purses the citizen pays the whole price, for that is what they chose. With purses, nobody pays full price by
    accident: when none of them can pay, count or owe anything, that is a refusal.

    :raises Refusal: when no purse does anything: the no of the first purse whose scheme is not over, with its facts,
        `scheme`, and `others` with what the other purses said.
    """
    if not purses:
        return Split(sale.price, sale.price, (), OWN_MONEY_ONLY)
    bill = _bill(sale)
    shares: list[Share] = []
    reasons: list[Reason] = []
    refused: list[tuple[Refusal, str]] = []
    alone = False
    for purse in purses if len(purses) == 1 else sorted(purses, key=attrgetter("scheme.order")):
        try:
            if shares and (alone or not purse.scheme.combines):
                raise NotWithOtherSchemes
            share = contribute(purse, sale, bill, at=at, reasons=reasons)
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
        skus=tuple(line.sku for line in sale.lines),
        unpaid=unpaid,
    )


def _first_of(refused: Sequence[tuple[Refusal, str]]) -> Refusal:
    """Return the first purse's refusal, told with its scheme and with what the other purses said."""
    (first, scheme), *rest = sorted(refused, key=lambda told: isinstance(told[0], SchemeEnded))
    others = [{"code": other.code, "scheme": code, **other.facts} for other, code in rest]
    return type(first)(**first.facts, scheme=scheme, others=others)
