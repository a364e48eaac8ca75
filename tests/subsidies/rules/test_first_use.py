"""Use it in time, or lose it."""

from datetime import timedelta

import pytest

from subsidies.rules.first_use import FirstUse, FirstUseMissed
from tests.subsidies.trying import bangkok

DEADLINE = bangkok(11, 11, 23)


@pytest.mark.parametrize("rule", [FirstUse(by=DEADLINE), FirstUse(within=timedelta(days=14))])
def test_the_deadline_itself_is_too_late_and_a_second_before_is_not(rule):
    joined = bangkok(10, 28, 23)
    rule.must_be_met(enrolled_at=joined, first_used_at=None, at=bangkok(11, 11, 22, 59, 59))

    with pytest.raises(FirstUseMissed):
        rule.must_be_met(enrolled_at=joined, first_used_at=None, at=DEADLINE)


def test_who_used_it_in_time_keeps_it():
    FirstUse(by=DEADLINE).must_be_met(enrolled_at=DEADLINE, first_used_at=bangkok(11, 1), at=bangkok(12, 1))
    with pytest.raises(FirstUseMissed):
        FirstUse(by=DEADLINE).must_be_met(enrolled_at=DEADLINE, first_used_at=DEADLINE, at=bangkok(12, 1))
