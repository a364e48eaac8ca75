"""The line between phones and service: plain TCP, which can be cut in the worst moments."""

import selectors
import socket
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final
from urllib.parse import urlsplit

PAYING: Final = b"POST /api/v1/payments/ "
DONE: Final = b"HTTP/1.1 201"
CHUNK: Final = 1 << 16


class Cut(StrEnum):
    """When a line is cut."""

    ASKED = "when the request has gone, whatever becomes of it"
    DONE = "after the commit and before the answer"


@dataclass
class Wire:
    """Carries bytes both ways. `cuts` says how many payments are to lose their line, and when."""

    service: str
    address: str = ""
    cuts: dict[Cut, int] = field(default_factory=lambda: dict.fromkeys(Cut, 0))
    made: dict[Cut, int] = field(default_factory=lambda: dict.fromkeys(Cut, 0))
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def cut(self, when: Cut, times: int) -> None:
        """Cut the next so many payments at this moment."""
        with self._lock:
            self.cuts[when] += times

    def calm(self) -> None:
        """Cut no more."""
        with self._lock:
            self.cuts = dict.fromkeys(Cut, 0)

    def carry(self, phone: socket.socket) -> None:
        """Carry one connection until either end closes it, or it is cut."""
        parts = urlsplit(self.service)
        with phone:
            try:
                service = socket.create_connection((str(parts.hostname), parts.port or 80), timeout=5)
            except OSError:
                return  # nobody answers there; the phone sees its connection closed
            with service, selectors.DefaultSelector() as ready:
                ready.register(phone, selectors.EVENT_READ, service)
                ready.register(service, selectors.EVENT_READ, phone)
                self._pump(ready, phone)

    def _pump(self, ready: selectors.BaseSelector, phone: socket.socket) -> None:
        paying = False
        while True:
            for key, _ in ready.select():
                source, target = key.fileobj, key.data
                assert isinstance(source, socket.socket)
                try:
                    sent = source.recv(CHUNK)
                    if not sent:
                        return
                    if source is phone:
                        paying = paying or sent.startswith(PAYING)
                        target.sendall(sent)
                        if paying and self._wanted(Cut.ASKED):
                            return
                        continue
                    if paying and sent.startswith(DONE) and self._wanted(Cut.DONE):
                        return
                    paying = False
                    target.sendall(sent)
                except OSError:
                    return

    def _wanted(self, when: Cut) -> bool:
        with self._lock:
            wanted = self.cuts[when] > 0
            self.cuts[when] -= wanted
            self.made[when] += wanted
        return wanted


@contextmanager
def laid(service: str) -> Iterator[Wire]:
    """Have a wire to the service for the length of a `with`."""
    wire = Wire(service)
    with closing(socket.create_server(("127.0.0.1", 0), backlog=128)) as listening:
        wire.address = f"http://127.0.0.1:{listening.getsockname()[1]}"

        def accept() -> None:
            while True:
                try:
                    phone, _ = listening.accept()
                except OSError:
                    return  # closed: the run is over
                threading.Thread(target=wire.carry, args=(phone,), daemon=True).start()

        threading.Thread(target=accept, daemon=True).start()
        yield wire
        listening.shutdown(socket.SHUT_RDWR)
