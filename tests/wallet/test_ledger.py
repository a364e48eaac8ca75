"""The books: what the database itself refuses, whoever asks."""

import datetime as dt

import psycopg2
import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from tests.cast import NOON, PLUS, Stage, buy, give
from wallet import ledger
from wallet.accounts import BANK, STRIPE, TREASURY, cash, payable
from wallet.ids import uuid7
from wallet.models import BusinessDay, Transfer, TransferKind
from wallet.refusals import InvariantBroken

pytestmark = pytest.mark.django_db


def test_psycopg2_is_the_driver() -> None:
    connection.ensure_connection()
    assert isinstance(connection.connection, psycopg2.extensions.connection)


def test_a_citizens_cash_never_falls_below_zero(stage: Stage) -> None:
    nok = stage.citizen("nok", cash_satang=10_00)
    move = ledger.Move(
        source=cash(nok.id),
        target=STRIPE,
        amount=10_01,
        kind=TransferKind.REVERSAL,
        cause=uuid7(),
        owner_id=nok.id,
    )
    with (
        pytest.raises(IntegrityError, match="balance_never_below_zero"),
        ledger.posting(citizens=[nok.id]) as business_date,
    ):
        ledger.post(moves=[move], business_date=business_date, at=NOON)
    assert stage.books() == {"cash:nok": 10_00}


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ({"amount": 0}, "transfer_moves_money"),
        ({"amount": -5}, "transfer_moves_money"),
        ({"to_kind": BANK.kind, "to_id": BANK.id}, "transfer_goes_somewhere"),
        ({"kind": TransferKind.PAYMENT}, "transfer_of_a_sale_names_its_slice"),
        ({"part": 2}, "transfer_part_matches_scheme"),
    ],
)
def test_the_database_refuses_a_transfer_that_makes_no_sense(change: dict[str, int], constraint: str) -> None:
    good = {
        "owner_id": uuid7(),
        "from_kind": BANK.kind,
        "from_id": BANK.id,
        "to_kind": TREASURY.kind,
        "to_id": TREASURY.id,
        "amount": 5,
        "kind": TransferKind.REMITTANCE,
        "cause": uuid7(),
        "business_date": NOON.date(),
        "occurred_at": NOON,
    }
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Transfer.objects.create(**{**good, **change})


@pytest.mark.parametrize("table", ["wallet_transfer", "merchants_payment", "merchants_chargeend", "wallet_requestkey"])
@pytest.mark.parametrize("act", ["UPDATE {} SET {} = {}", "DELETE FROM {}", "TRUNCATE {}"])
def test_the_service_may_not_change_what_happened(stage: Stage, table: str, act: str) -> None:
    buy(stage.citizen("somchai", cash_satang=500_00, enrolled=PLUS), stage.stall("malee"), 100_00)
    column = {"wallet_requestkey": "outcome_id", "merchants_chargeend": "at"}.get(table, "id")
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(act.format(table, column, column))


def test_a_balance_is_summed_from_transfers_for_all_but_the_citizens_own(stage: Stage) -> None:
    malee = stage.stall("malee")
    buy(stage.citizen("somchai", cash_satang=500_00, enrolled=PLUS), malee, 100_00)
    assert ledger.balance(payable(malee.merchant.id)) == 100_00
    assert ledger.balance(STRIPE) == -500_00


def test_all_accounts_together_are_zero(stage: Stage) -> None:
    buy(stage.citizen("somchai", cash_satang=500_00, enrolled=PLUS), stage.stall("malee"), 100_00)
    from wallet.accounts import AccountKind

    assert sum(stage.books(*AccountKind).values()) == 0


def test_without_an_open_day_nothing_is_posted(stage: Stage) -> None:
    nok = stage.citizen("nok")
    BusinessDay.objects.update(closed_at=NOON)
    with pytest.raises(InvariantBroken):
        give(nok, 10_00)
    BusinessDay.objects.update(closed_at=None)


def test_two_days_cannot_be_open() -> None:
    BusinessDay.objects.create(business_date=NOON.date(), opened_at=NOON)
    with pytest.raises(IntegrityError, match="one_day_is_open"), transaction.atomic():
        BusinessDay.objects.create(business_date=NOON.date() + dt.timedelta(days=1), opened_at=NOON)


def test_a_posting_outside_a_transaction_is_our_mistake() -> None:
    # The test's own transaction stands in the way of proving it by omission, so the connection is asked to lie.
    assert connection.in_atomic_block
    connection.in_atomic_block = False
    try:
        with pytest.raises(InvariantBroken):
            ledger.join()
    finally:
        connection.in_atomic_block = True
