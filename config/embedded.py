"""PostgreSQL and a Redis-compatible broker from Python wheels, for a first run and for tests; not for production.

One supervisor process per home folder (`.run/` in a checkout) keeps both alive, on unix sockets only, so that two
checkouts run side by side. `DATABASE_URL` and `BROKER_URL` in the environment win: what they name is not started.

    with embedded.servers() as addresses: …      # for as long as a program needs them
    python manage.py …                           # the same, by itself
    python -m config.embedded                    # in the foreground, until Ctrl-C; the other two join it

Whoever holds the file `users` shared is a user, and the supervisor stops when it can have that file for itself. A
process that is killed in whatever way lets go of its files, so nothing is left running.
"""

import argparse
import contextlib
import fcntl
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from types import FrameType
from typing import IO, Final

from config.environment import ROOT, RUN, KeptSecrets
from config.servers import LOOK_SECONDS, START_SECONDS, STOP_SECONDS, PostgreSQL, Server, ServerDied, Valkey

ROLES: Final = ("postgres", "gwallet_owner", "gwallet_service")

# More deaths than this in a minute are no accident, and are said rather than repaired.
MOST_DEATHS: Final = 20
DEATHS_WITHIN_SECONDS: Final = 60.0


@contextlib.contextmanager
def servers(
    *, home: Path = RUN, durable: bool = True, broker: bool = True, database: bool = True
) -> Iterator[dict[str, str]]:
    """Have embedded servers for the length of a `with`: the ones that run in `home`, or else new ones.

    Yields addresses by the name of the setting that they are for: `DATABASE_URL` (the service's role),
    `DATABASE_OWNER_URL` (for migrations), `DATABASE_ADMIN_URL` (the cluster's superuser) and `BROKER_URL`.

    :raises ServerDied: when one does not start, or those that run in `home` are not the ones asked for.
    """
    home.mkdir(parents=True, exist_ok=True)
    with (home / "users").open("ab") as users:
        fcntl.flock(users, fcntl.LOCK_SH)  # waits while a supervisor whose last user has gone is stopping
        with (home / "supervisor").open("ab") as place:
            there = _held(place)
        supervisor = None if there else _start_supervisor(home, durable=durable, broker=broker, database=database)
        addresses = _wait_for_addresses(home, supervisor)
        missing = {"DATABASE_URL"} if database else set()
        missing |= {"BROKER_URL"} if broker else set()
        if not missing <= addresses.keys():
            raise ServerDied(f"The embedded servers in {home} were started without {missing - addresses.keys()}.")
        try:
            yield addresses
        finally:
            fcntl.flock(users, fcntl.LOCK_UN)
            if supervisor:
                _see_it_off(home, supervisor)


@contextlib.contextmanager
def where_needed() -> Iterator[None]:
    """Put into this process's environment the addresses that are not in it, for the length of a `with`.

    In production nothing is: there every address is named, and `config/settings.py` says which is not.
    """
    database, broker = "DATABASE_URL" not in os.environ, "BROKER_URL" not in os.environ
    if os.environ.get("PRODUCTION", "0") != "0" or not (database or broker):
        yield
        return
    with servers(database=database, broker=broker) as addresses:
        os.environ.update({name: value for name, value in addresses.items() if name not in os.environ})
        yield


def addresses_in(home: Path = RUN) -> dict[str, str]:
    """Return the addresses of the servers that run in `home`; none if none do."""
    with contextlib.suppress(FileNotFoundError), (home / "addresses.json").open("rb") as file:
        if _held(file):
            addresses: dict[str, str] = json.load(file)
            return addresses
    return {}  # nobody holds what a killed supervisor left lying


def _held(file: IO[bytes]) -> bool:
    """Say whether a supervisor holds this file exclusively; the kernel lets go for it when it dies."""
    try:
        fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    return False


def _start_supervisor(home: Path, *, durable: bool, broker: bool, database: bool) -> subprocess.Popen[bytes]:
    options = {"--forgetful": not durable, "--without-broker": not broker, "--without-database": not database}
    with (home / "supervisor.log").open("wb") as log:
        return subprocess.Popen(
            [sys.executable, "-m", "config.embedded", f"--home={home.resolve()}", "--while-used"]
            + [option for option, wanted in options.items() if wanted],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,  # Ctrl-C is for us; we still need the servers while we clean up
        )


def _wait_for_addresses(home: Path, supervisor: subprocess.Popen[bytes] | None) -> dict[str, str]:
    deadline = time.monotonic() + 3 * START_SECONDS  # a cluster is made, and two servers start
    while time.monotonic() < deadline:
        if addresses := addresses_in(home):
            return addresses
        # A supervisor that ends well found another one there before it; then we are that one's user.
        if supervisor and supervisor.poll():
            raise ServerDied((home / "supervisor.log").read_text(errors="replace").strip())
        time.sleep(LOOK_SECONDS)
    raise ServerDied(f"The embedded servers in {home} do not get ready.")


def _see_it_off(home: Path, supervisor: subprocess.Popen[bytes]) -> None:
    """Return when the supervisor that we started has stopped, or has been seen to stay for somebody else."""
    deadline = time.monotonic() + 2 * STOP_SECONDS
    stays = time.monotonic() + 1  # it looks far more often than once a second
    while supervisor.poll() is None and time.monotonic() < deadline:
        if time.monotonic() > stays and addresses_in(home):
            supervisor.returncode = 0  # not ours to wait for any more; Python would warn of a process left behind
            return
        time.sleep(LOOK_SECONDS)


class Supervisor:
    """Starts servers, starts again what dies, stops when told to or, if so asked, when nobody uses them."""

    def __init__(self, *, home: Path, users: IO[bytes] | None) -> None:
        """Work in `home`. With `users` given, stop as soon as nobody else holds that file."""
        self.home = home
        self.users = users
        self.told_to_stop = False
        self.servers: list[Server] = []
        self.deaths: deque[float] = deque(maxlen=MOST_DEATHS)

    def run(self, *, durable: bool, broker: bool, database: bool) -> None:
        """Have the servers until it is time to stop."""
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._stop)
        sockets = self._fresh_sockets()
        try:
            addresses = {}
            if database:
                secrets = KeptSecrets(self.home / "passwords")
                passwords = {role: secrets.get(role) for role in ROLES}
                postgres = PostgreSQL(home=self.home, sockets=sockets, durable=durable, passwords=passwords)
                self._start(postgres)
                postgres.furnish()
                names = ("DATABASE_ADMIN_URL", "DATABASE_OWNER_URL", "DATABASE_URL")
                addresses = {name: postgres.address(role) for name, role in zip(names, ROLES, strict=True)}
            if broker:
                valkey = Valkey(home=self.home, sockets=sockets, durable=durable)
                self._start(valkey)
                addresses["BROKER_URL"] = valkey.address()
            with self._publish(addresses):
                while not self.told_to_stop and not self._unused():
                    self._mend()
                    time.sleep(LOOK_SECONDS)
        finally:
            (self.home / "addresses.json").unlink(missing_ok=True)
            for server in self.servers:
                server.stop()
            shutil.rmtree(sockets, ignore_errors=True)

    def _fresh_sockets(self) -> Path:
        """Make a short folder for the sockets that only we and the servers can enter; remove an earlier life's."""
        note = self.home / "sockets"
        if note.exists():
            shutil.rmtree(note.read_text(), ignore_errors=True)
        sockets = Path(tempfile.mkdtemp(prefix="gwallet-", dir="/tmp"))  # mkdtemp makes it ours alone
        sockets.chmod(0o711)  # nobody passes through to its own 0700 folder inside
        note.write_text(str(sockets))
        return sockets

    def _start(self, server: Server) -> None:
        server.log.write_bytes(b"")
        self.servers.append(server)
        server.start()

    def _publish(self, addresses: dict[str, str]) -> IO[bytes]:
        """Put the addresses in their place, as a file that we hold: by that a reader sees that they are true."""
        new = self.home / "addresses.new"
        new.unlink(missing_ok=True)
        file = os.fdopen(os.open(new, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), "r+b")
        fcntl.flock(file, fcntl.LOCK_EX)
        file.write(json.dumps(addresses, indent=1).encode())
        file.flush()
        new.rename(self.home / "addresses.json")
        print(f"ready: {self.home / 'addresses.json'}", flush=True)  # noqa: T201  whoever started us waits for it
        return file

    def _mend(self) -> None:
        for server in self.servers:
            if not server.alive:
                now = time.monotonic()
                if len(self.deaths) == MOST_DEATHS and now - self.deaths[0] < DEATHS_WITHIN_SECONDS:
                    raise ServerDied(f"{server.name} keeps dying; see {server.log}")
                self.deaths.append(now)
                server.start()

    def _unused(self) -> bool:
        if self.users is None:
            return False
        try:
            fcntl.flock(self.users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True  # held until we end, so that a new user waits for that

    def _stop(self, _number: int, _frame: FrameType | None) -> None:
        self.told_to_stop = True


def _taken(file: IO[bytes]) -> bool:
    """Take the supervisor's lock. Tried for a while, since whoever asks whether it is held has it for an instant."""
    deadline = time.monotonic() + 0.5
    while True:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > deadline:
                return False
            time.sleep(LOOK_SECONDS)
        else:
            return True


def main() -> None:
    """Run the supervisor from the command line."""
    parser = argparse.ArgumentParser(prog="python -m config.embedded", description=__doc__.split("\n", 1)[0])
    parser.add_argument("--home", type=Path, default=RUN)
    parser.add_argument("--while-used", action="store_true", help="stop when no process uses the servers any more")
    parser.add_argument("--forgetful", action="store_true", help="for tests: do not wait for the disk")
    parser.add_argument("--without-broker", action="store_true")
    parser.add_argument("--without-database", action="store_true")
    asked = parser.parse_args()
    asked.home.mkdir(parents=True, exist_ok=True)
    with (asked.home / "supervisor").open("ab") as alone, (asked.home / "users").open("ab") as users:
        if not _taken(alone):
            print(f"Another supervisor has {asked.home}; its addresses are in addresses.json there.")  # noqa: T201  said at the terminal
            return
        try:
            Supervisor(home=asked.home.resolve(), users=users if asked.while_used else None).run(
                durable=not asked.forgetful, broker=not asked.without_broker, database=not asked.without_database
            )
        except ServerDied as death:
            sys.exit(str(death))


if __name__ == "__main__":
    main()
