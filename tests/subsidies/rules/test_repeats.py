"""A calendar of instants."""

from datetime import date, time

import pytest

from subsidies.rules.calendar import Calendar
from subsidies.rules.repeats import Repeats, next_day_of
from tests.subsidies.trying import bangkok

BANGKOK = Calendar(zone="Asia/Bangkok")


def days(every, starts_on, ends_on, **more):
    repeats = Repeats(BANGKOK, every, time(6), starts_on, ends_on, **more)
    return [BANGKOK.local(at).date().isoformat() for at in repeats.instants()]


def test_each_instant_is_a_local_time_on_its_day():
    repeats = Repeats(BANGKOK, "week", time(6), date(2025, 11, 1), date(2025, 11, 8), weekday="thu")

    assert list(repeats.instants()) == [bangkok(11, 6, 6)]


def test_every_thursday_from_the_first_one_on():
    assert days("week", date(2021, 2, 18), date(2021, 3, 5), weekday="thu") == [
        "2021-02-18",
        "2021-02-25",
        "2021-03-04",
    ]


def test_every_day_with_both_ends():
    assert days("day", date(2025, 12, 31), date(2026, 1, 1)) == ["2025-12-31", "2026-01-01"]


def test_the_thirty_first_is_the_last_day_of_a_short_month():
    assert days("month", date(2023, 1, 15), date(2023, 4, 30), on_days=(31, 1)) == [
        "2023-01-31",
        "2023-02-01",
        "2023-02-28",
        "2023-03-01",
        "2023-03-31",
        "2023-04-01",
        "2023-04-30",
    ]


def test_quarters_are_counted_from_the_first_month():
    assert days("quarter", date(2023, 11, 1), date(2024, 6, 1), on_days=(1,)) == [
        "2023-11-01",
        "2024-02-01",
        "2024-05-01",
    ]


@pytest.mark.parametrize(
    ("after", "found"),
    [
        (date(2021, 10, 1), date(2021, 10, 15)),
        (date(2021, 10, 15), date(2021, 10, 15)),
        (date(2021, 10, 16), date(2021, 10, 30)),
        (date(2021, 12, 31), date(2022, 1, 15)),
        (date(2021, 2, 16), date(2021, 2, 28)),
    ],
)
def test_the_next_fifteenth_or_thirtieth(after, found):
    assert next_day_of((15, 30), after) == found


def test_every_fourth_monday_and_every_second_month_from_the_first_one_on():
    assert days("week", date(2022, 4, 1), date(2022, 6, 1), weekday="mon", interval=4) == [
        "2022-04-04",
        "2022-05-02",
        "2022-05-30",
    ]
    assert days("month", date(2022, 1, 20), date(2022, 6, 1), on_days=(18,), interval=2) == ["2022-03-18", "2022-05-18"]
    assert days("day", date(2022, 1, 1), date(2022, 1, 5), interval=2) == ["2022-01-01", "2022-01-03", "2022-01-05"]
