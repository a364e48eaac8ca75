"""Where a till listens. Pages and the rest of the API are answered elsewhere, so here it is only said where."""

import datetime as dt
from typing import ClassVar, Final, Literal
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from pydantic import Field
from rest_framework.request import Request

from config.authentication import SHOP
from config.doors import Door
from config.shapes import Instant, Satang, Shape
from merchants.api.asgi import COOKIE, LONGEST_WAIT_SECONDS
from wallet import tokens
from wallet.refusals import Refusal
from wallet.tokens import Caller

WAIT: Final = OpenApiParameter(
    "wait",
    {"type": "integer", "minimum": 0, "maximum": LONGEST_WAIT_SECONDS},
    description="seconds to wait for news, where the answer is JSON",
)
# The ids of the ten things that are told, and room to spare.
LONGEST_SEEN: Final = 1_000
SEEN: Final = OpenApiParameter(
    "seen",
    {"type": "string", "maxLength": LONGEST_SEEN},
    description="ids that were seen already, with commas, where the answer is JSON",
)


class EventsElsewhere(Refusal):
    """Events are told by another process, and no proxy leads there."""

    code: ClassVar = "events_elsewhere"
    status: ClassVar = 421


class NewsAsked(Shape):
    """How to ask for news, where they are not streamed."""

    wait: int = Field(0, ge=0, le=LONGEST_WAIT_SECONDS)
    seen: str = Field("", max_length=LONGEST_SEEN)


class ToldShown(Shape):
    """What happened to a charge. Things may be told twice, with the same `id`; of who paid nothing is told.

    `proposed` is for every till of the shop, and has no charge yet: ask `till/proposals/`.
    """

    id: str
    happened: Literal["paid", "held", "captured", "released", "cancelled", "refunded", "proposed"]
    charge_id: UUID | None
    payment_id: UUID | None
    till_id: UUID | None
    amount_satang: Satang
    at: Instant


class NewsShown(Shape):
    """What was told in the last five minutes and not seen yet, oldest first, ten things at most."""

    results: list[ToldShown] = Field(max_length=10)


class EventsDoor(Door):
    """Where a till, or the shop's staff, hears at once what happens to its charges."""

    open_to: ClassVar = {"GET": SHOP}

    @extend_schema(
        parameters=[WAIT, SEEN],
        responses={
            (200, "text/event-stream"): OpenApiTypes.STR,
            (200, "application/json"): NewsShown,
            307: None,
        },
    )
    def get(self, request: Request) -> HttpResponse:
        """Listen: server-sent events for who accepts `text/event-stream`, else one answer that may wait for news.

        The event's name says what happened, its data are as in the JSON answer. `look` says that something may have
        been missed (ask `till/payments/`), `sign_in` that the access token has run out. Where no proxy leads to the
        process that tells, the answer is 307 with its address.
        """
        self.query(NewsAsked)
        if not settings.LIVE_ORIGIN:
            raise EventsElsewhere
        query = request.META["QUERY_STRING"]
        location = f"{settings.LIVE_ORIGIN}{request.path}{f'?{query}' if query else ''}"
        return HttpResponse(status=307, headers={"Location": location, "Cache-Control": "no-store"})


def let_page_listen(response: HttpResponse, *, caller: Caller, at: dt.datetime) -> None:
    """Give a page of a signed-in shop the cookie by which its EventSource may listen, for fifteen minutes from `at`.

    It is sent nowhere but to this address. On `sign_in` the page asks for a new one.
    """
    response.set_cookie(
        COOKIE,
        tokens.access_for(caller, at=at),
        max_age=tokens.ACCESS_LIFE,
        path="/api/v1/till/events/",
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Strict",
    )
