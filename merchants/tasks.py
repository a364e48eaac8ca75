"""What the timetable does on this floor: the nightly audit of per-person limits."""

# mypy: disable-error-code="untyped-decorator"
# Celery ships no types.

from itertools import islice
from typing import Final

import structlog
from celery import shared_task

from merchants import limit_audits
from wallet import clock

log = structlog.get_logger()

# A nation takes many tasks: each ends within its time limit, and the next one goes on where it stopped.
MOST_RANGES_AT_ONCE: Final = 500


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
