"""Malee's statement: what she sold, when each part comes, and where it is now."""

import datetime as dt

import pytest

from settlement import batches, merchant_days, withholding
from settlement.merchant_days import MerchantDay, figures
from tests.cast import Citizen, Stage, Stall, buy
from tests.settlement.market import FRIDAY, HALF_PAST_FIVE, MIDNIGHT, TWO, end_of_day, sell
from tests.settlement.office import Bank, Office, payout_to
from wallet import ledger
from wallet.clock import BANGKOK

pytestmark = pytest.mark.django_db

EVENING = dt.datetime(2025, 11, 1, 23, 0, tzinfo=BANGKOK)


def told(stall: Stall, *, at: dt.datetime, business_date: dt.date = FRIDAY) -> MerchantDay:
    return figures(merchant_id=stall.merchant.id, business_date=business_date, at=at)


def lines(day: MerchantDay) -> list[tuple[str, int, str, str]]:
    return [
        (line.part.label, line.amount, line.due_at.astimezone(BANGKOK).strftime("%d %H:%M"), line.state)
        for line in day.lines
    ]


def coming(stall: Stall, *, at: dt.datetime) -> dict[str, int]:
    found = merchant_days.coming(merchant_id=stall.merchant.id, business_date=ledger.open_date(), at=at)
    return {due_at.astimezone(BANGKOK).strftime("%d %H:%M"): amount for due_at, amount in found}


def test_before_the_day_is_over_malee_sees_what_will_come_and_when(
    stage: Stage, somchai: Citizen, nok: Citizen, malee: Stall
) -> None:
    buy(somchai, malee, 99_01)
    sell(nok, malee, 10_00)
    day = told(malee, at=MIDNIGHT)
    assert lines(day) == [("citizen", 59_51, "01 02:00", "open"), ("state", 49_50, "01 17:30", "open")]
    assert (day.citizens_part, day.states_part, day.paid, day.to_come) == (59_51, 49_50, 0, 109_01)


def test_the_state_of_each_part_is_told_from_promise_to_payment(
    stage: Stage, office: Office, bank: Bank, somchai: Citizen, malee: Stall
) -> None:
    buy(somchai, malee, 99_01)
    end_of_day()
    seen = [told(malee, at=MIDNIGHT)]
    batch = batches.build(at=TWO)
    seen.append(told(malee, at=TWO))
    office.submit(batch, at=TWO)
    office.approve(batch, at=TWO)
    seen.append(told(malee, at=TWO))
    bank.pay(payout_to(malee, batch=batch))
    bank.tell(office.ploy, at=HALF_PAST_FIVE)
    seen.append(told(malee, at=HALF_PAST_FIVE))
    assert [[line.state for line in day.lines] for day in seen] == [
        ["promised", "promised"],
        ["in_batch", "promised"],
        ["sent", "promised"],
        ["paid", "carried_forward"],
    ]
    assert (seen[-1].paid, seen[-1].to_come) == (49_51, 49_50)


def test_what_is_coming_is_summed_by_its_hour_over_all_days(
    stage: Stage, office: Office, bank: Bank, somchai: Citizen, malee: Stall
) -> None:
    buy(somchai, malee, 99_01)
    assert coming(malee, at=MIDNIGHT) == {"01 02:00": 49_51, "01 17:30": 49_50}
    end_of_day()
    buy(somchai, malee, 20_00, at=TWO + dt.timedelta(hours=10))
    assert coming(malee, at=TWO) == {"01 02:00": 49_51, "01 17:30": 49_50, "02 02:00": 10_00, "02 17:30": 10_00}
    batch = batches.build(at=TWO)
    office.submit(batch, at=TWO)
    office.approve(batch, at=TWO)
    bank.pay(payout_to(malee, batch=batch))
    bank.tell(office.ploy, at=HALF_PAST_FIVE)
    assert coming(malee, at=EVENING) == {"01 17:30": 49_50, "02 02:00": 10_00, "02 17:30": 10_00}


def test_what_came_back_from_the_bank_waits_again(
    stage: Stage, office: Office, bank: Bank, nok: Citizen, malee: Stall
) -> None:
    sell(nok, malee, 100_00)
    end_of_day()
    batch = office.pay(at=TWO)
    bank.pay(payout_to(malee, batch=batch))
    bank.give_back(payout_to(malee, batch=batch))
    bank.tell(office.ploy, at=EVENING)
    assert lines(told(malee, at=EVENING)) == [("citizen", 100_00, "01 02:00", "carried_forward")]
    assert told(malee, at=EVENING, business_date=EVENING.date()).carried_forward == 100_00
    withholding.withhold(merchant=malee.merchant, reason="account closed", actor=office.ploy.actor, at=EVENING)
    assert lines(told(malee, at=EVENING)) == [("citizen", 100_00, "01 02:00", "withheld")]


def test_prasert_sees_nothing_of_malees(stage: Stage, somchai: Citizen, malee: Stall, prasert: Stall) -> None:
    buy(somchai, malee, 99_01)
    assert told(prasert, at=MIDNIGHT) == MerchantDay(FRIDAY, (), 0)
    end_of_day()
    assert told(prasert, at=MIDNIGHT) == MerchantDay(FRIDAY, (), 0)
