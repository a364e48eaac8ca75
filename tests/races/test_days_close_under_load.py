"""Days are closed while citizens pay: nobody waits long, and no share falls between two days or into both."""

import datetime as dt
import threading
import time
from collections import defaultdict
from functools import partial

import pytest

from merchants.models import Payment
from settlement import days, slices
from settlement.models import Slice
from tests.cast import NOON, PLUS, Citizen, Stage, Stall, ask, buy, confirm, terms_for
from tests.races.at_once import PATIENCE_SECONDS, at_once
from wallet.models import BusinessDay

pytestmark = pytest.mark.django_db(transaction=True)

PAYERS = 6
CLOSES = 5
# What a payer may wait for a close (the promise; see docs/the-books.md).
LONGEST_WAIT_SECONDS = 0.5


def test_each_share_of_each_payment_lands_in_exactly_one_slice(stage: Stage) -> None:
    stalls = [stage.stall("malee"), stage.stall("prasert")]
    payers = [stage.citizen(f"citizen {n}", cash_satang=5_000_00, enrolled=PLUS) for n in range(PAYERS)]
    over = threading.Event()
    waits: list[float] = []

    def shop(someone: Citizen, stall: Stall) -> int:
        paid = 0
        until = time.monotonic() + PATIENCE_SECONDS
        while not over.is_set() and time.monotonic() < until and paid < 40:
            terms = terms_for(someone, ask(stall, 7_00))
            began = time.perf_counter()
            confirm(someone, terms)
            waits.append(time.perf_counter() - began)
            paid += 1
        return paid

    def close_days() -> int:
        try:
            for number in range(1, CLOSES + 1):
                days.close(at=NOON + dt.timedelta(days=number))
                time.sleep(0.05)
        finally:
            over.set()
        return CLOSES

    acts = [partial(shop, someone, stalls[n % 2]) for n, someone in enumerate(payers)]
    *paid, closed = at_once([*acts, close_days])
    assert closed == CLOSES
    assert sum(paid) == Payment.objects.count() > PAYERS
    assert max(waits) <= LONGEST_WAIT_SECONDS

    for business_date in slices.unsliced_days():
        slices.write(business_date=business_date, at=NOON)
    days.close(at=NOON + dt.timedelta(days=CLOSES + 1))
    (last,) = slices.unsliced_days()
    slices.write(business_date=last, at=NOON)
    sliced: dict[tuple[object, dt.date, int], int] = defaultdict(int)
    for one in Slice.objects.all():
        sliced[one.merchant_id, one.business_date, one.part] += one.amount
    expected: dict[tuple[object, dt.date, int], int] = defaultdict(int)
    for payment in Payment.objects.all():
        for part, share in ((1, payment.citizen_share), (2, payment.state_share)):
            expected[payment.merchant_id, payment.business_date, part] += share
    assert sliced == {place: amount for place, amount in expected.items() if amount}
    assert len({payment.business_date for payment in Payment.objects.all()}) > 1


def test_two_processes_that_close_at_once_close_one_day(stage: Stage) -> None:
    buy(stage.citizen("somchai", cash_satang=500_00, enrolled=PLUS), stage.stall("malee"), 100_00)
    tomorrow = NOON + dt.timedelta(days=1)
    answers = at_once([partial(days.close, at=tomorrow)] * 4)
    assert [type(answer) for answer in answers].count(BusinessDay) == 1
    assert {type(answer) for answer in answers} == {BusinessDay, days.DayNotOver}
