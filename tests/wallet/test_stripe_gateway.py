"""Topping up through Stripe: the real client against a Stripe of our own, over HTTP on this machine."""

import json
import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
import stripe
from pytest_django import Settings

from config.loopback.stripe import API_KEY, WEBHOOK_SECRET, StripeLoopback
from tests.postbox import Postbox, postbox
from wallet import stripe_gateway
from wallet.ids import uuid7
from wallet.refusals import InvariantBroken
from wallet.stripe_answers import BalanceLine, CardPage, Event, Intent, WebhookNotUnderstood
from wallet.stripe_gateway import (
    IntentNotCancellable,
    IntentUnknown,
    StripeGateway,
    StripeUnavailable,
    TopUpAmountNotAccepted,
    TopUpDeclined,
    WebhookSignatureWrong,
)

TOP_UP = UUID("01920000-0000-7000-8000-000000000001")
NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
SIGNED_AT = int(NOW.timestamp())


@pytest.fixture(name="loopback")
def _loopback() -> Iterator[StripeLoopback]:
    with StripeLoopback() as loopback:
        yield loopback


@pytest.fixture(name="gateway")
def _gateway(loopback: StripeLoopback) -> StripeGateway:
    return StripeGateway(
        api_key=API_KEY,
        webhook_secret=WEBHOOK_SECRET,
        contact_domain="wallet.example",
        api_base=loopback.base,
        read_seconds=2.0,
    )


def ask(gateway: StripeGateway, *, top_up_id: UUID = TOP_UP, amount: int = 100_00) -> Intent:
    return gateway.create_promptpay_intent(top_up_id=top_up_id, amount=amount, citizen_reference="somchai-1")


def intents_at(loopback: StripeLoopback) -> list[str]:
    """Return the top-up of each intent that Stripe has, read by a client that no fault has touched."""
    client = stripe.StripeClient(API_KEY, base_addresses={"api": loopback.base})
    return [str(each.metadata["top_up"]) for each in client.v1.payment_intents.list().auto_paging_iter()]


def signed(body: bytes, *, secret: str = WEBHOOK_SECRET, at: int) -> str:
    """Return the header by which Stripe's own library would sign a body."""
    return str(stripe.WebhookSignature.generate_signature_header(body.decode(), secret, at))


def event_body(**about: object) -> bytes:
    intent = {"id": "pi_1", "object": "payment_intent", "status": "succeeded", "amount": 100_00, "currency": "thb"}
    intent |= {"amount_received": 100_00, "metadata": {"top_up": str(TOP_UP)}} | about
    event = {"id": "evt_1", "object": "event", "type": "payment_intent.succeeded", "created": 1_790_000_000}
    return json.dumps(event | {"data": {"object": intent}}).encode()


# Asking


def test_somchai_asks_for_a_hundred_baht_and_gets_a_qr_that_says_so(
    gateway: StripeGateway, loopback: StripeLoopback
) -> None:
    intent = ask(gateway)

    assert intent == Intent(
        intent_id=intent.intent_id,
        status="requires_action",
        amount=100_00,
        amount_received=0,
        top_up_id=TOP_UP,
        charge_id=None,
        qr_payload=intent.qr_payload,
        qr_image_url=f"{loopback.base}/pay/{intent.intent_id}.svg",
        instructions_url=f"{loopback.base}/pay/{intent.intent_id}",
    )
    assert intent.qr_payload is not None
    assert "53037645406100.00" in intent.qr_payload


def test_stripe_learns_nothing_of_somchai_but_a_reference(gateway: StripeGateway, loopback: StripeLoopback) -> None:
    ask(gateway)

    client = stripe.StripeClient(API_KEY, base_addresses={"api": loopback.base})
    kept = client.v1.payment_intents.list({"expand": ["data.payment_method"]}).data[0].to_dict()
    assert kept["metadata"] == {"top_up": str(TOP_UP)}
    assert kept["description"] == "Top-up for somchai-1"
    assert kept["payment_method"]["billing_details"] == {
        "email": "somchai-1@wallet.example",
        "name": None,
        "phone": None,
        "address": None,
    }


def test_somchai_pays_and_stripe_has_his_hundred_baht(gateway: StripeGateway, loopback: StripeLoopback) -> None:
    asked = ask(gateway)
    loopback.control(f"pay/{asked.intent_id}")

    found = gateway.find_intent(intent_id=asked.intent_id)

    assert found == replace(
        asked,
        status="succeeded",
        amount_received=100_00,
        charge_id=found.charge_id,
        qr_payload=None,
        qr_image_url=None,
        instructions_url=None,
    )
    assert found.charge_id is not None


def open_page(gateway: StripeGateway) -> CardPage:
    return gateway.open_card_page(
        top_up_id=TOP_UP, amount=500_00, citizen_reference="somchai-1", back_to="https://wallet.example/top-ups/"
    )


def test_somchai_types_a_card_on_stripes_own_page(gateway: StripeGateway, loopback: StripeLoopback) -> None:
    page = open_page(gateway)
    assert page == CardPage(page.session_id, "open", f"{loopback.base}/checkout/{page.session_id}", None)
    assert open_page(gateway) == page, "the same key is the same page"

    loopback.control(f"checkout/{page.session_id}")
    paid = gateway.find_card_page(session_id=page.session_id)
    assert (paid.status, paid.url) == ("complete", None)
    intent = gateway.find_intent(intent_id=str(paid.intent_id))
    assert (intent.amount_received, intent.top_up_id) == (500_00, TOP_UP)
    with pytest.raises(IntentUnknown):
        gateway.find_card_page(session_id="cs_test_of_nobody")


@pytest.mark.parametrize("amount", [0, 9_99, 100_000_000])
def test_too_little_or_too_much_is_refused_before_stripe_is_asked(
    gateway: StripeGateway, loopback: StripeLoopback, amount: int
) -> None:
    with pytest.raises(TopUpAmountNotAccepted) as refused:
        ask(gateway, amount=amount)
    assert refused.value.facts == {"least_satang": 10_00, "largest_satang": 99_999_999}
    assert intents_at(loopback) == []


# One top-up, one intent


def test_somchai_asks_twice_for_one_top_up_and_gets_the_same_qr(
    gateway: StripeGateway, loopback: StripeLoopback
) -> None:
    assert ask(gateway) == ask(gateway)
    assert intents_at(loopback) == [str(TOP_UP)]


def test_one_top_up_cannot_be_of_two_amounts(gateway: StripeGateway, loopback: StripeLoopback) -> None:
    ask(gateway, amount=100_00)
    with pytest.raises(InvariantBroken):
        ask(gateway, amount=200_00)
    assert intents_at(loopback) == [str(TOP_UP)]


def test_two_workers_ask_at_once_for_one_top_up_and_both_get_the_same(
    gateway: StripeGateway, loopback: StripeLoopback
) -> None:
    loopback.control("faults", kind="slow", seconds=0.3)
    with ThreadPoolExecutor(2) as workers:
        first, second = workers.map(lambda _: ask(gateway), range(2))
    assert first == second
    assert intents_at(loopback) == [str(TOP_UP)]


@pytest.mark.parametrize("fault", ["409", "500", "cut"])
def test_two_faults_in_a_row_are_waited_out_and_one_intent_is_made(
    gateway: StripeGateway, loopback: StripeLoopback, fault: str
) -> None:
    loopback.control("faults", kind=fault, times=2)
    assert ask(gateway).top_up_id == TOP_UP
    assert intents_at(loopback) == [str(TOP_UP)]


@pytest.mark.parametrize("fault", ["409", "429", "500", "cut"])
def test_when_stripe_stays_broken_the_timetable_tries_again_and_one_intent_is_made(
    gateway: StripeGateway, loopback: StripeLoopback, fault: str
) -> None:
    impatient = replace(gateway, retries=0)
    loopback.control("faults", kind=fault, times=2)
    for _ in range(2):
        with pytest.raises(StripeUnavailable):
            ask(impatient)
    assert ask(impatient).top_up_id == TOP_UP
    assert intents_at(loopback) == [str(TOP_UP)]


def test_a_slow_stripe_times_out_and_still_makes_one_intent(gateway: StripeGateway, loopback: StripeLoopback) -> None:
    hurried = replace(gateway, read_seconds=0.2, retries=3)
    loopback.control("faults", kind="slow", seconds=0.5)
    assert ask(hurried).top_up_id == TOP_UP
    assert intents_at(loopback) == [str(TOP_UP)]


def test_an_answer_that_stripe_broke_on_is_replayed_and_no_intent_is_made(
    gateway: StripeGateway, loopback: StripeLoopback
) -> None:
    impatient = replace(gateway, retries=0)
    loopback.control("faults", kind="500-kept")
    for _ in range(2):
        with pytest.raises(StripeUnavailable):
            ask(impatient)
    assert intents_at(loopback) == []


def test_when_nobody_listens_the_wait_is_short_and_says_so() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    gateway = StripeGateway(
        api_key=API_KEY, webhook_secret=WEBHOOK_SECRET, contact_domain="x", api_base=f"http://127.0.0.1:{port}"
    )
    began = time.monotonic()
    with pytest.raises(StripeUnavailable):
        ask(gateway)
    assert time.monotonic() - began < 5


def test_a_wrong_api_key_is_ours_to_mend(gateway: StripeGateway) -> None:
    with pytest.raises(InvariantBroken):
        ask(replace(gateway, api_key="sk_test_of_somebody_else"))


def test_keys_and_secrets_are_not_printed(gateway: StripeGateway) -> None:
    assert API_KEY not in repr(gateway)
    assert WEBHOOK_SECRET not in repr(gateway)


def test_the_settings_say_which_stripe_is_asked(loopback: StripeLoopback, settings: Settings) -> None:
    settings.STRIPE_API_KEY = API_KEY
    settings.STRIPE_API_BASE = loopback.base
    settings.STRIPE_WEBHOOK_SECRET = "whsec_of_malee"
    settings.STRIPE_CONTACT_DOMAIN = "wallet.example"

    gateway = StripeGateway.from_settings()

    assert ask(gateway).top_up_id == TOP_UP
    body = event_body()
    signature = signed(body, secret="whsec_of_malee", at=SIGNED_AT)
    assert gateway.read_event(body=body, signature=signature, now=NOW).top_up_id == TOP_UP


# Giving up


def test_somchai_changes_his_mind_and_the_qr_can_no_longer_be_paid(gateway: StripeGateway) -> None:
    intent = ask(gateway)
    assert gateway.cancel_intent(intent_id=intent.intent_id).status == "canceled"

    with pytest.raises(IntentNotCancellable) as refused:
        gateway.cancel_intent(intent_id=intent.intent_id)
    assert refused.value.facts == {"stripe_status": "canceled"}


def test_what_somchai_has_paid_cannot_be_cancelled(gateway: StripeGateway, loopback: StripeLoopback) -> None:
    intent = ask(gateway)
    loopback.control(f"pay/{intent.intent_id}")
    with pytest.raises(IntentNotCancellable) as refused:
        gateway.cancel_intent(intent_id=intent.intent_id)
    assert refused.value.facts == {"stripe_status": "succeeded"}


def test_an_unknown_intent_is_neither_found_nor_cancelled(gateway: StripeGateway) -> None:
    ask(gateway)
    with pytest.raises(IntentUnknown):
        gateway.find_intent(intent_id="pi_of_nobody")
    with pytest.raises(IntentUnknown):
        gateway.cancel_intent(intent_id="pi_of_nobody")


# Hearing


@pytest.fixture(name="box")
def _box(loopback: StripeLoopback) -> Iterator[Postbox]:
    with postbox() as box:
        loopback.control("webhook", url=box.url)
        yield box


def test_somchai_pays_and_the_webhook_says_how_much_and_for_which_top_up(
    gateway: StripeGateway, loopback: StripeLoopback, box: Postbox
) -> None:
    intent = ask(gateway)
    loopback.control(f"pay/{intent.intent_id}")

    # created, requires_action, charge.succeeded, payment_intent.succeeded
    letter = box.wait_for(4)[3]
    now = datetime.now(UTC)
    event = gateway.read_event(body=letter.body, signature=letter.headers["Stripe-Signature"], now=now)

    assert event == Event(
        id=event.id,
        type="payment_intent.succeeded",
        created_at=event.created_at,
        object_id=intent.intent_id,
        status="succeeded",
        amount=100_00,
        intent_id=intent.intent_id,
        charge_id=gateway.find_intent(intent_id=intent.intent_id).charge_id,
        top_up_id=TOP_UP,
    )
    assert timedelta(0) <= now - event.created_at < timedelta(seconds=10)


def test_somchais_bank_disputes_his_card_and_the_webhook_names_the_intent(
    gateway: StripeGateway, loopback: StripeLoopback, box: Postbox
) -> None:
    loopback.control(f"checkout/{open_page(gateway).session_id}")
    (intent,) = loopback.world.newest("payment_intent")
    charge_id = str(intent["latest_charge"])
    dispute = loopback.control(f"dispute/{charge_id}")

    # payment_intent.created, charge.succeeded, payment_intent.succeeded, checkout.session.completed, and then
    letter = box.wait_for(5)[4]
    event = gateway.read_event(body=letter.body, signature=letter.headers["Stripe-Signature"], now=datetime.now(UTC))

    assert event == Event(
        id=event.id,
        type="charge.dispute.created",
        created_at=event.created_at,
        object_id=str(dispute["id"]),
        status="needs_response",
        amount=500_00,
        intent_id=intent["id"],
        charge_id=charge_id,
        top_up_id=None,
    )


def test_a_signature_is_good_for_five_minutes_and_no_second_more(gateway: StripeGateway) -> None:
    body = event_body()
    signature = signed(body, at=SIGNED_AT)
    last = NOW + timedelta(seconds=300)

    assert gateway.read_event(body=body, signature=signature, now=last).top_up_id == TOP_UP
    with pytest.raises(WebhookSignatureWrong):
        gateway.read_event(body=body, signature=signature, now=last + timedelta(seconds=1))


@pytest.mark.parametrize(
    "signature",
    [
        "",
        "nonsense",
        "t=,v1=",
        f"t={SIGNED_AT}",
        f"t={SIGNED_AT},v1=é",
        f"t=½,v1={'0' * 64}",
        f"t={SIGNED_AT},v1={'0' * 64}",
        f"t={SIGNED_AT},v0={signed(event_body(), at=SIGNED_AT)[-64:]}",
        signed(event_body(), secret="whsec_of_somebody_else", at=SIGNED_AT),
        signed(event_body(amount_received=1_000_000_00), at=SIGNED_AT),
    ],
)
def test_a_webhook_that_stripe_did_not_sign_is_refused(gateway: StripeGateway, signature: str) -> None:
    with pytest.raises(WebhookSignatureWrong) as refused:
        gateway.read_event(body=event_body(), signature=signature, now=NOW)
    assert (refused.value.code, refused.value.status) == ("webhook_signature_wrong", 400)


def test_an_old_webhook_is_not_made_young_by_a_second_time_stamp(gateway: StripeGateway) -> None:
    body = event_body()
    long_ago = signed(body, at=SIGNED_AT - 86_400)
    with pytest.raises(WebhookSignatureWrong):
        gateway.read_event(body=body, signature=f"{long_ago},t={SIGNED_AT}", now=NOW)


def test_a_body_that_is_no_text_is_refused(gateway: StripeGateway) -> None:
    with pytest.raises(WebhookSignatureWrong):
        gateway.read_event(body=b"\xff\xfe", signature=signed(b"", at=SIGNED_AT), now=NOW)


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{}", b'{"object": "v2.core.event"}', event_body(currency="usd"), b'{"object": "event"}']
)
def test_a_signed_body_that_is_no_event_in_baht_is_not_understood(gateway: StripeGateway, body: bytes) -> None:
    with pytest.raises(WebhookNotUnderstood) as refused:
        gateway.read_event(body=body, signature=signed(body, at=SIGNED_AT), now=NOW)
    assert (refused.value.code, refused.value.status) == ("webhook_not_understood", 400)


def test_an_intent_that_was_made_by_hand_at_stripe_has_no_top_up(gateway: StripeGateway) -> None:
    for metadata in ({}, {"top_up": "lunch"}):
        body = event_body(metadata=metadata)
        assert gateway.read_event(body=body, signature=signed(body, at=SIGNED_AT), now=NOW).top_up_id is None


# Asking afterwards


def test_what_the_webhook_missed_can_be_asked_for(gateway: StripeGateway, loopback: StripeLoopback) -> None:
    began = datetime.now(UTC)
    paid = [uuid7() for _ in range(3)]
    for top_up_id in paid:
        loopback.control(f"pay/{ask(gateway, top_up_id=top_up_id).intent_id}")
    ask(gateway)

    missed = list(gateway.events_since(since=began, types=("payment_intent.succeeded",)))
    later = list(gateway.events_since(since=began + timedelta(minutes=5), types=("payment_intent.succeeded",)))

    assert [event.top_up_id for event in missed] == list(reversed(paid))
    assert later == []


def test_a_payout_is_made_of_its_lines_and_they_sum_to_zero(gateway: StripeGateway, loopback: StripeLoopback) -> None:
    intent = ask(gateway, amount=100_00)
    loopback.control(f"pay/{intent.intent_id}")
    payout = loopback.control("payout")

    payout_line, payment_line = gateway.payout_lines(payout_id=str(payout["id"]))

    assert payment_line == BalanceLine(
        id=payment_line.id,
        type="payment",
        amount=100_00,
        fee=1_77,
        net=98_23,
        source_id=gateway.find_intent(intent_id=intent.intent_id).charge_id,
        intent_id=intent.intent_id,
        top_up_id=TOP_UP,
        created_at=payment_line.created_at,
    )
    assert (payout_line.type, payout_line.source_id, payout_line.net) == ("payout", payout["id"], -98_23)


def test_when_stripe_breaks_half_way_through_a_list_it_says_so(
    gateway: StripeGateway, loopback: StripeLoopback
) -> None:
    for _ in range(51):  # two events each, and a page has a hundred
        ask(gateway, top_up_id=uuid7())
    kinds = ("payment_intent.created", "payment_intent.requires_action")
    events = replace(gateway, retries=0).events_since(since=datetime.now(UTC) - timedelta(minutes=5), types=kinds)

    assert next(events).type == "payment_intent.requires_action"
    loopback.control("faults", kind="500")
    with pytest.raises(StripeUnavailable):
        list(events)
    assert len(list(gateway.events_since(since=datetime.now(UTC) - timedelta(minutes=5), types=kinds))) == 102


def test_a_card_that_its_bank_declines_is_a_refusal_with_the_reason() -> None:
    declined = stripe.CardError(
        "Your card was declined.", None, "card_declined", json_body={"error": {"decline_code": "insufficient_funds"}}
    )
    with pytest.raises(TopUpDeclined) as no, stripe_gateway._stripe_said():
        raise declined
    assert no.value.facts == {"decline_code": "insufficient_funds"}
