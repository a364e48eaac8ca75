"""The full price now, the State's share later."""

from datetime import time

import pytest

from subsidies.rules.calendar import Calendar
from subsidies.rules.caps import FactMissing
from subsidies.rules.pays_back import PaysBack
from tests.subsidies.trying import bangkok

BANGKOK = Calendar(zone="Asia/Bangkok")


@pytest.mark.parametrize(
    ("ends_on", "pays_at"),
    [
        ("2025-11-14", bangkok(11, 15, 10)),
        ("2025-11-15", bangkok(11, 15, 10)),
        ("2025-11-16", bangkok(11, 30, 10)),
        ("2025-12-31", bangkok(1, 15, 10, year=2026)),
    ],
)
def test_a_flight_is_paid_back_on_the_fifteenth_or_thirtieth_after_check_out(ends_on, pays_at):
    rule = PaysBack(BANGKOK, (15, 30), time(10), after_end=True)

    assert rule.pays_at(paid_at=bangkok(11, 3), sale={"ends_on": ends_on}) == pays_at
    with pytest.raises(FactMissing):
        rule.pays_at(paid_at=bangkok(11, 3), sale={})


def test_without_an_end_the_days_count_from_the_payment_and_never_backwards():
    rule = PaysBack(BANGKOK, (15, 30), time(10), wait_days=7)

    assert rule.pays_at(paid_at=bangkok(11, 3), sale={}) == bangkok(11, 15, 10)
    assert rule.pays_at(paid_at=bangkok(11, 9), sale={}) == bangkok(11, 30, 10)
    assert PaysBack(BANGKOK, (15,), time(10)).pays_at(paid_at=bangkok(11, 15, 11), sale={}) == bangkok(12, 15, 10)
