"""What spending earns."""

from datetime import timedelta

import pytest

from subsidies.rules.bands import Bands
from subsidies.rules.calendar import LIFETIME, Calendar
from subsidies.rules.caps import Cap, CapUse, DailyRightUsedUp, FactMissing
from subsidies.rules.conditions import Facts
from subsidies.rules.earning import EARNED, Earning
from subsidies.rules.funding import Steps
from subsidies.rules.periods import Period
from tests.subsidies.trying import bangkok

BANGKOK = Calendar(zone="Asia/Bangkok")
BANDS = Bands(((40_000_00, 1_000), (60_000_00, 1_500)))
DAY = Cap(code="counted-day", counts="spend", limit=5_000_00, per="day", period=Period(kind="day", calendar=BANGKOK))
NOON = Facts(at=bangkok(11, 3))
TODAY = ("counted-day", bangkok(11, 4, 0))


def rule(**more):
    fields = {
        "starts_at": bangkok(11, 1, 0),
        "ends_at": bangkok(12, 1, 0),
        "period": Period(kind="scheme", calendar=BANGKOK),
        "worth": BANDS,
        "at_most": 7_000_00,
        **more,
    }
    return Earning(**fields)


def test_five_thousand_a_day_count_whatever_was_really_spent():
    earning = rule(caps=(DAY,))

    assert earning.count(6_000_00, used={}, facts=NOON) == (
        [CapUse(*TODAY, 5_000_00), CapUse(EARNED, LIFETIME, 5_000_00)],
        DAY,
    )
    uses, cut = earning.count(100_00, used={TODAY: 5_000_00}, facts=NOON)
    assert uses == []
    assert isinstance(earning.used_up(NOON, cut), DailyRightUsedUp)


def test_before_and_after_its_time_nothing_counts():
    assert rule().count(100_00, used={}, facts=Facts(at=bangkok(10, 31))) == ([], None)
    assert rule().count(100_00, used={}, facts=Facts(at=bangkok(12, 1, 0))) == ([], None)


def test_what_is_earned_is_marginal_and_never_more_than_the_most():
    assert [rule().earned(spent, person={}) for spent in (40_000_00, 60_000_00, 70_000_00)] == [
        4_000_00,
        7_000_00,
        7_000_00,
    ]
    assert rule(at_most=5_000_00).earned(60_000_00, person={}) == 5_000_00


def test_where_only_an_increase_counts_the_base_must_be_known():
    over = rule(worth=Bands(((None, 1_000),)), over_bp=10_300, at_most=100_000_00)

    assert over.earned(200_00, person={"base_spend_satang": 100_00}) == 9_70
    assert over.earned(103_00, person={"base_spend_satang": 100_00}) == 0
    assert over.earned(200_00, person={}) == 0


def test_each_sale_may_earn_for_the_next_one_until_the_most_is_earned():
    steps = Steps(((100_00, 10_00), (300_00, 50_00)))
    match = rule(period=None, worth=steps, at_most=60_00)

    assert match.count(99_99, used={}, facts=NOON) == ([], None)
    assert match.count(350_00, used={}, facts=NOON)[0] == [CapUse(EARNED, LIFETIME, 50_00)]
    assert match.count(350_00, used={(EARNED, LIFETIME): 50_00}, facts=NOON)[0] == [CapUse(EARNED, LIFETIME, 10_00)]
    assert match.earned(60_00, person={}) == 60_00


def test_a_sale_may_earn_more_in_the_evening_and_for_each_who_eats_up_to_ten():
    evening = lambda facts: facts.at >= bangkok(11, 3, 15)  # noqa: E731  a condition, as a document compiles to one
    points = rule(
        period=None, worth=Steps(((0, 500_00), (0, 1_000_00))), cases=(None, evening), times=("covers", 10),
        at_most=50_000_00,
    )  # fmt: skip

    def earned(at, covers):
        return points.count(30_000_00, used={}, facts=Facts(at=at, sale={"covers": covers}))[0][-1].amount

    lunch, dinner = bangkok(11, 3, 12), bangkok(11, 3, 19)
    assert [earned(lunch, 1), earned(lunch, 4), earned(dinner, 4)] == [500_00, 2_000_00, 4_000_00]
    assert [earned(dinner, 10), earned(dinner, 30)] == [10_000_00, 10_000_00]
    with pytest.raises(FactMissing):
        points.count(30_000_00, used={}, facts=Facts(at=dinner))


def test_it_is_paid_on_the_next_named_day_or_so_long_after_the_period():
    named = rule(pays_at=(bangkok(11, 7), bangkok(12, 7)))
    monthly = rule(period=Period(kind="month", calendar=BANGKOK), wait=timedelta(days=15))

    assert named.paid_at(counted_at=bangkok(11, 3)) == bangkok(11, 7)
    assert named.paid_at(counted_at=bangkok(11, 7)) == bangkok(12, 7)
    assert named.paid_at(counted_at=bangkok(12, 7)) is None
    assert monthly.paid_at(counted_at=bangkok(11, 3)) == bangkok(12, 16, 0)
    assert rule(period=None).paid_at(counted_at=bangkok(11, 3)) == bangkok(11, 3)
    assert (named.is_due(LIFETIME, bangkok(11, 6)), named.is_due(LIFETIME, bangkok(11, 7))) == (False, True)
    assert (monthly.is_due(bangkok(12, 1, 0), bangkok(12, 15)), monthly.is_due(bangkok(12, 1, 0), bangkok(12, 16))) == (
        False,
        True,
    )
    assert rule(period=None).is_due(LIFETIME, bangkok(11, 3))


def test_the_most_is_for_each_period():
    assert rule().largest == 7_000_00
    assert rule(period=None).largest == 7_000_00
    assert rule(period=Period(kind="month", calendar=BANGKOK), ends_at=bangkok(12, 31)).largest == 14_000_00
