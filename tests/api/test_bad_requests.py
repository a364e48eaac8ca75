"""Whatever a stranger sends, the answer is a polite no with a stable code, and nothing has moved."""

import json
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from merchants import charges, emvco
from tests.api.doors import API, Knock, as_citizen, as_till, terms_of
from tests.cast import PLUS, Citizen, Stage, Stall, ask

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]


@pytest.fixture
def phone(somchai: Citizen) -> Knock:
    return as_citizen(somchai)


def said(answer: Any) -> tuple[int, str]:
    """Return status and code of a refusal, which must be problem details."""
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["status"] == answer.status_code
    return answer.status_code, answer.json()["code"]


@pytest.mark.parametrize(
    "body",
    [
        "",
        "{",
        "null",
        "[]",
        '"pay"',
        "{'amount_satang': 1}",
        '{"amount_satang": 5000',
        '{"amount_satang": NaN}',
        '{"amount_satang": Infinity}',
        '{"amount_satang": 05000}',
        '{"amount_satang": 5000}}',
        b"\xff\xfe",
        b'{"amount_satang": \x00}',
        '{"amount_satang": "\ud800"}'.encode("utf-8", "surrogatepass"),
        '{"amount_satang": ' + "[" * 100_00 + "]" * 100_00 + "}",
        "[" * 60_000,
    ],
)
def test_what_is_no_json_object_is_malformed(phone: Knock, body: str | bytes) -> None:
    assert said(phone.post("top-ups/", body)) in {(400, "malformed"), (400, "fields_wrong")}


@pytest.mark.parametrize(
    "amount",
    [
        True,
        False,
        None,
        "5000",
        "",
        5000.0,
        50.01,
        -1,
        0,
        -(2**63),
        2**63,
        10**18,
        10**400,
        1e300,
        float("nan"),
        [5000],
        {"satang": 5000},
    ],
)
def test_an_amount_is_a_whole_number_of_satang(phone: Knock, malee: Stall, amount: Any) -> None:
    assert said(phone.post("top-ups/", {"amount_satang": amount})) in {(400, "fields_wrong"), (400, "malformed")}
    assert said(as_till(malee).post("charges/", {"amount_satang": amount}))[0] == 400
    terms = terms_of(ask(malee, 50_00), own_part=25_00, price_satang=amount)
    assert said(phone.post("payments/", terms))[0] == 400


@pytest.mark.parametrize("amount", [9_99, 50_000_01, 1_000_000_000])
def test_a_top_up_is_within_what_stripe_takes(phone: Knock, amount: int) -> None:
    assert said(phone.post("top-ups/", {"amount_satang": amount})) == (400, "top_up_amount_not_accepted")


def test_a_charge_is_below_two_hundred_thousand_baht(malee: Stall) -> None:
    till = as_till(malee)
    assert till.post("charges/", {"amount_satang": charges.LARGEST_CHARGE}).status_code == 201
    assert said(till.post("charges/", {"amount_satang": charges.LARGEST_CHARGE + 1})) == (422, "charge_too_large")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"charge_id": "noodles"}, "charge_id"),
        ({"charge_id": 7}, "charge_id"),
        ({"charge_id": None}, "charge_id"),
        ({"own_part_satang": -1}, "own_part_satang"),
        ({"own_part_satang": 25_00.0}, "own_part_satang"),
        ({"schemes": PLUS}, "schemes"),
        ({"schemes": None}, "schemes"),
        ({"schemes": [7]}, "schemes.0"),
        ({"schemes": ["a b"]}, "schemes.0"),
        ({"schemes": [PLUS] * 11}, "schemes"),
        ({"schemes": ["x" * 61]}, "schemes.0"),
        ({"nonce": "short"}, "nonce"),
        ({"nonce": "x" * 65}, "nonce"),
        ({"nonce": "line\nbreak!"}, "nonce"),
        ({"nonce": "nul\x00nonce"}, "nonce"),
        ({"pin": 246813}, "pin"),
        ({"pin": "24681"}, "pin"),
        ({"pin": "๑๒๓๔๕๖"}, "pin"),
        ({"pin": None}, ""),
        ({"signature": "QUJD"}, ""),
        ({"pin": None, "signature": "not base64!"}, "signature"),
        ({"pin": None, "signature": "QUJDR"}, "signature"),
        ({"tip_satang": 1}, "tip_satang"),
        ({"x" * 5_000: 1}, "x" * 60),
    ],
)
def test_a_wrong_field_is_named(phone: Knock, malee: Stall, change: dict[str, Any], field: str) -> None:
    answer = phone.post("payments/", terms_of(ask(malee, 50_00), own_part=25_00, **change))
    assert said(answer) == (400, "fields_wrong")
    assert list(answer.json()["facts"]["fields"]) == [field]


@pytest.mark.parametrize("name", ["charge_id", "price_satang", "own_part_satang", "schemes", "nonce"])
def test_a_missing_field_is_named(phone: Knock, malee: Stall, name: str) -> None:
    body = terms_of(ask(malee, 50_00), own_part=25_00)
    del body[name]
    answer = phone.post("payments/", body)
    assert answer.json()["facts"] == {"fields": {name: "missing"}}


def test_an_answer_never_repeats_a_pin(phone: Knock, malee: Stall) -> None:
    answer = phone.post("payments/", terms_of(ask(malee, 50_00), own_part=25_00, pin="2468131"))
    assert b"2468131" not in answer.content


@pytest.mark.parametrize(
    "body",
    [
        {"amount_satang": 50_00, "channel": "boat"},
        {"amount_satang": 50_00, "channel": 1},
        {"amount_satang": 50_00, "lines": [{"category": "food", "amount_satang": "50"}]},
        {"amount_satang": 50_00, "lines": [{"category": "food"}]},
        {"amount_satang": 50_00, "lines": [{"category": "food", "amount_satang": 1}] * 201},
        {"amount_satang": 50_00, "facts": {"covers": 1.5}},
        {"amount_satang": 50_00, "facts": {"covers": [1]}},
        {"amount_satang": 50_00, "facts": {"covers": {"deep": {}}}},
        {"amount_satang": 50_00, "facts": {"covers": 2**70}},
        {"amount_satang": 50_00, "facts": {"a b": 1}},
        {"amount_satang": 50_00, "facts": {"note": "x" * 121}},
        {"amount_satang": 50_00, "facts": {"note": "nul\x00"}},
        {"amount_satang": 50_00, "facts": {f"fact{n}": n for n in range(21)}},
        {"amount_satang": 50_00, "note": "x" * 81},
        {"amount_satang": 50_00, "note": "two\nlines"},
        {"amount_satang": 50_00, "note": 7},
    ],
)
def test_a_charge_that_cannot_be_kept_is_refused(malee: Stall, body: dict[str, Any]) -> None:
    assert said(as_till(malee).post("charges/", body)) == (400, "fields_wrong")


def test_lines_that_do_not_add_up_are_refused(malee: Stall) -> None:
    body = {"amount_satang": 50_00, "lines": [{"category": "food", "amount_satang": 49_99}]}
    assert said(as_till(malee).post("charges/", body)) == (422, "lines_do_not_sum")


@pytest.mark.parametrize(
    ("key", "code"),
    [
        (None, "key_missing"),
        ("", "key_malformed"),
        ("x" * 65, "key_malformed"),
        ("a b", "key_malformed"),
        ("ก", "key_malformed"),
        ("tab\tkey", "key_malformed"),
    ],
)
@pytest.mark.parametrize("path", ["payments/", "top-ups/", "enrolments/"])
def test_what_moves_money_needs_a_key(phone: Knock, malee: Stall, path: str, key: str | None, code: str) -> None:
    bodies: dict[str, Any] = {
        "payments/": terms_of(ask(malee, 50_00), own_part=25_00),
        "top-ups/": {"amount_satang": 100_00},
        "enrolments/": {"scheme": PLUS, "accepts_terms": True},
    }
    headers = {"Authorization": f"Bearer {phone.access}"} | ({} if key is None else {"Idempotency-Key": key})
    answer = phone.client.post(API + path, json.dumps(bodies[path]), "application/json", headers=headers)
    assert said(answer) == (400, code)


def test_a_key_stands_for_one_act_of_one_caller(phone: Knock, nok: Citizen, malee: Stall, prasert: Stall) -> None:
    first = as_till(malee).post("charges/", {"amount_satang": 50_00}, key="k1")
    assert as_till(malee).post("charges/", {"amount_satang": 50_00}, key="k1").json() == first.json()
    assert said(as_till(malee).post("charges/", {"amount_satang": 50_01}, key="k1")) == (422, "key_reused")
    assert as_till(prasert).post("charges/", {"amount_satang": 50_01}, key="k1").status_code == 201


@pytest.mark.parametrize(
    ("content_type", "status"),
    [
        ("application/json", 400),
        ("application/json; charset=utf-8", 400),
        ("text/plain", 415),
        ("application/x-www-form-urlencoded", 415),
        ("multipart/form-data; boundary=x", 415),
        ("", 415),
        ("nonsense", 415),
    ],
)
def test_only_json_is_read(phone: Knock, content_type: str, status: int) -> None:
    answer = phone.post("top-ups/", b'{"amount_satang": 1}', content_type=content_type)
    assert said(answer)[0] == status


def test_a_body_that_never_ends_is_not_read(phone: Knock) -> None:
    assert said(phone.post("top-ups/", b" " * 65_537)) == (413, "body_too_large")


@pytest.mark.parametrize("accepted", ["text/html", "image/png", "application/xml", "nonsense", "*/*"])
def test_the_answer_is_json_whatever_is_asked_for(phone: Knock, accepted: str) -> None:
    answer = phone.client.get(f"{API}me/", headers={"Authorization": f"Bearer {phone.access}", "Accept": accepted})
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/json")


def changed(payload: str, tag: str, value: str) -> str:
    """Return a QR payload with another value in one of its fields, and a CRC that fits."""
    fields = emvco.parse(payload)
    return emvco.build(fields | {tag: value})


def test_a_qr_that_is_not_ours_is_told_apart(phone: Knock, malee: Stall) -> None:
    payload = charges.payload(ask(malee, 50_00))
    promptpay = "00020101021129370016A000000677010111011300668012345675802TH530376463046197"
    scanned = {
        "qr_damaged": payload[:-1] + ("0" if payload[-1] != "0" else "1"),
        "qr_other_country": changed(payload, emvco.COUNTRY, "MY"),
        "qr_signature_wrong": changed(payload, emvco.AMOUNT, "5.00"),
        "qr_foreign": promptpay,
        "qr_not_payment": "https://example.com/",
        "qr_truncated": payload[:40],
        "qr_too_long": payload + "9" * 600,
    }
    assert {code: said(phone.post("scans/", {"qr_payload": text})) for code, text in scanned.items()} == {
        code: (409, code) for code in scanned
    }


@pytest.mark.parametrize("qr_payload", ["", "nul\x00", 7, None, ["a"], "x" * 2_001])
def test_a_scan_is_text(phone: Knock, qr_payload: Any) -> None:
    assert said(phone.post("scans/", {"qr_payload": qr_payload})) == (400, "fields_wrong")


@pytest.mark.parametrize(
    "query",
    [
        {"limit": "0"},
        {"limit": "101"},
        {"limit": "-1"},
        {"limit": "1.5"},
        {"limit": "many"},
        {"limit": ""},
        {"before": "yesterday"},
        {"before": "\x00"},
        {"charge_id": "7"},
        {"sort": "price"},
    ],
)
def test_a_page_that_does_not_exist_is_refused(phone: Knock, query: dict[str, str]) -> None:
    assert said(phone.get("payments/", **query)) == (400, "fields_wrong")


@pytest.mark.parametrize("date", ["31/10/2025", "2025-02-30", "", "today", "\x00"])
def test_a_tally_is_of_a_date(malee: Stall, date: str) -> None:
    assert said(as_till(malee).get("till/tally/", date=date)) == (400, "fields_wrong")


@pytest.mark.parametrize(
    "authorization",
    ["Bearer", "Bearer ", "Bearer x.y.z", "Bearer ก", "Basic c29tY2hhaTpwaW4=", "bearer  ", "x" * 9_000, "\x00"],
)
def test_a_token_that_is_none_is_refused(phone: Knock, authorization: str) -> None:
    answer = phone.client.get(f"{API}me/", headers={"Authorization": authorization})
    assert said(answer) == (401, "token_refused")
    assert answer["WWW-Authenticate"] == 'Bearer realm="g-wallet"'


@pytest.mark.parametrize(
    "path", ["", "nowhere/", "payments/7/", "payments/0199f6a2-0000-7000-8000-000000000001/more/", "schemes/a%00b/"]
)
def test_an_address_that_leads_nowhere(phone: Knock, path: str) -> None:
    assert said(phone.get(path)) == (404, "not_found")


def test_what_is_asked_for_by_id_and_is_not_there(phone: Knock, malee: Stall) -> None:
    nothing = uuid4()
    assert said(phone.get(f"payments/{nothing}/")) == (404, "payment_unknown")
    assert said(phone.get(f"top-ups/{nothing}/")) == (404, "top_up_unknown")
    assert said(phone.get("schemes/no-such-scheme/")) == (404, "scheme_unknown")
    assert said(phone.post("enrolments/", {"scheme": "no-such-scheme", "accepts_terms": True})) == (
        404,
        "scheme_unknown",
    )
    assert said(as_till(malee).get(f"charges/{nothing}/")) == (404, "charge_unknown")


def test_terms_that_are_not_accepted_enrol_nobody(nok: Citizen) -> None:
    no = as_citizen(nok).post("enrolments/", {"scheme": PLUS, "accepts_terms": False})
    assert said(no) == (422, "terms_not_accepted")
    for perhaps in (None, 1, "true"):
        answer = as_citizen(nok).post("enrolments/", {"scheme": PLUS, "accepts_terms": perhaps})
        assert said(answer) == (400, "fields_wrong")


def test_a_webhook_that_stripe_did_not_sign_is_refused() -> None:
    for body, signature in (
        (b"{}", ""),
        (b"{}", "t=1,v1=00"),
        (b"\xff", "ก"),
        (b"", "t=x"),
        (b"[" * 9_000, "t=1,v1=0"),
    ):
        answer = Knock().post("stripe/webhook/", body, content_type="text/plain", **{"Stripe-Signature": signature})
        assert said(answer) == (400, "webhook_signature_wrong")


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(data=st.data())
def test_nothing_that_can_be_sent_breaks_a_door(
    stage: Stage, somchai: Citizen, malee: Stall, data: st.DataObject
) -> None:
    phone, till = as_citizen(somchai), as_till(malee)
    knock, path, names = data.draw(
        st.sampled_from(
            [
                (phone, "payments/", [*terms_of(ask(malee, 50_00), own_part=25_00), "signature"]),
                (phone, "scans/", ["qr_payload", "schemes"]),
                (phone, "top-ups/", ["amount_satang"]),
                (phone, "enrolments/", ["scheme", "accepts_terms"]),
                (phone, "me/pin/", ["old_pin", "new_pin"]),
                (till, "charges/", ["amount_satang", "channel", "lines", "facts", "note"]),
                (Knock(), "citizens/", ["assertion", "pin", "device_name", "device_key"]),
                (Knock(), "tokens/", ["grant", "phone", "pin", "device_id", "till_id", "secret", "username", "totp"]),
                (Knock(), "tokens/refresh/", ["refresh"]),
            ]
        )
    )
    body = data.draw(st.dictionaries(st.sampled_from(names), json_values, max_size=len(names)) | json_values)
    answer = knock.post(path, json.dumps(body))
    assert answer.status_code == 201 or 400 <= answer.status_code < 500
    assert stage.books() == {"cash:somchai": 500_00, "purse:somchai": 2_000_00}
