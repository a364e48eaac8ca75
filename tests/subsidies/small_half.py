"""The small scheme of two places, five hundred baht each, and what its ministry thinks of next."""

import datetime as dt
from collections.abc import Mapping

from tests.properties.stalls import SMALL_HALF
from wallet.clock import BANGKOK

CODE = "small-half"
ALL_SAINTS = dt.datetime(2025, 11, 1, 0, 0, tzinfo=BANGKOK)

SAME: Mapping[str, str] = {}
# From half up to two hundred baht a day to six tenths up to three hundred.
MORE_GENEROUS = {
    "rate_bp = 5_000": "rate_bp = 6_000",
    "limit_satang = 200_00": "limit_satang = 300_00",
    "state_satang = 150_00, citizen_satang = 150_01": "state_satang = 180_00, citizen_satang = 120_01",
    "state_satang = 50_00, citizen_satang = 250_00": "state_satang = 120_00, citizen_satang = 180_00",
}
# From two hundred baht a day to fifty; then nothing is left of the second example's day.
MEANER = {
    "limit_satang = 200_00": "limit_satang = 50_00",
    "state_satang = 150_00, citizen_satang = 150_01": "state_satang = 50_00, citizen_satang = 250_01",
    "state_satang = 50_00, citizen_satang = 250_00": 'refused = "daily_right_used_up"',
}


def next_version(*, from_: dt.datetime, number: int = 2, saying: Mapping[str, str] = SAME) -> str:
    """Return the next version of the small scheme, which holds from then on and says some things otherwise."""
    return changed(
        {
            "version = 1": f"version = {number}",
            "effective_at = 2025-10-20T06:00:00+07:00": f"effective_at = {from_.isoformat()}",
            **saying,
        }
    )


def changed(changes: Mapping[str, str]) -> str:
    """Return the small scheme's document with each of these texts replaced once."""
    document = SMALL_HALF
    for old, new in changes.items():
        assert document.count(old) == 1, old
        document = document.replace(old, new)
    return document
