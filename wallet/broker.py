"""The broker beside its queue: hints to tills, counts of requests. Whatever is kept or said here may be lost.

Celery finds its own way there. Nobody waits for this one: who has money to move passes on when the broker is away.
"""

import os
import threading
import time
from collections import deque
from functools import cache
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

import structlog
from django.conf import settings
from redis import RedisError
from redis.backoff import NoBackoff
from redis.connection import ConnectionPool
from redis.retry import Retry

# A broker that is well takes a line in microseconds; for one that has stopped the kernel keeps a thousand of them.
PATIENCE_SECONDS: Final = 0.05
REST_SECONDS: Final = 1.0

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

    Saying something takes microseconds and never fails. While the line is cut, a thread mends it and the newest things
    are kept for then.
    """

    def __init__(self) -> None:
        """Stay silent until there is something to say."""
        self._begin()
        os.register_at_fork(after_in_child=self._begin)  # two processes on one line would talk into each other's words

    def _begin(self) -> None:
        self._lock = threading.Lock()
        self._connection: Any = None  # redis-py leaves its connections without types
        self._kept: deque[tuple[Any, ...]] = deque(maxlen=MOST_KEPT)
        self._mender: threading.Thread | None = None

    def say(self, *command: Any) -> None:
        """Send a command, now or when the broker is back."""
        with self._lock:
            if self._connection is None:
                self._kept.append(command)
                self._mend()
                return
            try:
                self._connection.send_command(*command, check_health=False)
            except (RedisError, OSError) as error:
                log.warning("broker_line_cut", error=type(error).__name__)
                self._kept.append(command)
                self._hang_up()
                self._mend()

    def _hang_up(self) -> None:
        if self._connection is not None:
            self._connection.disconnect()
            self._connection = None

    def _mend(self) -> None:
        if self._mender is None or not self._mender.is_alive():
            self._mender = threading.Thread(target=self._connect, name="broker line", daemon=True)
            self._mender.start()

    def _connect(self) -> None:
        while True:
            connection = _connection()
            try:
                connection.connect()
                connection.send_command("CLIENT", "REPLY", "OFF")
                with self._lock:
                    while self._kept:
                        connection.send_command(*self._kept[0], check_health=False)
                        self._kept.popleft()
                    self._connection = connection
            except (RedisError, OSError):
                connection.disconnect()
                time.sleep(REST_SECONDS)
            else:
                return


def _connection() -> Any:
    pool = ConnectionPool.from_url(
        address(),
        socket_connect_timeout=PATIENCE_SECONDS,
        socket_timeout=PATIENCE_SECONDS,
        retry=Retry(NoBackoff(), 0),
    )
    return pool.make_connection()
