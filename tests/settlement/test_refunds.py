"""Refunds in the settlement: they count on their own date, and what a stall owes is netted until it has earned it."""

import datetime as dt

import pytest

from merchants.models import Payment
from settlement import batches, certificate, summary
from settlement.batches import NothingDue
from settlement.merchant_days import figures
from settlement.models import Payout, Slice, WaitingSlice
from tests.cast import NOON, Citizen, Stall, ask, buy, confirm, terms_for
from tests.counter import capture, give_back, hold, let_go
from tests.settlement.market import FRIDAY, MIDNIGHT, TWO, end_of_day
from tests.settlement.office import Bank, Office, payout_to
from wallet.accounts import AccountKind

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)
SATURDAY = FRIDAY + DAY


def sell(someone: Citizen, stall: Stall, satang: int, *, at: dt.datetime = NOON) -> Payment:
    """Let somebody pay all of a price themselves."""
    return confirm(someone, terms_for(someone, ask(stall, satang, at=at), schemes_chosen=(), at=at), at=at)


def sliced() -> dict[tuple[dt.date, int], int]:
    return {(one.business_date, one.part): one.amount for one in Slice.objects.all()}


def test_what_is_given_back_on_the_same_day_is_netted_in_its_slices(somchai: Citizen, malee: Stall) -> None:
    give_back(malee, buy(somchai, malee, 100_00), 30_00)
    end_of_day()
    assert sliced() == {(FRIDAY, 1): 35_00, (FRIDAY, 2): 35_00}
    (own,) = Slice.objects.filter(part=1)
    assert own.transfers == 2


def test_a_day_of_which_all_came_back_has_slices_of_nothing(somchai: Citizen, malee: Stall) -> None:
    give_back(malee, buy(somchai, malee, 100_00))
    end_of_day()
    assert sliced() == {(FRIDAY, 1): 0, (FRIDAY, 2): 0}
    with pytest.raises(NothingDue):
        batches.build(at=MIDNIGHT + 2 * DAY)


def test_captures_and_releases_settle_like_payments(somchai: Citizen, malee: Stall) -> None:
    held = hold(somchai, malee, 100_00, hold_for=2 * DAY)
    capture(malee, held, 60_00)
    end_of_day()
    capture(malee, held, 10_00, at=NOON + DAY)
    let_go(malee, held, at=NOON + DAY)
    end_of_day(business_date=SATURDAY, at=MIDNIGHT + DAY)
    assert sliced() == {(FRIDAY, 1): 30_00, (FRIDAY, 2): 30_00, (SATURDAY, 1): 5_00, (SATURDAY, 2): 5_00}


def test_what_was_paid_out_is_netted_against_the_next_sales(
    nok: Citizen, malee: Stall, office: Office, bank: Bank
) -> None:
    paid = sell(nok, malee, 100_00)
    end_of_day()
    first = office.pay(at=TWO)
    bank.pay(payout_to(malee, batch=first))
    bank.tell(office.ploy, at=TWO)

    # Saturday: all of it comes back, and she sells for 30 only. What she owes is carried forward.
    give_back(malee, paid, at=NOON + DAY)
    sell(nok, malee, 30_00, at=NOON + DAY)
    end_of_day(business_date=SATURDAY, at=MIDNIGHT + DAY)
    assert sliced()[SATURDAY, 1] == -70_00
    with pytest.raises(NothingDue):
        batches.build(at=TWO + DAY)
    told = figures(merchant_id=malee.merchant.id, business_date=SATURDAY, at=TWO + DAY)
    assert [(line.amount, line.state) for line in told.lines] == [(-70_00, "carried_forward")]
    assert figures(merchant_id=malee.merchant.id, business_date=SATURDAY + DAY, at=TWO + DAY).carried_forward == -70_00

    # Sunday she sells for 120: the bank gets 50.
    sell(nok, malee, 120_00, at=NOON + 2 * DAY)
    end_of_day(business_date=SATURDAY + DAY, at=MIDNIGHT + 2 * DAY)
    second = office.pay(at=TWO + 2 * DAY)
    assert payout_to(malee, batch=second).amount == 50_00
    assert WaitingSlice.objects.count() == 0
    assert certificate.balances().get(AccountKind.PAYABLE, 0) == 0


def test_a_stall_in_debt_does_not_lower_what_others_get(
    nok: Citizen, somchai: Citizen, malee: Stall, prasert: Stall, office: Office
) -> None:
    paid = sell(nok, malee, 100_00)
    end_of_day()
    office.pay(at=TWO)
    give_back(malee, paid, at=NOON + DAY)
    sell(nok, prasert, 40_00, at=NOON + DAY)
    end_of_day(business_date=SATURDAY, at=MIDNIGHT + DAY)
    batch = office.pay(at=TWO + DAY)
    assert dict(Payout.objects.filter(batch=batch).values_list("merchant_id", "amount")) == {prasert.merchant.id: 40_00}


def test_the_whole_picture_still_adds_up(somchai: Citizen, nok: Citizen, malee: Stall, office: Office) -> None:
    give_back(malee, buy(somchai, malee, 100_00), 30_00)
    capture(malee, hold(nok, malee, 80_00), 50_00)
    end_of_day()
    office.pay(at=TWO)
    found = summary.all_books()
    assert (found.payments, found.price, found.citizen, found.state) == (2, 150_00, 100_00, 50_00)
    assert found.refunded == 30_00
    assert found.price - found.refunded == found.paid_out + found.carried_forward


def test_before_the_day_is_counted_the_statement_shows_it_net(somchai: Citizen, nok: Citizen, malee: Stall) -> None:
    give_back(malee, buy(somchai, malee, 100_00), 30_00)
    give_back(malee, sell(nok, malee, 20_00))
    before = figures(merchant_id=malee.merchant.id, business_date=FRIDAY, at=NOON)
    assert [(line.part, line.amount) for line in before.lines] == [(1, 35_00), (2, 35_00)]
    end_of_day()
    after = figures(merchant_id=malee.merchant.id, business_date=FRIDAY, at=MIDNIGHT)
    assert [(line.part, line.amount, line.due_at) for line in after.lines] == [
        (line.part, line.amount, line.due_at) for line in before.lines
    ]
