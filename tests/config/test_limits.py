"""A limit counts while the broker is there, and holds nobody up while it is not."""

import time
from pathlib import Path
from typing import Any

import pytest

from config.limits import Counter


def test_each_caller_is_counted_apart_and_anew_each_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    counter, now = Counter(), time.time()
    monkeypatch.setattr("config.limits.time.time", lambda: now)
    name = f"malee {now}"
    assert [counter.count(name), counter.count(name), counter.count(f"prasert {now}")] == [1, 2, 1]
    monkeypatch.setattr("config.limits.time.time", lambda: now + 60)
    assert counter.count(name) == 1


def test_while_the_broker_is_away_nobody_is_counted_and_nobody_waits(settings: Any, tmp_path: Path) -> None:
    settings.BROKER_URL = f"redis+socket://{tmp_path}/no-broker"
    counter, begun = Counter(), time.monotonic()
    assert {counter.count("malee") for _ in range(1_000)} == {0}
    assert time.monotonic() - begun < 1


def test_a_counter_that_has_rested_counts_again(monkeypatch: pytest.MonkeyPatch) -> None:
    counter, name = Counter(), f"malee {time.time()}"
    counter._rests_until = time.monotonic() + 60
    assert counter.count(name) == 0
    monkeypatch.setattr("config.limits.time.monotonic", lambda: counter._rests_until)
    assert counter.count(name) == 1
