"""Local days and times."""

from datetime import UTC, date, datetime, time

import pytest

from subsidies.rules.calendar import Calendar
from tests.subsidies.trying import bangkok

BANGKOK = Calendar(zone="Asia/Bangkok", holidays=[date(2025, 12, 10)])


def test_a_local_time_becomes_an_instant_also_where_clocks_change():
    london = Calendar(zone="Europe/London")

    assert BANGKOK.instant(date(2025, 11, 3), time(6)) == datetime(2025, 11, 2, 23, tzinfo=UTC)
    assert london.instant(date(2020, 8, 3), time(0)) == datetime(2020, 8, 2, 23, tzinfo=UTC)
    assert london.instant(date(2020, 12, 3), time(0)) == datetime(2020, 12, 3, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("at", "weekday", "kind"),
    [
        (bangkok(12, 9, 23, 59), "tue", "workday"),
        (bangkok(12, 10, 0), "wed", "holiday"),
        (bangkok(12, 13), "sat", "holiday"),
        (bangkok(12, 14), "sun", "holiday"),
        (bangkok(12, 15), "mon", "workday"),
    ],
)
def test_saturdays_sundays_and_listed_days_are_holidays_in_bangkok_time(at, weekday, kind):
    assert (BANGKOK.weekday(at), BANGKOK.kind_of_day(at)) == (weekday, kind)
