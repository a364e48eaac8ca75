"""One line to the service: JSON over HTTP, over connections that are kept open.

A line that is cut is tried again, but only where trying again is safe: reading, and whatever carries an idempotency
key, which the service answers as it did the first time.
"""

import http.client
import json
import time
from collections import deque
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

# No answer takes this long; one that does is lost.
ANSWER_SECONDS: Final = 30.0
# A server may close a connection that was idle for long; a fresh one costs nothing on this machine.
IDLE_SECONDS: Final = 5.0
PAUSE_SECONDS: Final = 0.1

JSON: Final = "application/json"


class Surprise(Exception):  # noqa: N818  it is not an error of the script's: the service did not do as promised
    """Something went otherwise than the script says. The message is one sentence for a person."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the service said."""

    request: str
    status: int
    content: bytes

    @property
    def body(self) -> Any:
        """The content, read as JSON."""
        return json.loads(self.content)

    @property
    def code(self) -> str:
        """The stable code of a refusal; empty if it is none."""
        return str(self.body.get("code", "")) if self.status >= http.client.BAD_REQUEST else ""

    def must(self, status: int = 201) -> Any:
        """Return the body of a good answer.

        :raises Surprise: the status is another.
        """
        self.must_be(status)
        return self.body

    def must_be(self, status: int) -> None:
        """Accept a good answer.

        :raises Surprise: the status is another.
        """
        if self.status != status:
            raise Surprise(f"{self.request} should have been answered {status} and was {self}.")

    def refused(self, code: str) -> Any:
        """Return the facts of a refusal that was expected.

        :raises Surprise: it is no refusal, or another one.
        """
        if self.code != code:
            raise Surprise(f"{self.request} should have been refused as {code!r} and was {self}.")
        return self.body.get("facts", {})

    def __str__(self) -> str:
        """Return status and content, shortened."""
        return f"{self.status} {self.content[:300].decode(errors='replace')}"


class Line:
    """The way to one server. Many threads may ask at once; each takes a connection that is free, or opens another."""

    def __init__(self, address: str, *, patience_seconds: float = 0) -> None:
        """Remember the address (`http://host:port`), and for how long a cut line is tried again."""
        parts = urlsplit(address)
        self.host, self.port = str(parts.hostname), parts.port
        self.patience_seconds = patience_seconds
        self._free: deque[tuple[http.client.HTTPConnection, float]] = deque()

    def ask(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        token: str = "",
        key: str = "",
        content_type: str = JSON,
    ) -> Answer:
        """Send one request and return its answer; `body` is sent as JSON unless it is bytes.

        :raises OSError | http.client.HTTPException: the line was cut, and stayed so for as long as we are patient.
        """
        safe_again = bool(key) or method == "GET" or path.endswith("/scans/")
        deadline = time.monotonic() + (self.patience_seconds if safe_again else 0)
        sent = body if isinstance(body, bytes) or body is None else json.dumps(body)
        while True:
            try:
                answer = self._once(method, path, sent, _headers(token, key, content_type))
            except (OSError, http.client.HTTPException):
                self.close()  # whatever cut this connection has cut the others too
                if time.monotonic() > deadline:
                    raise
            else:
                if answer.code != "busy_try_again" or time.monotonic() > deadline:
                    return answer
            time.sleep(PAUSE_SECONDS)

    @contextmanager
    def unheard(self, method: str, path: str, body: Any, *, token: str, key: str) -> Iterator[None]:
        """Send a request whose answer nobody hears, as from a tunnel: the line is cut when the `with` ends."""
        with closing(self._open()) as connection:
            connection.request(method, path, json.dumps(body), _headers(token, key, JSON))
            yield

    def close(self) -> None:
        """Close the connections that are free; the next request opens another."""
        while self._free:
            with suppress(IndexError):  # another thread took the last one
                self._free.pop()[0].close()

    def _once(self, method: str, path: str, sent: bytes | str | None, headers: dict[str, str]) -> Answer:
        connection = self._take()
        try:
            connection.request(method, path, sent, headers)
            response = connection.getresponse()
            content = response.read()
        except BaseException:
            connection.close()
            raise
        self._free.append((connection, time.monotonic()))
        return Answer(f"{method} {path}", response.status, content)

    def _take(self) -> http.client.HTTPConnection:
        with suppress(IndexError):
            while True:
                connection, used = self._free.pop()
                if time.monotonic() - used < IDLE_SECONDS:
                    return connection
                connection.close()
        return self._open()

    def _open(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection(self.host, self.port, timeout=ANSWER_SECONDS)


def _headers(token: str, key: str, content_type: str) -> dict[str, str]:
    headers = {"Content-Type": content_type, "Accept": "application/json"}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    if key:
        headers["Idempotency-Key"] = key
    return headers
