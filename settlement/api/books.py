"""The days of the books, and the whole picture."""

import datetime as dt
from typing import ClassVar

from drf_spectacular.utils import extend_schema
from pydantic import Field
from rest_framework.request import Request
from rest_framework.response import Response

from config.authentication import OFFICER
from config.describing import LIMIT
from config.doors import Door
from config.shapes import LARGEST_PAGE, USUAL_PAGE, Instant, Satang, Shape
from settlement import days, summary


class DayShown(Shape):
    """A day of the books; exactly one is open."""

    business_date: dt.date
    opened_at: Instant
    closed_at: Instant | None


class DaysShown(Shape):
    """Days, newest first."""

    results: list[DayShown]


class DaysAsked(Shape):
    """How many days."""

    limit: int = Field(USUAL_PAGE, ge=1, le=LARGEST_PAGE)


class SummaryShown(Shape):
    """All books in one picture: price = citizen + state, and price - refunded = paid out + carried forward."""

    payments: int
    refusals: int
    price_satang: Satang
    citizen_satang: Satang
    state_satang: Satang
    refunded_satang: Satang
    payouts: int = Field(description="sent to the bank")
    paid_out_satang: Satang = Field(description="what the bank has moved of them, less what it gave back")
    carried_forward_satang: Satang = Field(description="earned by merchants, and not confirmed by the bank")
    discrepancies: int = Field(description="open ones")


class DaysDoor(Door):
    """The days of the books."""

    open_to: ClassVar = {"GET": OFFICER}

    @extend_schema(parameters=[LIMIT], responses={200: DaysShown})
    def get(self, request: Request) -> Response:
        """List days, newest first."""
        found = days.newest(at_most=self.query(DaysAsked).limit)
        shown = [
            DayShown(business_date=day.business_date, opened_at=day.opened_at, closed_at=day.closed_at) for day in found
        ]
        return Response(DaysShown(results=shown))


class SummaryDoor(Door):
    """The whole picture."""

    open_to: ClassVar = {"GET": OFFICER}

    @extend_schema(responses={200: SummaryShown})
    def get(self, request: Request) -> Response:
        """Add everything up."""
        found = summary.all_books()
        shown = SummaryShown(
            payments=found.payments,
            refusals=found.refusals,
            price_satang=found.price,
            citizen_satang=found.citizen,
            state_satang=found.state,
            refunded_satang=found.refunded,
            payouts=found.payouts,
            paid_out_satang=found.paid_out,
            carried_forward_satang=found.carried_forward,
            discrepancies=found.discrepancies,
        )
        return Response(shown)
