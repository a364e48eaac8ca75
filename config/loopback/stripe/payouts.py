"""What Stripe keeps for us, and its payouts to our bank account (https://docs.stripe.com/payouts/reconciliation)."""

import time

from config.loopback.stripe.parameters import Parameters, accept
from config.loopback.stripe.problems import Problem
from config.loopback.stripe.world import Object, World, page


def pay_out(world: World) -> Object:
    """Pay everything that is kept for us, net of fees, to our bank account.

    :raises Problem: 400 `balance_insufficient` when nothing is kept, or less than nothing.
    """
    lines = [each for each in world.newest("balance_transaction") if each["id"] not in world.payout_of]
    amount = sum(line["net"] for line in lines)
    if amount <= 0:
        raise Problem(400, "There is nothing to pay out.", code="balance_insufficient")
    payout = world.keep(
        "po",
        "payout",
        amount=amount,
        arrival_date=int(time.time()),
        automatic=True,
        currency="thb",
        failure_code=None,
        metadata={},
        method="standard",
        reconciliation_status="completed",
        status="in_transit",
        type="bank_account",
    )
    booked = world.book("payout", amount=-amount, source=payout["id"])
    payout["balance_transaction"] = booked["id"]
    world.payout_of |= {line["id"]: payout["id"] for line in [*lines, booked]}
    world.happened("payout.created", payout)
    payout["status"] = "paid"
    world.happened("payout.paid", payout)
    return payout


def listed(world: World, *, parameters: Parameters) -> Object:
    """Return a page of payouts, newest first.

    :raises Problem: 400 on a wrong parameter.
    """
    accept(parameters, "status", "limit", "starting_after", "ending_before", "created")
    wanted = {"status": parameters["status"]} if "status" in parameters else {}
    found = [each for each in world.newest("payout") if wanted.items() <= each.items()]
    return page(found, parameters, url="/v1/payouts")


def lines(world: World, *, parameters: Parameters) -> Object:
    """Return a page of balance transactions, newest first, of one payout where the request names it.

    :raises Problem: 400 on a wrong parameter.
    """
    accept(parameters, "payout", "type", "source", "limit", "starting_after", "ending_before", "created")
    wanted = {name: parameters[name] for name in ("type", "source") if name in parameters}
    found = [each for each in world.newest("balance_transaction") if wanted.items() <= each.items()]
    if "payout" in parameters:
        found = [each for each in found if world.payout_of.get(each["id"]) == parameters["payout"]]
    return page(found, parameters, url="/v1/balance_transactions")


def balance(world: World, *, parameters: Parameters) -> Object:
    """Return what is kept for us and not yet paid out."""
    accept(parameters)
    kept = sum(each["net"] for each in world.newest("balance_transaction") if each["id"] not in world.payout_of)
    available = [{"amount": kept, "currency": "thb", "source_types": {"card": kept}}]
    return {"object": "balance", "available": available, "pending": [], "livemode": False}
