"""The broker beside its queue: hints to tills, counts of requests. Whatever is kept or said here may be lost.

Celery finds its own way there. Nobody waits for this one: who has money to move passes on when the broker is away.
"""

import os
import threading
import time
from collections import deque
from collections.abc import Sequence
from functools import cache
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

import structlog
from django.conf import settings
from redis import RedisError
from redis.backoff import NoBackoff
from redis.connection import ConnectionPool
from redis.retry import Retry

# A broker that is well takes a line in microseconds.
PATIENCE_SECONDS: Final = 0.05
REST_SECONDS: Final = 1.0

# How long things are gathered: nobody at a till notices, and at the peak ten go together.
GATHERING_SECONDS: Final = 0.02

# What is kept for a broker that is away: the newest, for older ones are nobody's news any more.
MOST_KEPT: Final = 200

log = structlog.get_logger(__name__)


def address() -> str:
    """Return the broker's address as redis-py writes it; Celery's library has a word of its own for unix sockets."""
    return _address(settings.BROKER_URL)


@cache
def _address(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme != "redis+socket":
        return url
    number = parse_qs(parts.query).get("virtual_host", ["0"])[0]
    return f"unix://{parts.netloc}{parts.path}?db={number}"


def channel(name: str) -> str:
    """Return a channel's name on this broker: numbered databases share channels, so it names ours."""
    return f"{name}:{_number(address())}"


@cache
def _number(url: str) -> int:
    return int(ConnectionPool.from_url(url).connection_kwargs.get("db") or 0)


class Line:
    """One process's line to the broker, on which it says things and listens to no answer.

    Who says something hands it over and goes on: a thread sends what has gathered. A line that sent each thing at once
    would wake the broker for each, which costs a payment more than deciding it. While the broker is away the newest
    things are kept.
    """

    def __init__(self) -> None:
        """Stay silent until there is something to say."""
        self._begin()
        os.register_at_fork(after_in_child=self._begin)  # two processes on one line would talk into each other's words

    def _begin(self) -> None:
        self._lock = threading.Lock()
        self._something = threading.Event()
        self._connection: Any = None  # redis-py leaves its connections without types
        self._kept: deque[tuple[Any, ...]] = deque(maxlen=MOST_KEPT)
        self._talker: threading.Thread | None = None

    def say(self, *command: Any) -> None:
        """Have a command sent in a moment, or when the broker is back. Takes microseconds and never fails."""
        with self._lock:
            self._kept.append(command)
            if self._talker is None:
                self._talker = threading.Thread(target=self._talk, name="broker line", daemon=True)
                self._talker.start()
        if not self._something.is_set():
            self._something.set()

    def _talk(self) -> None:
        while True:
            self._something.wait()
            time.sleep(GATHERING_SECONDS)
            self._something.clear()
            with self._lock:
                gathered = list(self._kept)
                self._kept.clear()
            try:
                self._send(gathered)
            except (RedisError, OSError) as error:
                self._hang_up(error)
                with self._lock:
                    self._kept = deque([*gathered, *self._kept], maxlen=MOST_KEPT)
                time.sleep(REST_SECONDS)
                self._something.set()

    def _send(self, commands: Sequence[tuple[Any, ...]]) -> None:
        if self._connection is None:
            connection = _connection()
            connection.connect()
            connection.send_command("CLIENT", "REPLY", "OFF")
            self._connection = connection
        self._connection.send_packed_command(self._connection.pack_commands(commands), check_health=False)

    def _hang_up(self, error: Exception) -> None:
        if self._connection is not None:
            log.warning("broker_line_cut", error=type(error).__name__)
            self._connection.disconnect()
            self._connection = None


def _connection() -> Any:
    pool = ConnectionPool.from_url(
        address(),
        socket_connect_timeout=PATIENCE_SECONDS,
        socket_timeout=PATIENCE_SECONDS,
        retry=Retry(NoBackoff(), 0),
    )
    return pool.make_connection()
