"""The process that tills listen to, for real, and a till's ear at it."""

import http.client
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from django.utils import timezone

from config.environment import ROOT
from tests.cast import Stall
from wallet import tokens
from wallet.tokens import Caller

PATH = "/api/v1/till/events/"
SECONDS = 20.0  # far more than any of this takes


@dataclass
class Live:
    """One running process."""

    process: subprocess.Popen[str]
    port: int

    def ask(self, path: str, *, method: str = "GET", **headers: str) -> tuple[int, Any, http.client.HTTPMessage]:
        """Return status, JSON body and headers of one answer."""
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=SECONDS)) as line:
            line.request(method, path, headers=headers)
            answer = line.getresponse()
            body = answer.read()
            return answer.status, json.loads(body) if body else None, answer.headers

    def news(self, access: str, **query: str) -> Any:
        """Ask once, as a till does that cannot hold a line."""
        asked = "&".join(f"{name}={value}" for name, value in query.items())
        return self.ask(f"{PATH}?{asked}", Authorization=f"Bearer {access}")[1]

    @property
    def state(self) -> Any:
        """What it says of itself."""
        return self.ask("/readyz")[1]


@contextmanager
def live(**settings: str) -> Iterator[Live]:
    """Have the process for the length of a `with`, once it hears the broker."""
    with subprocess.Popen(
        [sys.executable, "-m", "config.live"], cwd=ROOT, env=os.environ | settings, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stdout
            port = urlsplit(process.stdout.readline().removeprefix("listening: ").strip()).port
            assert port
            running = Live(process, port)
            wait_until_it_hears(running)
            yield running
        finally:
            process.kill()


def wait_until_it_hears(running: Live) -> None:
    deadline = time.monotonic() + SECONDS
    while True:
        try:
            if running.state["ready"]:
                return
        except OSError:
            pass  # not there yet
        assert time.monotonic() < deadline, "it does not hear the broker"
        time.sleep(0.05)


@dataclass
class Event:
    """One event, and when it came, by this process's clock."""

    name: str
    id: str
    data: Any
    came: float


@dataclass
class Ear:
    """A till that listens to a stream of events."""

    line: http.client.HTTPConnection
    answer: http.client.HTTPResponse
    beats: int = field(default=0)
    retry: int = field(default=0)

    def hear(self) -> Event | None:
        """Return the next event, or None when the stream has ended."""
        said: dict[str, str] = {}
        while written := self.answer.readline():
            line = written.decode().rstrip("\n")
            name, _, value = line.partition(": ")
            if name == "retry":
                self.retry = int(value)
            elif not line.strip() and "event" in said:
                return Event(said["event"], said.get("id", ""), json.loads(said["data"]), time.monotonic())
            elif line.startswith(":"):
                self.beats += 1
            elif line:
                said[name] = value
        return None


@contextmanager
def ear(running: Live, access: str, **headers: str) -> Iterator[Ear]:
    """Listen for the length of a `with`, from when the process has begun to answer."""
    with closing(http.client.HTTPConnection("127.0.0.1", running.port, timeout=SECONDS)) as line:
        line.request(
            "GET", PATH, headers={"Accept": "text/event-stream", "Authorization": f"Bearer {access}", **headers}
        )
        answer = line.getresponse()
        assert answer.status == 200, answer.read()
        listening = Ear(line, answer)
        while not listening.retry:
            name, _, value = answer.readline().decode().partition(": ")
            listening.retry = int(value) if name == "retry" else 0
        yield listening


def till_token(stall: Stall) -> str:
    return tokens.access_for(Caller("till", stall.till.id, merchant_id=stall.merchant.id), at=timezone.now())
