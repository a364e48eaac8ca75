"""PaymentIntents and the charges that come of them (https://docs.stripe.com/payments/paymentintents/lifecycle)."""

import secrets
import time

from config.loopback.stripe import qr
from config.loopback.stripe.parameters import Parameters, accept, integer, named, text, true
from config.loopback.stripe.problems import Problem, missing
from config.loopback.stripe.world import FEES, Object, World, fee_details, page
from wallet.money import Satang, baht

# https://docs.stripe.com/currencies#minimum-and-maximum-charge-amounts: 10 baht, and at most eight digits.
LEAST: Satang = 10_00
MOST: Satang = 99_999_999

UNPAID = ("requires_payment_method", "requires_confirmation", "requires_action")

# Test cards (https://docs.stripe.com/testing) that are declined, and why.
DECLINES = {
    "pm_card_chargeDeclined": "generic_decline",
    "pm_card_chargeDeclinedInsufficientFunds": "insufficient_funds",
    "pm_card_chargeDeclinedLostCard": "lost_card",
}


def create(world: World, *, parameters: Parameters) -> Object:
    """Create a PaymentIntent and, with `confirm=true`, confirm it in the same breath.

    :raises Problem: 400 on a wrong parameter, 402 on a declined card.
    """
    if "payment_method_types" in parameters:
        # Since 2026-09-30.endive (docs.stripe.com/changelog/endive): refused, where older versions took it.
        message = "payment_method_types is no longer supported; use allowed_payment_method_types."
        code = "payment_method_types_no_longer_supported"
        raise Problem(400, message, code=code, param="payment_method_types")
    accept(
        parameters,
        *("amount", "currency", "allowed_payment_method_types", "payment_method", "payment_method_data", "confirm"),
        *("metadata", "description", "receipt_email", "return_url"),
    )
    amount = integer(parameters, "amount")
    if amount < LEAST:
        raise Problem(400, f"Amount must be at least ฿{baht(LEAST)}.", code="amount_too_small", param="amount")
    if amount > MOST:
        raise Problem(400, f"Amount must be no more than ฿{baht(MOST)}.", code="amount_too_large", param="amount")
    currency = text(parameters, "currency")
    if currency is None:
        raise missing("currency")
    if currency.lower() != "thb":
        raise Problem(400, f"Invalid currency: {currency}.", param="currency")
    allowed = parameters.get("allowed_payment_method_types", list(FEES))
    types = [each for each in FEES if each in allowed]  # what the account does not have is silently left out
    if not types:
        raise Problem(400, "No payment method that is allowed is enabled.", param="allowed_payment_method_types")
    method = _method(world, parameters, types)
    if true(parameters, "confirm") and method is None:
        raise missing("payment_method")

    intent = world.keep(
        "pi",
        "payment_intent",
        amount=amount,
        amount_capturable=0,
        amount_received=0,
        canceled_at=None,
        cancellation_reason=None,
        capture_method="automatic",
        currency="thb",
        description=text(parameters, "description"),
        allowed_payment_method_types=types,
        last_payment_error=None,
        latest_charge=None,
        metadata=named(parameters, "metadata"),
        next_action=None,
        payment_method=method and method["id"],
        payment_method_types=types,
        receipt_email=text(parameters, "receipt_email"),
        status="requires_confirmation" if method else "requires_payment_method",
    )
    intent["client_secret"] = f"{intent['id']}_secret_{secrets.token_hex(12)}"
    world.happened("payment_intent.created", intent)
    if method and true(parameters, "confirm"):
        _attempt(world, intent, method)
    return intent


def confirm(world: World, intent_id: str, *, parameters: Parameters) -> Object:
    """Confirm a PaymentIntent with the payment method that it has or is given.

    :raises Problem: 400 on a wrong parameter or state, 402 on a declined card, 404 on an unknown intent.
    """
    accept(parameters, "payment_method", "payment_method_data", "return_url", "receipt_email", "client_secret")
    intent = world.find("payment_intent", intent_id)
    method = _method(world, parameters, intent["payment_method_types"])
    if method is None and intent["payment_method"]:
        method = world.find("payment_method", intent["payment_method"])
    if method is None:
        raise missing("payment_method")
    _must_be(intent, UNPAID, "confirm")
    _attempt(world, intent, method)
    return intent


def cancel(world: World, intent_id: str, *, parameters: Parameters) -> Object:
    """Cancel a PaymentIntent that nobody has paid.

    :raises Problem: 400 `payment_intent_unexpected_state` when it is paid or cancelled already, 404 when unknown.
    """
    accept(parameters, "cancellation_reason")
    intent = world.find("payment_intent", intent_id)
    _must_be(intent, UNPAID, "cancel")
    intent |= {
        "status": "canceled",
        "canceled_at": int(time.time()),
        "cancellation_reason": text(parameters, "cancellation_reason"),
        "next_action": None,
    }
    world.happened("payment_intent.canceled", intent)
    return intent


def retrieve(world: World, intent_id: str, *, parameters: Parameters) -> Object:
    """Return one PaymentIntent.

    :raises Problem: 404 when unknown.
    """
    accept(parameters, "client_secret")
    return world.find("payment_intent", intent_id)


def listed(world: World, *, parameters: Parameters) -> Object:
    """Return a page of PaymentIntents, newest first.

    :raises Problem: 400 on a wrong parameter.
    """
    accept(parameters, "limit", "starting_after", "ending_before", "created")
    return page(world.newest("payment_intent"), parameters, url="/v1/payment_intents")


def pay(world: World, intent_id: str) -> Object:
    """Let the citizen pay: scan the QR in their bank's app, or type a good card into Stripe's form.

    :raises Problem: 400 when it can no longer be paid, or when its QR was never asked for.
    """
    intent = world.find("payment_intent", intent_id)
    if "promptpay" in intent["payment_method_types"]:
        _must_be(intent, ("requires_action",), "pay")
        method = world.find("payment_method", intent["payment_method"])
    else:
        _must_be(intent, UNPAID, "pay")
        method = _new_method(world, "card", email=None)
    _succeed(world, intent, method)
    return intent


def fail(world: World, intent_id: str) -> Object:
    """Let the payment fail, or its QR run out; the intent waits for another attempt.

    :raises Problem: 400 when it is paid or cancelled already.
    """
    intent = world.find("payment_intent", intent_id)
    _must_be(intent, UNPAID, "fail")
    _decline(world, intent, code="payment_intent_payment_attempt_failed", message="The payment attempt failed.")
    return intent


def _method(world: World, parameters: Parameters, types: list[str]) -> Object | None:
    """Return the payment method that the request names or describes, or None when it does neither."""
    if chosen := text(parameters, "payment_method"):
        if chosen.startswith("pm_card_") and "card" in types:
            return _new_method(world, "card", email=None, test_card=chosen)
        return world.find("payment_method", chosen)
    described = named(parameters, "payment_method_data")
    if not described:
        return None
    kind = text(described, "type")
    if kind is None or kind not in types:
        message = f"The PaymentMethod type {kind} is not in payment_method_types."
        raise Problem(400, message, param="payment_method_data[type]")
    email = text(named(described, "billing_details"), "email")
    # A PromptPay payment can only be given back by asking the payer where to, by e-mail
    # (https://docs.stripe.com/payments/promptpay#refunds), so Stripe wants an address before it draws the QR.
    if kind == "promptpay" and not email:
        raise missing("billing_details[email]")
    return _new_method(world, kind, email=email)


def _new_method(world: World, kind: str, *, email: str | None, test_card: str | None = None) -> Object:
    billing = {"email": email, "name": None, "phone": None, "address": None}
    about: Object = {"test_card": test_card} if kind == "card" else {}
    return world.keep("pm", "payment_method", type=kind, billing_details=billing, **{kind: about})


def _must_be(intent: Object, states: tuple[str, ...], act: str) -> None:
    if intent["status"] not in states:
        message = f"You cannot {act} this PaymentIntent because it has a status of {intent['status']}."
        code = "payment_intent_unexpected_state"
        raise Problem(400, message, code=code, begun=True, payment_intent=dict(intent))


def _attempt(world: World, intent: Object, method: Object) -> None:
    """Try to be paid: draw the QR for PromptPay; charge the card at once."""
    intent["payment_method"] = method["id"]
    if method["type"] == "promptpay":
        intent["status"] = "requires_action"
        intent["last_payment_error"] = None
        intent["next_action"] = {
            "type": "promptpay_display_qr_code",
            "promptpay_display_qr_code": {
                "data": qr.payload(reference=intent["id"], amount=intent["amount"]),
                "hosted_instructions_url": f"{world.base}/pay/{intent['id']}",
                "image_url_png": f"{world.base}/pay/{intent['id']}.png",
                "image_url_svg": f"{world.base}/pay/{intent['id']}.svg",
            },
        }
        world.happened("payment_intent.requires_action", intent)
    elif reason := DECLINES.get(method["card"]["test_card"] or ""):
        error = _decline(world, intent, code="card_declined", message="Your card was declined.", decline_code=reason)
        facts = {name: value for name, value in error.items() if name not in {"type", "message"}}
        raise Problem(402, error["message"], kind="card_error", begun=True, payment_intent=dict(intent), **facts)
    else:
        _succeed(world, intent, method)


def _succeed(world: World, intent: Object, method: Object) -> None:
    kind, amount = method["type"], intent["amount"]
    charge = world.keep(
        "ch" if kind == "card" else "py",
        "charge",
        amount=amount,
        amount_captured=amount,
        amount_refunded=0,
        billing_details=method["billing_details"],
        captured=True,
        currency="thb",
        disputed=False,
        metadata=dict(intent["metadata"]),
        paid=True,
        payment_intent=intent["id"],
        payment_method=method["id"],
        payment_method_details={"type": kind, kind: {}},
        refunded=False,
        status="succeeded",
    )
    booked = world.book(
        "charge" if kind == "card" else "payment", amount=amount, source=charge["id"], fees=fee_details(kind, amount)
    )
    charge["balance_transaction"] = booked["id"]
    intent |= {
        "status": "succeeded",
        "amount_received": amount,
        "last_payment_error": None,
        "latest_charge": charge["id"],
        "next_action": None,
        "payment_method": method["id"],
    }
    world.happened("charge.succeeded", charge)
    world.happened("payment_intent.succeeded", intent)


def _decline(world: World, intent: Object, **error: str) -> Object:
    kept: Object = {"type": "card_error", **error}
    intent |= {
        "status": "requires_payment_method",
        "last_payment_error": kept,
        "next_action": None,
        "payment_method": None,
    }
    world.happened("payment_intent.payment_failed", intent)
    return kept
