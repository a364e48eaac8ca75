"""The embedded servers live as long as somebody uses them, through every kill, and leave nothing behind."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg2
import pytest
import redis

from config import embedded
from config.environment import ROOT
from config.servers import ServerDied

SECONDS = 20.0  # far more than any of this takes


@pytest.fixture
def home() -> Iterator[Path]:
    """Return an empty folder with a short name that only we may enter."""
    with tempfile.TemporaryDirectory(prefix="gwallet-home-") as folder:
        yield Path(folder)


def ask(address: str, statement: str) -> Any:
    with contextlib.closing(psycopg2.connect(address)) as connection, connection, connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchone() if cursor.description else None


def broker(addresses: dict[str, str]) -> redis.Redis:
    return redis.Redis(unix_socket_path=addresses["BROKER_URL"].removeprefix("redis+socket://"), decode_responses=True)


def processes(home: Path, word: str = "") -> list[int]:
    """Return the processes whose command line names this home, and the word."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            line = (entry / "cmdline").read_bytes().decode()
            if str(home) in line and word in line:
                found.append(int(entry.name))
    return found


def the(home: Path, word: str) -> int:
    (pid,) = processes(home, word)
    return pid


def wait_until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + SECONDS
    while not true():
        assert time.monotonic() < deadline, "it did not come true"
        time.sleep(0.02)


def answers(address: str) -> bool:
    try:
        return bool(ask(address, "SELECT 1"))
    except psycopg2.OperationalError:
        return False


def test_three_roles_can_do_what_they_should_and_no_more(home: Path) -> None:
    with embedded.servers(home=home, durable=False, broker=False) as addresses:
        owner, service, admin = (addresses[f"DATABASE_{word}URL"] for word in ("OWNER_", "", "ADMIN_"))
        ask(owner, "CREATE TABLE stall (name text); CREATE TABLE receipt (id bigint GENERATED ALWAYS AS IDENTITY)")
        ask(service, "INSERT INTO stall VALUES ('Malee'); UPDATE stall SET name = 'Prasert'; DELETE FROM stall")
        ask(service, "CREATE SEQUENCE tickets.half_half")
        for forbidden in ("TRUNCATE stall", "DROP TABLE stall", "CREATE TABLE mine ()", "CREATE SCHEMA mine"):
            with pytest.raises(psycopg2.errors.InsufficientPrivilege):
                ask(service, forbidden)
        assert ask(admin, "SELECT rolsuper FROM pg_roles WHERE rolname = current_user") == (True,)
        assert ask(admin, "SELECT count(*) FROM pg_roles WHERE rolsuper AND rolname <> current_user") == (0,)


def test_they_are_on_no_port_and_a_wrong_password_does_not_enter(home: Path) -> None:
    with embedded.servers(home=home, durable=False) as addresses:
        assert ask(addresses["DATABASE_ADMIN_URL"], "SHOW listen_addresses") == ("",)
        assert broker(addresses).config_get("port") == {"port": "0"}
        password = json.loads((home / "passwords").read_text())["gwallet_service"]
        with pytest.raises(psycopg2.OperationalError, match="password authentication failed"):
            ask(addresses["DATABASE_URL"].replace(password, "guessed"), "SELECT 1")
        for private in ("passwords", "addresses.json"):
            assert (home / private).stat().st_mode & 0o077 == 0


def test_really_durable_unless_a_test_asks_otherwise(home: Path) -> None:
    every = "SELECT array_agg(setting ORDER BY name) FROM pg_settings WHERE name = ANY"
    every += "('{fsync,full_page_writes,synchronous_commit}')"
    with embedded.servers(home=home) as addresses:
        assert ask(addresses["DATABASE_URL"], every) == (["on", "on", "on"],)
        assert broker(addresses).config_get("appendonly") == {"appendonly": "yes"}
        assert broker(addresses).config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}
    with embedded.servers(home=home, durable=False) as addresses:
        assert ask(addresses["DATABASE_URL"], every) == (["off", "off", "off"],)


def test_postgresql_killed_comes_back_with_everything_that_was_committed(home: Path) -> None:
    with embedded.servers(home=home, broker=False) as addresses:
        ask(addresses["DATABASE_OWNER_URL"], "CREATE TABLE stall (name text)")
        ask(addresses["DATABASE_URL"], "INSERT INTO stall VALUES ('Malee')")
        before = the(home, "postgres/data")
        os.kill(before, signal.SIGKILL)
        wait_until(
            lambda: processes(home, "postgres/data") not in ([before], []) and answers(addresses["DATABASE_URL"])
        )
        assert ask(addresses["DATABASE_URL"], "SELECT name FROM stall") == ("Malee",)


def test_the_broker_killed_comes_back_with_its_queue(home: Path) -> None:
    with embedded.servers(home=home, database=False) as addresses:
        broker(addresses).lpush("celery", "close the day")
        # It writes down before it answers, and hands to the disk every second: a killed process loses nothing.
        before = int(broker(addresses).info("server")["process_id"])
        os.kill(before, signal.SIGKILL)

        def back() -> bool:
            with contextlib.suppress(redis.ConnectionError):
                return int(broker(addresses).info("server")["process_id"]) != before
            return False

        wait_until(back)
        assert broker(addresses).lrange("celery", 0, -1) == ["close the day"]


def test_the_supervisor_killed_leaves_no_orphan_and_the_next_start_finds_the_data(home: Path) -> None:
    with embedded.servers(home=home) as addresses:
        ask(addresses["DATABASE_OWNER_URL"], "CREATE TABLE stall (name text)")
        sockets = Path((home / "sockets").read_text())
        os.kill(the(home, "config.embedded"), signal.SIGKILL)
        wait_until(lambda: not processes(home) and not processes(sockets))
    with embedded.servers(home=home) as addresses:
        assert ask(addresses["DATABASE_URL"], "SELECT count(*) FROM stall") == (0,)
        assert not sockets.exists()


def test_everything_killed_at_once_starts_again_though_dead_numbers_look_alive(home: Path) -> None:
    with embedded.servers(home=home, broker=False):
        os.kill(the(home, "config.embedded"), signal.SIGSTOP)  # it must not mend what we break
        postgres = the(home, "postgres/data")
        os.kill(postgres, signal.SIGKILL)
        os.kill(the(home, "config.embedded"), signal.SIGKILL)
        lock = home / "postgres/data/postmaster.pid"
        # What another machine's boot would leave: a number that now belongs to a stranger, who must not be harmed.
        lock.write_text(lock.read_text().replace(str(postgres), str(os.getpid()), 1))
    with embedded.servers(home=home, broker=False) as addresses:
        assert answers(addresses["DATABASE_URL"])


def test_a_user_killed_leaves_nothing_running(home: Path) -> None:
    program = (
        "import sys, time; from pathlib import Path; from config import embedded\n"
        "with embedded.servers(home=Path(sys.argv[1]), durable=False): print('up', flush=True); time.sleep(600)"
    )
    with subprocess.Popen([sys.executable, "-c", program, home], cwd=ROOT, stdout=subprocess.PIPE) as user:
        assert user.stdout
        assert user.stdout.readline() == b"up\n"
        sockets = Path((home / "sockets").read_text())
        user.kill()
    wait_until(lambda: not processes(home) and not processes(sockets) and not sockets.exists())


def test_two_users_share_one_and_the_last_one_puts_out_the_light(home: Path) -> None:
    with contextlib.ExitStack() as second:
        with embedded.servers(home=home, durable=False) as first:
            assert second.enter_context(embedded.servers(home=home, durable=False)) == first
            postgres = the(home, "postgres/data")
        assert answers(first["DATABASE_URL"])
        assert the(home, "postgres/data") == postgres
    wait_until(lambda: not processes(home))
    assert embedded.addresses_in(home) == {}


def test_two_who_start_at_the_same_moment_share_one(home: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from config import embedded\n"
        "with embedded.servers(home=Path(sys.argv[1]), durable=False) as there:\n"
        "    print(there['DATABASE_URL'], flush=True); input()"
    )
    users = [
        subprocess.Popen(
            [sys.executable, "-c", program, home], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for _ in range(3)
    ]
    said = [user.stdout.readline() for user in users if user.stdout]
    assert len(said) == 3
    assert len(set(said)) == 1
    for user in users:
        user.communicate("\n", timeout=SECONDS)
    assert [user.returncode for user in users] == [0, 0, 0]


def test_two_checkouts_run_side_by_side(home: Path) -> None:
    with (
        embedded.servers(home=home / "one", durable=False) as one,
        embedded.servers(home=home / "two", durable=False) as two,
    ):
        ask(one["DATABASE_OWNER_URL"], "CREATE TABLE stall (name text)")
        broker(one).set("stall", "Malee")
        assert ask(two["DATABASE_URL"], "SELECT to_regclass('stall')") == (None,)
        assert broker(two).get("stall") is None


def test_in_the_foreground_it_says_when_it_is_ready_and_stops_on_ctrl_c(home: Path) -> None:
    command = [sys.executable, "-m", "config.embedded", f"--home={home}", "--forgetful"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as supervisor:
        assert supervisor.stdout
        assert supervisor.stdout.readline() == f"ready: {home}/addresses.json\n"
        with embedded.servers(home=home) as addresses:
            assert answers(addresses["DATABASE_URL"])
        assert answers(addresses["DATABASE_URL"]), "it was there before its guest, and stays"
        supervisor.send_signal(signal.SIGINT)
        assert supervisor.wait(SECONDS) == 0
    assert "database system is shut down" in (home / "postgres.log").read_text()
    assert processes(home) == []


def test_what_the_environment_names_is_not_started(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedded, "RUN", home)
    monkeypatch.setenv("DATABASE_URL", "postgresql://gwallet@db.example/gwallet")
    monkeypatch.delenv("BROKER_URL")
    program = (
        "import os; from config import embedded\n"
        "with embedded.where_needed(): print(os.environ['DATABASE_URL'], 'BROKER_URL' in os.environ)"
    )
    said = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert said.stdout == "postgresql://gwallet@db.example/gwallet True\n"


def test_an_initdb_that_was_cut_off_is_begun_anew(home: Path) -> None:
    (home / "postgres/data.new").mkdir(parents=True)
    (home / "postgres/data.new/PG_VERSION").write_text("18\n")
    with embedded.servers(home=home, durable=False, broker=False) as addresses:
        assert answers(addresses["DATABASE_URL"])


def test_a_database_that_cannot_start_says_why(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POSTGRES_BIN", str(home / "nowhere"))
    with pytest.raises(ServerDied, match="POSTGRES_BIN"), embedded.servers(home=home, broker=False):
        pass
    assert processes(home) == []
