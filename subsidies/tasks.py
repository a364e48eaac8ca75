"""What the timetable does on this floor: places, what falls due on rights, totals of closed days, budgets.

Each task reads the clock, calls one operation on the rows that wait for it, and may be lost or run twice: the rows say
what is still to be done.
"""

# mypy: disable-error-code="untyped-decorator"
# Celery ships no types.

from itertools import islice
from typing import Final

import structlog
from celery import shared_task

from subsidies import budgets, called, dues, forfeits, queues, waking
from wallet import clock

log = structlog.get_logger()

# A task ends within its time limit, and the next one goes on where it stopped.
MOST_BATCHES_AT_ONCE: Final = 500


@shared_task(name="subsidies.do_what_is_due")
def do_what_is_due() -> None:
    """Fill, empty and end the purses that are due, by new versions and stops too; pay what was earned or set aside."""
    at = clock.now()
    if woken := sum(islice(waking.wake(at=at), MOST_BATCHES_AT_ONCE)):
        log.info("rights_woken", rights=woken)
    if done := sum(islice(dues.do(at=at), MOST_BATCHES_AT_ONCE)):
        log.info("rights_came_due", rights=done)


@shared_task(name="subsidies.sum_closed_days")
def sum_closed_days() -> None:
    """Sum what moved of each scheme's money on the days that are closed."""
    budgets.sum_days(at=clock.now())


@shared_task(name="subsidies.watch_budgets")
def watch_budgets() -> None:
    """Warn of the schemes whose money is running out."""
    for warning in budgets.watch(at=clock.now()):
        log.warning(
            "budget_reached",
            scheme=str(warning.scheme_id),
            of=warning.of,
            percent=warning.percent,
            amount_satang=warning.amount,
            funded_satang=warning.funded,
        )


@shared_task(name="subsidies.give_free_places")
def give_free_places() -> None:
    """Give the places that were lost, given up or added to those who wait."""
    given = queues.give_free_places(at=clock.now())
    if given.places or given.passed_over:
        log.info("places_given", places=given.places, passed_over=given.passed_over)


@shared_task(name="subsidies.enrol_by_list")
def enrol_by_list() -> None:
    """Enrol those whom a list names, once they have a wallet."""
    done = called.enrol(at=clock.now())
    if done != called.Answered():
        log.info("enrolled_by_list", enrolled=done.enrolled, waiting=done.waiting, passed_over=done.passed_over)


@shared_task(name="subsidies.take_back_unused_rights")
def take_back_unused_rights() -> None:
    """Take back the rights that were not used by their first-use deadline."""
    if taken := forfeits.take_back_unused(at=clock.now()):
        log.info("rights_forfeited", rights=taken)
