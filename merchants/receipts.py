"""What is left of a payment in people's hands: the citizen's receipts, newest first."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Literal
from uuid import UUID

from merchants.models import Hold, Merchant, Payment, Refund
from subsidies import schemes
from wallet.money import Satang
from wallet.refusals import Refusal

State = Literal["paid", "refunded_in_part", "refunded"]


class PaymentUnknown(Refusal):
    """This citizen made no such payment."""

    code: ClassVar = "payment_unknown"
    status: ClassVar = 404


@dataclass(frozen=True, slots=True)
class SchemeShare:
    """What one scheme paid, in satang.

    :ivar lost: what was left of the last note, and is gone.
    :ivar later: what becomes the citizen's own money, and when.
    """

    scheme: str
    amount: Satang
    lost: Satang = 0
    later: Satang = 0
    later_at: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class Receipt:
    """A payment as its citizen sees it.

    :ivar cash_left: their own money when the payment was confirmed, satang; None when it is looked up later.
    :ivar refunds: what came back of it so far, oldest first.
    """

    payment: Payment
    merchant_name: str
    cash_left: Satang | None = None
    refunds: tuple[Refund, ...] = ()

    @property
    def state(self) -> State:
        """What came back of it."""
        if not self.refunds:
            return "paid"
        return "refunded" if self.refunded == self.payment.price else "refunded_in_part"

    @property
    def refunded(self) -> Satang:
        """All that came back, in satang."""
        return sum(refund.amount for refund in self.refunds)

    @property
    def shares(self) -> tuple[SchemeShare, ...]:
        """What each scheme paid."""
        return scheme_shares(self.payment.shares)


@dataclass(frozen=True, slots=True)
class Held:
    """What a citizen has just confirmed that is held: nobody is paid yet, so nothing is signed that says so."""

    hold: Hold
    merchant_name: str
    cash_left: Satang

    @property
    def shares(self) -> tuple[SchemeShare, ...]:
        """What each scheme set aside."""
        return scheme_shares(self.hold.shares)


def scheme_shares(kept: Iterable[Mapping[str, Any]]) -> tuple[SchemeShare, ...]:
    """Return what each scheme pays, of shares as they are kept."""
    return tuple(
        SchemeShare(
            schemes.compiled(UUID(share["version"])).code,
            share["amount"],
            share.get("lost", 0),
            share.get("later", 0),
            dt.datetime.fromisoformat(share["later_at"]) if "later_at" in share else None,
        )
        for share in kept
    )


def of(*, citizen_id: UUID, payment_id: UUID) -> Receipt:
    """Return the receipt of one of a citizen's own payments.

    :raises PaymentUnknown: it does not exist, or is somebody else's.
    """
    payment = Payment.objects.filter(owner_id=citizen_id, id=payment_id).first()
    if payment is None:
        raise PaymentUnknown
    return named([payment])[0]


def newest(
    *, citizen_id: UUID, at_most: int, before: UUID | None = None, charge_id: UUID | None = None
) -> list[Receipt]:
    """Return a citizen's receipts, newest first: those older than `before`, or of one charge."""
    payments = Payment.objects.filter(owner_id=citizen_id)
    if before is not None:
        payments = payments.filter(id__lt=before)
    if charge_id is not None:
        payments = payments.filter(charge_id=charge_id)
    return named(payments.order_by("-id")[:at_most])


def named(payments: Iterable[Payment]) -> list[Receipt]:
    """Return payments as their citizen sees them, in the same order, each with its shop's name and what came back."""
    payments = list(payments)
    wanted = {payment.merchant_id for payment in payments}
    names = dict(Merchant.objects.filter(id__in=wanted).values_list("id", "name"))
    refunds = defaultdict(list)
    owners = {payment.owner_id for payment in payments}
    ids = [payment.id for payment in payments]
    for refund in Refund.objects.filter(owner_id__in=owners, payment_id__in=ids).order_by("id"):
        refunds[refund.payment_id].append(refund)
    return [Receipt(payment, names[payment.merchant_id], refunds=tuple(refunds[payment.id])) for payment in payments]
