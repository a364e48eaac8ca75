"""A statement is planned once per connection, and pooled connections get it whole."""

import datetime as dt

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from pytest_django.fixtures import Settings

from wallet.accounts import AccountKind
from wallet.ids import uuid7
from wallet.prepared import Prepared

pytestmark = pytest.mark.django_db(transaction=True)

TOMORROW = Prepared(sql="SELECT %(day)s + 1, 100 % 7, %(names)s", types={"day": "date", "names": "text[]"})
NAMES = ["somchai", 'สมชาย "ต้น" {ใจดี}', "back\\slash, comma", None, "NULL"]
ASKED = {"day": dt.date(2025, 10, 31), "names": NAMES}
ANSWER = (dt.date(2025, 11, 1), 2, NAMES)


def ask() -> tuple[object, ...] | None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(TOMORROW.on(cursor), TOMORROW.values(ASKED))
        answer: tuple[object, ...] | None = cursor.fetchone()
        return answer


def statements(captured: CaptureQueriesContext) -> list[str]:
    """Return the first word of each, but of the BEGIN that goes along with it."""
    sent = (query["sql"].removeprefix("BEGIN;\n") for query in captured if query["sql"] not in ("BEGIN", "COMMIT"))
    return [sql.split()[0] for sql in sent]


def test_a_connection_is_told_once() -> None:
    connection.close()
    with CaptureQueriesContext(connection) as captured:
        assert ask() == ANSWER
        assert ask() == ANSWER
    assert statements(captured) == ["PREPARE", "EXECUTE", "EXECUTE"]


def test_a_new_connection_is_told_again() -> None:
    assert ask() == ANSWER
    connection.close()
    assert ask() == ANSWER


def test_behind_a_pooler_the_connection_is_asked_what_it_knows(settings: Settings) -> None:
    settings.POOLED = True
    connection.close()
    with CaptureQueriesContext(connection) as captured:
        assert ask() == ANSWER
        assert ask() == ANSWER
    assert statements(captured) == ["SELECT", "PREPARE", "EXECUTE", "SELECT", "EXECUTE"]


def test_every_type_arrives_as_it_was() -> None:
    id_, at = uuid7(), dt.datetime(2025, 10, 31, 5, 0, tzinfo=dt.UTC)
    echo = Prepared(
        sql="SELECT %(id)s, %(ids)s, %(numbers)s, %(instants)s, %(none)s",
        types={"id": "uuid", "ids": "uuid[]", "numbers": "bigint[]", "instants": "timestamptz[]", "none": "uuid[]"},
    )
    given = {"id": id_, "ids": [id_, None], "numbers": [AccountKind.PURSE, -1], "instants": [at], "none": []}
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(echo.on(cursor), echo.values(given))
        assert cursor.fetchone() == (id_, [id_, None], [2, -1], [at], [])
