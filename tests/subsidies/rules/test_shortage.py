"""A purse that has too little."""

import pytest

from subsidies.rules.caps import RightUsedUp
from subsidies.rules.shortage import RightShort, Shortage


def test_the_state_pays_what_is_left():
    assert Shortage().share(100_00, left=100_00) == 100_00
    assert Shortage().share(100_00, left=99_99) == 99_99


def test_a_scheme_that_does_not_pay_in_part_refuses():
    with pytest.raises(RightShort) as refused:
        Shortage(refuses=True).share(100_00, left=99_99)

    assert refused.value.facts == {"left_satang": 99_99, "wanted_satang": 100_00}


@pytest.mark.parametrize("refuses", [True, False])
def test_an_empty_purse_pays_nothing_under_either_rule(refuses):
    with pytest.raises(RightUsedUp):
        Shortage(refuses=refuses).share(100_00, left=0)
