"""What the database connection of every process is like, and what is left of a test that commits."""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import psycopg2
import pytest
from django.conf import settings
from django.contrib.auth.models import Permission, User
from django.db import connection
from django.test import TransactionTestCase

from config import embedded
from config.environment import ROOT

# Prints who the command is, whose the tables are, and how long a statement may take.
WHO = """
import json
from django.db import connection
with connection.cursor() as cursor:
    cursor.execute(
        "SELECT current_user, array_agg(DISTINCT tableowner), current_setting('statement_timeout')"
        " FROM pg_tables WHERE schemaname = 'public'"
    )
    print(json.dumps(cursor.fetchone()))
"""


@pytest.mark.django_db
def test_the_service_connects_through_psycopg2_and_owns_nothing() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, count(*) FROM pg_tables WHERE tableowner = current_user")
        assert cursor.fetchone() == ("gwallet_service", 0)
        # Django takes psycopg (3) without a word where it is installed; several statements in one trip then fail.
        assert isinstance(cursor.cursor, psycopg2.extensions.cursor)
    for lock in ("requirements.txt", "requirements-dev.txt"):
        assert "\npsycopg=" not in (ROOT / lock).read_text()


@pytest.mark.django_db
def test_no_connection_waits_forever_and_each_statement_sees_what_was_committed_before_it() -> None:
    limits = ["lock_timeout", "statement_timeout", "idle_in_transaction_session_timeout"]
    names = [*limits, "timezone", "transaction_isolation"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT " + ", ".join(f"current_setting('{name}')" for name in names))
        assert cursor.fetchone() == ("5s", "15s", "15s", "UTC", "read committed")
    assert settings.DATABASES["default"]["ATOMIC_REQUESTS"] is False
    assert settings.DATABASES["default"]["CONN_MAX_AGE"] is None


@pytest.mark.django_db(transaction=True)
def test_what_a_committing_test_wrote_is_gone_after_it_and_what_migrations_wrote_is_not() -> None:
    permissions = Permission.objects.count()
    assert permissions > 0
    User.objects.create(username="ploy")
    with connection.cursor() as cursor:
        cursor.execute("CREATE SEQUENCE tickets.half_half")
    TransactionTestCase()._fixture_teardown()  # type: ignore[attr-defined]  # what runs after each such test
    assert (User.objects.count(), Permission.objects.count()) == (0, permissions)
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('tickets.half_half')")
        assert cursor.fetchone() == (None,)


def test_migrations_run_as_the_schemas_owner_and_everything_else_as_the_service() -> None:
    def manage(*words: str) -> str:
        command = [sys.executable, "manage.py", *words]
        done = subprocess.run(
            command, cwd=ROOT, env=os.environ | addresses, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    with (
        tempfile.TemporaryDirectory(prefix="gwallet-home-") as home,
        embedded.servers(home=Path(home), durable=False) as addresses,
    ):
        manage("migrate", "--verbosity=0")
        said = manage("shell", "--verbosity=0", "--command", WHO)
        assert json.loads(said) == ["gwallet_service", ["gwallet_owner"], "15s"]
