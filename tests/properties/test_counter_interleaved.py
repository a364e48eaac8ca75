"""Two or three acts at a counter at once, stopped at every point where they meet: what comes back never goes twice."""

import datetime as dt
from collections.abc import Iterator
from functools import partial
from itertools import count
from uuid import uuid4

import pytest

from merchants import charges, holds
from merchants.captures import CaptureOverRest, HoldExpired, HoldReleased
from merchants.charges import ChargeHeld
from merchants.looking import AlreadyPaid, ChargeCancelled
from merchants.models import ChargeEnd, Hold, Payment, Refund
from merchants.payments import SplitChanged
from merchants.refunds import RefundOverRest
from settlement import days, slices
from settlement.models import Slice
from subsidies.models import CapUse
from subsidies.rules.caps import DailyRightUsedUp
from tests.cast import NOON, Citizen, Stall, ask, buy, confirm, terms_for
from tests.counter import HOURS_3, ask_to_hold, capture, confirm_to_hold, give_back, hold, let_go
from tests.properties.interleaving import Act, interleaved
from tests.properties.orders import Order, in_many_orders, kinds
from wallet.models import BusinessDay

pytestmark = pytest.mark.django_db(transaction=True)

JUST_IN_TIME = NOON + HOURS_3 - dt.timedelta(seconds=1)


def test_two_refunds_never_give_back_more_than_was_paid(somchais: Iterator[Citizen], malee: Stall) -> None:
    def once(order: Order) -> None:
        paid = buy(next(somchais), malee, 100_00)
        give = partial(give_back, malee, paid, 60_00)
        assert kinds(interleaved([give, give], order=order)) == {Refund: 1, RefundOverRest: 1}

    in_many_orders(once)


def test_one_refund_asked_for_twice_comes_back_once(somchais: Iterator[Citizen], malee: Stall) -> None:
    def once(order: Order) -> None:
        paid = buy(next(somchais), malee, 100_00)
        give = partial(give_back, malee, paid, 60_00, refund_id=uuid4())
        first, second = interleaved([give, give], order=order)
        assert first.id == second.id

    in_many_orders(once)


def test_a_refund_and_a_payment_of_one_citizen_keep_the_days_cap(somchais: Iterator[Citizen], malee: Stall) -> None:
    def once(order: Order) -> None:
        somchai = next(somchais)
        paid = buy(somchai, malee, 200_00)  # uses up half of today's right, and leaves 50 of his own
        terms = terms_for(somchai, ask(malee, 100_00))
        acts: list[Act] = [partial(give_back, malee, paid, 100_00), partial(confirm, somchai, terms)]
        back, bought = interleaved(acts, order=order)
        assert kinds([back, bought]) == {Refund: 1, Payment: 1}
        (used,) = CapUse.objects.filter(citizen_id=somchai.id)
        assert (bought.state_share, used.used) == (50_00, 100_00)

    in_many_orders(once)


def test_two_orders_never_hold_more_than_the_days_right(somchais: Iterator[Citizen], malee: Stall) -> None:
    def once(order: Order) -> None:
        somchai = next(somchais)
        asked = [ask_to_hold(malee, 260_00) for _ in range(2)]
        both = [partial(confirm_to_hold, somchai, terms_for(somchai, charge)) for charge in asked]
        held, refused = sorted(interleaved(both, order=order), key=lambda one: not isinstance(one, Hold))
        assert isinstance(held, Hold)
        assert isinstance(refused, SplitChanged | DailyRightUsedUp)

    in_many_orders(once)


def test_two_captures_never_take_more_than_is_held(somchais: Iterator[Citizen], malee: Stall) -> None:
    def once(order: Order) -> None:
        take = partial(capture, malee, hold(next(somchais), malee, 100_00), 60_00)
        assert kinds(interleaved([take, take], order=order)) == {Payment: 1, CaptureOverRest: 1}

    in_many_orders(once)


def test_a_capture_and_the_timetable_end_one_way(somchais: Iterator[Citizen], malee: Stall) -> None:
    def once(order: Order) -> None:
        held = hold(next(somchais), malee, 100_00)
        take = partial(capture, malee, held, 100_00, at=JUST_IN_TIME)
        expire = partial(holds.expire, at=NOON + HOURS_3, at_most=10)
        captured, released = interleaved([take, expire], order=order)
        assert (type(captured), released) in {(Payment, 0), (HoldReleased, 1), (HoldExpired, 1)}

    in_many_orders(once)


def test_a_capture_a_release_and_the_timetable_leave_nothing_twice(somchais: Iterator[Citizen], malee: Stall) -> None:
    def once(order: Order) -> None:
        held = hold(next(somchais), malee, 100_00)
        acts: list[Act] = [
            partial(capture, malee, held, 30_00, at=JUST_IN_TIME),
            partial(let_go, malee, held, at=JUST_IN_TIME),
            partial(holds.expire, at=NOON + HOURS_3, at_most=10),
        ]
        interleaved(acts, order=order)
        so_far = holds.so_far_of(held)
        assert (so_far.captured, so_far.released) in {(30_00, 70_00), (0, 100_00)}

    in_many_orders(once)


def test_a_charge_is_held_or_cancelled_and_held_once(somchais: Iterator[Citizen], malee: Stall) -> None:
    def once(order: Order) -> None:
        charge = ask_to_hold(malee, 100_00)
        both = [next(somchais), next(somchais)]
        confirms = [partial(confirm_to_hold, one, terms_for(one, charge)) for one in both]
        cancel = partial(charges.cancel, till=malee.till, charge_id=charge.id, at=NOON)
        assert kinds(interleaved([*confirms, cancel], order=order)) in (
            {Hold: 1, AlreadyPaid: 1, ChargeHeld: 1},
            {ChargeCancelled: 2, ChargeEnd: 1},
        )

    in_many_orders(once)


def test_a_refund_and_a_capture_are_on_the_day_before_or_after_and_in_its_slices(
    somchais: Iterator[Citizen], malee: Stall
) -> None:
    nights = (NOON + dt.timedelta(days=number) for number in count(1))

    def once(order: Order) -> None:
        paid, held = buy(next(somchais), malee, 100_00), hold(next(somchais), malee, 80_00)
        night = next(nights)

        def close_and_cut() -> BusinessDay:
            closed = days.close(at=night)
            slices.write(business_date=closed.business_date, at=night)
            return closed

        acts: list[Act] = [partial(give_back, malee, paid), partial(capture, malee, held, 40_00), close_and_cut]
        refund, captured, closed = interleaved(acts, order=order)
        assert kinds([refund, captured, closed]) == {Refund: 1, Payment: 1, BusinessDay: 1}
        sold = sum(one.price for one in Payment.objects.filter(business_date=closed.business_date))
        back = sum(one.amount for one in Refund.objects.filter(business_date=closed.business_date))
        cut = Slice.objects.filter(business_date=closed.business_date)
        assert sum(row.amount for row in cut) == sold - back
        let_go(malee, held)

    in_many_orders(once)
