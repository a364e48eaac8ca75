"""The clock of a cap."""

from datetime import UTC, datetime, time

import pytest

from subsidies.rules.calendar import LIFETIME, Calendar
from subsidies.rules.periods import Period
from tests.subsidies.trying import bangkok

BANGKOK = Calendar(zone="Asia/Bangkok")


@pytest.mark.parametrize(
    ("kind", "at", "ends_at"),
    [
        ("day", bangkok(11, 3, 6), bangkok(11, 4, 6)),
        ("day", bangkok(11, 4, 5, 59, 59), bangkok(11, 4, 6)),
        ("day", bangkok(12, 31), bangkok(1, 1, 6, year=2026)),
        ("week", bangkok(11, 3), bangkok(11, 9, 6)),
        ("week", bangkok(11, 9, 5), bangkok(11, 9, 6)),
        ("week", bangkok(11, 9, 6), bangkok(11, 16, 6)),
        ("month", bangkok(12, 1, 5), bangkok(12, 1, 6)),
        ("month", bangkok(12, 1, 6), bangkok(1, 1, 6, year=2026)),
        ("quarter", bangkok(11, 3), bangkok(1, 1, 6, year=2026)),
        ("quarter", bangkok(2, 3), bangkok(4, 1, 6)),
        ("year", bangkok(2, 3), bangkok(1, 1, 6, year=2026)),
        ("scheme", bangkok(2, 3), LIFETIME),
    ],
)
def test_each_period_ends_where_the_next_begins(kind, at, ends_at):
    assert Period(kind=kind, calendar=BANGKOK, resets=time(6)).ends_at(at) == ends_at


def test_the_same_period_object_answers_for_any_instant_in_any_order():
    day = Period(kind="day", calendar=BANGKOK)

    assert [day.ends_at(bangkok(11, number)) for number in (3, 3, 5, 3)] == [
        bangkok(11, number, 0) for number in (4, 4, 6, 4)
    ]


def test_tranches_end_where_the_document_says_and_the_last_one_with_the_scheme():
    tranche = Period(kind="tranche", calendar=BANGKOK, tranches=[bangkok(11, 1), bangkok(10, 1)])

    assert [tranche.ends_at(at) for at in (bangkok(9, 1), bangkok(10, 1), bangkok(11, 1))] == [
        bangkok(10, 1),
        bangkok(11, 1),
        LIFETIME,
    ]


def test_a_week_begins_on_the_day_that_the_document_names():
    week = Period(kind="week", calendar=BANGKOK, week_starts="thu")

    assert week.ends_at(bangkok(11, 5)) == bangkok(11, 6, 0)
    assert week.ends_at(bangkok(11, 6)) == bangkok(11, 13, 0)


def test_periods_are_counted_from_the_first_to_the_present_one():
    month = Period(kind="month", calendar=BANGKOK)

    assert month.count(bangkok(11, 30, 23), bangkok(11, 30, 23)) == 1
    assert month.count(bangkok(11, 30, 23), bangkok(2, 1, 0, year=2026)) == 4


def test_a_day_lasts_as_long_as_the_clocks_on_the_spot_say():
    london = Period(kind="day", calendar=Calendar(zone="Europe/London"))

    assert london.ends_at(datetime(2020, 10, 25, 12, tzinfo=UTC)) == datetime(2020, 10, 26, 0, tzinfo=UTC)
    assert london.ends_at(datetime(2020, 10, 24, 12, tzinfo=UTC)) == datetime(2020, 10, 24, 23, tzinfo=UTC)
