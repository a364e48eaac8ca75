"""What a shop took: its payments newest first, and the tally of a day as it is counted at the counter."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, QuerySet, Sum

from merchants.models import Payment
from wallet import ledger
from wallet.money import Satang


@dataclass(frozen=True, slots=True)
class Tally:
    """One business date of a shop, or of one of its tills, in satang."""

    business_date: dt.date
    payments: int
    price: Satang
    citizen: Satang
    state: Satang


def newest(
    *, merchant_id: UUID, at_most: int, till_id: UUID | None = None, before: UUID | None = None
) -> list[Payment]:
    """Return what a shop was paid, newest first; only at one till, only what is older than `before`."""
    payments = _taken(merchant_id, till_id)
    if before is not None:
        payments = payments.filter(id__lt=before)
    return list(payments.order_by("-id")[:at_most])


def tally(*, merchant_id: UUID, till_id: UUID | None = None, business_date: dt.date | None = None) -> Tally:
    """Return what was taken on a business date; on the one that the books have open, if none is named."""
    date = business_date or ledger.open_date()
    sums = _taken(merchant_id, till_id).filter(business_date=date)
    found = sums.aggregate(
        payments=Count("id"), price=Sum("price"), citizen=Sum("citizen_share"), state=Sum("state_share")
    )
    return Tally(date, **{name: value or 0 for name, value in found.items()})


def _taken(merchant_id: UUID, till_id: UUID | None) -> QuerySet[Payment]:
    payments = Payment.objects.filter(merchant_id=merchant_id)
    return payments if till_id is None else payments.filter(till_id=till_id)
