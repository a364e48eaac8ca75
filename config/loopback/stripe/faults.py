"""Faults on demand: the next requests go wrong in a way that was asked for."""

import threading
from collections import deque
from dataclasses import dataclass
from enum import StrEnum

from config.loopback.stripe.problems import Problem

MOST_FAULTS = 1_000
LONGEST_SECONDS = 60.0


class Kind(StrEnum):
    """How a request can go wrong."""

    CONFLICT = "409"
    """Another request holds the object; nothing was begun."""

    TOO_MANY = "429"
    """Too many requests; nothing was begun."""

    BROKEN = "500"
    """Stripe broke before the endpoint began: the same key may be tried again."""

    BROKEN_KEPT = "500-kept"
    """Stripe broke inside the endpoint: the 500 is kept under the key, and replayed."""

    SLOW = "slow"
    """The work takes long; whoever tries the same key meanwhile gets a 409."""

    CUT = "cut"
    """The work is done, and the line is cut before the answer."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One request's fault; `seconds` is how long a slow one takes."""

    kind: Kind
    seconds: float = 0.0


class Faults:
    """The faults that wait for their requests, first in, first out."""

    def __init__(self) -> None:
        """Begin with none."""
        self._lock = threading.Lock()
        self._waiting: deque[Fault] = deque()

    def ask(self, *, kind: str, times: int, seconds: float) -> None:
        """Let the next `times` requests go wrong.

        :raises Problem: 400 on an unknown kind, or beyond `MOST_FAULTS` or `LONGEST_SECONDS`.
        """
        if kind not in list(Kind):
            raise Problem(400, f"A fault is one of: {', '.join(Kind)}.", param="kind")
        if not 0 <= seconds <= LONGEST_SECONDS:
            raise Problem(400, f"A slow request takes at most {LONGEST_SECONDS:.0f} seconds.", param="seconds")
        with self._lock:
            if not 1 <= times <= MOST_FAULTS - len(self._waiting):
                raise Problem(400, f"At most {MOST_FAULTS} faults can wait.", param="times")
            self._waiting.extend([Fault(Kind(kind), seconds)] * times)

    def next(self) -> Fault | None:
        """Take the fault of the request that has just come, if one waits."""
        with self._lock:
            return self._waiting.popleft() if self._waiting else None

    def forget(self) -> None:
        """Let everything go right again."""
        with self._lock:
            self._waiting.clear()
