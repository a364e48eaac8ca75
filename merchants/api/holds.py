"""A shop captures what it delivered of a hold, or lets it go; both sides see how it stands."""

import datetime as dt
from typing import ClassVar
from uuid import UUID

from drf_spectacular.utils import OpenApiExample, extend_schema
from pydantic import Field
from rest_framework.request import Request
from rest_framework.response import Response

from config.authentication import CITIZEN, INTEGRATOR, SHOP
from config.describing import KEY, PAGE
from config.doors import Door
from config.shapes import Instant, PageAsked, Price, Satang, Shape
from merchants import captures, counter, hints, holds
from merchants.holds import Standing, State
from merchants.models import Payment
from wallet import clock
from wallet.models import Channel


class CaptureAsked(Shape):
    """How much was delivered. The same `id` of the same hold is the same capture, however often it is asked for."""

    id: UUID
    amount_satang: Price


class CaptureShown(Shape):
    """What was captured: a payment out of the hold, with its two parts."""

    id: UUID | None = Field(description="as the shop gave it")
    payment_id: UUID
    amount_satang: Satang
    own_part_satang: Satang
    state_satang: Satang
    captured_at: Instant
    business_date: dt.date


class HoldShown(Shape):
    """A hold and what became of it: price = captured + released + left."""

    id: UUID
    charge_id: UUID
    merchant_name: str
    state: State
    channel: str
    price_satang: Satang
    own_part_satang: Satang
    state_satang: Satang
    captured_satang: Satang
    released_satang: Satang
    left_satang: Satang
    held_at: Instant
    expires_at: Instant = Field(
        description="from then on nothing can be captured, and what is left comes back by itself"
    )
    business_date: dt.date
    captures: list[CaptureShown]


class HoldsShown(Shape):
    """A page of holds, newest first."""

    results: list[HoldShown]
    next: UUID | None


class HoldsDoor(Door):
    """A citizen's holds."""

    open_to: ClassVar = {"GET": CITIZEN}

    @extend_schema(parameters=PAGE, responses={200: HoldsShown})
    def get(self, request: Request) -> Response:
        """List what is or was held of one's money, newest first."""
        page = self.query(PageAsked)
        found = holds.newest(citizen_id=self.caller.id, at_most=page.limit + 1, before=page.before, at=clock.now())
        results = [shown(standing) for standing in found[: page.limit]]
        return Response(HoldsShown(results=results, next=results[-1].id if len(found) > page.limit else None))


class HoldDoor(Door):
    """One hold."""

    open_to: ClassVar = {"GET": CITIZEN | SHOP | INTEGRATOR}
    scopes: ClassVar = {"GET": "payments:read"}

    @extend_schema(responses={200: HoldShown})
    def get(self, request: Request, hold_id: UUID) -> Response:
        """Look how a hold stands: one's own, or one of the shop's."""
        if self.caller.role == "citizen":
            hold = holds.of_citizen(citizen_id=self.caller.id, hold_id=hold_id)
        else:
            hold = holds.of_shop(merchant_id=self.shop_id, hold_id=hold_id)
        return Response(shown(holds.standing(hold, at=clock.now())))


class CapturesDoor(Door):
    """Where a shop captures."""

    open_to: ClassVar = {"POST": SHOP | INTEGRATOR}
    scopes: ClassVar = {"POST": "charges:write"}

    @extend_schema(
        parameters=[KEY],
        request=CaptureAsked,
        responses={201: CaptureShown},
        examples=[
            OpenApiExample(
                "One of two dishes came",
                {"id": "0199f6a2-0000-7000-8000-000000000002", "amount_satang": 60_00},
                request_only=True,
            )
        ],
    )
    def post(self, request: Request, hold_id: UUID) -> Response:
        """Capture a part of a hold, or all of it, before its time is over."""
        asked = self.body(CaptureAsked)
        payment = captures.capture(
            by=counter.attendant(caller=self.caller),
            hold_id=hold_id,
            capture_id=asked.id,
            amount=asked.amount_satang,
            key=self.key,
            at=clock.now(),
        )
        hints.tell(hints.captured(payment))
        return Response(_capture(payment), status=201)


class ReleaseDoor(Door):
    """Where a shop lets a hold go."""

    open_to: ClassVar = {"POST": SHOP | INTEGRATOR}
    scopes: ClassVar = {"POST": "charges:write"}

    @extend_schema(parameters=[KEY], request=None, responses={201: HoldShown})
    def post(self, request: Request, hold_id: UUID) -> Response:
        """Give back all that was not captured of a hold. Twice is the same as once."""
        by, at = counter.attendant(caller=self.caller), clock.now()
        standing = holds.release(by=by, hold_id=hold_id, key=self.key, at=at)
        hints.tell(hints.released(standing.hold, amount=standing.so_far.released, at=at))
        return Response(shown(standing), status=201)


def shown(standing: Standing) -> HoldShown:
    """Return a hold as the API shows it."""
    hold, so_far = standing.hold, standing.so_far
    return HoldShown(
        id=hold.id,
        charge_id=hold.charge_id,
        merchant_name=standing.merchant_name,
        state=standing.state,
        channel=Channel(hold.channel).label,
        price_satang=hold.price,
        own_part_satang=hold.citizen_share,
        state_satang=hold.state_share,
        captured_satang=so_far.captured,
        released_satang=so_far.released,
        left_satang=so_far.left,
        held_at=hold.held_at,
        expires_at=hold.expires_at,
        business_date=hold.business_date,
        captures=[_capture(payment) for payment in standing.captures],
    )


def _capture(payment: Payment) -> CaptureShown:
    return CaptureShown(
        id=payment.capture_id,
        payment_id=payment.id,
        amount_satang=payment.price,
        own_part_satang=payment.citizen_share,
        state_satang=payment.state_share,
        captured_at=payment.paid_at,
        business_date=payment.business_date,
    )
