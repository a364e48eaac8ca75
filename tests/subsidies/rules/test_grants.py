"""What fills a purse, now and later. The sums are those of the third round of 2021 (register row 13)."""

from dataclasses import replace
from datetime import date, time

import pytest

from subsidies.rules.calendar import Calendar
from subsidies.rules.conditions import Facts
from subsidies.rules.grants import Grants, Instalment, NothingToGrant, Row, Runs, Sum
from subsidies.rules.repeats import Repeats
from tests.subsidies.trying import bangkok

OCTOBER = bangkok(10, 1, 0, year=2021)
NOVEMBER = bangkok(11, 1, 0, year=2021)


BANGKOK = Calendar(zone="Asia/Bangkok")


def row(code, amount, **more):
    amount = amount if isinstance(amount, Sum) else Sum(amount)
    return Row(code=code, amount=amount, **{"tiers": frozenset({"all"}), "applies": None, **more})


THIRD_ROUND = Grants(
    (
        row("first", 1_500_00),
        row("second", 1_500_00, pays_at=OCTOBER),
        row("third", 1_500_00, pays_at=NOVEMBER),
    )
)


def joining(month, day):
    return Facts(at=bangkok(month, day, year=2021), tier="all")


def test_who_joins_early_gets_the_tranches_as_they_come_and_who_joins_late_gets_them_at_once():
    later = (Instalment("second", OCTOBER, 1_500_00), Instalment("third", NOVEMBER, 1_500_00))

    assert THIRD_ROUND.of(joining(6, 20)) == (1_500_00, later)
    assert THIRD_ROUND.of(joining(10, 2)) == (3_000_00, later[1:])
    assert THIRD_ROUND.of(Facts(at=OCTOBER, tier="all")) == (3_000_00, later[1:])
    assert THIRD_ROUND.of(joining(11, 1)) == (4_500_00, ())


def test_a_grant_for_others_is_not_somchais_and_none_at_all_is_a_refusal():
    renewal = row("renewal", 500_00, applies=lambda facts: "phase-1" in facts.person.get("was_enrolled_in", ()))
    somchai = Facts(at=OCTOBER, tier="all", person={"was_enrolled_in": ["phase-1"]})

    assert Grants((renewal,)).of(somchai) == (500_00, ())
    with pytest.raises(NothingToGrant):
        Grants((renewal,)).of(joining(10, 2))
    with pytest.raises(NothingToGrant):
        Grants((row("early", 1_00, joined_before=OCTOBER),)).of(Facts(at=OCTOBER))


def test_the_largest_grant_is_the_most_that_any_day_of_joining_gives_a_tier():
    early = row("early", 3_000_00, joined_before=OCTOBER)
    late = row("late", 2_000_00, joined_from=OCTOBER)
    later_still = row("bonus", 500_00, joined_from=NOVEMBER)
    others = row("others", 9_000_00, tiers=frozenset({"other"}))

    assert THIRD_ROUND.largest("all") == 4_500_00
    assert Grants((early, late, others)).largest("all") == 3_000_00
    assert Grants((late, later_still)).largest("all") == 2_500_00
    assert Grants((early, others)).largest("other") == 9_000_00


def monthly(**more):
    first_of_month = Repeats(BANGKOK, "month", time(0), date(2023, 4, 1), date(2023, 9, 30), on_days=(1,))
    return row("goods", 300_00, runs=Runs(first_of_month, **more))


def paid(rows, **person):
    at = bangkok(3, 15, year=2023)
    _, later = Grants(rows).of(Facts(at=at, tier="all", person=person))
    return [(instalment.code, instalment.pays_at) for instalment in later]


def test_a_monthly_grant_is_paid_on_each_first_to_whoever_is_in_by_then():
    joined = Facts(at=bangkok(7, 2, year=2023), tier="all")

    assert Grants((monthly(),)).of(joined) == (
        0,
        (
            Instalment("goods-2023-08-01", bangkok(8, 1, 0, year=2023), 300_00),
            Instalment("goods-2023-09-01", bangkok(9, 1, 0, year=2023), 300_00),
        ),
    )
    with pytest.raises(NothingToGrant):
        Grants((monthly(),)).of(Facts(at=bangkok(9, 2, year=2023), tier="all"))


@pytest.mark.parametrize(
    ("verified_on", "first", "back"),
    [("2023-03-26", 4, 0), ("2023-03-27", 5, 1), ("2023-04-30", 6, 2), ("2023-05-26", 6, 2), ("2023-05-27", 7, 3)],
)
def test_who_proves_their_identity_late_is_paid_back_the_months_they_missed(verified_on, first, back):
    rows = (monthly(verified_by_day=26, back_pay=None),)

    dates = paid(rows, verified_on=verified_on)

    begins = bangkok(first, 1, 0, year=2023)
    assert [pays_at for _, pays_at in dates].count(begins) == back + 1
    assert len(dates) == 6
    assert min(pays_at for _, pays_at in dates) == begins


def test_who_never_proves_it_is_never_paid_and_back_pay_may_have_an_end():
    with pytest.raises(NothingToGrant):
        paid((monthly(verified_by_day=26),))
    assert [code for code, _ in paid((monthly(verified_by_day=26, back_pay=1),), verified_on="2023-05-27")] == [
        "goods-2023-06-01",
        "goods-2023-07-01",
        "goods-2023-08-01",
        "goods-2023-09-01",
    ]


def test_a_sum_for_each_child_or_what_was_left_before_is_a_fact_of_the_person_and_bounded():
    each = Sum(100_00, each="children", at_most=250_00)
    left = Sum(fact="left_before_satang", at_most=3_000_00)

    assert [each.of({"children": number}) for number in (0, 2, 3)] == [0, 200_00, 250_00]
    assert (left.of({"left_before_satang": 120_50}), left.of({}), left.of({"left_before_satang": 9_999_00})) == (
        120_50,
        0,
        3_000_00,
    )
    assert Grants((row("each", each), row("left", left), monthly())).largest("all") == 250_00 + 3_000_00 + 6 * 300_00


def test_a_tranche_with_a_condition_says_so_even_when_its_day_is_past():
    bonus = row("bonus", 500_00, pays_at=OCTOBER, if_spent=4_000_00)

    assert Grants((bonus,)).of(joining(11, 1)) == (
        0,
        (Instalment("bonus", joining(11, 1).at, 500_00, if_spent=4_000_00),),
    )


def test_a_condition_with_several_runs_is_one_payment_with_several_chances():
    chances = replace(monthly(), if_spent=4_000_00)

    _, later = Grants((chances,)).of(Facts(at=bangkok(3, 15, year=2023), tier="all"))

    assert {instalment.code for instalment in later} == {"goods"}
    assert len(later) == 6
    assert Grants((chances,)).largest("all") == 300_00


def test_a_purse_that_is_filled_otherwise_may_begin_empty():
    assert Grants((), may_be_none=True).of(joining(6, 20)) == (0, ())
