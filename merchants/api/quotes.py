"""A citizen asks what a sale would cost, before a stall asks for it."""

from typing import ClassVar, Literal
from uuid import UUID

from drf_spectacular.utils import OpenApiExample, extend_schema
from pydantic import Field, model_validator
from rest_framework.request import Request
from rest_framework.response import Response

from config.authentication import CITIZEN
from config.doors import Door
from config.shapes import Code, Price, Shape
from merchants import quotes
from merchants.api.charges import CHANNELS, MOST_FACTS, MOST_LINES, Fact, Line
from merchants.api.scans import QuoteShown, Schemes, quote_shown
from merchants.charges import Bill
from wallet import clock

# Of a shop, a list is a fact too: those that it is on, the schemes that it takes part in.
MerchantFact = Fact | list[Code]


class QuoteAsked(Shape):
    """A sale that nobody has asked for yet, at a shop that is named or described."""

    amount_satang: Price
    channel: Literal["shop", "delivery"] = "shop"
    merchant_id: UUID | None = None
    merchant: dict[Code, MerchantFact] = Field(
        {}, max_length=MOST_FACTS, description="facts of a shop, such as class and province; without `merchant_id`"
    )
    lines: list[Line] = Field([], max_length=MOST_LINES, description="they add up to the amount")
    facts: dict[Code, Fact] = Field({}, max_length=MOST_FACTS, description="facts of the sale, as for charges")
    schemes: Schemes | None = Field(None, description="null: every scheme that the citizen is in; []: without any")

    @model_validator(mode="after")
    def _one_shop(self) -> "QuoteAsked":
        if self.merchant_id is not None and self.merchant:
            raise ValueError("at most one of `merchant_id` and `merchant`")
        return self


class QuotesDoor(Door):
    """Where a citizen asks beforehand."""

    open_to: ClassVar = {"POST": CITIZEN}

    @extend_schema(
        request=QuoteAsked,
        responses={200: QuoteShown},
        examples=[
            OpenApiExample(
                "A meal for 500 baht, at any food stall",
                {"amount_satang": 500_00, "merchant": {"class": "food", "legal_form": "natural_person"}},
                request_only=True,
            )
        ],
    )
    def post(self, request: Request) -> Response:
        """Show what this citizen would pay for a sale now, and why. It cannot be paid: a stall's QR can."""
        asked = self.body(QuoteAsked)
        offer = quotes.quote(
            citizen_id=self.caller.id,
            bill=Bill(
                amount=asked.amount_satang,
                channel=CHANNELS[asked.channel],
                lines=[{"category": line.category, "amount": line.amount_satang} for line in asked.lines],
                facts=dict(asked.facts),
            ),
            merchant_id=asked.merchant_id,
            merchant=asked.merchant,
            schemes=None if asked.schemes is None else tuple(asked.schemes),
            at=clock.now(),
        )
        return Response(quote_shown(offer))
