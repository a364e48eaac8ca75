"""Fewer trips to the database: BEGIN goes along with a transaction's first statement, COMMIT may go with its last.

psycopg2 sends BEGIN and COMMIT on trips of their own. On each, one process waits and another wakes, twice; of a
payment, whose statements take a fifth of a millisecond, that was a fifth of all that server and database did.
Django does not notice: its transactions, and what they promise, are as ever.
"""

from typing import Any, Final

import psycopg2
from django.db import connection as django_connection
from psycopg2.extensions import connection as DriverConnection  # noqa: N812  a type that is named like a variable
from psycopg2.extensions import cursor as DriverCursor  # noqa: N812

# Whether each statement is for itself is ours to say, so to the driver each always is.
_EACH_FOR_ITSELF: Final = DriverConnection.autocommit


class Connection(DriverConnection):  # type: ignore[misc]  # it ships no types
    """A connection on which BEGIN waits for the first statement."""

    def __init__(self, *args: Any, **options: Any) -> None:
        """Connect; no transaction is open."""
        super().__init__(*args, **options)
        _EACH_FOR_ITSELF.__set__(self, True)  # noqa: FBT003  a setter has no names
        self._transactional = False
        self._begun = False
        self._over = False

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
        self._end("COMMIT")

    def rollback(self) -> None:
        """Undo what has begun.

        :raises psycopg2.ProgrammingError: the last statement has committed it.
        """
        if self._over:
            raise psycopg2.ProgrammingError("committed already, along with its last statement")
        self._end("ROLLBACK")

    def begin(self) -> str:
        """Return what goes before a statement: BEGIN, if it is a transaction's first.

        :raises psycopg2.ProgrammingError: it comes after the transaction's last.
        """
        if self._over:
            raise psycopg2.ProgrammingError("this transaction was committed along with its last statement")
        if self._begun or not self._transactional:
            return ""
        self._begun = True
        return "BEGIN;\n"

    def note_committed(self) -> None:
        """Take note that a statement has committed."""
        self._begun, self._over = False, True

    def _end(self, how: str) -> None:
        begun, self._begun, self._over = self._begun, False, False
        if begun:
            with DriverConnection.cursor(self, cursor_factory=DriverCursor) as cursor:
                cursor.execute(how)


class Cursor(DriverCursor):  # type: ignore[misc]  # it ships no types
    """A cursor whose first statement begins the transaction."""

    connection: Connection

    def execute(self, query: Any, vars: Any = None) -> None:  # noqa: A002  the driver's name
        """Run one statement, or several."""
        begin = self.connection.begin()
        if begin and (self.name or not isinstance(query, str)):
            self._begin_alone(begin)
            begin = ""
        super().execute(begin + query if begin else query, vars)

    def executemany(self, query: Any, vars_list: Any) -> None:
        """Run one statement many times."""
        self._begin_alone(self.connection.begin())
        super().executemany(query, vars_list)

    def copy_expert(self, *args: Any, **options: Any) -> None:
        """Stream rows in or out."""
        self._begin_alone(self.connection.begin())
        super().copy_expert(*args, **options)

    def _begin_alone(self, begin: str) -> None:
        if begin:
            with DriverConnection.cursor(self.connection, cursor_factory=DriverCursor) as cursor:
                cursor.execute(begin)


def execute_last(cursor: Any, sql: str, values: Any) -> None:
    """Run the last statement of a transaction, and commit along with it; if it fails, so does the commit.

    Within another transaction it is that one's end which commits, as ever.
    """
    if len(django_connection.atomic_blocks) > 1:
        cursor.execute(sql, values)
        return
    cursor.execute(f"{sql};\nCOMMIT", values)
    cursor.connection.note_committed()
