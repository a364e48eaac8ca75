"""What has become of each scheme's money: totals that foot, and warnings before it runs out.

A closed day never changes, so its totals are summed once; only the days after it are summed again for each question.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Sum

from subsidies.models import BudgetWarning, SchemeDay, SummedDay
from wallet.accounts import AccountKind
from wallet.ids import uuid7
from wallet.models import BusinessDay
from wallet.money import Satang

# Percent of what a scheme was funded with: time to ask for more; soon nobody can be let in; nothing is left.
THRESHOLDS: Final = (80, 95, 100)

SUM_DAY: Final = """
    INSERT INTO subsidies_schemeday (scheme_id, business_date, from_kind, to_kind, amount)
    SELECT scheme_id, business_date, from_kind, to_kind, sum(amount) FROM wallet_transfer
     WHERE business_date = %s AND scheme_id IS NOT NULL GROUP BY 1, 2, 3, 4
"""

# One statement, one snapshot: a day that is being summed is in one of the two parts and never in both.
TOTALS: Final = """
    SELECT scheme_id, from_kind, to_kind, sum(amount)::bigint FROM (
        SELECT scheme_id, from_kind, to_kind, amount FROM subsidies_schemeday
         UNION ALL
        SELECT scheme_id, from_kind, to_kind, amount FROM wallet_transfer
         WHERE scheme_id IS NOT NULL
           AND business_date > (SELECT coalesce(max(business_date), '-infinity') FROM subsidies_summedday)
    ) moved
     WHERE %(scheme)s::uuid IS NULL OR scheme_id = %(scheme)s::uuid
     GROUP BY 1, 2, 3
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """What has become of one scheme's money, in satang.

    funded = committed + left, and committed + bought_in = spent + paid_out + in_purses.

    :ivar funded: what the Treasury set aside, less what it got back.
    :ivar committed: what left the fund for citizens, less what came back into it.
    :ivar left: what is in the fund: promised to nobody.
    :ivar lapsed: what came back from purses: remainders, emptied and ended rights, forfeits.
    :ivar bought_in: what citizens added of their own.
    :ivar spent: what shops got, less refunds.
    :ivar paid_out: what became citizens' own money.
    :ivar in_purses: what citizens can still use, or waits to be paid back.
    """

    funded: Satang
    committed: Satang
    left: Satang
    lapsed: Satang
    bought_in: Satang
    spent: Satang
    paid_out: Satang
    in_purses: Satang

    @classmethod
    def of(cls, moved: Mapping[tuple[int, int], Satang]) -> "Totals":
        """Return the totals of what moved, by the kinds of the two accounts."""

        def total(source: frozenset[AccountKind], target: frozenset[AccountKind]) -> Satang:
            return sum(
                amount for (from_kind, to_kind), amount in moved.items() if from_kind in source and to_kind in target
            )

        def net(source: frozenset[AccountKind], target: frozenset[AccountKind]) -> Satang:
            return total(source, target) - total(target, source)

        funded = net(_TREASURY, _FUND)
        committed = net(_FUND, _CITIZENS | _SHOPS)
        spent = net(_RIGHTS, _SHOPS) + net(_FUND, _SHOPS)
        bought_in, paid_out = total(_OWN, _RIGHTS), total(_RIGHTS | _FUND, _OWN)
        return cls(
            funded=funded,
            committed=committed,
            left=funded - committed,
            lapsed=total(_RIGHTS, _FUND),
            bought_in=bought_in,
            spent=spent,
            paid_out=paid_out,
            in_purses=committed + bought_in - spent - paid_out,
        )


_TREASURY: Final = frozenset({AccountKind.TREASURY})
_FUND: Final = frozenset({AccountKind.FUND})
_SHOPS: Final = frozenset({AccountKind.PAYABLE})
_OWN: Final = frozenset({AccountKind.CASH})
# What is in a hold waits to be paid, or paid back: it is not used yet.
_RIGHTS: Final = frozenset({AccountKind.PURSE, AccountKind.HOLD})
_CITIZENS: Final = _RIGHTS | _OWN


def totals(*, scheme_id: UUID | None = None) -> dict[UUID, Totals]:
    """Return the totals of one scheme, or of every scheme with money, by id."""
    with connection.cursor() as cursor:
        cursor.execute(TOTALS, {"scheme": scheme_id})
        rows = cursor.fetchall()
    moved: dict[UUID, dict[tuple[int, int], Satang]] = {} if scheme_id is None else {scheme_id: {}}
    for scheme, from_kind, to_kind, amount in rows:
        moved.setdefault(scheme, {})[from_kind, to_kind] = amount
    return {scheme: Totals.of(kinds) for scheme, kinds in moved.items()}


def spent_on_closed_days() -> dict[UUID, Satang]:
    """Return what shops got of each scheme's money, less refunds, on the days that are summed; no transfer is read."""
    moved: dict[UUID, dict[tuple[int, int], Satang]] = {}
    rows = SchemeDay.objects.values("scheme_id", "from_kind", "to_kind").annotate(all=Sum("amount"))
    for row in rows:
        moved.setdefault(row["scheme_id"], {})[row["from_kind"], row["to_kind"]] = int(row["all"])
    return {scheme: Totals.of(kinds).spent for scheme, kinds in moved.items()}


def days_not_summed() -> list[dt.date]:
    """Return the days of the books that are not in those: the open one, and what the timetable has still to sum."""
    days = BusinessDay.objects.exclude(business_date__in=SummedDay.objects.values("business_date"))
    return list(days.order_by("business_date").values_list("business_date", flat=True))


def sum_days(*, at: dt.datetime) -> int:
    """Sum the closed days that are not summed yet, one transaction each; return how many there were."""
    summed = 0
    while True:
        with transaction.atomic(durable=True):
            closed = BusinessDay.objects.filter(closed_at__isnull=False)
            # Two at once: the second waits here, and then finds the day summed.
            day = closed.exclude(business_date__in=SummedDay.objects.values("business_date")).order_by("business_date")
            oldest = day.select_for_update().first()
            if oldest is None:
                return summed
            _, is_new = SummedDay.objects.get_or_create(business_date=oldest.business_date, defaults={"summed_at": at})
            if is_new:
                with connection.cursor() as cursor:
                    cursor.execute(SUM_DAY, [oldest.business_date])
                summed += 1


def watch(*, at: dt.datetime) -> list[BudgetWarning]:
    """Write a warning for every threshold that a scheme has reached since; each warns once. Return the new ones."""
    warned = set(BudgetWarning.objects.values_list("scheme_id", "of", "percent"))
    new = [
        BudgetWarning(
            id=uuid7(), scheme_id=scheme_id, of=of, percent=percent, amount=amount, funded=found.funded, at=at
        )
        for scheme_id, found in totals().items()
        for of, amount in (("committed", found.committed), ("spent", found.spent + found.paid_out - found.bought_in))
        for percent in THRESHOLDS
        if found.funded and amount * 100 >= found.funded * percent and (scheme_id, of, percent) not in warned
    ]
    # Another process may have looked at the same moment: the constraint lets one of the two in.
    BudgetWarning.objects.bulk_create(new, ignore_conflicts=True)
    return new


def warnings(*, scheme_id: UUID) -> list[BudgetWarning]:
    """Return the warnings of one scheme, oldest first."""
    return list(BudgetWarning.objects.filter(scheme_id=scheme_id).order_by("at", "percent", "of"))


def highest_warnings() -> list[BudgetWarning]:
    """Return the highest threshold that each scheme has reached, by what is committed and what is spent."""
    return list(BudgetWarning.objects.order_by("scheme_id", "of", "-percent").distinct("scheme_id", "of"))
