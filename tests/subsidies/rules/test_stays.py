"""A right of one's own time."""

from datetime import time, timedelta

import pytest

from subsidies.rules.calendar import Calendar
from subsidies.rules.stays import OwnTime
from subsidies.rules.windows import SchemeEnded, SchemeNotStarted
from tests.subsidies.trying import bangkok

BANGKOK = Calendar(zone="Asia/Bangkok")
JOINED = bangkok(11, 3)
COUPON = OwnTime(BANGKOK, stay=(time(17), time(0)))
STAYS = {"stay_from": "2025-11-07", "stay_until": "2025-11-09"}


def test_a_right_may_sleep_for_a_day_after_enrolment_and_die_after_a_year():
    rule = OwnTime(BANGKOK, timedelta(hours=24), timedelta(days=365))

    with pytest.raises(SchemeNotStarted) as early:
        rule.must_hold(at=bangkok(11, 4, 11, 59), enrolled_at=JOINED, person={})
    assert early.value.facts == {"opens_at": "2025-11-04T05:00:00+00:00"}
    rule.must_hold(at=bangkok(11, 4), enrolled_at=JOINED, person={})
    with pytest.raises(SchemeEnded) as late:
        rule.must_hold(at=bangkok(11, 3, year=2026), enrolled_at=JOINED, person={})
    assert late.value.facts == {"ended_at": "2026-11-03T05:00:00+00:00"}


def test_a_hotels_coupon_opens_at_five_on_the_first_day_and_ends_with_the_last():
    with pytest.raises(SchemeNotStarted):
        COUPON.must_hold(at=bangkok(11, 7, 16, 59), enrolled_at=JOINED, person=STAYS)
    COUPON.must_hold(at=bangkok(11, 7, 17), enrolled_at=JOINED, person=STAYS)
    COUPON.must_hold(at=bangkok(11, 9, 23, 59, 59), enrolled_at=JOINED, person=STAYS)
    with pytest.raises(SchemeEnded):
        COUPON.must_hold(at=bangkok(11, 10, 0), enrolled_at=JOINED, person=STAYS)


def test_the_later_beginning_and_the_earlier_end_rule():
    both = OwnTime(BANGKOK, timedelta(days=5), timedelta(days=5, hours=6), stay=(time(17), time(0)))

    assert both.starts_at(enrolled_at=JOINED, person=STAYS) == bangkok(11, 8)
    assert both.ends_at(enrolled_at=JOINED, person=STAYS) == bangkok(11, 8, 18)


def test_most_schemes_need_nothing_of_this():
    assert not OwnTime(BANGKOK).is_needed
    assert COUPON.is_needed
