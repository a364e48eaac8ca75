"""What the timetable does on this floor: holds that are over are released, limits audited, shops' systems told.

Webhooks live by real time, which their receivers judge them by, whatever a demonstration's clock says.
"""

# mypy: disable-error-code="untyped-decorator"
# Celery ships no types.

from itertools import islice
from typing import Final

import structlog
from celery import shared_task
from django.utils import timezone

from merchants import forgetting, holds, limit_audits
from merchants.webhooks import delivering, outbox
from wallet import clock

log = structlog.get_logger()

# One after another, each a few milliseconds under its own citizen's lock; the next run goes on.
MOST_HOLDS_AT_ONCE: Final = 500

# Of each table, in one statement of some tenths of a second; a nation has fewer in an hour.
MOST_FORGOTTEN_AT_ONCE: Final = 20_000

# A nation takes many tasks: each ends within its time limit, and the next one goes on where it stopped.
MOST_RANGES_AT_ONCE: Final = 500
# Then the next call of the timetable takes over; far below the time limit of a task.
DELIVERING_SECONDS: Final = 20.0


@shared_task(name="merchants.expire_holds")
def expire_holds() -> None:
    """Give back what was held and not captured in time."""
    if released := holds.expire(at=clock.now(), at_most=MOST_HOLDS_AT_ONCE):
        log.info("holds_expired", holds=released)


@shared_task(name="merchants.forget_what_ran_out")
def forget_what_ran_out() -> None:
    """Delete proposals and invitations that ran out a month ago."""
    if forgotten := forgetting.forget(at=clock.now(), at_most=MOST_FORGOTTEN_AT_ONCE):
        log.info("forgotten", rows=forgotten)


@shared_task(name="merchants.audit_limits")
def audit_limits() -> None:
    """Sum anew what everybody used of every cap, once a night; there is no breach, or somebody is woken."""
    at = clock.now()
    if not limit_audits.is_due(at=at):
        return
    for audited in islice(limit_audits.audit(at=at), MOST_RANGES_AT_ONCE):
        for breach in audited.breaches:
            log.error(
                "limit_breached",
                citizen=str(breach.citizen_id),
                cap=breach.cap,
                used=breach.used,
                most=breach.most,
                stored=breach.stored,
            )


@shared_task(name="merchants.fill_outbox")
def fill_outbox() -> None:
    """Write the messages that shops with an endpoint have not been sent yet."""
    outbox.fill(at=timezone.now())


@shared_task(name="merchants.deliver_webhooks")
def deliver_webhooks() -> None:
    """Send the messages that are due."""
    delivering.deliver_due(clock=timezone.now, seconds=DELIVERING_SECONDS)
