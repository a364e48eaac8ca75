"""Alive is about this process; ready is about everything that it needs, and says what is missing."""

from pathlib import Path

import pytest
from django.db import connection
from django.test import Client

from config.celery import app

NO_SUCH_SOCKET = "redis+socket:///tmp/nobody-listens-here"


@pytest.mark.django_db
def test_ready_when_database_and_broker_answer_and_no_migration_is_missing() -> None:
    answer = Client().get("/readyz")
    assert (answer.status_code, answer.json()) == (200, {"ready": True, "wrong": {}})
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.django_db
def test_not_ready_while_a_migration_is_missing() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'wallet'")
    answer = Client().get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["wrong"] == {"database": "migrations are missing: run manage.py migrate"}


@pytest.mark.django_db
def test_not_ready_without_a_broker_and_alive_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app.conf, "broker_write_url", NO_SUCH_SOCKET)
    answer = Client().get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["wrong"] == {"broker": "does not answer: what is due waits in its rows until it does"}
    assert Client().get("/healthz").status_code == 200


@pytest.mark.django_db(transaction=True)
def test_not_ready_without_a_database_and_alive_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    connection.close()
    with monkeypatch.context() as patch:
        patch.setitem(connection.settings_dict, "HOST", "/tmp/nobody-listens-here")  # noqa: S108  nothing is there
        answer = Client().get("/readyz")
        assert Client().get("/healthz").status_code == 200
    connection.close()
    assert answer.status_code == 503
    assert answer.json()["wrong"] == {"database": "does not answer"}


@pytest.mark.django_db
def test_not_ready_while_stopping(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DRAINING_FILE", str(tmp_path / "draining"))
    assert Client().get("/readyz").status_code == 200
    (tmp_path / "draining").touch()
    answer = Client().get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["wrong"] == {"web": "stopping: send new requests elsewhere"}
