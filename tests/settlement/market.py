"""A market day that has ended: who sold what, the day closed and cut into slices."""

import datetime as dt

from settlement import days, slices
from tests.cast import NOON, Citizen, Stall, ask, confirm, terms_for
from wallet.clock import BANGKOK

FRIDAY = dt.date(2025, 10, 31)
MIDNIGHT = dt.datetime(2025, 11, 1, 0, 0, tzinfo=BANGKOK)


def end_of_day(*, business_date: dt.date = FRIDAY, at: dt.datetime = MIDNIGHT) -> int:
    """Close a day and write its slices; return how many."""
    days.close(at=at)
    return slices.write(business_date=business_date, at=at)


def sell(someone: Citizen, stall: Stall, satang: int, *, at: dt.datetime = NOON) -> None:
    """Let somebody pay all of a price themselves."""
    confirm(someone, terms_for(someone, ask(stall, satang, at=at), schemes_chosen=(), at=at), at=at)


TWO, HALF_PAST_FIVE = dt.datetime(2025, 11, 1, 2, 0, tzinfo=BANGKOK), dt.datetime(2025, 11, 1, 17, 30, tzinfo=BANGKOK)
