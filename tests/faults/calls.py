"""One call to the service, made until it is answered: as a phone does, with the same idempotency key each time."""

import http.client
import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final
from uuid import uuid4

from config.demo.line import Answer, Line

API: Final = "/api/v1"

# A phone that heard nothing for so long gives up, and that counts against the service.
PATIENCE_SECONDS: Final = 90.0
# Between two tries: soon, but never all phones at the same moment.
PAUSE_SECONDS: Final = (0.05, 0.4)

# Not an answer: the service asks to be asked again.
AGAIN: Final = {"busy_try_again", "unavailable_try_again", "our_fault"}


class NoAnswer(Exception):  # noqa: N818  named after what happened
    """The service said nothing that could be understood, for as long as a phone waits."""


@dataclass
class Caller:
    """Somebody who is signed in.

    :ivar sign_in: what they send for a new token when the old one is refused, or how to make it.
    :ivar our_fault: is told of each answer 500, which no kill excuses: what is away for a while is 503.
    """

    line: Line
    sign_in: dict[str, Any] | Callable[[], dict[str, Any]]
    token: str = ""
    our_fault: Callable[[str], None] = lambda _request: None

    def get(self, path: str) -> Answer:
        """Read something."""
        return self.call("GET", path)

    def post(self, path: str, body: dict[str, Any] | bytes, *, key: str = "", **named: Any) -> Answer:
        """Do something under one idempotency key, however often it must be sent."""
        return self.call("POST", path, body, key=key or str(uuid4()), **named)

    def call(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        instead: Callable[[], Answer | None] = lambda: None,
        **named: Any,
    ) -> Answer:
        """Ask until there is an answer.

        :param instead: asked first after each lost answer; what it returns counts, unless it is None.
        :raises NoAnswer: there was none within `PATIENCE_SECONDS`.
        """
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline:
            try:
                answer = self.line.ask(method, f"{API}/{path}", body, token=self.token, **named)
            except (OSError, http.client.HTTPException):
                time.sleep(random.uniform(*PAUSE_SECONDS))
                found = instead()
                if found is not None:
                    return found
                continue
            if answer.status == http.client.INTERNAL_SERVER_ERROR:
                self.our_fault(f"{method} {path}: {answer}")
            if answer.status == http.client.UNAUTHORIZED:
                self._come_in()
            elif _code(answer) in AGAIN:
                time.sleep(random.uniform(*PAUSE_SECONDS))
            else:
                return answer
        raise NoAnswer(f"{method} {path}")

    def _come_in(self) -> None:
        try:
            words = self.sign_in() if callable(self.sign_in) else self.sign_in
            answer = self.line.ask("POST", f"{API}/tokens/", words)
        except (OSError, http.client.HTTPException):
            return  # asked again with the old token, refused again, and so here again
        if answer.status == http.client.CREATED:
            self.token = answer.body["access"]


def _code(answer: Answer) -> str:
    if answer.status < http.client.BAD_REQUEST:
        return ""
    try:
        return answer.code
    except ValueError:
        return "our_fault"  # not even a problem in JSON: whoever answered was dying
