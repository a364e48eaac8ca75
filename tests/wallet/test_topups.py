"""Somchai tops up through a real Stripe client: however often, late or twice Stripe tells us, it is booked once."""

import datetime as dt
import json
import time
from collections.abc import Iterator
from functools import partial

import pytest
import stripe
from pytest_django.fixtures import Settings

from config.loopback.stripe import API_KEY, WEBHOOK_SECRET, StripeLoopback
from tests.cast import NOON, Citizen, Stage
from tests.races.at_once import at_once
from wallet import topups
from wallet.accounts import NIL, AccountKind
from wallet.keys import KeyReused
from wallet.models import TopUp
from wallet.refusals import InvariantBroken
from wallet.stripe_answers import Event
from wallet.stripe_gateway import StripeGateway, TopUpAmountNotAccepted
from wallet.topups import TopUpUnknown, WalletFull

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def loopback(settings: Settings) -> Iterator[StripeLoopback]:
    with StripeLoopback() as running:
        settings.STRIPE_API_KEY = API_KEY
        settings.STRIPE_API_BASE = running.base
        settings.STRIPE_WEBHOOK_SECRET = WEBHOOK_SECRET
        yield running


@pytest.fixture
def somchai(stage: Stage) -> Citizen:
    return stage.citizen("somchai")


def event(
    top_up: TopUp, *, type_: str = "payment_intent.succeeded", number: int = 1, amount: int | None = None
) -> Event:
    """Return a webhook's event as our gateway reads it, signed as Stripe signs."""
    received = top_up.amount if amount is None else amount
    intent = {
        "id": top_up.intent_id or "pi_unknown",
        "object": "payment_intent",
        "status": type_.removeprefix("payment_intent."),
        "amount": received,
        "amount_received": received,
        "currency": "thb",
        "metadata": {"top_up": str(top_up.id)},
    }
    body = json.dumps(
        {
            "id": f"evt_{number}",
            "object": "event",
            "type": type_,
            "created": int(time.time()),
            "data": {"object": intent},
        }
    )
    signature = stripe.WebhookSignature.generate_signature_header(body, WEBHOOK_SECRET, int(time.time()))
    return StripeGateway.from_settings().read_event(
        body=body.encode(), signature=str(signature), now=dt.datetime.now(dt.UTC)
    )


def begin(somchai: Citizen, satang: int = 200_00, *, key: str = "top up") -> TopUp:
    return topups.begin(citizen_id=somchai.id, amount=satang, key=key, at=NOON)


@pytest.mark.usefixtures("loopback")
def test_a_top_up_has_a_qr_and_its_money_comes_with_the_webhook(stage: Stage, somchai: Citizen) -> None:
    top_up = begin(somchai)
    assert top_up.qr_payload.startswith("000201")
    assert stage.books() == {}
    topups.hear(event=event(top_up), at=NOON)
    stage.names[NIL] = "all"
    assert stage.books(AccountKind.CASH, AccountKind.STRIPE) == {"cash:somchai": 200_00, "stripe:all": -200_00}


@pytest.mark.usefixtures("loopback")
def test_the_same_webhook_eight_times_at_once_is_booked_once(stage: Stage, somchai: Citizen) -> None:
    heard = event(begin(somchai))
    assert at_once([partial(topups.hear, event=heard, at=NOON)] * 8) == [None] * 8
    assert stage.books() == {"cash:somchai": 200_00}


@pytest.mark.usefixtures("loopback")
def test_two_different_events_of_one_success_are_booked_once(stage: Stage, somchai: Citizen) -> None:
    top_up = begin(somchai)
    topups.hear(event=event(top_up, number=1), at=NOON)
    topups.hear(event=event(top_up, number=2), at=NOON)
    assert stage.books() == {"cash:somchai": 200_00}


@pytest.mark.usefixtures("loopback")
def test_money_that_arrives_after_a_cancellation_is_booked_all_the_same(stage: Stage, somchai: Citizen) -> None:
    top_up = begin(somchai)
    topups.hear(event=event(top_up, type_="payment_intent.canceled", number=1), at=NOON)
    topups.hear(event=event(top_up, number=2), at=NOON)
    assert stage.books() == {"cash:somchai": 200_00}
    assert TopUp.objects.get().ended_at is None


@pytest.mark.usefixtures("loopback")
def test_another_amount_than_was_asked_stops_everything(stage: Stage, somchai: Citizen) -> None:
    heard = event(begin(somchai), amount=1)
    with pytest.raises(InvariantBroken):
        topups.hear(event=heard, at=NOON)
    assert stage.books() == {}


@pytest.mark.usefixtures("loopback")
def test_the_same_key_is_the_same_top_up_and_with_another_amount_refused(somchai: Citizen) -> None:
    assert begin(somchai).id == begin(somchai).id
    with pytest.raises(KeyReused):
        begin(somchai, 300_00)


@pytest.mark.parametrize("satang", [9_99, 50_000_01])
def test_stripe_takes_neither_less_than_ten_baht_nor_more_than_fifty_thousand(somchai: Citizen, satang: int) -> None:
    with pytest.raises(TopUpAmountNotAccepted):
        begin(somchai, satang)


def test_a_wallet_has_a_ceiling(stage: Stage) -> None:
    rich = stage.citizen("somchai", cash_satang=99_990_00)
    with pytest.raises(WalletFull) as no:
        begin(rich, 10_01)
    assert no.value.facts == {"cash_satang": 99_990_00, "ceiling_satang": 100_000_00}


def test_when_stripe_is_away_the_timetable_asks_again(
    stage: Stage, somchai: Citizen, loopback: StripeLoopback, settings: Settings
) -> None:
    settings.STRIPE_API_BASE = "http://127.0.0.1:9"
    waiting = begin(somchai)
    assert (waiting.intent_id, waiting.qr_payload) == (None, "")
    settings.STRIPE_API_BASE = loopback.base
    later = NOON + dt.timedelta(seconds=31)
    assert topups.chase(at=later, at_most=10) == 0
    told = TopUp.objects.get()
    loopback.control(f"pay/{told.intent_id}")
    assert topups.chase(at=later, at_most=10) == 1
    assert topups.chase(at=later, at_most=10) == 0
    assert stage.books() == {"cash:somchai": 200_00}


def test_a_webhook_that_never_came_is_asked_for(stage: Stage, somchai: Citizen, loopback: StripeLoopback) -> None:
    loopback.control(f"pay/{begin(somchai).intent_id}")
    assert topups.chase(at=NOON + dt.timedelta(seconds=29), at_most=10) == 0
    assert topups.chase(at=NOON + dt.timedelta(seconds=30), at_most=10) == 1
    assert stage.books() == {"cash:somchai": 200_00}


@pytest.mark.usefixtures("loopback")
def test_an_unpaid_qr_is_given_up_after_a_day(somchai: Citizen) -> None:
    begin(somchai)
    assert topups.chase(at=NOON + dt.timedelta(days=1, seconds=1), at_most=10) == 1
    ended = TopUp.objects.get()
    assert (ended.confirmed_at, ended.ended_why) == (None, "cancelled")


def test_a_top_up_that_stripe_never_answered_is_given_up_before_stripe_forgets_its_key(
    somchai: Citizen, settings: Settings
) -> None:
    settings.STRIPE_API_BASE = "http://127.0.0.1:9"
    begin(somchai)
    # Stripe is still away; giving up must not need it.
    assert topups.chase(at=NOON + dt.timedelta(days=1, seconds=1), at_most=10) == 1
    assert TopUp.objects.get().ended_why == "unanswered"


@pytest.mark.usefixtures("loopback")
def test_nok_cannot_see_somchais_top_up(stage: Stage, somchai: Citizen) -> None:
    top_up = begin(somchai)
    with pytest.raises(TopUpUnknown):
        topups.of(citizen_id=stage.citizen("nok").id, top_up_id=top_up.id)
