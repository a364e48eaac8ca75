"""Malee takes a payment: the split, the books, and everything that must not happen."""

import datetime as dt
import re
from dataclasses import replace

import pytest
from django.db import connection, transaction

from merchants import charges, looking, suspensions, tills
from merchants.looking import (
    AlreadyPaid,
    ChargeCancelled,
    ChargeExpired,
    ChargeUnknown,
    MerchantSuspended,
    NotEnrolled,
    TillRevoked,
)
from merchants.models import Payment
from merchants.payments import CashShort, SplitChanged
from merchants.suspensions import AlreadySuspended, NotSuspended
from tests.cast import NOON, PIN, PLUS, STAGE_HAND, Citizen, Stage, Stall, ask, buy, confirm, terms_for
from wallet import people
from wallet.clock import BANGKOK
from wallet.ids import uuid7
from wallet.keys import KeyReused
from wallet.models import RefusalRecord
from wallet.prepared import BY_INDEX
from wallet.proofs import DeviceRevoked, PinLocked, PinWrong

pytestmark = pytest.mark.django_db


@pytest.fixture
def somchai(stage: Stage) -> Citizen:
    return stage.citizen("somchai", cash_satang=500_00, enrolled=PLUS)


@pytest.fixture
def malee(stage: Stage) -> Stall:
    return stage.stall("malee")


def test_somchai_pays_half_of_a_hundred_and_the_state_the_other_half(
    stage: Stage, somchai: Citizen, malee: Stall
) -> None:
    payment = buy(somchai, malee, 100_00)
    assert (payment.price, payment.citizen_share, payment.state_share) == (100_00, 50_00, 50_00)
    assert stage.books() == {"cash:somchai": 450_00, "purse:somchai": 1950_00, "payable:malee": 100_00}


def test_the_odd_satang_is_the_citizens(stage: Stage, somchai: Citizen, malee: Stall) -> None:
    payment = buy(somchai, malee, 99_01)
    assert (payment.citizen_share, payment.state_share) == (49_51, 49_50)
    assert stage.books() == {"cash:somchai": 450_49, "purse:somchai": 1950_50, "payable:malee": 99_01}


def test_the_days_cap_stops_the_state_at_two_hundred(stage: Stage, somchai: Citizen, malee: Stall) -> None:
    buy(somchai, malee, 300_00)
    second = buy(somchai, malee, 200_00)
    assert (second.citizen_share, second.state_share) == (150_00, 50_00)
    assert stage.books() == {"cash:somchai": 200_00, "purse:somchai": 1800_00, "payable:malee": 500_00}


def test_a_payment_keeps_why_it_was_split_so(somchai: Citizen, malee: Stall) -> None:
    payment = buy(somchai, malee, 500_00)
    kept = Payment.objects.get(owner_id=somchai.id, id=payment.id)
    assert kept.reasons == payment.reasons
    assert [reason["code"] for reason in kept.reasons]
    assert kept.shares[0]["uses"]


def test_own_money_short_says_by_how_much(stage: Stage, malee: Stall) -> None:
    poor = stage.citizen("somchai", cash_satang=30_00, enrolled=PLUS)
    with pytest.raises(CashShort) as no:
        buy(poor, malee, 100_00)
    assert no.value.facts == {"own_part_satang": 50_00, "cash_satang": 30_00, "short_satang": 20_00}
    assert stage.books() == {"cash:somchai": 30_00, "purse:somchai": 2000_00}


def test_nok_without_a_place_pays_all_only_by_choice(stage: Stage, malee: Stall) -> None:
    nok = stage.citizen("nok", cash_satang=100_00)
    charge = ask(malee, 80_00)
    with pytest.raises(NotEnrolled):
        terms_for(nok, charge, schemes_chosen=(PLUS,))
    payment = confirm(nok, terms_for(nok, charge, schemes_chosen=()))
    assert (payment.citizen_share, payment.state_share) == (80_00, 0)
    assert stage.books() == {"cash:nok": 20_00, "payable:malee": 80_00}


def test_a_split_that_changed_since_it_was_shown_is_refused_with_the_new_one(
    stage: Stage, somchai: Citizen, malee: Stall
) -> None:
    shown = terms_for(somchai, ask(malee, 400_00))
    buy(somchai, malee, 100_00)
    before = stage.books()
    with pytest.raises(SplitChanged) as no:
        confirm(somchai, shown)
    assert no.value.facts == {
        "price_satang": 400_00,
        "own_part_satang": 250_00,
        "state_satang": 150_00,
        "shown_own_part_satang": 200_00,
    }
    assert stage.books() == before


def test_the_same_key_with_the_same_terms_is_the_same_payment(stage: Stage, somchai: Citizen, malee: Stall) -> None:
    terms = terms_for(somchai, ask(malee, 100_00))
    first = confirm(somchai, terms, key="once")
    again = confirm(somchai, terms, key="once")
    assert again.id == first.id
    assert stage.books() == {"cash:somchai": 450_00, "purse:somchai": 1950_00, "payable:malee": 100_00}


def test_the_same_key_with_other_terms_is_refused(somchai: Citizen, malee: Stall) -> None:
    confirm(somchai, terms_for(somchai, ask(malee, 100_00)), key="once")
    with pytest.raises(KeyReused):
        confirm(somchai, terms_for(somchai, ask(malee, 50_00)), key="once")


def test_a_refused_key_is_decided_anew(stage: Stage, malee: Stall) -> None:
    somchai = stage.citizen("somchai", cash_satang=10_00, enrolled=PLUS)
    terms = terms_for(somchai, ask(malee, 100_00))
    with pytest.raises(CashShort):
        confirm(somchai, terms, key="again")
    from tests.cast import give

    give(somchai, 90_00)
    assert confirm(somchai, terms, key="again").citizen_share == 50_00


def test_a_charge_is_paid_once_and_its_second_payer_is_told(stage: Stage, somchai: Citizen, malee: Stall) -> None:
    nok = stage.citizen("nok", cash_satang=100_00)
    charge = ask(malee, 60_00)
    noks_terms = terms_for(nok, charge, schemes_chosen=())
    confirm(somchai, terms_for(somchai, charge))
    with pytest.raises(AlreadyPaid) as no:
        confirm(nok, noks_terms)
    assert no.value.facts == {"by_you": False}


def test_a_charge_ends_after_five_minutes(somchai: Citizen, malee: Stall) -> None:
    terms = terms_for(somchai, ask(malee, 60_00))
    assert confirm(somchai, terms, at=NOON + dt.timedelta(minutes=4, seconds=59)).price == 60_00
    late = terms_for(somchai, ask(malee, 60_00))
    with pytest.raises(ChargeExpired):
        confirm(somchai, late, at=NOON + dt.timedelta(minutes=5))


def test_a_cancelled_charge_cannot_be_paid_and_a_paid_one_not_cancelled(somchai: Citizen, malee: Stall) -> None:
    charge = ask(malee, 60_00)
    terms = terms_for(somchai, charge)
    charges.cancel(till=malee.till, charge_id=charge.id, at=NOON)
    with pytest.raises(ChargeCancelled):
        confirm(somchai, terms)
    paid = buy(somchai, malee, 40_00)
    with pytest.raises(AlreadyPaid):
        charges.cancel(till=malee.till, charge_id=paid.charge_id, at=NOON)


def test_prasert_cannot_cancel_malees_charge(stage: Stage, malee: Stall) -> None:
    prasert = stage.stall("prasert")
    with pytest.raises(ChargeUnknown):
        charges.cancel(till=prasert.till, charge_id=ask(malee, 60_00).id, at=NOON)


def test_a_suspended_stall_takes_nothing_until_restored(somchai: Citizen, malee: Stall) -> None:
    terms = terms_for(somchai, ask(malee, 60_00))
    suspensions.suspend(merchant=malee.merchant, reason="gave cash for a scan", actor=STAGE_HAND, at=NOON)
    with pytest.raises(MerchantSuspended):
        confirm(somchai, terms)
    suspensions.restore(merchant=malee.merchant, reason="looked into", actor=STAGE_HAND, at=NOON)
    assert confirm(somchai, terms).price == 60_00


def test_a_stall_is_suspended_once_and_restored_once(malee: Stall) -> None:
    with pytest.raises(NotSuspended):
        suspensions.restore(merchant=malee.merchant, reason="looked into", actor=STAGE_HAND, at=NOON)
    suspensions.suspend(merchant=malee.merchant, reason="gave cash for a scan", actor=STAGE_HAND, at=NOON)
    with pytest.raises(AlreadySuspended):
        suspensions.suspend(merchant=malee.merchant, reason="again", actor=STAGE_HAND, at=NOON)


def test_a_revoked_tills_charge_cannot_be_paid(somchai: Citizen, malee: Stall) -> None:
    terms = terms_for(somchai, ask(malee, 60_00))
    tills.revoke(till=malee.till, actor=STAGE_HAND, at=NOON)
    with pytest.raises(TillRevoked):
        confirm(somchai, terms)


def test_an_unknown_charge_is_refused(somchai: Citizen, malee: Stall) -> None:
    terms = replace(terms_for(somchai, ask(malee, 60_00)), charge_id=uuid7())
    with pytest.raises(ChargeUnknown):
        confirm(somchai, terms)


def test_a_wrong_pin_moves_nothing_and_is_counted(stage: Stage, somchai: Citizen, malee: Stall) -> None:
    terms = terms_for(somchai, ask(malee, 100_00))
    before = stage.books()
    with pytest.raises(PinWrong) as no:
        confirm(somchai, terms, pin="135799")
    assert no.value.facts == {"tries_left": 4}
    assert stage.books() == before
    somchai.device.refresh_from_db()
    assert somchai.device.wrong_pins == 1


def test_after_five_wrong_pins_right_and_wrong_look_the_same(somchai: Citizen, malee: Stall) -> None:
    terms = terms_for(somchai, ask(malee, 100_00))
    for _ in range(4):
        with pytest.raises(PinWrong):
            confirm(somchai, terms, pin="135799")
    with pytest.raises(PinLocked) as fifth:
        confirm(somchai, terms, pin="135799")
    with pytest.raises(PinLocked) as right:
        confirm(somchai, terms, pin=PIN)
    assert fifth.value.facts == right.value.facts


def test_a_right_pin_forgets_wrong_ones_that_are_older_than_a_minute(somchai: Citizen, malee: Stall) -> None:
    terms = terms_for(somchai, ask(malee, 100_00))
    with pytest.raises(PinWrong):
        confirm(somchai, terms, pin="135799")
    confirm(somchai, terms, at=NOON + dt.timedelta(seconds=60))
    somchai.device.refresh_from_db()
    assert somchai.device.wrong_pins == 1
    confirm(somchai, terms_for(somchai, ask(malee, 50_00)), at=NOON + dt.timedelta(seconds=61))
    somchai.device.refresh_from_db()
    assert somchai.device.wrong_pins == 0


def test_a_lost_phone_pays_nothing_once_it_is_signed_out(stage: Stage, somchai: Citizen, malee: Stall) -> None:
    terms = terms_for(somchai, ask(malee, 100_00))
    people.revoke_device(citizen_id=somchai.id, device_id=somchai.device.id, by_device_id=somchai.device.id, at=NOON)
    before = stage.books()
    with pytest.raises(DeviceRevoked):
        confirm(somchai, terms)
    assert stage.books() == before


def test_noks_phone_cannot_pay_with_somchais_money(stage: Stage, somchai: Citizen, malee: Stall) -> None:
    nok = stage.citizen("nok")
    terms = terms_for(somchai, ask(malee, 100_00))
    with pytest.raises(DeviceRevoked):
        confirm(replace(somchai, device=nok.device), terms)


def test_an_old_pin_moves_nothing(somchai: Citizen, malee: Stall) -> None:
    terms = terms_for(somchai, ask(malee, 100_00))
    people.change_pin(citizen_id=somchai.id, device_id=somchai.device.id, old_pin=PIN, new_pin="975318", at=NOON)
    with pytest.raises(PinWrong):
        confirm(somchai, terms, pin=PIN)
    assert confirm(somchai, terms, pin="975318").price == 100_00


def test_a_refusal_is_kept_so_that_somchai_can_ask_why(somchai: Citizen, malee: Stall) -> None:
    terms = replace(terms_for(somchai, ask(malee, 100_00)), own_part=1_00)
    with pytest.raises(SplitChanged):
        confirm(somchai, terms)
    kept = RefusalRecord.objects.get()
    assert (kept.citizen_id, kept.charge_id, kept.code, kept.at) == (somchai.id, terms.charge_id, "split_changed", NOON)


def test_a_payment_bears_the_date_that_the_books_have_open_not_the_clocks(somchai: Citizen, malee: Stall) -> None:
    # The close of the 31st is late: it is past midnight, and the books still have the 31st open.
    after_midnight = dt.datetime(2025, 11, 1, 6, 30, tzinfo=BANGKOK)
    payment = buy(somchai, malee, 100_00, at=after_midnight)
    assert payment.business_date == dt.date(2025, 10, 31)
    assert payment.shares[0]["uses"][0]["ends_at"].startswith("2025-11-01")


def test_barrier_lock_and_look_are_three_statements_in_this_order() -> None:
    together = looking.barrier_lock_look(lock=looking.LOCK.sql, look=looking.LOOK.sql)
    barrier, lock, look = together.split(";")
    assert re.search(r"^\s*SELECT pg_advisory_xact_lock_shared\(\d+\), set_config\([^()]+\)$", barrier)
    assert re.search(r"^\s*SELECT 1 FROM wallet_citizen WHERE id = \S+ FOR NO KEY UPDATE$", lock)
    assert look.strip() == looking.LOOK.sql.strip()
    assert "FOR NO KEY UPDATE" not in look
    assert "wallet_requestkey" in look


@pytest.mark.usefixtures("stage")
def test_a_look_that_is_planned_over_empty_tables_walks_through_none_of_them() -> None:
    # The plan is kept while the tables fill. PostgreSQL would read an empty one from end to end, being no dearer.
    asked = {"citizen": uuid7(), "charge": uuid7(), "device": uuid7(), "key": "scan", "at": NOON}
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("ANALYZE wallet_requestkey, merchants_chargeend, subsidies_capuse")
        cursor.execute(f"SELECT {BY_INDEX};\nEXPLAIN {looking.LOOK.on(cursor)}", looking.LOOK.values(asked))
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "Index Scan using wallet_requestkey_pkey" in plan
    assert "Seq Scan" not in plan
