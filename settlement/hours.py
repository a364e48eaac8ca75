"""What was spent in each hour of a business date, by who paid it."""

import datetime as dt
from dataclasses import dataclass
from typing import Final

from django.db.models import Q, Sum
from django.db.models.functions import ExtractHour

from wallet.clock import BANGKOK
from wallet.models import Part, Transfer, TransferKind
from wallet.money import Satang

HOURS_OF_A_DAY: Final = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class Hour:
    """An hour in Bangkok, from 0 to 23, and what was paid in it, in satang. What was given back is not taken off."""

    hour: int
    citizen: Satang
    state: Satang

    @property
    def whole(self) -> Satang:
        """What shops asked for."""
        return self.citizen + self.state


def spent(*, business_date: dt.date) -> list[Hour]:
    """Return the 24 hours of a business date. If it was closed late, what came after midnight is in its first hours."""
    paid = (
        Transfer.objects.filter(business_date=business_date, kind=TransferKind.PAYMENT)
        .values(hour=ExtractHour("occurred_at", tzinfo=BANGKOK))
        .annotate(
            citizen=Sum("amount", filter=Q(part=Part.CITIZEN), default=0),
            state=Sum("amount", filter=Q(part=Part.STATE), default=0),
        )
    )
    found = {row["hour"]: row for row in paid}
    return [
        Hour(hour=hour, citizen=int(row["citizen"]), state=int(row["state"]))
        for hour in range(HOURS_OF_A_DAY)
        for row in [found.get(hour, {"citizen": 0, "state": 0})]
    ]
