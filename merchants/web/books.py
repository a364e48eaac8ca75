"""A shop's books over a period: in sum, till by till, line by line, and as a file for a spreadsheet."""

import datetime as dt
from collections.abc import Collection, Mapping
from typing import Any, ClassVar, Final, Literal
from uuid import UUID

from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse

from config.authentication import STAFF
from config.shapes import Shape
from merchants import takings, tills
from merchants.web.shops import OfShop
from settlement import merchant_statements, statement_files
from wallet import ledger

SHOWN: Final = 50


class PeriodAsked(Shape):
    """Which business dates, both included; only of a till or a branch. What a form leaves empty is not asked for."""

    since: dt.date | Literal[""] = ""
    until: dt.date | Literal[""] = ""
    place: UUID | Literal[""] = ""
    after: UUID | None = None


class StatementScreen(OfShop):
    """A statement to read."""

    open_to: ClassVar = STAFF
    template = "merchants/shop/statement.html"

    def seen(self) -> Mapping[str, Any]:
        """Return the period that was asked for; this month, if none was."""
        asked = self.query(PeriodAsked)
        since, until = period(asked)
        till_ids = self.till_ids(asked)
        found = merchant_statements.page(
            merchant_id=self.shop_id,
            since=since,
            until=until,
            till_ids=till_ids,
            after=asked.after,
            at_most=SHOWN + 1,
        )
        return {
            "since": since,
            "until": until,
            "place": asked.place,
            "sums": takings.sums(merchant_id=self.shop_id, since=since, until=until, till_ids=till_ids),
            "by_till": takings.by_till(merchant_id=self.shop_id, since=since, until=until),
            "lines": found[:SHOWN],
            "more": found[SHOWN - 1].id if len(found) > SHOWN else None,
        }

    def till_ids(self, asked: PeriodAsked) -> Collection[UUID] | None:
        """Return the tills of the place that was asked for; None for all."""
        return tills.of_place(merchant_id=self.shop_id, place_id=asked.place) if asked.place else None


class StatementFileScreen(StatementScreen):
    """The same as CSV."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Stream it."""
        asked = self.query(PeriodAsked)
        since, until = period(asked)
        lines = merchant_statements.lines(
            merchant_id=self.shop_id, since=since, until=until, till_ids=self.till_ids(asked)
        )
        return StreamingHttpResponse(
            statement_files.as_csv(lines),
            content_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="statement-{since}-{until}.csv"'},
        )


def period(asked: PeriodAsked) -> tuple[dt.date, dt.date]:
    """Return the first and the last business date that were asked for; by default this month's, as far as it is."""
    until = asked.until or ledger.open_date()
    return asked.since or until.replace(day=1), until
