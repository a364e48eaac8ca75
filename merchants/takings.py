"""What a shop took and gave back: its payments newest first, the tally of a day, and sums of a period by till."""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Any, Final
from uuid import UUID

from django.db.models import Count, QuerySet, Sum

from merchants.models import Payment, Refund, RefundedSoFar, Till
from wallet import ledger
from wallet.money import Satang

TAKEN: Final[Mapping[str, Any]] = {
    "payments": Count("id"),
    "price": Sum("price"),
    "citizen": Sum("citizen_share"),
    "state": Sum("state_share"),
}
GIVEN_BACK: Final[Mapping[str, Any]] = {"refunds": Count("id"), "refunded": Sum("amount")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sums:
    """What was taken and given back, in satang.

    What is given back counts on the date on which it is given, whenever it was paid.
    """

    payments: int
    price: Satang
    citizen: Satang
    state: Satang
    refunds: int
    refunded: Satang

    @property
    def net(self) -> Satang:
        """What is left; negative when more was given back than taken."""
        return self.price - self.refunded


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally(Sums):
    """One business date of a shop, or of one of its tills."""

    business_date: dt.date


@dataclass(frozen=True, slots=True, kw_only=True)
class TillSums(Sums):
    """What one till took and gave back; it may have been signed out since."""

    till: Till


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
    asked = _asked(merchant_id, date, date, None if till_id is None else [till_id])
    return Tally(business_date=date, **_summed(asked))


def sums(*, merchant_id: UUID, since: dt.date, until: dt.date, till_ids: Collection[UUID] | None = None) -> Sums:
    """Return what was taken on the business dates from `since` to `until`, both included; only at some tills."""
    return Sums(**_summed(_asked(merchant_id, since, until, till_ids)))


def by_till(*, merchant_id: UUID, since: dt.date, until: dt.date) -> list[TillSums]:
    """Return the same till by till, of those that took or gave back anything, by branch and name."""
    asked = _asked(merchant_id, since, until, None)
    found: dict[UUID, dict[str, int]] = {}
    rows: Iterable[Mapping[str, Any]] = chain(
        Payment.objects.filter(**asked).values("till_id").annotate(**TAKEN),
        Refund.objects.filter(**asked).values("till_id").annotate(**GIVEN_BACK),
    )
    for row in rows:
        sums_of_till = {name: value for name, value in row.items() if name != "till_id"}
        found.setdefault(row["till_id"], dict.fromkeys((*TAKEN, *GIVEN_BACK), 0)).update(sums_of_till)
    tills = Till.objects.filter(id__in=found).select_related("branch").order_by("branch__name", "name", "id")
    return [TillSums(till=till, **found[till.id]) for till in tills]


def _asked(merchant_id: UUID, since: dt.date, until: dt.date, till_ids: Collection[UUID] | None) -> dict[str, Any]:
    asked: dict[str, Any] = {"merchant_id": merchant_id, "business_date__range": (since, until)}
    return asked if till_ids is None else asked | {"till_id__in": till_ids}


def _summed(asked: dict[str, Any]) -> dict[str, int]:
    found = Payment.objects.filter(**asked).aggregate(**TAKEN) | Refund.objects.filter(**asked).aggregate(**GIVEN_BACK)
    return {name: value or 0 for name, value in found.items()}


def _taken(merchant_id: UUID, till_id: UUID | None) -> QuerySet[Payment]:
    payments = Payment.objects.filter(merchant_id=merchant_id)
    return payments if till_id is None else payments.filter(till_id=till_id)
