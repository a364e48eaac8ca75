"""Statements that each connection plans once: for those of the pay path, planning takes longer than running.

PostgreSQL keeps the plan for as long as the connection lives and makes it anew by itself when a table changes. psycopg2
has no words for this, so it is said in SQL: PREPARE on first use, EXECUTE from then on.
"""

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final
from uuid import UUID
from weakref import WeakKeyDictionary

from django.conf import settings

from wallet import trips

# Said in each transaction that runs such a statement. A plan is kept: made in the minute in which a table is empty, it
# would walk through all of that table, and go on doing so while it fills, until its statistics are next made.
BY_INDEX: Final = "set_config('enable_seqscan', 'off', true)"

PLACEHOLDER: Final = re.compile(r"%\((\w+)\)s")

# Which statements each of psycopg2's connections knows. One that is lost takes its entry with it.
_known: Final[WeakKeyDictionary[Any, set[str]]] = WeakKeyDictionary()


@dataclass(frozen=True)
class Prepared:
    """A statement with named placeholders, and the type of each, by which PostgreSQL reads what it is given."""

    sql: str
    types: Mapping[str, str]

    @cached_property
    def name(self) -> str:
        """Its name on a connection: another text is another name."""
        return f"s_{hashlib.sha256(self.sql.encode()).hexdigest()[:16]}"

    def on(self, cursor: Any) -> str:
        """Return the SQL that runs it on a cursor's connection, which learns it if it is new there.

        What is returned may stand among other statements; it takes `values`. Be in a transaction: behind a pooler
        (POOLED=1) only that keeps the connection.
        """
        if settings.POOLED or self.name not in _known.get(cursor.connection, ()):
            with trips.answered(cursor.connection):
                self._must_be_known(cursor)
        return self._call

    def values(self, given: Mapping[str, Any]) -> tuple[Any, ...]:
        """Return what it is given, in the order of its types."""
        return tuple([_written(given[name]) for name in self.types])

    @cached_property
    def _call(self) -> str:
        return f"EXECUTE {self.name} ({', '.join(['%s'] * len(self.types))})"

    def _must_be_known(self, cursor: Any) -> None:
        if settings.POOLED:
            # Each transaction has another of the pooler's connections, and some of them know it.
            cursor.execute("SELECT 1 FROM pg_prepared_statements WHERE name = %s", [self.name])
            if cursor.rowcount:
                return
        numbers = {name: f"${number}" for number, name in enumerate(self.types, start=1)}
        text = PLACEHOLDER.sub(lambda found: numbers[found[1]], self.sql)
        cursor.execute(f"PREPARE {self.name} ({', '.join(self.types.values())}) AS {text}")
        _known.setdefault(cursor.connection, set()).add(self.name)


# The types are said in PREPARE, so values are written plainly; psycopg2 would write a type beside each of them.


def _written(value: Any) -> Any:
    if isinstance(value, UUID):
        return str(value)
    return f"{{{','.join(_elements(value))}}}" if isinstance(value, list) else value


def _elements(values: Iterable[Any]) -> Iterable[str]:
    for value in values:
        if value is None:
            yield "NULL"
        elif isinstance(value, int):
            yield str(int(value))
        else:
            text = str(value).replace("\\", "\\\\").replace('"', '\\"')
            yield f'"{text}"'
