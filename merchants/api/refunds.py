"""A shop gives money back on a payment; both sides see what came back, and where it went."""

import datetime as dt
from typing import ClassVar, Literal
from uuid import UUID

from drf_spectacular.utils import OpenApiExample, extend_schema
from pydantic import Field, model_validator
from rest_framework.request import Request
from rest_framework.response import Response

from config.authentication import CITIZEN, INTEGRATOR, SHOP
from config.describing import KEY
from config.doors import Door
from config.shapes import Instant, Price, Reason, Satang, Shape
from merchants import counter, hints, refunds
from merchants.models import Refund
from subsidies import schemes
from wallet import clock


class RefundAsked(Shape):
    """How much goes back, and why. The same `refund_id` of the same payment is the same refund."""

    refund_id: UUID
    amount_satang: Price | None = None
    whole: bool = Field(default=False, description="all that is left of the payment; in place of the amount")
    reason: Reason

    @model_validator(mode="after")
    def _one_of_both(self) -> "RefundAsked":
        if self.whole == (self.amount_satang is not None):
            raise ValueError("exactly one of `amount_satang` and `whole`")
        return self


class ShareBack(Shape):
    """What of a scheme's share went back."""

    scheme: str
    amount_satang: Satang
    to: Literal["purse", "fund"] = Field(description="fund: the citizen's right is over, so it is the scheme's again")


class RefundShown(Shape):
    """A refund: its parts, and where they went."""

    id: UUID
    refund_id: UUID
    payment_id: UUID
    amount_satang: Satang
    own_part_satang: Satang = Field(description="to the citizen's own money")
    state_satang: Satang
    shares: list[ShareBack]
    reason: str
    refunded_at: Instant
    business_date: dt.date = Field(description="its own: it counts on the day on which it was given")


class RefundsShown(Shape):
    """All that came back of a payment, oldest first."""

    price_satang: Satang
    refunded_satang: Satang
    left_satang: Satang
    results: list[RefundShown]


class RefundsDoor(Door):
    """What came back of one payment."""

    open_to: ClassVar = {"GET": CITIZEN | SHOP | INTEGRATOR, "POST": SHOP | INTEGRATOR}
    scopes: ClassVar = {"GET": "payments:read", "POST": "refunds:write"}

    @extend_schema(responses={200: RefundsShown})
    def get(self, request: Request, payment_id: UUID) -> Response:
        """List the refunds of a payment: one's own, or one that the shop took."""
        if self.caller.role == "citizen":
            given = refunds.of_citizen(citizen_id=self.caller.id, payment_id=payment_id)
        else:
            given = refunds.of_shop(merchant_id=self.shop_id, payment_id=payment_id)
        shown = RefundsShown(
            price_satang=given.payment.price,
            refunded_satang=given.refunded,
            left_satang=given.left,
            results=[_refund(refund) for refund in given.refunds],
        )
        return Response(shown)

    @extend_schema(
        parameters=[KEY],
        request=RefundAsked,
        responses={201: RefundShown},
        examples=[
            OpenApiExample(
                "The soup was cold",
                {
                    "refund_id": "0199f6a2-0000-7000-8000-000000000003",
                    "amount_satang": 40_00,
                    "reason": "the soup was cold",
                },
                request_only=True,
            )
        ],
    )
    def post(self, request: Request, payment_id: UUID) -> Response:
        """Give a payment back, in whole or in part. A till, like any cashier, can only undo what it just took."""
        asked = self.body(RefundAsked)
        refund = refunds.refund(
            by=counter.attendant(caller=self.caller),
            payment_id=payment_id,
            refund_id=asked.refund_id,
            amount=asked.amount_satang,
            reason=asked.reason,
            key=self.key,
            at=clock.now(),
        )
        hints.tell(hints.refunded(refund))
        return Response(_refund(refund), status=201)


def _refund(refund: Refund) -> RefundShown:
    return RefundShown(
        id=refund.id,
        refund_id=refund.refund_id,
        payment_id=refund.payment_id,
        amount_satang=refund.amount,
        own_part_satang=refund.citizen_share,
        state_satang=refund.state_share,
        shares=[
            ShareBack(
                scheme=schemes.compiled(UUID(share["version"])).code, amount_satang=share["amount"], to=share["to"]
            )
            for share in refund.shares
        ],
        reason=refund.reason,
        refunded_at=refund.refunded_at,
        business_date=refund.business_date,
    )
