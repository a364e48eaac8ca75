"""What Malee's tills took and gave back over some days, till by till."""

import pytest
from pytest_django import DjangoAssertNumQueries

from merchants import branches, takings, tills
from tests.cast import NOON, STAGE_HAND, Citizen, Stage, Stall, buy
from tests.counter import give_back

pytestmark = pytest.mark.django_db

FRIDAY = NOON.date()


@pytest.fixture
def nok(stage: Stage) -> Citizen:
    return stage.citizen("nok", cash_satang=500_00)


def second_till(malee: Stall, name: str) -> Stall:
    """Return the same stall at another till, of the branch in the market."""
    branch = branches.add(merchant=malee.merchant, name="the market", facts={}, actor=STAGE_HAND, at=NOON)
    till, secret = tills.add(merchant=malee.merchant, name=name, branch=branch, actor=STAGE_HAND, at=NOON)
    return Stall("malee", malee.merchant, till, secret)


def test_each_till_that_did_anything_has_its_sums(stage: Stage, nok: Citizen) -> None:
    malee = stage.stall("malee")
    market, gone = second_till(malee, "till 2"), second_till(malee, "till 3")
    buy(nok, malee, 10_00)
    paid = buy(nok, market, 60_00)
    give_back(malee, paid, 20_00)
    buy(nok, stage.stall("prasert"), 70_00)
    rows = takings.by_till(merchant_id=malee.merchant.id, since=FRIDAY, until=FRIDAY)
    assert {each.till.name: (each.payments, each.price, each.refunds, each.net) for each in rows} == {
        "till 1": (1, 10_00, 0, 10_00),
        "till 2": (1, 60_00, 1, 40_00),
    }
    sums = takings.sums(merchant_id=malee.merchant.id, since=FRIDAY, until=FRIDAY)
    assert (sums.payments, sums.price, sums.citizen, sums.state, sums.refunded, sums.net) == (
        2,
        70_00,
        70_00,
        0,
        20_00,
        50_00,
    )
    nothing = takings.sums(merchant_id=malee.merchant.id, since=FRIDAY, until=FRIDAY, till_ids=[gone.till.id])
    assert (nothing.payments, nothing.net) == (0, 0)


@pytest.mark.parametrize("rows", [1, 3])
def test_sums_by_till_are_three_queries(
    stage: Stage, nok: Citizen, rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    malee = stage.stall("malee")
    for number in range(rows):
        buy(nok, second_till(malee, f"till {number}"), 10_00)
    with django_assert_num_queries(3):
        found = takings.by_till(merchant_id=malee.merchant.id, since=FRIDAY, until=FRIDAY)
        assert [each.till.branch is not None for each in found] == [True] * rows
