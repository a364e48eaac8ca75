"""What a citizen paid in a month, and what was set aside: one by one, summed, and searched by the name of the shop."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from merchants import holds, receipts
from merchants.holds import Standing
from merchants.models import Hold, Payment
from merchants.receipts import Receipt
from wallet.clock import BANGKOK
from wallet.money import Satang


@dataclass(frozen=True, slots=True)
class Month:
    """One month of a citizen's payments, newest first; `first` is its first day.

    :ivar holds: what was confirmed and is still held, or came back; what was captured is among the receipts.
    :ivar earlier: whether there is anything before it.
    :ivar price: satang, like `own` and `state`, over the receipts that are shown.
    """

    first: dt.date
    receipts: tuple[Receipt, ...]
    holds: tuple[Standing, ...]
    price: Satang
    own: Satang
    state: Satang
    earlier: bool


def month(*, citizen_id: UUID, first: dt.date, at: dt.datetime, words: str = "") -> Month:
    """Return the payments of the month that begins on `first`; only of shops whose name has these words."""
    begins, ends = _midnight(first), _midnight(following(first))
    paid = Payment.objects.filter(owner_id=citizen_id)
    found = [
        receipt
        for receipt in receipts.named(paid.filter(paid_at__gte=begins, paid_at__lt=ends).order_by("-paid_at", "-id"))
        if words.casefold() in receipt.merchant_name.casefold()
    ]
    held = Hold.objects.filter(owner_id=citizen_id)
    standings = holds.standings(held.filter(held_at__gte=begins, held_at__lt=ends).order_by("-held_at", "-id"), at=at)
    return Month(
        first=first,
        receipts=tuple(found),
        holds=tuple(
            each for each in standings if each.state != "captured" and words.casefold() in each.merchant_name.casefold()
        ),
        price=sum(receipt.payment.price for receipt in found),
        own=sum(receipt.payment.citizen_share for receipt in found),
        state=sum(receipt.payment.state_share for receipt in found),
        earlier=paid.filter(paid_at__lt=begins).exists() or held.filter(held_at__lt=begins).exists(),
    )


def following(first: dt.date) -> dt.date:
    """Return the first day of the next month."""
    return (first.replace(day=1) + dt.timedelta(days=32)).replace(day=1)


def preceding(first: dt.date) -> dt.date:
    """Return the first day of the month before."""
    return (first.replace(day=1) - dt.timedelta(days=1)).replace(day=1)


def _midnight(date: dt.date) -> dt.datetime:
    return dt.datetime(date.year, date.month, date.day, tzinfo=BANGKOK)
