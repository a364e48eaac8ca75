"""Pay over HTTP with several processes of phones, and say what came of it."""

import json
import pickle
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

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

# Not counted: the first second makes connections to the database and its plans.
WARM_UP_SECONDS: Final = 1.0


@dataclass(frozen=True)
class Ran:
    """What came of one run of load.

    :ivar waits: how long each answer took, in seconds, ascending; in an open loop since it was due.
    :ivar failed: answers that were not 201, by status.
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
        """Payments a second; in a mixed load, answers of every kind."""
        return len(self.waits) / self.seconds

    def wait(self, part: float) -> float:
        """Return the wait, in seconds, that this part of all payers did not exceed."""
        return self.waits[min(int(len(self.waits) * part), len(self.waits) - 1)]


@dataclass(frozen=True, slots=True)
class Call:
    """What somebody posts, and where; the answer to a good one is 201."""

    caller: Caller
    path: str
    key: str
    body: Mapping[str, Any]

    def request(self, *, port: int) -> bytes:
        """Return the whole HTTP request."""
        access, body = tokens.access_for(self.caller, at=now()), json.dumps(self.body)
        head = (
            f"POST {self.path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAuthorization: Bearer {access}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n"
            f"Idempotency-Key: {self.key}\r\n\r\n"
        )
        return (head + body).encode()


def paying(order: Order) -> Call:
    """Return the call that pays an order."""
    terms = order.terms
    return Call(
        caller=Caller("citizen", order.citizen_id, device_id=order.device_id),
        path="/api/v1/payments/",
        key=f"order-{order.number}",
        body={
            "charge_id": str(terms.charge_id),
            "price_satang": terms.price,
            "own_part_satang": terms.own_part,
            "schemes": terms.schemes,
            "nonce": terms.nonce,
            "pin": PIN,
        },
    )


def run(
    web: Web,
    calls: Sequence[Call],
    *,
    seconds: float,
    connections: int,
    database: Family,
    per_second: float | None = None,
) -> Ran:
    """Send `calls` for so long, in a closed loop or at a rate, and return what came of it after the warm-up."""
    rate = [] if per_second is None else [f"--per-second={per_second / PROCESSES}"]
    with TemporaryDirectory() as folder, ExitStack() as stack:
        phones = []
        for number in range(PROCESSES):
            file = Path(folder) / f"requests-{number}"
            file.write_bytes(pickle.dumps([call.request(port=web.port) for call in calls[number::PROCESSES]]))
            phones.append(
                stack.enter_context(_phones(web.port, file, connections // PROCESSES, f"--seed={number}", *rate))
            )
        for each in phones:
            _must_be_ready(each)
        begin = time.monotonic() + LEAD_SECONDS
        measured, end = begin + WARM_UP_SECONDS, begin + WARM_UP_SECONDS + seconds
        for each in phones:
            _say(each, f"{begin} {end}\n")
        used = CPU({"web": web.family, "database": database})
        time.sleep(max(measured - time.monotonic(), 0))
        used.begin()
        time.sleep(max(end - time.monotonic(), 0))
        cpu = used.seconds()
        told = [_told(each) for each in phones]
    failed: Counter[str] = Counter()
    for one in told:
        failed.update(one["statuses"])
    failed.pop("201", None)
    # In a closed loop an answer counts when it came, in an open one when it was due.
    open_loop = per_second is not None
    answers = [(at - wait if open_loop else at, wait) for each in told for at, wait in each["answered"]]
    return Ran(
        seconds=seconds,
        waits=sorted(wait for counts_at, wait in answers if measured <= counts_at < end),
        failed=dict(failed),
        dropped=sum(each["dropped"] for each in told),
        unsent=sum(each["unsent"] for each in told),
        cpu=cpu | {"load": sum(each["cpu_seconds"] for each in told) * seconds / (seconds + WARM_UP_SECONDS)},
    )


def _phones(port: int, requests: Path, connections: int, *options: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "bench.phones", str(port), str(requests), str(connections), *options],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def _must_be_ready(phones: subprocess.Popen[str]) -> None:
    if phones.stdout is None or phones.stdout.readline() != "ready\n":
        raise RuntimeError("a process of the load ended before it began")


def _say(phones: subprocess.Popen[str], line: str) -> None:
    if phones.stdin is not None:
        phones.stdin.write(line)
        phones.stdin.flush()


def _told(phones: subprocess.Popen[str]) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(phones.stdout.read()) if phones.stdout else {}
    return told
