"""The zero-sum certificate: what we owe, what was sent and what the bank moved, side by side, to the satang."""

import datetime as dt
from dataclasses import dataclass
from typing import Final

from django.db import connection

from settlement.models import Batch
from wallet.accounts import AccountKind
from wallet.models import DaySeal
from wallet.money import Satang

BALANCES: Final = """
    SELECT kind, sum(change)::bigint FROM (
        SELECT kind, money_in - money_out AS change FROM wallet_daytotal WHERE business_date <= %(sealed)s
         UNION ALL SELECT to_kind, amount FROM wallet_transfer WHERE business_date > %(sealed)s
         UNION ALL SELECT from_kind, -amount FROM wallet_transfer WHERE business_date > %(sealed)s
    ) leg GROUP BY kind ORDER BY kind
"""

THREE_WAY: Final = """
    SELECT coalesce(sum(payout.amount), 0),
           coalesce(sum(payout.amount) FILTER (WHERE decision.verdict = 'approved'), 0),
           (SELECT coalesce(sum(amount), 0) FROM settlement_bankfile WHERE batch_id = %(batch)s),
           coalesce(sum(payout.amount) FILTER (WHERE answer = 'confirmed'), 0),
           coalesce(sum(payout.amount) FILTER (WHERE answer = 'returned'), 0)
      FROM settlement_payout payout
      LEFT JOIN settlement_decision decision ON decision.batch_id = payout.batch_id
      LEFT JOIN settlement_payoutconfirmation confirmed ON confirmed.payout_id = payout.id
      LEFT JOIN settlement_payoutreturn returned ON returned.payout_id = payout.id
     CROSS JOIN LATERAL (SELECT CASE WHEN returned.payout_id IS NOT NULL THEN 'returned'
                                     WHEN confirmed.payout_id IS NOT NULL THEN 'confirmed' END) AS said (answer)
     WHERE payout.batch_id = %(batch)s
"""


@dataclass(frozen=True, slots=True)
class ThreeWay:
    """One batch as our payouts, our bank files and the bank's statements have it, in satang.

    `sent` = `in_files` once all files are written; `sent` = `confirmed` + `returned` + `unanswered` always.
    """

    payouts: Satang
    sent: Satang
    in_files: Satang
    confirmed: Satang
    returned: Satang

    @property
    def unanswered(self) -> Satang:
        """What was sent and is neither confirmed nor returned."""
        return self.sent - self.confirmed - self.returned


def balances() -> dict[AccountKind, Satang]:
    """Return what all accounts of each kind hold together, now; over all kinds it sums to zero.

    Sealed days are read by their totals.
    """
    sealed = DaySeal.objects.order_by("-business_date").values_list("business_date", flat=True).first()
    with connection.cursor() as cursor:
        cursor.execute(BALANCES, {"sealed": sealed or dt.date.min})
        return {AccountKind(kind): int(balance) for kind, balance in cursor.fetchall()}


def carried_forward_total() -> Satang:
    """Return what merchants have earned and the bank has not confirmed: payable and in-transit, less what they owe."""
    held = balances()
    return held.get(AccountKind.PAYABLE, 0) + held.get(AccountKind.IN_TRANSIT, 0)


def three_way(*, batch: Batch) -> ThreeWay:
    """Return one batch as payouts, bank files and statements have it."""
    with connection.cursor() as cursor:
        cursor.execute(THREE_WAY, {"batch": batch.id})
        return ThreeWay(*map(int, cursor.fetchone()))
