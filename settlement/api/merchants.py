"""A merchant's own books: sale by sale, and day by day, with when each part is in the bank."""

import datetime as dt
from typing import ClassVar, Literal
from uuid import UUID

from django.http import StreamingHttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from pydantic import Field
from rest_framework.request import Request
from rest_framework.response import Response

from config.authentication import STAFF
from config.describing import LIMIT
from config.doors import Door
from config.shapes import LARGEST_PAGE, USUAL_PAGE, Instant, Satang, Shape
from settlement import merchant_days, merchant_statements, statement_files
from settlement.merchant_statements import Line
from wallet import clock, ledger

SINCE = OpenApiParameter("since", dt.date, required=True, description="the first business date")
UNTIL = OpenApiParameter("until", dt.date, required=True, description="the last business date, at most a year later")
AFTER = OpenApiParameter("after", UUID, description="`next` of the page before")
DATE = OpenApiParameter("date", dt.date, description="a business date; without it, the open one")


class StatementAsked(Shape):
    """Which business dates."""

    since: dt.date
    until: dt.date


class StatementPageAsked(StatementAsked):
    """The same, a page at a time."""

    after: UUID | None = None
    limit: int = Field(USUAL_PAGE, ge=1, le=LARGEST_PAGE)


class StatementLineShown(Shape):
    """A sale, or money back on one (then negative), and when each part of it is in the bank."""

    id: UUID
    kind: Literal["payment", "capture", "refund"]
    payment_id: UUID
    till_id: UUID
    at: Instant
    business_date: dt.date
    channel: str
    price_satang: Satang
    citizen_satang: Satang
    citizen_due_at: Instant
    state_satang: Satang
    state_due_at: Instant | None


class ShopStatementShown(Shape):
    """A page of sales and refunds, oldest first."""

    results: list[StatementLineShown]
    next: UUID | None


class DayAsked(Shape):
    """Which business date."""

    date: dt.date | None = None


class DayLineShown(Shape):
    """One part of a day's sales. `state`: open, promised, in_batch, sent, paid, carried_forward or withheld."""

    part: str
    channel: str
    amount_satang: Satang
    due_at: Instant
    state: str


class MerchantDayShown(Shape):
    """A business date: what came, when each part is in the bank, and where it is now."""

    business_date: dt.date
    lines: list[DayLineShown]
    citizens_part_satang: Satang
    states_part_satang: Satang
    paid_satang: Satang
    to_come_satang: Satang
    carried_forward_satang: Satang


class StatementDoor(Door):
    """A shop's sales, one by one."""

    open_to: ClassVar = {"GET": STAFF}

    @extend_schema(parameters=[SINCE, UNTIL, AFTER, LIMIT], responses={200: ShopStatementShown})
    def get(self, request: Request) -> Response:
        """List the sales and refunds of some business dates, oldest first, with when each part is in the bank."""
        asked = self.query(StatementPageAsked)
        found = merchant_statements.page(
            merchant_id=self.shop_id,
            since=asked.since,
            until=asked.until,
            after=asked.after,
            at_most=asked.limit + 1,
        )
        shown = [_line(line) for line in found[: asked.limit]]
        return Response(ShopStatementShown(results=shown, next=shown[-1].id if len(found) > asked.limit else None))


class StatementCSVDoor(Door):
    """The same as a file for a spreadsheet."""

    open_to: ClassVar = {"GET": STAFF}

    @extend_schema(parameters=[SINCE, UNTIL], responses={(200, "text/csv"): OpenApiTypes.STR})
    def get(self, request: Request) -> StreamingHttpResponse:
        """Have the sales and refunds of some business dates as CSV, streamed."""
        asked = self.query(StatementAsked)
        lines = merchant_statements.lines(merchant_id=self.shop_id, since=asked.since, until=asked.until)
        name = f"statement-{asked.since}-{asked.until}.csv"
        return StreamingHttpResponse(
            statement_files.as_csv(lines),
            content_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )


class MerchantDayDoor(Door):
    """A business date of a shop."""

    open_to: ClassVar = {"GET": STAFF}

    @extend_schema(parameters=[DATE], responses={200: MerchantDayShown})
    def get(self, request: Request) -> Response:
        """Look when the money of a day comes, and where it is now."""
        day = merchant_days.figures(
            merchant_id=self.shop_id,
            business_date=self.query(DayAsked).date or ledger.open_date(),
            at=clock.now(),
        )
        shown = MerchantDayShown(
            business_date=day.business_date,
            lines=[
                DayLineShown(
                    part=line.part.label,
                    channel=line.channel.label,
                    amount_satang=line.amount,
                    due_at=line.due_at,
                    state=line.state,
                )
                for line in day.lines
            ],
            citizens_part_satang=day.citizens_part,
            states_part_satang=day.states_part,
            paid_satang=day.paid,
            to_come_satang=day.to_come,
            carried_forward_satang=day.carried_forward,
        )
        return Response(shown)


def _line(line: Line) -> StatementLineShown:
    return StatementLineShown(
        id=line.id,
        kind=line.kind,
        payment_id=line.payment_id,
        till_id=line.till_id,
        at=line.at,
        business_date=line.business_date,
        channel=line.channel.label,
        price_satang=line.price,
        citizen_satang=line.citizen,
        citizen_due_at=line.citizen_due_at,
        state_satang=line.state,
        state_due_at=line.state_due_at,
    )
