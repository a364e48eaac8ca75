"""A closed day is cut into slices: each share of each sale is in exactly one, with the hour at which it is due."""

import datetime as dt
from uuid import uuid4

import pytest

from settlement import days, slices
from settlement.models import DaySliced, Slice, WaitingSlice
from settlement.slices import AlreadySliced, DayStillOpen
from tests.cast import NOON, PLUS, Stage, ask, buy, confirm, terms_for
from tests.races.at_once import at_once
from tests.settlement.market import FRIDAY, MIDNIGHT, end_of_day
from wallet.clock import BANGKOK
from wallet.models import Channel

pytestmark = pytest.mark.django_db


def the_slices(stage: Stage) -> set[tuple[str, str, str, int, int, str]]:
    """Return every slice: merchant, part, channel, transfers, satang and the hour at which it is due, in Bangkok."""
    return {
        (
            stage.names[row.merchant_id],
            row.get_part_display(),
            row.get_channel_display(),
            row.transfers,
            row.amount,
            row.due_at.astimezone(BANGKOK).strftime("%d %H:%M"),
        )
        for row in Slice.objects.all()
    }


def test_two_sales_of_malees_are_two_slices_due_at_two_hours(stage: Stage) -> None:
    somchai, malee = stage.citizen("somchai", cash_satang=500_00, enrolled=PLUS), stage.stall("malee")
    buy(somchai, malee, 100_00)
    buy(somchai, malee, 50_01)
    assert end_of_day() == 2
    assert the_slices(stage) == {
        ("malee", "citizen", "shop", 2, 75_01, "01 02:00"),
        ("malee", "state", "shop", 2, 75_00, "01 17:30"),
    }
    done = DaySliced.objects.get()
    assert (done.business_date, done.slices, done.transfers, done.amount) == (FRIDAY, 2, 4, 150_01)


def test_each_merchant_has_slices_of_their_own(stage: Stage) -> None:
    somchai = stage.citizen("somchai", cash_satang=500_00, enrolled=PLUS)
    nok = stage.citizen("nok", cash_satang=500_00)
    malee, prasert = stage.stall("malee"), stage.stall("prasert")
    buy(somchai, malee, 60_00)
    confirm(nok, terms_for(nok, ask(prasert, 40_00), schemes_chosen=()))
    assert end_of_day() == 3
    assert the_slices(stage) == {
        ("malee", "citizen", "shop", 1, 30_00, "01 02:00"),
        ("malee", "state", "shop", 1, 30_00, "01 17:30"),
        ("prasert", "citizen", "shop", 1, 40_00, "01 02:00"),
    }


def test_a_delivery_is_due_on_the_third_day(stage: Stage) -> None:
    nok, malee = stage.citizen("nok", cash_satang=500_00), stage.stall("malee")
    charge = ask(malee, 80_00, channel=Channel.DELIVERY)
    confirm(nok, terms_for(nok, charge, schemes_chosen=()))
    end_of_day()
    assert the_slices(stage) == {("malee", "citizen", "delivery", 1, 80_00, "03 02:00")}


def test_every_slice_waits_to_be_paid(stage: Stage) -> None:
    somchai, malee = stage.citizen("somchai", cash_satang=500_00, enrolled=PLUS), stage.stall("malee")
    buy(somchai, malee, 100_00)
    end_of_day()
    columns = ("merchant_id", "amount", "due_at")
    assert set(WaitingSlice.objects.values_list("slice_id", *columns)) == set(Slice.objects.values_list("id", *columns))


def test_a_day_without_sales_has_no_slices_and_is_done(stage: Stage) -> None:
    assert end_of_day() == 0
    assert slices.unsliced_days() == []


def test_nothing_is_counted_while_the_day_is_open(stage: Stage) -> None:
    with pytest.raises(DayStillOpen):
        slices.write(business_date=FRIDAY, at=NOON)


def test_a_day_is_sliced_once(stage: Stage) -> None:
    somchai, malee = stage.citizen("somchai", cash_satang=500_00, enrolled=PLUS), stage.stall("malee")
    buy(somchai, malee, 100_00)
    end_of_day()
    with pytest.raises(AlreadySliced):
        slices.write(business_date=FRIDAY, at=MIDNIGHT)
    assert Slice.objects.count() == 2


def test_two_days_of_one_merchant_are_apart(stage: Stage) -> None:
    somchai, malee = stage.citizen("somchai", cash_satang=500_00, enrolled=PLUS), stage.stall("malee")
    buy(somchai, malee, 100_00)
    days.close(at=MIDNIGHT)
    saturday_noon = NOON + dt.timedelta(days=1)
    buy(somchai, malee, 20_00, at=saturday_noon)
    days.close(at=MIDNIGHT + dt.timedelta(days=1))
    assert slices.unsliced_days() == [FRIDAY, saturday_noon.date()]
    for date in slices.unsliced_days():
        slices.write(business_date=date, at=MIDNIGHT + dt.timedelta(days=1))
    assert the_slices(stage) == {
        ("malee", "citizen", "shop", 1, 50_00, "01 02:00"),
        ("malee", "state", "shop", 1, 50_00, "01 17:30"),
        ("malee", "citizen", "shop", 1, 10_00, "02 02:00"),
        ("malee", "state", "shop", 1, 10_00, "02 17:30"),
    }


@pytest.mark.django_db(transaction=True)
def test_two_processes_at_once_write_the_slices_once(stage: Stage) -> None:
    somchai, malee = stage.citizen("somchai", cash_satang=500_00, enrolled=PLUS), stage.stall("malee")
    buy(somchai, malee, 100_00)
    days.close(at=MIDNIGHT)
    answers = at_once([lambda: slices.write(business_date=FRIDAY, at=MIDNIGHT)] * 3)
    assert sorted(map(repr, answers)) == ["2", *[repr(AlreadySliced(business_date="2025-10-31"))] * 2]
    assert Slice.objects.count() == WaitingSlice.objects.count() == 2


def test_the_servers_identifiers_are_uuids_of_version_seven_in_order_of_time(stage: Stage) -> None:
    before = uuid4()
    somchai, malee = stage.citizen("somchai", cash_satang=500_00, enrolled=PLUS), stage.stall("malee")
    payment = buy(somchai, malee, 100_00)
    end_of_day()
    for row in Slice.objects.all():
        assert (row.id.version, row.id.variant) == (7, before.variant)
        assert row.id > payment.id
