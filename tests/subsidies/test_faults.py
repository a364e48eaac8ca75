"""What falls due, is bought, lost or set aside is checked: the books are broken beneath it, and a check says so."""

from collections.abc import Callable

import pytest

import merchants.faults
import subsidies.faults
import wallet.faults
from settlement import days
from subsidies import budgets, own_money
from tests.cast import Stage
from tests.subsidies.programmes import begin, buy, half_each, join, let_in, run, thai

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.breaks_the_books]

NOBODY = "00000000-0000-7000-8000-000000000000"
BREAKS = [
    ("payment_gives_up_what_it_says", "UPDATE wallet_transfer SET amount = amount + 1 WHERE kind = 'remainder'"),
    ("payment_gives_up_what_it_says", "DELETE FROM wallet_transfer WHERE kind = 'set_aside'"),
    ("payment_gives_up_what_it_says", "UPDATE merchants_payment SET shares = shares #- '{0,lost}'"),
    ("pending_part_is_its_payments", "UPDATE subsidies_pending SET set_aside = set_aside + 1 WHERE set_aside > 0"),
    ("pending_part_is_its_payments", "UPDATE subsidies_pending SET counted = counted + 1 WHERE counted > 0"),
    ("pending_part_is_its_payments", "DELETE FROM subsidies_pending WHERE set_aside > 0"),
    ("filling_is_its_transfer", "UPDATE subsidies_filling SET amount = amount + 1"),
    ("filling_is_its_transfer", "DELETE FROM subsidies_filling"),
    ("filling_is_its_transfer", "UPDATE subsidies_buyin SET own = own + 1"),
    ("filling_is_its_transfer", "DELETE FROM wallet_transfer WHERE kind = 'grant' AND amount = 500_00"),
    (
        "filling_is_its_transfer",
        f"""INSERT INTO wallet_transfer (id, owner_id, from_kind, from_id, to_kind, to_id, amount, kind, cause,
                                         business_date, occurred_at)
            SELECT '{NOBODY}', owner_id, from_kind, from_id, to_kind, to_id, amount, kind, cause, business_date,
                   occurred_at
              FROM wallet_transfer WHERE kind = 'grant' AND amount = 500_00""",
    ),
    ("what_is_set_aside_is_paid_once", "DELETE FROM wallet_transfer WHERE kind = 'set_aside'"),
    (
        "what_is_set_aside_is_paid_once",
        "UPDATE subsidies_pending SET pays_at = pays_at + interval '9 years' WHERE set_aside > 0",
    ),
    ("what_is_set_aside_is_paid_once", "UPDATE wallet_transfer SET amount = amount + 1 WHERE kind = 'paid_back'"),
    ("scheme_day_is_its_transfers", "UPDATE subsidies_schemeday SET amount = amount + 1"),
    ("scheme_day_is_its_transfers", "DELETE FROM subsidies_schemeday WHERE from_kind = 5"),
    ("scheme_day_is_its_transfers", "DELETE FROM subsidies_summedday"),
]

FLOORS = (wallet.faults, subsidies.faults, merchants.faults)
LATER = """
[[grants]]
code = "second"
amount_satang = 500_00
pays_at = 2025-11-15T06:00:00+07:00

[buy_in]
pays_satang = 1_000_00
gets_satang = 3_000_00
until = 2025-12-01T00:00:00+07:00
"""


@pytest.fixture
def rights_were_used(stage: Stage) -> None:
    somchai = stage.citizen("somchai", cash_satang=9_000_00)
    flight = begin(stage, "we-travel-together-flight", booking="shop")
    let_in(stage, somchai, flight, at=thai(2020, 9, 1), enrolled_in=["we-travel-together-1"])
    facts = {"seats": 1, "ends_on": "2020-10-12"}
    airline = stage.stall("prasert", **{"class": "airline"})
    buy(somchai, airline, 3_000_00, at=thai(2020, 9, 20), facts=facts, schemes_chosen=(flight.code,))
    vouchers = begin(stage, "cdc-vouchers-heartland")
    let_in(stage, somchai, vouchers, at=thai(2023, 2, 1), household_is_served=False)
    notes = {vouchers.code: {"five": 1}}
    hawker = stage.stall("malee", **{"class": "hawker"})
    token = {"token": "app"}
    buy(somchai, hawker, 4_00, at=thai(2023, 2, 2), facts=token, notes=notes, schemes_chosen=(vouchers.code,))
    earning = begin(stage, "ying-chai-ying-dai")
    join(stage, somchai, earning.code, at=thai(2021, 6, 21, 7))
    shop = stage.stall("ploy", is_vat_registered=True)  # type: ignore[arg-type]
    buy(somchai, shop, 3_000_00, at=thai(2021, 7, 5), schemes_chosen=(earning.code,))
    half_each(stage, LATER)
    place = join(stage, somchai, "half-each", at=thai(2025, 10, 20))
    own_money.buy_in(
        citizen_id=somchai.id, device_id=somchai.device.id, enrolment_id=place.id, key="1", at=thai(2025, 11, 1)
    )
    run(thai(2025, 11, 15))
    days.close(at=thai(2025, 11, 15))
    assert budgets.sum_days(at=thai(2025, 11, 15)) == 1
    assert found(everything=True) == set()


@pytest.mark.usefixtures("rights_were_used")
@pytest.mark.parametrize(("check", "statement"), BREAKS)
def test_a_broken_book_is_found(check: str, statement: str, break_books: Callable[..., None]) -> None:
    break_books(statement)
    assert check in found(everything=True)
    assert check in found(everything=False)


def found(*, everything: bool) -> set[str]:
    """Return the checks that found something."""
    return {fault.check for floor in FLOORS for fault in floor.faults(everything=everything)}
