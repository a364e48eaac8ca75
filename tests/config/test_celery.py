"""A task whose worker is killed is done by another, soon: through the real broker, with real workers."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.celery import app
from config.environment import ROOT

SECONDS = 60.0  # a worker starts in about two

# A worker with tasks of its own: one writes down who works on it and then takes long, the first time; one writes down
# how long a statement may take.
WORKER = """
import os, sys, time
from pathlib import Path
from config.celery import app

@app.task(name="tests.stall")
def stall(notes):
    notes = Path(notes)
    first = not notes.exists()
    with notes.open("a") as file:
        file.write(f"{os.getpid()}\\n")
    if first:
        time.sleep(600)

@app.task(name="tests.limit")
def limit(notes):
    from django.db import connection
    with connection.cursor() as cursor:
        cursor.execute("SHOW statement_timeout")
        Path(notes).write_text(f"{cursor.fetchone()[0]}\\n")

app.conf.broker_transport_options = app.conf.broker_transport_options | {"visibility_timeout": 1}
app.worker_main(["worker", "--pool=prefork", "--concurrency=1", "--queues=" + sys.argv[1], "--loglevel=WARNING"])
"""


@contextlib.contextmanager
def worker(queue: str) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(
        [sys.executable, "-c", WORKER, queue], cwd=ROOT, start_new_session=True, stderr=subprocess.DEVNULL
    )
    try:
        yield process
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def wait_for_lines(notes: Path, count: int) -> list[str]:
    deadline = time.monotonic() + SECONDS
    while not notes.exists() or len(notes.read_text().splitlines()) < count:
        assert time.monotonic() < deadline, "nobody took the task"
        time.sleep(0.05)
    return notes.read_text().splitlines()


def test_a_task_whose_worker_is_killed_is_done_by_another_soon(tmp_path: Path) -> None:
    queue, notes = f"tests-{os.getpid()}", tmp_path / "notes"
    with worker(queue) as first:
        app.send_task("tests.stall", [str(notes)], queue=queue)
        (who,) = wait_for_lines(notes, 1)
        os.killpg(first.pid, signal.SIGKILL)
    begun = time.monotonic()
    with worker(queue):
        assert len({who, *wait_for_lines(notes, 2)}) == 2
    assert time.monotonic() - begun < 30, "kombu's own pace would be up to 100 s more than the time-out"


def test_a_tasks_statements_may_take_longer_than_a_requests_but_not_longer_than_the_task(tmp_path: Path) -> None:
    queue, notes = f"tests-{os.getpid()}", tmp_path / "notes"
    with worker(queue):
        app.send_task("tests.limit", [str(notes)], queue=queue)
        assert wait_for_lines(notes, 1) == ["110s"]
    assert app.conf.task_soft_time_limit == 120


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("task_acks_late", True),
        ("task_reject_on_worker_lost", True),
        ("task_ignore_result", True),
        ("worker_prefetch_multiplier", 1),
        ("accept_content", ["json"]),
    ],
)
def test_settings_without_which_a_task_could_be_lost_or_forged(setting: str, value: object) -> None:
    assert getattr(app.conf, setting) == value


def test_a_task_is_ended_before_the_broker_gives_it_to_another() -> None:
    limits = (
        app.conf.task_soft_time_limit,
        app.conf.task_time_limit,
        app.conf.broker_transport_options["visibility_timeout"],
    )
    assert limits == tuple(sorted(set(limits)))
