"""Root starts servers that refuse to run as root: as nobody, as one who looks like nobody, or from a copy."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.environment import ROOT, KeptSecrets

# Starts PostgreSQL in argv[1] and prints who its process belongs to, and where its program and its data lie.
PROGRAM = """
import sys
from contextlib import suppress
from pathlib import Path
from config import embedded
with embedded.servers(home=Path(sys.argv[1]), durable=False, broker=False) as addresses:
    sockets = addresses["DATABASE_URL"].partition("?host=")[2]
    for entry in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):  # a process that ended while we looked
            words = (entry / "cmdline").read_bytes().decode().split("\\0")
            if f"--unix_socket_directories={sockets}" in words:
                print(entry.stat().st_uid, words[0], words[words.index("-D") + 1])
"""
# Runs argv[1:] as a root who may make no user namespaces: of a namespace of its own, where it may forbid them.
WITHOUT_NAMESPACES = """
import ctypes, os, sys
ready, mapped, me = os.pipe(), os.pipe(), os.getpid()
if not os.fork():
    os.read(ready[0], 1)
    for kind in ("uid", "gid"):
        with open(f"/proc/{me}/{kind}_map", "w") as file:
            file.write("0 0 65536")
    os.write(mapped[1], b"!")
    os._exit(0)
if ctypes.CDLL(None).unshare(0x10000000):
    sys.exit("no user namespaces here to begin with")
os.write(ready[1], b"!")
os.read(mapped[0], 1)
os.wait()
with open("/proc/sys/user/max_user_namespaces", "w") as file:
    file.write("0")
os.execv(sys.argv[1], sys.argv[1:])
"""


@pytest.fixture(autouse=True)
def _only_for_root() -> None:
    if os.geteuid() != 0:
        pytest.skip("only root has to stop being root")


@pytest.fixture
def roots_own() -> Iterator[Path]:
    """Return a folder that only root may enter, as /root is."""
    with tempfile.TemporaryDirectory(prefix="gwallet-home-") as folder:
        yield Path(folder)


def start(home: Path, *before: str) -> tuple[int, Path, Path]:
    command = [*before, sys.executable, "-c", PROGRAM, str(home)]
    said = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert said.returncode == 0, said.stderr
    user, program, data = said.stdout.split()
    return int(user), Path(program), Path(data)


def test_in_a_folder_that_anyone_may_enter_it_runs_as_nobody(roots_own: Path) -> None:
    roots_own.chmod(0o755)
    user, _, data = start(roots_own / "run")
    assert (user, data) == (65_534, roots_own / "run/postgres/data")
    assert data.stat().st_uid == 65_534


def test_in_roots_own_folder_it_only_looks_like_nobody(roots_own: Path) -> None:
    user, _, data = start(roots_own / "run")
    assert (user, data) == (0, roots_own / "run/postgres/data")


def test_where_even_that_is_forbidden_a_copy_runs_as_nobody(roots_own: Path) -> None:
    home = roots_own / "run"
    user, program, data = start(home, sys.executable, "-c", WITHOUT_NAMESPACES)
    away = Path(f"/var/tmp/gwallet-{KeptSecrets(home / 'passwords').get('folder')[:16]}")  # noqa: S108  where it must be
    try:
        assert (user, data) == (65_534, away / "postgres/data")
        assert program.is_relative_to(away)
        assert start(home, sys.executable, "-c", WITHOUT_NAMESPACES) == (user, program, data), "and again"
    finally:
        shutil.rmtree(away)


def test_a_folder_that_became_roots_own_keeps_its_data(roots_own: Path) -> None:
    roots_own.chmod(0o755)
    start(roots_own / "run")
    roots_own.chmod(0o700)
    user, _, data = start(roots_own / "run")
    assert (user, data) == (0, roots_own / "run/postgres/data")
