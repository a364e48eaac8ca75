"""Codes in the other two directions over the API, and all that can be wrong with a code, an amount or a clock."""

import base64
import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from merchants import charges, emvco, posters, presented, suspensions, tills
from merchants.models import Charge, Proposal
from tests.api.doors import Knock, as_citizen, as_staff, as_till, terms_of
from tests.cast import NOON, PIN, STAGE_HAND, Citizen, Stall, ask
from tests.shopkeepers import keeper
from wallet import clock
from wallet.models import RefusalRecord

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]

STEP = dt.timedelta(seconds=30)
# Alipay's merchant code, WeChat's, Singapore's PayNow: as travellers bring them.
ALIPAY = "https://qr.alipay.com/fkx12345abcde"
PAYNOW = emvco.build(
    {
        "00": "01", "01": "11", "26": "0009SG.PAYNOW010100211201403121W030111", "52": "0000", "53": "702",
        "58": "SG", "59": "HAWKER", "60": "Singapore",
    }
)  # fmt: skip
PROMPTPAY = "00020101021129370016A000000677010111011300668012345675802TH530376463046197"


@dataclass
class Counter:
    """Malee's counter with a poster behind it, and Somchai before it with his phone."""

    malee: Stall
    somchai: Citizen

    def __post_init__(self) -> None:
        self.poster = posters.make(by=keeper(self.malee).member, branch_id=None, at=NOON)
        self.charge = ask(self.malee, 50_00)
        self.charge_code = charges.payload(self.charge)
        self.poster_code = posters.payload(self.poster)
        self.his_code = self.code_at(NOON)

    def code_at(self, at: dt.datetime) -> str:
        return presented.codes(device_id=self.somchai.device.id, ahead=0, at=at)[0].payload


@pytest.fixture
def counter(malee: Stall, somchai: Citizen) -> Counter:
    return Counter(malee, somchai)


def said(answer: Any) -> tuple[int, str]:
    assert answer["Content-Type"] == "application/problem+json"
    return answer.status_code, answer.json()["code"]


def changed(payload: str, **fields: str) -> str:
    """Change single objects of a payment code and give it a CRC that fits."""
    read = emvco.parse(payload) | {tag.removeprefix("tag_"): value for tag, value in fields.items()}
    return emvco.build(dict(sorted(read.items())))


def flipped(payload: str) -> str:
    """Change one bit of a citizen's code."""
    data = bytearray(base64.b64decode(payload))
    data[-1] ^= 1
    return base64.b64encode(data).decode()


def test_somchai_shows_his_code_and_confirms_on_his_phone(counter: Counter) -> None:
    phone, till = as_citizen(counter.somchai), as_till(counter.malee)
    (shown,) = phone.get("me/code/").json()["results"]
    assert (shown["from_at"], shown["until_at"]) == ("2025-10-31T05:00:00Z", "2025-10-31T05:00:30Z")
    assert phone.get("me/code/qr.svg").content[:4] == b"<svg"
    assert len(phone.get("me/code/", ahead=10).json()["results"]) == 11
    asked = till.post("charges/presented/", {"code": shown["payload"], "amount_satang": 60_00, "note": "โต๊ะ 4"}).json()
    assert (asked["state"], asked["amount_satang"]) == ("open", 60_00)
    (waiting,) = phone.get("me/charges/").json()["results"]
    assert (waiting["charge_id"], waiting["merchant_name"], waiting["amount_satang"]) == (
        asked["id"], "ร้าน malee", 60_00,
    )  # fmt: skip
    offer = phone.post(f"me/charges/{asked['id']}/offer/", {}).json()
    assert (offer["own_part_satang"], offer["state_satang"]) == (30_00, 30_00)
    paid = phone.post(
        "payments/",
        {
            "charge_id": asked["id"],
            "price_satang": 60_00,
            "own_part_satang": 30_00,
            "schemes": offer["schemes"],
            "nonce": "0123456789abcdef",
            "pin": PIN,
        },
    )
    assert paid.status_code == 201
    assert till.get(f"charges/{asked['id']}/").json()["state"] == "paid"
    assert phone.get("me/charges/").json()["results"] == []


def test_somchai_keys_an_amount_at_the_poster_and_the_till_says_yes(counter: Counter, nok: Citizen) -> None:
    phone, till = as_citizen(counter.somchai), as_till(counter.malee)
    proposal = phone.post("proposals/", {"qr_payload": counter.poster_code, "amount_satang": 60_00}).json()
    assert (proposal["state"], proposal["charge_id"]) == ("open", None)
    (seen,) = till.get("till/proposals/").json()["results"]
    assert (seen["number"], seen["amount_satang"]) == (proposal["number"], 60_00)
    accepted = till.post(f"till/proposals/{proposal['id']}/acceptance/").json()
    again = phone.get(f"proposals/{proposal['id']}/").json()
    assert (again["state"], again["charge_id"]) == ("accepted", accepted["id"])
    assert said(as_citizen(nok).post(f"me/charges/{accepted['id']}/offer/", {})) == (404, "charge_unknown")
    assert till.get("till/proposals/").json()["results"] == []


def test_the_tills_yes_can_be_for_a_pre_order(counter: Counter) -> None:
    phone, till = as_citizen(counter.somchai), as_till(counter.malee)
    proposal = phone.post("proposals/", {"qr_payload": counter.poster_code, "amount_satang": 60_00}).json()
    where = f"till/proposals/{proposal['id']}/acceptance/"
    assert said(till.post(where, {"hold": True, "hold_seconds": 60})) == (400, "fields_wrong")
    assert till.post(where, {"hold": True, "hold_seconds": 3_600}).json()["hold_seconds"] == 3_600


def test_a_till_that_says_no_is_heard(counter: Counter) -> None:
    phone, till = as_citizen(counter.somchai), as_till(counter.malee)
    proposal = phone.post("proposals/", {"qr_payload": counter.poster_code, "amount_satang": 60_00}).json()
    assert till.post(f"till/proposals/{proposal['id']}/rejection/").status_code == 204
    assert phone.get(f"proposals/{proposal['id']}/").json()["state"] == "declined"


# What a citizen's camera can bring, made from what hangs and shows at the counter; and what they are told.
SCANNED: list[tuple[str, Callable[[Counter], str], str]] = [
    ("a link of Alipay's", lambda _: ALIPAY, "qr_not_payment"),
    ("a LINE account", lambda _: "https://line.me/R/ti/p/@malee", "qr_not_payment"),
    ("an invitation for tills", lambda _: f"GWALLET:JOIN:1:{'0' * 32}:{'0' * 32}", "qr_not_payment"),
    ("his own code", lambda at: at.his_code, "qr_not_payment"),
    ("PayNow of Singapore", lambda _: PAYNOW, "qr_other_country"),
    ("somebody's PromptPay", lambda _: PROMPTPAY, "qr_foreign"),
    ("a charge cut off", lambda at: at.charge_code[:-9], "qr_truncated"),
    ("a charge cut off in its CRC", lambda at: at.charge_code[:-1], "qr_truncated"),
    ("a wrong CRC", lambda at: at.charge_code[:-4] + "0000", "qr_damaged"),
    ("far too long", lambda at: at.charge_code + "0" * 600, "qr_too_long"),
    ("another price", lambda at: changed(at.charge_code, tag_54="5.00"), "qr_signature_wrong"),
    ("a poster with a price", lambda at: changed(at.poster_code, tag_54="5.00"), "qr_signature_wrong"),
    ("a poster", lambda at: at.poster_code, "amount_needed"),
]


@pytest.mark.parametrize(("make", "code"), [pytest.param(make, code, id=name) for name, make, code in SCANNED])
def test_somchai_is_told_what_is_wrong_with_what_he_scanned(
    counter: Counter, make: Callable[[Counter], str], code: str
) -> None:
    answer = as_citizen(counter.somchai).post("scans/", {"qr_payload": make(counter)})
    assert (answer.status_code, answer.json()["code"]) == (409, code)
    assert RefusalRecord.objects.get(citizen_id=counter.somchai.id).code == code


AT_A_POSTER = [(name, make, code) for name, make, code in SCANNED if code != "amount_needed"] + [
    ("a charge that names its amount", lambda at: at.charge_code, "qr_not_a_poster")
]


@pytest.mark.parametrize(("make", "code"), [pytest.param(make, code, id=name) for name, make, code in AT_A_POSTER])
def test_no_proposal_is_made_of_anything_but_a_poster(
    counter: Counter, make: Callable[[Counter], str], code: str
) -> None:
    body = {"qr_payload": make(counter), "amount_satang": 60_00}
    assert said(as_citizen(counter.somchai).post("proposals/", body)) == (409, code)
    assert Proposal.objects.count() == 0


# What a till's camera can bring, and what the cashier is told.
PRESENTED: list[tuple[str, Callable[[Counter], str], str]] = [
    ("a link", lambda _: ALIPAY, "code_not_presented"),
    ("an Alipay customer's digits", lambda _: "281234567890123456", "code_not_presented"),
    ("the shop's own charge", lambda at: at.charge_code, "code_not_presented"),
    ("the shop's own poster", lambda at: at.poster_code, "code_not_presented"),
    ("a card's code", lambda _: "hQVDUFYwMWETTwegAAAAVVVVUAhQcm9kdWN0MQ==", "code_foreign"),
    ("cut off", lambda at: at.his_code[:-3], "code_damaged"),
    ("one bit changed", lambda at: flipped(at.his_code), "code_signature_wrong"),
    ("a minute old", lambda at: at.code_at(NOON - 2 * STEP), "code_expired"),
    ("of a clock a minute fast", lambda at: at.code_at(NOON + 2 * STEP), "code_expired"),
]


@pytest.mark.parametrize(("make", "code"), [pytest.param(make, code, id=name) for name, make, code in PRESENTED])
def test_the_cashier_is_told_what_is_wrong_with_a_customers_code(
    counter: Counter, make: Callable[[Counter], str], code: str
) -> None:
    body = {"code": make(counter), "amount_satang": 60_00}
    assert said(as_till(counter.malee).post("charges/presented/", body)) == (409, code)
    assert Charge.objects.count() == 1


@pytest.mark.parametrize("steps", [-1, 0, 1])
def test_a_clock_half_a_minute_off_is_forgiven(counter: Counter, steps: int) -> None:
    body = {"code": counter.code_at(NOON + steps * STEP), "amount_satang": 60_00}
    assert as_till(counter.malee).post("charges/presented/", body).status_code == 201


def test_a_code_that_was_used_is_told_so_at_any_till(counter: Counter, prasert: Stall) -> None:
    body = {"code": counter.his_code, "amount_satang": 60_00}
    first = as_till(counter.malee).post("charges/presented/", body, key="once")
    assert as_till(counter.malee).post("charges/presented/", body, key="once").json() == first.json()
    assert said(as_till(counter.malee).post("charges/presented/", body)) == (409, "code_used")
    assert said(as_till(prasert).post("charges/presented/", body)) == (409, "code_used")
    other = {**body, "amount_satang": 61_00}
    assert said(as_till(counter.malee).post("charges/presented/", other, key="once")) == (422, "key_reused")


# Every amount that no till and no phone can mean, and how it is refused.
AMOUNTS = [
    (0, 400, "fields_wrong"),
    (-1, 400, "fields_wrong"),
    (-60_00, 400, "fields_wrong"),
    (charges.LARGEST_CHARGE + 1, 422, "charge_too_large"),
    (10**15, 400, "fields_wrong"),
    (10**30, 400, "fields_wrong"),
    (60.0, 400, "fields_wrong"),
    ("6000", 400, "fields_wrong"),
    (True, 400, "fields_wrong"),
    (None, 400, "fields_wrong"),
]


@pytest.mark.parametrize(("amount", "status", "code"), AMOUNTS)
def test_no_way_of_asking_takes_an_amount_that_cannot_be(counter: Counter, amount: Any, status: int, code: str) -> None:
    phone, till = as_citizen(counter.somchai), as_till(counter.malee)
    for answer in (
        till.post("charges/", {"amount_satang": amount}),
        till.post("charges/presented/", {"code": counter.his_code, "amount_satang": amount}),
        phone.post("proposals/", {"qr_payload": counter.poster_code, "amount_satang": amount}),
    ):
        assert said(answer) == (status, code)
    assert (Charge.objects.count(), Proposal.objects.count()) == (1, 0)


def test_more_digits_than_any_phone_can_send_are_refused_and_not_read(counter: Counter) -> None:
    digits = "9" * 60_000
    body = f'{{"code": "{counter.his_code}", "amount_satang": {digits}}}'
    assert as_till(counter.malee).post("charges/presented/", body).status_code == 400
    assert as_till(counter.malee).post("charges/", f'{{"amount_satang": {digits}}}').status_code == 400


def test_a_suspended_shop_and_a_revoked_till_take_nothing_in_any_direction(counter: Counter) -> None:
    phone, till = as_citizen(counter.somchai), as_till(counter.malee)
    proposal = phone.post("proposals/", {"qr_payload": counter.poster_code, "amount_satang": 60_00}).json()
    acceptance = f"till/proposals/{proposal['id']}/acceptance/"
    suspensions.suspend(merchant=counter.malee.merchant, reason="cash for rights", actor=STAGE_HAND, at=NOON)
    presented_body = {"code": counter.his_code, "amount_satang": 60_00}
    for answer in (
        till.post("charges/", {"amount_satang": 60_00}),
        till.post("charges/presented/", presented_body),
        till.post(acceptance),
        phone.post("proposals/", {"qr_payload": counter.poster_code, "amount_satang": 60_00}),
        phone.post("scans/", {"qr_payload": counter.charge_code}),
    ):
        assert said(answer) == (409, "merchant_suspended")
    tills.revoke(till=counter.malee.till, actor=STAGE_HAND, at=NOON)
    for answer in (till.post("charges/presented/", presented_body), till.post(acceptance), till.get("till/proposals/")):
        assert said(answer) == (403, "till_secret_wrong")


def test_what_has_expired_ended_or_is_anothers_is_told_so(counter: Counter, prasert: Stall, nok: Citizen) -> None:
    phone, till = as_citizen(counter.somchai), as_till(counter.malee)
    proposal = phone.post("proposals/", {"qr_payload": counter.poster_code, "amount_satang": 60_00}).json()
    where = f"till/proposals/{proposal['id']}/"
    assert said(as_till(prasert).post(f"{where}acceptance/")) == (404, "proposal_unknown")
    assert said(as_citizen(nok).get(f"proposals/{proposal['id']}/")) == (404, "proposal_unknown")
    assert said(as_till(prasert).get(f"charges/{counter.charge.id}/")) == (404, "charge_unknown")
    clock.stand_at(NOON + charges.QR_LIFE)
    assert said(till.post(f"{where}acceptance/")) == (409, "proposal_expired")
    assert said(phone.post("scans/", {"qr_payload": counter.charge_code})) == (409, "charge_expired")
    terms = terms_of(counter.charge, own_part=25_00)
    assert said(phone.post("payments/", terms)) == (409, "charge_expired")


def test_the_wrong_role_knocks_in_vain(counter: Counter) -> None:
    body = {"code": counter.his_code, "amount_satang": 60_00}
    for knock in (as_citizen(counter.somchai), as_staff(counter.malee), Knock()):
        assert knock.post("charges/presented/", body).status_code in (401, 403)
    scan = {"qr_payload": counter.poster_code, "amount_satang": 60_00}
    assert said(as_till(counter.malee).post("proposals/", scan)) == (403, "not_your_role")
