"""Our own Stripe keeps Stripe's promises, so that what works against it works against the real one."""

import http.client
import io
import json
import os
import subprocess
import sys
import time
import urllib.error
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
import stripe
import zxingcpp
from PIL import Image

from config.loopback.stripe import API_KEY, WEBHOOK_SECRET, StripeLoopback, ask
from config.loopback.stripe.world import MOST_OF_A_KIND, World
from tests.postbox import LONGEST_WAIT_SECONDS, Postbox, postbox

PROMPTPAY = {
    "amount": "10000",
    "currency": "thb",
    "allowed_payment_method_types[0]": "promptpay",
    "payment_method_data[type]": "promptpay",
    "payment_method_data[billing_details][email]": "somchai@wallet.example",
    "confirm": "true",
}
CARD = {"amount": "10000", "currency": "thb", "allowed_payment_method_types[0]": "card"}


@pytest.fixture(name="loopback")
def _loopback() -> Iterator[StripeLoopback]:
    with StripeLoopback() as loopback:
        yield loopback


@pytest.fixture(name="client")
def _client(loopback: StripeLoopback) -> stripe.StripeClient:
    return stripe.StripeClient(API_KEY, base_addresses={"api": loopback.base}, max_network_retries=0)


@pytest.fixture(name="box")
def _box(loopback: StripeLoopback) -> Iterator[Postbox]:
    with postbox() as box:
        loopback.control("webhook", url=box.url)
        yield box


def post(
    loopback: StripeLoopback, path: str, fields: dict[str, str], **headers: str
) -> tuple[int, dict[str, str], dict[str, Any]]:
    """Post a form as any HTTP client would; return status, headers and JSON body."""
    connection = http.client.HTTPConnection("127.0.0.1", loopback.port, timeout=10)
    sent = {"Authorization": f"Bearer {API_KEY}", "Content-Type": "application/x-www-form-urlencoded", **headers}
    connection.request("POST", path, urlencode(fields), sent)
    answer = connection.getresponse()
    body = json.loads(answer.read())
    connection.close()
    return answer.status, dict(answer.headers), body


def get(url: str) -> tuple[int, str, bytes]:
    """Get a page as a browser would; return status, content type and body."""
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=10)
    connection.request("GET", urlsplit(url).path)
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    return answer.status, answer.headers["Content-Type"], body


def promptpay(loopback: StripeLoopback) -> dict[str, Any]:
    status, _, intent = post(loopback, "/v1/payment_intents", PROMPTPAY)
    assert status == 200
    return intent


def paid(loopback: StripeLoopback, fields: dict[str, str]) -> dict[str, Any]:
    _, _, intent = post(loopback, "/v1/payment_intents", fields)
    return loopback.control(f"pay/{intent['id']}")


def deliveries(loopback: StripeLoopback, *, count: int) -> list[dict[str, Any]]:
    """Return the record of deliveries once there are `count`: each is written a moment after it was answered."""
    until = time.monotonic() + LONGEST_WAIT_SECONDS
    while len(made := loopback.control("deliveries")["deliveries"]) < count:
        assert time.monotonic() < until, f"{len(made)} of {count} deliveries were made"
        time.sleep(0.005)
    return list(made)


def refusal_of_control(loopback: StripeLoopback, path: str, **parameters: object) -> tuple[int, str]:
    with pytest.raises(urllib.error.HTTPError) as refused:
        loopback.control(path, **parameters)
    with refused.value as answer:
        return answer.code, json.load(answer)["error"]["message"]


# Who may ask, and how


@pytest.mark.parametrize("authorization", ["", "Bearer", "Bearer sk_test_of_nok", "Basic bm9rOg==", "Basic ?"])
def test_nobody_without_the_key_is_answered(loopback: StripeLoopback, authorization: str) -> None:
    status, _, answer = post(loopback, "/v1/payment_intents", CARD, Authorization=authorization)
    assert status == 401
    assert answer["error"]["type"] == "invalid_request_error"
    assert "nok" not in answer["error"]["message"]


@pytest.mark.parametrize(
    ("change", "code", "param"),
    [
        ({"amount": "999"}, "amount_too_small", "amount"),
        ({"amount": "100000000"}, "amount_too_large", "amount"),
        ({"amount": "12.50"}, "parameter_invalid_integer", "amount"),
        ({"amount": "๑๐๐๐"}, "parameter_invalid_integer", "amount"),
        ({"currency": "usd"}, None, "currency"),
        ({"currency[0]": "thb", "currency": ""}, None, "currency"),
        ({"ammount": "10000"}, "parameter_unknown", "ammount"),
        ({"description[th]": "x"}, "parameter_invalid_string", "description"),
        ({"metadata": "x"}, "parameter_invalid_object", "metadata"),
        ({"metadata" + "[a]" * 9: "x"}, None, "metadata"),
        ({"expand": "latest_charge"}, None, "expand"),
        ({"payment_method_types[0]": "promptpay"}, "payment_method_types_no_longer_supported", "payment_method_types"),
        ({"allowed_payment_method_types[0]": "paypal"}, None, "allowed_payment_method_types"),
        ({"payment_method_data[type]": "card"}, None, "payment_method_data[type]"),
        ({"payment_method_data[billing_details][email]": ""}, "parameter_missing", "billing_details[email]"),
        ({"payment_method": "pm_of_nobody"}, "resource_missing", "id"),
    ],
)
def test_a_wrong_parameter_is_named_and_nothing_is_made(
    loopback: StripeLoopback, client: stripe.StripeClient, change: dict[str, str], code: str | None, param: str
) -> None:
    status, _, answer = post(loopback, "/v1/payment_intents", PROMPTPAY | change)
    assert status in {400, 404}
    assert (answer["error"].get("code"), answer["error"]["param"]) == (code, param)
    assert client.v1.payment_intents.list().data == []


def test_what_is_not_there_is_not_found(loopback: StripeLoopback, client: stripe.StripeClient) -> None:
    promptpay(loopback)
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.v1.payment_intents.retrieve("pi_of_nobody")
    assert (refused.value.http_status, refused.value.code) == (404, "resource_missing")
    assert post(loopback, "/v1/customers", {})[0] == 404


def test_too_much_at_once_is_not_read(loopback: StripeLoopback) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", loopback.port, timeout=10)
    connection.request("POST", "/v1/payment_intents", headers={"Content-Length": "1000001"})
    assert connection.getresponse().status == 413
    connection.close()


# Idempotency keys


def test_the_same_key_and_parameters_get_the_kept_answer_and_say_so(loopback: StripeLoopback) -> None:
    first = post(loopback, "/v1/payment_intents", PROMPTPAY, **{"Idempotency-Key": "somchai"})
    again = post(loopback, "/v1/payment_intents", PROMPTPAY, **{"Idempotency-Key": "somchai"})

    assert (first[0], first[2]) == (again[0], again[2])
    assert "Idempotent-Replayed" not in first[1]
    assert again[1]["Idempotent-Replayed"] == "true"
    assert again[1]["Original-Request"] == first[1]["Request-Id"] != again[1]["Request-Id"]


def test_the_same_key_with_other_parameters_is_refused(loopback: StripeLoopback) -> None:
    post(loopback, "/v1/payment_intents", PROMPTPAY, **{"Idempotency-Key": "somchai"})
    changed = PROMPTPAY | {"amount": "20000"}
    status, _, answer = post(loopback, "/v1/payment_intents", changed, **{"Idempotency-Key": "somchai"})
    assert (status, answer["error"]["type"]) == (400, "idempotency_error")


def test_the_same_key_at_once_conflicts_while_the_first_is_under_way(loopback: StripeLoopback) -> None:
    loopback.control("faults", kind="slow", seconds=0.4)
    with ThreadPoolExecutor(2) as phones:
        answers = list(
            phones.map(
                lambda _: post(loopback, "/v1/payment_intents", PROMPTPAY, **{"Idempotency-Key": "somchai"}), range(2)
            )
        )
    assert sorted(status for status, _, _ in answers) == [200, 409]
    conflict = next(answer for status, _, answer in answers if status == 409)
    assert conflict["error"]["code"] == "idempotency_key_in_use"


def test_a_key_whose_parameters_were_wrong_may_be_used_again(loopback: StripeLoopback) -> None:
    wrong = PROMPTPAY | {"amount": "1"}
    assert post(loopback, "/v1/payment_intents", wrong, **{"Idempotency-Key": "somchai"})[0] == 400
    assert post(loopback, "/v1/payment_intents", PROMPTPAY, **{"Idempotency-Key": "somchai"})[0] == 200


def test_a_declined_card_is_kept_under_its_key(loopback: StripeLoopback) -> None:
    card = CARD | {"payment_method": "pm_card_chargeDeclinedInsufficientFunds", "confirm": "true"}
    first = post(loopback, "/v1/payment_intents", card, **{"Idempotency-Key": "somchai"})
    again = post(loopback, "/v1/payment_intents", card, **{"Idempotency-Key": "somchai"})

    assert first[0] == again[0] == 402
    assert first[2] == again[2]
    assert first[2]["error"]["decline_code"] == "insufficient_funds"
    assert first[2]["error"]["payment_intent"]["status"] == "requires_payment_method"
    assert again[1]["Idempotent-Replayed"] == "true"


def test_a_line_that_is_cut_leaves_the_work_done(loopback: StripeLoopback, client: stripe.StripeClient) -> None:
    loopback.control("faults", kind="cut")
    with pytest.raises((ConnectionError, http.client.HTTPException)):
        post(loopback, "/v1/payment_intents", PROMPTPAY, **{"Idempotency-Key": "somchai"})

    _, headers, intent = post(loopback, "/v1/payment_intents", PROMPTPAY, **{"Idempotency-Key": "somchai"})
    assert headers["Idempotent-Replayed"] == "true"
    assert [each.id for each in client.v1.payment_intents.list().data] == [intent["id"]]


def test_faults_are_taken_in_order_and_can_be_forgotten(loopback: StripeLoopback) -> None:
    loopback.control("faults", kind="429", times=1)
    loopback.control("faults", kind="500", times=5)
    statuses = [post(loopback, "/v1/payment_intents", PROMPTPAY)[0] for _ in range(2)]
    loopback.control("faults/forget")
    assert [*statuses, post(loopback, "/v1/payment_intents", PROMPTPAY)[0]] == [429, 500, 200]


def test_only_known_and_bounded_faults_are_made(loopback: StripeLoopback) -> None:
    assert refusal_of_control(loopback, "faults", kind="earthquake")[0] == 400
    assert refusal_of_control(loopback, "faults", kind="500", times=1_001)[0] == 400
    assert refusal_of_control(loopback, "faults", kind="slow", seconds=61)[0] == 400
    assert refusal_of_control(loopback, "faults", kind="slow", seconds="soon")[0] == 400
    assert promptpay(loopback)["status"] == "requires_action"


# Paying


def test_the_qr_that_somchai_scans_says_what_the_api_says(loopback: StripeLoopback) -> None:
    shown = promptpay(loopback)["next_action"]["promptpay_display_qr_code"]

    status, kind, picture = get(shown["image_url_png"])
    assert (status, kind) == (200, "image/png")
    with Image.open(io.BytesIO(picture)) as image:
        assert [each.text for each in zxingcpp.read_barcodes(image)] == [shown["data"]]
    assert get(shown["image_url_svg"])[:2] == (200, "image/svg+xml")


def test_somchai_pays_on_the_page_that_the_qr_stands_on(loopback: StripeLoopback, client: stripe.StripeClient) -> None:
    intent = promptpay(loopback)
    page = intent["next_action"]["promptpay_display_qr_code"]["hosted_instructions_url"]
    assert "฿100.00" in get(page)[2].decode()
    assert "<button" in get(page)[2].decode()

    connection = http.client.HTTPConnection("127.0.0.1", loopback.port, timeout=10)
    connection.request("POST", urlsplit(page).path, "")
    answered = connection.getresponse().read().decode()
    connection.close()

    assert "จ่ายแล้ว" in answered
    assert "<button" not in answered
    assert client.v1.payment_intents.retrieve(intent["id"]).status == "succeeded"
    assert get(f"{page}.png")[0] == 404


def test_a_qr_that_ran_out_can_be_asked_for_again_and_paid(
    loopback: StripeLoopback, client: stripe.StripeClient
) -> None:
    intent = promptpay(loopback)
    failed = loopback.control(f"fail/{intent['id']}")
    assert (failed["status"], failed["next_action"]) == ("requires_payment_method", None)
    assert refusal_of_control(loopback, f"pay/{intent['id']}")[0] == 400

    again = client.v1.payment_intents.confirm(
        intent["id"],
        {"payment_method_data": {"type": "promptpay", "billing_details": {"email": "somchai@wallet.example"}}},
    )
    assert again.status == "requires_action"
    assert loopback.control(f"pay/{intent['id']}")["amount_received"] == 100_00


def test_nobody_pays_twice_and_nobody_pays_what_is_cancelled(
    loopback: StripeLoopback, client: stripe.StripeClient
) -> None:
    first, second = promptpay(loopback), promptpay(loopback)
    loopback.control(f"pay/{first['id']}")
    client.v1.payment_intents.cancel(second["id"])

    assert "status of succeeded" in refusal_of_control(loopback, f"pay/{first['id']}")[1]
    assert "status of canceled" in refusal_of_control(loopback, f"pay/{second['id']}")[1]
    assert client.v1.balance.retrieve().available[0].amount == 98_23


# Webhooks


def test_every_event_is_delivered_in_order_and_signed_so_that_stripes_library_agrees(
    loopback: StripeLoopback, box: Postbox
) -> None:
    paid(loopback, PROMPTPAY)
    events = [
        stripe.Webhook.construct_event(letter.body, letter.headers["Stripe-Signature"], WEBHOOK_SECRET)
        for letter in box.wait_for(4)
    ]
    assert [event.type for event in events] == [
        "payment_intent.created",
        "payment_intent.requires_action",
        "charge.succeeded",
        "payment_intent.succeeded",
    ]
    assert events[3].data.object["status"] == "succeeded"


def test_an_event_that_was_not_taken_is_delivered_again(loopback: StripeLoopback, box: Postbox) -> None:
    box.answers[:] = [500, 302]
    loopback.control("webhook/hold")
    intent = promptpay(loopback)
    loopback.control("webhook/release")

    letters = box.wait_for(4)
    bodies = [json.loads(letter.body) for letter in letters]
    assert [body["data"]["object"]["id"] for body in bodies] == [intent["id"]] * 4
    assert len({body["id"] for body in bodies}) == 2
    tries = deliveries(loopback, count=4)
    assert sorted((each["try"], each["answer"]) for each in tries) == [(1, 302), (1, 500), (2, 200), (2, 200)]


def test_events_come_doubled_and_the_other_way_round_on_demand(loopback: StripeLoopback, box: Postbox) -> None:
    loopback.control("webhook/hold")
    paid(loopback, PROMPTPAY)
    sent = loopback.control("webhook/release", copies=2, order="backwards")["sent"]

    came = [json.loads(letter.body) for letter in box.wait_for(8)]
    assert [event["id"] for event in came] == sent
    assert [event["type"] for event in came[::2]] == [
        "payment_intent.succeeded",
        "charge.succeeded",
        "payment_intent.requires_action",
        "payment_intent.created",
    ]
    assert came[::2] == came[1::2]


def test_one_event_is_delivered_once_more_on_demand(
    loopback: StripeLoopback, client: stripe.StripeClient, box: Postbox
) -> None:
    paid(loopback, PROMPTPAY)
    box.wait_for(4)
    event = client.v1.events.list({"type": "payment_intent.succeeded"}).data[0]
    loopback.control(f"webhook/again/{event.id}")
    assert box.wait_for(5)[4].body == box.letters[3].body


def test_nothing_is_delivered_beyond_this_machine(loopback: StripeLoopback) -> None:
    for url in ("http://example.com/hook", "https://127.0.0.1/hook", "file:///etc/passwd", "http://[::1", "127.0.0.1"):
        assert refusal_of_control(loopback, "webhook", url=url)[0] == 400
    assert loopback.control("webhook", url="") == {"url": None}


# Money that goes back


def test_a_card_is_refunded_in_parts_and_never_beyond_the_charge(
    loopback: StripeLoopback, client: stripe.StripeClient
) -> None:
    charge_id = paid(loopback, CARD)["latest_charge"]
    refund = client.v1.refunds.create({"charge": charge_id, "amount": 30_00})
    assert (refund.status, client.v1.charges.retrieve(charge_id).amount_refunded) == ("succeeded", 30_00)

    with pytest.raises(stripe.InvalidRequestError):
        client.v1.refunds.create({"charge": charge_id, "amount": 70_01})
    assert client.v1.refunds.create({"charge": charge_id}).amount == 70_00
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.v1.refunds.create({"charge": charge_id})
    assert refused.value.code == "charge_already_refunded"
    assert [each.amount for each in client.v1.refunds.list({"charge": charge_id}).data] == [70_00, 30_00]


def test_a_promptpay_refund_waits_for_somchai_and_comes_back_when_it_fails(
    loopback: StripeLoopback, client: stripe.StripeClient
) -> None:
    intent = paid(loopback, PROMPTPAY)
    kept = client.v1.balance.retrieve().available[0].amount
    refund = client.v1.refunds.create({"payment_intent": intent["id"]})
    assert refund.status == "requires_action"
    assert client.v1.balance.retrieve().available[0].amount == kept - 100_00

    assert loopback.control(f"refund/{refund.id}", outcome="failed")["status"] == "failed"
    assert client.v1.balance.retrieve().available[0].amount == kept
    assert client.v1.charges.retrieve(intent["latest_charge"]).amount_refunded == 0


def test_what_nobody_has_paid_is_not_refunded(loopback: StripeLoopback, client: stripe.StripeClient) -> None:
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.refunds.create({"payment_intent": promptpay(loopback)["id"]})


@pytest.mark.parametrize(("outcome", "kept"), [("lost", -100_00 - 500_00), ("won", -500_00)])
def test_a_disputed_card_payment_is_taken_at_once_and_given_back_only_when_won(
    loopback: StripeLoopback, client: stripe.StripeClient, outcome: str, kept: int
) -> None:
    intent = paid(loopback, CARD)
    before = client.v1.balance.retrieve().available[0].amount
    dispute = loopback.control(f"dispute/{intent['latest_charge']}")
    assert client.v1.balance.retrieve().available[0].amount == before - 100_00 - 500_00

    loopback.control(f"dispute/{dispute['id']}/close", outcome=outcome)
    assert client.v1.balance.retrieve().available[0].amount == before + kept
    assert client.v1.disputes.list({"payment_intent": intent["id"]}).data[0].status == outcome


def test_a_promptpay_payment_cannot_be_disputed(loopback: StripeLoopback) -> None:
    intent = paid(loopback, PROMPTPAY)
    status, message = refusal_of_control(loopback, f"dispute/{intent['latest_charge']}")
    assert (status, message) == (400, "A PromptPay payment cannot be disputed; only a card can.")


# Payouts and lists


def test_a_payout_takes_everything_that_is_kept_once(loopback: StripeLoopback, client: stripe.StripeClient) -> None:
    paid(loopback, PROMPTPAY)
    paid(loopback, CARD)
    payout = loopback.control("payout")

    lines = client.v1.balance_transactions.list({"payout": payout["id"]}).data
    # Of 100 baht: PromptPay 1.65 %, a card 3.65 % and ten baht, and 7 % tax on each fee.
    assert [(line.type, line.amount, line.fee, line.net) for line in lines] == [
        ("payout", -183_62, 0, -183_62),
        ("charge", 100_00, 14_61, 85_39),
        ("payment", 100_00, 1_77, 98_23),
    ]
    assert client.v1.balance.retrieve().available[0].amount == 0
    assert client.v1.payouts.list({"status": "paid"}).data[0].amount == 183_62
    assert refusal_of_control(loopback, "payout")[0] == 400


def test_an_intent_is_read_with_its_charge_and_fee_at_once(
    loopback: StripeLoopback, client: stripe.StripeClient
) -> None:
    intent = paid(loopback, PROMPTPAY)
    found = client.v1.payment_intents.retrieve(intent["id"], {"expand": ["latest_charge.balance_transaction"]})
    assert found.to_dict()["latest_charge"]["balance_transaction"]["net"] == 98_23


@pytest.mark.parametrize("count", [1, 3])
def test_a_list_is_paged_newest_first_and_back_again(
    loopback: StripeLoopback, client: stripe.StripeClient, count: int
) -> None:
    made = [promptpay(loopback)["id"] for _ in range(count)]
    forward = [each.id for each in client.v1.payment_intents.list({"limit": 1}).auto_paging_iter()]
    assert forward == made[::-1]

    before_the_oldest = client.v1.payment_intents.list({"limit": 2, "ending_before": made[0]})
    assert [each.id for each in before_the_oldest.data] == made[1:][::-1]
    assert client.v1.payment_intents.list({"created": {"lt": 1_000}}).data == []


def test_a_list_is_not_longer_than_stripes(client: stripe.StripeClient) -> None:
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.events.list({"limit": 101})


def test_the_oldest_is_forgotten_when_there_is_too_much() -> None:
    world = World(tell=lambda _: None)
    first, second = (world.keep("txn", "balance_transaction")["id"] for _ in range(2))
    for _ in range(MOST_OF_A_KIND - 1):
        world.keep("txn", "balance_transaction")

    kept = [each["id"] for each in world.newest("balance_transaction")]
    assert (len(kept), kept[-1]) == (MOST_OF_A_KIND, second)
    assert first not in kept


# A page for cards

CHECKOUT = {
    "mode": "payment",
    "allowed_payment_method_types[0]": "card",
    "line_items[0][quantity]": "1",
    "line_items[0][price_data][currency]": "thb",
    "line_items[0][price_data][unit_amount]": "10000",
    "line_items[0][price_data][product_data][name]": "G-Wallet",
    "payment_intent_data[metadata][top_up]": "1",
    "success_url": "https://wallet.example/paid/",
    "cancel_url": "https://wallet.example/not-paid/?a=1&b=2",
}


def test_a_card_page_is_paid_once_and_leads_back(loopback: StripeLoopback) -> None:
    _, _, session = post(loopback, "/v1/checkout/sessions", CHECKOUT)
    status, _, body = get(session["url"])
    assert (status, b"not-paid/?a=1&amp;b=2" in body) == (200, True)
    for _ in range(2):
        address = urlsplit(session["url"])
        line = http.client.HTTPConnection(address.netloc, timeout=10)
        line.request("POST", address.path)
        answer = line.getresponse()
        assert (answer.status, answer.headers["Location"]) == (303, "https://wallet.example/paid/")
        line.close()
    (intent,) = loopback.world.newest("payment_intent")
    assert (intent["status"], intent["amount_received"], intent["metadata"]) == ("succeeded", 100_00, {"top_up": "1"})
    told = [each["type"] for each in loopback.world.newest("event")]
    assert told[:2] == ["checkout.session.completed", "payment_intent.succeeded"]
    assert refusal_of_control(loopback, f"checkout/{session['id']}/expire")[0] == 400


@pytest.mark.parametrize(
    ("wrong", "code", "param"),
    [
        ({"mode": "setup"}, None, "mode"),
        ({"success_url": ""}, "parameter_missing", "success_url"),
        ({"allowed_payment_method_types[0]": "promptpay"}, None, "allowed_payment_method_types"),
        ({"line_items[0][quantity]": "2"}, None, "line_items"),
        ({"line_items[1][quantity]": "1"}, None, "line_items"),
        ({"line_items[0][price_data][unit_amount]": "999"}, "amount_too_small", "line_items"),
        ({"line_items[0][price_data][unit_amount]": "100000000"}, "amount_too_large", "line_items"),
        ({"payment_method_types[0]": "card"}, "parameter_unknown", "payment_method_types"),
    ],
)
def test_a_card_page_that_stripe_would_not_open_is_refused(
    loopback: StripeLoopback, wrong: dict[str, str], code: str | None, param: str
) -> None:
    status, _, answer = post(loopback, "/v1/checkout/sessions", CHECKOUT | wrong)
    assert (status, answer["error"].get("code"), answer["error"]["param"]) == (400, code, param)


# By itself


def test_it_runs_by_itself_until_it_is_told_to_stop() -> None:
    environment = {**os.environ, "STRIPE_API_KEY": "sk_test_of_malee"}
    with subprocess.Popen(
        [sys.executable, "-m", "config.loopback.stripe"], stdout=subprocess.PIPE, text=True, env=environment
    ) as running:
        try:
            assert running.stdout is not None
            base = running.stdout.readline().strip()
            client = stripe.StripeClient("sk_test_of_malee", base_addresses={"api": base})
            made = client.v1.payment_intents.create(
                {"amount": 100_00, "currency": "thb", "allowed_payment_method_types": ["card"]}
            )
            assert ask(base, f"pay/{made.id}")["status"] == "succeeded"
        finally:
            running.terminate()
    assert running.returncode == 0
