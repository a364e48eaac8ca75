"""Checkout: a page of Stripe's own on which somebody types a card (https://docs.stripe.com/payments/checkout).

The session is what we ask for; its PaymentIntent comes into being when the page is paid, as it does at Stripe.
"""

import html
import time

from config.loopback.stripe import intents
from config.loopback.stripe.parameters import Parameters, accept, integer, named, text
from config.loopback.stripe.problems import Problem, missing
from config.loopback.stripe.world import Object, World
from wallet.money import baht

# Stripe closes a page that nobody has paid after a day.
LIFE_SECONDS = 24 * 3_600

_PAGE = """<!doctype html>
<html lang="th"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Stripe (loopback)</title>
<body style="font-family: sans-serif; text-align: center; max-width: 24rem; margin: 2rem auto">
<h1>฿{amount}</h1>
<p>ที่นี่ท่านจะพิมพ์เลขบัตร · Here you would type your card.</p>
<form method="post"><button style="font-size: 1.2rem; padding: .8rem 1.6rem">จ่ายด้วยบัตร<br>Pay by card</button></form>
<p><a href="{back}">กลับโดยไม่จ่าย · Back without paying</a></p>
<p><small>นี่ไม่ใช่ Stripe จริง ไม่มีเงินจริงเคลื่อนไหว<br>Not the real Stripe: no real money moves.</small>
"""


def create(world: World, *, parameters: Parameters) -> Object:
    """Open a page for one payment by card.

    :raises Problem: 400 on a wrong parameter.
    """
    accept(
        parameters,
        *("mode", "line_items", "success_url", "cancel_url", "allowed_payment_method_types"),
        *("metadata", "payment_intent_data"),
    )
    if text(parameters, "mode") != "payment":
        raise Problem(400, "Here a session is of mode payment.", param="mode")
    for needed in ("success_url", "cancel_url"):
        if not text(parameters, needed):
            raise missing(needed)
    if parameters.get("allowed_payment_method_types") != ["card"]:
        raise Problem(400, "Here a page takes cards.", param="allowed_payment_method_types")
    session = world.keep(
        "cs_test",
        "checkout.session",
        amount_total=_amount(parameters),
        cancel_url=text(parameters, "cancel_url"),
        currency="thb",
        expires_at=int(time.time()) + LIFE_SECONDS,
        metadata=named(parameters, "metadata"),
        mode="payment",
        payment_intent=None,
        payment_status="unpaid",
        status="open",
        success_url=text(parameters, "success_url"),
        # What its PaymentIntent will say; Stripe does not show it.
        _intent=named(parameters, "payment_intent_data"),
    )
    session["url"] = f"{world.base}/checkout/{session['id']}"
    return session


def retrieve(world: World, session_id: str, *, parameters: Parameters) -> Object:
    """Return one session.

    :raises Problem: 404 when unknown.
    """
    accept(parameters)
    return world.find("checkout.session", session_id)


def show(world: World, method: str, session_id: str) -> tuple[str | None, bytes]:
    """Return where the page sends the browser, or None and the page; POST pays it first.

    :raises Problem: 404 on an unknown session.
    """
    with world.lock:
        session = world.find("checkout.session", session_id)
        if method == "POST" and session["status"] == "open":
            pay(world, session_id)
        if session["status"] != "open":
            return str(session["success_url"]), b""
        return None, _PAGE.format(
            amount=baht(session["amount_total"]), back=html.escape(session["cancel_url"])
        ).encode()


def pay(world: World, session_id: str) -> Object:
    """Let the citizen type a good card into the page.

    :raises Problem: 400 when the page is closed.
    """
    session = _open(world, session_id)
    intent = intents.create(
        world,
        parameters={
            "amount": str(session["amount_total"]),
            "currency": "thb",
            "allowed_payment_method_types": ["card"],
            **session["_intent"],
        },
    )
    session |= {"payment_intent": intent["id"], "payment_status": "paid", "status": "complete", "url": None}
    intents.pay(world, intent["id"])
    world.happened("checkout.session.completed", session)
    return session


def expire(world: World, session_id: str) -> Object:
    """Let a day pass in which nobody pays: the page closes.

    :raises Problem: 400 when it is closed already.
    """
    session = _open(world, session_id)
    session |= {"status": "expired", "url": None}
    world.happened("checkout.session.expired", session)
    return session


def _open(world: World, session_id: str) -> Object:
    session = world.find("checkout.session", session_id)
    if session["status"] != "open":
        raise Problem(400, f"This Session is already {session['status']}.", begun=True)
    return session


def _amount(parameters: Parameters) -> int:
    items = parameters.get("line_items") or []
    if not isinstance(items, list) or len(items) != 1 or not isinstance(items[0], dict):
        raise Problem(400, "Here a session has one line item.", param="line_items")
    price = named(items[0], "price_data")
    if integer(items[0], "quantity") != 1 or text(price, "currency") != "thb" or not named(price, "product_data"):
        raise Problem(400, "Here one thing is sold, in baht, by its name.", param="line_items")
    amount = integer(price, "unit_amount")
    if amount < intents.LEAST:
        raise Problem(400, "The total is too small.", code="amount_too_small", param="line_items")
    if amount > intents.MOST:
        raise Problem(400, "The total is too large.", code="amount_too_large", param="line_items")
    return amount
