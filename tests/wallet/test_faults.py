"""Every check of the three lower floors fires when the books are broken beneath it."""

from collections.abc import Callable

import pytest

import merchants.faults
import subsidies.faults
import wallet.faults
from tests.cast import PLUS, Stage, buy

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.breaks_the_books]

NOBODY = "00000000-0000-7000-8000-000000000000"

# What is done to the books, and the check that must say so. Each is one statement of a superuser with triggers off.
BREAKS = {
    "stored_balance_is_the_sum": "UPDATE wallet_balance SET balance = balance + 1 WHERE kind = 1",
    "guarded_account_is_its_owners": f"UPDATE wallet_transfer SET owner_id = '{NOBODY}' WHERE kind = 'top_up'",
    "transfer_is_on_a_known_day": "UPDATE wallet_transfer SET business_date = '2031-01-01' WHERE kind = 'top_up'",
    "one_day_is_open": "UPDATE wallet_businessday SET closed_at = now()",
    "top_up_is_its_transfer": "UPDATE wallet_topup SET amount = amount + 1",
    "cash_is_a_citizens": f"UPDATE wallet_balance SET account_id = '{NOBODY}' WHERE kind = 1",
    "transfer_kind_fits_its_accounts": "UPDATE wallet_transfer SET to_kind = 10 WHERE kind = 'top_up'",
    "sealed_day_is_unchanged": (
        "INSERT INTO wallet_dayseal (business_date, transfers, hash, sealed_at) VALUES ('2025-10-31', 1, '', now())"
    ),
    "purse_has_an_enrolment": "DELETE FROM subsidies_enrolment",
    "enrolment_has_a_ticket": "DELETE FROM subsidies_ticket",
    "fund_never_below_zero": "DELETE FROM wallet_transfer WHERE kind = 'funding'",
    "fund_has_a_scheme": "DELETE FROM subsidies_scheme",
    "payment_is_its_transfers": "UPDATE merchants_payment SET citizen_share = citizen_share - 1, price = price - 1",
    "payment_ends_its_charge": "UPDATE merchants_charge SET amount = amount + 1",
    "paid_charge_has_a_payment": "DELETE FROM merchants_payment",
    "charge_has_a_merchant": "DELETE FROM merchants_till",
    "key_has_its_payment": "DELETE FROM wallet_requestkey",
    "cap_use_is_what_payments_used": "UPDATE subsidies_capuse SET used = used + 1",
    "payment_shares_are_its_schemes": (
        "UPDATE merchants_payment SET state_share = state_share - 1, citizen_share = citizen_share + 1"
    ),
}

FLOORS = (wallet.faults, subsidies.faults, merchants.faults)


@pytest.fixture
def a_sale(stage: Stage) -> None:
    buy(stage.citizen("somchai", cash_satang=500_00, enrolled=PLUS), stage.stall("malee"), 100_00)
    assert found() == set()


@pytest.mark.usefixtures("a_sale")
@pytest.mark.parametrize(("check", "statement"), BREAKS.items(), ids=BREAKS)
def test_a_broken_book_is_found(check: str, statement: str, break_books: Callable[..., None]) -> None:
    break_books(statement)
    assert check in found()


def test_no_check_is_left_unproven() -> None:
    assert {check.name for floor in FLOORS for check in floor.CHECKS} == set(BREAKS)


def found() -> set[str]:
    return {fault.check for floor in FLOORS for fault in floor.faults(everything=True)}
