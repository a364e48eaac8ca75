"""One merchant's payments, one by one: both shares of each, and when each share is promised to be in the bank.

Read a page at a time by key, so that a year of a busy shop takes no more memory than a page of it, and a reader on a
slow line holds no transaction open.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar, Final
from uuid import UUID

from merchants.models import Payment
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
    """One payment. Amounts in satang; `state_due_at` is None where the State pays nothing of it.

    Several schemes may pay at different hours; `state_due_at` is the last of them.
    """

    payment_id: UUID
    till_id: UUID
    paid_at: dt.datetime
    business_date: dt.date
    channel: Channel
    price: Satang
    citizen: Satang
    citizen_due_at: dt.datetime
    state: Satang
    state_due_at: dt.datetime | None


def lines(*, merchant_id: UUID, since: dt.date, until: dt.date) -> Iterator[Line]:
    """Yield the payments of the business dates from `since` to `until`, both included, oldest first.

    :raises StatementTooLong: before anything is read.
    """
    _must_be_of_a_year(since, until)
    return _lines(merchant_id, since, until)


def page(*, merchant_id: UUID, since: dt.date, until: dt.date, at_most: int, after: UUID | None = None) -> list[Line]:
    """Return `at_most` of these payments, oldest first; only those that came after one of them.

    :raises StatementTooLong:
    """
    _must_be_of_a_year(since, until)
    rows = Payment.objects.filter(merchant_id=merchant_id, business_date__range=(since, until))
    if after is not None:
        rows = rows.filter(id__gt=after)
    return [_line(payment) for payment in rows.order_by("id")[:at_most]]


def _must_be_of_a_year(since: dt.date, until: dt.date) -> None:
    if not dt.timedelta(0) <= until - since <= LONGEST:
        raise StatementTooLong(days=LONGEST.days)


def _lines(merchant_id: UUID, since: dt.date, until: dt.date) -> Iterator[Line]:
    after: UUID | None = None
    while found := page(merchant_id=merchant_id, since=since, until=until, at_most=PAGE, after=after):
        yield from found
        after = found[-1].payment_id


def _line(payment: Payment) -> Line:
    channel = Channel(payment.channel)
    rules = [schemes.compiled(UUID(share["version"])).settlement for share in payment.shares if share["amount"]]
    states = [
        slices.due_at(rules=rule, part=Part.STATE, channel=channel, business_date=payment.business_date)
        for rule in rules
    ]
    return Line(
        payment_id=payment.id,
        till_id=payment.till_id,
        paid_at=payment.paid_at,
        business_date=payment.business_date,
        channel=channel,
        price=payment.price,
        citizen=payment.citizen_share,
        citizen_due_at=slices.due_at(
            rules=None, part=Part.CITIZEN, channel=channel, business_date=payment.business_date
        ),
        state=payment.state_share,
        state_due_at=max(states, default=None),
    )
