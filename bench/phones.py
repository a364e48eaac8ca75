"""One process of the load: many phones on kept-alive connections. `bench/load.py` starts several.

    python -m bench.phones PORT REQUESTS CONNECTIONS [--per-second RATE]

REQUESTS is a file of whole HTTP/1.1 requests, made beforehand, so that nothing is spent here but sending, waiting and
looking at the answer's first line. Without a rate each connection sends its next request when it has its answer
(closed loop). With one, requests are due at random but known instants, as strangers' are (open loop, Poisson), and how
long each took is counted from then, however late it could be sent.

It says `ready`, reads one line `BEGIN END` (monotonic seconds), and answers with one line of JSON.
"""

import argparse
import json
import pickle
import random
import resource
import select
import socket
import sys
import time
from collections import Counter, deque
from pathlib import Path
from typing import Final

# A phone gives up after this; the payment may have happened all the same, and its key finds out.
PATIENCE_SECONDS: Final = 10.0

LENGTH: Final = b"content-length: "


class Connection:
    """One phone's connection: what it waits for, since when, and what has come so far."""

    __slots__ = ("came", "due", "sock")

    def __init__(self, port: int) -> None:
        """Connect to the server on this machine."""
        self.sock = socket.create_connection(("127.0.0.1", port))
        self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.due = 0.0
        self.came = b""

    def receive(self) -> int | None:
        """Read on, and return the status when the answer is whole; -1 if the server hung up."""
        try:
            data = self.sock.recv(65_536)
        except OSError:
            return -1
        if not data:
            return -1
        self.came += data
        return status_of(self.came)


def status_of(came: bytes) -> int | None:
    """Return the status of an answer, or None while it is not whole."""
    head = came.find(b"\r\n\r\n")
    if head < 0:
        return None
    length = came.lower().find(LENGTH, 0, head)
    if length < 0:
        raise ValueError(f"an answer without a length: {came[:head]!r}")
    body = int(came[length + len(LENGTH) : came.find(b"\r\n", length)])
    return int(came[9:12]) if len(came) >= head + 4 + body else None


class Phones:
    """All connections of this process."""

    def __init__(self, port: int, requests: list[bytes], connections: int) -> None:
        """Open the connections; nothing is sent yet."""
        self.port = port
        self.requests = deque(requests)
        self.epoll = select.epoll()
        self.by_number: dict[int, Connection] = {}
        self.free: deque[Connection] = deque()
        self.took: list[tuple[float, float]] = []
        self.statuses: Counter[int] = Counter()
        self.dropped = 0
        for _ in range(connections):
            self._connect()

    def run_closed(self, begin: float, end: float) -> None:
        """Send, wait, send again, until `end`; then only wait."""
        _sleep_until(begin)
        while self.free:
            self._send(self.free.popleft(), due=time.monotonic())
        while time.monotonic() < end:
            self._answers(end - time.monotonic())
            while self.free and self.requests:
                self._send(self.free.popleft(), due=time.monotonic())
        self._finish()

    def run_open(self, begin: float, end: float, *, per_second: float, seed: int) -> None:
        """Send when each is due."""
        chance = random.Random(seed)
        due = begin + chance.expovariate(per_second)
        waiting: deque[float] = deque()
        while True:
            now = time.monotonic()
            while due <= now and due < end:
                waiting.append(due)
                due += chance.expovariate(per_second)
            while waiting and self.free:
                self._send(self.free.popleft(), due=waiting.popleft())
            if due >= end and not waiting:
                break
            self._answers((due - time.monotonic()) if due < end else 0.05)
        self._finish()

    def close(self) -> None:
        """Hang up."""
        self.epoll.close()
        for connection in self.by_number.values():
            connection.sock.close()

    def _connect(self) -> None:
        connection = Connection(self.port)
        self.by_number[connection.sock.fileno()] = connection
        self.epoll.register(connection.sock.fileno(), select.EPOLLIN)
        self.free.append(connection)

    def _send(self, connection: Connection, *, due: float) -> None:
        connection.due = due
        connection.came = b""
        try:
            connection.sock.sendall(self.requests.popleft())
        except OSError:
            self._drop(connection)

    def _answers(self, seconds: float) -> None:
        for number, _ in self.epoll.poll(max(seconds, 0)):
            connection = self.by_number[number]
            status = connection.receive()
            if status is None:
                continue
            if status < 0:
                self._drop(connection)
                continue
            now = time.monotonic()
            self.statuses[status] += 1
            self.took.append((now, now - connection.due))
            self.free.append(connection)

    def _finish(self) -> None:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while len(self.free) < len(self.by_number) and time.monotonic() < deadline:
            self._answers(0.1)
        self.dropped += len(self.by_number) - len(self.free)

    def _drop(self, connection: Connection) -> None:
        self.dropped += 1
        self.epoll.unregister(connection.sock.fileno())
        del self.by_number[connection.sock.fileno()]
        connection.sock.close()
        self._connect()


def _sleep_until(instant: float) -> None:
    time.sleep(max(instant - time.monotonic(), 0))


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser()
    parser.add_argument("port", type=int)
    parser.add_argument("requests", type=Path)
    parser.add_argument("connections", type=int)
    parser.add_argument("--per-second", type=float)
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args()
    requests: list[bytes] = pickle.loads(asked.requests.read_bytes())  # noqa: S301  written by our parent
    phones = Phones(asked.port, requests, asked.connections)
    print("ready", flush=True)
    begin, end = map(float, sys.stdin.readline().split())
    before = resource.getrusage(resource.RUSAGE_SELF)
    if asked.per_second is None:
        phones.run_closed(begin, end)
    else:
        phones.run_open(begin, end, per_second=asked.per_second, seed=asked.seed)
    after = resource.getrusage(resource.RUSAGE_SELF)
    phones.close()
    json.dump(
        {
            "answered": phones.took,
            "statuses": phones.statuses,
            "dropped": phones.dropped,
            "unsent": len(phones.requests),
            "cpu_seconds": after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime,
        },
        sys.stdout,
    )


if __name__ == "__main__":
    main()
