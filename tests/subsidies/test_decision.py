"""One sale, decided: who pays what, and why."""

import pytest

from subsidies.decision import (
    LIFETIME,
    CapUse,
    Line,
    NothingLeftToPay,
    NotWithOtherSchemes,
    Reason,
    Sale,
    decide,
)
from subsidies.rules.caps import DailyRightUsedUp, FactMissing, PeriodRightUsedUp, RightUsedUp
from subsidies.rules.first_use import FirstUseMissed
from subsidies.rules.funding import PriceTooSmall
from subsidies.rules.goods import GoodsNotAllowed
from subsidies.rules.windows import OutsideHours, SchemeEnded
from tests.subsidies.trying import bangkok, scheme, shared, somchai
from wallet.refusals import InvariantBroken

NOON = bangkok(11, 3)
DAY = {"code": "day", "per": "day", "limit_satang": 200_00}


def reckoned(amount, gives):
    told = {"scheme": "half-each", "amount_satang": amount, "gives_satang": gives, "rate_bp": 5_000, "percent": "50"}
    return Reason("rate_of_price", told)


def test_somchai_and_the_state_pay_half_each_and_somchai_the_odd_satang():
    split = decide(purses=[somchai(scheme())], sale=Sale(price=99_01), at=NOON)

    assert shared(split) == (49_51, [49_50])
    assert split.state == 49_50
    assert split.reasons == (reckoned(99_01, 49_50),)


def test_somchai_who_asks_no_scheme_pays_all_of_it_and_is_told_why():
    split = decide(purses=[], sale=Sale(price=100_00), at=NOON)

    assert shared(split) == (100_00, [])
    assert split.reasons == (Reason("own_money_only", {}),)


def test_what_somchai_used_today_is_counted_under_the_end_of_that_day():
    purse = somchai(scheme(caps=[DAY]))

    split = decide(purses=[purse], sale=Sale(price=500_00), at=NOON)

    assert shared(split) == (300_00, [200_00])
    assert split.shares[0].uses == (CapUse("day", bangkok(11, 4, 0), 200_00),)
    assert split.reasons == (
        reckoned(500_00, 250_00),
        Reason(
            "cap_reached",
            {
                "scheme": "half-each",
                "cap": "day",
                "limit_satang": 200_00,
                "left_satang": 200_00,
                "opens_at": "2025-11-03T17:00:00+00:00",
            },
        ),
    )


def test_a_daily_right_that_is_used_up_says_when_it_begins_anew():
    purse = somchai(scheme(caps=[DAY]), used={("day", bangkok(11, 4, 0)): 200_00})

    with pytest.raises(DailyRightUsedUp) as refused:
        decide(purses=[purse], sale=Sale(price=10_00), at=NOON)

    assert refused.value.facts == {
        "cap": "day",
        "limit_satang": 200_00,
        "opens_at": "2025-11-03T17:00:00+00:00",
        "scheme": "half-each",
        "others": [],
    }


def test_the_tightest_of_several_caps_holds_and_each_is_counted_on_its_own_clock():
    caps = [
        DAY,
        {"code": "week", "per": "week", "limit_satang": 300_00},
        {"code": "all", "per": "scheme", "limit_satang": 1_000_00},
        {"code": "bill", "per": "sale", "limit_satang": 180_00},
    ]
    used = {("week", bangkok(11, 9, 0)): 150_00, ("all", LIFETIME): 900_00}

    split = decide(purses=[somchai(scheme(caps=caps), used=used)], sale=Sale(price=1_000_00), at=NOON)

    assert shared(split) == (900_00, [100_00])
    assert split.shares[0].uses == (
        CapUse("day", bangkok(11, 4, 0), 100_00),
        CapUse("week", bangkok(11, 9, 0), 100_00),
        CapUse("all", LIFETIME, 100_00),
    )


@pytest.mark.parametrize(
    ("per", "ends_at", "refusal"),
    [("week", bangkok(11, 9, 0), PeriodRightUsedUp), ("scheme", LIFETIME, RightUsedUp)],
)
def test_caps_of_longer_periods_refuse_by_their_own_name(per, ends_at, refusal):
    of = scheme(caps=[{"code": "long", "per": per, "limit_satang": 500_00}])

    with pytest.raises(refusal):
        decide(purses=[somchai(of, used={("long", ends_at): 500_00})], sale=Sale(price=10_00), at=NOON)


def test_ten_pounds_for_each_diner_is_one_cap_on_the_bill():
    of = scheme(caps=[{"code": "diner", "per": "sale", "limit_satang": 10_00, "times": "sale.covers"}])

    assert shared(decide(purses=[somchai(of)], sale=Sale(price=100_00, facts={"covers": 4}), at=NOON)) == (
        60_00,
        [40_00],
    )
    with pytest.raises(FactMissing) as refused:
        decide(purses=[somchai(of)], sale=Sale(price=100_00), at=NOON)
    assert refused.value.facts["fact"] == "covers"


def test_payments_and_room_nights_cannot_be_cut_so_one_too_many_is_refused():
    nights = {"code": "nights", "counts": "fact", "fact": "sale.nights", "per": "scheme", "limit": 5}
    rights = {"code": "rights", "counts": "payments", "per": "scheme", "limit": 2}
    of = scheme(caps=[nights, rights])
    stay = Sale(price=3_000_00, facts={"nights": 2})

    split = decide(purses=[somchai(of, used={("nights", LIFETIME): 3})], sale=stay, at=NOON)
    assert split.shares[0].uses == (CapUse("rights", LIFETIME, 1), CapUse("nights", LIFETIME, 2))

    for used in ({("nights", LIFETIME): 4}, {("rights", LIFETIME): 2}):
        with pytest.raises(RightUsedUp):
            decide(purses=[somchai(of, used=used)], sale=stay, at=NOON)


def test_spend_above_the_counted_limit_gets_nothing_from_the_state():
    of = scheme(caps=[{"code": "spend", "counts": "spend", "per": "day", "limit_satang": 100_00}])

    split = decide(purses=[somchai(of)], sale=Sale(price=150_00), at=NOON)

    assert shared(split) == (100_00, [50_00])
    assert split.shares[0].uses == (CapUse("spend", bangkok(11, 4, 0), 100_00),)


def test_milk_is_covered_up_to_its_quantity_and_eggs_still_are_when_milk_is_used_up():
    of = scheme(
        funding={"rates": [{"rate_bp": 10_000}]},
        caps=[{"code": "milk", "counts": "quantity", "per": "month", "limit": 4, "goods": ["milk"]}],
    )
    bill = Sale(price=110_00, lines=(Line("milk", 90_00, quantity=3), Line("eggs", 20_00)))
    month = ("milk", bangkok(12, 1, 0))

    assert shared(decide(purses=[somchai(of)], sale=bill, at=NOON)) == (0, [110_00])
    assert shared(decide(purses=[somchai(of, used={month: 2})], sale=bill, at=NOON)) == (30_00, [80_00])
    assert shared(decide(purses=[somchai(of, used={month: 4})], sale=bill, at=NOON)) == (90_00, [20_00])
    with pytest.raises(PeriodRightUsedUp):
        decide(purses=[somchai(of, used={month: 4})], sale=Sale(price=30_00, lines=(Line("milk", 30_00),)), at=NOON)


def test_beer_on_the_bill_is_somchais_own():
    of = scheme(goods=[{"deny": ["alcohol"]}])
    bill = Sale(price=180_00, lines=(Line("food", 100_00), Line("alcohol", 80_00)))

    split = decide(purses=[somchai(of)], sale=bill, at=NOON)

    assert shared(split) == (130_00, [50_00])
    assert split.reasons == (
        Reason("goods_not_covered", {"scheme": "half-each", "amount_satang": 80_00}),
        reckoned(100_00, 50_00),
    )
    with pytest.raises(GoodsNotAllowed):
        decide(purses=[somchai(of)], sale=Sale(price=80_00, lines=(Line("alcohol", 80_00),)), at=NOON)


def test_the_last_of_the_right_is_paid_in_part_or_refused_as_the_scheme_says():
    assert shared(decide(purses=[somchai(scheme(), left=30_00)], sale=Sale(price=100_00), at=NOON)) == (70_00, [30_00])
    strict = scheme(shortage={"right": "refuse"})
    with pytest.raises(Exception, match="right_short"):
        decide(purses=[somchai(strict, left=30_00)], sale=Sale(price=100_00), at=NOON)
    with pytest.raises(RightUsedUp):
        decide(purses=[somchai(scheme(), left=0)], sale=Sale(price=100_00), at=NOON)


def test_a_price_too_small_to_share_is_refused_and_never_silently_somchais():
    with pytest.raises(PriceTooSmall):
        decide(purses=[somchai(scheme())], sale=Sale(price=1), at=NOON)


def test_a_cap_that_leaves_less_than_the_rounding_unit_is_used_up():
    of = scheme(caps=[DAY], rounding={"unit_satang": 1_00})
    purse = somchai(of, used={("day", bangkok(11, 4, 0)): 199_50})

    for price in (2_00, 100_00):
        with pytest.raises(DailyRightUsedUp):
            decide(purses=[purse], sale=Sale(price=price), at=NOON)
    with pytest.raises(PriceTooSmall):
        decide(purses=[purse], sale=Sale(price=1_99), at=NOON)


def test_a_right_that_was_not_used_in_time_is_lost_but_one_that_was_is_kept():
    of = scheme(first_use={"within_days": 14})
    joined = bangkok(11, 1)
    at = bangkok(11, 15)

    with pytest.raises(FirstUseMissed) as refused:
        decide(purses=[somchai(of, enrolled_at=joined)], sale=Sale(price=10_00), at=at)
    assert refused.value.facts["deadline_at"] == "2025-11-15T05:00:00+00:00"
    used = somchai(of, enrolled_at=joined, first_used_at=bangkok(11, 15, 11, 59))
    assert shared(decide(purses=[used], sale=Sale(price=10_00), at=at)) == (5_00, [5_00])


def test_several_purses_pay_one_after_another_of_what_is_still_unpaid():
    first = scheme(funding={"rates": [{"rate_bp": 5_000}], "combines": True})
    second = scheme(funding={"rates": [{"rate_bp": 10_000}], "combines": True})

    split = decide(purses=[somchai(first), somchai(second, number=2, left=30_00)], sale=Sale(price=100_00), at=NOON)

    assert shared(split) == (20_00, [50_00, 30_00])


def test_two_schemes_never_pay_for_the_same_line_twice():
    food = scheme(funding={"rates": [{"rate_bp": 10_000}], "combines": True}, goods=[{"allow": ["food"]}])
    rest = scheme(funding={"rates": [{"rate_bp": 10_000}], "combines": True}, goods=[{"deny": ["alcohol"]}])
    bill = Sale(price=180_00, lines=(Line("food", 100_00), Line("general", 50_00), Line("alcohol", 30_00)))

    split = decide(purses=[somchai(food), somchai(rest, number=2)], sale=bill, at=NOON)
    assert shared(split) == (30_00, [100_00, 50_00])

    split = decide(purses=[somchai(food), somchai(food, number=2)], sale=bill, at=NOON)
    assert shared(split) == (80_00, [100_00])
    assert [reason.code for reason in split.reasons] == ["goods_not_covered", "rate_of_price", NothingLeftToPay.code]


def test_a_scheme_that_does_not_combine_stands_aside_and_says_so():
    split = decide(purses=[somchai(scheme()), somchai(scheme(), number=2)], sale=Sale(price=100_00), at=NOON)

    assert shared(split) == (50_00, [50_00])
    assert split.reasons == (reckoned(100_00, 50_00), Reason(NotWithOtherSchemes.code, {"scheme": "half-each"}))

    sociable = scheme(funding={"rates": [{"rate_bp": 5_000}], "combines": True})
    for order in ([somchai(sociable), somchai(scheme(), number=2)], [somchai(scheme()), somchai(sociable, number=2)]):
        assert shared(decide(purses=order, sale=Sale(price=100_00), at=NOON)) == (50_00, [50_00])


def test_when_no_purse_pays_the_refusal_is_of_one_that_is_not_over_and_names_the_others():
    spend = {"starts_at": bangkok(10, 1), "ends_at": bangkok(10, 15)}
    over = scheme(spend={**spend, "hours": [{"channels": ["shop"], "opens": NOON.time(), "closes": NOON.time()}]})

    with pytest.raises(OutsideHours) as refused:
        decide(purses=[somchai(over), somchai(scheme())], sale=Sale(price=10_00), at=bangkok(11, 3, 23))

    assert refused.value.facts["opens_at"] == "2025-11-03T23:00:00+00:00"
    assert [other["code"] for other in refused.value.facts["others"]] == [SchemeEnded.code]


def test_a_bill_whose_lines_do_not_sum_to_its_price_is_never_decided():
    with pytest.raises(InvariantBroken):
        decide(purses=[somchai(scheme())], sale=Sale(price=100_00, lines=(Line("food", 99_00),)), at=NOON)


def test_a_new_version_changes_the_rate_and_keeps_what_the_day_has_used():
    before, after = scheme(caps=[DAY]), scheme(caps=[DAY], funding={"rates": [{"rate_bp": 6_000}]})
    morning = decide(purses=[somchai(before)], sale=Sale(price=300_00), at=NOON).shares[0]
    used = {(use.cap, use.ends_at): use.amount for use in morning.uses}

    evening = decide(purses=[somchai(after, used=used)], sale=Sale(price=300_00), at=bangkok(11, 3, 18))

    assert (morning.amount, shared(evening)) == (150_00, (250_00, [50_00]))
