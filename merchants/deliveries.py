"""What is promised and not delivered yet: the holds of a shop, and those that keep a citizen's money at present."""

import datetime as dt
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db.models import Exists, F, OuterRef

from merchants import holds, typed_codes
from merchants.holds import Standing
from merchants.models import Charge, Hold, HoldSoFar

# More than one citizen waits for at once; older ones stand in their history.
MOST_AWAITED: Final = 20


@dataclass(frozen=True, slots=True)
class Delivery:
    """A hold as the shop knows it.

    :ivar note: what the cashier wrote down, for the shop alone: whose it is, which table.
    :ivar digits: what stood below its QR, and stands on the customer's phone.
    """

    standing: Standing
    note: str
    digits: str


def of_shop(
    *, merchant_id: UUID, at_most: int, at: dt.datetime, only_open: bool = False, before: UUID | None = None
) -> list[Delivery]:
    """Return a shop's holds, newest first: only those of which something is left, only those older than `before`."""
    rows = Hold.objects.filter(merchant_id=merchant_id)
    if only_open:
        left = HoldSoFar.objects.filter(
            owner_id=OuterRef("owner_id"), hold_id=OuterRef("id"), price__gt=F("captured") + F("released")
        )
        rows = rows.filter(Exists(left), expires_at__gt=at)
    if before is not None:
        rows = rows.filter(id__lt=before)
    return _known(holds.standings(rows.order_by("-id")[:at_most], at=at))


def one_of_shop(*, merchant_id: UUID, hold_id: UUID, at: dt.datetime) -> Delivery:
    """Return one of a shop's holds.

    :raises HoldUnknown: it does not exist, or is another shop's.
    """
    hold = holds.of_shop(merchant_id=merchant_id, hold_id=hold_id)
    return _known([holds.standing(hold, at=at)])[0]


def one_of_citizen(*, citizen_id: UUID, hold_id: UUID, at: dt.datetime) -> Delivery:
    """Return one of a citizen's own holds.

    :raises HoldUnknown: it does not exist, or is somebody else's.
    """
    hold = holds.of_citizen(citizen_id=citizen_id, hold_id=hold_id)
    return _known([holds.standing(hold, at=at)])[0]


def awaited(*, citizen_id: UUID, at: dt.datetime) -> list[Standing]:
    """Return what keeps some of a citizen's money at present, what ends first first."""
    kept = HoldSoFar.objects.filter(owner_id=citizen_id, price__gt=F("captured") + F("released"))
    ids = list(kept.order_by("expires_at").values_list("hold_id", flat=True)[:MOST_AWAITED])
    return holds.standings(Hold.objects.filter(owner_id=citizen_id, id__in=ids).order_by("expires_at"), at=at)


def _known(standings: list[Standing]) -> list[Delivery]:
    wanted = [standing.hold.charge_id for standing in standings]
    notes = dict(Charge.objects.filter(id__in=wanted).values_list("id", "note"))
    return [
        Delivery(standing, notes[standing.hold.charge_id], typed_codes.of(standing.hold.charge_id))
        for standing in standings
    ]
