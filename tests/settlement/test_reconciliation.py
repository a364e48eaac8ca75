"""The bank answers: paid, returned, or something that nobody expected; every line gets a name."""

import datetime as dt
import io
from uuid import uuid4

import pytest

from settlement import bankfiles, batches, discrepancies, reconciliation, statements
from settlement.certificate import three_way
from settlement.discrepancies import DiscrepancyResolved
from settlement.models import Batch, Discrepancy, PayoutReturn, Statement, WaitingSlice
from settlement.reconciliation import AlreadyReconciled
from settlement.statements import StatementKnown, StatementOfAnotherAccount
from subsidies import funding
from tests.cast import STAGE_HAND, Citizen, Stage, Stall
from tests.races.at_once import at_once
from tests.settlement.market import TWO, end_of_day, sell
from tests.settlement.office import Bank, Office, payout_to
from tests.settlement.test_batches import owed
from wallet.accounts import AccountKind

pytestmark = pytest.mark.django_db

EVENING = dt.datetime.combine(TWO.date(), dt.time(23), TWO.tzinfo)
ONE_DAY = dt.timedelta(days=1)


@pytest.fixture
def batch(office: Office, nok: Citizen, malee: Stall, prasert: Stall) -> Batch:
    """Return a batch on its way to the bank: 100 baht to Malee, 20 baht to Prasert."""
    sell(nok, malee, 100_00)
    sell(nok, prasert, 20_00)
    end_of_day()
    return office.pay(at=TWO)


def amiss() -> list[tuple[str, int]]:
    """Return the kind and satang of every discrepancy, in order."""
    return [(row.kind, row.amount) for row in Discrepancy.objects.order_by("kind", "amount")]


def test_what_the_bank_paid_is_confirmed(
    *, stage: Stage, office: Office, bank: Bank, batch: Batch, malee: Stall, prasert: Stall
) -> None:
    at_the_bank = stage.books(AccountKind.BANK)
    bank.pay(payout_to(malee, batch=batch))
    bank.pay(payout_to(prasert, batch=batch))
    bank.tell(office.ploy, at=EVENING)
    assert owed(stage) == {}
    assert amiss() == []
    assert sum(stage.books(AccountKind.BANK).values()) == sum(at_the_bank.values()) + 120_00
    seen = three_way(batch=batch)
    assert (seen.payouts, seen.sent, seen.in_files, seen.confirmed, seen.returned) == (120_00,) * 4 + (0,)


def test_a_payout_that_comes_back_is_paid_again_by_the_next_batch(
    *, stage: Stage, office: Office, bank: Bank, batch: Batch, malee: Stall, prasert: Stall
) -> None:
    for stall in (malee, prasert):
        bank.pay(payout_to(stall, batch=batch))
    bank.give_back(payout_to(prasert, batch=batch))
    bank.tell(office.ploy, at=EVENING)
    assert owed(stage) == {"payable:prasert": 20_00}
    returned = PayoutReturn.objects.get()
    assert (returned.payout_id, returned.reason, returned.after_confirmation) == (
        payout_to(prasert, batch=batch).id,
        "AC04",
        True,
    )
    again = office.pay(at=EVENING)
    assert payout_to(prasert, batch=again).amount == again.amount == 20_00
    bank.pay(payout_to(prasert, batch=again))
    bank.tell(office.ploy, at=EVENING + ONE_DAY)
    assert owed(stage) == {}
    assert amiss() == []


def test_a_return_days_after_the_confirmation_counts_too(
    *, stage: Stage, office: Office, bank: Bank, batch: Batch, malee: Stall, prasert: Stall
) -> None:
    for stall in (malee, prasert):
        bank.pay(payout_to(stall, batch=batch))
    bank.tell(office.ploy, at=EVENING)
    discrepancies.watch(at=EVENING)
    bank.give_back(payout_to(malee, batch=batch), reason="AC06")
    bank.tell(office.ploy, at=EVENING + ONE_DAY)
    assert owed(stage) == {"payable:malee": 100_00}
    assert three_way(batch=batch).returned == 100_00
    assert [row.amount for row in WaitingSlice.objects.all()] == [100_00]
    assert amiss() == []


def test_a_return_without_its_debit_pays_the_stall_again_and_is_asked_about(
    stage: Stage, office: Office, bank: Bank, batch: Batch, malee: Stall
) -> None:
    bank.give_back(payout_to(malee, batch=batch))
    bank.tell(office.ploy, at=EVENING)
    assert owed(stage) == {"payable:malee": 100_00, "in-transit": 20_00}
    assert amiss() == [("return_without_debit", 100_00)]
    bank.pay(payout_to(malee, batch=batch))
    bank.tell(office.ploy, at=EVENING + ONE_DAY)
    assert owed(stage) == {"payable:malee": 100_00, "in-transit": 20_00}
    assert amiss() == [("paid_after_return", -100_00), ("return_without_debit", 100_00)]


def test_a_stray_line_gets_a_name_an_owner_and_its_facts(
    stage: Stage, office: Office, bank: Bank, batch: Batch
) -> None:
    bank.book(42_00, None)
    bank.book(-7_00, uuid4())
    statement = bank.tell(office.ploy, at=EVENING)
    assert amiss() == [("line_unknown", -7_00), ("line_unknown", 42_00)]
    stray = Discrepancy.objects.get(amount=42_00)
    assert (stray.owner, stray.statement_id, stray.line) == ("treasury desk", statement.id, 1)
    assert stray.facts == {"line_satang": 42_00, "bank_reference": "1"}
    assert owed(stage) == {"in-transit": 120_00}


def test_another_amount_moves_nothing_and_is_named(
    stage: Stage, office: Office, bank: Bank, batch: Batch, malee: Stall
) -> None:
    payout = payout_to(malee, batch=batch)
    bank.pay(payout, satang=99_00)
    bank.tell(office.ploy, at=EVENING)
    assert owed(stage) == {"in-transit": 120_00}
    (found,) = Discrepancy.objects.all()
    assert (found.kind, found.amount, found.payout_id) == ("amount_differs", -99_00, payout.id)
    assert (found.facts["line_satang"], found.facts["payout_satang"]) == (-99_00, 100_00)


def test_a_line_told_twice_is_booked_once(stage: Stage, office: Office, bank: Bank, batch: Batch, malee: Stall) -> None:
    for _ in range(2):
        bank.pay(payout_to(malee, batch=batch))
    bank.tell(office.ploy, at=EVENING)
    bank.pay(payout_to(malee, batch=batch))
    bank.tell(office.ploy, at=EVENING + ONE_DAY)
    assert owed(stage) == {"in-transit": 20_00}
    assert amiss() == [("line_repeated", -100_00)] * 2


def test_a_payout_that_officers_rejected_and_the_bank_paid_rings_a_bell(
    stage: Stage, office: Office, bank: Bank, nok: Citizen, malee: Stall
) -> None:
    sell(nok, malee, 100_00)
    end_of_day()
    batch = batches.build(at=TWO)
    payout = payout_to(malee, batch=batch)
    batches.reject(batch=batch, actor=office.anan.actor, reason="no", at=TWO)
    bank.pay(payout)
    bank.tell(office.ploy, at=EVENING)
    assert amiss() == [("payout_not_sent", -100_00)]
    assert owed(stage) == {"payable:malee": 100_00}


def test_the_treasurys_money_is_known_by_its_id(office: Office, bank: Bank, stage: Stage) -> None:
    cause = uuid4()
    funding.remit(amount=5_000_00, cause=cause, actor=STAGE_HAND, at=TWO)
    bank.book(5_000_00, cause)
    bank.tell(office.ploy, at=EVENING)
    assert amiss() == []
    bank.book(5_000_00, cause)
    bank.tell(office.ploy, at=EVENING + ONE_DAY)
    assert amiss() == [("line_unknown", 5_000_00)]


def test_silence_is_named_after_three_days_and_settled_by_an_answer(
    *, stage: Stage, office: Office, bank: Bank, batch: Batch, malee: Stall, prasert: Stall
) -> None:
    bank.pay(payout_to(malee, batch=batch))
    bank.tell(office.ploy, at=EVENING)
    assert discrepancies.watch(at=TWO + 3 * ONE_DAY - dt.timedelta(microseconds=1)) == 0
    assert discrepancies.watch(at=TWO + 3 * ONE_DAY) == 1
    assert discrepancies.watch(at=TWO + 4 * ONE_DAY) == 0
    (silent,) = discrepancies.open_ones()
    assert (silent.kind, silent.amount, silent.payout_id) == (
        "payout_unanswered",
        20_00,
        payout_to(prasert, batch=batch).id,
    )
    bank.pay(payout_to(prasert, batch=batch))
    bank.tell(office.ploy, at=TWO + 4 * ONE_DAY)
    assert discrepancies.open_ones() == []
    assert silent.resolution.by == "timetable:reconcile"
    assert owed(stage) == {}


def test_a_batch_that_is_answered_in_full_is_not_looked_through_again(
    office: Office, bank: Bank, batch: Batch, malee: Stall, prasert: Stall
) -> None:
    for stall in (malee, prasert):
        bank.pay(payout_to(stall, batch=batch))
    bank.tell(office.ploy, at=EVENING)
    discrepancies.watch(at=EVENING)
    batch.refresh_from_db()
    assert batch.answered_at == EVENING


def test_an_officer_settles_a_discrepancy_once_and_says_why(office: Office, bank: Bank, batch: Batch) -> None:
    bank.book(42_00, None)
    bank.tell(office.ploy, at=EVENING)
    (stray,) = discrepancies.open_ones()
    discrepancies.resolve(discrepancy=stray, actor=office.anan.actor, reason="rent of a stall, sent back", at=EVENING)
    assert discrepancies.open_ones() == []
    with pytest.raises(DiscrepancyResolved):
        discrepancies.resolve(discrepancy=stray, actor=office.ploy.actor, reason="again", at=EVENING)


def test_the_same_statement_is_taken_in_once(office: Office, bank: Bank, batch: Batch, malee: Stall) -> None:
    bank.pay(payout_to(malee, batch=batch))
    xml = bank.statement()
    statements.take(file=io.BytesIO(xml), actor=office.ploy.actor, at=EVENING)
    with pytest.raises(StatementKnown):
        statements.take(file=io.BytesIO(xml), actor=office.anan.actor, at=EVENING)
    (statement,) = statements.recent()
    assert (statement.lines, statement.opening_balance, statement.closing_balance) == (1, 1_000_000_00, 999_900_00)


def test_a_statement_is_reconciled_once(stage: Stage, office: Office, bank: Bank, batch: Batch, malee: Stall) -> None:
    bank.pay(payout_to(malee, batch=batch))
    statement = bank.tell(office.ploy, at=EVENING)
    with pytest.raises(AlreadyReconciled):
        reconciliation.reconcile(statement=statement, at=EVENING)
    assert owed(stage) == {"in-transit": 20_00}
    assert reconciliation.unreconciled() == []


def test_another_accounts_statement_is_refused(office: Office, bank: Bank) -> None:
    xml = bank.statement().replace(bankfiles.PROFILE.debtor_account.encode(), b"9999999999")
    with pytest.raises(StatementOfAnotherAccount):
        statements.take(file=io.BytesIO(xml), actor=office.ploy.actor, at=EVENING)
    assert Statement.objects.count() == 0


def test_a_missing_statement_shows_in_the_next_ones_opening_balance(stage: Stage, office: Office, bank: Bank) -> None:
    bank.tell(office.ploy, at=EVENING)
    bank.book(10_00, None)
    bank.statement()  # lost on the way to us
    bank.tell(office.ploy, at=EVENING + 2 * ONE_DAY)
    assert amiss() == [("statement_missing", 10_00)]


@pytest.mark.django_db(transaction=True)
def test_a_statement_that_two_workers_reconcile_at_once_is_booked_once(
    stage: Stage, office: Office, bank: Bank, batch: Batch, malee: Stall
) -> None:
    bank.pay(payout_to(malee, batch=batch))
    statement = statements.take(file=io.BytesIO(bank.statement()), actor=office.ploy.actor, at=EVENING)
    answers = at_once([lambda: reconciliation.reconcile(statement=statement, at=EVENING)] * 3)
    assert sorted(type(answer).__name__ for answer in answers) == ["AlreadyReconciled", "AlreadyReconciled", "NoneType"]
    assert owed(stage) == {"in-transit": 20_00}
