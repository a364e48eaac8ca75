"""When people may enrol."""

from datetime import time

import pytest

from subsidies.rules.calendar import Calendar
from subsidies.rules.conditions import Facts
from subsidies.rules.registration import (
    ENROL,
    EnrolledByList,
    Registration,
    RegistrationClosed,
    RegistrationNotOpen,
    Round,
)
from subsidies.rules.windows import Hours, Windows
from tests.subsidies.trying import bangkok

BANGKOK = Calendar(zone="Asia/Bangkok")
HOURS = {ENROL: (Hours(time(6), time(22)),)}
RULE = Registration((Round(Windows(BANGKOK, bangkok(10, 20, 6), bangkok(10, 26, 22), HOURS)),))


def asking(at, born_on=None):
    return Facts(at=at, person={"born_on": born_on} if born_on else {})


@pytest.mark.parametrize("at", [bangkok(10, 20, 6), bangkok(10, 22, 21, 59, 59), bangkok(10, 26, 21, 59, 59)])
def test_somchai_may_enrol_from_six_to_ten_on_each_day(at):
    RULE.must_be_open(asking(at))


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
        RULE.must_be_open(asking(at))
    assert refused.value.facts == {"opens_at": opens_at}


def test_afterwards_it_is_over_and_a_list_never_was_open():
    with pytest.raises(RegistrationClosed) as refused:
        RULE.must_be_open(asking(bangkok(10, 26, 22)))
    assert refused.value.facts == {"ended_at": "2025-10-26T15:00:00+00:00"}
    with pytest.raises(EnrolledByList):
        Registration().must_be_open(asking(bangkok(10, 22)))


def test_a_second_round_opens_after_the_first_and_says_when():
    mop_up = Windows(BANGKOK, bangkok(11, 11, 6), bangkok(11, 12, 0), HOURS)
    rule = Registration((*RULE.rounds, Round(mop_up)))

    rule.must_be_open(asking(bangkok(11, 11, 9)))
    with pytest.raises(RegistrationNotOpen) as refused:
        rule.must_be_open(asking(bangkok(11, 1)))
    assert refused.value.facts == {"opens_at": "2025-11-10T23:00:00+00:00"}
    with pytest.raises(RegistrationClosed) as over:
        rule.must_be_open(asking(bangkok(11, 12, 0)))
    assert over.value.facts == {"ended_at": "2025-11-11T17:00:00+00:00"}


def test_a_round_for_newcomers_is_not_for_others():
    later = Windows(BANGKOK, bangkok(11, 11, 6), bangkok(11, 12, 0), HOURS)
    rule = Registration((Round(RULE.rounds[0].windows, lambda facts: "born_on" in facts.person), Round(later)))

    rule.must_be_open(asking(bangkok(10, 21), born_on="1990-05-17"))
    with pytest.raises(RegistrationNotOpen):
        rule.must_be_open(asking(bangkok(10, 21)))
    with pytest.raises(RegistrationClosed) as refused:
        Registration(rule.rounds[:1]).must_be_open(asking(bangkok(10, 21)))
    assert refused.value.facts == {"ended_at": "2025-10-26T15:00:00+00:00"}
