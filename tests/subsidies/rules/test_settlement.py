"""When the shop's money comes."""

from datetime import date, time

import pytest

from subsidies.rules.calendar import Calendar
from subsidies.rules.settlement import Delay, Settlement
from tests.subsidies.trying import bangkok

BANGKOK = Calendar(zone="Asia/Bangkok", holidays=[date(2025, 11, 10)])


def test_malee_gets_the_citizens_part_the_next_night_and_the_states_the_next_afternoon():
    rule = Settlement(BANGKOK, {("citizen", "shop"): Delay(1, time(2)), ("state", "shop"): Delay(1, time(17, 30))})
    friday = date(2025, 11, 7)

    assert rule.due_at(part="citizen", channel="shop", business_date=friday) == bangkok(11, 8, 2)
    assert rule.due_at(part="state", channel="shop", business_date=friday) == bangkok(11, 8, 17, 30)


@pytest.mark.parametrize(
    ("days", "sold_on", "due_on"),
    [(1, 6, 7), (1, 7, 11), (3, 6, 12), (1, 8, 11), (0, 8, 11), (0, 7, 7)],
)
def test_banking_days_skip_weekends_and_holidays(days, sold_on, due_on):
    delay = Delay(days, time(10), banking_days=True)

    assert delay.due_at(date(2025, 11, sold_on), BANGKOK) == bangkok(11, due_on, 10)


def test_a_weekly_claim_waits_for_the_end_of_its_week_and_is_paid_five_banking_days_later():
    sundays = Delay(5, time(10), banking_days=True, week_ends=6)

    assert sundays.due_at(date(2025, 11, 12), BANGKOK) == sundays.due_at(date(2025, 11, 16), BANGKOK)
    assert sundays.due_at(date(2025, 11, 16), BANGKOK) == bangkok(11, 21, 10)
    assert sundays.due_at(date(2025, 11, 17), BANGKOK) == bangkok(11, 28, 10)
