"""A market day that has ended: who sold what, the day closed and cut into slices."""

import datetime as dt

from settlement import days, slices
from wallet.clock import BANGKOK

FRIDAY = dt.date(2025, 10, 31)
MIDNIGHT = dt.datetime(2025, 11, 1, 0, 0, tzinfo=BANGKOK)


def end_of_day(*, business_date: dt.date = FRIDAY, at: dt.datetime = MIDNIGHT) -> int:
    """Close a day and write its slices; return how many."""
    days.close(at=at)
    return slices.write(business_date=business_date, at=at)
