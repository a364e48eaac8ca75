"""Money in: a citizen's top-ups, and what Stripe tells about them."""

from typing import ClassVar, Literal
from uuid import UUID

from django.urls import reverse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from pydantic import Field
from rest_framework.request import Request
from rest_framework.response import Response

from config.authentication import ANYONE, CITIZEN
from config.describing import KEY, PAGE
from config.doors import AnyBytes, Door
from config.shapes import Instant, PageAsked, Price, Satang, Shape
from wallet import clock, topups
from wallet.models import TopUp


class TopUpAsked(Shape):
    """How much to top up by, and how it will be paid."""

    amount_satang: Price
    by: Literal["promptpay", "card"] = "promptpay"


class TopUpShown(Shape):
    """A top-up. While it waits, `qr_payload` is the PromptPay QR, or `card_page` the page, to pay it by."""

    id: UUID
    amount_satang: Satang
    state: Literal["asked", "waiting", "arrived", "ended"] = Field(
        description="asked: Stripe has not answered yet, look again; waiting: for the citizen to pay; arrived: it is "
        "the citizen's cash; ended: no money will come"
    )
    qr_payload: str
    card_page: str = Field(description="by card: the page of Stripe's on which it is typed, to be opened in a browser")
    asked_at: Instant
    confirmed_at: Instant | None


class TopUpsShown(Shape):
    """A page of top-ups, newest first. `next` is what to ask `before` of for the page after, if there is one."""

    results: list[TopUpShown]
    next: UUID | None


class TopUpsDoor(Door):
    """A citizen's top-ups."""

    open_to: ClassVar = {"GET": CITIZEN, "POST": CITIZEN}

    @extend_schema(parameters=PAGE, responses={200: TopUpsShown})
    def get(self, request: Request) -> Response:
        """List top-ups, newest first."""
        page = self.query(PageAsked)
        found = topups.newest(citizen_id=self.caller.id, at_most=page.limit + 1, before=page.before)
        shown = [_shown(top_up) for top_up in found[: page.limit]]
        return Response(TopUpsShown(results=shown, next=shown[-1].id if len(found) > page.limit else None))

    @extend_schema(parameters=[KEY], request=TopUpAsked, responses={201: TopUpShown})
    def post(self, request: Request) -> Response:
        """Ask for a top-up. If Stripe does not answer now, it is asked again, and QR or card page appear later."""
        asked, now = self.body(TopUpAsked), clock.now()
        if asked.by == "card":
            top_up = topups.begin_by_card(
                citizen_id=self.caller.id,
                amount=asked.amount_satang,
                back_to=request.build_absolute_uri(reverse("top-ups")),
                key=self.key,
                at=now,
            )
        else:
            top_up = topups.begin(citizen_id=self.caller.id, amount=asked.amount_satang, key=self.key, at=now)
        return Response(_shown(top_up), status=201)


class TopUpDoor(Door):
    """One top-up."""

    open_to: ClassVar = {"GET": CITIZEN}

    @extend_schema(responses={200: TopUpShown})
    def get(self, request: Request, top_up_id: UUID) -> Response:
        """Look at one of one's own top-ups."""
        return Response(_shown(topups.of(citizen_id=self.caller.id, top_up_id=top_up_id)))


class StripeDoor(Door):
    """Where Stripe knocks. Its signature is its proof."""

    open_to: ClassVar = {"POST": ANYONE}
    parser_classes = (AnyBytes,)

    @extend_schema(request={"application/json": OpenApiTypes.OBJECT}, responses={200: OpenApiTypes.OBJECT})
    def post(self, request: Request) -> Response:
        """Hear what happened at Stripe. The same event may come twice; it counts once."""
        topups.hear_from_stripe(
            body=self.bytes,
            signature=request.headers.get("Stripe-Signature", ""),
            at=clock.now(),
            now=timezone.now(),
        )
        return Response({})


def _shown(top_up: TopUp) -> TopUpShown:
    return TopUpShown(
        id=top_up.id,
        amount_satang=top_up.amount,
        state=topups.state(top_up),
        qr_payload=top_up.qr_payload,
        card_page=top_up.page_url,
        asked_at=top_up.asked_at,
        confirmed_at=top_up.confirmed_at,
    )
