"""When a right can be used."""

from datetime import date, time

import pytest

from subsidies.rules.calendar import Calendar
from subsidies.rules.windows import (
    ChannelNotAllowed,
    Hours,
    OutsideHours,
    SchemeEnded,
    SchemeNotStarted,
    Windows,
)
from tests.subsidies.trying import bangkok

JOINED = bangkok(10, 20)


def windows(**hours):
    return Windows(Calendar(zone="Asia/Bangkok"), bangkok(11, 1, 6), bangkok(12, 31, 23), hours)


def opens_at(rule, refusal, at, channel="shop"):
    with pytest.raises(refusal) as refused:
        rule.must_be_open(channel=channel, at=at)
    return refused.value.facts.get("opens_at")


DAY = Hours(time(6), time(23))


@pytest.mark.parametrize("at", [bangkok(11, 1, 6), bangkok(11, 3, 22, 59, 59), bangkok(12, 31, 22, 59, 59)])
def test_opening_time_is_in_and_the_second_before_closing_too(at):
    windows(shop=(DAY,)).must_be_open(channel="shop", at=at)


def test_each_no_says_when_it_opens():
    rule = windows(shop=(DAY,), delivery=(Hours(time(6), time(21), starts_at=bangkok(11, 7)),))

    assert opens_at(rule, SchemeNotStarted, bangkok(11, 1, 5, 59, 59)) == "2025-10-31T23:00:00+00:00"
    assert opens_at(rule, SchemeNotStarted, bangkok(11, 1, year=2023)) == "2025-10-31T23:00:00+00:00"
    assert opens_at(rule, OutsideHours, bangkok(11, 3, 23)) == "2025-11-03T23:00:00+00:00"
    assert opens_at(rule, OutsideHours, bangkok(11, 3), "delivery") == "2025-11-07T05:00:00+00:00"
    assert opens_at(rule, SchemeEnded, bangkok(12, 31, 23)) is None
    assert opens_at(rule, ChannelNotAllowed, bangkok(11, 3), "web") is None


def test_a_channel_that_closes_for_the_last_time_says_when_that_was():
    rule = windows(shop=(DAY,), delivery=(Hours(time(6), time(21)),))

    with pytest.raises(SchemeEnded) as refused:
        rule.must_be_open(channel="delivery", at=bangkok(12, 31, 22))
    assert refused.value.facts == {"ended_at": "2025-12-31T14:00:00+00:00"}


def test_a_window_found_open_does_not_stay_open():
    rule = windows(shop=(DAY,))
    rule.must_be_open(channel="shop", at=bangkok(11, 3))

    assert opens_at(rule, OutsideHours, bangkok(11, 3, 23)) == "2025-11-03T23:00:00+00:00"
    assert opens_at(rule, OutsideHours, bangkok(11, 3, 5)) == "2025-11-02T23:00:00+00:00"


def test_monday_to_wednesday_only():
    rule = windows(shop=(Hours(time(0), time(0), weekdays=frozenset({"mon", "tue", "wed"})),))

    rule.must_be_open(channel="shop", at=bangkok(11, 5, 23, 59, 59))
    assert opens_at(rule, OutsideHours, bangkok(11, 6, 0)) == "2025-11-09T17:00:00+00:00"


def test_a_night_market_is_open_past_midnight():
    rule = windows(shop=(Hours(time(18), time(2)),))

    rule.must_be_open(channel="shop", at=bangkok(11, 4, 1, 59))
    assert opens_at(rule, OutsideHours, bangkok(11, 4, 2)) == "2025-11-04T11:00:00+00:00"


def test_a_channel_stays_closed_on_the_days_that_are_left_out():
    rule = windows(shop=(Hours(time(6), time(23), except_on=frozenset({date(2025, 11, 4)})),))

    rule.must_be_open(channel="shop", at=bangkok(11, 3))
    assert opens_at(rule, OutsideHours, bangkok(11, 4)) == "2025-11-04T23:00:00+00:00"
