"""A market day over the API: Somchai joins, enrols, tops up, scans and pays; Malee sees that she is paid."""

from collections.abc import Callable

import pytest

from config.loopback.stripe import StripeLoopback
from tests.api.doors import Knock, as_till
from tests.cast import NOON, OPENING, PLUS, Stage
from tests.postbox import postbox
from wallet import clock

# Why the State pays what it pays of 50.01 baht: half, rounded down.
HALF = {
    "code": "rate_of_price",
    "facts": {"scheme": PLUS, "amount_satang": 50_01, "gives_satang": 25_00, "rate_bp": 5_000, "percent": "50"},
    "th": "50% ของ 50.01 บาท คือ 25.00 บาท",
    "en": "50% of 50.01 baht is 25.00 baht.",
}

pytestmark = pytest.mark.django_db(transaction=True)
SHARE = {"scheme": PLUS, "amount_satang": 25_00, "lost_satang": 0, "later_satang": 0, "later_at": None}


@pytest.mark.usefixtures("noon")
def test_somchai_joins_enrols_tops_up_and_pays_half_of_his_noodles(
    stage: Stage, vouch: Callable[..., str], stripe: StripeLoopback
) -> None:
    malee = stage.stall("malee")

    clock.stand_at(OPENING)
    joined = Knock().post("citizens/", {"assertion": vouch(), "pin": "246813", "device_name": "โทรศัพท์ของสมชาย"})
    assert joined.status_code == 201
    assert joined.json()["name"] == "สมชาย ใจดี"
    somchai = Knock(joined.json()["access"])

    enrolled = somchai.post("enrolments/", {"scheme": PLUS, "accepts_terms": True})
    assert enrolled.status_code == 201
    place = enrolled.json()["enrolment_id"]
    assert enrolled.json() == {
        "ticket_number": 1,
        "enrolment_id": place,
        "granted_satang": 2_000_00,
        "ahead_in_queue": 0,
    }

    clock.stand_at(NOON)
    asked = somchai.post("top-ups/", {"amount_satang": 100_00})
    assert (asked.status_code, asked.json()["state"]) == (201, "waiting")
    assert asked.json()["qr_payload"].startswith("000201")
    with postbox() as box:
        stripe.webhooks.point_at(box.url)
        stripe.control(f"pay/{stripe.world.newest('payment_intent')[0]['id']}")
        letters = box.wait_for(2)  # of the charge at Stripe, and of the intent
    for letter in letters:
        heard = Knock().post("stripe/webhook/", letter.body, **{"Stripe-Signature": letter.headers["Stripe-Signature"]})
        assert (heard.status_code, heard.json()) == (200, {})
    assert somchai.get(f"top-ups/{asked.json()['id']}/").json()["state"] == "arrived"

    till = as_till(malee)
    charge = till.post("charges/", {"amount_satang": 50_01})
    assert (charge.status_code, charge.json()["state"]) == (201, "open")

    offer = somchai.post("scans/", {"qr_payload": charge.json()["qr_payload"]})
    assert offer.status_code == 200
    assert offer.json() == {
        "charge_id": charge.json()["id"],
        "merchant_name": "ร้าน malee",
        "price_satang": 50_01,
        "own_part_satang": 25_01,
        "state_satang": 25_00,
        "schemes": [PLUS],
        "notes": {},
        "shares": [SHARE],
        "reasons": [HALF],
        "cash_satang": 100_00,
        "short_satang": 0,
        "expires_at": "2025-10-31T05:05:00Z",
        "hold_seconds": None,
        "refusal": None,
        "pays_all": False,
    }

    terms = {
        "charge_id": charge.json()["id"],
        "price_satang": 50_01,
        "own_part_satang": 25_01,
        "schemes": [PLUS],
        "nonce": "0123456789abcdef",
        "pin": "246813",
    }
    paid = somchai.post("payments/", terms, key="noodles at noon")
    assert paid.status_code == 400
    paid = somchai.post("payments/", terms, key="noodles-at-noon")
    assert paid.status_code == 201
    receipt = paid.json()
    assert receipt == {
        "id": receipt["id"],
        "charge_id": charge.json()["id"],
        "state": "paid",
        "merchant_name": "ร้าน malee",
        "price_satang": 50_01,
        "own_part_satang": 25_01,
        "state_satang": 25_00,
        "shares": [SHARE],
        "reasons": [HALF],
        "paid_at": "2025-10-31T05:00:00Z",
        "business_date": "2025-10-31",
        "held_until_at": None,
        "hold_id": None,
        "refunded_satang": 0,
        "refunded_own_part_satang": 0,
        "cash_left_satang": 74_99,
        "merchant_id": str(malee.merchant.id),
        "signed": None,
        "check_code": receipt["check_code"],
    }
    assert somchai.post("payments/", terms, key="noodles-at-noon").json() == receipt
    assert somchai.get("payments/").json() == {"results": [receipt | {"cash_left_satang": None}], "next": None}

    seen = till.get(f"charges/{charge.json()['id']}/").json()
    assert (seen["state"], seen["payment_id"]) == ("paid", receipt["id"])
    assert till.get("till/tally/").json() == {
        "business_date": "2025-10-31",
        "payments": 1,
        "price_satang": 50_01,
        "citizen_satang": 25_01,
        "state_satang": 25_00,
        "refunds": 0,
        "refunded_satang": 0,
        "net_satang": 50_01,
    }

    me = somchai.get("me/").json()
    assert me["cash_satang"] == 74_99
    assert me["schemes"] == [
        {
            "code": PLUS,
            "name_th": "คนละครึ่ง พลัส",
            "name_en": "Khon La Khrueng Plus",
            "enrolment_id": place,
            "left_satang": 1_975_00,
            "left_today_satang": 175_00,
            "opens_at": None,
            "closes_at": "2025-10-31T16:00:00Z",
            "first_use_by_at": None,
            "first_used_at": "2025-10-31T05:00:00Z",
            "suspended_at": None,
            "stopped_at": None,
        }
    ]
