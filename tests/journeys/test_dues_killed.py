"""The timetable is killed between two batches and in the middle of one; begun again, it comes to the same."""

import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator

import psycopg2
import pytest
from django.db import OperationalError, connection

from config.environment import ROOT
from subsidies import dues
from subsidies.models import Enrolment, Filling
from tests.cast import Stage
from tests.subsidies.programmes import half_each, join, run, thai
from wallet.accounts import AccountKind
from wallet.models import Citizen

pytestmark = pytest.mark.django_db(transaction=True)

WEEKLY = """
[[grants]]
code = "weekly"
amount_satang = 100_00
repeats = { every = "week", weekday = "sat", at = 06:00:00, starts_on = 2025-11-01, ends_on = 2025-11-30 }
"""
FIRST = thai(2025, 11, 1, 6)
PEOPLE = 6

# Does what is due by two at a time, and dies after so many batches, as a worker does whose machine is gone.
DIES = """
import datetime as dt, os, signal, django
django.setup()
from subsidies import dues
for number, _ in enumerate(dues.do(at=dt.datetime.fromisoformat({at!r}), most_at_once=2), start=1):
    if number == {batches}:
        os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture
def market(stage: Stage) -> Stage:
    half_each(stage, WEEKLY)
    for number in range(PEOPLE):
        join(stage, stage.citizen(f"citizen {number}"), "half-each", at=thai(2025, 10, 20))
    return stage


@pytest.fixture
def service(superuser: str) -> dict[str, str]:
    """Return the environment of a process of the service on this test's database."""
    ours = connection.settings_dict
    address = f"postgresql://{ours['USER']}:{ours['PASSWORD']}@/{ours['NAME']}?{superuser.partition('?')[2]}"
    return {**os.environ, "DATABASE_URL": address, "DJANGO_SETTINGS_MODULE": "config.settings"}


def filled() -> Counter[int]:
    """Return how many purses hold how much."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT balance, count(*) FROM wallet_balance WHERE kind = 2 GROUP BY 1")
        return Counter(dict(cursor.fetchall()))


def test_killed_between_batches_it_goes_on_with_the_next(market: Stage, service: dict[str, str]) -> None:
    done = []
    for _ in range(2):
        program = DIES.format(at=FIRST.isoformat(), batches=1)
        died = subprocess.run([sys.executable, "-c", program], cwd=ROOT, env=service, check=False)
        assert died.returncode == -signal.SIGKILL
        done.append(filled()[100_00])
    assert done == [2, 4]
    run(FIRST)
    assert filled() == {100_00: PEOPLE}
    run(thai(2025, 11, 30))
    assert filled() == {500_00: PEOPLE}
    assert Filling.objects.count() == 5 * PEOPLE


@pytest.fixture
def cut_line(superuser: str) -> Iterator[Callable[[str], None]]:
    """Return a function that makes the database cut the line of whoever updates a row of a table, once committed."""
    admin = psycopg2.connect(superuser)
    admin.autocommit = True

    def cut(table: str) -> None:
        with admin.cursor() as cursor:
            cursor.execute("""
                CREATE OR REPLACE FUNCTION cut_the_line() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
                BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END $$
            """)
            cursor.execute(
                f"CREATE TRIGGER cut AFTER UPDATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION cut_the_line()"
            )

    def mend() -> None:
        with admin.cursor() as cursor:
            cursor.execute("DROP FUNCTION IF EXISTS cut_the_line() CASCADE")

    cut.mend = mend  # type: ignore[attr-defined]
    yield cut
    mend()
    admin.close()


@pytest.mark.parametrize("point", ["subsidies_enrolment", "wallet_balance"])
def test_cut_off_in_the_middle_of_a_batch_nothing_of_it_has_happened(
    market: Stage, cut_line: Callable[[str], None], point: str
) -> None:
    cut_line(point)
    with pytest.raises(OperationalError):
        next(dues.do(at=FIRST))
    connection.close()
    cut_line.mend()  # type: ignore[attr-defined]
    assert market.books(AccountKind.PURSE) == {}
    assert Filling.objects.count() == 0
    run(FIRST)
    assert filled() == {100_00: PEOPLE}


def test_whoever_pays_at_this_moment_is_passed_over_and_done_next_time(market: Stage, superuser: str) -> None:
    run(thai(2025, 10, 31))
    payer = Citizen.objects.order_by("id").first()
    assert payer is not None
    other = psycopg2.connect(superuser)
    with other.cursor() as cursor:
        cursor.execute("SELECT 1 FROM wallet_citizen WHERE id = %s FOR NO KEY UPDATE", [str(payer.id)])
        assert sum(dues.do(at=FIRST)) == PEOPLE - 1
    other.rollback()
    other.close()
    assert list(dues.do(at=FIRST)) == [1]
    assert filled() == {100_00: PEOPLE}


def test_no_transaction_holds_more_citizens_than_it_may(market: Stage) -> None:
    assert sum(dues.do(at=FIRST, most_at_once=4)) == PEOPLE
    with connection.cursor() as cursor:
        # What one transaction wrote bears its number.
        cursor.execute("SELECT count(*) FROM subsidies_enrolment GROUP BY xmin::text ORDER BY 1")
        assert [count for (count,) in cursor.fetchall()] == [2, 4]
    assert dues.MOST_AT_ONCE <= 100
    assert Enrolment.objects.filter(next_due_at=thai(2025, 11, 8, 6)).count() == PEOPLE
