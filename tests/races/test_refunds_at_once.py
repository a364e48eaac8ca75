"""Many at a counter at once: nothing comes back twice, is captured twice, or both captured and let go."""

import datetime as dt
from collections import Counter
from functools import partial
from uuid import uuid4

import pytest

from merchants import holds
from merchants.captures import CaptureOverRest, HoldExpired, HoldReleased
from merchants.models import Payment, Refund, RefundedSoFar
from merchants.refunds import RefundOverRest
from settlement import days, slices
from settlement.models import Slice
from tests.cast import NOON, PLUS, Citizen, Stage, Stall, buy
from tests.counter import HOURS_3, capture, give_back, hold, let_go, owner
from tests.races.at_once import at_once
from tests.settlement.market import MIDNIGHT

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def somchai(stage: Stage) -> Citizen:
    return stage.citizen("somchai", cash_satang=5_000_00, enrolled=PLUS)


@pytest.fixture
def malee(stage: Stage) -> Stall:
    return stage.stall("malee")


def test_of_thirty_two_refunds_at_once_no_more_than_the_payment_comes_back(
    stage: Stage, somchai: Citizen, malee: Stall
) -> None:
    paid = buy(somchai, malee, 100_00)
    answers = at_once([partial(give_back, malee, paid, 7_00)] * 32)
    assert Counter(type(answer) for answer in answers) == {Refund: 14, RefundOverRest: 18}
    assert RefundedSoFar.objects.get().refunded == 98_00
    assert stage.books() == {"cash:somchai": 4_999_00, "purse:somchai": 1_999_00, "payable:malee": 2_00}


def test_one_id_from_sixteen_tills_is_one_refund(stage: Stage, somchai: Citizen, malee: Stall) -> None:
    paid, refund_id, by = buy(somchai, malee, 100_00), uuid4(), owner(malee)
    answers = at_once([partial(give_back, malee, paid, 60_00, refund_id=refund_id, by=by, key="once")] * 16)
    assert len({answer.id for answer in answers}) == 1
    assert stage.books()["payable:malee"] == 40_00


def test_twelve_captures_at_once_take_no_more_than_is_held(stage: Stage, somchai: Citizen, malee: Stall) -> None:
    held = hold(somchai, malee, 100_00)
    answers = at_once([partial(capture, malee, held, 30_00)] * 12)
    assert Counter(type(answer) for answer in answers) == {Payment: 3, CaptureOverRest: 9}
    assert stage.books() == {"cash:somchai": 4_950_00, "purse:somchai": 1_950_00, "payable:malee": 90_00}


def test_a_capture_and_the_timetable_at_once_end_one_way(stage: Stage, somchai: Citizen, malee: Stall) -> None:
    for _ in range(5):
        before = stage.books()
        held = hold(somchai, malee, 10_00)
        captured, released = at_once(
            [
                partial(capture, malee, held, 10_00, at=NOON + HOURS_3 - dt.timedelta(seconds=1)),
                partial(holds.expire, at=NOON + HOURS_3, at_most=10),
            ]
        )
        assert isinstance(captured, Payment) is (released == 0)
        assert isinstance(captured, HoldReleased | HoldExpired) is (released == 1)
        assert (stage.books() == before) is (released == 1)


def test_a_capture_and_a_release_at_once_share_what_is_held(stage: Stage, somchai: Citizen, malee: Stall) -> None:
    for _ in range(5):
        held = hold(somchai, malee, 10_00)
        at_once([partial(capture, malee, held, 4_00), partial(let_go, malee, held)])
        standing = holds.standing(held, at=NOON)
        assert (standing.so_far.captured, standing.so_far.released) in {(4_00, 6_00), (0, 10_00)}


def test_refunds_while_the_day_is_closed_are_each_in_one_slice(stage: Stage, malee: Stall) -> None:
    nok = stage.citizen("nok", cash_satang=1_000_00)
    paid = [buy(nok, malee, 10_00) for _ in range(12)]
    backs = [partial(give_back, malee, one, 4_00) for one in paid]
    closed, *answers = at_once([partial(days.close, at=MIDNIGHT), *backs])
    assert {type(answer) for answer in answers} == {Refund}
    assert closed.business_date == NOON.date()
    days.close(at=MIDNIGHT + dt.timedelta(days=1))
    for business_date in slices.unsliced_days():
        slices.write(business_date=business_date, at=MIDNIGHT)
    expected: Counter[dt.date] = Counter({NOON.date(): 120_00})
    expected.subtract(Counter(refund.business_date for refund in answers for _ in range(4_00)))
    sliced = {one.business_date: one.amount for one in Slice.objects.all()}
    assert sliced == {date: amount for date, amount in expected.items() if amount}
