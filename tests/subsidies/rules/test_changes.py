"""What may be changed after enrolling."""

import pytest

from subsidies.rules.changes import Change, ChangeOver, ChangeUsedUp, RightAlreadyUsed
from tests.subsidies.trying import bangkok

# คนละครึ่ง 3 and ยิ่งใช้ยิ่งได้: one change, until 28 June 2021.
SWITCH = Change("from-ying-chai", until=bangkok(6, 29, 0, year=2021), times=1, scheme="ying-chai-ying-dai")


def ask(at, times_before=0, *, was_used=False, change=SWITCH):
    change.must_allow(times_before=times_before, was_used=was_used, at=at)


def test_somchai_may_change_over_once_until_the_last_second_of_the_last_day():
    ask(bangkok(6, 28, 23, 59, 59, year=2021))
    with pytest.raises(ChangeOver) as refused:
        ask(bangkok(6, 29, 0, year=2021))
    assert refused.value.facts == {"ended_at": "2021-06-28T17:00:00+00:00"}
    with pytest.raises(ChangeUsedUp):
        ask(bangkok(6, 28, year=2021), times_before=1)


def test_who_has_used_a_right_stays_with_it_but_may_move_house():
    with pytest.raises(RightAlreadyUsed):
        ask(bangkok(6, 28, year=2021), was_used=True)
    moving = Change("moving", until=bangkok(8, 31, 0, year=2021), times=2, fact="province")
    ask(bangkok(6, 28, year=2021), times_before=1, was_used=True, change=moving)
