"""Ways in which the books could fail to balance. There are none; `manage.py check_books` proves it again and again.

Each floor has a list of checks: a name, the promise that it guards (DESIGN: docs/the-books.md), and one query that
returns a row for every place where the promise is broken. The open day is checked in full; days that are sealed are
checked by their totals and hash, unless everything is asked for.
"""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from django.db import connection, transaction

# One broken rule can break a million rows; the first few say enough.
MOST_PER_CHECK: Final = 20

# A nation's day takes longer than the seconds that a request is allowed; nobody waits for it.
UNHURRIED: Final = "SET LOCAL statement_timeout = '2h'"


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One way to be wrong. `sql` may use %(since)s: the first business date that must be read in full."""

    name: str
    promise: int
    says: str
    sql: str


@dataclass(frozen=True, slots=True)
class Fault:
    """One place where a promise is broken."""

    check: str
    promise: int
    says: str
    found: dict[str, Any]

    def __str__(self) -> str:
        """Return the fault as one line for an operator."""
        facts = ", ".join(f"{name}={value}" for name, value in self.found.items())
        return f"{self.check} (promise {self.promise}): {self.says}: {facts}"


CHECKS: Final = (
    Check(
        name="stored_balance_is_the_sum",
        promise=1,
        says="a stored balance is not what its transfers sum to",
        # Balances have no date, so they are checked against all that ever moved on the citizens concerned.
        sql="""
            WITH touched AS (
                SELECT DISTINCT owner_id FROM wallet_transfer
                 WHERE business_date >= %(since)s AND (from_kind <= 3 OR to_kind <= 3)
                UNION SELECT owner_id FROM wallet_balance WHERE %(everything)s
            ), summed AS (
                SELECT owner_id, kind, account_id, sum(amount) AS balance FROM (
                    SELECT owner_id, to_kind AS kind, to_id AS account_id, amount FROM wallet_transfer
                     WHERE to_kind <= 3 AND owner_id IN (SELECT owner_id FROM touched)
                    UNION ALL
                    SELECT owner_id, from_kind, from_id, -amount FROM wallet_transfer
                     WHERE from_kind <= 3 AND owner_id IN (SELECT owner_id FROM touched)
                ) leg GROUP BY 1, 2, 3
            ), stored AS (
                SELECT * FROM wallet_balance WHERE owner_id IN (SELECT owner_id FROM touched)
            )
            SELECT owner_id, kind, account_id, stored.balance AS stored, summed.balance AS summed
              FROM summed FULL JOIN stored USING (owner_id, kind, account_id)
             WHERE coalesce(stored.balance, 0) <> coalesce(summed.balance, 0)
        """,
    ),
    Check(
        name="guarded_account_never_below_zero",
        promise=2,
        says="more went out of a citizen's own account than ever came in",
        sql="""
            WITH touched AS (
                SELECT DISTINCT owner_id FROM wallet_transfer WHERE business_date >= %(since)s AND from_kind <= 3
            )
            SELECT owner_id, kind, account_id, sum(amount) AS balance FROM (
                SELECT owner_id, to_kind AS kind, to_id AS account_id, amount FROM wallet_transfer
                 WHERE to_kind <= 3 AND owner_id IN (SELECT owner_id FROM touched)
                UNION ALL
                SELECT owner_id, from_kind, from_id, -amount FROM wallet_transfer
                 WHERE from_kind <= 3 AND owner_id IN (SELECT owner_id FROM touched)
            ) leg GROUP BY 1, 2, 3 HAVING sum(amount) < 0
        """,
    ),
    Check(
        name="guarded_account_is_its_owners",
        promise=2,
        says="a citizen's money moved under another citizen's name",
        sql="""
            SELECT id, owner_id, from_kind, from_id, to_kind, to_id FROM wallet_transfer
             WHERE business_date >= %(since)s
               AND ((from_kind = 1 AND from_id <> owner_id) OR (to_kind = 1 AND to_id <> owner_id))
        """,
    ),
    Check(
        name="transfer_is_on_a_known_day",
        promise=7,
        says="a transfer lies on a day that the books never opened",
        sql="""
            SELECT DISTINCT business_date FROM wallet_transfer
             WHERE business_date >= %(since)s
               AND business_date NOT IN (SELECT business_date FROM wallet_businessday)
        """,
    ),
    Check(
        name="one_day_is_open",
        promise=7,
        says="the books do not have exactly one open day after all closed ones",
        sql="""
            SELECT count(*) AS open_days, min(business_date) AS open_date FROM wallet_businessday
             WHERE closed_at IS NULL
            HAVING count(*) <> 1 AND EXISTS (SELECT 1 FROM wallet_transfer)
                OR min(business_date) < (SELECT max(business_date) FROM wallet_businessday)
        """,
    ),
    Check(
        name="top_up_is_its_transfer",
        promise=6,
        says="a confirmed top-up and its transfer differ, or one is missing or doubled",
        sql="""
            SELECT coalesce(up.id, moved.cause) AS top_up, up.amount, moved.amount AS moved, moved.times
              FROM (SELECT id, amount, citizen_id FROM wallet_topup WHERE confirmed_at IS NOT NULL) up
              FULL JOIN (SELECT cause, owner_id, sum(amount) AS amount, count(*) AS times FROM wallet_transfer
                          WHERE kind = 'top_up' GROUP BY 1, 2) moved ON moved.cause = up.id
             WHERE up.id IS NULL OR moved.cause IS NULL OR moved.amount <> up.amount OR moved.times <> 1
                OR moved.owner_id <> up.citizen_id
        """,
    ),
    Check(
        name="cash_is_a_citizens",
        promise=2,
        says="a cash account belongs to nobody we know",
        sql="""
            SELECT account_id FROM wallet_balance
             WHERE kind = 1 AND NOT EXISTS (SELECT 1 FROM wallet_citizen WHERE id = account_id)
        """,
    ),
    Check(
        name="transfer_kind_fits_its_accounts",
        promise=1,
        says="a transfer joins two accounts that its kind never joins",
        sql="""
            SELECT id, kind, from_kind, to_kind FROM wallet_transfer
             WHERE business_date >= %(since)s AND (kind, from_kind, to_kind) NOT IN (
                ('remittance', 10, 11), ('funding', 11, 5), ('grant', 5, 2), ('forfeit', 2, 5), ('given_up', 2, 5),
                ('top_up', 9, 1), ('stripe_payout', 10, 9), ('stripe_fee', 7, 9), ('payment', 1, 4), ('payment', 2, 4),
                ('hold', 1, 3), ('hold', 2, 3), ('capture', 3, 4),
                ('release', 3, 1), ('release', 3, 2), ('release', 3, 5),
                ('refund', 4, 1), ('refund', 4, 2), ('refund', 4, 5),
                ('payout_sent', 4, 6), ('payout_confirmed', 6, 10), ('payout_returned', 6, 4),
                ('payout_returned_late', 10, 4), ('earned', 5, 2), ('earned', 5, 1), ('buy_in', 1, 2),
                ('buy_in', 5, 2), ('withdrawn', 2, 1), ('remainder', 2, 5), ('set_aside', 2, 3), ('paid_back', 3, 1),
                ('emptied', 2, 5), ('lapsed', 2, 5), ('ended', 2, 5), ('ended', 2, 1), ('handed_back', 5, 11))
        """,
    ),
    Check(
        name="sealed_day_is_unchanged",
        promise=7,
        says="a sealed day has more or fewer transfers than when it was sealed",
        sql="""
            SELECT seal.business_date, seal.transfers AS sealed, count(moved.id) AS found
              FROM wallet_dayseal seal LEFT JOIN wallet_transfer moved USING (business_date)
             WHERE %(everything)s
             GROUP BY 1, 2 HAVING seal.transfers <> count(moved.id)
        """,
    ),
)


def run(checks: Iterable[Check], *, everything: bool, **known: Any) -> Iterator[Fault]:
    """Yield every fault that `checks` find, each check in a query of its own, at most twenty per check.

    :param known: what else the checks' statements ask for, by the names of their placeholders.
    """
    since = dt.date.min if everything else _first_unsealed()
    asked: dict[str, Any] = {"since": since, "everything": everything, **known}
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(UNHURRIED)
        for check in checks:
            cursor.execute(check.sql, asked)
            columns = [column.name for column in cursor.description or ()]
            for row in cursor.fetchmany(MOST_PER_CHECK):
                yield Fault(check.name, check.promise, check.says, dict(zip(columns, row, strict=True)))


def faults(*, everything: bool = False) -> Iterator[Fault]:
    """Yield the faults of the ground floor."""
    yield from run(CHECKS, everything=everything)


def _first_unsealed() -> dt.date:
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(business_date) + 1 FROM wallet_dayseal")
        (date,) = cursor.fetchone()
    return date or dt.date.min
