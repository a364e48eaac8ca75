"""A merchant takes a payment, or has it held: one citizen, one charge, shared between them and their schemes."""

import datetime as dt
from typing import ClassVar
from uuid import UUID

from django.db import IntegrityError, transaction

from merchants import holds
from merchants.looking import AlreadyPaid, ChargeCancelled, Seen, look
from merchants.models import ChargeEnd, End, Hold, Payment
from merchants.receipts import Held, Receipt
from merchants.recording import record
from merchants.terms import Terms
from subsidies.decision import Split, decide
from subsidies.first_payments import take_places
from wallet import proofs, refused
from wallet.keys import KeyReused
from wallet.refusals import Refusal


class CashShort(Refusal):
    """The citizen's own money does not cover their own part."""

    code: ClassVar = "cash_short"


class FullPriceNotChosen(Refusal):
    """No scheme was chosen, and nobody said that the citizen wants to pay all of it themselves."""

    code: ClassVar = "full_price_not_chosen"
    status: ClassVar = 422


class SplitChanged(Refusal):
    """The split is not the one that the citizen saw; the new one is in the facts."""

    code: ClassVar = "split_changed"


def pay(
    *, citizen_id: UUID, device_id: UUID, terms: Terms, proof: proofs.Proof, key: str, at: dt.datetime
) -> Receipt | Held:
    """Take one payment at a till, shared between the citizen and the schemes that they chose, and return its receipt.

    Where the charge asks for a hold the same shares are set aside instead, and nobody is paid yet.
    When this returns, the money has moved; if it raises, nothing has. The same key with the same terms returns the
    same payment, also to one who waited for it. Amounts are satang.

    :raises PinWrong | PinLocked | DeviceRevoked | SignatureWrong: it is not proven that the citizen confirms; a
        wrong PIN is counted, and that alone is committed.
    :raises KeyReused: the key stands for other terms.
    :raises ChargeUnknown | ChargeExpired | ChargeCancelled | AlreadyPaid | MerchantSuspended | TillRevoked:
    :raises FullPriceNotChosen: the terms name no scheme, and do not say that the citizen pays all.
    :raises NotEnrolled: or whatever else the chosen schemes refuse (see subsidies.decision).
    :raises RightNotHoldable: it is to be held, and a chosen scheme's right cannot be.
    :raises SplitChanged: the split is no longer the one that was confirmed.
    :raises CashShort: the citizen's money does not cover their own part.
    """
    try:
        with transaction.atomic(durable=True):
            seen = look(citizen_id=citizen_id, charge_id=terms.charge_id, device_id=device_id, key=key, at=at)
            wrong = proofs.judge(seen.proof(device_id), proof, terms=terms.canonical(), at=at)
            proofs.count(seen.proof(device_id), proof, wrong, at=at)
            if wrong is None:
                return earlier(seen, terms) or take(seen, terms, key=key, at=at)
        raise wrong
    except IntegrityError as error:
        lost = _ended_just_now(error, terms.charge_id)
        refused.keep(citizen_id=citizen_id, charge_id=terms.charge_id, refusal=lost, at=at)
        raise lost from error
    except Refusal as refusal:
        refused.keep(citizen_id=citizen_id, charge_id=terms.charge_id, refusal=refusal, at=at)
        raise


def earlier(seen: Seen, terms: Terms) -> Receipt | Held | None:
    """Return the payment, or the hold, that this key already made.

    :raises KeyReused: the key stands for other terms.
    """
    if seen.row.outcome_id is None or seen.row.fingerprint is None:
        return None
    if bytes(seen.row.fingerprint) != terms.digest():
        raise KeyReused
    mine = {"owner_id": seen.citizen_id, "id": seen.row.outcome_id}
    if payment := Payment.objects.filter(**mine).first():
        return Receipt(payment, seen.row.merchant_name, cash_left=seen.cash)
    return Held(Hold.objects.get(**mine), seen.row.merchant_name, cash_left=seen.cash)


def take(seen: Seen, terms: Terms, *, key: str, at: dt.datetime) -> Receipt | Held:
    """Decide and record one payment or hold, under the locks that `look` took.

    :raises Refusal: as `pay` says.
    """
    seen.must_be_payable(at=at)
    if not terms.schemes and not terms.pays_all:
        raise FullPriceNotChosen(price_satang=seen.row.amount)
    split = decide(purses=seen.chosen(terms.schemes, notes=terms.notes), sale=seen.sale(), at=at)
    must_be(split, terms)
    left = seen.cash - split.citizen
    if left < 0:
        raise CashShort(own_part_satang=split.citizen, cash_satang=seen.cash, short_satang=-left)
    take_places(purses=seen.purses, split=split, business_date=seen.business_date, at=at)
    if seen.row.hold_seconds is not None:
        return Held(holds.begin(seen, split, terms, key=key, at=at), seen.row.merchant_name, cash_left=left)
    return Receipt(record(seen, split, terms, key=key, at=at), seen.row.merchant_name, cash_left=left)


def must_be(split: Split, terms: Terms) -> None:
    """Refuse a split that the citizen did not see: nobody pays more than they were shown.

    :raises SplitChanged: with the split as it is now.
    """
    if (split.price, split.citizen) != (terms.price, terms.own_part):
        raise SplitChanged(
            price_satang=split.price,
            own_part_satang=split.citizen,
            state_satang=split.state,
            shown_own_part_satang=terms.own_part,
        )


def _ended_just_now(error: IntegrityError, charge_id: UUID) -> Refusal:
    """Return the refusal for a charge that somebody else ended between our look and our write."""
    if "merchants_chargeend_pkey" not in str(error):
        raise error
    end = ChargeEnd.objects.get(charge_id=charge_id)
    return ChargeCancelled() if end.end == End.CANCELLED else AlreadyPaid(by_you=False)
