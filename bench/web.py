"""The web server that is measured: `config.serve`, as `make run` has it, with its log in a file."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.error import URLError
from urllib.request import urlopen

from bench.machine import Family
from config.environment import ROOT

START_SECONDS: Final = 60.0
SIBLINGS_SECONDS: Final = 1.0


@dataclass(frozen=True)
class Web:
    """A server that listens."""

    port: int
    family: Family


@contextmanager
def serving(*, log: Path, **environment: str) -> Iterator[Web]:
    """Serve the application on a free port of this machine for the length of a `with`."""
    with (
        log.open("ab") as file,
        subprocess.Popen(
            [sys.executable, "-m", "config.serve"],
            cwd=ROOT,
            env={**os.environ, "WEB_PORT": "0", **environment},
            stdout=subprocess.PIPE,
            stderr=file,
            text=True,
        ) as server,
    ):
        try:
            line = server.stdout.readline() if server.stdout else ""
            found = re.search(r":(\d+)$", line.strip())
            if found is None:
                raise RuntimeError(f"the web server does not start; see {log}")
            port = int(found[1])
            _wait_until_it_answers(port)
            yield Web(port, Family(server.pid))
        finally:
            server.terminate()
            server.wait(60)


def _wait_until_it_answers(port: int) -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            urlopen(f"http://127.0.0.1:{port}/healthz", timeout=START_SECONDS).close()
        except (URLError, ConnectionError):
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)
        else:
            break
    # The first process answers; its siblings began at the same time.
    time.sleep(SIBLINGS_SECONDS)
