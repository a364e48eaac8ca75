"""Malee's sales and refunds one by one: both shares of each, and when each is promised to be in the bank."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from merchants import branches, tills
from merchants.models import Payment
from settlement import days, merchant_statements
from settlement.merchant_statements import Line, StatementTooLong
from tests.cast import NOON, STAGE_HAND, Citizen, Stage, Stall, ask, buy, confirm, terms_for
from tests.counter import capture, give_back, hold
from tests.settlement.market import FRIDAY, MIDNIGHT, sell
from wallet.clock import BANGKOK
from wallet.models import Channel

pytestmark = pytest.mark.django_db

HOUR = dt.timedelta(hours=1)
SATURDAY = FRIDAY + dt.timedelta(days=1)


def lines(stall: Stall, *, since: dt.date = FRIDAY, until: dt.date = FRIDAY) -> list[Line]:
    return list(merchant_statements.lines(merchant_id=stall.merchant.id, since=since, until=until))


def when(at: dt.datetime | None) -> str:
    return "" if at is None else at.astimezone(BANGKOK).strftime("%d %H:%M")


def told(line: Line) -> tuple[int, int, str, int, str]:
    return line.price, line.citizen, when(line.citizen_due_at), line.state, when(line.state_due_at)


def test_each_payment_says_when_each_of_its_parts_comes(
    stage: Stage, somchai: Citizen, nok: Citizen, malee: Stall
) -> None:
    buy(somchai, malee, 99_01)
    sell(nok, malee, 10_00, at=NOON + HOUR)
    assert [told(line) for line in lines(malee)] == [
        (99_01, 49_51, "01 02:00", 49_50, "01 17:30"),
        (10_00, 10_00, "01 02:00", 0, ""),
    ]


def test_delivery_comes_later(stage: Stage, nok: Citizen, malee: Stall) -> None:
    confirm(nok, terms_for(nok, ask(malee, 80_00, channel=Channel.DELIVERY), schemes_chosen=()))
    assert [told(line) for line in lines(malee)] == [(80_00, 80_00, "03 02:00", 0, "")]


def test_a_refund_is_a_line_of_its_own(stage: Stage, somchai: Citizen, malee: Stall) -> None:
    paid = buy(somchai, malee, 100_00)
    refund = give_back(malee, paid, 40_00, at=NOON + HOUR)
    first, second = lines(malee)
    assert (first.kind, first.id, told(first)) == ("payment", paid.id, (100_00, 50_00, "01 02:00", 50_00, "01 17:30"))
    assert (second.kind, second.id, second.payment_id) == ("refund", refund.id, paid.id)
    assert told(second) == (-40_00, -20_00, "01 02:00", -20_00, "01 17:30")


def test_a_refund_counts_on_its_own_day(stage: Stage, nok: Citizen, malee: Stall) -> None:
    sell(nok, malee, 100_00)
    days.close(at=MIDNIGHT)
    give_back(malee, Payment.objects.get(), 40_00, at=MIDNIGHT + HOUR)
    assert [told(line) for line in lines(malee, since=SATURDAY, until=SATURDAY)] == [
        (-40_00, -40_00, "02 02:00", 0, "")
    ]


def test_what_was_captured_of_a_hold_is_a_sale_and_what_is_held_is_not(
    stage: Stage, somchai: Citizen, malee: Stall
) -> None:
    held = hold(somchai, malee, 80_00)
    assert lines(malee) == []
    capture(malee, held, 60_00)
    assert [(line.kind, line.price) for line in lines(malee)] == [("capture", 60_00)]


def test_it_is_of_the_business_dates_that_were_asked_for_and_of_one_shop(
    stage: Stage, nok: Citizen, malee: Stall, prasert: Stall
) -> None:
    sell(nok, malee, 10_00)
    sell(nok, prasert, 20_00)
    days.close(at=MIDNIGHT)
    sell(nok, malee, 30_00, at=MIDNIGHT + HOUR)
    assert [line.price for line in lines(malee)] == [10_00]
    assert [line.price for line in lines(malee, until=SATURDAY)] == [10_00, 30_00]
    assert [line.price for line in lines(malee, since=SATURDAY, until=SATURDAY)] == [30_00]
    assert [line.price for line in lines(prasert, until=SATURDAY)] == [20_00]


def test_it_can_be_of_some_tills_only(stage: Stage, nok: Citizen, malee: Stall) -> None:
    branch = branches.add(merchant=malee.merchant, name="the market", facts={}, actor=STAGE_HAND, at=NOON)
    till, secret = tills.add(merchant=malee.merchant, name="till 2", branch=branch, actor=STAGE_HAND, at=NOON)
    market = Stall("malee", malee.merchant, till, secret)
    buy(nok, malee, 10_00)
    paid = buy(nok, market, 20_00)
    give_back(malee, paid, 5_00)
    friday: dict[str, Any] = {"merchant_id": malee.merchant.id, "since": FRIDAY, "until": FRIDAY}
    for place in (branch.id, till.id):
        here = tills.of_place(merchant_id=malee.merchant.id, place_id=place)
        found = merchant_statements.lines(**friday, till_ids=here)
        assert [line.price for line in found] == [20_00, -5_00]
    somewhere = tills.of_place(merchant_id=stage.stall("prasert").merchant.id, place_id=till.id)
    assert list(merchant_statements.lines(**friday, till_ids=somewhere)) == []


@pytest.mark.parametrize("sales", [1, 3])
def test_a_page_is_two_queries_however_long_it_is(
    stage: Stage, somchai: Citizen, malee: Stall, sales: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(sales):
        give_back(malee, buy(somchai, malee, 40_00))
    with django_assert_num_queries(2):
        page = merchant_statements.page(merchant_id=malee.merchant.id, since=FRIDAY, until=FRIDAY, at_most=10)
    assert [line.kind for line in page] == ["payment", "refund"] * sales


def test_all_is_read_a_page_at_a_time(
    stage: Stage,
    nok: Citizen,
    malee: Stall,
    monkeypatch: pytest.MonkeyPatch,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for satang in (1_00, 2_00, 3_00):
        sell(nok, malee, satang)
    for paid in Payment.objects.order_by("id")[:2]:
        give_back(malee, paid)
    monkeypatch.setattr(merchant_statements, "PAGE", 2)
    with django_assert_num_queries(8):  # two, two, one, and none: the end; each of them two queries
        assert [line.price for line in lines(malee)] == [1_00, 2_00, 3_00, -1_00, -2_00]


@pytest.mark.parametrize(("since", "until"), [(FRIDAY, FRIDAY - dt.timedelta(1)), (FRIDAY, FRIDAY + dt.timedelta(367))])
@pytest.mark.parametrize("read", [merchant_statements.lines, merchant_statements.page])
def test_a_statement_is_of_a_year_at_most_and_does_not_run_backwards(
    malee: Stall, read: Callable[..., object], since: dt.date, until: dt.date
) -> None:
    most = {"at_most": 1} if read is merchant_statements.page else {}
    with pytest.raises(StatementTooLong):
        read(merchant_id=malee.merchant.id, since=since, until=until, **most)
