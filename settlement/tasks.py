"""What the timetable does on this floor: close, count, seal, build, write and watch.

Each task reads the clock, calls one operation on the rows that wait for it, and may be lost or run twice: the rows say
what is still to be done.
"""

# mypy: disable-error-code="untyped-decorator"
# Celery ships no types.

from typing import Final

import structlog
from celery import shared_task

import merchants.faults
import settlement.faults
import subsidies.faults
import wallet.faults
from settlement import bankfiles, batches, days, discrepancies, reconciliation, report_cells, seals, slices, tallies
from settlement.batches import NothingDue
from settlement.days import BooksBusy
from settlement.reconciliation import AlreadyReconciled
from settlement.report_cells import NothingToCount
from settlement.seals import NothingToSeal
from settlement.slices import AlreadySliced
from wallet import clock

log = structlog.get_logger()

# A task ends within its time limit, and the next one goes on; a month of days is more than ever waits.
MOST_DAYS_AT_ONCE: Final = 31
MOST_STATEMENTS_AT_ONCE: Final = 31


@shared_task(name="settlement.close_due_days")
def close_due_days() -> None:
    """Close every day that is over in Bangkok."""
    try:
        days.close_due(at=clock.now())
    except BooksBusy:
        log.warning("day_not_closed_yet")  # payers come first; the timetable calls again


@shared_task(name="settlement.write_slices")
def write_slices() -> None:
    """Write the slices of the closed days that have none."""
    for business_date in slices.unsliced_days()[:MOST_DAYS_AT_ONCE]:
        try:
            slices.write(business_date=business_date, at=clock.now())
        except AlreadySliced:
            log.info("sliced_elsewhere", business_date=business_date.isoformat())


@shared_task(name="settlement.seal_days")
def seal_days() -> None:
    """Total and seal the closed days whose slices are written, in order."""
    for _ in range(MOST_DAYS_AT_ONCE):
        try:
            seals.seal_next(at=clock.now())
        except NothingToSeal:
            return


@shared_task(name="settlement.count_report_days")
def count_report_days() -> None:
    """Count what schemes did on the closed days, for the reports of officers."""
    for _ in range(MOST_DAYS_AT_ONCE):
        try:
            report_cells.count_next(at=clock.now())
        except NothingToCount:
            return


@shared_task(name="settlement.count_tallies")
def count_tallies() -> None:
    """Count what was sold since the last time, for whoever watches the open day."""
    tallies.count()


@shared_task(name="settlement.build_batches")
def build_batches() -> None:
    """Build a batch of what is due once a settlement window has opened, for the officers to look at."""
    try:
        batch = batches.build_due(at=clock.now())
    except NothingDue:
        return
    log.info("batch_built", batch=str(batch.id), payouts=batch.payouts, amount_satang=batch.amount)


@shared_task(name="settlement.write_bank_files")
def write_bank_files() -> None:
    """Write the bank files that approved batches still lack."""
    for batch in bankfiles.unwritten():
        bankfiles.write_all(batch=batch, at=clock.now())


@shared_task(name="settlement.reconcile_statements")
def reconcile_statements() -> None:
    """Match the statements that were taken in."""
    for statement in reconciliation.unreconciled()[:MOST_STATEMENTS_AT_ONCE]:
        try:
            reconciliation.reconcile(statement=statement, at=clock.now())
        except AlreadyReconciled:
            log.info("reconciled_elsewhere", statement=statement.bank_id)


@shared_task(name="settlement.watch_payouts")
def watch_payouts() -> None:
    """Name the payouts about which the bank says nothing."""
    if unanswered := discrepancies.watch(at=clock.now()):
        log.warning("payouts_unanswered", payouts=unanswered)


@shared_task(name="settlement.check_books")
def check_books() -> None:
    """Look for faults in the days that are not sealed, on every floor; there are none, or somebody is woken."""
    for floor in (wallet.faults, subsidies.faults, merchants.faults, settlement.faults):
        for fault in floor.faults():
            log.error("books_have_a_fault", check=fault.check, promise=fault.promise, fault=str(fault))
