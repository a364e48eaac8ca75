"""Idempotency keys as Stripe's API v1 honours them (https://docs.stripe.com/idempotency)."""

import threading
from collections import OrderedDict
from dataclasses import dataclass

from config.loopback.stripe.problems import Problem

# Stripe keeps a key for at least 24 hours; we keep this many, which no test or demo reaches in that time.
MOST_KEYS = 20_000
LONGEST_KEY = 255


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer, ready to be sent again: status, JSON body, and the id of the request that it first answered."""

    status: int
    body: bytes
    request_id: str


@dataclass(slots=True)
class _Use:
    """What a key was first used for; no answer yet while that request is under way."""

    fingerprint: str
    answer: Answer | None = None


class Keys:
    """The keys in use, oldest first."""

    def __init__(self) -> None:
        """Begin with none."""
        self._lock = threading.Lock()
        self._uses: OrderedDict[str, _Use] = OrderedDict()

    def claim(self, key: str, *, fingerprint: str) -> Answer | None:
        """Claim a key for a request, or return the answer that was kept for the same request.

        :raises Problem: 400 when the key was used for another request, 409 while the first one is still under way.
        """
        if len(key) > LONGEST_KEY:
            raise Problem(400, f"Idempotency keys must be {LONGEST_KEY} characters or less.")
        with self._lock:
            use = self._uses.get(key)
            if use is None:
                self._uses[key] = _Use(fingerprint)
                while len(self._uses) > MOST_KEYS:
                    self._uses.popitem(last=False)
                return None
            if use.fingerprint != fingerprint:
                message = (
                    "Keys for idempotent requests can only be used with the same parameters they were first used with. "
                    f"Try using a key other than '{key}' if you meant to execute a different request."
                )
                raise Problem(400, message, kind="idempotency_error")
            if use.answer is None:
                message = f"There is currently another in-progress request using this Idempotent Key: {key}"
                raise Problem(409, message, kind="idempotency_error", code="idempotency_key_in_use")
            return use.answer

    def keep(self, key: str, answer: Answer) -> None:
        """Keep the answer of the request that claimed the key."""
        with self._lock:
            if key in self._uses:
                self._uses[key].answer = answer

    def free(self, key: str) -> None:
        """Let the key be used anew: its request never began."""
        with self._lock:
            self._uses.pop(key, None)
