"""One cap: what is left of it, and when there will be more."""

from datetime import time

import pytest

from subsidies.rules.bill import Bill
from subsidies.rules.calendar import LIFETIME, Calendar
from subsidies.rules.caps import Cap, Caps, CapUse, DailyRightUsedUp, FactMissing, RightUsedUp
from subsidies.rules.conditions import Facts
from subsidies.rules.periods import Period
from tests.subsidies.trying import bangkok

BANGKOK = Calendar(zone="Asia/Bangkok")
NOON = Facts(at=bangkok(11, 3))


def daily(**more):
    return Cap(
        code="day",
        counts="state",
        limit=200_00,
        per="day",
        period=Period(kind="day", calendar=BANGKOK, resets=time(6)),
        **more,
    )


def test_what_is_left_is_the_limit_less_what_the_period_has_used_and_never_below_nothing():
    key = ("day", bangkok(11, 4, 6))

    assert daily().left({}, NOON) == 200_00
    assert daily().left({key: 150_00, ("day", bangkok(11, 3, 6)): 99_00}, NOON) == 50_00
    assert daily().left({key: 250_00}, NOON) == 0


def test_unused_days_add_up_where_they_carry_over():
    cap = daily(carried_since=bangkok(11, 1))

    assert cap.ends_at(NOON.at) == LIFETIME
    assert cap.left({("day", LIFETIME): 100_00}, NOON) == 3 * 200_00 - 100_00


def test_a_limit_for_each_diner_needs_to_know_how_many_they_are():
    cap = Cap(code="diner", counts="state", limit=10_00, per="sale", period=None, times=("sale", "covers"))

    assert cap.left({}, Facts(at=NOON.at, sale={"covers": 3})) == 30_00
    with pytest.raises(FactMissing):
        cap.left({}, NOON)


def test_the_refusal_names_the_cap_its_limit_and_when_it_begins_anew():
    refused = daily().used_up(NOON)

    assert isinstance(refused, DailyRightUsedUp)
    assert refused.facts == {"cap": "day", "limit_satang": 200_00, "opens_at": "2025-11-03T23:00:00+00:00"}


def test_the_tightest_cap_is_the_ceiling_and_each_cap_is_counted():
    small = Cap(code="bill", counts="state", limit=80_00, per="sale", period=None)
    asleep = daily(applies=lambda _facts: False)

    ceiling = Caps(state=(daily(), small, asleep)).ceiling(covered=500_00, used={}, facts=NOON)

    assert (ceiling.amount, ceiling.cap, ceiling.counting) == (80_00, small, [("day", bangkok(11, 4, 6))])
    with pytest.raises(DailyRightUsedUp):
        Caps(state=(daily(),)).ceiling(covered=1, used={("day", bangkok(11, 4, 6)): 200_00}, facts=NOON)


def test_a_counted_quantity_covers_as_many_pieces_as_are_left():
    cap = Cap(code="eggs", counts="quantity", limit=10, per="scheme", period=Period(kind="scheme", calendar=BANGKOK))
    bill = Bill(categories=("eggs",), quantities=(6,), unpaid=[50_01])
    covered = [50_01]

    uses = Caps(counted=(cap,)).count(covered=covered, bill=bill, used={("eggs", LIFETIME): 8}, facts=NOON)

    # Two of six pieces: a third of 50.01 baht, the odd satang the citizen's.
    assert (covered, uses) == ([16_67], [CapUse("eggs", LIFETIME, 2)])
    with pytest.raises(RightUsedUp):
        Caps(counted=(cap,)).count(covered=[50_01], bill=bill, used={("eggs", LIFETIME): 10}, facts=NOON)


def test_of_two_counted_quantities_the_second_counts_what_the_first_left():
    whole = Period(kind="scheme", calendar=BANGKOK)
    four, two = (
        Cap(code=code, counts="quantity", limit=limit, per="scheme", period=whole)
        for code, limit in (("four", 4), ("two", 2))
    )
    bill = Bill(categories=("eggs",), quantities=(6,), unpaid=[60_00])
    covered = [60_00]

    uses = Caps(counted=(four, two)).count(covered=covered, bill=bill, used={}, facts=NOON)

    assert (covered, [use.amount for use in uses]) == ([20_00], [4, 2])


def test_what_earlier_phases_used_lowers_the_limit_and_must_be_known():
    cap = Cap(code="nights", counts="fact", limit=15, per="sale", period=None, less="nights_used_before")

    assert cap.limit_at(Facts(at=NOON.at, person={"nights_used_before": 5})) == 10
    assert cap.limit_at(Facts(at=NOON.at, person={"nights_used_before": 20})) == 0
    with pytest.raises(FactMissing):
        cap.limit_at(NOON)


def test_a_limit_for_each_member_of_the_household_reads_the_person():
    cap = Cap(code="head", counts="state", limit=10_00, per="sale", period=None, times=("person", "household_size"))

    assert cap.limit_at(Facts(at=NOON.at, person={"household_size": 3}, sale={"household_size": 9})) == 30_00
    with pytest.raises(FactMissing):
        cap.limit_at(Facts(at=NOON.at, person={"household_size": -3}))
