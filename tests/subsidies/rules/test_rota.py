"""Whose turn it is to enrol."""

import pytest

from subsidies.rules.calendar import Calendar
from subsidies.rules.conditions import Facts
from subsidies.rules.rota import NotYourDay, Rota, RotaDay
from tests.subsidies.trying import bangkok

# 3 November 2025 is a Monday.
RULE = Rota(
    Calendar(zone="Asia/Bangkok"),
    (
        RotaDay(frozenset({"mon"}), frozenset({1, 6}), until=bangkok(11, 8, 0)),
        RotaDay(frozenset({"tue"}), frozenset({2, 7}), until=bangkok(11, 8, 0)),
    ),
)


def asking(day, born_on):
    return Facts(at=bangkok(11, day), person={"born_on": born_on} if born_on else {})


def test_on_monday_it_is_the_turn_of_who_was_born_in_a_year_that_ends_in_one_or_six():
    RULE.must_be_the_day_of(asking(3, "1991-05-17"))
    with pytest.raises(NotYourDay) as refused:
        RULE.must_be_the_day_of(asking(3, "1992-05-17"))
    assert refused.value.facts == {"digit": 2, "opens_at": "2025-11-03T17:00:00+00:00"}


def test_a_day_without_a_row_and_the_time_after_the_rota_are_everybodys():
    RULE.must_be_the_day_of(asking(5, "1992-05-17"))
    RULE.must_be_the_day_of(asking(10, "1992-05-17"))
    RULE.must_be_the_day_of(asking(5, None))


def test_who_has_no_day_within_a_week_is_told_so():
    always = Rota(
        RULE.calendar, (RotaDay(frozenset({"mon", "tue", "wed", "thu", "fri", "sat", "sun"}), frozenset({1})),)
    )

    with pytest.raises(NotYourDay) as refused:
        always.must_be_the_day_of(asking(3, "1992-05-17"))
    assert refused.value.facts == {"digit": 2, "opens_at": None}
