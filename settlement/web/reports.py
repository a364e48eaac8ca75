"""A scheme's report as a page: a table that foots, cut as the officer wishes, and the same as a file."""

import datetime as dt
from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Final
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from pydantic import BeforeValidator

from config.authentication import OFFICER
from config.screens import Screen
from config.shapes import Shape
from settlement import scheme_reports
from settlement.api.scheme_reports import By
from settlement.printed_reports import as_csv
from settlement.scheme_reports import GROUPS, Report
from subsidies import schemes

# A page is answered at once or not at all; the command waits for an hour.
PATIENCE_SECONDS: Final = 5


def _day(typed: str) -> dt.date | None:
    return dt.date.fromisoformat(typed) if typed else None


Day = Annotated[dt.date | None, BeforeValidator(_day)]


class ReportAsked(Shape):
    """How it is cut, and over which days of the books, both included."""

    by: By = "cohort"
    since: Day = None
    until: Day = None


class ReportScreen(Screen):
    """One scheme's report."""

    open_to: ClassVar = OFFICER
    template = "settlement/report.html"

    def seen(self) -> Mapping[str, Any]:
        """Return it."""
        asked = self.query(ReportAsked)
        report = self.report(asked)
        newest = schemes.compiled(schemes.versions(code=report.scheme)[0].id).document
        tiers = {tier.code: tier.name for tier in newest.tiers}
        return {
            "report": report,
            "name": newest.scheme.name,
            "rows": [([(word, tiers.get(word)) for word in words], figures) for words, figures in report.rows],
            "asked": asked,
            "cuts": list(GROUPS),
            "same": urlencode(_said(asked)),
        }

    def report(self, asked: ReportAsked) -> Report:
        """Return the report that was asked for."""
        return scheme_reports.of(
            code=self.kwargs["code"],
            by=asked.by,
            since=asked.since,
            until=asked.until,
            patience_seconds=PATIENCE_SECONDS,
        )


class ReportFileScreen(ReportScreen):
    """The same as a file for a spreadsheet."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Hand it over."""
        report = self.report(self.query(ReportAsked))
        name = f"{report.scheme}-{report.by}-{report.since}-{report.until}.csv"
        headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
        return HttpResponse(as_csv(report), content_type="text/csv; charset=utf-8", headers=headers)


def _said(asked: ReportAsked) -> dict[str, Any]:
    return {name: value for name, value in asked.model_dump().items() if value}
