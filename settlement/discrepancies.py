"""Discrepancies: what did not match between our books and the bank, named, owned, and open until someone says why."""

import datetime as dt
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, ClassVar, Final
from uuid import UUID

from django.db import IntegrityError, connection, transaction

from settlement.models import Discrepancy, DiscrepancyKind, Resolution, Statement
from settlement.slices import UNHURRIED
from wallet import audit, keys, officers
from wallet.ids import uuid7
from wallet.money import Satang
from wallet.refusals import Refusal

# The desk that has to act. The bank desk rings the bank; the treasury desk knows who owes and pays us what.
OWNERS: Final[Mapping[str, str]] = MappingProxyType(
    {
        DiscrepancyKind.LINE_UNKNOWN.value: "treasury desk",
        DiscrepancyKind.LINE_REPEATED.value: "bank desk",
        DiscrepancyKind.AMOUNT_DIFFERS.value: "bank desk",
        DiscrepancyKind.PAYOUT_NOT_SENT.value: "security desk",
        DiscrepancyKind.PAYOUT_UNANSWERED.value: "bank desk",
        DiscrepancyKind.RETURN_WITHOUT_DEBIT.value: "bank desk",
        DiscrepancyKind.PAID_AFTER_RETURN.value: "bank desk",
        DiscrepancyKind.STATEMENT_MISSING.value: "bank desk",
    }
)

# A bank transfer is booked on the day or the next; a weekend may lie between.
ANSWER_WITHIN: Final = dt.timedelta(days=3)

# Only batches that the bank has not answered in full are looked through, however many there ever were.
WATCH: Final = """
    WITH silent AS (
        SELECT payout.id, payout.batch_id, payout.amount, decision.at AS sent_at
          FROM settlement_batch batch
          JOIN settlement_decision decision ON decision.batch_id = batch.id AND decision.verdict = 'approved'
          JOIN settlement_payout payout ON payout.batch_id = batch.id
         WHERE batch.answered_at IS NULL AND batch.built_at <= %(since)s AND decision.at <= %(since)s
           AND NOT EXISTS (SELECT 1 FROM settlement_payoutconfirmation answer WHERE answer.payout_id = payout.id)
           AND NOT EXISTS (SELECT 1 FROM settlement_payoutreturn answer WHERE answer.payout_id = payout.id)
    )
    INSERT INTO settlement_discrepancy (id, kind, owner, amount, payout_id, facts, found_at)
    SELECT settlement_uuid7(), 'payout_unanswered', %(owner)s, amount, id,
           jsonb_build_object('payout_satang', amount, 'sent_at', sent_at), %(at)s
      FROM silent
        ON CONFLICT (payout_id) WHERE kind = 'payout_unanswered' DO NOTHING
"""

ANSWERED: Final = """
    UPDATE settlement_batch batch SET answered_at = %(at)s
     WHERE answered_at IS NULL
       AND EXISTS (SELECT 1 FROM settlement_decision WHERE batch_id = batch.id AND verdict = 'approved')
       AND NOT EXISTS (
            SELECT 1 FROM settlement_payout payout
             WHERE payout.batch_id = batch.id
               AND NOT EXISTS (SELECT 1 FROM settlement_payoutconfirmation answer WHERE answer.payout_id = payout.id)
               AND NOT EXISTS (SELECT 1 FROM settlement_payoutreturn answer WHERE answer.payout_id = payout.id))
"""

RESOLVE_ANSWERED: Final = """
    INSERT INTO settlement_resolution (discrepancy_id, "by", reason, at)
    SELECT open.id, 'timetable:reconcile', %(reason)s, %(at)s FROM settlement_discrepancy open
     WHERE open.kind = 'payout_unanswered'
       AND open.payout_id IN (
            SELECT payout_id FROM settlement_payoutconfirmation WHERE statement_id = %(statement)s
             UNION SELECT payout_id FROM settlement_payoutreturn WHERE statement_id = %(statement)s)
       AND NOT EXISTS (SELECT 1 FROM settlement_resolution WHERE discrepancy_id = open.id)
"""


class DiscrepancyUnknown(Refusal):
    """There is no such discrepancy."""

    code: ClassVar = "discrepancy_unknown"
    status: ClassVar = 404


class DiscrepancyResolved(Refusal):
    """Somebody has said already why it is settled."""

    code: ClassVar = "discrepancy_resolved"


def name(*, kind: DiscrepancyKind, amount: Satang, statement: Statement, at: dt.datetime, **facts: Any) -> Discrepancy:
    """Keep a discrepancy of a statement as a whole; facts are plain JSON values."""
    return Discrepancy.objects.create(
        id=uuid7(),
        kind=kind,
        owner=OWNERS[kind.value],
        amount=amount,
        statement_id=statement.id,
        line=0,
        facts=facts,
        found_at=at,
    )


def watch(*, at: dt.datetime) -> int:
    """Name every payout that the bank has not answered within three days, once; return how many are new."""
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute(UNHURRIED)
        cursor.execute(ANSWERED, {"at": at})
        owner = OWNERS[DiscrepancyKind.PAYOUT_UNANSWERED.value]
        cursor.execute(WATCH, {"since": at - ANSWER_WITHIN, "owner": owner, "at": at})
        return int(cursor.rowcount)


def resolve(
    *, discrepancy: Discrepancy, actor: audit.Actor, reason: str, at: dt.datetime, key: str | None = None
) -> Resolution:
    """Say why a discrepancy is settled. It moves no money: what must move is booked by its own operation.

    :raises NotAnOfficer | DiscrepancyResolved | KeyReused:
    """
    officer = officers.of(actor)
    content = {"resolve": discrepancy.id, "reason": reason}
    try:
        with transaction.atomic(durable=True):
            if key and keys.claim(caller_id=officer.id, key=key, content=content, outcome_id=discrepancy.id, at=at):
                return Resolution.objects.get(discrepancy=discrepancy)
            audit.record(actor=actor, act="discrepancy.resolve", subject_id=discrepancy.id, at=at, reason=reason)
            return Resolution.objects.create(discrepancy=discrepancy, by=str(actor), reason=reason, at=at)
    except IntegrityError as error:
        raise DiscrepancyResolved from error


def resolve_answered(*, statement: Statement, at: dt.datetime) -> None:
    """Settle the discrepancies of payouts that were unanswered until this statement, and say which batches are done."""
    reason = f"answered by statement {statement.bank_id}"
    with connection.cursor() as cursor:
        cursor.execute(ANSWERED, {"at": at})
        cursor.execute(RESOLVE_ANSWERED, {"statement": statement.id, "reason": reason, "at": at})


def of(*, discrepancy_id: UUID) -> Discrepancy:
    """Return a discrepancy.

    :raises DiscrepancyUnknown: there is none of this id.
    """
    found = Discrepancy.objects.filter(id=discrepancy_id).first()
    if found is None:
        raise DiscrepancyUnknown
    return found


def open_ones(*, most: int = 100, after: UUID | None = None) -> list[Discrepancy]:
    """Return discrepancies that nobody has settled, oldest first, `most` of them, those found after `after`."""
    found = Discrepancy.objects.filter(resolution__isnull=True).order_by("id")
    return list((found if after is None else found.filter(id__gt=after))[:most])
