"""What a merchant is told of one business date: both parts, when each is promised, and where the money is now."""

import datetime as dt
from collections import Counter
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.db import connection

from settlement import slices
from settlement.models import DaySliced
from subsidies import schemes
from subsidies.models import SchemeVersion
from wallet.models import BusinessDay, Channel, Part
from wallet.money import Satang

SLICES: Final = """
    SELECT slice.part, slice.channel, slice.scheme_id, slice.amount, slice.due_at, payout.id,
           CASE WHEN confirmed.payout_id IS NOT NULL THEN 'paid'
                WHEN decision.verdict = 'approved' THEN 'sent'
                WHEN payout.id IS NOT NULL THEN 'in_batch'
                WHEN slice.due_at > %(at)s THEN 'promised'
                WHEN EXISTS (SELECT 1 FROM settlement_withholding withheld
                              WHERE withheld.merchant_id = slice.merchant_id AND released_at IS NULL) THEN 'withheld'
                ELSE 'carried_forward' END
      FROM settlement_slice slice
      LEFT JOIN settlement_payoutslice live ON live.slice_id = slice.id AND live.freed_at IS NULL
      LEFT JOIN settlement_payout payout ON payout.id = live.payout_id
      LEFT JOIN settlement_decision decision ON decision.batch_id = payout.batch_id
      LEFT JOIN settlement_payoutconfirmation confirmed ON confirmed.payout_id = payout.id
     WHERE slice.merchant_id = %(merchant)s AND slice.business_date = %(date)s
     ORDER BY slice.due_at, slice.part, slice.channel, slice.scheme_id
"""

# Before the day is cut into slices its payments and refunds say what they will be.
PAYMENTS: Final = """
    WITH part AS (
        SELECT 1 AS part, channel, NULL::uuid AS scheme_id, citizen_share AS amount
          FROM merchants_payment WHERE merchant_id = %(merchant)s AND business_date = %(date)s
         UNION ALL
        SELECT 1, channel, NULL, -citizen_share
          FROM merchants_refund WHERE merchant_id = %(merchant)s AND business_date = %(date)s
         UNION ALL
        SELECT 2, channel, (share->>'scheme')::uuid, (share->>'amount')::bigint
          FROM merchants_payment CROSS JOIN jsonb_array_elements(shares) share
         WHERE merchant_id = %(merchant)s AND business_date = %(date)s
         UNION ALL
        SELECT 2, channel, (share->>'scheme')::uuid, -(share->>'amount')::bigint
          FROM merchants_refund CROSS JOIN jsonb_array_elements(shares) share
         WHERE merchant_id = %(merchant)s AND business_date = %(date)s
    )
    SELECT part, channel, scheme_id, sum(amount) FROM part WHERE amount <> 0 GROUP BY 1, 2, 3
"""

CARRIED_FORWARD: Final = """
    SELECT coalesce(sum(waiting.amount), 0) FROM settlement_slice slice
      JOIN settlement_waitingslice waiting ON waiting.slice_id = slice.id
     WHERE slice.merchant_id = %(merchant)s AND slice.business_date < %(date)s AND waiting.due_at <= %(at)s
"""

# What is in no bank yet, by the hour for which it was promised.
COMING: Final = """
    SELECT slice.due_at, sum(slice.amount) FROM settlement_slice slice
      LEFT JOIN settlement_payoutslice live ON live.slice_id = slice.id AND live.freed_at IS NULL
      LEFT JOIN settlement_payoutconfirmation confirmed ON confirmed.payout_id = live.payout_id
     WHERE slice.merchant_id = %(merchant)s AND slice.business_date >= %(since)s AND confirmed.payout_id IS NULL
     GROUP BY 1
"""
# Longer than anything waits; what is withheld for longer is told of by the office.
LOOK_BACK: Final = dt.timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Line:
    """One part of a day's sales.

    `state` is open (the day is not counted yet), promised (for `due_at`), carried_forward (due, and to be paid with the
    next batch), withheld, in_batch, sent or paid.
    """

    part: Part
    channel: Channel
    scheme_id: UUID | None
    amount: Satang
    due_at: dt.datetime
    payout_id: UUID | None
    state: str


@dataclass(frozen=True, slots=True)
class MerchantDay:
    """One merchant's business date; amounts in satang.

    :ivar carried_forward: from earlier dates, due and in no payout; negative when the merchant owes us.
    """

    business_date: dt.date
    lines: tuple[Line, ...]
    carried_forward: Satang

    @property
    def citizens_part(self) -> Satang:
        """What citizens paid."""
        return sum(line.amount for line in self.lines if line.part == Part.CITIZEN)

    @property
    def states_part(self) -> Satang:
        """What the State pays."""
        return sum(line.amount for line in self.lines if line.part == Part.STATE)

    @property
    def paid(self) -> Satang:
        """What the bank has paid of this day."""
        return sum(line.amount for line in self.lines if line.state == "paid")

    @property
    def to_come(self) -> Satang:
        """What the merchant still waits for, of this day."""
        return self.citizens_part + self.states_part - self.paid


def figures(*, merchant_id: UUID, business_date: dt.date, at: dt.datetime) -> MerchantDay:
    """Return what one merchant sold on a business date, when each part is due, and what became of it."""
    asked: dict[str, Any] = {"merchant": merchant_id, "date": business_date, "at": at}
    is_counted = DaySliced.objects.filter(business_date=business_date).exists()
    with connection.cursor() as cursor:
        cursor.execute(SLICES if is_counted else PAYMENTS, asked)
        rows = cursor.fetchall()
        cursor.execute(CARRIED_FORWARD, asked)
        (carried_forward,) = cursor.fetchone()
    lines = [_counted(row) if is_counted else _expected(row, business_date) for row in rows]
    return MerchantDay(business_date, tuple(sorted(lines, key=_order)), int(carried_forward))


def coming(*, merchant_id: UUID, business_date: dt.date, at: dt.datetime) -> list[tuple[dt.datetime, Satang]]:
    """Return what a merchant still waits for, in satang, by the instant at which it is to be in the bank.

    An instant before `at` is of what was not paid then: it comes with the next payout.

    :param business_date: the one that the books have open.
    """
    since = business_date - LOOK_BACK
    with connection.cursor() as cursor:
        cursor.execute(COMING, {"merchant": merchant_id, "since": since})
        waiting: Counter[dt.datetime] = Counter({due_at: int(amount) for due_at, amount in cursor.fetchall()})
    counted = DaySliced.objects.filter(business_date__gte=since).values("business_date")
    open_days = BusinessDay.objects.filter(business_date__gte=since).exclude(business_date__in=counted)
    for date in open_days.values_list("business_date", flat=True):
        for line in figures(merchant_id=merchant_id, business_date=date, at=at).lines:
            waiting[line.due_at] += line.amount
    return sorted((due_at, amount) for due_at, amount in waiting.items() if amount)


def _counted(row: tuple[int, int, UUID | None, int, dt.datetime, UUID | None, str]) -> Line:
    part, channel, scheme_id, amount, due_at, payout_id, state = row
    return Line(Part(part), Channel(channel), scheme_id, amount, due_at, payout_id, state)


def _expected(row: tuple[int, int, UUID | None, int], business_date: dt.date) -> Line:
    part, channel, scheme_id = Part(row[0]), Channel(row[1]), row[2]
    version = SchemeVersion.objects.filter(scheme_id=scheme_id).order_by("-number").first() if scheme_id else None
    rules = schemes.compiled(version.id).settlement if version else None
    due_at = slices.due_at(rules=rules, part=part, channel=channel, business_date=business_date)
    return Line(part, channel, scheme_id, int(row[3]), due_at, None, "open")


def _order(line: Line) -> tuple[dt.datetime, int, int, str]:
    return line.due_at, line.part, line.channel, str(line.scheme_id)
