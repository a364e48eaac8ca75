"""Workers count the same minutes at once: each payment is in the day's figures once."""

import datetime as dt
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from settlement import tallies
from settlement.tallies import Sold
from tests.cast import PLUS, Stage, buy
from tests.races.at_once import at_once
from tests.settlement.market import FRIDAY

pytestmark = pytest.mark.django_db(transaction=True)

SO_OFTEN = 6


def test_a_payment_is_counted_once_by_however_many_workers(stage: Stage) -> None:
    malee = stage.stall("malee")
    count = partial(tallies.count, behind=dt.timedelta())
    for day_part in ("morning", "noon", "evening"):
        buyers = [
            stage.citizen(f"{day_part} {number}", cash_satang=100_00, enrolled=PLUS) for number in range(SO_OFTEN)
        ]
        acts: list[Callable[[], Any]] = [partial(buy, someone, malee, 10_00) for someone in buyers]
        assert [each for each in at_once(acts) if isinstance(each, Exception)] == []
        assert [each for each in at_once([count] * SO_OFTEN) if isinstance(each, Exception)] == []
    bought = 3 * SO_OFTEN
    assert tallies.so_far(business_date=FRIDAY) == Sold(payments=bought, citizen=bought * 5_00, state=bought * 5_00)
