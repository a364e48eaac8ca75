"""What is left of a payment in people's hands: the citizen's receipts, newest first."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from merchants.models import Merchant, Payment
from subsidies import schemes
from wallet.money import Satang
from wallet.refusals import Refusal


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
    """

    payment: Payment
    merchant_name: str
    cash_left: Satang | None = None

    @property
    def shares(self) -> tuple[SchemeShare, ...]:
        """What each scheme paid."""
        return tuple(
            SchemeShare(
                schemes.compiled(UUID(share["version"])).code,
                share["amount"],
                share.get("lost", 0),
                share.get("later", 0),
                dt.datetime.fromisoformat(share["later_at"]) if "later_at" in share else None,
            )
            for share in self.payment.shares
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
    """Return payments as their citizen sees them, in the same order, each with the name of its shop."""
    payments = list(payments)
    wanted = {payment.merchant_id for payment in payments}
    names = dict(Merchant.objects.filter(id__in=wanted).values_list("id", "name"))
    return [Receipt(payment, names[payment.merchant_id]) for payment in payments]
