"""Ten digits that a till shows under its QR, for whoever cannot scan: typed in, they find the same charge.

They are the last 32 bits of the charge's id, which are random. Within the five minutes of a charge's life nobody
guesses another's; who mistypes sees the name of another shop, or more likely none.
"""

import datetime as dt
from typing import Final
from uuid import UUID

from django.db.models import TextField
from django.db.models.functions import Cast, Right

from merchants import charges
from merchants.looking import ChargeUnknown
from merchants.models import Charge

DIGITS: Final = 10
_HEX: Final = 8
_LARGEST: Final = 0xFFFF_FFFF


def of(charge_id: UUID) -> str:
    """Return the digits of a charge."""
    return f"{charge_id.int & _LARGEST:0{DIGITS}d}"


def payload(*, code: str, at: dt.datetime) -> str:
    """Return the QR payload of the newest charge that has these digits, as if it had been scanned.

    :raises ChargeUnknown: no charge has them, or only one that ran out more than a day ago.
    """
    number = int(code)
    if number > _LARGEST:
        raise ChargeUnknown
    ending = Right(Cast("id", output_field=TextField()), _HEX)
    lately = Charge.objects.filter(expires_at__gt=at - dt.timedelta(days=1))
    found = lately.alias(ending=ending).filter(ending=f"{number:0{_HEX}x}").order_by("-asked_at").first()
    if found is None:
        raise ChargeUnknown
    return charges.payload(found)
