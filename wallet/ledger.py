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
from wallet.models import Balance, Channel, DaySeal, DayTotal, Part, Transfer, TransferKind
from wallet.money import Satang
from wallet.prepared import BY_INDEX, Prepared
from wallet.refusals import InvariantBroken

# Postings hold the barrier shared; the close of a day takes it alone. The number is "gwal" in ASCII.
BARRIER: Final = 0x6777616C

TAKE_BARRIER: Final = f"SELECT pg_advisory_xact_lock_shared({BARRIER})"
LOCK_CITIZENS: Final = "SELECT 1 FROM wallet_citizen WHERE id = ANY(%s::uuid[]) ORDER BY id FOR NO KEY UPDATE"
LOCK_FREE_CITIZENS: Final = (
    "SELECT id FROM wallet_citizen WHERE id = ANY(%s::uuid[]) ORDER BY id FOR NO KEY UPDATE SKIP LOCKED"
)

OPEN_DATE: Final = "SELECT business_date FROM wallet_businessday WHERE closed_at IS NULL"

# Transfers, and the stored balances along with them. What is taken must be there, so it is an update; where there is no
# balance to take from, the insert that is tried instead fails on `balance_never_below_zero`, as an update would.
POST: Final = Prepared(
    types={
        "ids": "uuid[]",
        "owners": "uuid[]",
        "from_kinds": "smallint[]",
        "from_ids": "uuid[]",
        "to_kinds": "smallint[]",
        "to_ids": "uuid[]",
        "amounts": "bigint[]",
        "kinds": "text[]",
        "causes": "uuid[]",
        "schemes": "uuid[]",
        "parts": "smallint[]",
        "channels": "smallint[]",
        "business_date": "date",
        "at": "timestamptz",
        "holders": "uuid[]",
        "held_kinds": "smallint[]",
        "held_ids": "uuid[]",
        "changes": "bigint[]",
    },
    sql="""
    WITH written AS (
        INSERT INTO wallet_transfer (id, owner_id, from_kind, from_id, to_kind, to_id, amount, kind, cause, scheme_id,
                                     part, channel, business_date, occurred_at)
        SELECT move.*, %(business_date)s, %(at)s
          FROM unnest(%(ids)s, %(owners)s, %(from_kinds)s, %(from_ids)s, %(to_kinds)s, %(to_ids)s, %(amounts)s,
                      %(kinds)s, %(causes)s, %(schemes)s, %(parts)s, %(channels)s) AS move
    ), change AS (
        SELECT * FROM unnest(%(holders)s, %(held_kinds)s, %(held_ids)s, %(changes)s)
                      AS change (owner_id, kind, account_id, amount)
    ), taken AS (
        UPDATE wallet_balance held SET balance = held.balance + change.amount
          FROM change
         WHERE change.amount < 0 AND held.owner_id = change.owner_id
           AND held.kind = change.kind AND held.account_id = change.account_id
        RETURNING held.owner_id, held.kind, held.account_id
    ), given AS (
        INSERT INTO wallet_balance AS held (owner_id, kind, account_id, balance)
        SELECT owner_id, kind, account_id, amount FROM change
         WHERE (owner_id, kind, account_id) NOT IN (SELECT owner_id, kind, account_id FROM taken)
            ON CONFLICT (owner_id, kind, account_id) DO UPDATE SET balance = held.balance + excluded.balance
    )
    SELECT 1
    """,
)


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


@contextmanager
def posting_for_the_free(*, citizens: Iterable[UUID]) -> Iterator[tuple[dt.date, list[UUID]]]:
    """Open the same for those citizens whom nobody else holds at this moment; yield the open date and who they are.

    The timetable waits for no payer: whom it passes over is still due when it comes again.
    """
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute(TAKE_BARRIER)
        cursor.execute(LOCK_FREE_CITIZENS, [sorted(set(citizens))])
        free = [citizen_id for (citizen_id,) in cursor.fetchall()]
        yield open_date(), free


def join(*, citizens: Iterable[UUID] = ()) -> dt.date:
    """Take barrier and locks within the caller's transaction, and return the books' open date.

    :raises InvariantBroken: no day is open, or the caller has no transaction to hold the locks.
    """
    if not connection.in_atomic_block:
        raise InvariantBroken("a posting needs a transaction")
    wanted = sorted(set(citizens))
    # One round trip, but statements of their own, each with its own snapshot: what is read comes after the wait.
    steps = (TAKE_BARRIER, LOCK_CITIZENS, OPEN_DATE) if wanted else (TAKE_BARRIER, OPEN_DATE)
    with connection.cursor() as cursor:
        cursor.execute(";\n".join(steps), [wanted] if wanted else [])
        return _must_be_open(cursor.fetchone())


def open_date() -> dt.date:
    """Return the business date that the books have open. Take the barrier before you rely on it.

    :raises InvariantBroken: no day is open.
    """
    with connection.cursor() as cursor:
        cursor.execute(OPEN_DATE)
        return _must_be_open(cursor.fetchone())


def _must_be_open(found: tuple[dt.date] | None) -> dt.date:
    if found is None:
        raise InvariantBroken("the books have no open day")
    return found[0]


def post(*, moves: Sequence[Move], business_date: dt.date, at: dt.datetime) -> None:
    """Write transfers and bring the stored balances along, within a `posting` that holds the owners' locks.

    :raises django.db.IntegrityError: a guarded account would fall below zero (`balance_never_below_zero`).
    """
    change: Counter[tuple[UUID, Account]] = Counter()
    for move in moves:
        if move.source.kind in GUARDED:
            change[move.owner_id, move.source] -= move.amount
        if move.target.kind in GUARDED:
            change[move.owner_id, move.target] += move.amount
    values = {
        "ids": [uuid7() for _ in moves],
        "owners": [move.owner_id for move in moves],
        "from_kinds": [move.source.kind for move in moves],
        "from_ids": [move.source.id for move in moves],
        "to_kinds": [move.target.kind for move in moves],
        "to_ids": [move.target.id for move in moves],
        "amounts": [move.amount for move in moves],
        "kinds": [move.kind for move in moves],
        "causes": [move.cause for move in moves],
        "schemes": [move.scheme_id for move in moves],
        "parts": [move.part for move in moves],
        "channels": [move.channel for move in moves],
        "business_date": business_date,
        "at": at,
        "holders": [owner_id for owner_id, _ in change],
        "held_kinds": [account.kind for _, account in change],
        "held_ids": [account.id for _, account in change],
        "changes": list(change.values()),
    }
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {BY_INDEX};\n{POST.on(cursor)}", POST.values(values))


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
