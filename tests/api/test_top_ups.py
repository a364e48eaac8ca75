"""Money in over the API, whatever Stripe does; and the timetable that chases what nobody told us."""

import datetime as dt
import json
import time

import pytest

from config.loopback.stripe import WEBHOOK_SECRET, StripeLoopback
from config.loopback.stripe.webhooks import signature
from tests.api.doors import Knock, as_citizen
from tests.cast import NOON, Citizen, Stage
from wallet import clock, tasks

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("noon")]


def pay_at_the_bank(stripe: StripeLoopback) -> None:
    """Let the citizen pay the newest QR in their bank's app."""
    stripe.control(f"pay/{stripe.world.newest('payment_intent')[0]['id']}")


def test_a_webhook_that_never_comes_is_asked_for(stage: Stage, nok: Citizen, stripe: StripeLoopback) -> None:
    phone = as_citizen(nok)
    top_up = phone.post("top-ups/", {"amount_satang": 200_00}).json()
    pay_at_the_bank(stripe)
    tasks.chase_top_ups()
    assert phone.get(f"top-ups/{top_up['id']}/").json()["state"] == "waiting"
    clock.stand_at(NOON + dt.timedelta(seconds=30))
    tasks.chase_top_ups()
    tasks.chase_top_ups()
    arrived = phone.get(f"top-ups/{top_up['id']}/").json()
    assert (arrived["state"], arrived["confirmed_at"]) == ("arrived", "2025-10-31T05:00:30Z")
    assert stage.books() == {"cash:nok": 200_00}


def test_while_stripe_is_away_the_top_up_waits_without_a_qr(nok: Citizen, stripe: StripeLoopback) -> None:
    phone = as_citizen(nok)
    stripe.control("faults", kind="500", times=3)
    top_up = phone.post("top-ups/", {"amount_satang": 200_00}, key="away").json()
    assert (top_up["state"], top_up["qr_payload"]) == ("asked", "")
    clock.stand_at(NOON + dt.timedelta(seconds=30))
    stripe.control("faults", kind="500", times=3)
    tasks.chase_top_ups()
    assert phone.get(f"top-ups/{top_up['id']}/").json()["state"] == "asked"
    tasks.chase_top_ups()
    assert phone.get(f"top-ups/{top_up['id']}/").json()["state"] == "waiting"
    again = phone.post("top-ups/", {"amount_satang": 200_00}, key="away").json()
    assert (again["id"], again["qr_payload"][:6]) == (top_up["id"], "000201")


def test_a_card_is_typed_on_stripes_page_which_leads_back_to_ours(nok: Citizen, stripe: StripeLoopback) -> None:
    phone = as_citizen(nok)
    top_up = phone.post("top-ups/", {"amount_satang": 200_00, "by": "card"}, key="by-card").json()
    (session,) = stripe.world.newest("checkout.session")
    assert (top_up["state"], top_up["qr_payload"], top_up["card_page"]) == ("waiting", "", session["url"])
    assert session["success_url"] == f"http://testserver/top-ups/{top_up['id']}/"
    answer = phone.post("top-ups/", {"amount_satang": 200_00, "by": "cheque"}, key="by-cheque")
    assert answer.json()["facts"]["fields"] == {"by": "literal_error"}


def test_nobody_keeps_more_than_the_ceiling(nok: Citizen, stripe: StripeLoopback, settings: object) -> None:
    settings.CASH_CEILING_SATANG = 300_00  # type: ignore[attr-defined]
    answer = as_citizen(nok).post("top-ups/", {"amount_satang": 300_01})
    assert (answer.status_code, answer.json()["code"]) == (409, "wallet_full")
    assert answer.json()["facts"] == {"cash_satang": 0, "ceiling_satang": 300_00}
    assert stripe.world.newest("payment_intent") == []


def test_top_ups_are_listed_newest_first_and_only_ones_own(
    somchai: Citizen, nok: Citizen, stripe: StripeLoopback
) -> None:
    phone = as_citizen(nok)
    asked = [phone.post("top-ups/", {"amount_satang": 100_00 + n}).json()["id"] for n in range(3)]
    first = phone.get("top-ups/", limit=2).json()
    assert ([top_up["id"] for top_up in first["results"]], first["next"]) == (asked[:0:-1], asked[1])
    assert [top_up["id"] for top_up in phone.get("top-ups/", before=first["next"]).json()["results"]] == asked[:1]
    assert [top_up["amount_satang"] for top_up in as_citizen(somchai).get("top-ups/").json()["results"]] == [500_00]


def test_the_same_webhook_twice_is_booked_once(stage: Stage, nok: Citizen, stripe: StripeLoopback) -> None:
    as_citizen(nok).post("top-ups/", {"amount_satang": 200_00})
    pay_at_the_bank(stripe)
    event = next(each for each in stripe.world.newest("event") if each["type"] == "payment_intent.succeeded")
    body = json.dumps(event).encode()
    signed = signature(body, secret=WEBHOOK_SECRET, at=int(time.time()))
    for _ in range(2):
        assert Knock().post("stripe/webhook/", body, **{"Stripe-Signature": signed}).status_code == 200
    assert stage.books() == {"cash:nok": 200_00}
