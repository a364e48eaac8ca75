"""The web server finishes what it has begun when it is told to stop, and leaves nothing behind when it is killed."""

import contextlib
import http.client
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import psycopg2
import pytest
from django.db import connection

from config.environment import ROOT

pytestmark = pytest.mark.django_db(transaction=True)

SECONDS = 20.0  # far more than any of this takes
PLOYS_SESSION = "p" * 32

# In this test's own database: other tests run beside it on the same server.
WAITING_HERE = """
SELECT FROM pg_locks JOIN pg_database ON pg_database.oid = pg_locks.database
 WHERE datname = current_database() AND NOT granted
"""
CUT_HERE = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
 WHERE datname = current_database() AND usename = 'gwallet_service'
"""


class Web:
    """One running server."""

    def __init__(self, **settings: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "config.serve"],
            cwd=ROOT,
            env=os.environ | settings,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout
        self.port = urlsplit(self.process.stdout.readline().removeprefix("listening: ").strip()).port
        wait_until(lambda: self.get("/healthz")[0] == 200)

    def get(self, address: str, **headers: str) -> tuple[int, str]:
        """Return status and body; status 0 when nobody answers."""
        with contextlib.closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=SECONDS)) as client:
            try:
                client.request("GET", address, headers=headers)
                answer = client.getresponse()
                return answer.status, answer.read().decode()
            except OSError:
                return 0, ""

    @property
    def workers(self) -> list[int]:
        """Return the processes that answer."""
        pid = self.process.pid
        return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


@pytest.fixture
def web(superuser: str) -> Iterator[Callable[..., Web]]:
    """Return a way to start a server on this test's database; it is stopped after the test."""
    started: list[Web] = []
    name = urlsplit(superuser).path

    def start(**settings: str) -> Web:
        address = urlsplit(os.environ["DATABASE_URL"])._replace(path=name).geturl()
        started.append(Web(DATABASE_URL=address.replace(":///", f"://{urlsplit(address).netloc}/"), **settings))
        return started[-1]

    yield start
    for server in started:
        server.process.kill()
        server.process.communicate(timeout=SECONDS)  # an orphan would hold the other end


def wait_until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + SECONDS
    while not true():
        assert time.monotonic() < deadline, "it did not come true"
        time.sleep(0.02)


def gone(pid: int) -> bool:
    with contextlib.suppress(OSError):
        return not Path(f"/proc/{pid}/cmdline").read_bytes()
    return True


def test_told_to_stop_it_says_so_finishes_what_it_has_and_ends(web: Callable[..., Web], superuser: str) -> None:
    server = web(DRAIN_SECONDS="1", WEB_PROCESSES="1")
    assert server.get("/readyz")[0] == 200
    answers: list[tuple[int, str]] = []
    with contextlib.closing(psycopg2.connect(superuser)) as other:
        with other, other.cursor() as cursor:
            cursor.execute("LOCK TABLE django_session IN ACCESS EXCLUSIVE MODE")
            # Ploy's page waits for her session while the server is told to stop.
            page = threading.Thread(
                target=lambda: answers.append(server.get("/admin/", Cookie=f"sessionid={PLOYS_SESSION}"))
            )
            page.start()
            wait_until(lambda: cursor.execute(WAITING_HERE) or cursor.rowcount == 1)
            server.process.send_signal(signal.SIGTERM)
            wait_until(lambda: server.get("/readyz")[0] == 503)
            said = json.loads(server.get("/readyz")[1])
            assert said == {"ready": False, "wrong": {"web": "stopping: send new requests elsewhere"}}
            wait_until(lambda: server.get("/healthz")[0] == 0)
            assert server.process.poll() is None, "it has not left Ploy without an answer"
        page.join(SECONDS)
    assert [status for status, _ in answers] == [302]
    assert server.process.wait(SECONDS) == 0


def test_killed_it_leaves_no_process_behind(web: Callable[..., Web]) -> None:
    server = web(WEB_PROCESSES="2")
    workers = server.workers
    assert len(workers) == 2
    server.process.kill()
    wait_until(lambda: all(gone(worker) for worker in workers))
    assert server.get("/healthz") == (0, "")


def test_a_process_of_it_that_is_killed_comes_back(web: Callable[..., Web]) -> None:
    server = web(WEB_PROCESSES="1")
    (worker,) = server.workers
    os.kill(worker, signal.SIGKILL)
    wait_until(lambda: server.workers != [worker] and server.get("/healthz")[0] == 200)


def test_when_the_database_has_cut_all_connections_the_next_requests_are_answered(
    web: Callable[..., Web], superuser: str
) -> None:
    server = web(WEB_PROCESSES="1", WEB_THREADS="1")
    assert server.get("/readyz")[0] == 200
    connection.close()  # our own is not to be cut
    with contextlib.closing(psycopg2.connect(superuser)) as other, other, other.cursor() as cursor:
        cursor.execute(CUT_HERE)
        assert cursor.rowcount >= 1, "the server's; those of earlier tests' servers may be among them"
    assert [server.get("/readyz")[0] for _ in range(2)] == [503, 200]


def test_two_servers_take_two_ports(web: Callable[..., Web]) -> None:
    assert web().port != web().port
