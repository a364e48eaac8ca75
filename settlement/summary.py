"""All that was ever paid, given back, paid out and is still owed, in one picture that must add up.

`price` = `citizen` + `state`, and `price` - `refunded` = `paid_out` + `carried_forward`: what came into the merchants'
accounts either lies at their bank, or is still owed.
"""

from dataclasses import dataclass

from django.db.models import Count, Q, Sum

from merchants.models import Payment
from settlement import certificate
from settlement.models import Discrepancy, Payout, Verdict
from wallet.models import RefusalRecord, Transfer, TransferKind
from wallet.money import Satang


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


def all_books() -> Summary:
    """Return the picture as it is now."""
    paid = Payment.objects.aggregate(
        payments=Count("id"), price=Sum("price"), citizen=Sum("citizen_share"), state=Sum("state_share")
    )
    moved = Transfer.objects.aggregate(
        refunded=Sum("amount", filter=Q(kind=TransferKind.REFUND)),
        confirmed=Sum("amount", filter=Q(kind=TransferKind.PAYOUT_CONFIRMED)),
        came_back=Sum("amount", filter=Q(kind=TransferKind.PAYOUT_RETURNED_LATE)),
    )
    return Summary(
        payments=paid["payments"],
        refusals=RefusalRecord.objects.count(),
        price=int(paid["price"] or 0),
        citizen=int(paid["citizen"] or 0),
        state=int(paid["state"] or 0),
        refunded=int(moved["refunded"] or 0),
        payouts=Payout.objects.filter(batch__decision__verdict=Verdict.APPROVED).count(),
        paid_out=int(moved["confirmed"] or 0) - int(moved["came_back"] or 0),
        carried_forward=certificate.carried_forward_total(),
        discrepancies=Discrepancy.objects.filter(resolution__isnull=True).count(),
    )
