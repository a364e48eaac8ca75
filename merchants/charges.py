"""A till asks for money: an amount becomes a charge, and the charge a one-time QR that expires."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Final, Literal
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction

from merchants import qr
from merchants.looking import AlreadyPaid, ChargeUnknown, MerchantSuspended, TillRevoked
from merchants.models import Charge, ChargeEnd, End, Merchant, Till
from wallet import keys
from wallet.ids import uuid7
from wallet.models import Channel
from wallet.money import Satang
from wallet.refusals import Refusal

# Long enough for an elder to find the phone, short enough that a photo of the screen is worth nothing.
QR_LIFE: Final = dt.timedelta(minutes=5)

# The largest single sale: two hundred thousand baht, far above any stall and below what a slip of the finger keys.
LARGEST_CHARGE: Final[Satang] = 20_000_000


# How a charge stands: open or expired as long as nothing has ended it, and then how it ended.
State = Literal["open", "expired", "paid", "held", "cancelled"]
ENDED: Final[Mapping[str, State]] = {End.PAID: "paid", End.HELD: "held", End.CANCELLED: "cancelled"}


class ChargeTooLarge(Refusal):
    """The amount is above what one charge may ask for."""

    code: ClassVar = "charge_too_large"
    status: ClassVar = 422


class LinesDoNotSum(Refusal):
    """The lines of the bill do not add up to its amount."""

    code: ClassVar = "lines_do_not_sum"
    status: ClassVar = 422


@dataclass(frozen=True, slots=True)
class Standing:
    """A charge, how it stands, and the payment that ended it."""

    charge: Charge
    state: State
    payment_id: UUID | None


def ask(
    *,
    till: Till,
    amount: Satang,
    channel: Channel,
    lines: list[dict[str, Any]],
    facts: dict[str, Any],
    note: str,
    key: str,
    at: dt.datetime,
) -> Charge:
    """Return a new charge of `amount` satang, open until it is paid, cancelled or five minutes old.

    :raises ChargeTooLarge | LinesDoNotSum: the bill itself is wrong.
    :raises MerchantSuspended | TillRevoked: this till may not ask for money now.
    :raises KeyReused: the key stands for another charge.
    """
    if amount > LARGEST_CHARGE:
        raise ChargeTooLarge(amount_satang=amount, largest_satang=LARGEST_CHARGE)
    if lines and sum(line["amount"] for line in lines) != amount:
        raise LinesDoNotSum(amount_satang=amount, lines_satang=sum(line["amount"] for line in lines))
    if till.revoked_at is not None:
        raise TillRevoked
    content = {"amount": amount, "channel": channel, "lines": lines, "facts": facts, "note": note}
    with transaction.atomic(durable=True):
        charge_id = uuid7()
        if was := keys.claim(caller_id=till.id, key=key, content=content, outcome_id=charge_id, at=at):
            return Charge.objects.get(id=was)
        if till.merchant.suspensions.filter(lifted_at=None).exists():
            raise MerchantSuspended
        return Charge.objects.create(
            id=charge_id,
            merchant_id=till.merchant_id,
            till_id=till.id,
            amount=amount,
            channel=channel,
            lines=lines,
            facts=facts,
            note=note,
            asked_at=at,
            expires_at=at + QR_LIFE,
        )


def cancel(*, till: Till, charge_id: UUID, at: dt.datetime) -> ChargeEnd:
    """Take a charge back, so that nobody can pay it any more. Cancelling twice is the same as once.

    :raises ChargeUnknown: it is not a charge of this till's merchant.
    :raises AlreadyPaid: a citizen was faster; hand over the goods.
    """
    if not Charge.objects.filter(id=charge_id, merchant_id=till.merchant_id).exists():
        raise ChargeUnknown
    try:
        with transaction.atomic(durable=True):
            return ChargeEnd.objects.create(charge_id=charge_id, end=End.CANCELLED, at=at)
    except IntegrityError:
        end = ChargeEnd.objects.get(charge_id=charge_id)
        if end.end != End.CANCELLED:
            raise AlreadyPaid(by_you=False) from None
        return end


def of(*, merchant_id: UUID, charge_id: UUID) -> Charge:
    """Return one of a merchant's charges.

    :raises ChargeUnknown: it does not exist, or is another merchant's.
    """
    found = Charge.objects.filter(id=charge_id, merchant_id=merchant_id).first()
    if found is None:
        raise ChargeUnknown
    return found


def standing(*, merchant_id: UUID, charge_id: UUID, at: dt.datetime) -> Standing:
    """Return one of a merchant's charges, and what became of it.

    :raises ChargeUnknown: it does not exist, or is another merchant's.
    """
    charge = of(merchant_id=merchant_id, charge_id=charge_id)
    end = ChargeEnd.objects.filter(charge_id=charge_id).first()
    if end is not None:
        return Standing(charge, ENDED[end.end], end.payment_id)
    return Standing(charge, "expired" if at >= charge.expires_at else "open", None)


def payload(charge: Charge) -> str:
    """Return the EMVCo merchant-presented QR payload that the till shows for a charge."""
    merchant = Merchant.objects.get(id=charge.merchant_id)
    return qr.charge_payload(
        charge_id=charge.id,
        merchant_wallet_id=qr.wallet_id_for(merchant.wallet_number),
        amount=charge.amount,
        merchant_name=merchant.name_en,
        city=merchant.city,
        key=settings.QR_KEY,
    )
