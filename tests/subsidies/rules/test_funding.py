"""What the State pays of one sale, before caps."""

import pytest

from subsidies.rules.caps import FactMissing
from subsidies.rules.conditions import Facts
from subsidies.rules.funding import Bounds, NoRateApplies, PriceTooLarge, PriceTooSmall, Rates, Steps
from tests.subsidies.trying import bangkok

NOON = Facts(at=bangkok(11, 3), tier="general")


def test_the_first_rate_that_applies_counts():
    rates = Rates(((lambda facts: facts.tier == "filer", 6_000), (None, 5_000)))

    assert rates.exact(99_01, NOON) == 99_01 * 5_000
    assert rates.exact(99_01, NOON._replace(tier="filer")) == 99_01 * 6_000
    with pytest.raises(NoRateApplies):
        Rates(rates.cases[:1]).exact(99_01, NOON)


def test_steps_pay_a_sum_from_a_price_on_and_never_more_than_the_price():
    steps = Steps(((40_00, 50_00), (100_00, 60_00)))

    assert [steps.exact(price, NOON) // 10_000 for price in (40_00, 99_99, 100_00)] == [40_00, 50_00, 60_00]
    with pytest.raises(PriceTooSmall) as refused:
        steps.exact(39_99, NOON)
    assert refused.value.facts == {"at_least_satang": 40_00}


def test_a_step_may_be_paid_for_each_litre_and_never_more_than_the_price():
    each_litre = Steps(((0, 61),), times="units")
    forty = NOON._replace(sale={"units": 40})

    assert each_litre.exact(104_00, forty) == 24_40 * 10_000
    assert each_litre.exact(20_00, forty) == 20_00 * 10_000
    with pytest.raises(FactMissing):
        each_litre.exact(104_00, NOON)


def test_both_bounds_are_still_inside():
    bounds = Bounds(25_00, 315_00)
    bounds.must_allow(25_00)
    bounds.must_allow(315_00)

    with pytest.raises(PriceTooSmall):
        bounds.must_allow(24_99)
    with pytest.raises(PriceTooLarge) as refused:
        bounds.must_allow(315_01)
    assert refused.value.facts == {"at_most_satang": 315_00}
