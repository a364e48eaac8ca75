"""The books: one append-only table of transfers, and the stored balances of what is a citizen's own.

Every posting takes the barrier first, then the citizens whose money it moves (in order of id), and only then reads:
what is read in the lock's own statement comes from before the wait. Lock order everywhere: barrier, citizen, charge.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Sum

from wallet.accounts import GUARDED, Account
from wallet.ids import uuid7
from wallet.models import Balance, BusinessDay, Channel, DaySeal, DayTotal, Part, Transfer, TransferKind
from wallet.money import Satang
from wallet.refusals import InvariantBroken

# Postings hold the barrier shared; the close of a day takes it alone. The number is "gwal" in ASCII.
BARRIER: Final = 0x6777616C

TAKE_BARRIER: Final = f"SELECT pg_advisory_xact_lock_shared({BARRIER})"
LOCK_CITIZENS: Final = "SELECT 1 FROM wallet_citizen WHERE id = ANY(%s::uuid[]) ORDER BY id FOR NO KEY UPDATE"

ADD_TO_BALANCE: Final = """
    INSERT INTO wallet_balance AS b (owner_id, kind, account_id, balance) VALUES (%s, %s, %s, 0)
    ON CONFLICT (owner_id, kind, account_id) DO NOTHING;
    UPDATE wallet_balance SET balance = balance + %s WHERE owner_id = %s AND kind = %s AND account_id = %s
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """A transfer about to be written. `owner_id` is the citizen's whenever a guarded account takes part."""

    source: Account
    target: Account
    amount: Satang
    kind: TransferKind
    cause: UUID
    owner_id: UUID
    scheme_id: UUID | None = None
    part: Part | None = None
    channel: Channel | None = None


@contextmanager
def posting(*, citizens: Iterable[UUID] = ()) -> Iterator[dt.date]:
    """Open a durable transaction that may post: barrier, then the citizens' locks, then yield the open date.

    When the block ends the money has moved; if it raises, nothing has.

    :raises InvariantBroken: no day is open.
    """
    with transaction.atomic(durable=True):
        yield join(citizens=citizens)


def join(*, citizens: Iterable[UUID] = ()) -> dt.date:
    """Take barrier and locks within the caller's transaction, and return the books' open date.

    :raises InvariantBroken: no day is open, or the caller has no transaction to hold the locks.
    """
    if not connection.in_atomic_block:
        raise InvariantBroken("a posting needs a transaction")
    with connection.cursor() as cursor:
        cursor.execute(TAKE_BARRIER)
        if wanted := sorted(set(citizens)):
            cursor.execute(LOCK_CITIZENS, [wanted])
    return open_date()


def open_date() -> dt.date:
    """Return the business date that the books have open. Take the barrier before you rely on it.

    :raises InvariantBroken: no day is open.
    """
    found = BusinessDay.objects.filter(closed_at__isnull=True).values_list("business_date", flat=True).first()
    if found is None:
        raise InvariantBroken("the books have no open day")
    return found


def post(*, moves: Sequence[Move], business_date: dt.date, at: dt.datetime) -> list[Transfer]:
    """Write transfers and bring the stored balances along, within a `posting` that holds the owners' locks.

    :raises django.db.IntegrityError: a guarded account would fall below zero (`balance_never_below_zero`).
    """
    transfers = Transfer.objects.bulk_create(
        Transfer(
            id=uuid7(),
            owner_id=move.owner_id,
            from_kind=move.source.kind,
            from_id=move.source.id,
            to_kind=move.target.kind,
            to_id=move.target.id,
            amount=move.amount,
            kind=move.kind,
            cause=move.cause,
            scheme_id=move.scheme_id,
            part=move.part,
            channel=move.channel,
            business_date=business_date,
            occurred_at=at,
        )
        for move in moves
    )
    change: Counter[tuple[UUID, Account]] = Counter()
    for move in moves:
        if move.source.kind in GUARDED:
            change[move.owner_id, move.source] -= move.amount
        if move.target.kind in GUARDED:
            change[move.owner_id, move.target] += move.amount
    with connection.cursor() as cursor:
        for (owner_id, account), amount in change.items():
            place = (owner_id, account.kind.value, account.id)
            cursor.execute(ADD_TO_BALANCE, (*place, amount, *place))
    return transfers


def balance(account: Account, *, owner_id: UUID | None = None) -> Satang:
    """Return what an account holds now, in satang: stored for a citizen's own, else summed.

    A sum starts from the totals of the sealed days, so that it stays cheap however long the books grow.
    `owner_id` is needed for a guarded account whose id is not its citizen's (purse, hold).
    """
    if account.kind in GUARDED:
        found = Balance.objects.filter(owner_id=owner_id or account.id, kind=account.kind, account_id=account.id)
        return found.values_list("balance", flat=True).first() or 0
    sealed_to = DaySeal.objects.order_by("-business_date").values_list("business_date", flat=True).first()
    sealed = DayTotal.objects.filter(kind=account.kind, account_id=account.id)
    later = Transfer.objects.all()
    if sealed_to is not None:
        sealed, later = sealed.filter(business_date__lte=sealed_to), later.filter(business_date__gt=sealed_to)
    else:
        sealed = sealed.none()
    totals = sealed.aggregate(money_in=Sum("money_in"), money_out=Sum("money_out"))
    came = later.filter(to_kind=account.kind, to_id=account.id).aggregate(s=Sum("amount"))["s"]
    went = later.filter(from_kind=account.kind, from_id=account.id).aggregate(s=Sum("amount"))["s"]
    return int((totals["money_in"] or 0) - (totals["money_out"] or 0) + (came or 0) - (went or 0))
