"""Settlement batches: the timetable builds one, an officer submits it, another approves it, and the payouts are sent.

Each officer acts on what they were shown: count, total and a digest of every payout. If the batch has changed since,
the act is refused. On approval the money leaves the merchants' payables for in-transit. An act that comes again under
its `key`, because its answer was lost, returns what it did the first time.
"""

import datetime as dt
from typing import ClassVar, Final
from uuid import UUID

from django.db import connection, transaction

from settlement import payouts
from settlement.models import Batch, DaySliced, Decision, Submission, Verdict, WaitingSlice
from settlement.payouts import Totals
from settlement.slices import UNHURRIED
from wallet import audit, keys, ledger, officers, second_factors
from wallet.ids import uuid7
from wallet.refusals import Refusal

# Whoever takes slices out of the queue, or merchants out of batches, does so alone. "gset" in ASCII.
BUILDING: Final = 0x67736574
ALONE: Final = f"SELECT pg_advisory_xact_lock({BUILDING})"

# Everything that is due, netted per merchant. What nets to nothing or less stays in the queue: it is carried forward.
# One statement, so that what is summed and what is taken are the same slices, also while a day is being sliced.
BUILD: Final = """
    WITH net AS (
        SELECT settlement_uuid7() AS payout_id, merchant_id, sum(amount)::bigint AS amount
          FROM settlement_waitingslice waiting
         WHERE due_at <= %(at)s AND NOT EXISTS (
                SELECT 1 FROM settlement_withholding withheld
                 WHERE withheld.merchant_id = waiting.merchant_id AND withheld.released_at IS NULL)
         GROUP BY merchant_id HAVING sum(amount) > 0
    ), paid AS (
        INSERT INTO settlement_payout (id, batch_id, merchant_id, amount, bank_code, bank_account_sealed)
        SELECT net.payout_id, %(batch)s, net.merchant_id, net.amount, merchant.bank_code, merchant.bank_account_sealed
          FROM net JOIN merchants_merchant merchant ON merchant.id = net.merchant_id
         ORDER BY net.merchant_id
        RETURNING id, merchant_id, amount
    ), taken AS (
        DELETE FROM settlement_waitingslice waiting USING paid
         WHERE waiting.merchant_id = paid.merchant_id AND waiting.due_at <= %(at)s
        RETURNING paid.id AS payout_id, waiting.slice_id
    ), linked AS (
        INSERT INTO settlement_payoutslice (payout_id, slice_id) SELECT payout_id, slice_id FROM taken
    )
    INSERT INTO settlement_batch (id, built_at, payouts, amount)
    SELECT %(batch)s, %(at)s, count(*), sum(amount) FROM paid HAVING count(*) > 0
"""


class BatchUnknown(Refusal):
    """There is no such batch."""

    code: ClassVar = "batch_unknown"
    status: ClassVar = 404


class NothingDue(Refusal):
    """No merchant is owed anything that is due now."""

    code: ClassVar = "nothing_due"


class BatchDecided(Refusal):
    """The batch is approved or rejected already."""

    code: ClassVar = "batch_decided"


class AlreadySubmitted(Refusal):
    """An officer has submitted the batch already; another one approves it."""

    code: ClassVar = "already_submitted"


class NotSubmitted(Refusal):
    """Nobody has submitted the batch, so nobody can approve it."""

    code: ClassVar = "not_submitted"


class ApproverSubmitted(Refusal):
    """Who submits never approves."""

    code: ClassVar = "approver_submitted"
    status: ClassVar = 403


class BatchChanged(Refusal):
    """The batch is not what the officer, or the one who submitted it, was shown."""

    code: ClassVar = "batch_changed"


def build(*, at: dt.datetime) -> Batch:
    """Build a batch of all slices that are due and in no live payout, netted per merchant, without withheld merchants.

    :raises NothingDue: there is nothing to pay.
    """
    batch_id = uuid7()
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute(UNHURRIED)
        cursor.execute(ALONE)
        cursor.execute(BUILD, {"batch": batch_id, "at": at})
        if not cursor.rowcount:
            raise NothingDue
        batch = Batch.objects.get(id=batch_id)
        _keep(audit.Actor("timetable", "build_batches"), "batch.build", batch, payouts.totals(batch_id=batch_id), at)
    return batch


def build_due(*, at: dt.datetime) -> Batch:
    """Build a batch if a settlement window has opened, or a day was counted late, since the last one was built.

    What comes back from the bank in between, or was rejected, goes with the next window: the officers are not asked to
    approve a batch for every payout that returns.

    :raises NothingDue: no window has opened since, or there is nothing to pay.
    """
    last = Batch.objects.order_by("-built_at").values_list("built_at", flat=True).first()
    if last is not None and not (
        WaitingSlice.objects.filter(due_at__gt=last, due_at__lte=at).exists()
        or DaySliced.objects.filter(at__gt=last, at__lte=at).exists()
    ):
        raise NothingDue
    return build(at=at)


def submit(*, batch: Batch, actor: audit.Actor, seen: Totals, at: dt.datetime, key: str | None = None) -> Submission:
    """Say, as the first of two officers, that this batch may be paid.

    :param seen: what the officer was shown, from `payouts.totals`.
    :raises NotAnOfficer | BatchDecided | AlreadySubmitted | KeyReused:
    :raises BatchChanged: with what the batch is now.
    """
    officer = officers.of(actor)
    content = {"submit": batch.id, "seen": seen.digest}
    with transaction.atomic(durable=True):
        _lock(batch)
        if key and keys.claim(caller_id=officer.id, key=key, content=content, outcome_id=batch.id, at=at):
            return Submission.objects.get(batch=batch)
        _must_be_undecided(batch)
        if Submission.objects.filter(batch=batch).exists():
            raise AlreadySubmitted
        _must_be(seen, payouts.totals(batch_id=batch.id))
        _keep(actor, "batch.submit", batch, seen, at)
        return Submission.objects.create(batch=batch, officer=officer, seen=bytes.fromhex(seen.digest), at=at)


def approve(
    *,
    batch: Batch,
    actor: audit.Actor,
    second_factor: str,
    seen: Totals,
    at: dt.datetime,
    key: str | None = None,
) -> Decision:
    """Approve a batch as the second officer, and send its payouts: payable → in-transit, one transfer for each.

    :param second_factor: a TOTP code from the officer's device, made now.
    :raises NotAnOfficer | BatchDecided | NotSubmitted | ApproverSubmitted | KeyReused:
    :raises BatchChanged: since the officer looked, or since the other officer submitted.
    :raises SecondFactorWrong: counted, and that alone is committed.
    """
    officer = officers.of(actor)
    content = {"approve": batch.id, "seen": seen.digest}
    with ledger.posting() as business_date:
        _lock(batch)
        if key and keys.earlier(caller_id=officer.id, key=key, content=content):
            return Decision.objects.get(batch=batch)
        _must_be_undecided(batch)
        submission = Submission.objects.filter(batch=batch).first()
        if submission is None:
            raise NotSubmitted
        if submission.officer_id == officer.id:
            raise ApproverSubmitted
        now = payouts.totals(batch_id=batch.id)
        _must_be(seen, now)
        if bytes(submission.seen).hex() != now.digest:
            raise BatchChanged(payouts=now.payouts, total_satang=now.amount, digest=now.digest)
        wrong = second_factors.judge(officer=officer, code=second_factor)
        if wrong is None:
            if key:
                keys.claim(caller_id=officer.id, key=key, content=content, outcome_id=batch.id, at=at)
            _keep(actor, "batch.approve", batch, now, at)
            decision = Decision.objects.create(
                batch=batch,
                verdict=Verdict.APPROVED,
                officer=officer,
                submitted_by=submission.officer_id,
                seen=bytes.fromhex(now.digest),
                at=at,
            )
            payouts.send(batch_id=batch.id, business_date=business_date, at=at)
            return decision
        audit.record(actor=actor, act="batch.second_factor_wrong", subject_id=batch.id, at=at)
    raise wrong


def reject(*, batch: Batch, actor: audit.Actor, reason: str, at: dt.datetime, key: str | None = None) -> Decision:
    """Reject a batch, submitted or not: nothing is sent, and its slices are free for the next one.

    :raises NotAnOfficer | BatchDecided | KeyReused:
    """
    officer = officers.of(actor)
    content = {"reject": batch.id, "reason": reason}
    with transaction.atomic(durable=True):
        _lock(batch)
        if key and keys.claim(caller_id=officer.id, key=key, content=content, outcome_id=batch.id, at=at):
            return Decision.objects.get(batch=batch)
        _must_be_undecided(batch)
        submission = Submission.objects.filter(batch=batch).first()
        audit.record(actor=actor, act="batch.reject", subject_id=batch.id, at=at, reason=reason)
        payouts.free_batch(batch_id=batch.id, at=at)
        return Decision.objects.create(
            batch=batch,
            verdict=Verdict.REJECTED,
            officer=officer,
            submitted_by=None if submission is None else submission.officer_id,
            reason=reason,
            at=at,
        )


def of(*, batch_id: UUID) -> Batch:
    """Return a batch, with who submitted and who decided it.

    :raises BatchUnknown: there is none of this id.
    """
    found = Batch.objects.select_related("submission__officer__user", "decision__officer__user").filter(id=batch_id)
    batch = found.first()
    if batch is None:
        raise BatchUnknown
    return batch


def recent(*, most: int = 50, before: UUID | None = None) -> list[Batch]:
    """Return the newest batches with their submissions and decisions, `most` of them, older than `before` if given."""
    batches = Batch.objects.select_related("submission__officer__user", "decision__officer__user").order_by("-id")
    return list((batches if before is None else batches.filter(id__lt=before))[:most])


def undecided() -> list[Batch]:
    """Return the batches that wait for an officer, oldest first."""
    waiting = Batch.objects.filter(decision__isnull=True).select_related("submission__officer__user")
    return list(waiting.order_by("id"))


def _lock(batch: Batch) -> None:
    # Locked in one statement and looked at in the next: the decision may have come while this one waited.
    with connection.cursor() as cursor:
        cursor.execute(UNHURRIED)
        cursor.execute("SELECT 1 FROM settlement_batch WHERE id = %s FOR NO KEY UPDATE", [batch.id])


def _must_be_undecided(batch: Batch) -> None:
    decided = Decision.objects.filter(batch=batch).first()
    if decided is not None:
        raise BatchDecided(verdict=decided.verdict, decided_at=decided.at.isoformat())


def _must_be(seen: Totals, now: Totals) -> None:
    if seen != now:
        raise BatchChanged(payouts=now.payouts, total_satang=now.amount, digest=now.digest)


def _keep(actor: audit.Actor, act: str, batch: Batch, totals: Totals, at: dt.datetime) -> None:
    audit.record(
        actor=actor,
        act=act,
        subject_id=batch.id,
        at=at,
        payouts=totals.payouts,
        total_satang=totals.amount,
        digest=totals.digest,
    )
