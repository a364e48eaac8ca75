"""A till asks for money: an amount becomes a charge, and the charge a one-time QR that expires."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, ClassVar, Final, Literal
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction

from merchants import particulars, qr
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

# What waits for one citizen at once; more than a few are a till's mistake.
MOST_WAITING: Final = 20
NOTHING_ELSE: Final[Mapping[str, Any]] = {}

# How a charge stands: open or expired as long as nothing has ended it, and then how it ended.
State = Literal["open", "expired", "paid", "held", "cancelled"]
ENDED: Final[Mapping[str, State]] = {End.PAID: "paid", End.HELD: "held", End.CANCELLED: "cancelled"}


class ChargeTooLarge(Refusal):
    """The amount is above what one charge may ask for."""

    code: ClassVar = "charge_too_large"
    status: ClassVar = 422


class ChargeHeld(Refusal):
    """A citizen's money is held for it: the hold can be released, the charge not be taken back."""

    code: ClassVar = "charge_held"


class LinesDoNotSum(Refusal):
    """The lines of the bill do not add up to its amount."""

    code: ClassVar = "lines_do_not_sum"
    status: ClassVar = 422


@dataclass(frozen=True, slots=True, kw_only=True)
class Bill:
    """What is asked for: satang, and what schemes may want to know about the sale.

    :ivar hold_seconds: what is confirmed is held for so long, to be captured; None: it is paid at once.
    """

    amount: Satang
    channel: Channel = Channel.SHOP
    lines: list[dict[str, Any]] = field(default_factory=list)
    facts: dict[str, Any] = field(default_factory=dict)
    note: str = ""
    hold_seconds: int | None = None

    def must_be_right(self) -> None:
        """Refuse a bill that no till may ask for.

        :raises ChargeTooLarge | LinesDoNotSum:
        """
        if self.amount > LARGEST_CHARGE:
            raise ChargeTooLarge(amount_satang=self.amount, largest_satang=LARGEST_CHARGE)
        lines = sum(line["amount"] for line in self.lines)
        if self.lines and lines != self.amount:
            raise LinesDoNotSum(amount_satang=self.amount, lines_satang=lines)


@dataclass(frozen=True, slots=True)
class Standing:
    """A charge, how it stands, and the payment or the hold that ended it."""

    charge: Charge
    state: State
    payment_id: UUID | None = None
    hold_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Waiting:
    """A charge that waits for the one citizen who may pay it, and the shop's name."""

    charge: Charge
    merchant_name: str


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
    hold_seconds: int | None = None,
) -> Charge:
    """Return a new charge of `amount` satang, open until it is paid, held, cancelled or five minutes old.

    :raises ChargeTooLarge | LinesDoNotSum: the bill itself is wrong.
    :raises MerchantSuspended | TillRevoked: this till may not ask for money now.
    :raises KeyReused: the key stands for another charge.
    """
    bill = Bill(amount=amount, channel=channel, lines=lines, facts=facts, note=note, hold_seconds=hold_seconds)
    with transaction.atomic(durable=True):
        return make(till=till, bill=bill, key=key, at=at)


def make(
    *,
    till: Till,
    bill: Bill,
    key: str,
    at: dt.datetime,
    content: Mapping[str, Any] = NOTHING_ELSE,
    for_citizen_id: UUID | None = None,
    presented: bytes | None = None,
) -> Charge:
    """Write a charge, or return the one that this key made. Needs a transaction.

    :param content: what the key stands for beside the bill.
    :param for_citizen_id: the only citizen who may pay it, where the till knew who stands before it.
    :raises ChargeTooLarge | LinesDoNotSum | MerchantSuspended | TillRevoked | KeyReused: as `ask` says.
    """
    bill.must_be_right()
    if till.revoked_at is not None:
        raise TillRevoked
    charge_id = uuid7()
    if was := keys.claim(caller_id=till.id, key=key, content={**asdict(bill), **content}, outcome_id=charge_id, at=at):
        return Charge.objects.get(id=was)
    if till.merchant.suspensions.filter(lifted_at=None).exists():
        raise MerchantSuspended
    return Charge.objects.create(
        id=charge_id,
        merchant_id=till.merchant_id,
        till_id=till.id,
        amount=bill.amount,
        channel=bill.channel,
        lines=bill.lines,
        facts=bill.facts,
        merchant_facts=particulars.judged_by(merchant=till.merchant, branch=till.branch),
        note=bill.note,
        hold_seconds=bill.hold_seconds,
        asked_at=at,
        expires_at=at + QR_LIFE,
        for_citizen_id=for_citizen_id,
        presented=presented,
    )


def earlier(*, till: Till, bill: Bill, key: str, content: Mapping[str, Any]) -> Charge | None:
    """Return the charge that this key has made, if it has.

    :raises KeyReused: the key stands for another charge.
    """
    was = keys.earlier(caller_id=till.id, key=key, content={**asdict(bill), **content})
    return None if was is None else Charge.objects.get(id=was)


def waiting_for(*, citizen_id: UUID, at: dt.datetime) -> list[Waiting]:
    """Return what tills ask this one citizen for, and nobody has ended yet, newest first."""
    rows = Charge.objects.filter(for_citizen_id=citizen_id, expires_at__gt=at).order_by("-id")[:MOST_WAITING]
    ended = set(ChargeEnd.objects.filter(charge_id__in=[row.id for row in rows]).values_list("charge_id", flat=True))
    names = dict(Merchant.objects.filter(id__in={row.merchant_id for row in rows}).values_list("id", "name"))
    return [Waiting(row, names[row.merchant_id]) for row in rows if row.id not in ended]


def cancel(*, till: Till, charge_id: UUID, at: dt.datetime) -> ChargeEnd:
    """Take a charge back, so that nobody can pay it any more. Cancelling twice is the same as once.

    :raises ChargeUnknown: it is not a charge of this till's merchant.
    :raises AlreadyPaid: a citizen was faster; hand over the goods.
    :raises ChargeHeld: a citizen was faster; release the hold.
    """
    if not Charge.objects.filter(id=charge_id, merchant_id=till.merchant_id).exists():
        raise ChargeUnknown
    try:
        with transaction.atomic(durable=True):
            return ChargeEnd.objects.create(charge_id=charge_id, end=End.CANCELLED, at=at)
    except IntegrityError:
        end = ChargeEnd.objects.get(charge_id=charge_id)
        if end.end == End.HELD:
            raise ChargeHeld(hold_id=str(end.payment_id)) from None
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
    if end is None:
        return Standing(charge, "expired" if at >= charge.expires_at else "open")
    if end.end == End.HELD:
        return Standing(charge, ENDED[end.end], hold_id=end.payment_id)
    return Standing(charge, ENDED[end.end], payment_id=end.payment_id)


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
