"""All that was ever paid, given back, paid out and is still owed, in one picture that must add up.

`price` = `citizen` + `state`, and `price` - `refunded` = `paid_out` + `carried_forward`: what came into the merchants'
accounts either lies at their bank, or is still owed. Days that are counted for reports were summed with that, once; of
the others, the open one above all, the transfers are read.
"""

from dataclasses import dataclass
from typing import Final, NamedTuple

from django.db import connection
from django.db.models import Sum

from settlement import certificate
from settlement.models import Batch, Discrepancy, Verdict
from wallet.models import RefusalRecord, TransferKind
from wallet.money import Satang

MOVED: Final = """
    SELECT business_date, kind, count(DISTINCT cause) AS acts, sum(amount)::bigint AS amount,
           coalesce(sum(amount) FILTER (WHERE part = 1), 0)::bigint AS citizen,
           coalesce(sum(amount) FILTER (WHERE part = 2), 0)::bigint AS state
      FROM wallet_transfer
"""
SUM_DAY: Final = f"""
    INSERT INTO settlement_daymoved (business_date, kind, acts, amount, citizen, state)
    {MOVED} WHERE business_date = %(date)s GROUP BY 1, 2
"""
# One statement, one snapshot: a day that is being summed is in one of the two parts and never in both. Days are counted
# in order, so that all after the last one are still to be read.
ALL: Final = f"""
    SELECT kind, sum(acts)::bigint, sum(amount)::bigint, sum(citizen)::bigint, sum(state)::bigint FROM (
        SELECT business_date, kind, acts, amount, citizen, state FROM settlement_daymoved
         UNION ALL
        {MOVED} WHERE business_date > (SELECT coalesce(max(business_date), '-infinity') FROM settlement_reportday)
         GROUP BY 1, 2
    ) moved GROUP BY kind
"""  # noqa: S608  likewise


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """Amounts in satang, over all days.

    :ivar payouts: how many were sent to the bank, `paid_out` what the bank has moved of them and not given back.
    :ivar carried_forward: what merchants have earned and the bank has not confirmed.
    :ivar discrepancies: how many are open.
    """

    payments: int
    refusals: int
    price: Satang
    citizen: Satang
    state: Satang
    refunded: Satang
    payouts: int
    paid_out: Satang
    carried_forward: Satang
    discrepancies: int


class _Moved(NamedTuple):
    acts: int = 0
    amount: Satang = 0
    citizen: Satang = 0
    state: Satang = 0


def all_books() -> Summary:
    """Return the picture as it is now."""
    with connection.cursor() as cursor:
        cursor.execute(ALL)
        moved = {kind: _Moved(*map(int, sums)) for kind, *sums in cursor.fetchall()}
    sold = [moved.get(kind, _Moved()) for kind in (TransferKind.PAYMENT, TransferKind.CAPTURE)]
    approved = Batch.objects.filter(decision__verdict=Verdict.APPROVED)
    return Summary(
        payments=sum(each.acts for each in sold),
        refusals=RefusalRecord.objects.count(),
        price=sum(each.amount for each in sold),
        citizen=sum(each.citizen for each in sold),
        state=sum(each.state for each in sold),
        refunded=moved.get(TransferKind.REFUND, _Moved()).amount,
        payouts=approved.aggregate(sent=Sum("payouts", default=0))["sent"],
        paid_out=moved.get(TransferKind.PAYOUT_CONFIRMED, _Moved()).amount
        - moved.get(TransferKind.PAYOUT_RETURNED_LATE, _Moved()).amount,
        carried_forward=certificate.carried_forward_total(),
        discrepancies=Discrepancy.objects.filter(resolution__isnull=True).count(),
    )
