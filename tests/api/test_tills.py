"""Malee's till over the API: it asks, shows a QR that any scanner reads, and counts the day."""

import io

import pytest
import zxingcpp
from PIL import Image

from tests.api.doors import Knock, as_staff, as_till
from tests.cast import PLUS, Citizen, Stall, buy

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]


def test_the_qr_is_drawn_as_it_is_written(malee: Stall) -> None:
    till = as_till(malee)
    charge = till.post("charges/", {"amount_satang": 50_00, "note": "โต๊ะ 4"}).json()
    png = till.get(f"charges/{charge['id']}/qr.png")
    assert png["Content-Type"] == "image/png"
    (read,) = zxingcpp.read_barcodes(Image.open(io.BytesIO(png.content)))
    assert read.text == charge["qr_payload"]
    svg = till.get(f"charges/{charge['id']}/qr.svg")
    assert (svg["Content-Type"], svg.content[:4]) == ("image/svg+xml", b"<svg")


def test_a_charge_is_shown_as_it_was_asked(malee: Stall) -> None:
    body = {
        "amount_satang": 120_00,
        "channel": "delivery",
        "lines": [{"category": "food", "amount_satang": 100_00}, {"category": "delivery_fee", "amount_satang": 20_00}],
        "facts": {"covers": 2, "platform": "line-man", "face_to_face": False},
        "note": "ไม่เผ็ด",
    }
    charge = as_till(malee).post("charges/", body).json()
    assert charge | {"id": "", "qr_payload": "", "typed_code": ""} == {
        "id": "",
        "amount_satang": 120_00,
        "channel": "delivery",
        "note": "ไม่เผ็ด",
        "state": "open",
        "asked_at": "2025-10-31T05:00:00Z",
        "expires_at": "2025-10-31T05:05:00Z",
        "qr_payload": "",
        "typed_code": "",
        "payment_id": None,
        "hold_seconds": None,
        "hold_id": None,
    }


def test_a_till_counts_its_own_day_and_the_staff_all_tills(somchai: Citizen, malee: Stall, prasert: Stall) -> None:
    buy(somchai, malee, 100_00)
    buy(somchai, malee, 60_01)
    buy(somchai, prasert, 40_00)
    counted = {
        "business_date": "2025-10-31",
        "payments": 2,
        "price_satang": 160_01,
        "citizen_satang": 80_01,
        "state_satang": 80_00,
        "refunds": 0,
        "refunded_satang": 0,
        "net_satang": 160_01,
    }
    assert as_till(malee).get("till/tally/").json() == counted
    assert as_staff(malee).get("till/tally/").json() == counted
    nothing = dict.fromkeys(counted, 0) | {"business_date": "2025-10-30"}
    assert as_till(malee).get("till/tally/", date="2025-10-30").json() == nothing


def test_anyone_reads_what_a_scheme_promises(stage: object) -> None:
    (scheme,) = Knock().get("schemes/").json()["results"]
    assert Knock().get(f"schemes/{PLUS}/").json() == scheme
    assert {name: scheme[name] for name in ("code", "version", "places", "daily_cap_satang", "spend_ends_at")} == {
        "code": PLUS,
        "version": 1,
        "places": 20_000_000,
        "daily_cap_satang": 200_00,
        "spend_ends_at": "2025-12-31T16:00:00Z",
    }
    assert scheme["hours"][0] == {"channels": ["shop"], "opens": "06:00:00", "closes": "23:00:00", "weekdays": None}
