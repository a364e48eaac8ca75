"""Shops, found by how their name begins in either script, or by their wallet number. Each is read from an index."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db.models import Q

from merchants.models import Merchant, Suspension
from merchants.qr import WALLET_PREFIX

# As many digits as tell a number from a name that begins with one.
WALLET_ID_DIGITS: Final = 15


@dataclass(frozen=True, slots=True)
class Listed:
    """A shop of a list, and why it may not take payments, if it may not."""

    shop: Merchant
    suspension: Suspension | None


def shops(*, words: str = "", suspended: bool = False, before: UUID | None = None, at_most: int) -> list[Listed]:
    """Return shops, the newest first.

    :param words: how their name begins, or their e-wallet id of fifteen digits; without words, all of them.
    :param suspended: only those that may not take payments now.
    :param before: only what joined before this shop.
    """
    rows = Merchant.objects.order_by("-id")
    if words:
        rows = rows.filter(_called(words))
    if suspended:
        rows = rows.filter(id__in=Suspension.objects.filter(lifted_at=None).values("merchant_id"))
    if before is not None:
        rows = rows.filter(id__lt=before)
    found = list(rows[:at_most])
    stopped = Suspension.objects.filter(lifted_at=None, merchant_id__in=[shop.id for shop in found])
    why = {suspension.merchant_id: suspension for suspension in stopped}
    return [Listed(shop, why.get(shop.id)) for shop in found]


def _called(words: str) -> Q:
    digits = words.replace("-", "").replace(" ", "")
    if len(digits) == WALLET_ID_DIGITS and digits.startswith(WALLET_PREFIX) and digits.isdecimal():
        return Q(wallet_number=int(digits.removeprefix(WALLET_PREFIX)))
    return Q(name__istartswith=words) | Q(name_en__istartswith=words)
