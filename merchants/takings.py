"""What a shop took and gave back: its payments newest first, and the tally of a day as counted at the counter."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, QuerySet, Sum

from merchants.models import Payment, Refund, RefundedSoFar
from wallet import ledger
from wallet.money import Satang


@dataclass(frozen=True, slots=True)
class Tally:
    """One business date of a shop, or of one of its tills, in satang.

    What is given back counts on the date on which it is given, whenever it was paid.
    """

    business_date: dt.date
    payments: int
    price: Satang
    citizen: Satang
    state: Satang
    refunds: int
    refunded: Satang

    @property
    def net(self) -> Satang:
        """What is left of the day; negative when more was given back than taken."""
        return self.price - self.refunded


@dataclass(frozen=True, slots=True)
class Taken:
    """A payment, and how much of it was given back so far, in satang."""

    payment: Payment
    refunded: Satang


def newest(*, merchant_id: UUID, at_most: int, till_id: UUID | None = None, before: UUID | None = None) -> list[Taken]:
    """Return what a shop was paid, newest first; only at one till, only what is older than `before`."""
    payments = _taken(merchant_id, till_id)
    if before is not None:
        payments = payments.filter(id__lt=before)
    found = list(payments.order_by("-id")[:at_most])
    given_back = RefundedSoFar.objects.filter(
        owner_id__in={payment.owner_id for payment in found}, payment_id__in=[payment.id for payment in found]
    )
    refunded = dict(given_back.values_list("payment_id", "refunded"))
    return [Taken(payment, refunded.get(payment.id, 0)) for payment in found]


def tally(*, merchant_id: UUID, till_id: UUID | None = None, business_date: dt.date | None = None) -> Tally:
    """Return what was taken on a business date; on the one that the books have open, if none is named."""
    date = business_date or ledger.open_date()
    sums = _taken(merchant_id, till_id).filter(business_date=date)
    found = sums.aggregate(
        payments=Count("id"), price=Sum("price"), citizen=Sum("citizen_share"), state=Sum("state_share")
    )
    back = _given_back(merchant_id, till_id).filter(business_date=date)
    found |= back.aggregate(refunds=Count("id"), refunded=Sum("amount"))
    return Tally(date, **{name: value or 0 for name, value in found.items()})


def _taken(merchant_id: UUID, till_id: UUID | None) -> QuerySet[Payment]:
    payments = Payment.objects.filter(merchant_id=merchant_id)
    return payments if till_id is None else payments.filter(till_id=till_id)


def _given_back(merchant_id: UUID, till_id: UUID | None) -> QuerySet[Refund]:
    refunds = Refund.objects.filter(merchant_id=merchant_id)
    return refunds if till_id is None else refunds.filter(till_id=till_id)
