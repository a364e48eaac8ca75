"""Refunds and holds among the payments: what a day has besides sales that go well."""

from collections.abc import Callable, Sequence
from random import Random
from typing import Final

from bench.filling import PIN
from bench.ground import Ground
from bench.load import Call, Ran
from bench.nation import Nation
from bench.orders import Order
from bench.rates import USUAL
from bench.turns import by_turns
from bench.web import Web
from merchants import holds, payments
from merchants.models import Hold, Payment
from merchants.receipts import Held
from wallet.clock import now
from wallet.ids import uuid7
from wallet.proofs import PinProof
from wallet.tokens import Caller

# Of a hundred requests so many undo a payment, so many hold money, and so many capture what is held; the rest pay.
EACH: Final = 3

HOLD_SECONDS: Final = int(holds.USUAL.total_seconds())


def measure(ground: Ground, web: Web) -> None:
    """Run the mix and payments alone by turns; hold the mix against the limit by what payments alone were of it."""
    nation, sizes = ground.nation, ground.sizes

    def ran(make: Callable[[Nation, int], Sequence[Order | Call]]) -> Ran:
        orders = make(nation, ground.enough(sizes.turn_seconds))
        return ground.load(web, orders, connections=USUAL, seconds=sizes.turn_seconds)

    ran(calls)  # thrown away: plans are made in it
    turns = by_turns(sizes.side_turns, lambda: ran(calls), lambda: ran(Nation.order))
    ground.check_books(everything=False)
    ground.add(
        "http_mixed_over_limit",
        f"the same with {EACH} % refunds, {EACH} % holds and {EACH} % captures ÷ the limit",
        turns.middle.ratio * ground.results.figures["http_over_limit"].value,
        rates=turns.rates("mixed_requests", "payments_alone") | {"mixed_over_payments_alone": turns.middle.ratio},
        bar="≥ 0.12",
        at_full_size=True,
    )


def calls(nation: Nation, count: int) -> list[Order | Call]:
    """Return so many requests of every kind, in an order by chance but always the same.

    What they undo and capture is paid and held here and now, so that a till may still undo it and no hold is over.
    """
    each = max(count * EACH // 100, 1)
    undone: list[Order | Call] = [_undo(order) for order in nation.order(each)]
    captured: list[Order | Call] = [_capture(order) for order in nation.order(each, hold_seconds=HOLD_SECONDS)]
    held, paid = nation.order(each, hold_seconds=HOLD_SECONDS), nation.order(count - 3 * each)
    every = [*undone, *captured, *held, *paid]
    Random(count).shuffle(every)
    return every


def _undo(order: Order) -> Call:
    payment = _sell(order)
    return Call(
        caller=_till(payment),
        path=f"/api/v1/payments/{payment.id}/refunds/",
        key=f"undo-{order.number}",
        body={"refund_id": str(uuid7()), "whole": True, "reason": "keyed twice"},
    )


def _capture(order: Order) -> Call:
    hold = _sell(order)
    return Call(
        caller=_till(hold),
        path=f"/api/v1/holds/{hold.id}/captures/",
        key=f"capture-{order.number}",
        body={"id": str(uuid7()), "amount_satang": hold.price},
    )


def _sell(order: Order) -> Payment | Hold:
    receipt = payments.pay(
        citizen_id=order.citizen_id,
        device_id=order.device_id,
        terms=order.terms,
        proof=PinProof(PIN),
        key=f"mixed {order.number}",
        at=now(),
    )
    return receipt.hold if isinstance(receipt, Held) else receipt.payment


def _till(sale: Payment | Hold) -> Caller:
    return Caller("till", sale.till_id, merchant_id=sale.merchant_id)
