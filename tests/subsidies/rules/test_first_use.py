"""Use it in time, or lose it."""

from datetime import timedelta

import pytest

from subsidies.rules.conditions import Facts
from subsidies.rules.first_use import FirstUse, FirstUseMissed
from tests.subsidies.trying import bangkok

DEADLINE = bangkok(11, 11, 23)


@pytest.mark.parametrize("rule", [FirstUse(by=DEADLINE), FirstUse(within=timedelta(days=14))])
def test_the_deadline_itself_is_too_late_and_a_second_before_is_not(rule):
    joined = bangkok(10, 28, 23)
    rule.must_be_met(enrolled_at=joined, first_used_at=None, facts=Facts(at=bangkok(11, 11, 22, 59, 59)))

    with pytest.raises(FirstUseMissed):
        rule.must_be_met(enrolled_at=joined, first_used_at=None, facts=Facts(at=DEADLINE))


def test_who_used_it_in_time_keeps_it():
    december = Facts(at=bangkok(12, 1))
    FirstUse(by=DEADLINE).must_be_met(enrolled_at=DEADLINE, first_used_at=bangkok(11, 1), facts=december)
    with pytest.raises(FirstUseMissed):
        FirstUse(by=DEADLINE).must_be_met(enrolled_at=DEADLINE, first_used_at=DEADLINE, facts=december)


def test_a_deadline_for_those_who_come_back_does_not_bind_newcomers():
    rule = FirstUse(by=DEADLINE, applies=lambda facts: facts.tier == "old")

    rule.must_be_met(enrolled_at=DEADLINE, first_used_at=None, facts=Facts(at=bangkok(12, 1), tier="new"))
    assert rule.deadline(DEADLINE, Facts(at=DEADLINE, tier="new")) is None
    with pytest.raises(FirstUseMissed):
        rule.must_be_met(enrolled_at=DEADLINE, first_used_at=None, facts=Facts(at=bangkok(12, 1), tier="old"))
