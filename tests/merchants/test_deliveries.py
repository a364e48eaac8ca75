"""What Malee has promised and not delivered yet, and what keeps Somchai's money."""

import datetime as dt

import pytest
from pytest_django import DjangoAssertNumQueries

from merchants import charges, deliveries, typed_codes
from tests.cast import NOON, PLUS, Citizen, Stage, Stall
from tests.counter import HOURS_3, capture, confirm_hold, hold, let_go
from wallet.models import Channel

pytestmark = pytest.mark.django_db


@pytest.fixture
def malee(stage: Stage) -> Stall:
    return stage.stall("malee")


@pytest.fixture
def somchai(stage: Stage) -> Citizen:
    return stage.citizen("somchai", cash_satang=500_00, enrolled=PLUS)


def test_what_waits_is_listed_newest_first_by_what_the_cashier_wrote(
    stage: Stage, malee: Stall, somchai: Citizen
) -> None:
    hold(somchai, stage.stall("prasert"), 90_00)
    first, gone, eaten = (hold(somchai, malee, satang) for satang in (10_00, 20_00, 30_00))
    let_go(malee, gone)
    capture(malee, eaten, 30_00)
    charge = charges.ask(
        till=malee.till,
        amount=40_00,
        channel=Channel.SHOP,
        lines=[],
        facts={},
        note="table 4",
        hold_seconds=3_600,
        key="for later",
        at=NOON,
    )
    second = confirm_hold(somchai, charge)
    waiting = deliveries.of_shop(merchant_id=malee.merchant.id, at_most=10, only_open=True, at=NOON)
    assert [(each.standing.hold.id, each.note) for each in waiting] == [(second.id, "table 4"), (first.id, "")]
    assert waiting[0].digits == typed_codes.of(charge.id)
    everything = deliveries.of_shop(merchant_id=malee.merchant.id, at_most=3, at=NOON)
    assert [each.standing.state for each in everything] == ["open", "captured", "released"]
    older = deliveries.of_shop(
        merchant_id=malee.merchant.id, at_most=3, before=everything[-1].standing.hold.id, at=NOON
    )
    assert [each.standing.hold.id for each in older] == [first.id]
    an_hour_later = NOON + dt.timedelta(hours=1)
    waiting = deliveries.of_shop(merchant_id=malee.merchant.id, at_most=10, only_open=True, at=an_hour_later)
    assert [each.standing.hold.id for each in waiting] == [first.id]


def test_what_ends_first_is_awaited_first(malee: Stall, somchai: Citizen) -> None:
    later, sooner = hold(somchai, malee, 10_00, hold_for=2 * HOURS_3), hold(somchai, malee, 20_00)
    let_go(malee, hold(somchai, malee, 30_00))
    assert [each.hold.id for each in deliveries.awaited(citizen_id=somchai.id, at=NOON)] == [sooner.id, later.id]


def test_who_awaits_nothing_costs_one_query(
    somchai: Citizen, malee: Stall, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(1):
        assert deliveries.awaited(citizen_id=somchai.id, at=NOON) == []
    for _ in range(3):
        hold(somchai, malee, 10_00)
    with django_assert_num_queries(5):
        assert len(deliveries.awaited(citizen_id=somchai.id, at=NOON)) == 3
    with django_assert_num_queries(5):
        assert len(deliveries.of_shop(merchant_id=malee.merchant.id, at_most=10, at=NOON)) == 3
