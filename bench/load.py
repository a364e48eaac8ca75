"""Pay over HTTP with several processes of phones, and say what came of it."""

import json
import pickle
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from typing import IO, Any, Final

from bench.filling import PIN
from bench.machine import CPU, Family
from bench.orders import Order
from bench.web import Web
from config.environment import ROOT
from wallet import tokens
from wallet.clock import now
from wallet.tokens import Caller

PROCESSES: Final = 2

# Between "ready" and the first request, for the line to reach every process.
LEAD_SECONDS: Final = 0.2


@dataclass(frozen=True)
class Ran:
    """What came of one run of load.

    :ivar waits: how long each answer took, in seconds, ascending; in an open loop since it was due.
    :ivar failed: answers that were no payment, by status.
    :ivar cpu: seconds of CPU by whose they were, over the measured time.
    """

    seconds: float
    waits: list[float]
    failed: dict[str, int]
    dropped: int
    unsent: int
    cpu: dict[str, float]

    @property
    def per_second(self) -> float:
        """Payments a second."""
        return len(self.waits) / self.seconds

    def wait(self, part: float) -> float:
        """Return the wait, in seconds, that this part of all payers did not exceed."""
        return self.waits[min(int(len(self.waits) * part), len(self.waits) - 1)]

    def must_be_clean(self) -> None:
        """Stop the bench when a payment failed: rates of failures mean nothing.

        :raises RuntimeError: with what failed.
        """
        if self.failed or self.dropped:
            raise RuntimeError(f"failed: {self.failed}, dropped: {self.dropped}")


def request_of(order: Order, *, port: int) -> bytes:
    """Return the whole HTTP request that pays an order."""
    terms = order.terms
    access = tokens.access_for(Caller("citizen", order.citizen_id, device_id=order.device_id), at=now())
    body = json.dumps(
        {
            "charge_id": str(terms.charge_id),
            "price_satang": terms.price,
            "own_part_satang": terms.own_part,
            "schemes": terms.schemes,
            "nonce": terms.nonce,
            "pin": PIN,
        }
    )
    head = (
        f"POST /api/v1/payments/ HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAuthorization: Bearer {access}\r\n"
        f"Content-Type: application/json\r\nIdempotency-Key: order-{order.number}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return (head + body).encode()


def run(
    web: Web,
    orders: Sequence[Order],
    *,
    seconds: float,
    warm_up: float = 1.0,
    connections: int,
    per_second: float | None = None,
    database: Family,
) -> Ran:
    """Pay `orders` for so long, in a closed loop or at a rate, and return what came of it after the warm-up."""
    with ExitStack() as stack:
        phones = [
            _start(stack, web, orders[number::PROCESSES], connections // PROCESSES, per_second, number)
            for number in range(PROCESSES)
        ]
        for each in phones:
            _line(each.stdout)
        begin = time.monotonic() + LEAD_SECONDS
        measured, end = begin + warm_up, begin + warm_up + seconds
        for each in phones:
            each.stdin.write(f"{begin} {end}\n")
            each.stdin.close()
        ours = CPU({"web": web.family, "database": database})
        time.sleep(max(measured - time.monotonic(), 0))
        ours.begin()
        time.sleep(max(end - time.monotonic(), 0))
        cpu = ours.seconds()
        came = [json.loads(each.stdout.read()) for each in phones]
    statuses: Counter[str] = Counter()
    for each in came:
        statuses.update(each["statuses"])
    statuses.pop("201", None)
    answered = [(at, wait) for each in came for at, wait in each["answered"]]
    counted = [wait for at, wait in answered if measured <= (at if per_second is None else at - wait) < end]
    share = seconds / (seconds + warm_up)
    return Ran(
        seconds=seconds,
        waits=sorted(counted),
        failed=dict(statuses),
        dropped=sum(each["dropped"] for each in came),
        unsent=sum(each["unsent"] for each in came),
        cpu=cpu | {"load": sum(each["cpu_seconds"] for each in came) * share},
    )


def _start(
    stack: ExitStack, web: Web, orders: Sequence[Order], connections: int, per_second: float | None, number: int
) -> Any:
    file = stack.enter_context(tempfile.NamedTemporaryFile(suffix=".requests"))
    pickle.dump([request_of(order, port=web.port) for order in orders], file)
    file.flush()
    rate = [] if per_second is None else [f"--per-second={per_second / PROCESSES}", f"--seed={number}"]
    return stack.enter_context(
        subprocess.Popen(
            [sys.executable, "-m", "bench.phones", str(web.port), file.name, str(connections), *rate],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
    )


def _line(stream: IO[str] | None) -> str:
    line = stream.readline() if stream else ""
    if not line:
        raise RuntimeError("a process of the load ended before it began")
    return line
