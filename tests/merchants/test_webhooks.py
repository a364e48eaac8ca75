"""The system of Malee's shop is told of every payment, signed, at least once, and however badly it listens."""

import datetime as dt
import json
import socket
import time
from collections import Counter
from collections.abc import Iterator
from functools import partial
from itertools import pairwise
from typing import Any

import pytest
from django.utils import timezone
from standardwebhooks import Webhook, WebhookVerificationError

import merchants.faults
from merchants.models import WebhookAttempt, WebhookEndpoint, WebhookMessage
from merchants.webhooks import delivering, endpoints, outbox, reading, signing
from merchants.webhooks.delivering import MessageUnknown
from merchants.webhooks.endpoints import TooManyWebhooks, WebhookThere, WebhookUnknown
from merchants.webhooks.reaching import Outcome, WebhookAddressRefused
from tests.cast import PLUS, STAGE_HAND, Citizen, Stage, Stall, buy
from tests.counter import capture, give_back, hold, let_go
from tests.postbox import Postbox, postbox
from wallet.models import AuditEntry

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2026, 1, 5, 12, 0, tzinfo=dt.UTC)
NO_HURRY = dt.timedelta(seconds=1)


@pytest.fixture
def somchai(stage: Stage) -> Citizen:
    return stage.citizen("somchai", cash_satang=500_00, enrolled=PLUS)


@pytest.fixture
def malee(stage: Stage) -> Stall:
    return stage.stall("malee")


@pytest.fixture
def prasert(stage: Stage) -> Stall:
    return stage.stall("prasert")


@pytest.fixture
def box(settings: Any) -> Iterator[Postbox]:
    settings.WEBHOOKS_TO_LOOPBACK = True
    with postbox() as opened:
        yield opened


@pytest.fixture
def silence(settings: Any) -> Iterator[str]:
    """Return the URL of a receiver that takes every call and never says a word."""
    settings.WEBHOOKS_TO_LOOPBACK = True
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"http://127.0.0.1:{server.getsockname()[1]}/"


def tell(stall: Stall, url: str) -> tuple[WebhookEndpoint, str]:
    """Have a shop's system told at a URL; return the endpoint and its secret."""
    return endpoints.add(merchant=stall.merchant, url=url, actor=STAGE_HAND, at=timezone.now())


def deliver() -> int:
    """Fill the outbox and send what is due."""
    outbox.fill(at=timezone.now())
    return delivering.deliver_due(clock=timezone.now, seconds=10)


def try_once(outcome: Outcome, *, at: dt.datetime) -> None:
    """Let one try of everything that is due end so."""
    for delivery in delivering.take((), at=at):
        delivering.keep(delivery, outcome, at=at)


def the_message() -> WebhookMessage:
    return WebhookMessage.objects.get()


# What is told


def test_a_payment_is_told_in_the_standards_format(box: Postbox, somchai: Citizen, malee: Stall) -> None:
    _, secret = tell(malee, box.url)
    payment = buy(somchai, malee, 100_00)
    assert deliver() == 1
    (letter,) = box.letters
    said = Webhook(secret).verify(letter.body, {name.lower(): value for name, value in letter.headers.items()})
    assert said == {
        "type": "payment.paid",
        "timestamp": "2025-10-31T05:00:00Z",
        "data": {
            "payment_id": str(payment.id),
            "charge_id": str(payment.charge_id),
            "hold_id": None,
            "till_id": str(malee.till.id),
            "price_satang": 100_00,
            "citizen_satang": 50_00,
            "state_satang": 50_00,
            "channel": "shop",
            "business_date": "2025-10-31",
            "paid_at": "2025-10-31T05:00:00Z",
        },
    }
    assert str(somchai.id) not in letter.body.decode()
    assert the_message().delivered_at is not None


def test_what_is_held_captured_let_go_and_given_back_is_told_too(box: Postbox, somchai: Citizen, malee: Stall) -> None:
    tell(malee, box.url)
    held = hold(somchai, malee, 100_00)
    captured = capture(malee, held, 60_00)
    let_go(malee, held)
    refund = give_back(malee, captured, 20_00)
    assert [deliver(), deliver()] == [4, 0]
    told = {said["type"]: said["data"] for said in (json.loads(letter.body) for letter in box.letters)}
    assert set(told) == {"hold.held", "payment.paid", "hold.released", "payment.refunded"}
    assert told["payment.paid"]["hold_id"] == str(held.id)
    assert told["hold.held"] == {
        "hold_id": str(held.id),
        "charge_id": str(held.charge_id),
        "till_id": str(malee.till.id),
        "price_satang": 100_00,
        "channel": "shop",
        "business_date": "2025-10-31",
        "held_at": "2025-10-31T05:00:00Z",
        "expires_at": "2025-10-31T08:00:00Z",
    }
    assert told["hold.released"] == {
        "hold_id": str(held.id),
        "released_satang": 40_00,
        "why": "merchant",
        "business_date": "2025-10-31",
        "released_at": "2025-10-31T05:00:00Z",
    }
    assert told["payment.refunded"] == {
        "refund_id": str(refund.refund_id),
        "payment_id": str(captured.id),
        "till_id": str(malee.till.id),
        "refunded_satang": 20_00,
        "citizen_satang": 10_00,
        "state_satang": 10_00,
        "channel": "shop",
        "business_date": "2025-10-31",
        "refunded_at": "2025-10-31T05:00:00Z",
    }


def test_a_changed_body_another_secret_and_an_old_letter_do_not_verify(
    box: Postbox, somchai: Citizen, malee: Stall
) -> None:
    _, secret = tell(malee, box.url)
    buy(somchai, malee, 100_00)
    deliver()
    (letter,) = box.letters
    headers = {name.lower(): value for name, value in letter.headers.items()}
    old = signing.headers(
        message_id=the_message().id,
        body=letter.body,
        secrets=[endpoints._bytes(secret)],
        at=timezone.now() - dt.timedelta(minutes=6),
    )
    for body, said, with_secret in (
        (letter.body.replace(b"10000", b"90000"), headers, secret),
        (letter.body, headers, "whsec_" + "A" * 44),
        (letter.body, headers | {"webhook-id": "msg_other"}, secret),
        (letter.body, old, secret),
    ):
        with pytest.raises(WebhookVerificationError):
            Webhook(with_secret).verify(body, said)


def test_each_endpoint_of_a_shop_is_told_once_of_its_own_shop_from_when_it_was_added(
    box: Postbox, somchai: Citizen, malee: Stall, prasert: Stall
) -> None:
    buy(somchai, malee, 10_00)
    for number in range(2):
        tell(malee, f"{box.url}/{number}")
    ours = buy(somchai, malee, 20_00)
    buy(somchai, prasert, 30_00)
    assert [deliver(), deliver()] == [2, 0]
    assert [json.loads(letter.body)["data"]["payment_id"] for letter in box.letters] == [str(ours.id)] * 2


def test_a_payment_that_was_committed_after_a_later_one_is_told_too(
    box: Postbox, somchai: Citizen, malee: Stall
) -> None:
    tell(malee, box.url)
    early, late = (buy(somchai, malee, 10_00) for _ in range(2))
    assert outbox.fill(at=timezone.now()) == 2
    # As if the early one had not been there yet at the first look.
    WebhookMessage.objects.filter(about=early.id).delete()
    assert outbox.fill(at=timezone.now()) == 1
    assert set(WebhookMessage.objects.values_list("about", flat=True)) == {early.id, late.id}


def test_the_next_look_begins_later_but_never_before_transactions_may_have_ended(
    box: Postbox, somchai: Citizen, malee: Stall
) -> None:
    endpoint, _ = tell(malee, box.url)
    payment = buy(somchai, malee, 10_00)
    made_at = dt.datetime.fromtimestamp((payment.id.int >> 80) / 1000, dt.UTC)
    for seconds, moved in ((30, False), (119, False), (200, True)):
        outbox.fill(at=made_at + dt.timedelta(seconds=seconds))
        endpoint.refresh_from_db()
        assert (endpoint.read_up_to > payment.id) is moved
    later = WebhookEndpoint.objects.get().read_up_to
    assert dt.datetime.fromtimestamp((later.int >> 80) / 1000, dt.UTC) <= made_at + dt.timedelta(seconds=140)


def test_a_burst_of_one_shop_is_told_look_by_look(
    box: Postbox, somchai: Citizen, malee: Stall, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox, "MOST_OF_ONE", 2)
    tell(malee, box.url)
    for _ in range(3):
        buy(somchai, malee, 10_00)
    later = timezone.now() + dt.timedelta(hours=1)
    assert [outbox.fill(at=later) for _ in range(3)] == [2, 1, 0]


# However badly it listens


def test_a_message_that_failed_is_sent_again_under_the_same_id(box: Postbox, somchai: Citizen, malee: Stall) -> None:
    tell(malee, box.url)
    box.answers[:] = [500, 302]
    buy(somchai, malee, 100_00)
    assert deliver() == 1
    for _ in range(2):
        due_at = the_message().due_at
        assert due_at is not None
        assert due_at > timezone.now() + dt.timedelta(seconds=2)
        WebhookMessage.objects.update(due_at=timezone.now())
        assert deliver() == 1
    assert len({letter.headers["webhook-id"] for letter in box.letters}) == 1
    assert len({letter.body for letter in box.letters}) == 1
    assert [each.status for each in WebhookAttempt.objects.order_by("id")] == [500, 302, 200]
    assert the_message().due_at is None


def test_the_rests_grow_for_three_days_and_then_the_message_is_dead(
    box: Postbox, somchai: Citizen, malee: Stall
) -> None:
    tell(malee, box.url)
    buy(somchai, malee, 100_00)
    outbox.fill(at=NOW)
    tried = []
    while (due_at := the_message().due_at) is not None:
        tried.append(due_at - NOW)
        try_once(Outcome(503), at=due_at)
    rests = [after - before for before, after in pairwise(tried)]
    assert dt.timedelta(seconds=4) <= rests[0] <= dt.timedelta(seconds=6)
    assert rests[4] > 20 * rests[0]
    assert dt.timedelta(hours=6) < rests[-1] < dt.timedelta(hours=10)
    assert dt.timedelta(days=2, hours=12) < tried[-1] <= dt.timedelta(days=3)
    assert 14 <= len(tried) <= 20
    assert the_message().dead_at is not None


def test_a_dead_message_is_sent_again_by_hand(box: Postbox, somchai: Citizen, malee: Stall, prasert: Stall) -> None:
    tell(malee, box.url)
    buy(somchai, malee, 100_00)
    outbox.fill(at=timezone.now())
    dead = WebhookMessage.objects.get()
    WebhookMessage.objects.update(due_at=None, dead_at=timezone.now(), attempts=17)
    with pytest.raises(MessageUnknown):
        delivering.redeliver(merchant_id=prasert.merchant.id, message_id=dead.id, at=timezone.now())
    again = delivering.redeliver(merchant_id=malee.merchant.id, message_id=dead.id, at=timezone.now())
    assert (again.attempts, again.dead_at) == (0, None)
    assert deliver() == 1
    assert [letter.headers["webhook-id"] for letter in box.letters] == [reading.name_of(dead)]


def test_a_message_whose_sender_was_killed_is_sent_by_the_next(box: Postbox, somchai: Citizen, malee: Stall) -> None:
    tell(malee, box.url)
    buy(somchai, malee, 100_00)
    outbox.fill(at=NOW)
    assert len(delivering.take((), at=NOW)) == 1
    assert delivering.take((), at=NOW + NO_HURRY) == []
    assert len(delivering.take((), at=NOW + delivering.LEASE)) == 1


def test_a_slow_receiver_holds_nobody_up(
    box: Postbox, somchai: Citizen, malee: Stall, prasert: Stall, silence: str
) -> None:
    tell(malee, silence)
    tell(prasert, box.url)
    for _ in range(6):
        buy(somchai, malee, 1_00)
        buy(somchai, prasert, 1_00)
    outbox.fill(at=timezone.now())
    begun = time.monotonic()
    delivering.deliver_due(clock=timezone.now, seconds=1)
    prompt = WebhookMessage.objects.filter(endpoint__merchant=prasert.merchant)
    assert prompt.exclude(delivered_at=None).count() == 6
    assert max(each.delivered_at for each in prompt if each.delivered_at) < timezone.now() - dt.timedelta(seconds=1)
    slow = WebhookAttempt.objects.filter(message__endpoint__merchant=malee.merchant)
    assert [each.problem for each in slow] == ["timeout"] * delivering.MOST_TO_ONE
    assert time.monotonic() - begun < 15


def test_a_shop_whose_every_receiver_is_slow_leaves_hands_for_others(
    box: Postbox, somchai: Citizen, malee: Stall, prasert: Stall
) -> None:
    for number in range(endpoints.MOST_ENDPOINTS):
        tell(malee, f"https://shop.example/{number}")
    tell(prasert, "https://other.example/")
    for stall in (malee, malee, malee, malee, prasert):
        buy(somchai, stall, 1_00)
    outbox.fill(at=NOW)
    under_way: list[delivering.Delivery] = []
    for _ in range(5):
        under_way += delivering.take(under_way, at=NOW)
    per_shop = Counter(delivery.merchant_id for delivery in under_way)
    assert per_shop == {malee.merchant.id: delivering.MOST_TO_SHOP, prasert.merchant.id: 1}


def test_senders_that_are_killed_again_and_again_do_not_make_a_rest_without_end() -> None:
    assert delivering.rest_after(1_000) <= 1.2 * delivering.LONGEST_REST


def test_a_receiver_that_is_gone_for_good_is_told_nothing_more(box: Postbox, somchai: Citizen, malee: Stall) -> None:
    tell(malee, box.url)
    box.answers[:] = [410]
    buy(somchai, malee, 100_00)
    deliver()
    assert WebhookEndpoint.objects.get().stopped_because == "the receiver answered 410, gone"
    assert the_message().dead_at is not None
    buy(somchai, malee, 10_00)
    assert deliver() == 0


def test_an_endpoint_that_took_nothing_for_five_days_is_stopped(box: Postbox, somchai: Citizen, malee: Stall) -> None:
    tell(malee, box.url)
    for day in range(7):
        buy(somchai, malee, 1_00)
        at = NOW + dt.timedelta(days=day)
        outbox.fill(at=at)
        try_once(Outcome(None, "timeout"), at=at)
        assert (WebhookEndpoint.objects.get().stopped_at is None) is (day <= 5)
    assert WebhookEndpoint.objects.get().stopped_because == "took nothing for 5 days"


def test_one_delivery_and_the_five_days_begin_anew(box: Postbox, somchai: Citizen, malee: Stall) -> None:
    tell(malee, box.url)
    buy(somchai, malee, 1_00)
    outbox.fill(at=NOW)
    try_once(Outcome(500), at=NOW)
    assert WebhookEndpoint.objects.get().failing_since == NOW
    try_once(Outcome(204), at=NOW + dt.timedelta(days=1))
    assert WebhookEndpoint.objects.get().failing_since is None


# Where, and with which secret


def test_after_a_rotation_both_secrets_verify_for_a_day(box: Postbox, somchai: Citizen, malee: Stall) -> None:
    endpoint, old = tell(malee, box.url)
    new = endpoints.rotate_secret(
        merchant_id=malee.merchant.id, endpoint_id=endpoint.id, actor=STAGE_HAND, at=timezone.now()
    )
    buy(somchai, malee, 100_00)
    deliver()
    (letter,) = box.letters
    for secret in (old, new):
        assert Webhook(secret).verify(letter.body, {name.lower(): value for name, value in letter.headers.items()})
    tomorrow = timezone.now() + endpoints.OVERLAP
    assert endpoints.signing_secrets(endpoint_id=endpoint.id, at=tomorrow) == [endpoints._bytes(new)]


def test_however_often_a_secret_is_changed_in_a_day_five_sign_at_most(malee: Stall) -> None:
    endpoint, first = tell(malee, "https://shop.example/hook")
    rotate = partial(
        endpoints.rotate_secret, merchant_id=malee.merchant.id, endpoint_id=endpoint.id, actor=STAGE_HAND, at=NOW
    )
    written = [first, *(rotate() for _ in range(6))]
    signing_now = endpoints.signing_secrets(endpoint_id=endpoint.id, at=NOW)
    assert signing_now == [endpoints._bytes(each) for each in reversed(written[-5:])]


def test_secrets_are_sealed_and_acts_are_in_the_audit(malee: Stall) -> None:
    endpoint, secret = tell(malee, "https://shop.example/hook")
    (row,) = endpoint.secrets.all()
    assert secret.removeprefix("whsec_").encode() not in bytes(row.sealed)
    endpoints.remove(merchant_id=malee.merchant.id, endpoint_id=endpoint.id, actor=STAGE_HAND, at=NOW)
    acts = AuditEntry.objects.filter(act__startswith="webhook").order_by("id").values_list("act", flat=True)
    assert list(acts) == ["webhook.add", "webhook.remove"]


def test_an_address_is_added_once_and_a_removed_one_again(malee: Stall, prasert: Stall) -> None:
    url = "https://shop.example/hook"
    endpoint, _ = tell(malee, url)
    tell(prasert, url)
    with pytest.raises(WebhookThere):
        tell(malee, url)
    with pytest.raises(WebhookUnknown):
        endpoints.remove(merchant_id=prasert.merchant.id, endpoint_id=endpoint.id, actor=STAGE_HAND, at=NOW)
    endpoints.remove(merchant_id=malee.merchant.id, endpoint_id=endpoint.id, actor=STAGE_HAND, at=NOW)
    tell(malee, url)


def test_a_shop_has_ten_endpoints_at_most(malee: Stall) -> None:
    for number in range(endpoints.MOST_ENDPOINTS):
        tell(malee, f"https://shop.example/{number}")
    with pytest.raises(TooManyWebhooks):
        tell(malee, "https://shop.example/one-more")


def test_an_inner_address_is_refused_at_once(malee: Stall) -> None:
    with pytest.raises(WebhookAddressRefused):
        tell(malee, "https://169.254.169.254/latest/meta-data/")
    assert not WebhookEndpoint.objects.exists()


# What could be wrong


BREAKS = [
    ("what_happened_has_its_webhook", "DELETE FROM merchants_webhookmessage"),
    ("webhook_is_of_what_happened", "UPDATE merchants_webhookmessage SET about = id"),
]


@pytest.mark.django_db(transaction=True)
@pytest.mark.breaks_the_books
@pytest.mark.parametrize(("check", "statement"), BREAKS)
def test_a_payment_without_its_message_is_a_fault(
    *, check: str, statement: str, box: Postbox, somchai: Citizen, malee: Stall, break_books: Any
) -> None:
    tell(malee, box.url)
    buy(somchai, malee, 100_00)
    assert outbox.fill(at=timezone.now() + dt.timedelta(hours=1)) == 1
    assert list(merchants.faults.faults()) == []
    break_books(statement)
    assert check in {fault.check for fault in merchants.faults.faults()}
