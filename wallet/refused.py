"""Refusals that are kept: "why was I refused at 12:03?" has an answer."""

import datetime as dt
from uuid import UUID

import structlog
from django.db import DatabaseError, transaction

from wallet.models import RefusalRecord
from wallet.refusals import Refusal

log = structlog.get_logger()


def keep(*, citizen_id: UUID, charge_id: UUID | None, refusal: Refusal, at: dt.datetime) -> None:
    """Write a refusal as a row, in a transaction of its own, once the refused act has rolled back.

    Best effort: a refusal that cannot be kept is still the answer, so a database failure here is only logged.
    """
    try:
        with transaction.atomic():
            RefusalRecord.objects.create(
                citizen_id=citizen_id, charge_id=charge_id, code=refusal.code, facts=refusal.facts, at=at
            )
    except DatabaseError:
        log.warning("refusal_not_kept", code=refusal.code, exc_info=True)


def newest(*, citizen_id: UUID, at_most: int, before: UUID | None = None) -> list[RefusalRecord]:
    """Return what a citizen was refused, newest first; only what is older than `before`."""
    rows = RefusalRecord.objects.filter(citizen_id=citizen_id)
    if before is not None:
        rows = rows.filter(id__lt=before)
    return list(rows.order_by("-id")[:at_most])
