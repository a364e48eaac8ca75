"""One merchant's sales, one by one: payments, captures and refunds, both shares of each, and when each is in the bank.

Read a page at a time by key, so that a year of a busy shop takes no more memory than a page of it, and a reader on a
slow line holds no transaction open.
"""

import datetime as dt
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from operator import attrgetter
from typing import Any, ClassVar, Final, Literal
from uuid import UUID

from merchants.models import Payment, Refund
from settlement import slices
from subsidies import schemes
from wallet.models import Channel, Part
from wallet.money import Satang
from wallet.refusals import Refusal

PAGE: Final = 1_000
LONGEST: Final = dt.timedelta(days=366)


class StatementTooLong(Refusal):
    """More than a year at once, or a period that ends before it begins."""

    code: ClassVar = "statement_too_long"
    status: ClassVar = 422


@dataclass(frozen=True, slots=True)
class Line:
    """One sale, or money back on one: then its amounts are negative. In satang.

    :ivar id: the payment's, or the refund's.
    :ivar state_due_at: None where the State pays nothing of it; of several schemes, the last hour.
    """

    id: UUID
    kind: Literal["payment", "capture", "refund"]
    payment_id: UUID
    till_id: UUID
    at: dt.datetime
    business_date: dt.date
    channel: Channel
    price: Satang
    citizen: Satang
    citizen_due_at: dt.datetime
    state: Satang
    state_due_at: dt.datetime | None


def lines(
    *, merchant_id: UUID, since: dt.date, until: dt.date, till_ids: Collection[UUID] | None = None
) -> Iterator[Line]:
    """Yield the sales and refunds of the business dates from `since` to `until`, both included, oldest first.

    :param till_ids: only what these tills took.
    :raises StatementTooLong: before anything is read.
    """
    _must_be_of_a_year(since, until)
    return _lines(merchant_id, since, until, till_ids)


def page(
    *,
    merchant_id: UUID,
    since: dt.date,
    until: dt.date,
    at_most: int,
    after: UUID | None = None,
    till_ids: Collection[UUID] | None = None,
) -> list[Line]:
    """Return `at_most` of these lines, oldest first; only those that came after one of them.

    :raises StatementTooLong:
    """
    _must_be_of_a_year(since, until)
    asked: dict[str, Any] = {"merchant_id": merchant_id, "business_date__range": (since, until)}
    if after is not None:
        asked["id__gt"] = after
    if till_ids is not None:
        asked["till_id__in"] = till_ids
    paid = [_paid(payment) for payment in Payment.objects.filter(**asked).order_by("id")[:at_most]]
    back = [_given_back(refund) for refund in Refund.objects.filter(**asked).order_by("id")[:at_most]]
    # Both are found by ids that rise with time, so that the first of either kind are the first of both.
    return sorted((*paid, *back), key=attrgetter("id"))[:at_most]


def _must_be_of_a_year(since: dt.date, until: dt.date) -> None:
    if not dt.timedelta(0) <= until - since <= LONGEST:
        raise StatementTooLong(days=LONGEST.days)


def _lines(merchant_id: UUID, since: dt.date, until: dt.date, till_ids: Collection[UUID] | None) -> Iterator[Line]:
    after: UUID | None = None
    while found := page(
        merchant_id=merchant_id, since=since, until=until, till_ids=till_ids, at_most=PAGE, after=after
    ):
        yield from found
        after = found[-1].id


def _paid(payment: Payment) -> Line:
    citizen_due_at, state_due_at = _due(payment)
    return Line(
        id=payment.id,
        kind="payment" if payment.hold_id is None else "capture",
        payment_id=payment.id,
        till_id=payment.till_id,
        at=payment.paid_at,
        business_date=payment.business_date,
        channel=Channel(payment.channel),
        price=payment.price,
        citizen=payment.citizen_share,
        citizen_due_at=citizen_due_at,
        state=payment.state_share,
        state_due_at=state_due_at,
    )


def _given_back(refund: Refund) -> Line:
    citizen_due_at, state_due_at = _due(refund)
    return Line(
        id=refund.id,
        kind="refund",
        payment_id=refund.payment_id,
        till_id=refund.till_id,
        at=refund.refunded_at,
        business_date=refund.business_date,
        channel=Channel(refund.channel),
        price=-refund.amount,
        citizen=-refund.citizen_share,
        citizen_due_at=citizen_due_at,
        state=-refund.state_share,
        state_due_at=state_due_at,
    )


def _due(row: Payment | Refund) -> tuple[dt.datetime, dt.datetime | None]:
    """Return when the two parts are in the bank, or taken from what goes there: by the row's own business date."""
    channel, date = Channel(row.channel), row.business_date
    rules = [schemes.compiled(UUID(share["version"])).settlement for share in row.shares if share["amount"]]
    states = [slices.due_at(rules=rule, part=Part.STATE, channel=channel, business_date=date) for rule in rules]
    own = slices.due_at(rules=None, part=Part.CITIZEN, channel=channel, business_date=date)
    return own, max(states, default=None)
