"""Payments are decided again from the ledger, and what was split otherwise than the rules say comes to light."""

import datetime as dt
from collections.abc import Callable

import pytest

import merchants.faults
import settlement.faults
import subsidies.faults
import wallet.faults
from merchants import audits
from tests.cast import NOON, PLUS, Stage, ask, buy, confirm, terms_for

FLOORS = (wallet.faults, subsidies.faults, merchants.faults, settlement.faults)


@pytest.mark.django_db
def test_whatever_somchai_buys_on_three_days_is_decided_again_as_it_was(stage: Stage) -> None:
    somchai, malee = stage.citizen("somchai", cash_satang=5_000_00, enrolled=PLUS), stage.stall("malee")
    for day in range(3):
        at = NOON + dt.timedelta(days=day)
        for price in (99_01, 333_33):
            confirm(somchai, terms_for(somchai, ask(malee, price, at=at), at=at, schemes_chosen=None), at=at)
            confirm(somchai, terms_for(somchai, ask(malee, 7_00, at=at), at=at, schemes_chosen=()), at=at)
            at += dt.timedelta(hours=1)
    assert list(audits.of_people([somchai.id])) == []


@pytest.mark.breaks_the_books
@pytest.mark.django_db(transaction=True)
def test_a_share_that_is_wrong_in_every_row_is_found_by_deciding_again(
    stage: Stage, break_books: Callable[..., None]
) -> None:
    somchai = stage.citizen("somchai", cash_satang=500_00, enrolled=PLUS)
    payment = buy(somchai, stage.stall("malee"), 100_00)
    break_books(
        """UPDATE merchants_payment SET citizen_share = 4000, state_share = 6000,
                  shares = jsonb_set(jsonb_set(shares, '{0,amount}', '6000'), '{0,uses,0,amount}', '6000')""",
        "UPDATE wallet_transfer SET amount = CASE part WHEN 1 THEN 4000 ELSE 6000 END WHERE kind = 'payment'",
        "UPDATE wallet_balance SET balance = balance + CASE kind WHEN 1 THEN 1000 ELSE -1000 END",
        "UPDATE subsidies_capuse SET used = 6000",
    )
    (fault,) = [fault for floor in FLOORS for fault in floor.faults(everything=True)]
    enrolment = payment.shares[0]["enrolment"]
    assert (fault.check, fault.promise) == ("payment_is_what_the_rules_say", 3)
    assert fault.found == {
        "payment": payment.id,
        "citizen": somchai.id,
        "paid_own_part": 40_00,
        "decided_own_part": 50_00,
        "paid_shares": [(enrolment, 60_00, 0, 0, 0)],
        "decided_shares": [(enrolment, 50_00, 0, 0, 0)],
    }


@pytest.mark.breaks_the_books
@pytest.mark.django_db(transaction=True)
def test_no_more_payments_are_decided_again_than_were_asked_for(
    stage: Stage, break_books: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    malee = stage.stall("malee")
    for name in ("somchai", "nok"):
        buy(stage.citizen(name, cash_satang=500_00, enrolled=PLUS), malee, 100_00)
    break_books("UPDATE merchants_charge SET merchant_facts = '{}'")
    monkeypatch.setattr(audits, "AT_ONCE", 1)
    assert len(list(audits.faults())) == 2
    assert len(list(audits.faults(most_payments=1))) == 1
    assert len(list(audits.faults(most_people=1))) == 1
