"""What was sold so far: counted as it comes, once, by hour, scheme and province."""

import datetime as dt
from functools import partial

import pytest
from django.db import connection

from settlement import tallies
from settlement.models import Tally, TallyReached
from settlement.tallies import Sold
from tests.cast import NOON, PLUS, Citizen, Stage, Stall, buy
from tests.counter import give_back
from tests.settlement.market import FRIDAY, sell
from wallet.accounts import NIL

pytestmark = pytest.mark.django_db

count = partial(tallies.count, behind=dt.timedelta())


def test_each_hour_of_bangkok_says_who_paid(somchai: Citizen, nok: Citizen, malee: Stall) -> None:
    buy(somchai, malee, 100_00)
    sell(nok, malee, 30_00, at=NOON + dt.timedelta(minutes=59))
    sell(nok, malee, 7_00, at=NOON + dt.timedelta(hours=1))
    count()
    found = {hour: sold for hour, sold in enumerate(tallies.of_day(business_date=FRIDAY).hours) if sold.whole}
    assert found == {
        12: Sold(payments=2, citizen=80_00, state=50_00),
        13: Sold(payments=1, citizen=7_00),
    }
    assert tallies.so_far(business_date=FRIDAY) == Sold(payments=3, citizen=87_00, state=50_00)


def test_a_day_without_payments_has_24_empty_hours(somchai: Citizen) -> None:
    count()
    assert tallies.of_day(business_date=FRIDAY).hours == [Sold()] * 24


def test_a_transfer_is_counted_once_however_often_the_timetable_comes(somchai: Citizen, malee: Stall) -> None:
    buy(somchai, malee, 100_00)
    count()
    count()
    buy(somchai, malee, 20_00)
    count()
    assert tallies.so_far(business_date=FRIDAY) == Sold(payments=2, citizen=60_00, state=60_00)


def test_what_is_younger_than_a_posting_may_take_waits_for_the_next_time(somchai: Citizen, malee: Stall) -> None:
    buy(somchai, malee, 100_00)
    tallies.count(behind=dt.timedelta(minutes=1))
    assert tallies.so_far(business_date=FRIDAY) == Sold()
    count()
    assert tallies.so_far(business_date=FRIDAY).payments == 1


def test_schemes_and_citizens_own_money_make_up_the_whole(
    stage: Stage, somchai: Citizen, nok: Citizen, malee: Stall
) -> None:
    buy(somchai, malee, 100_00)
    sell(nok, malee, 30_00)
    count()
    names = {NIL: "own", **stage.names}
    found = {names[scheme_id]: sold.whole for scheme_id, sold in tallies.of_day(business_date=FRIDAY).schemes.items()}
    assert found == {"own": 80_00, PLUS: 50_00}


def test_each_province_says_what_its_shops_sold_and_most_comes_first(stage: Stage, nok: Citizen) -> None:
    near, far = stage.stall("malee"), stage.stall("prasert", province="น่าน")
    sell(nok, near, 10_00)
    sell(nok, far, 40_00)
    count()
    assert [(name, sold.whole) for name, sold in tallies.of_day(business_date=FRIDAY).provinces.items()] == [
        ("น่าน", 40_00),
        ("กรุงเทพมหานคร", 10_00),
    ]


def test_what_is_given_back_is_told_beside_and_not_taken_off(stage: Stage, somchai: Citizen, malee: Stall) -> None:
    payment = buy(somchai, malee, 100_00)
    give_back(malee, payment, 40_00)
    count()
    assert tallies.so_far(business_date=FRIDAY) == Sold(payments=1, citizen=50_00, state=50_00, refunded=40_00)
    (spent,) = tallies.spent_by_schemes(business_dates=[FRIDAY]).values()
    assert spent == 30_00


def test_after_a_long_silence_it_goes_on_step_by_step_where_it_stopped(somchai: Citizen, malee: Stall) -> None:
    buy(somchai, malee, 100_00)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE settlement_tallyreached SET until = now() - interval '10 minutes'")
    assert count() == 4
    assert tallies.so_far(business_date=FRIDAY).payments == 1
    assert tallies.age() < dt.timedelta(minutes=1)


def test_many_payments_of_an_hour_are_one_row_for_each_scheme(somchai: Citizen, malee: Stall) -> None:
    for _ in range(3):
        buy(somchai, malee, 10_00)
    count()
    assert Tally.objects.count() == 2
    assert TallyReached.objects.count() == 1
