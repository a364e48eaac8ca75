"""What a sale would cost a citizen, before any stall has asked for it. A quote cannot be paid: it is no charge."""

import datetime as dt
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from merchants.charges import Bill
from merchants.looking import MerchantSuspended, glance
from merchants.models import Merchant
from merchants.onboarding import MerchantUnknown
from merchants.scans import Offer, offer
from wallet.accounts import NIL


def quote(
    *,
    citizen_id: UUID,
    bill: Bill,
    merchant_id: UUID | None,
    merchant: Mapping[str, Any],
    schemes: tuple[str, ...] | None,
    at: dt.datetime,
) -> Offer:
    """Return what this citizen would pay for a bill now, and why: the offer of a charge that is not there.

    Read without locks from what is left today; nothing is kept, and nothing set aside. `schemes` as for `scans.scan`.

    :param merchant_id: a shop that is known; without it
    :param merchant: facts of some shop, without the word `merchant.`.
    :raises ChargeTooLarge | LinesDoNotSum: no stall could ask for it.
    :raises MerchantUnknown | MerchantSuspended | NotEnrolled | RightFrozen:
    """
    bill.must_be_right()
    name, facts = ("", merchant) if merchant_id is None else _known(merchant_id)
    # No charge has this id, so only what is the citizen's is read.
    seen = glance(citizen_id=citizen_id, charge_id=NIL, at=at)
    supposed = seen.supposing(
        amount=bill.amount,
        channel=bill.channel,
        lines=bill.lines,
        facts=bill.facts,
        merchant_name=name,
        merchant_facts=facts,
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
