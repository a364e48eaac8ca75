"""Reconciliation: every line of a statement is a payout's answer, a credit that we expect, or a named discrepancy.

What the bank moved is what our books moved, plus the discrepancies: for each statement, to the satang.
"""

import datetime as dt
from contextlib import suppress
from dataclasses import dataclass
from typing import BinaryIO, ClassVar, Final

from django.db import connection

from settlement import discrepancies, payouts, statements
from settlement.models import Discrepancy, DiscrepancyKind, PayoutConfirmation, PayoutReturn, Statement
from settlement.slices import UNHURRIED
from wallet import audit, ledger
from wallet.refusals import Refusal

# "grec" in ASCII.
ALONE: Final = f"SELECT pg_advisory_xact_lock({0x67726563})"

# Debits are read before credits, wherever they stand: a payout that the bank took and gave back on one day is
# confirmed, then returned. Equal lines of one statement count once (`nth`); the others are repetitions.
MATCH: Final = """
    WITH line AS (
        SELECT *, row_number() OVER (PARTITION BY end_to_end_id, amount ORDER BY number) AS nth,
               CASE WHEN end_to_end_id ~ '^[0-9a-f]{32}$' THEN end_to_end_id::uuid END AS our_id
          FROM settlement_statementline WHERE statement_id = %(statement)s
    ), seen AS (
        SELECT line.*, payout.id AS payout_id, payout.amount AS expected,
               decision.verdict IS NOT DISTINCT FROM 'approved' AS sent,
               confirmed.payout_id IS NOT NULL AS confirmed, returned.payout_id IS NOT NULL AS returned,
               moved.cause AS expected_credit
          FROM line
          LEFT JOIN settlement_payout payout ON payout.id = line.our_id
          LEFT JOIN settlement_decision decision ON decision.batch_id = payout.batch_id
          LEFT JOIN settlement_payoutconfirmation confirmed ON confirmed.payout_id = payout.id
          LEFT JOIN settlement_payoutreturn returned ON returned.payout_id = payout.id
          -- What our books already have the bank receive: its sender was given an id, which is its owner and cause.
          LEFT JOIN wallet_transfer moved
                 ON payout.id IS NULL AND moved.owner_id = line.our_id AND moved.cause = line.our_id
                AND moved.kind IN ('remittance', 'stripe_payout') AND moved.amount = line.amount
                AND NOT EXISTS (SELECT 1 FROM settlement_knowncredit known WHERE known.cause = moved.cause)
    ), judged AS (
        SELECT *, CASE
            WHEN payout_id IS NULL AND expected_credit IS NOT NULL AND nth = 1 THEN 'expected'
            WHEN payout_id IS NULL THEN 'line_unknown'
            WHEN NOT sent THEN 'payout_not_sent'
            WHEN abs(amount) <> expected THEN 'amount_differs'
            WHEN nth > 1 THEN 'line_repeated'
            WHEN amount < 0 AND confirmed THEN 'line_repeated'
            WHEN amount < 0 AND returned THEN 'paid_after_return'
            WHEN amount < 0 THEN 'confirmed'
            WHEN returned THEN 'line_repeated'
            ELSE 'returned' END AS verdict
          FROM seen
    ), settled AS (
        SELECT judged.*, confirmed OR EXISTS (
                SELECT 1 FROM judged debit WHERE debit.verdict = 'confirmed' AND debit.payout_id = judged.payout_id
               ) AS after_confirmation
          FROM judged WHERE verdict = 'returned'
    ), confirmation AS (
        INSERT INTO settlement_payoutconfirmation (payout_id, statement_id, line, at)
        SELECT payout_id, statement_id, number, %(at)s FROM judged WHERE verdict = 'confirmed'
    ), return AS (
        INSERT INTO settlement_payoutreturn (payout_id, statement_id, line, after_confirmation, reason, at)
        SELECT payout_id, statement_id, number, after_confirmation, return_reason, %(at)s FROM settled
    ), credit AS (
        INSERT INTO settlement_knowncredit (statement_id, line, cause, at)
        SELECT statement_id, number, expected_credit, %(at)s FROM judged WHERE verdict = 'expected'
    ), amiss AS (
        SELECT verdict AS kind, payout_id, statement_id, number, amount, expected, end_to_end_id, reference,
               return_reason
          FROM judged WHERE verdict NOT IN ('confirmed', 'returned', 'expected')
         UNION ALL
        SELECT 'return_without_debit', payout_id, statement_id, number, amount, expected, end_to_end_id, reference,
               return_reason
          FROM settled WHERE NOT after_confirmation
    )
    INSERT INTO settlement_discrepancy (id, kind, owner, amount, payout_id, statement_id, line, facts, found_at)
    SELECT settlement_uuid7(), kind, desk.owner, amount, payout_id, statement_id, number,
           jsonb_strip_nulls(jsonb_build_object(
                'line_satang', amount, 'payout_satang', expected, 'end_to_end_id', nullif(end_to_end_id, ''),
                'bank_reference', reference, 'return_reason', nullif(return_reason, ''))),
           %(at)s
      FROM amiss LEFT JOIN unnest(%(kinds)s::text[], %(owners)s::text[]) AS desk (kind, owner) USING (kind)
"""


class AlreadyReconciled(Refusal):
    """The statement is reconciled."""

    code: ClassVar = "already_reconciled"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a statement said: how many payouts the bank confirmed and returned, and how many lines did not match."""

    statement: Statement
    confirmed: int
    returned: int
    discrepancies: int


def unreconciled() -> list[Statement]:
    """Return the statements that are taken in and not reconciled, in the order in which the bank closed them."""
    return list(Statement.objects.filter(reconciled_at=None).order_by("closing_date", "id"))


def reconcile(*, statement: Statement, at: dt.datetime) -> None:
    """Match every line of a statement, book what the bank did with our payouts, and name what does not match.

    :raises AlreadyReconciled: another run, or another process, has done it.
    """
    with ledger.posting() as business_date, connection.cursor() as cursor:
        cursor.execute(UNHURRIED)
        # Two statements at once could answer one payout twice: they take their turns.
        cursor.execute(ALONE)
        locked = Statement.objects.select_for_update().get(id=statement.id)
        if locked.reconciled_at is not None:
            raise AlreadyReconciled(statement=locked.bank_id)
        owners = discrepancies.OWNERS
        cursor.execute(
            MATCH, {"statement": locked.id, "at": at, "kinds": list(owners), "owners": list(owners.values())}
        )
        payouts.settle(statement_id=locked.id, business_date=business_date, at=at)
        discrepancies.resolve_answered(statement=locked, at=at)
        _must_follow_on(locked, at=at)
        locked.reconciled_at = at
        locked.save(update_fields=["reconciled_at"])


def take_in(*, file: BinaryIO, actor: audit.Actor, at: dt.datetime, key: str | None = None) -> Outcome:
    """Take in a statement and reconcile it at once; if that stops half way, the timetable goes on.

    :raises Refusal: as `statements.take` says.
    """
    statement = statements.take(file=file, actor=actor, at=at, key=key)
    # Another process may be faster, or it is an answer that was lost.
    with suppress(AlreadyReconciled):
        reconcile(statement=statement, at=at)
    return outcome(statement=statement)


def outcome(*, statement: Statement) -> Outcome:
    """Return what a statement said, as far as it is reconciled."""
    return Outcome(
        statement,
        confirmed=PayoutConfirmation.objects.filter(statement_id=statement.id).count(),
        returned=PayoutReturn.objects.filter(statement_id=statement.id).count(),
        discrepancies=Discrepancy.objects.filter(statement_id=statement.id).count(),
    )


def _must_follow_on(statement: Statement, *, at: dt.datetime) -> None:
    """Name a gap between a statement and the one before: lines that nobody has shown us."""
    earlier = Statement.objects.filter(closing_date__lt=statement.closing_date).order_by("-closing_date", "-id").first()
    if earlier is not None and earlier.closing_balance != statement.opening_balance:
        discrepancies.name(
            kind=DiscrepancyKind.STATEMENT_MISSING,
            amount=statement.opening_balance - earlier.closing_balance,
            statement=statement,
            at=at,
            closed_at_satang=earlier.closing_balance,
            opens_at_satang=statement.opening_balance,
        )
