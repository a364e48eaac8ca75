"""What each scheme did on a closed day is counted once, into cells that every report adds up.

A nation's day is some thirty million transfers: counting them takes about as long as cutting the day into slices, and
nobody waits for it. A report over two months then adds up cells, some thousands a day, and never reads a payment.
"""

import datetime as dt
from typing import Any, ClassVar, Final

from django.db import connection, transaction

from settlement import summary
from settlement.models import ReportDay
from settlement.slices import UNHURRIED
from subsidies import schemes
from subsidies.models import SchemeVersion
from wallet.models import BusinessDay
from wallet.refusals import Refusal

# By what a cell is known, and what it sums.
GROUPS: Final = (
    "business_date",
    "scheme_id",
    "tier",
    "joined",
    "channel",
    "shop_class",
    "shop_province",
    "person_province",
)
SUMS: Final = (
    "payments",
    "state",
    "own",
    "refunds",
    "state_refunded",
    "own_refunded",
    "granted",
    "lapsed",
    "bought",
    "withdrawn",
)

# Kinds of accounts: 1 cash, 2 purse, 3 hold, 4 payable, 5 fund, 11 treasury. What counts is where money went, not by
# which act. A citizen's own part of a sale that several schemes share is told with the oldest of them, once: so the
# totals of all schemes together are what was sold. A shop is told as its charge kept it, the branch's province before
# the shop's. Somebody is renewed who held a place in an earlier scheme of the same family; families are known to
# documents alone, and come as two columns.
CELLS: Final = """
    WITH moved AS (
        SELECT business_date, scheme_id, owner_id, cause, coalesce(channel, 0) AS channel,
               CASE WHEN to_kind = 4 THEN to_id WHEN from_kind = 4 THEN from_id END AS merchant_id,
               coalesce(sum(amount) FILTER (WHERE to_kind = 4), 0) AS state,
               coalesce(sum(amount) FILTER (WHERE from_kind = 4), 0) AS state_refunded,
               coalesce(sum(amount) FILTER (WHERE from_kind = 5), 0) AS granted,
               coalesce(sum(amount) FILTER (WHERE to_kind = 5), 0) AS lapsed,
               coalesce(sum(amount) FILTER (WHERE from_kind = 1 AND to_kind = 2), 0) AS bought,
               coalesce(sum(amount) FILTER (WHERE to_kind = 1), 0) AS withdrawn
          FROM wallet_transfer
         WHERE business_date = ANY(%(dates)s::date[]) AND scheme_id IS NOT NULL AND 11 NOT IN (from_kind, to_kind)
           AND (4 IN (from_kind, to_kind) OR 5 IN (from_kind, to_kind) OR 1 IN (from_kind, to_kind))
         GROUP BY 1, 2, 3, 4, 5, 6
    ), first AS (
        SELECT *, merchant_id IS NOT NULL AND row_number() OVER (
                    PARTITION BY business_date, owner_id, cause, merchant_id IS NULL ORDER BY scheme_id) = 1 AS is_first
          FROM moved
    ), own AS (
        SELECT business_date, owner_id, cause,
               coalesce(sum(amount) FILTER (WHERE to_kind = 4), 0) AS own,
               coalesce(sum(amount) FILTER (WHERE from_kind = 4), 0) AS own_refunded
          FROM wallet_transfer
         WHERE business_date = ANY(%(dates)s::date[]) AND part = 1
         GROUP BY 1, 2, 3
    ), family AS (
        SELECT * FROM unnest(%(schemes)s::uuid[], %(families)s::text[]) AS family (scheme_id, name)
    )
    SELECT first.business_date, first.scheme_id, coalesce(place.tier, '') AS tier,
           CASE WHEN EXISTS (
                SELECT 1 FROM subsidies_enrolment earlier
                  JOIN family theirs ON theirs.scheme_id = earlier.scheme_id
                  JOIN family ours ON ours.scheme_id = place.scheme_id AND ours.name = theirs.name
                 WHERE earlier.citizen_id = place.citizen_id AND earlier.scheme_id <> place.scheme_id
                   AND earlier.enrolled_at < place.enrolled_at) THEN 'renewed' ELSE 'new' END AS joined,
           first.channel,
           coalesce(left(coalesce(charge.merchant_facts, shop.facts)->>'class', 60), '') AS shop_class,
           coalesce(left(coalesce(charge.merchant_facts, shop.facts)->>'province', 60), '') AS shop_province,
           coalesce(left(place.person->>'province', 60), '') AS person_province,
           count(*) FILTER (WHERE first.state > 0) AS payments,
           sum(first.state)::bigint AS state, coalesce(sum(own.own), 0)::bigint AS own,
           count(*) FILTER (WHERE first.state_refunded > 0) AS refunds,
           sum(first.state_refunded)::bigint AS state_refunded,
           coalesce(sum(own.own_refunded), 0)::bigint AS own_refunded,
           sum(first.granted)::bigint AS granted, sum(first.lapsed)::bigint AS lapsed,
           sum(first.bought)::bigint AS bought, sum(first.withdrawn)::bigint AS withdrawn
      FROM first
      LEFT JOIN own ON first.is_first AND own.business_date = first.business_date
                   AND own.owner_id = first.owner_id AND own.cause = first.cause
      LEFT JOIN subsidies_enrolment place
             ON place.citizen_id = first.owner_id AND place.scheme_id = first.scheme_id
      LEFT JOIN merchants_merchant shop ON shop.id = first.merchant_id
      LEFT JOIN merchants_payment paid ON paid.owner_id = first.owner_id AND paid.id = first.cause
      LEFT JOIN merchants_charge charge ON charge.id = paid.charge_id
     GROUP BY 1, 2, 3, 4, 5, 6, 7, 8
"""

WRITE: Final = f"""
    WITH written AS (
        INSERT INTO settlement_reportcell ({", ".join((*GROUPS, *SUMS))}) {CELLS} RETURNING 1
    )
    INSERT INTO settlement_reportday (business_date, cells, at)
    SELECT %(date)s, count(*), %(at)s FROM written RETURNING cells
"""  # noqa: S608  names of our own


class NothingToCount(Refusal):
    """Every closed day is counted for the reports."""

    code: ClassVar = "nothing_to_count"


def uncounted(*, since: dt.date | None = None, until: dt.date | None = None) -> list[dt.date]:
    """Return the days of the books that have no cells yet, the open one among them, oldest first."""
    days = BusinessDay.objects.exclude(business_date__in=ReportDay.objects.values("business_date"))
    if since is not None:
        days = days.filter(business_date__gte=since)
    if until is not None:
        days = days.filter(business_date__lte=until)
    return list(days.order_by("business_date").values_list("business_date", flat=True))


def count_next(*, at: dt.datetime) -> dt.date:
    """Count the oldest closed day that is not counted, all its cells or none, and return its date.

    :raises NothingToCount: there is none.
    """
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute(UNHURRIED)
        closed = BusinessDay.objects.filter(closed_at__isnull=False)
        closed = closed.exclude(business_date__in=ReportDay.objects.values("business_date"))
        oldest = closed.order_by("business_date").values_list("business_date", flat=True).first()
        if oldest is None:
            raise NothingToCount
        # Two processes at once: the second waits here, and then sees what the first has done.
        BusinessDay.objects.select_for_update().get(business_date=oldest)
        if ReportDay.objects.filter(business_date=oldest).exists():
            raise NothingToCount
        cursor.execute(summary.SUM_DAY, {"date": oldest})
        cursor.execute(WRITE, {"date": oldest, "at": at, **asked([oldest])})
    return oldest


def asked(dates: list[dt.date]) -> dict[str, Any]:
    """Return what CELLS asks for: the dates, and each scheme's family."""
    newest = SchemeVersion.objects.order_by("scheme_id", "-number").distinct("scheme_id")
    families = [
        (scheme_id, schemes.compiled(version_id).document.scheme.family)
        for scheme_id, version_id in newest.values_list("scheme_id", "id")
    ]
    return {
        "dates": dates,
        "schemes": [scheme_id for scheme_id, _ in families],
        "families": [family for _, family in families],
    }
