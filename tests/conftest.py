"""The test database: made by the schema's owner, used by the service's role, cleaned by the superuser."""

import contextlib
import os
from collections.abc import Callable, Generator
from functools import partial
from typing import Final

import psycopg2
import pytest
from django.core.management import call_command
from django.db import connections
from django.test import TransactionTestCase
from psycopg2.extensions import parse_dsn
from pytest_django import DjangoDbBlocker

import merchants.faults
import settlement.faults
import subsidies.faults
import wallet.faults
from config import catalogues
from config.environment import ROOT
from subsidies import schemes
from tests.cast import Stage
from wallet.models import DaySeal

FLOORS: Final = (wallet.faults, subsidies.faults, merchants.faults, settlement.faults)

# Rows that came with the migrations are put aside once, and back after every cleaning.
PUT_ASIDE: Final = """
CREATE SCHEMA kept;
DO $$
DECLARE name text; filled boolean;
BEGIN
    FOR name IN SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' LOOP
        EXECUTE format('SELECT EXISTS (SELECT FROM public.%I)', name) INTO filled;
        IF filled THEN
            EXECUTE format('CREATE TABLE kept.%I AS TABLE public.%I', name, name);
        END IF;
    END LOOP;
END $$;
"""
# DELETE of the few tables that have rows is many times faster than TRUNCATE of all. As a replica, so that neither the
# triggers which forbid it nor foreign keys are asked; only a superuser may.
CLEAN: Final = """
SET session_replication_role = replica;
SET lock_timeout = '10s';  -- a test that left a transaction open is told so, instead of stopping the run
DO $$
DECLARE name text; filled boolean;
BEGIN
    FOR name IN SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' LOOP
        EXECUTE format('SELECT EXISTS (SELECT FROM public.%I)', name) INTO filled;
        IF filled THEN
            EXECUTE format('DELETE FROM public.%I', name);
        END IF;
        IF to_regclass(format('kept.%I', name)) IS NOT NULL THEN
            EXECUTE format('INSERT INTO public.%I SELECT * FROM kept.%I', name, name);
        END IF;
    END LOOP;
    FOR name IN SELECT relname FROM pg_class WHERE relnamespace = 'tickets'::regnamespace AND relkind = 'S' LOOP
        EXECUTE format('DROP SEQUENCE tickets.%I', name);
    END LOOP;
END $$;
"""


@pytest.fixture(scope="session", autouse=True)
def words_compiled() -> None:
    """Compile the words of the pages, so that a test of `pytest` alone says what is written now."""
    catalogues.compile_stale()


@pytest.fixture(scope="session")
def superuser() -> str:
    """Return the address of this worker's test database for the cluster's superuser."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "")
    name = f"test_gwallet_{worker}" if worker else "test_gwallet"
    return os.environ["DATABASE_ADMIN_URL"].replace("/gwallet?", f"/{name}?")


@pytest.fixture(scope="session")
def django_db_setup(
    superuser: str, django_test_environment: None, django_db_blocker: DjangoDbBlocker
) -> Generator[None]:
    """Make the test database and migrate it as its owner; leave Django connected to it as the service."""
    name = parse_dsn(superuser)["dbname"]
    _run(os.environ["DATABASE_ADMIN_URL"], f"DROP DATABASE IF EXISTS {name} WITH (FORCE)", f"CREATE DATABASE {name}")
    _run(superuser, (ROOT / "config" / "database.sql").read_text())
    owner = parse_dsn(os.environ["DATABASE_OWNER_URL"])
    connection = connections["default"]
    service = {key: connection.settings_dict[key] for key in ("USER", "PASSWORD")}
    with django_db_blocker.unblock():
        connection.close()
        connection.settings_dict |= {"NAME": name, "USER": owner["user"], "PASSWORD": owner["password"]}
        call_command("migrate", verbosity=0)
        connection.close()
        connection.settings_dict |= service
    _run(superuser, PUT_ASIDE)
    yield
    with django_db_blocker.unblock():
        connections.close_all()


@pytest.fixture(scope="session")
def clean_books(superuser: str) -> Callable[[], None]:
    """Return a function that empties the database; for tests that commit, and begin anew many times."""
    return partial(_run, superuser, CLEAN)


@pytest.fixture(scope="session", autouse=True)
def clean_as_superuser(clean_books: Callable[[], None]) -> Generator[None]:
    """Have tests that commit (`transaction=True`) cleaned in our way: the service may not TRUNCATE, and should not."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda _case: clean_books())
        yield


@pytest.fixture(autouse=True)
def books_balance(request: pytest.FixtureRequest) -> Generator[None]:
    """After every test with a database, look for faults in the books: there are none, unless the test made them."""
    uses_database = request.node.get_closest_marker("django_db") is not None
    if uses_database:
        request.getfixturevalue("_django_db_helper")
    yield
    if uses_database and not request.node.get_closest_marker("breaks_the_books"):
        # Until a day is sealed, to ask for everything finds whatever the daily look would.
        for everything in (True, False) if DaySeal.objects.exists() else (True,):
            assert [str(fault) for floor in FLOORS for fault in floor.faults(everything=everything)] == []


@pytest.fixture
def break_books(superuser: str) -> Callable[..., None]:
    """Return a function that breaks the books beneath the application; use with `breaks_the_books`.

    It commits as the superuser with triggers off, so the test must commit too (`django_db(transaction=True)`).
    """

    def run(*statements: str) -> None:
        _run(superuser, "SET session_replication_role = replica", *statements)

    return run


@pytest.fixture
def stage() -> Stage:
    """Return a market with open books and คนละครึ่ง พลัส published and funded."""
    schemes.compiled.cache_clear()
    market = Stage()
    market.open_books()
    market.scheme(funded=100_000_000_000_00)
    return market


def _run(address: str, *statements: str) -> None:
    with contextlib.closing(psycopg2.connect(address)) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
