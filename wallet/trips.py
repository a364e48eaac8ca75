"""Fewer trips to the database: BEGIN goes along with a transaction's first statement, writes and COMMIT with its last.

psycopg2 sends BEGIN and COMMIT on trips of their own. On each, one process waits and another wakes, twice; of a
payment, whose statements take a fifth of a millisecond, that was a fifth of all that server and database did.
Django does not notice: its transactions, and what they promise, are as ever.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import psycopg2
from django.db import connection as django_connection
from psycopg2.extensions import connection as DriverConnection  # noqa: N812  a type that is named like a variable
from psycopg2.extensions import cursor as DriverCursor  # noqa: N812

# Whether each statement is for itself is ours to say, so to the driver each always is.
_EACH_FOR_ITSELF: Final = DriverConnection.autocommit

_JOIN: Final = b";\n"


class Connection(DriverConnection):  # type: ignore[misc]  # it ships no types
    """A connection on which BEGIN waits for the first statement."""

    def __init__(self, *args: Any, **options: Any) -> None:
        """Connect; no transaction is open."""
        super().__init__(*args, **options)
        _EACH_FOR_ITSELF.__set__(self, True)  # noqa: FBT003  a setter has no names
        self._transactional = False
        self._begun = False
        self._over = False
        self._waiting: list[bytes] = []
        self.gathers = False

    @property
    def autocommit(self) -> bool:
        """Whether each statement is for itself."""
        return not self._transactional

    @autocommit.setter
    def autocommit(self, value: bool) -> None:
        if self._begun:
            raise psycopg2.ProgrammingError("a transaction is open")
        self._transactional = not value
        self._over = False

    def cursor(self, name: str | None = None, **options: Any) -> Any:
        """Return a cursor; to the driver one with a name is outside of a transaction, and so must be held."""
        return super().cursor(name, **options | ({"withhold": True} if name else {}))

    def commit(self) -> None:
        """Commit what has begun; nothing may have, or the last statement may have done it."""
        self._end(b"COMMIT")

    def rollback(self) -> None:
        """Undo what has begun.

        :raises psycopg2.ProgrammingError: the last statement has committed it.
        """
        if self._over:
            raise psycopg2.ProgrammingError("committed already, along with its last statement")
        self._waiting.clear()
        self._end(b"ROLLBACK")

    def ahead(self) -> list[bytes]:
        """Return what goes before a statement: BEGIN, if it is a transaction's first, or what has waited for it.

        :raises psycopg2.ProgrammingError: it comes after the transaction's last.
        """
        if self._over:
            raise psycopg2.ProgrammingError("this transaction was committed along with its last statement")
        waiting, self._waiting = self._waiting, []
        if self._begun or not self._transactional:
            return waiting
        self._begun = True
        return [b"BEGIN"]

    def put_off(self, statements: list[bytes]) -> None:
        """Keep statements until the next one that is answered, or until COMMIT."""
        self._waiting += statements

    def note_committed(self) -> None:
        """Take note that a statement has committed."""
        self._begun, self._over = False, True

    def _end(self, how: bytes) -> None:
        self._over = False
        if self._begun:
            waiting, self._waiting = self._waiting, []
            with DriverConnection.cursor(self, cursor_factory=DriverCursor) as cursor:
                cursor.execute(_JOIN.join([*waiting, how]))
            self._begun = False  # where what waited has failed, there is still something to roll back


class Cursor(DriverCursor):  # type: ignore[misc]  # it ships no types
    """A cursor whose first statement begins the transaction."""

    connection: Connection

    def execute(self, query: Any, vars: Any = None) -> None:  # noqa: A002  the driver's name
        """Run one statement, or several."""
        if self.connection.gathers:
            self.connection.put_off([*self.connection.ahead(), self.mogrify(query, vars)])
            return
        ahead = self.connection.ahead()
        if ahead and self.name:
            self._run_alone(ahead)
        elif ahead:
            super().execute(_JOIN.join([*ahead, self.mogrify(query, vars)]))
            return
        super().execute(query, vars)

    def executemany(self, query: Any, vars_list: Any) -> None:
        """Run one statement many times."""
        self._run_alone(self.connection.ahead())
        super().executemany(query, vars_list)

    def copy_expert(self, *args: Any, **options: Any) -> None:
        """Stream rows in or out."""
        self._run_alone(self.connection.ahead())
        super().copy_expert(*args, **options)

    def _run_alone(self, statements: list[bytes]) -> None:
        if statements:
            with DriverConnection.cursor(self.connection, cursor_factory=DriverCursor) as cursor:
                cursor.execute(_JOIN.join(statements))


@contextmanager
def together() -> Iterator[None]:
    """Let statements whose answers nobody needs wait for the next one that is answered, or go along with COMMIT.

    What is wrong with one of them is raised there. Within another transaction each goes at once, as ever.
    """
    connection = None if len(django_connection.atomic_blocks) > 1 else django_connection.connection
    if connection is None:
        yield
        return
    connection.gathers = True
    try:
        yield
    finally:
        connection.gathers = False


@contextmanager
def answered(connection: Connection) -> Iterator[None]:
    """Let a statement go at once, wherever it is."""
    gathers, connection.gathers = connection.gathers, False
    try:
        yield
    finally:
        connection.gathers = gathers


def execute_last(cursor: Any, sql: str, values: Any) -> None:
    """Run the last statement of a transaction, and commit along with it; if it fails, so does the commit.

    Within another transaction it is that one's end which commits, as ever.
    """
    if len(django_connection.atomic_blocks) > 1:
        cursor.execute(sql, values)
        return
    cursor.execute(f"{sql};\nCOMMIT", values)
    cursor.connection.note_committed()
