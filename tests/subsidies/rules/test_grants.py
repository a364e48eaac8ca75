"""What fills a purse, now and later. The sums are those of the third round of 2021 (register row 13)."""

import pytest

from subsidies.rules.conditions import Facts
from subsidies.rules.grants import Grants, Instalment, NothingToGrant, Row
from tests.subsidies.trying import bangkok

OCTOBER = bangkok(10, 1, 0, year=2021)
NOVEMBER = bangkok(11, 1, 0, year=2021)


def row(code, amount, **more):
    fields = {"tiers": frozenset({"all"}), "applies": None, "joined_from": None, "joined_before": None, "pays_at": None}
    return Row(code=code, amount=amount, **{**fields, **more})


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
