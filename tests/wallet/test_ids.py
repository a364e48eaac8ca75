"""Identifiers sort by the instant at which they were made."""

import datetime as dt
import time

import time_machine

from wallet.ids import uuid7


def test_ids_are_version_7_of_the_standard_and_never_the_same():
    made = [uuid7() for _ in range(1_000)]
    assert {(one.version, one.variant) for one in made} == {(7, "specified in RFC 4122")}
    assert len(set(made)) == 1_000


def test_an_id_tells_when_it_was_made():
    at = dt.datetime(2025, 10, 31, 5, 0, 0, 123_456, tzinfo=dt.UTC)
    with time_machine.travel(at, tick=False):
        made = uuid7().int
    assert made >> 80 == 1_761_886_800_123
    assert made >> 64 & 0xFFF == 456 * 4096 // 1_000


def test_what_was_made_a_moment_later_sorts_later():
    for _ in range(200):
        first = uuid7()
        time.sleep(0.000_01)
        assert first < uuid7()
