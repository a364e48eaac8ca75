"""Malee's counter over the API: she holds, captures, lets go and gives back, and Somchai sees all of it."""

from typing import Any
from uuid import uuid4

import pytest

from merchants.models import Charge, Role
from tests.api.doors import Knock, as_citizen, as_staff, as_till, terms_of
from tests.cast import PIN, PLUS, Citizen, Stage, Stall, ask, buy
from tests.counter import hold

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]


def said(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json().get("code", "")


def test_a_delivery_from_the_charge_to_the_refund(stage: Stage, somchai: Citizen, malee: Stall) -> None:
    till, phone = as_till(malee), as_citizen(somchai)
    charge = till.post("charges/", {"amount_satang": 300_00, "hold": True, "hold_seconds": 3_600}).json()
    assert (charge["state"], charge["hold_seconds"], charge["hold_id"]) == ("open", 3_600, None)

    offer = phone.post("scans/", {"qr_payload": charge["qr_payload"]}).json()
    assert (offer["own_part_satang"], offer["hold_seconds"], offer["pays_all"]) == (150_00, 3_600, False)
    terms = {name: offer[name] for name in ("charge_id", "price_satang", "own_part_satang", "schemes")}
    receipt = phone.post("payments/", {**terms, "nonce": "0123456789abcdef", "pin": PIN}).json()
    assert (receipt["state"], receipt["held_until_at"]) == ("held", "2025-10-31T06:00:00Z")
    assert phone.get("payments/").json() == {"results": [], "next": None}
    me = phone.get("me/").json()
    assert (me["cash_satang"], me["held_satang"]) == (350_00, 300_00)

    charge = till.get(f"charges/{charge['id']}/").json()
    assert (charge["state"], charge["payment_id"], charge["hold_id"]) == ("held", None, receipt["id"])
    where = f"holds/{receipt['id']}/"
    captured = till.post(f"{where}captures/", {"id": str(uuid4()), "amount_satang": 200_00}).json()
    assert (captured["amount_satang"], captured["own_part_satang"], captured["state_satang"]) == (
        200_00,
        100_00,
        100_00,
    )
    released = till.post(f"{where}release/")
    assert released.status_code == 201
    assert {name: released.json()[name] for name in ("state", "captured_satang", "released_satang", "left_satang")} == {
        "state": "captured_in_part",
        "captured_satang": 200_00,
        "released_satang": 100_00,
        "left_satang": 0,
    }
    assert phone.get(where).json() == till.get(where).json() == released.json()
    assert phone.get("holds/").json() == {"results": [released.json()], "next": None}

    refunds = f"payments/{captured['payment_id']}/refunds/"
    asked = {"refund_id": str(uuid4()), "amount_satang": 50_00, "reason": "the soup was cold"}
    assert said(till.post(refunds, asked)) == (403, "cashier_cannot_refund")
    refund = as_staff(malee, Role.MANAGER).post(refunds, asked).json()
    assert refund == {
        "id": refund["id"],
        "refund_id": asked["refund_id"],
        "payment_id": captured["payment_id"],
        "amount_satang": 50_00,
        "own_part_satang": 25_00,
        "state_satang": 25_00,
        "shares": [{"scheme": PLUS, "amount_satang": 25_00, "to": "purse"}],
        "reason": "the soup was cold",
        "refunded_at": "2025-10-31T05:00:00Z",
        "business_date": "2025-10-31",
    }
    given = {"price_satang": 200_00, "refunded_satang": 50_00, "left_satang": 150_00, "results": [refund]}
    assert phone.get(refunds).json() == till.get(refunds).json() == given
    (receipt,) = phone.get("payments/").json()["results"]
    assert {name: receipt[name] for name in ("state", "refunded_satang", "refunded_own_part_satang", "hold_id")} == {
        "state": "refunded_in_part",
        "refunded_satang": 50_00,
        "refunded_own_part_satang": 25_00,
        "hold_id": charge["hold_id"],
    }
    (taken,) = till.get("till/payments/").json()["results"]
    assert (taken["price_satang"], taken["refunded_satang"]) == (200_00, 50_00)
    tally = till.get("till/tally/").json()
    assert (tally["price_satang"], tally["refunded_satang"], tally["net_satang"]) == (200_00, 50_00, 150_00)
    assert stage.books() == {"cash:somchai": 425_00, "purse:somchai": 1_925_00, "payable:malee": 150_00}


def test_a_till_undoes_what_it_just_took(stage: Stage, somchai: Citizen, malee: Stall) -> None:
    payment = buy(somchai, malee, 100_00)
    body = {"refund_id": str(uuid4()), "whole": True, "reason": "one nought too many"}
    first = as_till(malee).post(f"payments/{payment.id}/refunds/", body, key="undo")
    assert (first.status_code, first.json()["amount_satang"]) == (201, 100_00)
    assert as_till(malee).post(f"payments/{payment.id}/refunds/", body, key="undo").json() == first.json()
    assert stage.books() == {"cash:somchai": 500_00, "purse:somchai": 2_000_00}


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"refund_id": None}, "refund_id"),
        ({"refund_id": "the first"}, "refund_id"),
        ({"amount_satang": 0}, "amount_satang"),
        ({"amount_satang": -1}, "amount_satang"),
        ({"amount_satang": 10**18}, "amount_satang"),
        ({"amount_satang": 50_00.5}, "amount_satang"),
        ({"amount_satang": True}, "amount_satang"),
        ({"amount_satang": None}, ""),
        ({"whole": True}, ""),
        ({"whole": "yes"}, "whole"),
        ({"reason": ""}, "reason"),
        ({"reason": "nul\x00"}, "reason"),
        ({"to": "my cousin"}, "to"),
    ],
)
def test_a_wrong_field_of_a_refund_is_named(somchai: Citizen, malee: Stall, change: dict[str, Any], field: str) -> None:
    payment = buy(somchai, malee, 100_00)
    body = {"refund_id": str(uuid4()), "amount_satang": 50_00, "reason": "the soup was cold", **change}
    answer = as_till(malee).post(f"payments/{payment.id}/refunds/", body)
    assert said(answer) == (400, "fields_wrong")
    assert list(answer.json()["facts"]["fields"]) == [field]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"id": None}, "id"),
        ({"id": "the first"}, "id"),
        ({"amount_satang": 0}, "amount_satang"),
        ({"amount_satang": -1}, "amount_satang"),
        ({"amount_satang": 10**18}, "amount_satang"),
        ({"amount_satang": None}, "amount_satang"),
        ({"tip_satang": 1}, "tip_satang"),
    ],
)
def test_a_wrong_field_of_a_capture_is_named(
    somchai: Citizen, malee: Stall, change: dict[str, Any], field: str
) -> None:
    held = hold(somchai, malee, 100_00)
    answer = as_till(malee).post(f"holds/{held.id}/captures/", {"id": str(uuid4()), "amount_satang": 50_00, **change})
    assert said(answer) == (400, "fields_wrong")
    assert list(answer.json()["facts"]["fields"]) == [field]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"hold_seconds": 3_600}, ""),
        ({"hold": True, "hold_seconds": 599}, "hold_seconds"),
        ({"hold": True, "hold_seconds": 7 * 86_400 + 1}, "hold_seconds"),
        ({"hold": "yes"}, "hold"),
    ],
)
def test_a_hold_is_between_ten_minutes_and_a_week(malee: Stall, change: dict[str, Any], field: str) -> None:
    answer = as_till(malee).post("charges/", {"amount_satang": 100_00, **change})
    assert said(answer) == (400, "fields_wrong")
    assert list(answer.json()["facts"]["fields"]) == [field]


def test_without_a_number_a_hold_is_for_three_hours(malee: Stall) -> None:
    charge = as_till(malee).post("charges/", {"amount_satang": 100_00, "hold": True}).json()
    assert charge["hold_seconds"] == 3 * 3_600


def test_what_moves_money_back_needs_a_key(somchai: Citizen, malee: Stall) -> None:
    payment, held = buy(somchai, malee, 100_00), hold(somchai, malee, 100_00)
    for path in (f"payments/{payment.id}/refunds/", f"holds/{held.id}/captures/", f"holds/{held.id}/release/"):
        till = as_till(malee)
        bare = till.client.post(
            f"/api/v1/{path}",
            {"refund_id": str(uuid4()), "id": str(uuid4()), "amount_satang": 1, "reason": "why"},
            content_type="application/json",
            headers={"Authorization": f"Bearer {till.access}"},
        )
        assert said(bare)[0] == 400


def test_a_hold_takes_the_citizens_pin_like_any_payment(stage: Stage, somchai: Citizen, malee: Stall) -> None:
    charge = as_till(malee).post("charges/", {"amount_satang": 50_00, "hold": True}).json()
    before = stage.books()
    body = terms_of(ask(malee, 50_00), own_part=25_00, pin="135797") | {"charge_id": charge["id"]}
    assert said(as_citizen(somchai).post("payments/", body)) == (403, "pin_wrong")
    assert stage.books() == before


def test_a_platforms_system_holds_captures_and_refunds_with_its_key(
    stage: Stage, somchai: Citizen, malee: Stall
) -> None:
    asked = {"name": "a delivery platform", "scopes": ["charges:write", "refunds:write"]}
    platform = Knock(as_staff(malee).post("api-keys/", asked).json()["key"])
    charge = platform.post("charges/", {"amount_satang": 80_00, "hold": True}).json()
    held = as_citizen(somchai).post("payments/", terms_of(Charge.objects.get(id=charge["id"]), own_part=40_00)).json()
    assert (held["state"], held["signed"], held["check_code"]) == ("held", None, None)
    capture = platform.post(f"holds/{held['id']}/captures/", {"id": str(uuid4()), "amount_satang": 80_00}).json()
    body = {"refund_id": str(uuid4()), "amount_satang": 20_00, "reason": "a dish was missing"}
    refund = platform.post(f"payments/{capture['payment_id']}/refunds/", body)
    assert (refund.status_code, refund.json()["own_part_satang"]) == (201, 10_00)
    assert said(platform.get(f"payments/{capture['payment_id']}/refunds/")) == (403, "scope_missing")
    assert stage.books()["payable:malee"] == 60_00
