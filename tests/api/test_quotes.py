"""Somchai asks beforehand what a sale would cost him."""

from typing import Any
from uuid import uuid4

import pytest

from merchants import charges
from tests.api.doors import Knock, as_citizen, as_officer
from tests.cast import NOON, PLUS, Citizen, Stage, Stall, ask, buy
from tests.settlement.office import hire
from wallet import clock
from wallet.models import RefusalRecord

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]

A_FOOD_STALL = {"class": "food", "legal_form": "natural_person"}


@pytest.fixture
def phone(somchai: Citizen) -> Knock:
    return as_citizen(somchai)


def quoted(phone: Knock, **said: Any) -> Any:
    answer = phone.post("quotes/", {"amount_satang": 500_00, "merchant": A_FOOD_STALL, **said})
    assert answer.status_code == 200, answer.json()
    return answer.json()


def test_a_quote_tells_the_split_and_why_in_both_languages(phone: Knock) -> None:
    told = quoted(phone)
    assert (told["price_satang"], told["own_part_satang"], told["state_satang"]) == (500_00, 300_00, 200_00)
    assert [(share["scheme"], share["amount_satang"]) for share in told["shares"]] == [(PLUS, 200_00)]
    assert [(reason["code"], reason["th"], reason["en"]) for reason in told["reasons"]] == [
        ("rate_of_price", "50% ของ 500.00 บาท คือ 250.00 บาท", "50% of 500.00 baht is 250.00 baht."),
        (
            "cap_reached",
            "วงเงิน 200.00 บาท เหลือ 200.00 บาท รัฐจึงจ่ายไม่เกินนั้น ส่วนที่เกินท่านชำระเอง",
            "The limit of 200.00 baht leaves 200.00 baht, so the State pays no more than that.",
        ),
    ]
    assert (told["merchant_name"], told["schemes"], told["refusal"]) == ("", [PLUS], None)
    assert (told["cash_satang"], told["short_satang"]) == (500_00, 0)


def test_a_quote_is_what_a_scan_of_the_same_sale_says(phone: Knock, somchai: Citizen, malee: Stall) -> None:
    buy(somchai, malee, 300_00)
    scanned = phone.post("scans/", {"qr_payload": charges.payload(ask(malee, 120_00))}).json()

    told = quoted(phone, amount_satang=120_00, merchant={}, merchant_id=str(malee.merchant.id))

    assert told == {name: value for name, value in scanned.items() if name in told}
    assert (told["state_satang"], told["cash_satang"], told["merchant_name"]) == (50_00, 350_00, "ร้าน malee")


def test_nothing_is_set_aside_or_kept_by_asking(phone: Knock, stage: Stage) -> None:
    before = stage.books()
    quoted(phone)
    clock.stand_at(NOON.replace(hour=3))
    assert quoted(phone)["refusal"]["code"] == "outside_hours"
    assert stage.books() == before
    assert not RefusalRecord.objects.exists()


def test_a_scheme_that_refuses_says_why_beside_the_price_without_it(phone: Knock) -> None:
    told = quoted(phone, merchant={"class": "franchise_convenience_store", "legal_form": "juristic_person"})
    assert (told["own_part_satang"], told["state_satang"], told["shares"]) == (500_00, 0, [])
    assert (told["refusal"]["code"], told["refusal"]["status"]) == ("merchant_not_eligible", 409)
    assert told["refusal"]["detail_en"].endswith("You can still pay with your own money.")
    somewhere = quoted(phone, merchant={})
    assert somewhere["refusal"]["code"] == "merchant_not_eligible"


def test_lines_and_own_money_are_quoted_too(phone: Knock) -> None:
    alone = quoted(phone, schemes=[])
    assert (alone["own_part_satang"], [reason["code"] for reason in alone["reasons"]]) == (500_00, ["own_money_only"])
    lines = [{"category": "food", "amount_satang": 100_00}, {"category": "alcohol", "amount_satang": 400_00}]
    assert quoted(phone, lines=lines)["state_satang"] == 50_00
    short = quoted(phone, amount_satang=2_000_00)
    assert short["short_satang"] == 2_000_00 - 200_00 - 500_00


def test_who_is_in_no_scheme_is_quoted_the_price(nok: Citizen) -> None:
    told = quoted(as_citizen(nok))
    assert (told["schemes"], told["own_part_satang"], told["short_satang"]) == ([], 500_00, 500_00)


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"amount_satang": 0}, 400, "fields_wrong"),
        ({"merchant": {}, "merchant_id": str(uuid4())}, 404, "merchant_unknown"),
        ({"merchant_id": str(uuid4())}, 400, "fields_wrong"),
        ({"lines": [{"category": "food", "amount_satang": 499_99}]}, 422, "lines_do_not_sum"),
        ({"amount_satang": charges.LARGEST_CHARGE + 1}, 422, "charge_too_large"),
        ({"schemes": ["state-welfare-card"]}, 409, "not_enrolled"),
        ({"channel": "boat"}, 400, "fields_wrong"),
        ({"merchant": {"class": {"deep": 1}}}, 400, "fields_wrong"),
        ({"nonce": "0123456789abcdef"}, 400, "fields_wrong"),
    ],
)
def test_a_sale_that_nobody_could_ask_for_is_not_quoted(
    phone: Knock, change: dict[str, Any], status: int, code: str
) -> None:
    answer = phone.post("quotes/", {"amount_satang": 500_00, "merchant": A_FOOD_STALL, **change})
    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_a_suspended_shop_is_not_quoted(phone: Knock, malee: Stall) -> None:
    as_officer(hire("ploy")).post(f"merchants/{malee.merchant.id}/suspension/", {"reason": "cash for rights"})
    answer = phone.post("quotes/", {"amount_satang": 500_00, "merchant_id": str(malee.merchant.id)})
    assert (answer.status_code, answer.json()["code"]) == (409, "merchant_suspended")
