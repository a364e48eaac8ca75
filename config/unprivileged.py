"""How a server that refuses to run as root is started by root all the same.

PostgreSQL will not run as root, but containers and CI machines often are. In this order: the user `nobody`; a user
namespace in which root *looks like* nobody, for when our files lie under a folder that only root may enter; and a
copy of the binaries, with the data beside it, in a folder that `nobody` can reach.
"""

import ctypes
import os
import pwd
import shutil
import signal
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from config.environment import KeptSecrets

NOBODY: Final = "nobody"
NOBODY_ID: Final = 65_534

# linux/sched.h and linux/prctl.h
CLONE_NEWUSER: Final = 0x1000_0000
PR_SET_PDEATHSIG: Final = 1

_libc = ctypes.CDLL(None, use_errno=True)


@dataclass(frozen=True)
class Footing:
    """The way one server is started here: its program, the folder that its files may be in, and what it runs as."""

    program: Path
    home: Path
    user: str | None = None
    namespace: bool = False

    def popen(self, *, last_signal: signal.Signals) -> dict[str, Any]:
        """Return the arguments for `Popen`; the child gets `last_signal` when the process that starts it dies."""
        arguments: dict[str, Any] = {
            # Out of the terminal's process group: Ctrl-C reaches the supervisor alone, which stops things in order.
            "start_new_session": True,
            "preexec_fn": _between_fork_and_exec(last_signal, namespace=self.namespace),
        }
        if self.user:
            arguments |= {"user": self.user, "group": pwd.getpwnam(self.user).pw_gid, "extra_groups": []}
        return arguments

    def own(self, folder: Path) -> Path:
        """Make `folder` and everything in it belong to what the server runs as, closed to others; return it."""
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if os.geteuid() == 0:
            account = pwd.getpwnam(self.user) if self.user else pwd.getpwuid(0)
            if folder.stat().st_uid != account.pw_uid:
                for path in (folder, *folder.rglob("*")):
                    os.chown(path, account.pw_uid, account.pw_gid, follow_symlinks=False)
        folder.chmod(0o700)
        return folder


def footing(*, program: Path, package: Path, home: Path) -> Footing:
    """Return the first way that works here of starting `program` (a file inside `package`) with files under `home`."""
    if os.geteuid() != 0:
        return Footing(program, home)
    home.mkdir(parents=True, exist_ok=True)
    home.chmod(0o711)  # nobody may pass through to its own folder, and look at nothing else
    for way in (Footing(program, home, user=NOBODY), Footing(program, home, namespace=True)):
        if _works(way):
            return way
    # Named by a secret of this home, so that a home that was deleted begins anew here as well.
    away = Path("/var/tmp") / f"gwallet-{KeptSecrets(home / 'passwords').get('folder')[:16]}"  # noqa: S108  owner checked
    away.mkdir(mode=0o711, exist_ok=True)
    if away.is_symlink() or away.stat().st_uid != 0:
        raise PermissionError(f"{away} belongs to somebody else")
    libraries = package.with_name(f"{package.name}.libs")  # where wheels keep the shared libraries of their programs
    for tree in (package, libraries):
        if tree.is_dir():
            shutil.copytree(tree, away / tree.name, dirs_exist_ok=True)
    return Footing(away / package.name / program.relative_to(package), away, user=NOBODY)


def _works(way: Footing) -> bool:
    """Say whether the program starts this way, and reaches the home folder after it has stopped being root."""
    arguments = way.popen(last_signal=signal.SIGKILL) | {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    try:
        subprocess.run([way.program, "--version"], check=True, timeout=30, **arguments)
        subprocess.run(["/bin/sh", "-c", 'cd "$1"', "sh", way.home], check=True, timeout=30, **arguments)
    except (OSError, subprocess.SubprocessError):
        return False
    return True


def _between_fork_and_exec(last_signal: signal.Signals, *, namespace: bool) -> Callable[[], None]:
    parent = os.getpid()

    def prepare() -> None:
        if namespace:
            if _libc.unshare(CLONE_NEWUSER) != 0:
                raise OSError(ctypes.get_errno(), "no user namespaces here")
            Path("/proc/self/setgroups").write_text("deny")
            Path("/proc/self/uid_map").write_text(f"{NOBODY_ID} 0 1")
            Path("/proc/self/gid_map").write_text(f"{NOBODY_ID} 0 1")
        die_with_parent(last_signal, parent=parent)  # last, because a change of user or namespace forgets it

    return prepare


def die_with_parent(last_signal: signal.Signals, *, parent: int) -> None:
    """Have the kernel send us `last_signal` when the process `parent` dies, also by `kill -9`: nobody is orphaned."""
    _libc.prctl(PR_SET_PDEATHSIG, last_signal)
    if os.getppid() != parent:
        os._exit(1)  # it died before we asked
