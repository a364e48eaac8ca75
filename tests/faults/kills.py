"""The ways in which something dies, each by SIGKILL unless it says otherwise; and how it comes back."""

import contextlib
import os
import random
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import psycopg2

from config.demo.house import House
from config.demo.parts import Part
from tests.faults.wire import Cut, Wire

READY_SECONDS: Final = 60.0
LOOK_SECONDS: Final = 0.02
# So many payments lose their line when it is cut.
CUTS: Final = 12


@dataclass(frozen=True)
class Kill:
    """One way to die: `strike` does it, `recover` returns when the service is whole again."""

    name: str
    strike: Callable[[], None]
    recover: Callable[[], None]


@dataclass
class Killer:
    """Strikes one part after another, by chance."""

    house: House
    wire: Wire
    database: str
    chance: random.Random

    @property
    def kills(self) -> list[Kill]:
        """Every way to die."""
        house = self.house
        return [
            Kill("the web server", house.web.kill, lambda: self._again(house.web)),
            Kill("one web process", lambda: self._kill_child(house.web), house.wait_until_ready),
            Kill("the live events", house.live.kill, lambda: self._again(house.live)),
            Kill("the worker", house.worker.kill, lambda: self._again(house.worker)),
            Kill("one worker process", lambda: self._kill_child(house.worker), house.wait_until_ready),
            Kill("beat", house.beat.kill, lambda: self._again(house.beat)),
            Kill("the broker", lambda: self._kill_server("valkey-server"), house.wait_until_ready),
            Kill("PostgreSQL (kill -9)", lambda: self._kill_server("postgres"), self._database_again),
            Kill("PostgreSQL (immediate)", lambda: self._kill_server("postgres", signal.SIGQUIT), self._database_again),
            Kill("one PostgreSQL backend", self._kill_backend, self._database_again),
            Kill("the line, after the commit and before the answer", lambda: self._cut(Cut.DONE), self._calm),
            Kill("the line, when the request had gone", lambda: self._cut(Cut.ASKED), self._calm),
            Kill("everything of ours at once", self._kill_all, self._all_again),
        ]

    def order(self, rounds: int) -> list[str]:
        """Return who dies in which round: each as often as the others, in an order by chance."""
        names = [kill.name for kill in self.kills]
        deck: list[str] = []
        while len(deck) < rounds:
            self.chance.shuffle(names)
            deck += names
        return deck[:rounds]

    def mend(self) -> None:
        """Start again whatever has ended by itself, as a service manager does.

        Celery's worker ends when one of its processes is killed before it could begin.
        """
        for part in (self.house.web, self.house.live, self.house.worker, self.house.beat):
            if not part.alive:
                part.kill()
                part.start()

    def _again(self, part: Part) -> None:
        part.start()
        self.house.wait_until_ready()

    def _kill_child(self, part: Part) -> None:
        deadline = time.monotonic() + READY_SECONDS
        while not (children := _children(part.pid)):
            if time.monotonic() > deadline:
                raise TimeoutError(f"{part.name} has no processes")
            time.sleep(LOOK_SECONDS)  # it has only just begun itself
            self.mend()
        os.kill(self.chance.choice(children), signal.SIGKILL)

    def _kill_all(self) -> None:
        for part in (self.house.web, self.house.live, self.house.worker, self.house.beat):
            part.kill()

    def _all_again(self) -> None:
        for part in (self.house.web, self.house.live, self.house.worker, self.house.beat):
            part.start()
        self.house.wait_until_ready()

    def _kill_server(self, program: str, number: signal.Signals = signal.SIGKILL) -> None:
        """Strike a server of the supervisor's, which starts it again by itself."""
        os.kill(_server(self.house.folder, program), number)

    def _kill_backend(self) -> None:
        """Kill the PostgreSQL process of one connection of ours, upon which PostgreSQL drops all of them."""
        with contextlib.closing(psycopg2.connect(self.database)) as connection, connection.cursor() as cursor:
            cursor.execute(
                "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
                " ORDER BY state = 'active' DESC, random() LIMIT 1"
            )
            (backend,) = cursor.fetchone() or (None,)
        if backend is not None:
            os.kill(backend, signal.SIGKILL)

    def _database_again(self) -> None:
        deadline = time.monotonic() + READY_SECONDS
        while time.monotonic() < deadline:
            with contextlib.suppress(psycopg2.OperationalError):
                psycopg2.connect(self.database).close()
                return self.house.wait_until_ready()
            time.sleep(LOOK_SECONDS)
        raise TimeoutError("PostgreSQL does not come back")

    def _cut(self, when: Cut) -> None:
        self.wire.cut(when, CUTS)
        deadline = time.monotonic() + READY_SECONDS
        while self.wire.cuts[when] and time.monotonic() < deadline:
            time.sleep(LOOK_SECONDS)

    def _calm(self) -> None:
        self.wire.calm()


def _children(pid: int) -> list[int]:
    """Return the processes that a process has started."""
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def _server(home: Path, program: str) -> int:
    """Return the process of the server of this program that the supervisor of a home keeps alive."""
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            words = (process / "cmdline").read_text().split("\0")
            if "config.embedded" in words and f"--home={home}" in words:
                for child in _children(int(process.name)):
                    if Path(f"/proc/{child}/exe").readlink().name.startswith(program):
                        return child
    raise ProcessLookupError(f"no {program} runs for {home}")
