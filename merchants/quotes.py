"""What a sale would cost a citizen, before any stall has asked for it. A quote cannot be paid: it is no charge."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from merchants.charges import Bill
from merchants.looking import MerchantSuspended, glance
from merchants.models import Merchant
from merchants.onboarding import MerchantUnknown
from merchants.scans import Offer, offer
from wallet.accounts import NIL
from wallet.models import Channel
from wallet.money import Satang


@dataclass(frozen=True, slots=True, kw_only=True)
class Supposed:
    """A sale that nobody has asked for yet.

    :ivar lines: each `category` and `amount`; they sum to the price.
    :ivar facts: facts of the vocabulary, without the word `sale.`.
    :ivar merchant_id: a shop that is known; or else
    :ivar merchant: facts of some shop, without the word `merchant.`.
    """

    price: Satang
    channel: Channel = Channel.SHOP
    lines: list[dict[str, Any]] = field(default_factory=list)
    facts: dict[str, Any] = field(default_factory=dict)
    merchant_id: UUID | None = None
    merchant: dict[str, Any] = field(default_factory=dict)


def quote(*, citizen_id: UUID, sale: Supposed, schemes: tuple[str, ...] | None, at: dt.datetime) -> Offer:
    """Return what this citizen would pay for a sale now, and why: the offer of a charge that is not there.

    Read without locks from what is left today; nothing is kept, and nothing set aside. `schemes` as for `scans.scan`.

    :raises ChargeTooLarge | LinesDoNotSum: no stall could ask for it.
    :raises MerchantUnknown | MerchantSuspended | NotEnrolled:
    """
    Bill(amount=sale.price, lines=sale.lines).must_be_right()
    name, merchant = ("", sale.merchant) if sale.merchant_id is None else _known(sale.merchant_id)
    # No charge has this id, so only what is the citizen's is read.
    seen = glance(citizen_id=citizen_id, charge_id=NIL, at=at)
    supposed = seen.supposing(
        amount=sale.price,
        channel=sale.channel,
        lines=sale.lines,
        facts=sale.facts,
        merchant_name=name,
        merchant_facts=merchant,
        expires_at=at,
    )
    return offer(supposed, schemes=schemes, at=at)


def _known(merchant_id: UUID) -> tuple[str, dict[str, Any]]:
    merchant = Merchant.objects.filter(id=merchant_id).first()
    if merchant is None:
        raise MerchantUnknown
    if merchant.suspensions.filter(lifted_at=None).exists():
        raise MerchantSuspended
    return merchant.name, merchant.facts
