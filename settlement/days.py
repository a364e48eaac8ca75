"""Business days: exactly one is open, and closing it is one short flip behind the barrier.

A day is due to close at midnight in Bangkok; it may be closed late, and is never closed early. Everything that counts a
day comes afterwards, over rows that can no longer change.
"""

import datetime as dt
import random
import time
from typing import ClassVar, Final

from django.db import OperationalError, connection, transaction
from psycopg2.errors import LockNotAvailable

from wallet import ledger
from wallet.clock import BANGKOK, today
from wallet.models import BusinessDay
from wallet.refusals import Refusal

# Postings queue behind whoever waits for the barrier alone, so the close gives up soon, lets them pass and comes back.
WAIT: Final = "200ms"
MOST_TRIES: Final = 20
LONGEST_REST_SECONDS: Final = 2.0

# After a long silence (a restored backup, a demonstration moved on by months) the rest is left to the next call.
MOST_DAYS_AT_ONCE: Final = 31

ALONE: Final = f"SET LOCAL lock_timeout = '{WAIT}'; SELECT pg_advisory_xact_lock({ledger.BARRIER})"


class DayNotOver(Refusal):
    """The open day has not ended in Bangkok; a day is never closed early."""

    code: ClassVar = "day_not_over"


class BooksOpenAlready(Refusal):
    """The books were opened before."""

    code: ClassVar = "books_open_already"


class BooksBusy(Refusal):
    """Postings held the barrier for longer than the close was willing to wait. Nothing has changed; try again."""

    code: ClassVar = "books_busy"
    status: ClassVar = 423


def open_first(*, business_date: dt.date, at: dt.datetime) -> BusinessDay:
    """Open the books for the first time.

    :raises BooksOpenAlready: they were opened before.
    """
    with transaction.atomic(durable=True):
        _take_alone()
        if BusinessDay.objects.exists():
            raise BooksOpenAlready
        return BusinessDay.objects.create(business_date=business_date, opened_at=at)


def close(*, at: dt.datetime) -> BusinessDay:
    """Close the open day, open the next date, and return the day that was closed.

    :raises DayNotOver: it is still that day in Bangkok.
    :raises BooksBusy: the barrier was not free for long enough, within twenty tries.
    """
    for tries_left in reversed(range(MOST_TRIES)):
        _must_be_over(BusinessDay.objects.get(closed_at=None), at=at)
        try:
            with transaction.atomic(durable=True):
                _take_alone()
                return _flip(at=at)
        except OperationalError as error:
            if not isinstance(error.__cause__, LockNotAvailable):
                raise
        if tries_left:
            # Jitter: two processes that close at once must not meet again and again.
            time.sleep(random.uniform(0.1, LONGEST_REST_SECONDS) / (1 + tries_left / 4))  # noqa: S311  no secret
    raise BooksBusy(tries=MOST_TRIES)


def close_due(*, at: dt.datetime) -> list[BusinessDay]:
    """Close every day that is over, one by one, and return them in order; missed days are closed empty.

    :raises BooksBusy: the barrier was not free; the days closed so far stay closed.
    """
    closed: list[BusinessDay] = []
    # Before the books are opened for the first time there is nothing to close.
    while len(closed) < MOST_DAYS_AT_ONCE and BusinessDay.objects.exists():
        try:
            closed.append(close(at=at))
        except DayNotOver:
            break
    return closed


def newest(*, at_most: int) -> list[BusinessDay]:
    """Return the days of the books, newest first: the open one, then the closed ones."""
    return list(BusinessDay.objects.order_by("-business_date")[:at_most])


def due_to_close_at(day: BusinessDay) -> dt.datetime:
    """Return the instant, midnight in Bangkok, from which a day may be closed."""
    return dt.datetime.combine(day.business_date + dt.timedelta(days=1), dt.time.min, BANGKOK)


def _take_alone() -> None:
    with connection.cursor() as cursor:
        cursor.execute(ALONE)


def _flip(*, at: dt.datetime) -> BusinessDay:
    """Close and open, looking only after the barrier: another process may have flipped while this one waited."""
    day = BusinessDay.objects.get(closed_at=None)
    _must_be_over(day, at=at)
    day.closed_at = at
    day.save(update_fields=["closed_at"])
    BusinessDay.objects.create(business_date=day.business_date + dt.timedelta(days=1), opened_at=at)
    return day


def _must_be_over(day: BusinessDay, *, at: dt.datetime) -> None:
    if today(at) <= day.business_date:
        raise DayNotOver(business_date=day.business_date.isoformat(), due_at=due_to_close_at(day).isoformat())
