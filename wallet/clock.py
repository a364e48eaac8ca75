"""What time it is, for the porch alone: operations are given `at`.

The demonstration has a clock of its own, one row in the database, so that every process sees the same market day.
A production configuration refuses it.
"""

import datetime as dt
from typing import Final
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone

from wallet.models import DemoClock

BANGKOK: Final = ZoneInfo("Asia/Bangkok")


def now() -> dt.datetime:
    """Return the instant, aware and in UTC, at which the porch lets an operation happen."""
    real = timezone.now()
    if not settings.DEMO_CLOCK:
        return real
    clock = DemoClock.objects.filter(id=1).first()
    if clock is None:
        return real
    return clock.stands_at if clock.runs_since is None else clock.stands_at + (real - clock.runs_since)


def today(at: dt.datetime) -> dt.date:
    """Return the calendar date in Bangkok at this instant. A posting's date comes from the books instead."""
    return at.astimezone(BANGKOK).date()


def stand_at(at: dt.datetime) -> None:
    """Move the demonstration's clock and let it stand still."""
    DemoClock.objects.update_or_create(id=1, defaults={"stands_at": at, "runs_since": None})


def run_from(at: dt.datetime) -> None:
    """Let the demonstration's clock run on from `at`."""
    DemoClock.objects.update_or_create(id=1, defaults={"stands_at": at, "runs_since": timezone.now()})
