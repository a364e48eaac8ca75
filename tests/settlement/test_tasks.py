"""The timetable plays the night through: each task may be lost or run twice."""

import datetime as dt
import io
from collections.abc import Callable

import pytest
from django.db import connection
from pytest_django import Settings
from structlog.testing import capture_logs

from settlement import bankfiles, batches, statements, tallies, tasks
from settlement.models import Batch, Discrepancy, Slice
from tests.cast import Citizen, Stage, Stall, buy
from tests.settlement.market import HALF_PAST_FIVE, MIDNIGHT, TWO
from tests.settlement.office import Bank, Office, payout_to
from tests.settlement.test_batches import owed
from wallet import clock
from wallet.models import BusinessDay, DaySeal

pytestmark = pytest.mark.django_db

NIGHT = (tasks.close_due_days, tasks.write_slices, tasks.seal_days, tasks.build_batches)
MORNING = (tasks.write_bank_files, tasks.reconcile_statements, tasks.watch_payouts)


@pytest.fixture(autouse=True)
def _demo_clock(settings: Settings) -> None:
    settings.DEMO_CLOCK = True


def play(*which: Callable[[], None], at: dt.datetime) -> None:
    """Run tasks at an instant, each twice."""
    clock.stand_at(at)
    for task in which:
        task()
        task()


def test_a_night_without_sales_leaves_no_batch(stage: Stage) -> None:
    play(*NIGHT, *MORNING, at=TWO)
    assert BusinessDay.objects.count() == 2
    assert DaySeal.objects.count() == 1
    assert Batch.objects.count() == 0


def test_from_a_sale_to_the_banks_word_with_every_task_delivered_twice(
    stage: Stage, office: Office, bank: Bank, somchai: Citizen, malee: Stall
) -> None:
    buy(somchai, malee, 100_00)
    play(*NIGHT, at=MIDNIGHT - dt.timedelta(seconds=1))
    assert Slice.objects.count() == 0
    play(*NIGHT, at=HALF_PAST_FIVE)
    (batch,) = batches.undecided()
    assert batch.amount == 100_00
    office.submit(batch, at=HALF_PAST_FIVE)
    office.approve(batch, at=HALF_PAST_FIVE)
    play(*MORNING, at=HALF_PAST_FIVE)
    assert [file.amount for file in bankfiles.of_batch(batch=batch)] == [100_00]
    bank.pay(payout_to(malee, batch=batch))
    statements.take(file=io.BytesIO(bank.statement()), actor=office.ploy.actor, at=HALF_PAST_FIVE)
    play(*MORNING, at=HALF_PAST_FIVE)
    assert owed(stage) == {}
    batch.refresh_from_db()
    assert batch.answered_at == HALF_PAST_FIVE
    assert Discrepancy.objects.count() == 0


@pytest.mark.breaks_the_books
@pytest.mark.django_db(transaction=True)
def test_the_timetable_says_aloud_what_is_wrong_with_the_books(
    stage: Stage, somchai: Citizen, malee: Stall, break_books: Callable[..., None]
) -> None:
    buy(somchai, malee, 100_00)
    with capture_logs() as said:
        tasks.check_books()
    assert said == []
    break_books("DELETE FROM wallet_requestkey")
    with capture_logs() as said:
        tasks.check_books()
    assert [(line["event"], line["log_level"], line["check"]) for line in said] == [
        ("books_have_a_fault", "error", "key_has_its_payment")
    ]


def test_the_day_is_tallied_by_the_timetable(stage: Stage, somchai: Citizen, malee: Stall) -> None:
    buy(somchai, malee, 100_00)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE settlement_tallyreached SET until = until - interval '1 minute'")
    before = tallies.age()
    play(tasks.count_tallies, at=TWO)
    assert tallies.age() < before
