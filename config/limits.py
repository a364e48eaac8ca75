"""How often one caller may knock: an integrator's key anywhere, a network address where anyone may look something up.

Counted in the broker, a minute at a time. Who pays is never counted here, and while the broker is away nobody is: a
limit that stops a shop from selling does more harm than what it keeps out.
"""

import math
import time
from functools import cache
from http import HTTPStatus
from typing import Any, ClassVar, Final, cast

import structlog
from django.conf import settings
from redis import Redis, RedisError
from redis.backoff import NoBackoff
from redis.retry import Retry
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from wallet import broker
from wallet.refusals import Refusal
from wallet.tokens import Caller

WINDOW_SECONDS: Final = 60
PATIENCE_SECONDS: Final = 0.1
# A broker that did not answer is left alone for so long, or each request would wait for it.
REST_SECONDS: Final = 5.0

log = structlog.get_logger(__name__)


class RequestsPerMinute(BaseThrottle):
    """Lets a caller in until they have knocked too often in this minute."""

    def allow_request(self, request: Request, view: Any) -> bool:
        """Say whether there is room for one more; `wait` then says for how long there is not."""
        caller = cast("Caller | None", request.user)
        if caller is not None and caller.role == "integrator":
            most: int | None = settings.INTEGRATOR_REQUESTS_PER_MINUTE
            return most is None or _counter().count(f"key:{caller.id}") <= most
        most = view.most_per_minute
        return most is None or _counter().count(f"{type(view).__name__}:{view.address}") <= most

    def wait(self) -> float:
        """Return the seconds until the next minute begins."""
        return _until_next_minute()


class TooManyRequests(Refusal):
    """Somebody has knocked too often in this minute."""

    code: ClassVar = "too_many_requests"
    status: ClassVar = HTTPStatus.TOO_MANY_REQUESTS


def must_have_room(*, what: str, address: str, most: int) -> None:
    """Count a knock at a page from one network address.

    :param most: how many there may be in a minute.
    :raises TooManyRequests: this is one more.
    """
    if _counter().count(f"{what}:{address}") > most:
        raise TooManyRequests(wait_seconds=math.ceil(_until_next_minute()))


class Counter:
    """Counts in the broker, and counts nothing while that is away."""

    def __init__(self) -> None:
        """Connect when first asked."""
        self._broker = Redis.from_url(
            broker.address(),
            socket_timeout=PATIENCE_SECONDS,
            socket_connect_timeout=PATIENCE_SECONDS,
            retry=Retry(NoBackoff(), 0),
        )
        self._rests_until = 0.0

    def count(self, what: str) -> int:
        """Count one more, and return how many there were in this minute; 0 if nobody knows."""
        if time.monotonic() < self._rests_until:
            return 0
        key = f"limit:{what}:{int(time.time()) // WINDOW_SECONDS}"
        try:
            with self._broker.pipeline(transaction=False) as line:
                line.incr(key)
                line.expire(key, WINDOW_SECONDS)
                counted, _ = line.execute()
        except RedisError as error:
            self._rests_until = time.monotonic() + REST_SECONDS
            log.warning("limits_rest", error=type(error).__name__)
            return 0
        return int(counted)


def _until_next_minute() -> float:
    return WINDOW_SECONDS - time.time() % WINDOW_SECONDS


@cache
def _counter() -> Counter:
    return Counter()
