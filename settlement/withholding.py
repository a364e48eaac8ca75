"""Withhold a merchant's payouts while something is looked into, and release them: rows with who, when and why.

The merchant's slices stay in the queue, where they can be seen, and are paid with the first batch after the release.
"""

import datetime as dt
from typing import ClassVar, Final

from django.db import connection, transaction

from merchants.models import Merchant
from settlement import batches
from settlement.models import Batch, Decision, Payout, Submission, Withholding
from wallet import audit, officers
from wallet.ids import uuid7
from wallet.refusals import Refusal

# The payout was never sent, so it goes as if it had not been built; the audit keeps that it was.
TAKE_OUT: Final = """
    WITH out AS (
        DELETE FROM settlement_payout WHERE batch_id = %(batch)s AND merchant_id = %(merchant)s RETURNING id, amount
    ), unlinked AS (
        DELETE FROM settlement_payoutslice link USING out WHERE link.payout_id = out.id RETURNING link.slice_id
    ), waiting AS (
        INSERT INTO settlement_waitingslice (slice_id, merchant_id, amount, due_at)
        SELECT id, merchant_id, amount, due_at FROM settlement_slice JOIN unlinked ON slice_id = id
    )
    UPDATE settlement_batch SET payouts = payouts - 1, amount = settlement_batch.amount - out.amount
      FROM out WHERE settlement_batch.id = %(batch)s
"""


class AlreadyWithheld(Refusal):
    """The merchant's payouts are withheld already."""

    code: ClassVar = "already_withheld"


class NotWithheld(Refusal):
    """There is nothing to release."""

    code: ClassVar = "not_withheld"


def withhold(*, merchant: Merchant, reason: str, actor: audit.Actor, at: dt.datetime) -> Withholding:
    """Pay this merchant nothing until released, also in batches that are built but not decided.

    Such a batch has then changed, so whoever had submitted it must look again.

    :raises NotAnOfficer | AlreadyWithheld:
    """
    officers.of(actor)
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute(batches.ALONE)
        if Withholding.objects.filter(merchant=merchant, released_at=None).exists():
            raise AlreadyWithheld
        withholding = Withholding.objects.create(id=uuid7(), merchant=merchant, by=str(actor), reason=reason, at=at)
        undecided = Payout.objects.filter(merchant_id=merchant.id, batch__decision__isnull=True)
        for batch in Batch.objects.filter(id__in=undecided.values("batch_id")).order_by("id"):
            _take_out(merchant, batch)
        audit.record(actor=actor, act="merchant.withhold", subject_id=merchant.id, at=at, reason=reason)
    return withholding


def release(*, merchant: Merchant, actor: audit.Actor, at: dt.datetime) -> None:
    """Let a merchant be paid again, with the next batch.

    :raises NotAnOfficer | NotWithheld:
    """
    officers.of(actor)
    with transaction.atomic(durable=True):
        held = Withholding.objects.filter(merchant=merchant, released_at=None)
        if not held.update(released_at=at, released_by=str(actor)):
            raise NotWithheld
        audit.record(actor=actor, act="merchant.release", subject_id=merchant.id, at=at)


def _take_out(merchant: Merchant, batch: Batch) -> None:
    # Locked in one statement and looked at in the next: officers may have decided while this one waited.
    Batch.objects.select_for_update(no_key=True).get(id=batch.id)
    if Decision.objects.filter(batch=batch).exists():
        return
    with connection.cursor() as cursor:
        cursor.execute(TAKE_OUT, {"batch": batch.id, "merchant": merchant.id})
    Submission.objects.filter(batch=batch).delete()
