"""Each check of this floor is proven to fire: the books are broken beneath it, and it says so."""

from collections.abc import Callable
from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

import settlement.faults
from settlement import discrepancies, report_cells, seals, withholding
from tests.cast import Citizen, Stage, Stall, buy
from tests.settlement.market import HALF_PAST_FIVE, MIDNIGHT, TWO, end_of_day, sell
from tests.settlement.office import Bank, Office, payout_to

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.breaks_the_books]

SOMEBODY = "'00000000-0000-7000-8000-000000000001'"
NIL = "'00000000-0000-0000-0000-000000000000'"
SALE = "WHERE kind = 'payment' AND part = 1"

# A way to break the books, in the words of the database, and the check that must notice.
BREAKS = [
    ("slices_are_the_days_transfers", f"UPDATE wallet_transfer SET amount = amount + 1 {SALE}"),
    ("slices_are_the_days_transfers", f"UPDATE wallet_transfer SET channel = 2 {SALE}"),
    ("slices_are_the_days_transfers", "DELETE FROM settlement_slice WHERE part = 2"),
    ("day_sliced_is_its_slices", "UPDATE settlement_daysliced SET amount = amount - 1 WHERE slices > 0"),
    ("day_sliced_is_its_slices", "DELETE FROM settlement_daysliced"),
    ("slice_waits_or_is_in_one_payout", "DELETE FROM settlement_waitingslice"),
    (
        "slice_waits_or_is_in_one_payout",
        """INSERT INTO settlement_waitingslice (slice_id, merchant_id, amount, due_at)
           SELECT id, merchant_id, amount, due_at FROM settlement_slice ON CONFLICT DO NOTHING""",
    ),
    ("waiting_slice_is_its_slice", "UPDATE settlement_waitingslice SET amount = amount + 1"),
    ("waiting_slice_is_its_slice", "DELETE FROM settlement_slice"),
    ("slice_has_a_merchant", f"UPDATE settlement_slice SET merchant_id = {SOMEBODY} WHERE part = 2"),
    ("payable_is_what_waits", "UPDATE settlement_waitingslice SET amount = amount + 1"),
    ("payable_is_what_waits", f"UPDATE wallet_transfer SET to_kind = 7, to_id = {NIL} {SALE}"),
    ("payout_is_its_slices", "UPDATE settlement_payout SET amount = amount + 1"),
    ("payout_is_its_slices", f"UPDATE settlement_payout SET merchant_id = {SOMEBODY} WHERE amount = 5000"),
    ("payout_is_its_slices", "DELETE FROM settlement_payout"),
    ("payout_is_its_slices", "DELETE FROM settlement_payoutslice"),
    ("batch_is_its_payouts", "UPDATE settlement_batch SET payouts = payouts + 1"),
    ("batch_is_its_payouts", "DELETE FROM settlement_batch"),
    (
        "approver_never_submitted",
        "UPDATE settlement_submission SET officer_id = (SELECT officer_id FROM settlement_decision LIMIT 1)",
    ),
    ("approver_never_submitted", "UPDATE settlement_submission SET seen = 'another batch'"),
    ("approver_never_submitted", "DELETE FROM settlement_submission"),
    ("decision_is_in_the_audit", "DELETE FROM wallet_auditentry WHERE act = 'batch.approve'"),
    ("decision_is_in_the_audit", f"UPDATE settlement_submission SET officer_id = {SOMEBODY}"),
    ("decision_is_in_the_audit", "UPDATE settlement_decision SET seen = 'another batch'"),
    ("payout_is_its_transfers", "DELETE FROM wallet_transfer WHERE kind = 'payout_confirmed'"),
    ("payout_is_its_transfers", f"UPDATE wallet_transfer SET cause = {SOMEBODY} WHERE kind = 'payout_sent'"),
    ("payout_is_its_transfers", "DELETE FROM settlement_decision"),
    (
        "payout_is_its_transfers",
        f"""INSERT INTO wallet_transfer (id, owner_id, from_kind, from_id, to_kind, to_id, amount, kind, cause,
                                         business_date, occurred_at)
            SELECT {SOMEBODY}, owner_id, from_kind, from_id, to_kind, to_id, amount, kind, cause, business_date, now()
              FROM wallet_transfer WHERE kind = 'payout_sent' LIMIT 1""",
    ),
    ("in_transit_is_what_is_unanswered", "UPDATE wallet_transfer SET amount = amount + 1 WHERE kind = 'payout_sent'"),
    ("in_transit_is_what_is_unanswered", "UPDATE settlement_batch SET answered_at = now()"),
    ("slice_is_free_when_its_payout_ended", "UPDATE settlement_payoutslice SET freed_at = now()"),
    ("slice_is_free_when_its_payout_ended", "DELETE FROM settlement_payoutreturn"),
    ("bank_files_are_the_payouts", "UPDATE settlement_bankfile SET amount = amount + 1"),
    ("bank_files_are_the_payouts", f"UPDATE settlement_bankfile SET last_merchant_id = {NIL}"),
    ("bank_files_are_the_payouts", "UPDATE settlement_decision SET verdict = 'rejected'"),
    (
        "bank_files_never_overlap",
        """INSERT INTO settlement_bankfile
           SELECT settlement_uuid7(), number + 1, payouts, amount, first_merchant_id, last_merchant_id, digest,
                  content_sealed, written_at, batch_id FROM settlement_bankfile""",
    ),
    ("statement_is_books_and_discrepancies", "UPDATE settlement_statementline SET amount = amount - 1"),
    ("statement_is_books_and_discrepancies", "DELETE FROM settlement_discrepancy"),
    ("every_line_has_a_name", "DELETE FROM settlement_discrepancy"),
    ("every_line_has_a_name", "DELETE FROM settlement_payoutconfirmation"),
    ("day_totals_sum_to_zero", "UPDATE wallet_daytotal SET money_in = money_in + 1 WHERE kind = 1"),
    ("day_totals_are_the_transfers", f"UPDATE wallet_transfer SET amount = amount + 1 {SALE}"),
    ("day_totals_are_the_transfers", "DELETE FROM wallet_daytotal WHERE kind = 4"),
    ("sealed_day_keeps_its_hash", f"UPDATE wallet_transfer SET occurred_at = now() {SALE}"),
    ("sealed_day_keeps_its_hash", "UPDATE wallet_dayseal SET hash = sha256('another day')"),
    ("report_cells_are_the_transfers", "UPDATE settlement_reportcell SET state = state + 1 WHERE state > 0"),
    ("report_cells_are_the_transfers", "UPDATE settlement_reportcell SET granted = 0"),
    ("report_cells_are_the_transfers", "UPDATE wallet_transfer SET amount = amount + 1 WHERE part = 2"),
    ("report_day_has_its_cells", "DELETE FROM settlement_reportcell WHERE state > 0"),
    ("report_day_has_its_cells", "DELETE FROM settlement_reportday"),
]


@pytest.fixture
def _a_day_and_a_half(
    *, stage: Stage, office: Office, bank: Bank, somchai: Citizen, nok: Citizen, malee: Stall, prasert: Stall
) -> None:
    """Friday is sealed. Its citizens' part is answered: Malee paid, Prasert returned and then withheld.

    The State's part is on its way, the bank told of a line that nobody knows, and on Saturday Nok buys again.
    """
    buy(somchai, malee, 100_00)
    sell(nok, prasert, 30_00)
    end_of_day()
    batch = office.pay(at=TWO)
    bank.pay(payout_to(malee, batch=batch))
    bank.pay(payout_to(prasert, batch=batch))
    bank.give_back(payout_to(prasert, batch=batch))
    bank.book(42_00, None)
    bank.tell(office.ploy, at=HALF_PAST_FIVE)
    discrepancies.watch(at=HALF_PAST_FIVE)
    seals.seal_next(at=HALF_PAST_FIVE)
    report_cells.count_next(at=HALF_PAST_FIVE)
    withholding.withhold(merchant=prasert.merchant, reason="no account", actor=office.ploy.actor, at=HALF_PAST_FIVE)
    office.pay(at=HALF_PAST_FIVE)
    sell(nok, malee, 10_00, at=HALF_PAST_FIVE)


def names(*, everything: bool) -> set[str]:
    """Return the checks that find something."""
    return {fault.check for fault in settlement.faults.faults(everything=everything)}


@pytest.mark.usefixtures("_a_day_and_a_half")
def test_the_books_that_are_about_to_be_broken_balance() -> None:
    assert names(everything=True) == names(everything=False) == set()


@pytest.mark.usefixtures("_a_day_and_a_half")
@pytest.mark.parametrize(("check", "sql"), BREAKS)
def test_a_check_fires_when_the_books_are_broken(break_books: Callable[..., None], check: str, sql: str) -> None:
    break_books(sql)
    assert check in names(everything=True)


def test_every_check_of_this_floor_is_proven() -> None:
    assert {check for check, _ in BREAKS} == {check.name for check in settlement.faults.CHECKS}


@pytest.mark.usefixtures("_a_day_and_a_half")
def test_the_unsealed_days_are_enough_for_what_was_paid_since(break_books: Callable[..., None]) -> None:
    break_books("DELETE FROM wallet_transfer WHERE kind = 'payout_confirmed'")
    assert names(everything=False) == {"payout_is_its_transfers", "in_transit_is_what_is_unanswered"}


@pytest.mark.usefixtures("_a_day_and_a_half")
def test_check_books_prints_each_fault_and_fails(break_books: Callable[..., None]) -> None:
    out = StringIO()
    call_command("check_books", "--all", stdout=out)
    assert out.getvalue() == "The books balance: no faults.\n"
    break_books("UPDATE settlement_bankfile SET amount = amount + 1")
    out = StringIO()
    with pytest.raises(CommandError, match="2 faults"):
        call_command("check_books", "--all", stdout=out)
    assert out.getvalue().count("bank_files_are_the_payouts (promise 7): a bank file is not the payouts between") == 2


def test_a_day_closed_late_and_sealed_at_once_has_no_faults(
    stage: Stage, office: Office, nok: Citizen, malee: Stall, prasert: Stall
) -> None:
    sell(nok, malee, 100_00)
    end_of_day()
    late = MIDNIGHT.replace(day=2, hour=6, minute=30)
    office.pay(at=late)  # Saturday is still open on Sunday morning
    end_of_day(business_date=MIDNIGHT.date(), at=late)
    seals.seal_next(at=late)
    seals.seal_next(at=late)
    assert names(everything=True) == names(everything=False) == set()
