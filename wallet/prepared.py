"""Statements that each connection plans once: for those of the pay path, planning takes longer than running.

PostgreSQL keeps the plan for as long as the connection lives and makes it anew by itself when a table changes. psycopg2
has no words for this, so it is said in SQL: PREPARE on first use, EXECUTE from then on.
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final
from weakref import WeakKeyDictionary

from django.conf import settings
from django.db import connection

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

    @cached_property
    def call(self) -> str:
        """The SQL that runs it, with the same placeholders; may stand among other statements.

        Behind a pooler that gives each transaction another connection (POOLED=1), it is the statement itself.
        """
        if settings.POOLED:
            return PLACEHOLDER.sub(lambda found: f"{found[0]}::{self.types[found[1]]}", self.sql)
        return f"EXECUTE {self.name} ({', '.join(f'%({name})s' for name in self.types)})"

    def be_known(self) -> None:
        """Have the current connection know it. Call before `call` is used."""
        connection.ensure_connection()
        known = _known.setdefault(connection.connection, set())
        if self.name in known or settings.POOLED:
            return
        numbers = {name: f"${number}" for number, name in enumerate(self.types, start=1)}
        text = PLACEHOLDER.sub(lambda found: numbers[found[1]], self.sql).replace("%%", "%")
        with connection.cursor() as cursor:
            cursor.execute(f"PREPARE {self.name} ({', '.join(self.types.values())}) AS {text}")
        known.add(self.name)
