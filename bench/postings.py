"""Payments in one process and one thread, without HTTP: beside other ledgers, and what part of it the decision is."""

import datetime as dt
import os
import subprocess
import sys
import time
from statistics import mean, median
from typing import Final

from bench.filling import PIN
from bench.ground import Ground
from bench.nation import Nation
from bench.orders import Order
from bench.peers import CITIZENS, PEERS, STALLS
from bench.schemes import document
from config.environment import ROOT
from merchants import payments
from subsidies import documents
from subsidies.compiled import compile_scheme
from subsidies.decision import Purse, Sale, decide
from wallet.clock import now
from wallet.ids import uuid7
from wallet.proofs import PinProof

DECISIONS: Final = 2_000
ROUNDS: Final = 3


def measure(ground: Ground) -> None:
    """Post the same three legs in our ledger and, by turns with it, in every other; the best round counts.

    Beside them stands a whole payment, with all that the others do not do: PIN, key, charge, rules, caps, receipt.
    """
    took: dict[str, list[float]] = {name: [] for name in ("payment", "ours", *PEERS)}
    each = ground.sizes.postings // ground.sizes.rounds
    pay_all(ground.nation.order(each // 4))  # not measured: connecting, first imports, plans
    for _ in range(ground.sizes.rounds):
        took["payment"].append(mean(pay_all(_as_many(ground.nation, each))))
        for ledger in ("ours", *PEERS):
            took[ledger].append(_post(ground, ledger))
    ground.check_books()
    rates = {f"{name}_postings_per_second": 1 / min(each) for name, each in took.items()}
    for peer in PEERS:
        ground.add(
            f"posting_over_{peer}",
            f"posting in one process, one thread ÷ {peer.replace('_', '-')}'s same posting",
            rates["ours_postings_per_second"] / rates[f"{peer}_postings_per_second"],
            rates=rates,
            bar="≥ 1.5" if peer == "hordak" else None,
            stretch="≥ 2.5" if peer == "hordak" else None,
        )
    whole = rates["payment_postings_per_second"]
    ground.add(
        "payment_over_hordak",
        "a whole payment in one process, one thread ÷ hordak's bare posting",
        whole / rates["hordak_postings_per_second"],
        rates=rates,
    )
    decision = decision_seconds()
    ground.add(
        "decision_part_of_payment",
        "a decision of three purses with five caps each ÷ a payment in one process",
        decision * whole,
        rates={"decision_us": 1e6 * decision, "payment_us": 1e6 / whole},
        bar="≤ 0.08",
    )


def _as_many(nation: Nation, count: int) -> list[Order]:
    """Return orders of as many citizens at as many stalls as the other ledgers have."""
    return nation.order(count, citizens=range(1, CITIZENS + 1), merchants=range(1, STALLS + 1))


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


def _post(ground: Ground, ledger: str) -> float:
    name = f"ledger_{ledger}"
    ground.nation.cursor.execute(f"DROP DATABASE IF EXISTS {name}")
    ground.nation.cursor.execute(f"CREATE DATABASE {name} OWNER gwallet_owner")
    address = os.environ["DATABASE_OWNER_URL"].replace("/gwallet?", f"/{name}?")
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", f"bench.peers.{ledger}", address, str(ground.sizes.peer_payments)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"{ledger} does not run here:\n{done.stderr[-2_000:]}")
    return float(done.stdout)


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
