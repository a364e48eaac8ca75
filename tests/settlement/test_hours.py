"""What was spent in each hour."""

import datetime as dt

import pytest

from settlement import hours
from settlement.web import charts
from tests.cast import NOON, Citizen, Stall, buy
from tests.settlement.market import FRIDAY, sell

pytestmark = pytest.mark.django_db


def test_each_hour_of_bangkok_says_who_paid(somchai: Citizen, nok: Citizen, malee: Stall) -> None:
    buy(somchai, malee, 100_00)
    sell(nok, malee, 30_00, at=NOON + dt.timedelta(minutes=59))
    sell(nok, malee, 7_00, at=NOON + dt.timedelta(hours=1))
    found = {hour.hour: (hour.citizen, hour.state) for hour in hours.spent(business_date=FRIDAY) if hour.whole}
    assert found == {12: (80_00, 50_00), 13: (7_00, 0)}


def test_a_day_without_payments_has_24_empty_hours(somchai: Citizen) -> None:
    empty = hours.spent(business_date=FRIDAY)
    assert [hour.hour for hour in empty] == list(range(24))
    assert {column.citizen_height + column.state_height for column in charts.columns(empty)} == {0}


def test_the_highest_column_fills_the_picture_and_none_is_higher(somchai: Citizen, nok: Citizen, malee: Stall) -> None:
    buy(somchai, malee, 100_00)
    sell(nok, malee, 50_00, at=NOON + dt.timedelta(hours=1))
    drawn = charts.columns(hours.spent(business_date=FRIDAY))
    assert (drawn[12].citizen_height, drawn[12].state_height, drawn[12].state_y) == (95, 95, 0)
    assert (drawn[13].citizen_height, drawn[13].state_height) == (95, 0)
