"""What Somchai is granted, and what his home screen shows."""

from datetime import date, time

import pytest

from subsidies.compiled import compile_scheme
from subsidies.decision import LIFETIME
from subsidies.documents import read
from subsidies.entitlements import (
    Grant,
    Left,
    buy_in,
    change,
    emptied_at,
    ends_at,
    first_use_deadline,
    grant,
    grant_by_list,
    instalments,
    lapses,
    left_today,
)
from subsidies.rules.buy_in import NoBuyIn
from subsidies.rules.changes import ChangeUnknown
from subsidies.rules.eligibility import NotEligible
from subsidies.rules.grants import Instalment
from subsidies.rules.registration import EnrolledByList
from tests.subsidies.test_library import PLUS
from tests.subsidies.trying import HALF_EACH, bangkok, scheme, somchai

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


MONTHLY = {
    "code": "goods",
    "amount_satang": 300_00,
    "repeats": {
        "every": "month",
        "on_days": [1],
        "at": time(0),
        "starts_on": date(2025, 11, 1),
        "ends_on": date(2026, 1, 31),
    },
}


def test_the_timetable_is_told_what_fills_a_purse_between_two_instants():
    of = scheme(grants=[MONTHLY])

    def due(since, until):
        asked = {"scheme": of, "tier": "general", "person": {}, "enrolled_at": bangkok(10, 20)}
        return instalments(**asked, since=since, until=until)

    assert due(bangkok(11, 1, 0), bangkok(12, 1, 0)) == (Instalment("goods-2025-11-01", bangkok(11, 1, 0), 300_00),)
    assert [one.code for one in due(bangkok(11, 2), bangkok(2, 1, year=2026))] == [
        "goods-2025-12-01",
        "goods-2026-01-01",
    ]
    assert due(bangkok(11, 2), bangkok(11, 30)) == ()
    assert of.largest_grant == 900_00


def test_a_monthly_purse_is_emptied_when_the_month_ends():
    assert emptied_at(scheme=scheme(purse={"empties": "month"}), at=bangkok(11, 3)) == bangkok(12, 1, 0)
    assert emptied_at(scheme=scheme(), at=bangkok(11, 3)) is None


def test_what_a_day_did_not_use_lapses_where_the_scheme_says_so():
    losing = scheme(caps=[{**DAY, "unused": "lost"}])
    ended = bangkok(11, 4, 6)
    used = {("day", ended): 150_00}

    assert lapses(scheme=losing, used=used, ended_at=ended, left=1_000_00) == 50_00
    assert lapses(scheme=losing, used={}, ended_at=ended, left=1_000_00) == 200_00
    assert lapses(scheme=losing, used={}, ended_at=ended, left=30_00) == 30_00
    assert lapses(scheme=losing, used={}, ended_at=bangkok(11, 4, 0), left=1_000_00) == 0
    assert lapses(scheme=scheme(caps=[DAY]), used={}, ended_at=ended, left=1_000_00) == 0


def test_somchai_buys_in_and_changes_his_province_where_the_scheme_lets_him():
    until = bangkok(12, 1)
    of = scheme(
        buy_in={"pays_satang": 1_000_00, "gets_satang": 3_000_00, "until": until},
        changes=[{"code": "moved", "fact": "person.province", "until": until}],
    )

    assert buy_in(scheme=of, times_before=0, at=bangkok(11, 3)) == (1_000_00, 2_000_00)
    assert of.largest_grant == 2_000_00 + 2_000_00
    change(scheme=of, code="moved", times_before=0, was_used=True, at=bangkok(11, 3))
    with pytest.raises(NoBuyIn):
        buy_in(scheme=scheme(), times_before=0, at=bangkok(11, 3))
    with pytest.raises(ChangeUnknown):
        change(scheme=of, code="name", times_before=0, was_used=False, at=bangkok(11, 3))


def test_a_right_of_ones_own_time_ends_before_the_scheme():
    spend = {**HALF_EACH["spend"], "lasts_days": 3, "activates_after_hours": 24}
    purse = somchai(scheme(spend=spend), enrolled_at=bangkok(11, 3))

    assert ends_at(purse) == bangkok(11, 6)
    assert ends_at(somchai(scheme())) == bangkok(2, 1, 0, year=2026)
    assert left_today(purse=purse, at=bangkok(11, 3, 13)) == Left(
        0, 2_000_00, open_now=False, opens_at=bangkok(11, 4), closes_at=bangkok(11, 3, 23)
    )
    assert left_today(purse=purse, at=bangkok(11, 6)) == Left(0, 0, open_now=False, opens_at=None, closes_at=None)


def test_whom_a_list_enrols_nobody_asks_for_a_day():
    of = scheme()

    assert grant_by_list(scheme=of, person={}, at=bangkok(10, 1)).amount == 2_000_00
    with pytest.raises(EnrolledByList):
        grant(scheme=of, person={}, at=bangkok(10, 1))
