"""The nation as it was when it was small, in a database of its own beside the large one's, on the same server.

Two sizes can only be compared by turns if both are there: what was measured when the nation was still small was
measured in another minute, and a machine that is shared is not the same in it.
"""

import copy
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from bench.filling import superuser, tidy
from bench.nation import Nation
from bench.orders import Orders
from config.environment import ROOT
from config.servers import PostgreSQL

ADDRESSES: Final = ("DATABASE_URL", "DATABASE_OWNER_URL", "DATABASE_ADMIN_URL")


class Village:
    """A copy of a nation that nobody has paid in yet.

    :ivar addresses: of its database, by the setting that they are for.
    """

    def __init__(self, nation: Nation) -> None:
        """Copy the nation's database as it is now."""
        self.addresses = {name: os.environ[name].replace("/gwallet?", "/village?") for name in ADDRESSES}
        self._was = copy.copy(nation)
        nation.cursor.execute("CREATE DATABASE village")
        programs = PostgreSQL.find()[0]
        with subprocess.Popen(
            [programs.with_name("pg_dump"), os.environ["DATABASE_ADMIN_URL"]], stdout=subprocess.PIPE
        ) as dump:
            subprocess.run(
                [programs.with_name("psql"), "--quiet", "--set=ON_ERROR_STOP=1", self.addresses["DATABASE_ADMIN_URL"]],
                stdin=dump.stdout,
                stdout=subprocess.DEVNULL,
                check=True,
            )
        if dump.returncode:
            raise RuntimeError("the village could not be copied")

    @contextmanager
    def nation(self) -> Iterator[Nation]:
        """Have the nation that is in it, to be paid in, for the length of a `with`."""
        with superuser(self.addresses["DATABASE_ADMIN_URL"]) as cursor:
            small = copy.copy(self._was)
            small.cursor, small.orders = cursor, Orders(cursor)
            tidy(cursor)
            yield small

    def faults(self) -> list[str]:
        """Return every fault in its books."""
        done = subprocess.run(
            [sys.executable, "manage.py", "check_books", "--all"],
            cwd=ROOT,
            env={**os.environ, **self.addresses},
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode and not done.stdout:
            raise RuntimeError(f"the books of the village could not be checked:\n{done.stderr[-2_000:]}")
        return done.stdout.splitlines() if done.returncode else []
