"""Rights over the API: notes that one chooses, buying in and taking out, frozen rights, and what officers see."""

from datetime import datetime

import pytest
from pytest_django import Settings

from merchants import charges
from merchants.models import Payment
from subsidies.models import LimitBreach
from tests.api.doors import as_citizen, as_officer, terms_of
from tests.cast import NOON, PLUS, Stage, ask, buy
from tests.settlement.office import Office
from tests.subsidies.programmes import begin, half_each, join, let_in, run, thai
from tests.subsidies.test_own_money import PAY_1000
from wallet import clock
from wallet.ids import uuid7
from wallet.models import Channel

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _demo_clock(settings: Settings) -> None:
    settings.DEMO_CLOCK = True


def stand_at(at: datetime) -> datetime:
    """Let every door read this instant."""
    clock.stand_at(at)
    return at


def test_somchai_chooses_his_notes_sees_what_is_lost_and_confirms_that(stage: Stage) -> None:
    at = stand_at(thai(2023, 2, 2))
    scheme = begin(stage, "cdc-vouchers-heartland")
    somchai, hawker = stage.citizen("somchai"), stage.stall("malee", **{"class": "hawker"})
    let_in(stage, somchai, scheme, at=thai(2023, 2, 1), household_is_served=False)
    charge = charges.ask(
        till=hawker.till,
        amount=9_00,
        channel=Channel.SHOP,
        lines=[],
        facts={"token": "app"},
        note="",
        key="nine",
        at=at,
    )
    phone, payload = as_citizen(somchai), charges.payload(charge)
    best = phone.post("scans/", {"qr_payload": payload}).json()
    assert (best["notes"], best["own_part_satang"]) == ({scheme.code: {"five": 1, "two": 2}}, 0)
    ten = {scheme.code: {"ten": 1}}
    offer = phone.post("scans/", {"qr_payload": payload, "notes": ten}).json()
    assert offer["shares"] == [
        {"scheme": scheme.code, "amount_satang": 9_00, "lost_satang": 1_00, "later_satang": 0, "later_at": None}
    ]
    assert offer["reasons"][-1]["code"] == "no_change_given"
    terms = terms_of(charge, own_part=0, schemes=[scheme.code], notes=offer["notes"])
    receipt = phone.post("payments/", terms, key="once")
    assert (receipt.status_code, receipt.json()["shares"][0]["lost_satang"]) == (201, 1_00)
    again = phone.post("payments/", {**terms, "notes": {}}, key="once")
    assert (again.status_code, again.json()["code"]) == (422, "key_reused"), "notes are part of what was confirmed"
    assert phone.get("payments/").json()["results"][0]["shares"][0]["lost_satang"] == 1_00
    assert Payment.objects.get().shares[0]["notes"] == {"ten": 1}


def test_notes_of_a_right_that_does_not_come_in_notes_are_not_passed_over(stage: Stage) -> None:
    stand_at(NOON)
    somchai = stage.citizen("somchai", cash_satang=500_00, enrolled=PLUS)
    phone, charge = as_citizen(somchai), ask(stage.stall("malee"), 100_00)
    for notes in ({PLUS: {"five": 1}}, {"another": {"five": 1}}):
        offer = phone.post("scans/", {"qr_payload": charges.payload(charge), "notes": notes}).json()
        assert (offer["refusal"]["code"], offer["shares"]) == ("notes_not_yours", [])
        refused = phone.post("payments/", terms_of(charge, own_part=50_00, notes=notes))
        assert (refused.status_code, refused.json()["code"]) == (409, "notes_not_yours")


@pytest.mark.parametrize("notes", [{"x": {"five": -1}}, {"x": {"five": True}}, {"x": 1}, {"x y": {}}, []])
def test_notes_that_are_no_notes_are_refused(stage: Stage, notes: object) -> None:
    answer = as_citizen(stage.citizen("somchai")).post("scans/", {"qr_payload": "x", "notes": notes})
    assert (answer.status_code, answer.json()["code"]) == (400, "fields_wrong")


def test_somchai_buys_in_and_officers_see_totals_that_foot(stage: Stage) -> None:
    stand_at(thai(2025, 11, 1))
    scheme = half_each(stage, PAY_1000)
    somchai = stage.citizen("somchai", cash_satang=2_000_00)
    place = join(stage, somchai, "half-each", at=thai(2025, 10, 20))
    phone = as_citizen(somchai)
    for _ in range(2):
        bought = phone.post(f"enrolments/{place.id}/buy-ins/", key="once")
        assert bought.status_code == 201
    assert (bought.json()["own_satang"], bought.json()["state_satang"]) == (1_000_00, 2_000_00)
    refused = phone.post(f"enrolments/{place.id}/withdrawals/", {"amount_satang": 1_00})
    assert (refused.status_code, refused.json()["code"]) == (409, "not_withdrawable")
    buy(somchai, stage.stall("malee"), 100_00, at=thai(2025, 11, 1))
    shown = as_officer(Office().ploy).get(f"schemes/{scheme.code}/budget/").json()
    assert shown["funded_satang"] == shown["committed_satang"] + shown["left_satang"]
    assert shown["committed_satang"] + shown["bought_in_satang"] == (
        shown["spent_satang"] + shown["paid_out_satang"] + shown["in_purses_satang"]
    )
    assert (shown["committed_satang"], shown["bought_in_satang"], shown["spent_satang"]) == (2_000_00, 1_000_00, 50_00)


def test_a_right_that_adds_up_is_taken_out_over_the_api(stage: Stage) -> None:
    stand_at(thai(2025, 11, 23))
    scheme = begin(stage, "state-welfare-card-disability")
    somchai = stage.citizen("somchai")
    place = let_in(stage, somchai, scheme, at=thai(2025, 10, 1), lists=["state-welfare-card-2566"], is_disabled=True)
    run(thai(2025, 11, 22, 6))
    phone = as_citizen(somchai)
    taken = phone.post(f"enrolments/{place.id}/withdrawals/", {"amount_satang": 150_00})
    assert (taken.status_code, taken.json()["amount_satang"]) == (201, 150_00)
    assert phone.get("me/").json()["cash_satang"] == 150_00


def test_a_phone_that_was_signed_out_moves_nothing_with_the_token_that_is_still_good(stage: Stage) -> None:
    stand_at(thai(2025, 11, 23))
    scheme = begin(stage, "state-welfare-card-disability")
    somchai = stage.citizen("somchai", cash_satang=500_00)
    place = let_in(stage, somchai, scheme, at=thai(2025, 10, 1), lists=["state-welfare-card-2566"], is_disabled=True)
    run(thai(2025, 11, 22, 6))
    lost, before = as_citizen(somchai), stage.books()
    assert lost.delete(f"me/devices/{somchai.device.id}/").status_code == 204
    here = f"enrolments/{place.id}/"
    for answer in (
        lost.post(f"{here}withdrawals/", {"amount_satang": 150_00}),
        lost.post(f"{here}buy-ins/"),
        lost.post(f"{here}changes/", {"change": "moved", "value": "น่าน"}),
        lost.post(f"{here}changes/", {"change": "over", "scheme": PLUS}),
        lost.delete(f"me/devices/{somchai.device.id}/"),
    ):
        assert (answer.status_code, answer.json()["code"]) == (403, "device_revoked")
    assert stage.books() == before


def test_an_officer_sees_a_breach_freezes_and_lifts(stage: Stage) -> None:
    stand_at(NOON)
    somchai = stage.citizen("somchai", cash_satang=500_00, enrolled=PLUS)
    malee, ploy = stage.stall("malee"), as_officer(Office().ploy)
    LimitBreach.objects.create(
        citizen_id=somchai.id,
        enrolment_id=uuid7(),
        cap="day",
        ends_at=NOON,
        used=300_00,
        most=200_00,
        stored=0,
        found_at=NOON,
    )
    frozen = ploy.post(f"citizens/{somchai.id}/freeze/", {"reason": "a limit was passed"})
    assert (frozen.status_code, frozen.json()["reason"]) == (201, "a limit was passed")
    (breach,) = ploy.get("limit-breaches/").json()["results"]
    assert (breach["used"], breach["most"], breach["frozen"]) == (300_00, 200_00, True)
    payload = charges.payload(ask(malee, 100_00))
    offer = as_citizen(somchai).post("scans/", {"qr_payload": payload}).json()
    assert (offer["refusal"]["code"], offer["own_part_satang"]) == ("right_frozen", 100_00)
    assert ploy.delete(f"citizens/{somchai.id}/freeze/").status_code == 204
    assert as_citizen(somchai).post("scans/", {"qr_payload": payload}).json()["own_part_satang"] == 50_00
