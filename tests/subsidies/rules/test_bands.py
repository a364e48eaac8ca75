"""Marginal rates."""

import pytest

from subsidies.rules.bands import Bands

# ยิ่งใช้ยิ่งได้: 10 % up to 40,000 and 15 % of the part above it up to 60,000 (register rows 35, 37 and 40).
YING_CHAI = Bands(((40_000_00, 1_000), (60_000_00, 1_500)))


@pytest.mark.parametrize(
    ("spent", "earned"),
    [
        (0, 0),
        (100_00, 10_00),
        (40_000_00, 4_000_00),
        (46_000_00, 4_900_00),
        (60_000_00, 7_000_00),
        (70_000_00, 7_000_00),
    ],
)
def test_each_band_pays_for_its_own_part_and_nothing_above_the_last(spent, earned):
    assert YING_CHAI.exact(spent) == earned * 10_000


def test_a_last_band_without_an_end_goes_on():
    assert Bands(((100, 0), (None, 2_000))).exact(350) == 250 * 2_000
