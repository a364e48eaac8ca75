"""`make faults` itself: two rounds of it, and its end by force."""

import json
import signal
from pathlib import Path

from tests.journeys.conftest import running


def test_two_rounds_lose_nothing(tmp_path: Path) -> None:
    with running(folder=tmp_path, words=("--rounds=2",), module="tests.faults") as run:
        assert run.end() == 0, run.told
        run.leaves_nobody()
    figures = json.loads(run.told.splitlines()[-1])
    assert figures.pop("acknowledged") > 0
    assert figures == {"rounds": 2, "lost": 0, "doubled": 0, "faults": 0, "unfinished_closes": 0}


def test_a_run_that_is_killed_leaves_nothing_running(tmp_path: Path) -> None:
    with running(folder=tmp_path, words=("--rounds=100",), module="tests.faults") as run:
        run.wait_for("1/100")
        run.end(signal.SIGKILL)
        run.leaves_nobody()
