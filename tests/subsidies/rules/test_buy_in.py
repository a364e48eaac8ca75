"""Buying in at a premium."""

import pytest

from subsidies.rules.buy_in import BuyIn, BuyInOver, BuyInUsedUp
from tests.subsidies.trying import bangkok

TRIPLE = BuyIn(pays=1_000_00, gets=3_000_00, times=1, until=bangkok(12, 1, 0))


def test_a_thousand_of_ones_own_and_two_of_the_state_go_into_the_purse():
    assert TRIPLE.parts(times_before=0, at=bangkok(11, 30)) == (1_000_00, 2_000_00)


def test_a_second_time_and_too_late_are_refused():
    with pytest.raises(BuyInUsedUp):
        TRIPLE.parts(times_before=1, at=bangkok(11, 30))
    with pytest.raises(BuyInOver):
        TRIPLE.parts(times_before=0, at=bangkok(12, 1, 0))
