"""What Somchai paid in a month, in sum and by shop."""

import datetime as dt

import pytest

from merchants import history
from tests.cast import NOON, PLUS, Stage, buy
from tests.counter import capture, hold, let_go

OCTOBER, NOVEMBER = dt.date(2025, 10, 1), dt.date(2025, 11, 1)


@pytest.mark.django_db
def test_a_month_is_summed_and_searched_by_shop(stage: Stage) -> None:
    somchai = stage.citizen("somchai", cash_satang=500_00, enrolled=PLUS)
    malee, prasert = stage.stall("malee"), stage.stall("prasert")
    noodles, rice = buy(somchai, malee, 50_00), buy(somchai, prasert, 81_01)
    october = history.month(citizen_id=somchai.id, first=OCTOBER, at=NOON)
    assert [receipt.payment.id for receipt in october.receipts] == [rice.id, noodles.id]
    assert (october.price, october.own, october.state) == (131_01, 65_51, 65_50)
    assert not october.earlier
    at_malees = history.month(citizen_id=somchai.id, first=OCTOBER, at=NOON, words="MALEE")
    assert [receipt.payment.id for receipt in at_malees.receipts] == [noodles.id]
    assert (at_malees.price, at_malees.own, at_malees.state) == (50_00, 25_00, 25_00)


@pytest.mark.django_db
def test_a_month_begins_and_ends_at_midnight_in_bangkok(stage: Stage) -> None:
    somchai = stage.citizen("somchai", cash_satang=500_00)
    malee = stage.stall("malee")
    last = buy(somchai, malee, 10_00, at=NOON.replace(hour=23, minute=59, second=59))
    first = buy(somchai, malee, 20_00, at=NOON.replace(hour=0, day=1, month=11))
    months = {day: history.month(citizen_id=somchai.id, first=day, at=NOON) for day in (OCTOBER, NOVEMBER)}
    assert [receipt.payment.id for receipt in months[OCTOBER].receipts] == [last.id]
    assert [receipt.payment.id for receipt in months[NOVEMBER].receipts] == [first.id]
    assert months[NOVEMBER].earlier


@pytest.mark.django_db
def test_what_is_held_or_came_back_stands_beside_what_was_paid(stage: Stage) -> None:
    somchai = stage.citizen("somchai", cash_satang=500_00)
    malee = stage.stall("malee")
    open_one, let_down, eaten = (hold(somchai, malee, satang) for satang in (30_00, 20_00, 10_00))
    let_go(malee, let_down)
    capture(malee, eaten, 10_00)
    october = history.month(citizen_id=somchai.id, first=OCTOBER, at=NOON)
    assert [(each.hold.id, each.state) for each in october.holds] == [(let_down.id, "released"), (open_one.id, "open")]
    assert [receipt.payment.hold_id for receipt in october.receipts] == [eaten.id]
    assert history.month(citizen_id=somchai.id, first=OCTOBER, at=NOON, words="prasert").holds == ()
    assert history.month(citizen_id=somchai.id, first=NOVEMBER, at=NOON).earlier


def test_months_follow_one_another_over_new_year() -> None:
    assert history.following(dt.date(2025, 12, 1)) == dt.date(2026, 1, 1)
    assert history.preceding(dt.date(2026, 1, 1)) == dt.date(2025, 12, 1)
