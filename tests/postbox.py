"""A web server on this machine that keeps what is posted to it: it stands where a webhook of ours would."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

LONGEST_WAIT_SECONDS = 10


@dataclass(frozen=True, slots=True)
class Letter:
    """One request that was posted."""

    headers: dict[str, str]
    body: bytes


@dataclass(slots=True)
class Postbox:
    """What was posted, in order; `answers` are the next HTTP statuses, and then it is 200."""

    url: str
    letters: list[Letter] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)

    def wait_for(self, count: int) -> list[Letter]:
        """Return the letters once there are `count`."""
        until = time.monotonic() + LONGEST_WAIT_SECONDS
        while len(self.letters) < count:
            assert time.monotonic() < until, f"{len(self.letters)} of {count} letters came"
            time.sleep(0.005)
        return list(self.letters)


@contextmanager
def postbox() -> Iterator[Postbox]:
    """Open a postbox, and take it away again."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            status = box.answers.pop(0) if box.answers else 200
            box.letters.append(Letter(dict(self.headers), body))
            self.send_response(status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *arguments: Any) -> None:  # noqa: A002  the library's name
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        box = Postbox(url=f"http://127.0.0.1:{server.server_address[1]}/webhook")
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield box
        server.shutdown()
