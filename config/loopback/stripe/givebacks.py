"""Money that goes back: refunds that we ask for, and disputes that a card holder's bank starts."""

import time

from config.loopback.stripe.parameters import Parameters, accept, integer, named, text
from config.loopback.stripe.problems import Problem, missing
from config.loopback.stripe.world import Object, World, page
from wallet.money import Satang, baht

# What a lost or opened dispute costs us beside the money itself; a figure of the stand-in's own.
DISPUTE_FEE: Satang = 500_00


def refund(world: World, *, parameters: Parameters) -> Object:
    """Refund a charge, all that is left of it unless `amount` says less.

    A card is refunded at once; for PromptPay the payer is asked by e-mail where the money should go, so that
    refund waits (https://docs.stripe.com/payments/promptpay#refunds).

    :raises Problem: 400 on a wrong parameter or when less is left, 404 on an unknown charge or intent.
    """
    accept(parameters, "charge", "payment_intent", "amount", "reason", "metadata", "instructions_email")
    charge = _charge_of(world, parameters)
    left = charge["amount"] - charge["amount_refunded"]
    amount = integer(parameters, "amount", left)
    if left == 0:
        message = f"Charge {charge['id']} has already been refunded."
        raise Problem(400, message, code="charge_already_refunded", begun=True)
    if not 0 < amount <= left:
        message = f"Refund amount (฿{baht(amount)}) is not within the unrefunded amount (฿{baht(left)})."
        raise Problem(400, message, param="amount", begun=True)
    card = charge["payment_method_details"]["type"] == "card"
    made = world.keep(
        "re" if card else "pyr",
        "refund",
        amount=amount,
        charge=charge["id"],
        currency="thb",
        metadata=named(parameters, "metadata"),
        payment_intent=charge["payment_intent"],
        reason=text(parameters, "reason"),
        status="succeeded" if card else "requires_action",
        failure_reason=None,
    )
    booked = world.book("refund" if card else "payment_refund", amount=-amount, source=made["id"])
    made["balance_transaction"] = booked["id"]
    charge["amount_refunded"] += amount
    charge["refunded"] = charge["amount_refunded"] == charge["amount"]
    world.happened("refund.created", made)
    world.happened("charge.refunded", charge)
    return made


def finish_refund(world: World, refund_id: str, *, outcome: str) -> Object:
    """Let the payer answer the e-mail about a PromptPay refund: it succeeds, or fails and the money comes back to us.

    :raises Problem: 400 on another outcome or a refund that waits for nothing, 404 on an unknown one.
    """
    found = world.find("refund", refund_id)
    if found["status"] != "requires_action":
        raise Problem(400, f"This refund has a status of {found['status']}.")
    if outcome == "succeeded":
        found["status"] = "succeeded"
        world.happened("refund.updated", found)
    elif outcome == "failed":
        found |= {"status": "failed", "failure_reason": "lost_or_stolen_card"}
        charge = world.find("charge", found["charge"])
        charge["amount_refunded"] -= found["amount"]
        charge["refunded"] = False
        booked = world.book("payment_failure_refund", amount=found["amount"], source=refund_id)
        found["failure_balance_transaction"] = booked["id"]
        world.happened("refund.failed", found)
    else:
        raise Problem(400, "A refund ends as succeeded or failed.", param="outcome")
    return found


def dispute(world: World, charge_id: str) -> Object:
    """Let the card holder's bank dispute a charge: Stripe takes the money and a fee from us at once.

    PromptPay has no disputes (https://docs.stripe.com/payments/promptpay), so only a card can be disputed.

    :raises Problem: 400 when the charge is not of a card or disputed already, 404 on an unknown one.
    """
    charge = world.find("charge", charge_id)
    if charge["payment_method_details"]["type"] != "card":
        raise Problem(400, "A PromptPay payment cannot be disputed; only a card can.")
    if charge["disputed"]:
        raise Problem(400, f"Charge {charge_id} is disputed already.")
    charge["disputed"] = True
    opened = world.keep(
        "dp",
        "dispute",
        amount=charge["amount"],
        balance_transactions=[],
        charge=charge_id,
        currency="thb",
        evidence_details={"due_by": int(time.time()) + 7 * 86_400},
        is_charge_refundable=False,
        metadata={},
        payment_intent=charge["payment_intent"],
        reason="fraudulent",
        status="needs_response",
    )
    world.happened("charge.dispute.created", opened)
    fee = {"type": "stripe_fee", "amount": DISPUTE_FEE, "currency": "thb", "description": "Dispute fee"}
    booked = world.book("adjustment", amount=-charge["amount"], source=opened["id"], fees=[fee])
    opened["balance_transactions"].append(dict(booked))
    world.happened("charge.dispute.funds_withdrawn", opened)
    return opened


def close_dispute(world: World, dispute_id: str, *, outcome: str) -> Object:
    """Let the bank decide a dispute: `won` gives us the money back, `lost` leaves it gone; the fee stays either way.

    :raises Problem: 400 on another outcome or a dispute that is decided, 404 on an unknown one.
    """
    found = world.find("dispute", dispute_id)
    if outcome not in {"won", "lost"}:
        raise Problem(400, "A dispute ends as won or lost.", param="outcome")
    if found["status"] != "needs_response":
        raise Problem(400, f"This dispute is {found['status']} already.")
    found["status"] = outcome
    world.happened("charge.dispute.closed", found)
    if outcome == "won":
        booked = world.book("adjustment", amount=found["amount"], source=dispute_id)
        found["balance_transactions"].append(dict(booked))
        world.happened("charge.dispute.funds_reinstated", found)
    return found


def listed(world: World, kind: str, *, parameters: Parameters) -> Object:
    """Return a page of refunds or disputes, newest first, of one charge or intent where the request names it.

    :raises Problem: 400 on a wrong parameter.
    """
    accept(parameters, "charge", "payment_intent", "limit", "starting_after", "ending_before", "created")
    wanted = {name: parameters[name] for name in ("charge", "payment_intent") if name in parameters}
    found = [each for each in world.newest(kind) if wanted.items() <= each.items()]
    return page(found, parameters, url=f"/v1/{kind}s")


def _charge_of(world: World, parameters: Parameters) -> Object:
    if charge_id := text(parameters, "charge"):
        return world.find("charge", charge_id)
    intent_id = text(parameters, "payment_intent")
    if intent_id is None:
        raise missing("payment_intent")
    intent = world.find("payment_intent", intent_id)
    if intent["latest_charge"] is None:
        raise Problem(400, f"PaymentIntent {intent['id']} has no charge to refund.", begun=True)
    return world.find("charge", intent["latest_charge"])
