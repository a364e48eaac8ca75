"""The whole picture is the same before and after a day is closed and counted, and adds up each time."""

import pytest

from settlement import report_cells, summary
from settlement.models import DayMoved
from settlement.summary import Summary
from tests.cast import NOON, Citizen, Stall, buy
from tests.counter import capture, give_back, hold
from tests.settlement.market import MIDNIGHT, TWO, end_of_day, sell
from tests.settlement.office import Bank, Office, payout_to

pytestmark = pytest.mark.django_db


def picture(found: Summary) -> dict[str, int]:
    assert found.price == found.citizen + found.state
    assert found.price - found.refunded == found.paid_out + found.carried_forward
    return {name: getattr(found, name) for name in ("payments", "price", "state", "refunded", "paid_out", "payouts")}


def test_it_adds_up_whatever_is_counted_already(
    somchai: Citizen, nok: Citizen, malee: Stall, office: Office, bank: Bank
) -> None:
    buy(somchai, malee, 100_00)
    capture(malee, hold(somchai, malee, 40_00), 40_00)
    give_back(malee, buy(nok, malee, 30_00), 10_00)
    sold = {"payments": 3, "price": 170_00, "state": 70_00, "refunded": 10_00, "paid_out": 0, "payouts": 0}
    assert picture(summary.all_books()) == sold
    end_of_day()
    assert report_cells.count_next(at=MIDNIGHT) == NOON.date()
    assert picture(summary.all_books()) == sold
    assert DayMoved.objects.get(kind="payment").acts == 2

    batch = office.pay(at=TWO)
    payout = payout_to(malee, batch=batch)
    bank.pay(payout)
    bank.tell(office.ploy, at=TWO)
    assert picture(summary.all_books()) == {**sold, "paid_out": payout.amount, "payouts": 1}


def test_nothing_is_a_picture_too(somchai: Citizen) -> None:
    assert set(picture(summary.all_books()).values()) == {0}


def test_a_counted_day_is_read_from_its_sums_alone(nok: Citizen, malee: Stall) -> None:
    sell(nok, malee, 30_00)
    end_of_day()
    report_cells.count_next(at=MIDNIGHT)
    assert summary.all_books().payments == 1
    assert DayMoved.objects.get(kind="payment").citizen == 30_00
