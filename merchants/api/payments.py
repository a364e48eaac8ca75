"""A citizen confirms the split that they were shown, pays, and keeps a receipt."""

import base64
import datetime as dt
from typing import Annotated, ClassVar, Literal
from uuid import UUID

from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from pydantic import Field, StringConstraints, model_validator
from rest_framework.request import Request
from rest_framework.response import Response

from config.authentication import CITIZEN
from config.describing import KEY, PAGE
from config.doors import Door
from config.shapes import Base64, Instant, PageAsked, Pin, Price, Satang, Shape, Share
from merchants import hints, payments, receipts, signatures
from merchants.api.scans import Notes, ReasonShown, Schemes, SchemeShareShown, reasons_shown, share_shown
from merchants.receipts import Held, Receipt
from merchants.terms import Terms
from wallet import clock
from wallet.proofs import PinProof, Proof, SignatureProof

CHARGE = OpenApiParameter("charge_id", UUID, description="only the payment of this charge")

Nonce = Annotated[str, StringConstraints(min_length=8, max_length=64, pattern=r"^[!-~]+$")]


class PaymentAsked(Shape):
    """The terms as they were shown, and the proof that the citizen confirms them: PIN, or the device's signature."""

    charge_id: UUID
    price_satang: Price
    own_part_satang: Share
    schemes: Schemes
    pays_all: bool = Field(
        default=False, description="true where no scheme is chosen: nobody pays the full price by accident"
    )
    nonce: Nonce
    notes: Notes = {}
    pin: Pin | None = None
    signature: Base64 | None = Field(None, description="ECDSA P-256, SHA-256, DER, over the canonical terms; base64")

    @model_validator(mode="after")
    def _one_proof(self) -> "PaymentAsked":
        if (self.pin is None) == (self.signature is None):
            raise ValueError("exactly one of `pin` and `signature`")
        return self

    @property
    def terms(self) -> Terms:
        """What the citizen confirms."""
        return Terms(
            charge_id=self.charge_id,
            price=self.price_satang,
            own_part=self.own_part_satang,
            schemes=tuple(self.schemes),
            nonce=self.nonce,
            notes=self.notes,
            pays_all=self.pays_all,
        )

    @property
    def proof(self) -> Proof:
        """What proves that they do."""
        return PinProof(self.pin) if self.pin is not None else SignatureProof(base64.b64decode(self.signature or ""))


class ReceiptShown(Shape):
    """A payment, as its citizen keeps it; what was just confirmed may also be a hold, whose id this is then."""

    id: UUID
    charge_id: UUID
    state: Literal["paid", "held", "refunded_in_part", "refunded"]
    merchant_name: str
    price_satang: Satang
    own_part_satang: Satang
    state_satang: Satang
    shares: list[SchemeShareShown]
    reasons: list[ReasonShown]
    paid_at: Instant
    business_date: dt.date
    held_until_at: Instant | None = Field(description="of a hold: when what was not captured comes back by itself")
    hold_id: UUID | None = Field(description="of which hold it was captured; null: confirmed at once")
    refunded_satang: Satang = Field(description="given back so far, own part and the State's together")
    refunded_own_part_satang: Satang
    cash_left_satang: Satang | None = Field(description="own money right after it; null when looked up later")
    merchant_id: UUID
    signed: str | None = Field(
        description="the receipt as one signed line (JWS): show it as a QR, anybody can check it; "
        "told where one payment is looked at, null elsewhere and of a hold"
    )
    check_code: str | None = Field(
        description="who has it may look the payment up at receipts/{id}/; null of a hold, of which nothing is paid"
    )


class ReceiptsShown(Shape):
    """A page of receipts, newest first."""

    results: list[ReceiptShown]
    next: UUID | None


class ReceiptsAsked(PageAsked):
    """Which receipts."""

    charge_id: UUID | None = None


class PaymentsDoor(Door):
    """A citizen's payments."""

    open_to: ClassVar = {"GET": CITIZEN, "POST": CITIZEN}

    @extend_schema(parameters=[*PAGE, CHARGE], responses={200: ReceiptsShown})
    def get(self, request: Request) -> Response:
        """List receipts, newest first; of one charge, if it is named."""
        page = self.query(ReceiptsAsked)
        found = receipts.newest(
            citizen_id=self.caller.id, at_most=page.limit + 1, before=page.before, charge_id=page.charge_id
        )
        shown = [_receipt(receipt) for receipt in found[: page.limit]]
        return Response(ReceiptsShown(results=shown, next=shown[-1].id if len(found) > page.limit else None))

    @extend_schema(
        parameters=[KEY],
        request=PaymentAsked,
        responses={201: ReceiptShown},
        examples=[
            OpenApiExample(
                "Half of a bowl of noodles",
                {
                    "charge_id": "0199f6a2-0000-7000-8000-000000000001",
                    "price_satang": 50_00,
                    "own_part_satang": 25_00,
                    "schemes": ["khon-la-khrueng-plus"],
                    "nonce": "5f2c9a7e1b04",
                    "pin": "246813",
                },
                request_only=True,
            )
        ],
    )
    def post(self, request: Request) -> Response:
        """Confirm and pay. If the split is not the one that was shown, nothing moves and the new one is told."""
        asked = self.body(PaymentAsked)
        receipt = payments.pay(
            citizen_id=self.caller.id,
            device_id=self.device_id,
            terms=asked.terms,
            proof=asked.proof,
            key=self.key,
            at=clock.now(),
        )
        if isinstance(receipt, Held):
            hints.tell(hints.held(receipt.hold))
            return Response(_held(receipt), status=201)
        hints.tell(hints.paid(receipt.payment))
        return Response(_receipt(receipt), status=201)


class PaymentDoor(Door):
    """One payment."""

    open_to: ClassVar = {"GET": CITIZEN}

    @extend_schema(responses={200: ReceiptShown})
    def get(self, request: Request, payment_id: UUID) -> Response:
        """Look at the receipt of one of one's own payments, signed."""
        receipt = receipts.of(citizen_id=self.caller.id, payment_id=payment_id)
        return Response(_receipt(receipt, signed=signatures.sign(receipt)))


def _receipt(receipt: Receipt, *, signed: str | None = None) -> ReceiptShown:
    payment = receipt.payment
    return ReceiptShown(
        id=payment.id,
        charge_id=payment.charge_id,
        state=receipt.state,
        merchant_name=receipt.merchant_name,
        price_satang=payment.price,
        own_part_satang=payment.citizen_share,
        state_satang=payment.state_share,
        shares=[share_shown(share) for share in receipt.shares],
        reasons=reasons_shown((reason["code"], reason["facts"]) for reason in payment.reasons),
        paid_at=payment.paid_at,
        business_date=payment.business_date,
        held_until_at=None,
        hold_id=payment.hold_id,
        refunded_satang=receipt.refunded,
        refunded_own_part_satang=sum(refund.citizen_share for refund in receipt.refunds),
        cash_left_satang=receipt.cash_left,
        merchant_id=payment.merchant_id,
        signed=signed,
        check_code=signatures.check_code(payment),
    )


def _held(held: Held) -> ReceiptShown:
    hold = held.hold
    return ReceiptShown(
        id=hold.id,
        charge_id=hold.charge_id,
        state="held",
        merchant_name=held.merchant_name,
        price_satang=hold.price,
        own_part_satang=hold.citizen_share,
        state_satang=hold.state_share,
        shares=[share_shown(share) for share in held.shares],
        reasons=reasons_shown((reason["code"], reason["facts"]) for reason in hold.reasons),
        paid_at=hold.held_at,
        business_date=hold.business_date,
        held_until_at=hold.expires_at,
        hold_id=hold.id,
        refunded_satang=0,
        refunded_own_part_satang=0,
        cash_left_satang=held.cash_left,
        merchant_id=hold.merchant_id,
        signed=None,
        check_code=None,
    )
