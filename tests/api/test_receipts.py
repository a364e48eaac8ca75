"""Anyone checks a receipt over the API, without an account."""

from typing import Any

import pytest

from merchants.models import Payment
from tests.api.doors import Knock, as_citizen, as_till
from tests.cast import PIN, PLUS, Citizen, Stall
from tests.counter import give_back

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]


@pytest.fixture
def receipt(somchai: Citizen, malee: Stall) -> Any:
    """Return what Somchai's phone is answered when he has paid and looks at the receipt."""
    charge = as_till(malee).post("charges/", {"amount_satang": 100_00}).json()
    terms = {"charge_id": charge["id"], "price_satang": 100_00, "own_part_satang": 50_00, "schemes": [PLUS]}
    paid = as_citizen(somchai).post("payments/", {**terms, "nonce": "0123456789abcdef", "pin": PIN}).json()
    return as_citizen(somchai).get(f"payments/{paid['id']}/").json()


def test_a_phone_has_a_receipt_that_anybody_can_check(receipt: Any) -> None:
    checked = Knock().post("receipts/verification/", {"signed": receipt["signed"]})
    assert (checked.status_code, checked.json()) == (
        200,
        {
            "id": receipt["id"],
            "merchant_id": receipt["merchant_id"],
            "merchant_name": "ร้าน malee",
            "price_satang": 100_00,
            "own_part_satang": 50_00,
            "state_satang": 50_00,
            "paid_at": "2025-10-31T05:00:00Z",
            "business_date": "2025-10-31",
            "refunded_satang": 0,
        },
    )


def test_a_genuine_receipt_of_goods_that_came_back_says_so(receipt: Any, malee: Stall) -> None:
    give_back(malee, Payment.objects.get(), 40_00)
    asked = {"signed": receipt["signed"]}
    assert Knock().post("receipts/verification/", asked).json()["refunded_satang"] == 40_00
    found = Knock().get(f"receipts/{receipt['id']}/", code=receipt["check_code"]).json()
    assert (found["price_satang"], found["refunded_satang"]) == (100_00, 40_00)


def test_looked_up_later_it_is_the_same(receipt: Any, somchai: Citizen) -> None:
    later = as_citizen(somchai).get(f"payments/{receipt['id']}/").json()
    assert (later["signed"], later["check_code"]) == (receipt["signed"], receipt["check_code"])


def test_by_its_check_code_anybody_finds_it_and_nobody_finds_it_without(receipt: Any) -> None:
    found = Knock().get(f"receipts/{receipt['id']}/", code=receipt["check_code"])
    assert (found.status_code, found.json()["price_satang"]) == (200, 100_00)
    wrong = receipt["check_code"][:-1] + ("A" if receipt["check_code"][-1] != "A" else "Q")
    assert Knock().get(f"receipts/{receipt['id']}/", code=wrong).json()["code"] == "payment_unknown"
    assert Knock().get(f"receipts/{receipt['id']}/").json()["code"] == "fields_wrong"


def test_a_forged_one_is_refused_in_words_for_the_shop(receipt: Any) -> None:
    head, said, signature = receipt["signed"].split(".")
    refused = Knock().post("receipts/verification/", {"signed": f"{head}.{said[:-4]}AAAA.{signature}"})
    assert (refused.status_code, refused.json()["code"]) == (422, "receipt_forged")
    assert refused.json()["detail_en"].startswith("This receipt was changed, or we never issued it.")


def test_what_anybody_sees_names_nobody(receipt: Any, somchai: Citizen) -> None:
    shown = Knock().get(f"receipts/{receipt['id']}/", code=receipt["check_code"]).content.decode()
    assert str(somchai.id) not in shown
    assert "somchai" not in shown
    assert PLUS not in shown


def test_the_keys_are_there_for_whoever_checks_alone() -> None:
    (key,) = Knock().get("receipts/keys/").json()["keys"]
    assert (key["kty"], key["crv"], key["kid"], len(key["x"])) == ("OKP", "Ed25519", "1", 43)
