"""What a shop took, and whether it may take payments at all."""

import datetime as dt
from typing import ClassVar
from uuid import UUID

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from config.authentication import OFFICER, SHOP
from config.describing import PAGE
from config.doors import Door
from config.shapes import Instant, PageAsked, Reason, Satang, Shape
from merchants import onboarding, takings
from wallet import clock
from wallet.models import Channel


class TakenShown(Shape):
    """A payment, as the shop sees it: the price is the shop's in full, its two parts come at their own hours."""

    id: UUID
    charge_id: UUID
    price_satang: Satang
    citizen_satang: Satang
    state_satang: Satang
    channel: str
    paid_at: Instant
    business_date: dt.date


class TakingsShown(Shape):
    """A page of payments, newest first."""

    results: list[TakenShown]
    next: UUID | None


class TallyAsked(Shape):
    """Which business date; without it, the one that the books have open."""

    date: dt.date | None = None


class TallyShown(Shape):
    """What was taken on one business date."""

    business_date: dt.date
    payments: int
    price_satang: Satang
    citizen_satang: Satang
    state_satang: Satang


class SuspensionAsked(Shape):
    """Why."""

    reason: Reason


class SuspensionShown(Shape):
    """A shop that may not take payments."""

    id: UUID
    merchant_id: UUID
    reason: str
    by: str
    at: Instant


class TakingsDoor(Door):
    """What a till took; for the shop's staff, what all its tills took."""

    open_to: ClassVar = {"GET": SHOP}

    @extend_schema(parameters=PAGE, responses={200: TakingsShown})
    def get(self, request: Request) -> Response:
        """List payments, newest first."""
        page = self.query(PageAsked)
        found = takings.newest(
            merchant_id=self.shop_id, till_id=self.till_id, at_most=page.limit + 1, before=page.before
        )
        shown = [
            TakenShown(
                id=payment.id,
                charge_id=payment.charge_id,
                price_satang=payment.price,
                citizen_satang=payment.citizen_share,
                state_satang=payment.state_share,
                channel=Channel(payment.channel).label,
                paid_at=payment.paid_at,
                business_date=payment.business_date,
            )
            for payment in found[: page.limit]
        ]
        return Response(TakingsShown(results=shown, next=shown[-1].id if len(found) > page.limit else None))


class TallyDoor(Door):
    """The day's tally of a till; for the shop's staff, of the shop."""

    open_to: ClassVar = {"GET": SHOP}

    @extend_schema(
        parameters=[OpenApiParameter("date", dt.date, description="a business date; without it, the open one")],
        responses={200: TallyShown},
    )
    def get(self, request: Request) -> Response:
        """Count a day."""
        tally = takings.tally(merchant_id=self.shop_id, till_id=self.till_id, business_date=self.query(TallyAsked).date)
        shown = TallyShown(
            business_date=tally.business_date,
            payments=tally.payments,
            price_satang=tally.price,
            citizen_satang=tally.citizen,
            state_satang=tally.state,
        )
        return Response(shown)


class SuspensionDoor(Door):
    """Where an officer stops a shop, and lets it go on."""

    open_to: ClassVar = {"POST": OFFICER, "DELETE": OFFICER}

    @extend_schema(request=SuspensionAsked, responses={201: SuspensionShown})
    def post(self, request: Request, merchant_id: UUID) -> Response:
        """Stop a shop from taking payments."""
        suspension = onboarding.suspend(
            merchant=onboarding.merchant(merchant_id=merchant_id),
            reason=self.body(SuspensionAsked).reason,
            actor=self.officer,
            at=clock.now(),
        )
        shown = SuspensionShown(
            id=suspension.id,
            merchant_id=merchant_id,
            reason=suspension.reason,
            by=suspension.by,
            at=suspension.at,
        )
        return Response(shown, status=201)

    @extend_schema(responses={204: None})
    def delete(self, request: Request, merchant_id: UUID) -> Response:
        """Let a suspended shop take payments again."""
        onboarding.restore(
            merchant=onboarding.merchant(merchant_id=merchant_id),
            actor=self.officer,
            at=clock.now(),
        )
        return Response(status=204)
