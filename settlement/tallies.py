"""What was sold on a day so far: by hour, scheme and province, counted as it comes.

A nation's open day is thirty million transfers, and an officer's page asks every few seconds. So the timetable counts
each transfer once, a few seconds after it was recorded, and a page adds up some hundred cells.
"""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Sum

from settlement.models import Tally, TallyReached
from wallet.accounts import NIL
from wallet.models import SLICED
from wallet.money import Satang

# A posting is recorded when it begins and seen when it ends. Twice as long as one waits for a lock; one that took still
# longer is missing from the day's figures, and from nothing that is paid by.
BEHIND: Final = dt.timedelta(seconds=10)
# At the peak of a nation's day this is half a million transfers: some seconds of a worker, and little memory.
MOST_AT_ONCE: Final = dt.timedelta(minutes=3)
# A day's silence, caught up in one run; after a longer one the next run goes on.
MOST_STEPS: Final = 480

HOURS_OF_A_DAY: Final = 24

# The database's own clock, as in `recorded_at`: a demonstration's market day may be another than today.
REACH: Final = """
    SELECT until, least(clock_timestamp() - make_interval(secs => %s), until + make_interval(secs => %s))
      FROM settlement_tallyreached FOR UPDATE
"""
# A shop is told as its charge kept it, the branch's province before the shop's. All transfers of a payment are recorded
# at one instant, so that the first of them, with which it is counted, is always in sight.
COUNT: Final = """
    WITH due AS (
        SELECT business_date, occurred_at, owner_id, cause, amount, part, scheme_id, to_kind = 4 AS is_paid,
               CASE WHEN to_kind = 4 THEN to_id ELSE from_id END AS merchant_id
          FROM wallet_transfer
         WHERE recorded_at >= %(since)s AND recorded_at < %(until)s AND kind = ANY(%(kinds)s)
           AND 4 IN (from_kind, to_kind)
    ), sold AS (
        SELECT due.business_date, extract(hour FROM due.occurred_at AT TIME ZONE 'Asia/Bangkok')::smallint AS hour,
               coalesce(due.scheme_id, %(own)s::uuid) AS scheme_id,
               coalesce(left(coalesce(charge.merchant_facts, shop.facts)->>'province', 60), '') AS province,
               CASE WHEN is_paid THEN due.amount ELSE 0 END AS paid,
               CASE WHEN is_paid THEN 0 ELSE due.amount END AS refunded,
               is_paid AND row_number() OVER (
                    PARTITION BY due.owner_id, due.cause, is_paid ORDER BY due.part, due.scheme_id) = 1 AS is_first
          FROM due
          JOIN merchants_merchant shop ON shop.id = due.merchant_id
          LEFT JOIN merchants_payment payment ON payment.owner_id = due.owner_id AND payment.id = due.cause
          LEFT JOIN merchants_charge charge ON charge.id = payment.charge_id
    )
    INSERT INTO settlement_tally AS known (business_date, hour, scheme_id, province, payments, paid, refunded)
    SELECT business_date, hour, scheme_id, province, count(*) FILTER (WHERE is_first), sum(paid), sum(refunded)
      FROM sold GROUP BY 1, 2, 3, 4
    ON CONFLICT (business_date, hour, scheme_id, province) DO UPDATE
       SET payments = known.payments + excluded.payments, paid = known.paid + excluded.paid,
           refunded = known.refunded + excluded.refunded
"""

_FIGURES: Final = ("payments", "citizen", "state", "refunded")
SUMS: Final = """
    coalesce(sum(payments), 0)::bigint, coalesce(sum(paid) FILTER (WHERE scheme_id = %(own)s), 0)::bigint,
    coalesce(sum(paid) FILTER (WHERE scheme_id <> %(own)s), 0)::bigint, coalesce(sum(refunded), 0)::bigint
"""
SO_FAR: Final = f"SELECT {SUMS} FROM settlement_tally WHERE business_date = %(date)s"  # noqa: S608  ours
OF_DAY: Final = f"""
    SELECT hour, scheme_id, province, {SUMS} FROM settlement_tally WHERE business_date = %(date)s
     GROUP BY GROUPING SETS ((hour), (scheme_id), (province))
"""  # noqa: S608  likewise


@dataclass(frozen=True, slots=True, kw_only=True)
class Sold:
    """What was sold, in satang but for the count. What was given back is not taken off.

    :ivar citizen: paid of citizens' own money, `state` by schemes.
    """

    payments: int = 0
    citizen: Satang = 0
    state: Satang = 0
    refunded: Satang = 0

    @property
    def whole(self) -> Satang:
        """What shops asked for."""
        return self.citizen + self.state


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """What was sold on one business date, told in three ways.

    :ivar hours: all 24 of them; where a day was closed late, the first hold what came after midnight too.
    :ivar schemes: what each scheme paid, by its id; under the nil id what citizens paid themselves.
    :ivar provinces: most first; an empty name is where nobody said.
    """

    hours: list[Sold]
    schemes: dict[UUID, Sold]
    provinces: dict[str, Sold]


def count(*, behind: dt.timedelta = BEHIND) -> int:
    """Tally what was recorded since the last time, up to `behind` before now; return in how many steps.

    Each step is one transaction with how far it came: killed, the next run goes on there, and nothing counts twice.
    """
    for step in range(MOST_STEPS):
        with transaction.atomic(durable=True), connection.cursor() as cursor:
            # Two processes at once: the second waits here, and goes on where the first has come to.
            cursor.execute(REACH, [behind.total_seconds(), MOST_AT_ONCE.total_seconds()])
            since, until = cursor.fetchone()
            if until <= since:
                return step
            cursor.execute(COUNT, {"since": since, "until": until, "kinds": list(SLICED), "own": NIL})
            TallyReached.objects.update(until=until)
        if until < since + MOST_AT_ONCE:
            return step + 1
    return MOST_STEPS


def age() -> dt.timedelta:
    """Return how long ago, by the database's clock, that was recorded which was tallied last."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp() - until FROM settlement_tallyreached")
        (behind,) = cursor.fetchone()
    return dt.timedelta(seconds=behind.total_seconds())


def so_far(*, business_date: dt.date) -> Sold:
    """Return what was sold on a business date."""
    with connection.cursor() as cursor:
        cursor.execute(SO_FAR, {"date": business_date, "own": NIL})
        return Sold(**dict(zip(_FIGURES, map(int, cursor.fetchone()), strict=True)))


def of_day(*, business_date: dt.date) -> Day:
    """Return what was sold on a business date, told in every way."""
    hours: dict[int, Sold] = {}
    schemes: dict[UUID, Sold] = {}
    provinces: dict[str, Sold] = {}
    with connection.cursor() as cursor:
        cursor.execute(OF_DAY, {"date": business_date, "own": NIL})
        for hour, scheme_id, province, *sums in cursor.fetchall():
            sold = Sold(**dict(zip(_FIGURES, map(int, sums), strict=True)))
            if hour is not None:
                hours[hour] = sold
            elif scheme_id is not None:
                schemes[scheme_id] = sold
            else:
                provinces[province] = sold
    return Day(
        hours=[hours.get(hour, Sold()) for hour in range(HOURS_OF_A_DAY)],
        schemes=schemes,
        provinces=dict(sorted(provinces.items(), key=lambda each: -each[1].whole)),
    )


def spent_by_schemes(*, business_dates: Collection[dt.date]) -> dict[UUID, Satang]:
    """Return what schemes spent on these dates less refunds, by id."""
    rows = Tally.objects.filter(business_date__in=business_dates).exclude(scheme_id=NIL)
    spent = rows.values("scheme_id").annotate(spent=Sum("paid") - Sum("refunded"))
    return {row["scheme_id"]: row["spent"] for row in spent}
