"""What a scheme has committed, spent, taken back and has left, by cohort, place, shop, channel or day.

Every report adds up the same cells (`report_cells`), so its totals are the same whichever way it is cut, and what it
says of the scheme's fund is held against the totals of sealed days. Closed days are read as they were counted; a day
that is not counted yet, the open one above all, is counted from its transfers while the officer waits: some seconds for
a million of them, and never longer than `patience_seconds`.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, ClassVar, Final

from django.db import OperationalError, connection, transaction
from psycopg2 import errorcodes

from settlement import footing, report_cells
from settlement.models import ReportDay
from settlement.report_cells import CELLS, SUMS
from subsidies.models import Scheme
from subsidies.schemes import SchemeUnknown
from wallet.models import BusinessDay, Channel, DaySeal
from wallet.money import Satang
from wallet.refusals import Refusal

# How a report can be cut, and the columns of a cell that make its rows.
GROUPS: Final[Mapping[str, tuple[str, ...]]] = {
    "cohort": ("tier", "joined"),
    "province": ("shop_province",),
    "person_province": ("person_province",),
    "class": ("shop_class",),
    "channel": ("channel",),
    "day": ("business_date",),
}

# Shorter than the time that the connection allows a statement, so that the officer is told what to do.
PATIENCE_SECONDS: Final = 12

# One statement, so that cells and fund are of one moment. What moved in the fund comes from the totals of sealed days,
# and of the others from their transfers; what the Treasury gave and got is the scheme's own few transfers.
REPORT: Final = """
    WITH live AS ({cells}), cells AS (
        SELECT {groups}, {sums} FROM settlement_reportcell
         WHERE scheme_id = %(scheme)s AND business_date = ANY(%(counted)s::date[])
         UNION ALL
        SELECT {groups}, {sums} FROM live WHERE scheme_id = %(scheme)s
    ), grouped AS (
        SELECT {groups}, {summed} FROM cells GROUP BY {groups}
    ), moved AS (
        SELECT money_in, money_out FROM wallet_daytotal
         WHERE kind = 5 AND account_id = %(scheme)s AND business_date = ANY(%(sealed)s::date[])
         UNION ALL
        SELECT CASE WHEN to_kind = 5 THEN amount ELSE 0 END, CASE WHEN from_kind = 5 THEN amount ELSE 0 END
          FROM wallet_transfer
         WHERE business_date = ANY(%(unsealed)s::date[]) AND scheme_id = %(scheme)s AND 5 IN (from_kind, to_kind)
    ), fund AS (
        SELECT coalesce(sum(money_in), 0)::bigint AS money_in, coalesce(sum(money_out), 0)::bigint AS money_out,
               (SELECT coalesce(sum(amount), 0)::bigint FROM wallet_transfer
                 WHERE owner_id = %(scheme)s AND to_kind = 5 AND business_date = ANY(%(days)s::date[])) AS funded,
               (SELECT coalesce(sum(amount), 0)::bigint FROM wallet_transfer
                 WHERE owner_id = %(scheme)s AND from_kind = 5 AND business_date = ANY(%(days)s::date[])) AS returned
          FROM moved
    )
    SELECT fund.money_in, fund.money_out, fund.funded, fund.returned, grouped.*
      FROM fund LEFT JOIN grouped ON true ORDER BY {groups}
"""


class ReportTooLarge(Refusal):
    """The days that are not counted yet are too many, or too full, to be counted while somebody waits."""

    code: ClassVar = "report_too_large"


class NoSuchDays(Refusal):
    """The books have no day from the first to the last of these."""

    code: ClassVar = "no_such_days"
    status: ClassVar = 422


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What happened, in satang but for the two counts; `report_cells` says what each is."""

    payments: int = 0
    state: Satang = 0
    own: Satang = 0
    refunds: int = 0
    state_refunded: Satang = 0
    own_refunded: Satang = 0
    granted: Satang = 0
    lapsed: Satang = 0
    bought: Satang = 0
    withdrawn: Satang = 0

    @property
    def price(self) -> Satang:
        """What was sold, both parts."""
        return self.state + self.own

    @property
    def left(self) -> Satang:
        """What this leaves in purses: all that is in them, when the report begins with the scheme."""
        return self.granted + self.bought + self.state_refunded - self.lapsed - self.withdrawn - self.state

    def columns(self) -> dict[str, int]:
        """Return every figure by its name, the two that follow from the others too."""
        return {**asdict(self), "price": self.price, "left": self.left}


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One scheme over some days of the books, both included.

    :ivar counted_until: the last of the days that was read as it was counted; None where all were counted just now.
    :ivar rows: by the words of their group; an empty word is what happened at no shop, or where it is not kept.
    :ivar funded: what the Treasury gave the scheme in these days, `returned` what it got back.
    :ivar differences: by how much the figures miss the ledger's, by name; nothing when all of it foots.
    """

    scheme: str
    by: str
    since: dt.date
    until: dt.date
    counted_until: dt.date | None
    rows: tuple[tuple[tuple[str, ...], Figures], ...]
    total: Figures
    funded: Satang
    returned: Satang
    differences: Mapping[str, Satang]


def of(
    *,
    code: str,
    by: str,
    since: dt.date | None = None,
    until: dt.date | None = None,
    patience_seconds: float = PATIENCE_SECONDS,
) -> Report:
    """Return what a scheme did from the first to the last of these days; all its days where none are named.

    :param by: one of `GROUPS`.
    :raises SchemeUnknown: there is no such scheme.
    :raises NoSuchDays: the books have none from the first to the last.
    :raises ReportTooLarge: with the last day that a report can be had of at once.
    """
    scheme = Scheme.objects.filter(code=code).first()
    if scheme is None:
        raise SchemeUnknown(scheme=code)
    days = _days(since, until)
    live = report_cells.uncounted(since=since, until=until)
    sealed = DaySeal.objects.filter(business_date__in=days).values_list("business_date", flat=True)
    asked: dict[str, Any] = {
        "scheme": scheme.id,
        "days": days,
        "counted": [day for day in days if day not in live],
        "sealed": list(sealed),
        "unsealed": sorted(set(days) - set(sealed)),
        **report_cells.asked(live),
    }
    try:
        rows = _rows(by, asked, patience_seconds)
    except OperationalError as error:
        if getattr(error.__cause__, "pgcode", None) != errorcodes.QUERY_CANCELED:
            raise
        last = ReportDay.objects.order_by("-business_date").values_list("business_date", flat=True).first()
        raise ReportTooLarge(seconds=patience_seconds, until=last and last.isoformat()) from error
    return _report(code, by, asked, rows)


def _days(since: dt.date | None, until: dt.date | None) -> list[dt.date]:
    days = BusinessDay.objects.order_by("business_date")
    if since is not None:
        days = days.filter(business_date__gte=since)
    if until is not None:
        days = days.filter(business_date__lte=until)
    found = list(days.values_list("business_date", flat=True))
    if not found:
        raise NoSuchDays
    return found


def _rows(by: str, asked: dict[str, Any], patience_seconds: float) -> list[tuple[Any, ...]]:
    groups = ", ".join(GROUPS[by])
    sql = REPORT.format(
        cells=CELLS,
        groups=groups,
        sums=", ".join(SUMS),
        summed=", ".join(f"sum({column})::bigint AS {column}" for column in SUMS),
    )
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = %s", [f"{patience_seconds}s"])
        cursor.execute(sql, asked)
        return list(cursor.fetchall())


def _report(code: str, by: str, asked: Mapping[str, Any], found: list[tuple[Any, ...]]) -> Report:
    width = len(GROUPS[by])
    rows = tuple(
        (_words(by, row[4 : 4 + width]), Figures(**dict(zip(SUMS, row[4 + width :], strict=True))))
        for row in found
        if row[4] is not None
    )
    total = Figures(**{name: sum(getattr(figures, name) for _, figures in rows) for name in SUMS})
    money_in, money_out, funded, returned = found[0][:4]
    return Report(
        scheme=code,
        by=by,
        since=min(asked["days"]),
        until=max(asked["days"]),
        counted_until=max(asked["counted"], default=None),
        rows=rows,
        total=total,
        funded=funded,
        returned=returned,
        differences=footing.differences(
            parts=[
                {"fund_in": funded, "fund_out": returned},
                {"fund_in": total.lapsed, "fund_out": total.granted},
            ],
            total={"fund_in": money_in, "fund_out": money_out},
        ),
    )


def _words(by: str, key: tuple[Any, ...]) -> tuple[str, ...]:
    if by == "channel":
        return tuple(Channel(one).label if one else "" for one in key)
    return tuple(str(one) for one in key)
