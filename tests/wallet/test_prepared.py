"""A statement is planned once per connection, and pooled connections get it whole."""

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from pytest_django import DjangoAssertNumQueries
from pytest_django.fixtures import Settings

from wallet.prepared import Prepared

pytestmark = pytest.mark.django_db(transaction=True)

TOMORROW = Prepared(sql="SELECT %(day)s + 1, '100%%', %(name)s", types={"day": "date", "name": "text"})
ASKED: dict[str, Any] = {"day": dt.date(2025, 10, 31), "name": "somchai"}
ANSWER = (dt.date(2025, 11, 1), "100%", "somchai")


def ask() -> tuple[object, ...] | None:
    TOMORROW.be_known()
    with connection.cursor() as cursor:
        cursor.execute(TOMORROW.call, ASKED)
        answer: tuple[object, ...] | None = cursor.fetchone()
        return answer


def test_a_connection_is_told_once(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    connection.close()
    with django_assert_num_queries(2):  # PREPARE, EXECUTE
        assert ask() == ANSWER
    with django_assert_num_queries(1):
        assert ask() == ANSWER


def test_a_new_connection_is_told_again() -> None:
    assert ask() == ANSWER
    connection.close()
    assert ask() == ANSWER


def test_behind_a_pooler_the_statement_itself_is_sent(settings: Settings) -> None:
    settings.POOLED = True
    pooled = Prepared(sql="SELECT %(day)s + 1", types={"day": "date"})
    pooled.be_known()
    with connection.cursor() as cursor:
        cursor.execute(pooled.call, ASKED)
        assert cursor.fetchone() == (dt.date(2025, 11, 1),)
        cursor.execute("SELECT count(*) FROM pg_prepared_statements WHERE name = %s", [pooled.name])
        (known,) = cursor.fetchone()
    assert known == 0
