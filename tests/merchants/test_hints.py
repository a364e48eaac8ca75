"""A hint costs a payment microseconds, and with a broker that is away it costs no more."""

import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from redis import Redis, RedisError

from config import embedded
from merchants import hints
from merchants.hints import Hint
from tests.cast import NOON
from wallet import broker
from wallet.broker import Line

SECONDS = 20.0
SOMEBODY = UUID("0199f6a2-0000-7000-8000-000000000001")
MANY = 3_000


@pytest.fixture
def valkey(tmp_path: Path, settings: Any) -> Iterator[Redis]:
    """Return a broker of this test's own, which may be killed."""
    with embedded.servers(home=tmp_path, durable=False, database=False) as addresses:
        settings.BROKER_URL = addresses["BROKER_URL"]
        with Redis.from_url(broker.address()) as client:
            yield client


@contextmanager
def hearing(valkey: Redis, channel: str) -> Iterator[Any]:
    with valkey.pubsub(ignore_subscribe_messages=True) as line:
        line.subscribe(channel)
        line.get_message(ignore_subscribe_messages=False, timeout=SECONDS)
        yield line


def next_said(line: Any) -> str:
    message = line.get_message(timeout=SECONDS)
    return message["data"].decode() if message else ""


def a_hint(number: int) -> Hint:
    return Hint(
        id=f"paid:{number}",
        happened="paid",
        merchant_id=SOMEBODY,
        till_id=SOMEBODY,
        charge_id=SOMEBODY,
        payment_id=None,
        amount=50_00,
        at=NOON,
    )


def test_a_hint_arrives_as_it_was_told(valkey: Redis) -> None:
    with hearing(valkey, broker.channel("hints")) as line:
        Line().say("PUBLISH", broker.channel("hints"), a_hint(1).written())
        assert hints.read(next_said(line)) == a_hint(1)


def test_numbered_databases_of_one_broker_do_not_hear_each_other(settings: Any) -> None:
    settings.BROKER_URL = "redis+socket:///tmp/broker?virtual_host=1"
    assert (broker.address(), broker.channel("hints")) == ("unix:///tmp/broker?db=1", "hints:1")
    settings.BROKER_URL = "rediss://:secret@broker.example:6379/2"
    assert (broker.address(), broker.channel("hints")) == (settings.BROKER_URL, "hints:2")


def test_nobody_who_pays_waits_for_a_broker_that_has_stopped(valkey: Redis) -> None:
    line = Line()
    line.say("PUBLISH", "hints", "first")
    pid = valkey.info("server")["process_id"]
    os.kill(pid, signal.SIGSTOP)
    try:
        slowest = max(timed(lambda: line.say("PUBLISH", "hints", a_hint(1).written())) for _ in range(MANY))
    finally:
        os.kill(pid, signal.SIGCONT)
    assert slowest < 0.5


def test_nobody_who_pays_waits_for_a_broker_that_was_never_there(settings: Any, tmp_path: Path) -> None:
    settings.BROKER_URL = f"redis+socket://{tmp_path}/no-broker"
    line = Line()
    assert max(timed(lambda: line.say("PUBLISH", "hints", "unheard")) for _ in range(MANY)) < 0.5
    assert len(line._kept) == broker.MOST_KEPT


def test_a_broker_that_was_killed_is_told_the_newest_when_it_is_back(valkey: Redis) -> None:
    line = Line()
    with hearing(valkey, "killed") as before:
        line.say("PUBLISH", "killed", "before")
        assert next_said(before) == "before"
    os.kill(valkey.info("server")["process_id"], signal.SIGKILL)
    heard: list[str] = []
    deadline = time.monotonic() + SECONDS
    number = 0
    while not heard:  # what is said as the line breaks may be lost; a line that never mends would lose everything
        assert time.monotonic() < deadline
        number += 1
        line.say("PUBLISH", "killed", f"after {number}")
        try:
            with hearing(valkey, "killed") as after:
                line.say("PUBLISH", "killed", "now")
                message = after.get_message(timeout=0.5)
                heard = [message["data"].decode()] if message else []
        except (RedisError, OSError):
            time.sleep(0.1)
    assert heard[0].startswith(("after", "now"))


def test_a_process_that_was_forked_has_a_line_of_its_own(valkey: Redis) -> None:
    line = Line()
    with hearing(valkey, "hints") as heard:
        line.say("PUBLISH", "hints", "parent")
        assert next_said(heard) == "parent"
        pid = os.fork()
        if pid == 0:
            os._exit(1 if line._connection else 0)
        assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0


def timed(act: Any) -> float:
    begun = time.monotonic()
    act()
    return time.monotonic() - begun
