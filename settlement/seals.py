"""A closed day is totalled and sealed: sums start from its totals, and its hash proves that nothing in it changed."""

import datetime as dt
from typing import Any, ClassVar, Final

from django.db import connection, transaction

from settlement.models import DaySliced
from settlement.slices import UNHURRIED
from wallet.accounts import GUARDED
from wallet.models import BusinessDay, DaySeal
from wallet.refusals import Refusal

# Each shared account by itself. Citizens' own accounts have stored balances and would be millions of rows a day, so
# each kind of them is one row, under the nil id: with those, the totals of a day sum to zero over all kinds.
TOTALS: Final = """
    SELECT business_date, kind, id, sum(money_in)::bigint AS money_in, sum(money_out)::bigint AS money_out FROM (
        SELECT business_date, to_kind AS kind,
               CASE WHEN to_kind = ANY(%(guarded)s) THEN '00000000-0000-0000-0000-000000000000' ELSE to_id END AS id,
               amount AS money_in, 0 AS money_out
          FROM wallet_transfer WHERE business_date = ANY(%(dates)s)
         UNION ALL
        SELECT business_date, from_kind,
               CASE WHEN from_kind = ANY(%(guarded)s) THEN '00000000-0000-0000-0000-000000000000' ELSE from_id END,
               0, amount
          FROM wallet_transfer WHERE business_date = ANY(%(dates)s)
    ) leg GROUP BY 1, 2, 3
"""

WRITE_TOTALS: Final = f"INSERT INTO wallet_daytotal (business_date, kind, account_id, money_in, money_out) {TOTALS}"

# What is hashed of a transfer: every column but `recorded_at`, in the binary form in which PostgreSQL sends it, which
# no setting of a session changes. The transfers are hashed by minutes (the first 32 bits of a UUIDv7 count 65.5
# seconds), each minute's in order of id, and then the minutes: no more than a minute's is ever held in memory.
HASHES: Final = """
    SELECT business_date, sum(transfers)::bigint AS transfers, string_agg(hash, ''::bytea ORDER BY minute) AS hashes
      FROM (
        SELECT business_date, substring(uuid_send(id) FOR 4) AS minute, count(*) AS transfers,
               sha256(string_agg(
                    uuid_send(id) || uuid_send(owner_id) || int2send(from_kind) || uuid_send(from_id)
                    || int2send(to_kind) || uuid_send(to_id) || int8send(amount) || uuid_send(cause)
                    || uuid_send(coalesce(scheme_id, '00000000-0000-0000-0000-000000000000'))
                    || int2send(coalesce(part, 0::smallint)) || int2send(coalesce(channel, 0::smallint))
                    || date_send(business_date) || timestamptz_send(occurred_at) || textsend(kind) || '\\x00'::bytea,
                    ''::bytea ORDER BY id, owner_id)) AS hash
          FROM wallet_transfer WHERE business_date = ANY(%(dates)s) GROUP BY 1, 2
    ) minute GROUP BY 1
"""

# Chained: the day before is part of the hash, so that one published hash vouches for all that went before it.
WRITE_SEAL: Final = f"""
    INSERT INTO wallet_dayseal (business_date, transfers, hash, sealed_at)
    SELECT %(date)s, coalesce(transfers, 0),
           sha256(%(before)s::bytea || date_send(%(date)s) || coalesce(hashes, ''::bytea)), %(at)s
      FROM (SELECT 1) one LEFT JOIN ({HASHES}) hashed ON true
"""  # noqa: S608  a constant of ours

BEFORE_THE_FIRST: Final = bytes(32)


class NothingToSeal(Refusal):
    """Every closed day whose slices are written is sealed."""

    code: ClassVar = "nothing_to_seal"


def seal_next(*, at: dt.datetime) -> dt.date:
    """Total and seal the oldest closed day that is not sealed, once its slices are written; return its date.

    :raises NothingToSeal: there is none, or the oldest has no slices yet. Days are sealed in order, each on the last.
    """
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute(UNHURRIED)
        unsealed = BusinessDay.objects.filter(closed_at__isnull=False)
        unsealed = unsealed.exclude(business_date__in=DaySeal.objects.values("business_date"))
        oldest = unsealed.order_by("business_date").values_list("business_date", flat=True).first()
        if oldest is None or not DaySliced.objects.filter(business_date=oldest).exists():
            raise NothingToSeal
        # Two processes at once: the second waits here, and then sees what the first has done.
        BusinessDay.objects.select_for_update().get(business_date=oldest)
        if DaySeal.objects.filter(business_date=oldest).exists():
            raise NothingToSeal
        before = DaySeal.objects.order_by("-business_date").values_list("hash", flat=True).first()
        values: dict[str, Any] = {
            "date": oldest,
            "dates": [oldest],
            "guarded": sorted(GUARDED),
            "before": BEFORE_THE_FIRST if before is None else bytes(before),
            "at": at,
        }
        cursor.execute(WRITE_TOTALS, values)
        cursor.execute(WRITE_SEAL, values)
    return oldest
