"""The door to a scheme's report: what it committed, spent and has left, as JSON or as a file for a spreadsheet."""

import datetime as dt
from typing import ClassVar, Literal

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from pydantic import Field
from rest_framework.request import Request
from rest_framework.response import Response

from config.authentication import OFFICER
from config.doors import Door
from config.shapes import Satang, Shape
from settlement import scheme_reports
from settlement.printed_reports import as_csv
from settlement.scheme_reports import GROUPS, Figures, Report

By = Literal["cohort", "province", "person_province", "class", "channel", "day"]


class ReportAsked(Shape):
    """How a report is cut, and over which days of the books, both included."""

    by: By = "cohort"
    since: dt.date | None = Field(None, alias="from")
    until: dt.date | None = None
    format: Literal["json", "csv"] = "json"


class FiguresShown(Shape):
    """What happened: price = state + own, and left = granted + bought + refunded - lapsed - withdrawn - spent."""

    payments: int
    price_satang: Satang
    state_satang: Satang = Field(description="spent, before refunds")
    own_satang: Satang = Field(description="the citizens' own part of the same payments")
    refunds: int
    state_refunded_satang: Satang
    own_refunded_satang: Satang
    granted_satang: Satang = Field(description="committed: from the scheme's fund into purses")
    bought_satang: Satang
    lapsed_satang: Satang = Field(description="forfeited or left over, back in the scheme's fund")
    withdrawn_satang: Satang
    left_satang: Satang = Field(description="in purses, when the report begins with the scheme")


class RowShown(Shape):
    """The figures of one group; an empty word is what happened at no shop, or where it is not kept."""

    group: list[str]
    figures: FiguresShown


class ReportShown(Shape):
    """A report whose rows add up to its total, and whose total is what the ledger says."""

    scheme: str
    by: list[str] = Field(description="what the words of each group are")
    since: dt.date
    until: dt.date
    counted_until: dt.date | None = Field(description="the last closed day in it that was counted for good")
    rows: list[RowShown]
    total: FiguresShown
    funded_satang: Satang = Field(description="what the Treasury set aside in these days")
    returned_satang: Satang
    foots: bool
    differences: dict[str, Satang] = Field(description="by how much it misses the ledger; empty when it foots")


class SchemeReportDoor(Door):
    """A scheme's report."""

    open_to: ClassVar = {"GET": OFFICER}

    @extend_schema(
        parameters=[
            OpenApiParameter("by", str, enum=[*GROUPS], default="cohort"),
            OpenApiParameter("from", OpenApiTypes.DATE, description="the first business date"),
            OpenApiParameter("until", OpenApiTypes.DATE, description="the last business date"),
            OpenApiParameter("format", str, enum=["json", "csv"], default="json"),
        ],
        responses={(200, "application/json"): ReportShown, (200, "text/csv"): OpenApiTypes.STR},
    )
    def get(self, request: Request, code: str) -> Response | HttpResponse:
        """See what a scheme committed, spent, took back and has left."""
        asked = self.query(ReportAsked)
        report = scheme_reports.of(code=code, by=asked.by, since=asked.since, until=asked.until)
        if asked.format == "csv":
            name = f"{code}-{asked.by}-{report.since}-{report.until}.csv"
            disposition = {"Content-Disposition": f'attachment; filename="{name}"'}
            return HttpResponse(as_csv(report), content_type="text/csv; charset=utf-8", headers=disposition)
        return Response(_shown(report))


def _shown(report: Report) -> ReportShown:
    return ReportShown(
        scheme=report.scheme,
        by=list(GROUPS[report.by]),
        since=report.since,
        until=report.until,
        counted_until=report.counted_until,
        rows=[RowShown(group=list(words), figures=_figures(figures)) for words, figures in report.rows],
        total=_figures(report.total),
        funded_satang=report.funded,
        returned_satang=report.returned,
        foots=not report.differences,
        differences=dict(report.differences),
    )


def _figures(figures: Figures) -> FiguresShown:
    return FiguresShown(
        payments=figures.payments,
        price_satang=figures.price,
        state_satang=figures.state,
        own_satang=figures.own,
        refunds=figures.refunds,
        state_refunded_satang=figures.state_refunded,
        own_refunded_satang=figures.own_refunded,
        granted_satang=figures.granted,
        bought_satang=figures.bought,
        lapsed_satang=figures.lapsed,
        withdrawn_satang=figures.withdrawn,
        left_satang=figures.left,
    )
