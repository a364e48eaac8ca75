"""A till asks for money, shows the QR, looks whether it was paid, and takes it back."""

from typing import Annotated, ClassVar, Literal
from uuid import UUID

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, extend_schema
from pydantic import Field, model_validator
from rest_framework.request import Request
from rest_framework.response import Response

from config.authentication import COUNTER
from config.describing import KEY
from config.doors import Door
from config.shapes import Code, Instant, Note, Price, Satang, Shape
from merchants import charges, drawing, hints, holds, tills, typed_codes
from merchants.charges import Bill, Standing, State
from wallet import clock
from wallet.models import Channel

# Long enough for any till roll; the bill is kept with the charge.
MOST_LINES = 200
MOST_FACTS = 20

# Pixels to a module: a QR of version 12 (65 modules and the quiet zone) becomes 730 pixels wide, sharp on any till.
PNG_SCALE = 10

CHANNELS = {"shop": Channel.SHOP, "delivery": Channel.DELIVERY}

Fact = (
    Annotated[str, Field(max_length=120, pattern=r"^[^\x00-\x1f\x7f]*$")]
    | Annotated[int, Field(ge=-(2**53), le=2**53)]
    | bool
)


class Line(Shape):
    """What one category of goods costs in all. Only needed where a scheme pays for some goods and not for others."""

    category: Code
    amount_satang: Price


class ForLater(Shape):
    """Whether the money is held, to be captured when what it is for is handed over."""

    hold: bool = Field(default=False, description="for a delivery or a pre-order: hold the money, capture it later")
    hold_seconds: int | None = Field(
        None,
        ge=int(holds.SHORTEST.total_seconds()),
        le=int(holds.LONGEST.total_seconds()),
        description="how long it is held from when it is confirmed; without it, three hours",
    )

    @model_validator(mode="after")
    def _held_only_if_asked(self) -> "ForLater":
        if self.hold_seconds is not None and not self.hold:
            raise ValueError("`hold_seconds` without `hold`")
        return self

    @property
    def seconds_held(self) -> int | None:
        """For how long; None where it is paid at once."""
        return (self.hold_seconds or int(holds.USUAL.total_seconds())) if self.hold else None


class ChargeAsked(ForLater):
    """A price, and what schemes may want to know about the sale."""

    amount_satang: Price
    channel: Literal["shop", "delivery"] = "shop"
    lines: list[Line] = Field([], max_length=MOST_LINES, description="they add up to the amount")
    facts: dict[Code, Fact] = Field({}, max_length=MOST_FACTS, description="such as covers, nights, distance")
    note: Note = ""

    @property
    def bill(self) -> Bill:
        """The same, as operations know it."""
        return Bill(
            amount=self.amount_satang,
            channel=CHANNELS[self.channel],
            lines=[{"category": line.category, "amount": line.amount_satang} for line in self.lines],
            facts=self.facts,
            note=self.note,
            hold_seconds=self.seconds_held,
        )


class ChargeShown(Shape):
    """A charge. `qr_payload` is what the till shows; `payment_id` is there once it is paid: hand over the goods.

    Of a charge that asks for a hold, `hold_id` is there once its money is held: begin to cook.
    """

    id: UUID
    amount_satang: Satang
    channel: str
    note: str
    state: State
    asked_at: Instant
    expires_at: Instant
    qr_payload: str
    typed_code: str = Field(description="ten digits to show below the QR, for who cannot scan it")
    payment_id: UUID | None
    hold_seconds: int | None = Field(description="how long its money is held; null: it is paid at once")
    hold_id: UUID | None


class ChargesDoor(Door):
    """Where a till asks."""

    open_to: ClassVar = {"POST": COUNTER}
    scopes: ClassVar = {"POST": "charges:write"}

    @extend_schema(
        parameters=[KEY],
        request=ChargeAsked,
        responses={201: ChargeShown},
        examples=[OpenApiExample("A bowl of noodles", {"amount_satang": 50_00}, request_only=True)],
    )
    def post(self, request: Request) -> Response:
        """Ask for money: a one-time QR that expires after five minutes."""
        bill, at = self.body(ChargeAsked).bill, clock.now()
        charge = charges.ask(
            till=tills.of(till_id=self.counter_id),
            amount=bill.amount,
            channel=bill.channel,
            lines=bill.lines,
            facts=bill.facts,
            note=bill.note,
            hold_seconds=bill.hold_seconds,
            key=self.key,
            at=at,
        )
        return Response(
            charge_shown(charges.standing(merchant_id=charge.merchant_id, charge_id=charge.id, at=at)), status=201
        )


class ChargeDoor(Door):
    """One charge."""

    open_to: ClassVar = {"GET": COUNTER}
    scopes: ClassVar = {"GET": "charges:write"}

    @extend_schema(responses={200: ChargeShown})
    def get(self, request: Request, charge_id: UUID) -> Response:
        """Look whether it was paid."""
        return Response(charge_shown(charges.standing(merchant_id=self.shop_id, charge_id=charge_id, at=clock.now())))


class ChargePNGDoor(Door):
    """The QR of a charge, as a picture."""

    open_to: ClassVar = {"GET": COUNTER}
    scopes: ClassVar = {"GET": "charges:write"}

    @extend_schema(responses={(200, "image/png"): OpenApiTypes.BINARY})
    def get(self, request: Request, charge_id: UUID) -> HttpResponse:
        """Draw the QR as PNG."""
        payload = charges.payload(charges.of(merchant_id=self.shop_id, charge_id=charge_id))
        return HttpResponse(drawing.png(payload=payload, scale=PNG_SCALE), content_type="image/png")


class ChargeSVGDoor(Door):
    """The QR of a charge, as a drawing."""

    open_to: ClassVar = {"GET": COUNTER}
    scopes: ClassVar = {"GET": "charges:write"}

    @extend_schema(responses={(200, "image/svg+xml"): OpenApiTypes.STR})
    def get(self, request: Request, charge_id: UUID) -> HttpResponse:
        """Draw the QR as SVG."""
        payload = charges.payload(charges.of(merchant_id=self.shop_id, charge_id=charge_id))
        return HttpResponse(drawing.svg(payload=payload), content_type="image/svg+xml")


class CancellationDoor(Door):
    """Where a till takes a charge back."""

    open_to: ClassVar = {"POST": COUNTER}
    scopes: ClassVar = {"POST": "charges:write"}

    @extend_schema(parameters=[KEY], request=None, responses={201: ChargeShown})
    def post(self, request: Request, charge_id: UUID) -> Response:
        """Take a charge back, so that nobody can pay it. Twice is the same as once."""
        _, at = self.key, clock.now()
        end = charges.cancel(till=tills.of(till_id=self.counter_id), charge_id=charge_id, at=at)
        standing = charges.standing(merchant_id=self.shop_id, charge_id=charge_id, at=at)
        hints.tell(hints.cancelled(standing.charge, at=end.at))
        return Response(charge_shown(standing), status=201)


def charge_shown(standing: Standing) -> ChargeShown:
    """Return a charge as every door shows it."""
    charge = standing.charge
    return ChargeShown(
        id=charge.id,
        amount_satang=charge.amount,
        channel=Channel(charge.channel).label,
        note=charge.note,
        state=standing.state,
        asked_at=charge.asked_at,
        expires_at=charge.expires_at,
        qr_payload=charges.payload(charge),
        typed_code=typed_codes.of(charge.id),
        payment_id=standing.payment_id,
        hold_seconds=charge.hold_seconds,
        hold_id=standing.hold_id,
    )
