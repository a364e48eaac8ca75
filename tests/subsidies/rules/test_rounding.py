"""Who bears what does not divide."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subsidies.rules.rounding import RoundingRule
from wallet.money import Rounding


@pytest.mark.parametrize(
    ("mode", "unit", "exact", "share"),
    [
        (Rounding.DOWN, 1, 49_505_000, 49_50),
        (Rounding.UP, 1, 49_500_001, 49_51),
        (Rounding.HALF_UP, 1, 49_505_000, 49_51),
        (Rounding.HALF_UP, 1, 49_504_999, 49_50),
        (Rounding.DOWN, 1_00, 49_990_000, 49_00),
        (Rounding.UP, 1_00, 49_010_000, 50_00),
        # Half of a baht, seen once: 49.5 satang are not first made 50.
        (Rounding.HALF_UP, 1_00, 495_000, 0),
        (Rounding.HALF_UP, 1_00, 500_000, 1_00),
    ],
)
def test_a_share_is_rounded_once_to_its_unit_and_side(mode, unit, exact, share):
    assert RoundingRule(unit, mode).share(exact, at_most=1_000_00) == share


def test_rounding_up_never_passes_a_cap():
    assert RoundingRule(1_00, Rounding.UP).share(200_00 * 10_000, at_most=199_50) == 199_00


@given(
    mode=st.sampled_from(Rounding),
    unit=st.integers(1, 1_000_00),
    exact=st.integers(0, 10**12),
    at_most=st.integers(0, 10**8),
)
def test_every_share_is_a_multiple_of_the_unit_below_its_ceiling_and_within_a_unit_of_exact(mode, unit, exact, at_most):
    share = RoundingRule(unit, mode).share(exact, at_most=at_most)

    assert share % unit == 0
    assert 0 <= share <= at_most
    assert abs(min(exact, at_most * 10_000) - share * 10_000) < unit * 10_000
