"""The web server that is measured: `config.serve`, as `make run` has it, with its log in a file."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.machine import Family
from config.environment import ROOT


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
            yield Web(int(found[1]), Family(server.pid))
        finally:
            server.terminate()
            server.wait(60)
