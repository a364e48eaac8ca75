"""Payouts: one bank transfer to one merchant, which pays whole slices. They move by the batch, never one by one."""

import datetime as dt
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db import connection

from wallet.accounts import NIL, AccountKind
from wallet.models import TransferKind
from wallet.money import Satang

# A digest of all that an officer approves: who gets how much, and into which account.
TOTALS: Final = r"""
    SELECT count(*), coalesce(sum(amount), 0), encode(sha256(coalesce(string_agg(
                uuid_send(id) || uuid_send(merchant_id) || int8send(amount) || textsend(bank_code) || '\x00'::bytea
                || sha256(bank_account_sealed), ''::bytea ORDER BY merchant_id), ''::bytea)), 'hex')
      FROM settlement_payout WHERE batch_id = %s
"""

# Payout transfers belong to the payout, not to a slice; their owner is the merchant.
MOVE: Final = """
    INSERT INTO wallet_transfer
           (id, owner_id, from_kind, from_id, to_kind, to_id, amount, kind, cause, business_date, occurred_at)
    SELECT settlement_uuid7(), merchant_id,
           %(from)s, CASE WHEN %(from)s = {payable} THEN merchant_id ELSE '{nil}' END,
           %(to)s, CASE WHEN %(to)s = {payable} THEN merchant_id ELSE '{nil}' END,
           amount, %(kind)s, id, %(date)s, %(at)s
      FROM settlement_payout WHERE {which}
"""

FREE: Final = """
    WITH freed AS (
        UPDATE settlement_payoutslice SET freed_at = %(at)s
         WHERE freed_at IS NULL AND payout_id IN (SELECT id FROM settlement_payout WHERE {which})
        RETURNING slice_id
    )
    INSERT INTO settlement_waitingslice (slice_id, merchant_id, amount, due_at)
    SELECT id, merchant_id, amount, due_at FROM settlement_slice WHERE id IN (SELECT slice_id FROM freed)
"""

# Which payouts: those of a batch, or those about which a statement said one thing or the other.
OF_BATCH: Final = "batch_id = %(of)s"
CONFIRMED_BY: Final = "id IN (SELECT payout_id FROM settlement_payoutconfirmation WHERE statement_id = %(of)s)"
RETURNED_BY: Final = (
    "id IN (SELECT payout_id FROM settlement_payoutreturn WHERE statement_id = %(of)s AND NOT after_confirmation)"
)
RETURNED_LATE_BY: Final = (
    "id IN (SELECT payout_id FROM settlement_payoutreturn WHERE statement_id = %(of)s AND after_confirmation)"
)

OF_ONE_BATCH: Final = """
    SELECT payout.id, payout.merchant_id, merchant.name, payout.amount,
           CASE WHEN returned.payout_id IS NOT NULL THEN 'returned'
                WHEN confirmed.payout_id IS NOT NULL THEN 'confirmed'
                ELSE coalesce(decision.verdict, 'waiting') END,
           coalesce(returned.reason, '')
      FROM settlement_payout payout
      JOIN merchants_merchant merchant ON merchant.id = payout.merchant_id
      LEFT JOIN settlement_decision decision ON decision.batch_id = payout.batch_id
      LEFT JOIN settlement_payoutconfirmation confirmed ON confirmed.payout_id = payout.id
      LEFT JOIN settlement_payoutreturn returned ON returned.payout_id = payout.id
     WHERE payout.batch_id = %s AND payout.merchant_id > %s
     ORDER BY payout.merchant_id LIMIT %s
"""


@dataclass(frozen=True, slots=True)
class Totals:
    """What an officer is shown of a batch, and says yes to: amount in satang, digest of every payout as hex."""

    payouts: int
    amount: Satang
    digest: str


@dataclass(frozen=True, slots=True)
class PayoutLine:
    """One payout as a list shows it.

    :ivar state: waiting, approved (which means sent), rejected, confirmed or returned.
    """

    payout_id: UUID
    merchant_id: UUID
    merchant: str
    amount: Satang
    state: str
    return_reason: str


def totals(*, batch_id: UUID) -> Totals:
    """Return what an officer must see before they say yes to a batch."""
    with connection.cursor() as cursor:
        cursor.execute(TOTALS, [batch_id])
        count, amount, digest = cursor.fetchone()
    return Totals(payouts=count, amount=int(amount), digest=digest)


def of_batch(*, batch_id: UUID, after: UUID = NIL, most: int = 100) -> list[PayoutLine]:
    """Return payouts of a batch in order of merchant id, `most` of them, those after the merchant `after`."""
    with connection.cursor() as cursor:
        cursor.execute(OF_ONE_BATCH, [batch_id, after, most])
        return [PayoutLine(*row) for row in cursor.fetchall()]


def send(*, batch_id: UUID, business_date: dt.date, at: dt.datetime) -> int:
    """Move every payout of a batch from payable to in-transit, within a posting; return how many."""
    return _move(
        OF_BATCH,
        batch_id,
        TransferKind.PAYOUT_SENT,
        AccountKind.PAYABLE,
        AccountKind.IN_TRANSIT,
        business_date=business_date,
        at=at,
    )


def settle(*, statement_id: UUID, business_date: dt.date, at: dt.datetime) -> None:
    """Move every payout that a statement answered, within a posting, and free the slices of those that came back."""
    for which, kind, source, target in (
        (CONFIRMED_BY, TransferKind.PAYOUT_CONFIRMED, AccountKind.IN_TRANSIT, AccountKind.BANK),
        (RETURNED_BY, TransferKind.PAYOUT_RETURNED, AccountKind.IN_TRANSIT, AccountKind.PAYABLE),
        (RETURNED_LATE_BY, TransferKind.PAYOUT_RETURNED_LATE, AccountKind.BANK, AccountKind.PAYABLE),
    ):
        _move(which, statement_id, kind, source, target, business_date=business_date, at=at)
    for which in (RETURNED_BY, RETURNED_LATE_BY):
        _free(which, statement_id, at=at)


def free_batch(*, batch_id: UUID, at: dt.datetime) -> None:
    """Put the slices of all payouts of a rejected batch back into the queue."""
    _free(OF_BATCH, batch_id, at=at)


def _move(
    which: str,
    of: UUID,
    kind: TransferKind,
    source: AccountKind,
    target: AccountKind,
    *,
    business_date: dt.date,
    at: dt.datetime,
) -> int:
    statement = MOVE.format(which=which, payable=int(AccountKind.PAYABLE), nil=NIL)
    with connection.cursor() as cursor:
        cursor.execute(
            statement, {"of": of, "from": source, "to": target, "kind": kind, "date": business_date, "at": at}
        )
        return int(cursor.rowcount)


def _free(which: str, of: UUID, *, at: dt.datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute(FREE.format(which=which), {"of": of, "at": at})
