"""A phone of the load knows when an answer is whole, and counts its wait from when it should have asked."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import closing, suppress

import pytest

from bench.phones import Phones, status_of

ANSWER = b"HTTP/1.1 201 Created\r\ncontent-type: application/json\r\nContent-Length: 2\r\n\r\n{}"
ASKING = b"POST / HTTP/1.1\r\ncontent-length: 0\r\n\r\n"


def test_an_answer_is_whole_with_its_last_byte() -> None:
    assert [status_of(ANSWER[:end]) for end in (10, len(ANSWER) - 3, len(ANSWER) - 1)] == [None, None, None]
    assert status_of(ANSWER) == 201
    assert status_of(ANSWER.replace(b"201", b"409")) == 409


class Stall:
    """A server that answers one phone at a time, each after `seconds`."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.port: int = self.listening.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        client, _ = self.listening.accept()
        with client, suppress(OSError):
            while client.recv(65_536):
                time.sleep(self.seconds)
                client.sendall(ANSWER)


@pytest.fixture
def slow_stall() -> Iterator[Stall]:
    stall = Stall(0.05)
    yield stall
    stall.listening.close()


def test_in_a_closed_loop_the_next_request_waits_for_the_answer(slow_stall: Stall) -> None:
    begin = time.monotonic()
    with closing(Phones(slow_stall.port, [ASKING] * 100, connections=1)) as phones:
        phones.run_closed(begin, begin + 0.5)
    assert 5 <= len(phones.took) <= 11
    assert phones.statuses == {201: len(phones.took)}
    assert phones.dropped == 0
    assert all(wait < 0.3 for _, wait in phones.took)


def test_in_an_open_loop_a_slow_server_does_not_slow_the_asking(slow_stall: Stall) -> None:
    begin = time.monotonic()
    with closing(Phones(slow_stall.port, [ASKING] * 100, connections=1)) as phones:
        phones.run_open(begin, begin + 0.4, per_second=60, seed=1)
    # Some 24 are due in that time and 8 are answered; the last of the others waits a second and is not forgotten.
    assert len(phones.took) > 12
    assert max(wait for _, wait in phones.took) > 0.3
