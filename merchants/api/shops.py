"""What a shop took, what it is, and what it was told."""

import datetime as dt
from typing import Any, ClassVar
from uuid import UUID

from drf_spectacular.utils import OpenApiParameter, extend_schema
from pydantic import Field
from rest_framework.request import Request
from rest_framework.response import Response

from config.authentication import CITIZEN, INTEGRATOR, MANAGERS, OWNER, SHOP
from config.describing import PAGE
from config.doors import Door
from config.shapes import Code, Instant, PageAsked, Satang, Shape
from config.words import worded
from merchants import looks, notices, onboarding, particulars, qr, staff, takings
from merchants.models import Notice
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
    refunded_satang: Satang = Field(description="given back so far")


class TakingsShown(Shape):
    """A page of payments, newest first."""

    results: list[TakenShown]
    next: UUID | None


class TallyAsked(Shape):
    """Which business date; without it, the one that the books have open."""

    date: dt.date | None = None


class TallyShown(Shape):
    """What was taken, and what was given back, on one business date."""

    business_date: dt.date
    payments: int
    price_satang: Satang
    citizen_satang: Satang
    state_satang: Satang
    refunds: int
    refunded_satang: Satang
    net_satang: Satang = Field(description="what is left of the day; negative when more was given back than taken")


class ShopShown(Shape):
    """A shop, as its own people see it. `facts` are what schemes judge it by."""

    id: UUID
    name: str
    name_en: str
    city: str
    facts: dict[str, Any]
    wallet_id: str = Field(description="15 digits, 006-99…: what its posters and receipts show")
    is_suspended: bool


class TermsAccepted(Shape):
    """A scheme's code, and the number of the document whose terms were shown."""

    scheme: Code
    version: int


class NoticeShown(Shape):
    """Something that the reader must hear of."""

    id: UUID
    code: str
    facts: dict[str, Any]
    th: str
    en: str
    at: Instant


class NoticesShown(Shape):
    """A page of notices, newest first."""

    results: list[NoticeShown]
    next: UUID | None


class LookShown(Shape):
    """An officer has looked at the shop's data."""

    id: UUID
    officer: str
    what: str
    reason: str
    at: Instant


class LooksShown(Shape):
    """A page of looks, newest first."""

    results: list[LookShown]
    next: UUID | None


class TakingsDoor(Door):
    """What a till took; for the shop's staff, what all its tills took."""

    open_to: ClassVar = {"GET": SHOP | INTEGRATOR}
    scopes: ClassVar = {"GET": "payments:read"}

    @extend_schema(parameters=PAGE, responses={200: TakingsShown})
    def get(self, request: Request) -> Response:
        """List payments, newest first."""
        page = self.query(PageAsked)
        found = takings.newest(
            merchant_id=self.shop_id, till_id=self.till_id, at_most=page.limit + 1, before=page.before
        )
        shown = [
            TakenShown(
                id=taken.payment.id,
                charge_id=taken.payment.charge_id,
                price_satang=taken.payment.price,
                citizen_satang=taken.payment.citizen_share,
                state_satang=taken.payment.state_share,
                channel=Channel(taken.payment.channel).label,
                paid_at=taken.payment.paid_at,
                business_date=taken.payment.business_date,
                refunded_satang=taken.refunded,
            )
            for taken in found[: page.limit]
        ]
        return Response(TakingsShown(results=shown, next=shown[-1].id if len(found) > page.limit else None))


class TallyDoor(Door):
    """The day's tally of a till; for the shop's staff, of the shop."""

    open_to: ClassVar = {"GET": SHOP | INTEGRATOR}
    scopes: ClassVar = {"GET": "payments:read"}

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
            refunds=tally.refunds,
            refunded_satang=tally.refunded,
            net_satang=tally.net,
        )
        return Response(shown)


class ShopDoor(Door):
    """The shop itself."""

    open_to: ClassVar = {"GET": SHOP}

    @extend_schema(responses={200: ShopShown})
    def get(self, request: Request) -> Response:
        """Look at one's own shop."""
        shop = onboarding.merchant(merchant_id=self.shop_id)
        shown = ShopShown(
            id=shop.id,
            name=shop.name,
            name_en=shop.name_en,
            city=shop.city,
            facts=shop.facts,
            wallet_id=qr.wallet_id_for(shop.wallet_number),
            is_suspended=shop.suspensions.filter(lifted_at=None).exists(),
        )
        return Response(shown)


class AcceptedTermsDoor(Door):
    """Where an owner accepts a scheme's terms."""

    open_to: ClassVar = {"POST": OWNER}

    @extend_schema(request=TermsAccepted, responses={204: None})
    def post(self, request: Request) -> Response:
        """Accept the newest terms of a scheme, which the owner was shown."""
        asked = self.body(TermsAccepted)
        owner = staff.at_work(staff_id=self.caller.id, roles=staff.OWNERS)
        particulars.accept_terms(
            merchant=owner.merchant,
            scheme=asked.scheme,
            version=asked.version,
            actor=staff.actor(owner),
            at=clock.now(),
        )
        return Response(status=204)


class ShopNoticesDoor(Door):
    """What the shop was told."""

    open_to: ClassVar = {"GET": MANAGERS}

    @extend_schema(parameters=PAGE, responses={200: NoticesShown})
    def get(self, request: Request) -> Response:
        """List what the shop was told, newest first."""
        page = self.query(PageAsked)
        found = notices.show_shop(merchant_id=self.shop_id, at_most=page.limit + 1, before=page.before, at=clock.now())
        return Response(_notices(found, page.limit))


class MyNoticesDoor(Door):
    """What a citizen was told about the shops that they applied for."""

    open_to: ClassVar = {"GET": CITIZEN}

    @extend_schema(parameters=PAGE, responses={200: NoticesShown})
    def get(self, request: Request) -> Response:
        """List what one was told, newest first."""
        page = self.query(PageAsked)
        found = notices.show_citizen(
            citizen_id=self.caller.id, at_most=page.limit + 1, before=page.before, at=clock.now()
        )
        return Response(_notices(found, page.limit))


class LooksDoor(Door):
    """Who of the service's staff has looked at the shop's data, and why."""

    open_to: ClassVar = {"GET": OWNER}

    @extend_schema(parameters=PAGE, responses={200: LooksShown})
    def get(self, request: Request) -> Response:
        """List looks, newest first."""
        page = self.query(PageAsked)
        found = looks.of_shop(merchant_id=self.shop_id, at_most=page.limit + 1, before=page.before)
        shown = [
            LookShown(
                id=look.id,
                officer=look.officer.user.get_username(),
                what=look.what,
                reason=look.reason,
                at=look.at,
            )
            for look in found[: page.limit]
        ]
        return Response(LooksShown(results=shown, next=shown[-1].id if len(found) > page.limit else None))


def _notices(found: list[Notice], limit: int) -> NoticesShown:
    shown = []
    for notice in found[:limit]:
        thai, english = worded(code=notice.code, facts=notice.facts)
        shown.append(NoticeShown(id=notice.id, code=notice.code, facts=notice.facts, th=thai, en=english, at=notice.at))
    return NoticesShown(results=shown, next=shown[-1].id if len(found) > limit else None)
