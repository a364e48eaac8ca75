"""The machine: what it is, and how much of its CPU and memory whole families of processes have used."""

import json
import os
import platform
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import psycopg2

from config.environment import ROOT

LOOK_SECONDS: Final = 0.02

TICKS: Final = os.sysconf("SC_CLK_TCK")


class Family:
    """A process and all that it started, now or earlier."""

    def __init__(self, pid: int) -> None:
        """Name it by the number of its eldest."""
        self.pid = pid

    def members(self) -> Iterator[int]:
        """Yield the numbers of those who live."""
        children: dict[int, list[int]] = {}
        for process in Path("/proc").glob("[0-9]*"):
            if stat := _stat(int(process.name)):
                children.setdefault(int(stat[1]), []).append(int(process.name))
        waiting = [self.pid]
        while waiting:
            yield (one := waiting.pop())
            waiting += children.get(one, [])

    def cpu_seconds(self) -> float:
        """Return what the living have used, and the dead of whom the living took notice."""
        stats = [stat for member in self.members() if (stat := _stat(member))]
        return sum(int(ticks) for stat in stats for ticks in stat[11:15]) / TICKS


class CPU:
    """What several families use between two instants."""

    def __init__(self, families: Mapping[str, Family]) -> None:
        """Take them by name."""
        self.families = families
        self.before: dict[str, float] = {}

    def begin(self) -> None:
        """Remember what they have used so far."""
        self.before = {name: family.cpu_seconds() for name, family in self.families.items()}

    def seconds(self) -> dict[str, float]:
        """Return what each has used since."""
        return {name: family.cpu_seconds() - self.before[name] for name, family in self.families.items()}


def pss_bytes(pid: int) -> int:
    """Return a process's own part of the memory that it has, shared pages divided among who shares them."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines()
    except (FileNotFoundError, ProcessLookupError):
        return 0
    return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:"))


def alone(module: str, *words: str) -> tuple[dict[str, Any], int]:
    """Run a module in a process of its own; return the line of JSON that it prints, and its largest memory in bytes.

    :raises RuntimeError: it failed.
    """
    peak = 0
    with subprocess.Popen(
        [sys.executable, "-m", module, *words], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as running:
        while running.poll() is None:
            peak = max(peak, pss_bytes(running.pid))
            time.sleep(LOOK_SECONDS)
        said = running.stdout.read() if running.stdout else ""
    if running.returncode:
        raise RuntimeError(f"{module} failed")
    told: dict[str, Any] = json.loads(said)
    return told, peak


def postmaster(address: str) -> Family:
    """Return PostgreSQL's processes."""
    connection = psycopg2.connect(address)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (pid,) = cursor.fetchone() or (0,)
        stat = _stat(pid)
    connection.close()
    if stat is None:
        raise RuntimeError("PostgreSQL does not run on this machine")
    return Family(int(stat[1]))


def facts() -> dict[str, Any]:
    """Return what a reader must know about the machine and the code to compare figures."""
    memory = Path("/proc/meminfo").read_text(encoding="ascii").split()[1]
    models = [
        line.partition(":")[2].strip()
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
        if line.startswith("model name")
    ]
    return {
        "cpu": models[0] if models else platform.machine(),
        "cores": len(os.sched_getaffinity(0)),
        "memory_mb": int(memory) // 1024,
        "kernel": platform.release(),
        "python": platform.python_version(),
        "commit": _git("rev-parse", "HEAD"),
        "changed_since": bool(_git("status", "--porcelain", "--untracked-files=no")),
    }


def _stat(pid: int) -> list[str] | None:
    """Return the fields of /proc/PID/stat from the state on: [1] is the parent, [11:15] ticks of CPU."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return None


def _git(*words: str) -> str:
    done = subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True, check=False)
    return done.stdout.strip()
