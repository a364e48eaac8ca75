"""What Somchai is granted, and what his home screen shows."""

from datetime import time

import pytest

from subsidies.compiled import compile_scheme
from subsidies.decision import LIFETIME
from subsidies.documents import read
from subsidies.entitlements import Grant, Left, first_use_deadline, grant, left_today
from subsidies.rules.eligibility import NotEligible
from tests.subsidies.test_library import PLUS
from tests.subsidies.trying import bangkok, scheme, somchai

DAY = {"code": "day", "per": "day", "resets": time(6), "limit_satang": 200_00}


def test_somchai_is_granted_the_sum_of_his_tier():
    plus = compile_scheme(read(PLUS.read_text()))
    person = {"nationality": "TH", "born_on": "1990-05-17", "enrolled_in": [], "lists": ["tax-filers-2567"]}

    granted = grant(scheme=plus, person=person, at=bangkok(10, 20, 6))

    assert granted == Grant(tier="tax_filer", amount=2_400_00, later=(), pool=None)
    with pytest.raises(NotEligible) as refused:
        grant(scheme=plus, person={**person, "born_on": "2010-01-01"}, at=bangkok(10, 20, 6))
    assert refused.value.facts["rule"] == "sixteen_or_older"


def test_seniors_take_the_places_that_are_kept_for_them():
    pools = [{"code": "seniors", "places": 500, "when": [{"fact": "person.age", "at_least": 60}]}]
    spend = scheme().document.spend
    of = scheme(
        quota={"places": 1_000, "pools": pools},
        registration={"starts_at": spend.starts_at, "ends_at": spend.ends_at},
    )

    assert grant(scheme=of, person={"born_on": "1950-01-01"}, at=bangkok(11, 3)).pool == "seniors"
    assert grant(scheme=of, person={"born_on": "1990-01-01"}, at=bangkok(11, 3)).pool is None


def test_the_budget_of_a_scheme_is_its_places_times_the_largest_grant():
    plus = compile_scheme(read(PLUS.read_text()))

    assert (plus.places, plus.largest_grant) == (20_000_000, 2_400_00)


def test_the_home_screen_shows_the_day_the_total_and_the_hours():
    of = scheme(caps=[DAY, {"code": "all", "per": "scheme", "limit_satang": 1_000_00}])
    used = {("day", bangkok(11, 4, 6)): 150_00, ("all", LIFETIME): 100_00}

    left = left_today(purse=somchai(of, used=used), at=bangkok(11, 3))

    assert left == Left(50_00, 900_00, open_now=True, opens_at=None, closes_at=bangkok(11, 3, 23))


def test_before_six_it_shows_the_right_that_is_about_to_begin_and_after_eleven_none_for_today():
    purse = somchai(scheme(caps=[DAY]), used={("day", bangkok(11, 3, 6)): 200_00, ("day", bangkok(11, 4, 6)): 150_00})

    assert left_today(purse=purse, at=bangkok(11, 3, 5)) == Left(
        50_00, 2_000_00, open_now=False, opens_at=bangkok(11, 3, 6), closes_at=bangkok(11, 3, 23)
    )
    assert left_today(purse=purse, at=bangkok(11, 3, 23)) == Left(
        0, 2_000_00, open_now=False, opens_at=bangkok(11, 4, 6), closes_at=bangkok(11, 4, 23)
    )


@pytest.mark.parametrize("at", [bangkok(2, 1, 0, year=2026), bangkok(12, 1)])
def test_a_right_that_is_over_or_was_missed_is_worth_nothing(at):
    of = scheme(first_use={"by": bangkok(12, 1)})

    assert left_today(purse=somchai(of), at=at) == Left(0, 0, open_now=False, opens_at=None, closes_at=None)


def test_the_first_use_deadline_stands_until_the_first_use():
    of = scheme(first_use={"within_days": 14})
    joined = bangkok(11, 1)

    assert first_use_deadline(somchai(of, enrolled_at=joined)) == bangkok(11, 15)
    assert first_use_deadline(somchai(of, enrolled_at=joined, first_used_at=bangkok(11, 2))) is None
    assert first_use_deadline(somchai(scheme())) is None
