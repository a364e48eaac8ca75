"""When people may enrol."""

from datetime import time

import pytest

from subsidies.rules.calendar import Calendar
from subsidies.rules.registration import (
    ENROL,
    EnrolledByList,
    Registration,
    RegistrationClosed,
    RegistrationNotOpen,
)
from subsidies.rules.windows import Hours, Windows
from tests.subsidies.trying import bangkok

RULE = Registration(
    Windows(
        Calendar(zone="Asia/Bangkok"), bangkok(10, 20, 6), bangkok(10, 26, 22), {ENROL: (Hours(time(6), time(22)),)}
    )
)


@pytest.mark.parametrize("at", [bangkok(10, 20, 6), bangkok(10, 22, 21, 59, 59), bangkok(10, 26, 21, 59, 59)])
def test_somchai_may_enrol_from_six_to_ten_on_each_day(at):
    RULE.must_be_open(at)


@pytest.mark.parametrize(
    ("at", "opens_at"),
    [
        (bangkok(10, 1), "2025-10-19T23:00:00+00:00"),
        (bangkok(10, 20, 5, 59, 59), "2025-10-19T23:00:00+00:00"),
        (bangkok(10, 20, 22), "2025-10-20T23:00:00+00:00"),
    ],
)
def test_at_other_hours_he_is_told_when_it_opens(at, opens_at):
    with pytest.raises(RegistrationNotOpen) as refused:
        RULE.must_be_open(at)
    assert refused.value.facts == {"opens_at": opens_at}


def test_afterwards_it_is_over_and_a_list_never_was_open():
    with pytest.raises(RegistrationClosed) as refused:
        RULE.must_be_open(bangkok(10, 26, 22))
    assert refused.value.facts == {"ended_at": "2025-10-26T15:00:00+00:00"}
    with pytest.raises(EnrolledByList):
        Registration().must_be_open(bangkok(10, 22))
