"""The demonstration as a process of its own, with servers of its own in a folder of its own."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from config.environment import ROOT

# A day takes some twenty seconds; two cores that are busy with other tests may need several times that.
DAY_SECONDS: Final = 240.0
END_SECONDS: Final = 30.0
LOOK_SECONDS: Final = 0.05

# What the test run put into its own environment is not for the demonstration.
NOT_OURS: Final = ("DATABASE_URL", "DATABASE_OWNER_URL", "DATABASE_ADMIN_URL", "BROKER_URL", "DJANGO_SETTINGS_MODULE")


# By this we know its processes again: they inherit it.
OURS: Final = "DEMONSTRATION_OF_A_TEST"


class Demonstration:
    """`python -m config.demo`, or another program that starts the whole service, running."""

    def __init__(self, *, folder: Path, words: tuple[str, ...] = (), module: str = "config.demo") -> None:
        """Start it, on a folder of its own unless the words say another."""
        self.folder = folder
        self._told = folder / "told.txt"
        environment = {name: value for name, value in os.environ.items() if name not in NOT_OURS}
        environment[OURS] = str(folder)
        with self._told.open("wb") as told:
            self.process = subprocess.Popen(
                [sys.executable, "-m", module, f"--folder={folder}", *words],
                cwd=ROOT,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=told,
                stderr=subprocess.STDOUT,
            )

    @property
    def told(self) -> str:
        """What it has printed so far."""
        return self._told.read_text()

    def wait_for(self, words: str) -> None:
        """Return when it has printed these words."""
        deadline = time.monotonic() + DAY_SECONDS
        while words not in self.told:
            assert self.process.poll() is None, f"it ended:\n{self.told}"
            assert time.monotonic() < deadline, f"it never said {words!r}:\n{self.told}"
            time.sleep(LOOK_SECONDS)

    def end(self, number: signal.Signals | None = None) -> int:
        """Wait until it has ended, by itself or by a signal, and return its exit code."""
        if number is not None:
            self.process.send_signal(number)
        return self.process.wait(DAY_SECONDS)

    def family(self) -> set[int]:
        """Return every process that it started, however far down."""
        return {int(process.name) for process in Path("/proc").glob("[0-9]*") if self._is_ours(process)}

    def leaves_nobody(self) -> None:
        """Wait, not for long, until none of its processes is left."""
        deadline = time.monotonic() + END_SECONDS
        while left := self.family():
            assert time.monotonic() < deadline, f"still there: {left}"
            time.sleep(LOOK_SECONDS)

    def _is_ours(self, process: Path) -> bool:
        try:
            inherited = (process / "environ").read_bytes().split(b"\0")
            works_in = (process / "cwd").readlink()
        except OSError:
            return False  # it ended while we looked, or is another user's
        # PostgreSQL writes its title over what it inherited, but works in our folder.
        return f"{OURS}={self.folder}".encode() in inherited or works_in.is_relative_to(self.folder)


@contextmanager
def running(*, folder: Path, words: tuple[str, ...] = (), module: str = "config.demo") -> Generator[Demonstration]:
    """Have a demonstration for the length of a `with`."""
    demonstration = Demonstration(folder=folder, words=words, module=module)
    try:
        yield demonstration
    finally:
        if demonstration.process.poll() is None:
            demonstration.end(signal.SIGTERM)
