"""Somchai pays over the API: by PIN or by his phone's key, once whatever happens on the line, and in two statements."""

import base64
import datetime as dt
from uuid import uuid4

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries

from merchants import recording
from merchants.terms import Terms
from tests.api.doors import as_citizen, as_till, terms_of
from tests.cast import NOON, PIN, PLUS, Citizen, Stage, Stall, ask, buy, give
from wallet import clock, ledger
from wallet.models import Device

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]


@pytest.mark.django_db(transaction=True)
def test_a_payment_goes_to_the_database_twice_and_no_more(somchai: Citizen, malee: Stall, settings: object) -> None:
    settings.DEMO_CLOCK = False  # type: ignore[attr-defined]
    phone = as_citizen(somchai)
    now = dt.datetime.now(dt.UTC)
    warm = ask(malee, 10_00, at=now)
    assert phone.post("payments/", terms_of(warm, own_part=10_00, schemes=[], pays_all=True)).status_code == 201
    charge = ask(malee, 10_00, at=now)
    with CaptureQueriesContext(connection) as captured:
        assert phone.post("payments/", terms_of(charge, own_part=10_00, schemes=[], pays_all=True)).status_code == 201
    # Django notes a BEGIN and a COMMIT of its own, which are not sent.
    looked, recorded = (query["sql"] for query in captured if query["sql"] not in {"BEGIN", "COMMIT"})
    assert looked.startswith(f"BEGIN;\nSELECT pg_advisory_xact_lock_shared({ledger.BARRIER})")
    assert recorded.startswith(f"EXECUTE {recording.RECORD.name}")
    assert recorded.endswith(";\nCOMMIT")


def test_the_phones_key_signs_the_terms_in_place_of_the_pin(somchai: Citizen, malee: Stall) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    public = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    Device.objects.filter(id=somchai.device.id).update(public_key=public)
    charge = ask(malee, 50_00)
    terms = Terms(charge_id=charge.id, price=50_00, own_part=25_00, schemes=(PLUS,), nonce="0123456789abcdef")
    signature = base64.b64encode(key.sign(terms.canonical(), ec.ECDSA(hashes.SHA256()))).decode()
    body = terms_of(charge, own_part=25_00, signature=signature)
    del body["pin"]
    phone = as_citizen(somchai)
    other = phone.post("payments/", body | {"nonce": "another-nonce"})
    assert (other.status_code, other.json()["code"]) == (403, "signature_wrong")
    assert phone.post("payments/", body).status_code == 201


def test_a_lost_answer_is_asked_for_again_under_its_key(somchai: Citizen, malee: Stall) -> None:
    phone, body = as_citizen(somchai), terms_of(ask(malee, 50_00), own_part=25_00)
    first = phone.post("payments/", body, key="cut-line")
    assert phone.post("payments/", body, key="cut-line").json() == first.json()
    other = phone.post("payments/", terms_of(ask(malee, 20_00), own_part=10_00), key="cut-line")
    assert (other.status_code, other.json()["code"]) == (422, "key_reused")
    again = phone.post("payments/", body, key="another-key")
    assert (again.status_code, again.json()["code"]) == (409, "already_paid")
    assert again.json()["facts"] == {"by_you": True, "payment_id": first.json()["id"]}


def test_a_split_that_changed_is_refused_with_the_new_one(stage: Stage, somchai: Citizen, malee: Stall) -> None:
    refused = as_citizen(somchai).post("payments/", terms_of(ask(malee, 50_00), own_part=20_00))
    assert (refused.status_code, refused.json()["code"]) == (409, "split_changed")
    assert refused.json()["facts"] == {
        "price_satang": 50_00,
        "own_part_satang": 25_00,
        "state_satang": 25_00,
        "shown_own_part_satang": 20_00,
    }
    assert "25.00 บาท" in refused.json()["detail_th"]
    assert stage.books() == {"cash:somchai": 500_00, "purse:somchai": 2_000_00}


def test_detail_is_in_the_language_that_was_asked_for(somchai: Citizen, malee: Stall) -> None:
    phone, body = as_citizen(somchai), terms_of(ask(malee, 50_00), own_part=20_00)
    thai = phone.post("payments/", body).json()
    assert thai["detail"] == thai["detail_th"]
    english = phone.post("payments/", body, **{"Accept-Language": "en-GB,en;q=0.9"}).json()
    assert english["detail"] == english["detail_en"]


def test_a_wrong_pin_is_counted_and_the_sixth_is_locked(stage: Stage, somchai: Citizen, malee: Stall) -> None:
    phone, charge = as_citizen(somchai), ask(malee, 50_00)
    codes = [phone.post("payments/", terms_of(charge, own_part=25_00, pin="135797")).json()["code"] for _ in range(5)]
    assert codes == ["pin_wrong"] * 4 + ["pin_locked"]
    right = phone.post("payments/", terms_of(charge, own_part=25_00))
    assert (right.status_code, right.json()["code"]) == (403, "pin_locked")
    assert stage.books() == {"cash:somchai": 500_00, "purse:somchai": 2_000_00}


def test_a_charge_that_is_over_cannot_be_paid(somchai: Citizen, nok: Citizen, malee: Stall) -> None:
    phone, till = as_citizen(somchai), as_till(malee)
    taken_back, paid, old = ask(malee, 50_00), ask(malee, 50_00), ask(malee, 50_00)
    assert till.post(f"charges/{taken_back.id}/cancellation/").json()["state"] == "cancelled"
    assert till.post(f"charges/{taken_back.id}/cancellation/").json()["state"] == "cancelled"
    assert phone.post("payments/", terms_of(paid, own_part=25_00)).status_code == 201
    late = till.post(f"charges/{paid.id}/cancellation/")
    assert (late.status_code, late.json()["code"]) == (409, "already_paid")
    clock.stand_at(NOON + dt.timedelta(minutes=5))
    assert till.get(f"charges/{old.id}/").json()["state"] == "expired"
    unknown = terms_of(old, own_part=25_00, charge_id=str(uuid4()))
    bodies = [terms_of(each, own_part=25_00) for each in (taken_back, paid, old)] + [unknown]
    assert [phone.post("payments/", body).json()["code"] for body in bodies] == [
        "charge_cancelled",
        "already_paid",
        "charge_expired",
        "charge_unknown",
    ]


def test_why_was_i_refused_has_an_answer(somchai: Citizen, malee: Stall) -> None:
    phone, charge = as_citizen(somchai), ask(malee, 50_00)
    phone.post("payments/", terms_of(charge, own_part=20_00))
    (record,) = phone.get("refusals/").json()["results"]
    assert record | {"id": ""} == {
        "id": "",
        "at": "2025-10-31T05:00:00Z",
        "charge_id": str(charge.id),
        "code": "split_changed",
        "detail_th": record["detail_th"],
        "detail_en": record["detail_en"],
        "facts": {
            "price_satang": 50_00,
            "own_part_satang": 25_00,
            "state_satang": 25_00,
            "shown_own_part_satang": 20_00,
        },
    }


def test_without_a_scheme_the_offer_says_why_and_what_it_costs_alone(nok: Citizen, malee: Stall) -> None:
    qr_payload = as_till(malee).post("charges/", {"amount_satang": 50_00}).json()["qr_payload"]
    phone = as_citizen(nok)
    offer = phone.post("scans/", {"qr_payload": qr_payload}).json()
    assert (offer["schemes"], offer["own_part_satang"], offer["short_satang"]) == ([], 50_00, 50_00)
    assert offer["pays_all"] is True
    refused = phone.post("scans/", {"qr_payload": qr_payload, "schemes": [PLUS]})
    assert (refused.status_code, refused.json()["code"]) == (409, "not_enrolled")


def test_a_used_up_right_is_told_in_the_offer_beside_the_full_price(somchai: Citizen, malee: Stall) -> None:
    buy(somchai, malee, 400_00)
    qr_payload = as_till(malee).post("charges/", {"amount_satang": 50_00}).json()["qr_payload"]
    offer = as_citizen(somchai).post("scans/", {"qr_payload": qr_payload}).json()
    assert (offer["own_part_satang"], offer["state_satang"], offer["shares"]) == (50_00, 0, [])
    assert offer["refusal"]["code"] == "daily_right_used_up"
    assert "1 Nov 2025 06:00" in offer["refusal"]["detail_en"]
    assert offer["pays_all"] is True


def test_a_phone_that_sends_back_what_it_was_shown_never_slides_into_the_full_price(
    stage: Stage, somchai: Citizen, nok: Citizen, malee: Stall
) -> None:
    buy(somchai, malee, 400_00)  # today's right is used up
    give(nok, 100_00)  # and Nok never had one
    before = stage.books()
    for someone, expected in ((somchai, "daily_right_used_up"), (nok, "full_price_not_chosen")):
        qr_payload = as_till(malee).post("charges/", {"amount_satang": 50_00}).json()["qr_payload"]
        offer = as_citizen(someone).post("scans/", {"qr_payload": qr_payload}).json()
        copied = {name: offer[name] for name in ("charge_id", "price_satang", "own_part_satang", "schemes")}
        terms = {**copied, "nonce": "0123456789abcdef", "pin": PIN}
        assert as_citizen(someone).post("payments/", terms).json()["code"] == expected
        assert as_citizen(someone).post("payments/", {**terms, "schemes": []}).json()["code"] == "full_price_not_chosen"
    assert stage.books() == before
    chosen = as_citizen(nok).post("payments/", {**terms, "schemes": [], "pays_all": True})
    assert (chosen.status_code, chosen.json()["own_part_satang"]) == (201, 50_00)


@pytest.mark.parametrize("many", [1, 3])
def test_receipts_are_read_in_three_queries_however_many(
    many: int, somchai: Citizen, malee: Stall, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    paid = [str(buy(somchai, malee, 10_00 * (n + 1)).id) for n in range(many)]
    phone = as_citizen(somchai)
    with django_assert_num_queries(3):
        found = phone.get("payments/").json()
    assert [receipt["id"] for receipt in found["results"]] == paid[::-1]


def test_lists_go_on_where_the_page_before_ended(somchai: Citizen, malee: Stall) -> None:
    paid = [str(buy(somchai, malee, 10_00).id) for _ in range(3)]
    for knock, path in ((as_citizen(somchai), "payments/"), (as_till(malee), "till/payments/")):
        first = knock.get(path, limit=2).json()
        assert ([each["id"] for each in first["results"]], first["next"]) == ([paid[2], paid[1]], paid[1])
        second = knock.get(path, limit=2, before=first["next"]).json()
        assert ([each["id"] for each in second["results"]], second["next"]) == ([paid[0]], None)


def test_a_payment_is_found_by_its_charge_and_only_by_its_citizen(
    stage: Stage, somchai: Citizen, nok: Citizen, malee: Stall
) -> None:
    buy(somchai, malee, 10_00)
    payment = buy(somchai, malee, 20_00)
    (found,) = as_citizen(somchai).get("payments/", charge_id=str(payment.charge_id)).json()["results"]
    assert found["price_satang"] == 20_00
    assert as_citizen(nok).get("payments/").json() == {"results": [], "next": None}
    assert as_citizen(nok).get("payments/", charge_id=str(payment.charge_id)).json() == {"results": [], "next": None}
