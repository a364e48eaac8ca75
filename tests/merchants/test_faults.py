"""Every check of holds and refunds fires when the books are broken beneath it."""

from collections.abc import Callable

import pytest

import merchants.faults
import subsidies.faults
import wallet.faults
from tests.cast import PLUS, Stage, buy
from tests.counter import capture, give_back, hold, let_go
from tests.subsidies.programmes import begin, join, thai
from tests.subsidies.programmes import buy as spend

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.breaks_the_books]

NOBODY = "00000000-0000-7000-8000-000000000000"

# What is done to the books, and the check that must say so. Each is one statement of a superuser with triggers off.
AT_THE_COUNTER = [
    ("payment_is_its_transfers", "DELETE FROM wallet_transfer WHERE kind = 'capture' AND part = 2"),
    ("payment_is_its_transfers", f"UPDATE merchants_payment SET hold_id = '{NOBODY}' WHERE hold_id IS NOT NULL"),
    ("share_comes_from_its_purse", "DELETE FROM wallet_transfer WHERE kind = 'hold' AND part = 2"),
    ("cap_use_is_what_payments_used", "UPDATE merchants_refund SET shares = jsonb_set(shares, '{0,uses}', '[]')"),
    ("cap_use_is_what_payments_used", "UPDATE merchants_release SET shares = jsonb_set(shares, '{0,uses}', '[]')"),
    ("cap_use_is_what_payments_used", "UPDATE merchants_hold SET shares = jsonb_set(shares, '{0,uses}', '[]')"),
    ("transfer_kind_fits_its_accounts", "UPDATE wallet_transfer SET to_kind = 4 WHERE kind = 'release'"),
    ("hold_ends_its_charge", "DELETE FROM merchants_chargeend WHERE \"end\" = 'held'"),
    ("hold_ends_its_charge", "DELETE FROM merchants_hold"),
    ("hold_ends_its_charge", "UPDATE merchants_charge SET amount = amount + 1 WHERE hold_seconds IS NOT NULL"),
    ("hold_ends_its_charge", "UPDATE merchants_charge SET hold_seconds = NULL"),
    ("key_has_its_hold", "DELETE FROM wallet_requestkey"),
    ("hold_is_its_transfers", "UPDATE merchants_hold SET citizen_share = citizen_share - 1, price = price - 1"),
    ("hold_is_its_transfers", "DELETE FROM wallet_transfer WHERE kind = 'hold' AND part = 1"),
    ("hold_is_its_transfers", f"UPDATE wallet_transfer SET to_id = '{NOBODY}' WHERE kind = 'hold'"),
    ("hold_holds_what_is_left", "UPDATE wallet_balance SET balance = balance + 1 WHERE kind = 3"),
    ("hold_holds_what_is_left", "UPDATE merchants_holdsofar SET captured = captured - 1"),
    ("hold_holds_what_is_left", "UPDATE merchants_holdsofar SET released = released - 1 WHERE released > 0"),
    ("hold_holds_what_is_left", "DELETE FROM merchants_holdsofar"),
    ("hold_holds_what_is_left", "DELETE FROM merchants_release"),
    ("hold_holds_what_is_left", "UPDATE merchants_holdsofar SET expires_at = expires_at + interval '1 hour'"),
    (
        "captures_are_in_proportion",
        """UPDATE merchants_payment SET shares = jsonb_set(shares, '{0,amount}', '1999')
            WHERE hold_id IS NOT NULL AND state_share = 2000""",
    ),
    ("release_is_its_transfers", "UPDATE merchants_release SET citizen_share = citizen_share + 1, amount = amount + 1"),
    ("release_is_its_transfers", "DELETE FROM wallet_transfer WHERE kind = 'release' AND to_kind = 1"),
    ("release_is_its_transfers", f"UPDATE wallet_transfer SET to_id = '{NOBODY}' WHERE kind = 'release'"),
    ("refunds_are_within_their_payment", "UPDATE merchants_refundedsofar SET refunded = refunded - 1"),
    ("refunds_are_within_their_payment", "UPDATE merchants_refundedsofar SET price = price + 1"),
    ("refunds_are_within_their_payment", "DELETE FROM merchants_refundedsofar"),
    ("refunds_are_within_their_payment", "DELETE FROM merchants_payment WHERE hold_id IS NULL"),
    ("refunds_are_within_their_payment", f"UPDATE merchants_refund SET merchant_id = '{NOBODY}'"),
    ("refunds_are_within_their_payment", "UPDATE merchants_refund SET channel = 2"),
    (
        "refunds_are_in_proportion",
        "UPDATE merchants_refund SET shares = jsonb_set(shares, '{0,amount}', '1501')",
    ),
    ("refunds_are_in_proportion", "UPDATE merchants_payment SET shares = '[]' WHERE hold_id IS NULL"),
    ("refund_is_its_transfers", "UPDATE merchants_refund SET citizen_share = citizen_share + 1, amount = amount + 1"),
    ("refund_is_its_transfers", "UPDATE wallet_transfer SET channel = 2 WHERE kind = 'refund'"),
    ("refund_is_its_transfers", "DELETE FROM wallet_transfer WHERE kind = 'refund' AND part = 2"),
    ("refund_is_its_transfers", "UPDATE wallet_transfer SET business_date = '2025-11-01' WHERE kind = 'refund'"),
]

OF_WHAT_EARNS = [
    ("refund_counts_as_much_less", "DELETE FROM subsidies_pending WHERE counted < 0"),
    ("refund_counts_as_much_less", "UPDATE subsidies_pending SET counted = counted - 1 WHERE counted < 0"),
]
BREAKS = (*AT_THE_COUNTER, *OF_WHAT_EARNS)

FLOORS = (wallet.faults, subsidies.faults, merchants.faults)


@pytest.fixture
def a_day_at_the_counter(stage: Stage) -> None:
    """Somchai has bought for 100 baht and got 30 back; of two orders one is half captured, half let go, one waits."""
    somchai, malee = stage.citizen("somchai", cash_satang=500_00, enrolled=PLUS), stage.stall("malee")
    give_back(malee, buy(somchai, malee, 100_00), 30_00)
    held = hold(somchai, malee, 80_00)
    capture(malee, held, 40_00)
    let_go(malee, held)
    capture(malee, hold(somchai, malee, 60_00), 20_00)
    assert found(everything=True) == set()


@pytest.mark.usefixtures("a_day_at_the_counter")
@pytest.mark.parametrize(("check", "statement"), AT_THE_COUNTER)
def test_a_broken_book_is_found(check: str, statement: str, break_books: Callable[..., None]) -> None:
    break_books(statement)
    assert check in found(everything=True)
    # Nothing is sealed yet, so that by default all of it is looked at too.
    assert check in found(everything=False)


@pytest.mark.parametrize(("check", "statement"), OF_WHAT_EARNS)
def test_a_broken_count_of_what_earns_is_found(
    stage: Stage, check: str, statement: str, break_books: Callable[..., None]
) -> None:
    begin(stage, "ying-chai-ying-dai")
    somchai = stage.citizen("somchai", cash_satang=9_000_00)
    join(stage, somchai, "ying-chai-ying-dai", at=thai(2021, 6, 21, 7))
    malee = stage.stall("malee", is_vat_registered=True)  # type: ignore[arg-type]
    give_back(malee, spend(somchai, malee, 3_000_00, at=thai(2021, 7, 5)), 1_000_00, at=thai(2021, 7, 5))
    assert found(everything=True) == set()
    break_books(statement)
    assert check in found(everything=True)
    assert check in found(everything=False)


def found(*, everything: bool) -> set[str]:
    return {fault.check for floor in FLOORS for fault in floor.faults(everything=everything)}
