"""BEGIN goes along with a transaction's first statement; with the last, what was only written, and COMMIT."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.db import IntegrityError, OperationalError, ProgrammingError, connection, transaction
from psycopg2.extensions import TRANSACTION_STATUS_IDLE, TRANSACTION_STATUS_INTRANS

from wallet.prepared import Prepared
from wallet.trips import execute_last, together

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _notes() -> Iterator[None]:
    """Keep a table on this connection that anything may be written to."""
    _run("CREATE TEMPORARY TABLE note (number integer PRIMARY KEY)")
    yield
    _run("DROP TABLE IF EXISTS note")


def _run(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


def _note_and_fail(number: int) -> None:
    _run(f"INSERT INTO note VALUES ({number})")
    raise ZeroDivisionError


def _note_last(number: int) -> None:
    with connection.cursor() as cursor:
        execute_last(cursor, "INSERT INTO note VALUES (%s)", [number])


def _noted() -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT number FROM note ORDER BY number")
        return [number for (number,) in cursor.fetchall()]


def _status() -> int:
    """Return whether the server has a transaction of ours open."""
    status: int = connection.connection.info.transaction_status
    return status


def _sent() -> str:
    """Return what went over the line last."""
    with connection.connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        query: bytes = cursor.query
    return query.decode()


def test_nothing_is_sent_to_begin_a_transaction_in_which_nothing_happens() -> None:
    with transaction.atomic():
        assert _status() == TRANSACTION_STATUS_IDLE
    assert _status() == TRANSACTION_STATUS_IDLE


def test_begin_goes_along_with_the_first_statement_only() -> None:
    with transaction.atomic():
        assert _sent() == "BEGIN;\nSELECT 1"
        assert _status() == TRANSACTION_STATUS_INTRANS
        assert _sent() == "SELECT 1"
    assert _sent() == "SELECT 1"


def test_what_was_written_is_undone_when_the_block_fails() -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        _note_and_fail(1)
    assert _noted() == []
    assert _status() == TRANSACTION_STATUS_IDLE


def test_a_first_statement_that_fails_leaves_nothing_open() -> None:
    _run("INSERT INTO note VALUES (1)")
    with pytest.raises(IntegrityError), transaction.atomic():
        _run("INSERT INTO note VALUES (1)")
    assert _status() == TRANSACTION_STATUS_IDLE


def test_a_block_within_a_block_is_undone_alone() -> None:
    with transaction.atomic():
        _run("INSERT INTO note VALUES (1)")
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            _note_and_fail(2)
    assert _noted() == [1]


def test_a_savepoint_may_come_first() -> None:
    with transaction.atomic(), transaction.atomic():
        _run("INSERT INTO note VALUES (1)")
    assert _noted() == [1]


def test_rows_that_go_by_many_are_in_the_transaction_too() -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.executemany("INSERT INTO note VALUES (%s)", [(1,), (2,)])
        transaction.set_rollback(True)
    assert _noted() == []


def test_a_cursor_of_the_servers_reads_within_the_transaction() -> None:
    with transaction.atomic():
        _run("INSERT INTO note SELECT generate_series(1, 5)")
        with connection.chunked_cursor() as cursor:
            cursor.execute("SELECT number FROM note ORDER BY number")
            assert cursor.fetchmany(2) == [(1,), (2,)]


def test_the_last_statement_commits() -> None:
    with transaction.atomic():
        _note_last(7)
        assert _status() == TRANSACTION_STATUS_IDLE
    assert _noted() == [7]


def test_a_last_statement_that_fails_commits_nothing() -> None:
    _note_last(7)
    with pytest.raises(IntegrityError), transaction.atomic():
        _note_last(7)
    assert _noted() == [7]
    assert _status() == TRANSACTION_STATUS_IDLE


def test_nothing_can_come_after_the_last() -> None:
    with transaction.atomic():
        _note_last(7)
        with pytest.raises(ProgrammingError, match="committed along with its last statement"):
            _run("INSERT INTO note VALUES (8)")
    assert _noted() == [7]


def test_within_another_transaction_it_is_that_ones_end_which_commits() -> None:
    with transaction.atomic():
        with transaction.atomic():
            _note_last(7)
        transaction.set_rollback(True)
    assert _noted() == []


def test_what_nobody_needs_an_answer_to_waits_for_what_is_asked_next() -> None:
    with transaction.atomic():
        _run("SELECT 0")
        with together():
            _run("INSERT INTO note VALUES (1)")
            _run("INSERT INTO note VALUES (2)")
        assert _sent() == "INSERT INTO note VALUES (1);\nINSERT INTO note VALUES (2);\nSELECT 1"
        assert _noted() == [1, 2]


def test_what_waits_goes_along_with_the_commit() -> None:
    with transaction.atomic():
        with together():
            _run("INSERT INTO note VALUES (1)")
        assert _status() == TRANSACTION_STATUS_IDLE, "not even BEGIN was sent"
    assert _noted() == [1]


@pytest.mark.parametrize("by", ["rows that go by many", "a cursor of the server's"])
def test_what_waits_goes_ahead_of(by: str) -> None:
    with transaction.atomic():
        with together():
            _run("INSERT INTO note VALUES (1)")
        if by == "rows that go by many":
            with connection.cursor() as cursor:
                cursor.executemany("INSERT INTO note SELECT max(number) + %s FROM note", [(1,), (1,)])
            assert _noted() == [1, 2, 3]
        else:
            with connection.chunked_cursor() as cursor:
                cursor.execute("SELECT number FROM note")
                assert cursor.fetchall() == [(1,)]


@pytest.mark.parametrize("asked", [True, False])
def test_what_is_wrong_with_what_waited_is_said_when_it_goes_and_nothing_is_kept(*, asked: bool) -> None:
    def note_twice() -> None:
        _run("INSERT INTO note VALUES (1)")
        with together():
            _run("INSERT INTO note VALUES (1)")
        if asked:
            _noted()

    with pytest.raises(IntegrityError), transaction.atomic():
        note_twice()
    assert _status() == TRANSACTION_STATUS_IDLE
    assert _noted() == []


def test_what_waits_when_the_block_fails_never_goes() -> None:
    _run("SELECT 0")
    with pytest.raises(ZeroDivisionError), transaction.atomic(), together():
        _note_and_fail(1)
    assert _noted() == []
    with transaction.atomic():
        assert _sent() == "BEGIN;\nSELECT 1"


def test_within_another_transaction_nothing_waits() -> None:
    with transaction.atomic(), transaction.atomic(), together():
        _run("INSERT INTO note VALUES (1)")
        assert _sent() == "SELECT 1"


def test_a_connection_is_told_of_a_statement_at_once_even_if_that_waits() -> None:
    connection.close()
    _run("CREATE TEMPORARY TABLE note (number integer PRIMARY KEY)")
    note = Prepared(sql="INSERT INTO note VALUES (%(number)s)", types={"number": "integer"})
    with transaction.atomic(), together(), connection.cursor() as cursor:
        cursor.execute(note.on(cursor), note.values({"number": 1}))
        transaction.set_rollback(True)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(note.on(cursor), note.values({"number": 2}))
    assert _noted() == [2]


def test_a_line_that_was_cut_is_noticed_and_the_next_transaction_has_a_new_one() -> None:
    with pytest.raises(OperationalError), transaction.atomic():
        _run("SELECT pg_terminate_backend(pg_backend_pid())")
    with transaction.atomic():
        assert _sent() == "BEGIN;\nSELECT 1"


def test_every_process_of_ours_goes_by_it() -> None:
    options: dict[str, Any] = settings.DATABASES["default"]["OPTIONS"]
    assert {options["connection_factory"].__module__, options["cursor_factory"].__module__} == {"wallet.trips"}
