"""The processes of the demonstration: each a real one, with a log of its own, none of which outlives us."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from config.environment import ROOT
from config.unprivileged import die_with_parent

# A cold start on a slow machine with everything else starting beside it; usually a second or two.
START_SECONDS: Final = 60.0
STOP_SECONDS: Final = 20.0
LOOK_SECONDS: Final = 0.02
LOG_TAIL: Final = 3_000  # characters of a dead part's log that are shown

MEGABYTE: Final = 1_000_000
KIBIBYTE: Final = 1024  # what /proc calls kB


class PartDied(RuntimeError):  # noqa: N818  named after what happened
    """A part does not start, or ended by itself; the message ends with the end of its log."""


@dataclass
class Part:
    """One process: how it is started, and where it writes what."""

    name: str
    command: list[str]
    environment: Mapping[str, str]
    log: Path
    process: subprocess.Popen[bytes] | None = field(default=None, init=False)

    def start(self) -> None:
        """Start it. Call from a thread that stays: the kernel ends the process together with that thread."""
        parent = os.getpid()

        def prepare() -> None:
            die_with_parent(signal.SIGTERM, parent=parent)

        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                self.command,
                cwd=ROOT,
                env=dict(self.environment),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # Ctrl-C at the terminal is for us, who stop things in order
                preexec_fn=prepare,  # noqa: PLW1509  two system calls, which take no lock
            )

    def wait_for(self, what: Callable[[], str | None], *, seconds: float = START_SECONDS) -> str:
        """Return what `what` returns as soon as it is not None.

        :raises PartDied: the process ended first, or it took too long.
        """
        deadline = time.monotonic() + seconds
        while (found := what()) is None:
            if not self.alive or time.monotonic() > deadline:
                raise PartDied(f"{self.name} does not get ready; {self.log} ends:\n{self.tail()}")
            time.sleep(LOOK_SECONDS)
        return found

    def first_line(self, beginning: str) -> str:
        """Wait for a line that begins so in what it writes, and return the rest of that line.

        :raises PartDied: it ended before it wrote one.
        """

        def look() -> str | None:
            for line in self.log.read_text(errors="replace").splitlines(keepends=True):
                if line.startswith(beginning) and line.endswith("\n"):
                    return line.removeprefix(beginning).strip()
            return None

        return self.wait_for(look)

    def must_end_well(self) -> None:
        """Wait until it has ended by itself.

        :raises PartDied: it failed.
        """
        if self._running().wait(START_SECONDS) != 0:
            raise PartDied(f"{self.name} has failed; {self.log} ends:\n{self.tail()}")

    def ask_to_stop(self) -> None:
        """Tell it to finish what it does and end."""
        if self.process is not None and self.alive:
            self.process.terminate()

    def stop(self) -> None:
        """Stop it in order; if that takes longer than `STOP_SECONDS`, at once, and what it left behind with it."""
        if self.process is None:
            return
        self.ask_to_stop()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(STOP_SECONDS)
        self.kill()

    def kill(self) -> None:
        """Kill it and all that it started, as a machine that loses power does."""
        process = self._running()
        with contextlib.suppress(ProcessLookupError):  # it left nothing behind
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def tail(self) -> str:
        """Return the end of its log."""
        return self.log.read_text(errors="replace")[-LOG_TAIL:]

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._running().pid

    @property
    def alive(self) -> bool:
        """Whether its process is there."""
        return self.process is not None and self.process.poll() is None

    def _running(self) -> subprocess.Popen[bytes]:
        if self.process is None:
            raise PartDied(f"{self.name} was never started")
        return self.process


def python(module: str, *words: str) -> list[str]:
    """Return the command line that runs one of our modules."""
    return [sys.executable, "-m", module, *words]


def memory_by_process() -> dict[str, int]:
    """Return the proportional memory (PSS) of this process and all below it, in megabytes, by what each one is.

    A page that several share counts for each in part, so that the sum is what the machine really gives.
    """
    taken: dict[str, int] = {}
    for pid in _family(os.getpid()):
        name = _name(pid)
        taken[name] = taken.get(name, 0) + _pss(pid)
    return {
        name: round(kibibytes * KIBIBYTE / MEGABYTE)
        for name, kibibytes in sorted(taken.items(), key=lambda each: -each[1])
    }


def _family(eldest: int) -> Iterator[int]:
    children: dict[int, list[int]] = {}
    for process in Path("/proc").glob("[0-9]*"):
        try:
            # The name, in brackets, may hold anything; what follows its end is plain.
            parent = int((process / "stat").read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue  # it ended while we looked
        children.setdefault(parent, []).append(int(process.name))
    waiting = [eldest]
    while waiting:
        yield (pid := waiting.pop())
        waiting.extend(children.get(pid, ()))


def _name(pid: int) -> str:
    try:
        words = Path(f"/proc/{pid}/cmdline").read_text().split("\0")
    except OSError:
        return "ended"
    known = {
        "config.serve": "web",
        "config.live": "live events",
        "worker": "Celery worker",
        "beat": "Celery beat",
        "config.loopback.stripe": "loopback Stripe",
        "config.loopback.bank": "loopback bank",
        "config.embedded": "supervisor of PostgreSQL and Valkey",
        "config.demo": "this script",
    }
    found = next((name for word, name in known.items() if word in words), None)
    return found or ("PostgreSQL" if words[0].startswith(("postgres", "/")) and "postgres" in words[0] else "Valkey")


def _pss(pid: int) -> int:
    try:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1])
    except OSError:
        pass  # it ended while we looked
    return 0
