"""Payments in one process and one thread, without HTTP: what a posting costs, and what part of it the decision is."""

import datetime as dt
import time
from statistics import median
from typing import Final

from bench.filling import PIN
from bench.orders import Order
from bench.schemes import document
from merchants import payments
from subsidies import documents
from subsidies.compiled import compile_scheme
from subsidies.decision import Purse, Sale, decide
from wallet.clock import now
from wallet.ids import uuid7
from wallet.proofs import PinProof

DECISIONS: Final = 2_000
ROUNDS: Final = 5


def pay_all(orders: list[Order]) -> list[float]:
    """Pay every order through the operation, one after the other, and return how many seconds each took."""
    took = []
    proof = PinProof(PIN)
    for order in orders:
        begun = time.perf_counter()
        payments.pay(
            citizen_id=order.citizen_id,
            device_id=order.device_id,
            terms=order.terms,
            proof=proof,
            key=f"posting {order.number}",
            at=now(),
        )
        took.append(time.perf_counter() - begun)
    return took


def decision_seconds() -> float:
    """Return how long one hard decision takes: three purses that combine, each with five caps."""
    at = dt.datetime.now(dt.UTC)
    purses = [_hard_purse(f"co-pay-{number}", at) for number in range(3)]
    sale = Sale(price=100_00, merchant={"legal_form": "natural_person", "class": "food"})
    rounds = []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        for _ in range(DECISIONS):
            decide(purses=purses, sale=sale, at=at)
        rounds.append((time.perf_counter() - begun) / DECISIONS)
    return median(rounds)


def _hard_purse(code: str, at: dt.datetime) -> Purse:
    scheme = compile_scheme(documents.read(document(code=code, rate_bp=2_000, more_caps=True, combines=True)))
    return Purse(
        enrolment_id=uuid7(),
        scheme_id=uuid7(),
        version_id=uuid7(),
        scheme=scheme,
        left=2_000_00,
        tier="general",
        person={},
        enrolled_at=at - dt.timedelta(days=1),
        first_used_at=at - dt.timedelta(hours=1),
        used=dict.fromkeys(scheme.periods_at(at), 10),
    )
