"""The timetable fills, empties and ends what the programmes of the library promise; late or twice, it is the same."""

import datetime as dt

import pytest

from subsidies import dues
from subsidies.models import Enrolment, Filling
from subsidies.rules.calendar import LIFETIME
from tests.cast import Stage
from tests.subsidies.programmes import HALF_EACH, PLENTY, begin, buy, half_each, join, let_in, run, thai
from wallet.accounts import AccountKind

pytestmark = pytest.mark.django_db

PURSES = (AccountKind.PURSE, AccountKind.CASH, AccountKind.HOLD)


@pytest.mark.parametrize("looks", ["on time", "late"])
def test_khon_la_khrueng_3_comes_in_three_tranches_and_what_is_left_goes_back(stage: Stage, looks: str) -> None:
    scheme = begin(stage, "khon-la-khrueng-3")
    somchai = stage.citizen("somchai", cash_satang=1_000_00)
    join(stage, somchai, scheme.code, at=thai(2021, 6, 14, 7))
    malee = stage.stall("malee")
    purse = "purse:somchai's khon-la-khrueng-3"
    if looks == "on time":
        assert run(thai(2021, 6, 14, 8)) == 1, "it is looked at once, and found to be due in October"
        assert run(thai(2021, 10, 1, 5, 59, 59)) == 0
        assert run(thai(2021, 10, 1, 6)) == 1
        assert stage.books(AccountKind.PURSE) == {purse: 3_000_00}
    assert run(thai(2021, 11, 1, 6, 0, 3)) == 1
    assert stage.books(AccountKind.PURSE) == {purse: 4_500_00}
    buy(somchai, malee, 300_00, at=thai(2021, 12, 1))
    assert run(thai(2021, 12, 31, 22, 59)) == 0
    assert run(thai(2021, 12, 31, 23)) == 1
    assert stage.books(AccountKind.PURSE) == {}
    assert stage.books() == {"cash:somchai": 850_00, "payable:malee": 300_00}
    assert Enrolment.objects.get(citizen_id=somchai.id).next_due_at == LIFETIME
    assert list(Filling.objects.order_by("due_at").values_list("code", "amount", "due_at")) == [
        ("second", 1_500_00, thai(2021, 10, 1, 6)),
        ("third", 1_500_00, thai(2021, 11, 1, 6)),
    ]


@pytest.mark.parametrize("looks", [[(2, 18), (2, 25), (3, 4), (3, 11), (3, 18), (3, 25)], [(3, 1), (3, 25)], [(3, 25)]])
def test_rao_chana_comes_every_week_and_late_runs_pay_every_week_that_was_missed(
    stage: Stage, looks: list[tuple[int, int]]
) -> None:
    scheme = begin(stage, "rao-chana")
    somchai = stage.citizen("somchai")
    facts = {"income_satang": 0, "deposits_satang": 0, "occupation": "farmer", "insured_section": "40"}
    let_in(stage, somchai, scheme, at=thai(2021, 2, 2), **facts)
    assert stage.books(AccountKind.PURSE) == {}
    for month, day in looks:
        assert run(thai(2021, month, day, 6)) == 1
    assert stage.books(AccountKind.PURSE) == {"purse:somchai's rao-chana": 7_000_00}
    buy(somchai, stage.stall("malee"), 100_00, at=thai(2021, 3, 26))
    assert stage.books(AccountKind.PURSE) == {"purse:somchai's rao-chana": 6_900_00}


@pytest.mark.parametrize("late", [dt.timedelta(), dt.timedelta(days=2)])
def test_the_welfare_card_begins_each_month_anew_whenever_the_timetable_comes(stage: Stage, late: dt.timedelta) -> None:
    scheme = begin(stage, "state-welfare-card")
    somchai, shop = stage.citizen("somchai", cash_satang=50_00), stage.stall("malee", **{"class": "blue_flag"})
    card = {"lists": ["state-welfare-card-2566"], "verified_on": "2023-03-20"}
    let_in(stage, somchai, scheme, at=thai(2023, 4, 1, 0), **card)
    run(thai(2024, 3, 1, 0))  # eleven times emptied and filled
    token = {"token": "id_card"}
    buy(somchai, shop, 120_00, at=thai(2024, 3, 10), facts=token)
    assert stage.books(AccountKind.PURSE) == {"purse:somchai's state-welfare-card": 180_00}
    if not late:
        run(thai(2024, 4, 1, 0))
        assert stage.books(AccountKind.PURSE) == {"purse:somchai's state-welfare-card": 300_00}
    # Where the timetable is two days late, this is paid by what was March's; April's 300 is 100 less all the same.
    buy(somchai, shop, 100_00, at=thai(2024, 4, 2), facts=token)
    run(thai(2024, 4, 1, 0) + late + dt.timedelta(days=1))
    assert stage.books(*PURSES) == {"cash:somchai": 50_00, "purse:somchai's state-welfare-card": 200_00}
    assert stage.books(AccountKind.PAYABLE) == {"payable:malee": 220_00}


@pytest.mark.parametrize("late", [dt.timedelta(), dt.timedelta(days=3)])
def test_what_somchai_spends_of_his_own_comes_back_as_a_voucher_on_the_seventh(
    stage: Stage, late: dt.timedelta
) -> None:
    scheme = begin(stage, "ying-chai-ying-dai")
    somchai = stage.citizen("somchai", cash_satang=20_000_00)
    join(stage, somchai, scheme.code, at=thai(2021, 6, 21, 7))
    shop = stage.stall("malee", is_vat_registered=True)  # type: ignore[arg-type]
    purse = "purse:somchai's ying-chai-ying-dai"
    buy(somchai, shop, 3_000_00, at=thai(2021, 7, 5))
    buy(somchai, shop, 3_000_00, at=thai(2021, 7, 5, 13))  # 5,000 of a day count
    assert run(thai(2021, 8, 7, 5, 59, 59)) == 1
    assert stage.books(*PURSES) == {"cash:somchai": 14_000_00}
    assert run(thai(2021, 8, 7, 6)) == 1
    assert stage.books(*PURSES) == {"cash:somchai": 14_000_00, purse: 500_00}
    paid = buy(somchai, shop, 700_00, at=thai(2021, 8, 9))
    assert (paid.state_share, paid.citizen_share) == (500_00, 200_00)
    if late:
        buy(somchai, shop, 1_000_00, at=thai(2021, 9, 8))  # counts for October, though September is not paid yet
    run(thai(2021, 9, 7, 6) + late)
    assert stage.books(AccountKind.PURSE) == {purse: 20_00}
    if not late:
        paid = buy(somchai, shop, 1_000_00, at=thai(2021, 9, 8))
        assert (paid.state_share, paid.citizen_share) == (20_00, 980_00)
    run(thai(2021, 10, 7, 6))
    assert stage.books(AccountKind.PURSE) == {purse: 120_00 if late else 98_00}
    assert list(Filling.objects.order_by("due_at").values_list("kind", "amount")) == [
        ("earned", 500_00),
        ("earned", 20_00),
        ("earned", 100_00 if late else 98_00),
    ]


def test_a_flight_is_paid_in_full_and_the_state_gives_its_part_back_on_the_day_that_was_told(stage: Stage) -> None:
    scheme = begin(stage, "we-travel-together-flight", booking="shop")
    somchai = stage.citizen("somchai", cash_satang=5_000_00)
    let_in(stage, somchai, scheme, at=thai(2020, 9, 1), enrolled_in=["we-travel-together-1"])
    airline = stage.stall("prasert", **{"class": "airline"})
    purse = "purse:somchai's we-travel-together-flight"
    facts = {"seats": 1, "ends_on": "2020-10-12"}
    paid = buy(somchai, airline, 3_000_00, at=thai(2020, 9, 20), facts=facts)
    assert (paid.citizen_share, paid.state_share) == (3_000_00, 0)
    (share,) = paid.shares
    assert (share["later"], share["later_at"]) == (1_200_00, "2020-10-15T03:00:00+00:00")
    assert sorted(stage.books(*PURSES).values()) == [1_200_00, 2_000_00, 8_800_00]
    run(thai(2020, 10, 15, 9, 59, 59))
    assert stage.books(AccountKind.CASH) == {"cash:somchai": 2_000_00}
    assert run(thai(2020, 10, 15, 10)) == 1
    assert stage.books(*PURSES) == {"cash:somchai": 3_200_00, purse: 8_800_00}
    # A second flight just before the end is paid back after it.
    buy(somchai, airline, 1_000_00, at=thai(2020, 12, 15, 23), facts={"seats": 1, "ends_on": "2020-12-20"})
    run(thai(2020, 12, 16, 0))
    assert sorted(stage.books(*PURSES).values()) == [400_00, 2_200_00]
    assert run(thai(2021, 1, 1)) == 1
    assert stage.books(*PURSES) == {"cash:somchai": 2_600_00}


def test_a_hawkers_note_gives_no_change_and_its_remainder_is_the_states_again(stage: Stage) -> None:
    scheme = begin(stage, "cdc-vouchers-heartland")
    somchai = stage.citizen("somchai", cash_satang=10_00)
    let_in(stage, somchai, scheme, at=thai(2023, 2, 1), household_is_served=False)
    hawker = stage.stall("malee", **{"class": "hawker"})
    purse = "purse:somchai's cdc-vouchers-heartland"
    token = {"token": "app"}
    funded = stage.books(AccountKind.FUND)[f"fund:{scheme.code}"]
    paid = buy(somchai, hawker, 4_00, at=thai(2023, 2, 2), facts=token, notes={scheme.code: {"five": 1}})
    assert (paid.state_share, paid.shares[0]["lost"], paid.shares[0]["notes"]) == (4_00, 1_00, {"five": 1})
    assert stage.books() == {"cash:somchai": 10_00, purse: 145_00, "payable:malee": 4_00}
    assert stage.books(AccountKind.FUND)[f"fund:{scheme.code}"] == funded + 1_00
    best = buy(somchai, hawker, 7_00, at=thai(2023, 2, 2, 13), facts=token)
    assert "lost" not in best.shares[0]
    assert stage.books()[purse] == 138_00
    run(thai(2024, 1, 1))
    assert stage.books(AccountKind.PURSE) == {}


def test_a_right_that_adds_up_becomes_somchais_own_at_the_end(stage: Stage) -> None:
    scheme = begin(stage, "state-welfare-card-disability")
    somchai = stage.citizen("somchai")
    let_in(stage, somchai, scheme, at=thai(2025, 10, 1), lists=["state-welfare-card-2566"], is_disabled=True)
    run(thai(2025, 12, 22, 6))
    assert stage.books(*PURSES) == {"purse:somchai's state-welfare-card-disability": 600_00}
    run(thai(2026, 1, 1, 0))
    assert stage.books(*PURSES) == {"cash:somchai": 600_00}


CONDITIONAL = """
[[grants]]
code = "first"
amount_satang = 1_000_00

[[grants]]
code = "more"
amount_satang = 500_00
if_spent_satang = 100_00
repeats = { every = "month", on_days = [1], at = 06:00:00, starts_on = 2025-12-01, ends_on = 2026-01-31 }
"""


def test_more_comes_once_at_the_first_chance_after_so_much_was_spent(stage: Stage) -> None:
    half_each(stage, CONDITIONAL)
    somchai = stage.citizen("somchai", cash_satang=1_000_00)
    join(stage, somchai, "half-each", at=thai(2025, 10, 20))
    malee, purse = stage.stall("malee"), "purse:somchai's half-each"
    buy(somchai, malee, 199_00, at=thai(2025, 11, 10))
    run(thai(2025, 12, 1, 6))
    assert stage.books(AccountKind.PURSE) == {purse: 900_50}
    buy(somchai, malee, 1_00, at=thai(2025, 12, 10))
    buy(somchai, malee, 100_00, at=thai(2026, 1, 1, 7))  # after the second chance: it decides nothing
    run(thai(2026, 1, 1, 8))
    assert stage.books(AccountKind.PURSE) == {purse: 1_350_00}


LOST_BY_MONTH = """
[[grants]]
code = "all"
amount_satang = 600_00

[[caps]]
code = "month"
per = "month"
limit_satang = 200_00
unused = "lost"
"""


@pytest.mark.parametrize("late", [dt.timedelta(), dt.timedelta(days=5)])
def test_what_a_month_leaves_unused_is_lost(stage: Stage, late: dt.timedelta) -> None:
    half_each(stage, LOST_BY_MONTH)
    somchai = stage.citizen("somchai", cash_satang=1_000_00)
    join(stage, somchai, "half-each", at=thai(2025, 11, 1))
    malee, purse = stage.stall("malee"), "purse:somchai's half-each"
    buy(somchai, malee, 300_00, at=thai(2025, 11, 10))
    run(thai(2025, 11, 10, 13))
    if late:
        buy(somchai, malee, 20_00, at=thai(2025, 12, 2))
    run(thai(2025, 12, 1, 0) + late)
    assert stage.books(AccountKind.PURSE) == {purse: 400_00 - (10_00 if late else 0)}


def test_who_has_no_place_yet_is_not_looked_at_and_is_paid_what_fell_due_once_they_have(stage: Stage) -> None:
    text = HALF_EACH.replace("places = 1_000", 'places = 1_000\ncounted = "at_payment"')
    stage.scheme(document="\n".join([text, CONDITIONAL.replace("if_spent_satang = 100_00\n", "")]), funded=PLENTY)
    somchai, purse = stage.citizen("somchai", cash_satang=100_00), "purse:somchai's half-each"
    join(stage, somchai, "half-each", at=thai(2025, 10, 20))
    assert run(thai(2025, 12, 1, 6)) == 0
    assert stage.books(AccountKind.PURSE) == {}
    buy(somchai, stage.stall("malee"), 100_00, at=thai(2025, 12, 2))
    assert stage.books(AccountKind.PURSE) == {purse: 950_00}
    assert run(thai(2025, 12, 2)) == 1
    assert stage.books(AccountKind.PURSE) == {purse: 1_450_00}


def test_a_run_waits_for_no_batch_and_each_batch_holds_few_citizens(stage: Stage) -> None:
    half_each(stage, CONDITIONAL)
    for number in range(5):
        join(stage, stage.citizen(f"citizen {number}"), "half-each", at=thai(2025, 10, 20))
    assert list(dues.do(at=thai(2025, 10, 21), most_at_once=2)) == [2, 2, 1]
