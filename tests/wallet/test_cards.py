"""Somchai tops up by card: he types it on Stripe's own page, and the money is booked once, however we hear of it."""

import datetime as dt
from collections.abc import Iterator

import pytest
from pytest_django.fixtures import Settings

from config.loopback.stripe import API_KEY, WEBHOOK_SECRET, StripeLoopback
from tests.cast import NOON, Citizen, Stage
from tests.postbox import postbox
from wallet import topups
from wallet.keys import KeyReused
from wallet.models import TopUp
from wallet.stripe_gateway import TopUpAmountNotAccepted

pytestmark = pytest.mark.django_db(transaction=True)

TOP_UPS = "https://wallet.example/top-ups/"
LATER = NOON + dt.timedelta(seconds=31)


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


def begin(somchai: Citizen, satang: int = 200_00) -> TopUp:
    return topups.begin_by_card(citizen_id=somchai.id, amount=satang, back_to=TOP_UPS, key="by card", at=NOON)


def test_the_page_leads_back_to_the_top_up_and_the_webhook_brings_the_money(
    stage: Stage, somchai: Citizen, loopback: StripeLoopback
) -> None:
    top_up = begin(somchai)
    assert (top_up.by_card, topups.state(top_up), top_up.qr_payload) == (True, "waiting", "")
    assert top_up.page_url == f"{loopback.base}/checkout/{top_up.session_id}"
    assert loopback.world.find("checkout.session", str(top_up.session_id))["success_url"] == f"{TOP_UPS}{top_up.id}/"
    with postbox() as box:
        loopback.control("webhook", url=box.url)
        loopback.control(f"checkout/{top_up.session_id}")
        for letter in box.wait_for(4) * 2:
            topups.hear_from_stripe(
                body=letter.body, signature=letter.headers["Stripe-Signature"], at=NOON, now=dt.datetime.now(dt.UTC)
            )
    assert topups.state(TopUp.objects.get()) == "arrived"
    assert stage.books() == {"cash:somchai": 200_00}


def test_money_of_which_no_webhook_came_is_found_through_the_page(
    stage: Stage, somchai: Citizen, loopback: StripeLoopback
) -> None:
    top_up = begin(somchai)
    assert topups.chase(at=LATER, at_most=10) == 0, "nobody has typed a card yet"
    loopback.control(f"checkout/{top_up.session_id}")
    assert topups.chase(at=LATER, at_most=10) == 1
    assert topups.chase(at=LATER, at_most=10) == 0
    assert stage.books() == {"cash:somchai": 200_00}


def test_a_page_that_nobody_paid_ends_the_top_up(stage: Stage, somchai: Citizen, loopback: StripeLoopback) -> None:
    loopback.control(f"checkout/{begin(somchai).session_id}/expire")
    assert topups.chase(at=LATER, at_most=10) == 1
    assert (topups.state(TopUp.objects.get()), TopUp.objects.get().ended_why) == ("ended", "expired")
    assert stage.books() == {}


def test_the_webhook_of_a_closed_page_ends_the_top_up(somchai: Citizen, loopback: StripeLoopback) -> None:
    top_up = begin(somchai)
    with postbox() as box:
        loopback.control("webhook", url=box.url)
        loopback.control(f"checkout/{top_up.session_id}/expire")
        (letter,) = box.wait_for(1)
    signature = letter.headers["Stripe-Signature"]
    topups.hear_from_stripe(body=letter.body, signature=signature, at=NOON, now=dt.datetime.now(dt.UTC))
    assert topups.state(TopUp.objects.get()) == "ended"


def test_when_stripe_is_away_the_timetable_opens_the_page(
    stage: Stage, somchai: Citizen, loopback: StripeLoopback, settings: Settings
) -> None:
    settings.STRIPE_API_BASE = "http://127.0.0.1:9"
    assert topups.state(begin(somchai)) == "asked"
    settings.STRIPE_API_BASE = loopback.base
    assert topups.chase(at=LATER, at_most=10) == 0
    told = TopUp.objects.get()
    assert topups.state(told) == "waiting"
    assert told.page_url


@pytest.mark.usefixtures("loopback")
def test_a_key_stands_for_one_way_to_pay(somchai: Citizen) -> None:
    assert begin(somchai).id == begin(somchai).id
    with pytest.raises(KeyReused):
        topups.begin(citizen_id=somchai.id, amount=200_00, key="by card", at=NOON)
    with pytest.raises(TopUpAmountNotAccepted):
        begin(somchai, 9_99)
