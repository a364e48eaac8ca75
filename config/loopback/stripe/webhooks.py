"""Delivers events to our webhook, signed by Stripe's scheme (https://docs.stripe.com/webhooks/signature).

One thread sends them one after another, so they arrive in the order in which they happened unless one has to be tried
again, as with Stripe. On demand they are held back, and let go doubled or the other way round.
"""

import hashlib
import heapq
import hmac
import http.client
import json
import threading
import time
from collections import deque
from typing import Any
from urllib.parse import urlsplit

from config.loopback.stripe.problems import Problem
from config.loopback.stripe.world import Object

# Stripe tries for three days; a demo wants to see the end of it. The naps double: 0.2 s up to 3.2 s, 6.2 s in all.
MOST_TRIES = 6
FIRST_NAP_SECONDS = 0.2
TIMEOUT_SECONDS = 10.0

# Beyond this the oldest waiting event is not delivered; it can still be listed, as with Stripe.
MOST_WAITING = 10_000
MOST_COPIES = 10


class Webhooks:
    """The events that wait to be delivered, and a record of the last deliveries."""

    def __init__(self, *, secret: str) -> None:
        """Deliver nowhere until `point_at` says where, and nothing until `start`."""
        self.url: str | None = None
        self.secret = secret
        self.deliveries: deque[dict[str, Any]] = deque(maxlen=1_000)
        self._wake = threading.Condition()
        self._due: list[tuple[float, int, int, Object]] = []
        self._count = 0
        self._held: list[Object] | None = None
        self._stopped = False
        self._thread = threading.Thread(target=self._deliver_until_stopped, name="stripe-webhooks", daemon=True)

    def start(self) -> None:
        """Begin to deliver."""
        self._thread.start()

    def point_at(self, url: str | None) -> None:
        """Deliver to another URL from now on.

        :raises Problem: 400 unless it is plain HTTP on this machine: a stand-in does not speak to the world.
        """
        try:
            to = urlsplit(url or "")
            here = to.scheme == "http" and to.hostname in {"127.0.0.1", "localhost"} and to.port != 0
        except ValueError:
            here = False
        if url and not here:
            raise Problem(400, "Only http://127.0.0.1 and http://localhost are delivered to.", param="url")
        self.url = url or None

    def send(self, event: Object) -> None:
        """Let an event be delivered, or hold it back with the others."""
        with self._wake:
            if self._held is not None:
                self._held = [*self._held, event][-MOST_WAITING:]
            elif self.url:
                self._push(time.monotonic(), 1, event)

    def hold(self) -> None:
        """Hold back every event from now on."""
        with self._wake:
            self._held = self._held or []

    def release(self, *, copies: int, backwards: bool) -> list[str]:
        """Let the held events go, each `copies` times, newest first if `backwards`; return their ids as sent.

        :raises Problem: 400 unless copies are from 1 to `MOST_COPIES`.
        """
        if not 1 <= copies <= MOST_COPIES:
            raise Problem(400, f"From 1 to {MOST_COPIES} copies are sent.", param="copies")
        with self._wake:
            held, self._held = self._held or [], None
            sent = [event for event in (reversed(held) if backwards else held) for _ in range(copies)]
            for event in sent if self.url else ():
                self._push(time.monotonic(), 1, event)
        return [event["id"] for event in sent]

    def stop(self) -> None:
        """Stop delivering; what still waits is dropped."""
        with self._wake:
            self._stopped = True
            self._wake.notify()
        self._thread.join(TIMEOUT_SECONDS)

    def _push(self, due: float, attempt: int, event: Object) -> None:
        self._count += 1
        heapq.heappush(self._due, (due, self._count, attempt, event))
        if len(self._due) > MOST_WAITING:
            heapq.heappop(self._due)
        self._wake.notify()

    def _deliver_until_stopped(self) -> None:
        while True:
            with self._wake:
                while not self._stopped and (not self._due or self._due[0][0] > time.monotonic()):
                    self._wake.wait(self._due[0][0] - time.monotonic() if self._due else None)
                if self._stopped:
                    return
                _, _, attempt, event = heapq.heappop(self._due)
            answer = self._post(event)
            self.deliveries.append({"event": event["id"], "type": event["type"], "try": attempt, "answer": answer})
            if answer not in range(200, 300) and attempt < MOST_TRIES:
                with self._wake:
                    self._push(time.monotonic() + FIRST_NAP_SECONDS * 2 ** (attempt - 1), attempt + 1, event)

    def _post(self, event: Object) -> int | str:
        """Return the HTTP status with which our webhook answered, or why there was no answer. Follows no redirect."""
        if self.url is None:
            return "no webhook"
        url = urlsplit(self.url)
        body = json.dumps(event, indent=2, ensure_ascii=False).encode()
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "User-Agent": "Stripe/1.0 (+https://stripe.com/docs/webhooks)",
            "Stripe-Signature": signature(body, secret=self.secret, at=int(time.time())),
        }
        connection = http.client.HTTPConnection(url.hostname or "127.0.0.1", url.port, timeout=TIMEOUT_SECONDS)
        try:
            connection.request("POST", url.path or "/", body=body, headers=headers)
            return connection.getresponse().status
        except (OSError, http.client.HTTPException) as lost:
            return type(lost).__name__
        finally:
            connection.close()


def signature(body: bytes, *, secret: str, at: int) -> str:
    """Return the `Stripe-Signature` header for a body signed at an instant (Unix seconds)."""
    signed = hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={at},v1={signed}"
