"""Anyone checks a receipt, without an account: a slip on a screen is easily forged, a signature is not."""

import datetime as dt
from typing import Annotated, ClassVar, Final
from uuid import UUID

from drf_spectacular.utils import OpenApiParameter, extend_schema
from pydantic import Field, StringConstraints
from rest_framework.request import Request
from rest_framework.response import Response

from config.authentication import ANYONE
from config.doors import Door
from config.shapes import Instant, Opaque, Satang, Shape
from merchants import signatures
from merchants.signatures import Facts

# Far more than anybody checks by hand, far fewer than would let somebody try codes.
LOOKS_PER_MINUTE: Final = 120

CODE: Final = OpenApiParameter("code", str, required=True, description="the check code that stands on the receipt")


class SignedReceipt(Shape):
    """The signed line of a receipt, as its QR carries it."""

    signed: Opaque


class CodeAsked(Shape):
    """The check code of a receipt."""

    code: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{20,60}$")]


class ReceiptFactsShown(Shape):
    """What a genuine receipt says to anybody: nothing of who paid."""

    id: UUID
    merchant_id: UUID
    merchant_name: str
    price_satang: Satang
    own_part_satang: Satang
    state_satang: Satang
    paid_at: Instant
    business_date: dt.date
    refunded_satang: Satang = Field(description="given back so far: a genuine receipt may be of goods that came back")


class PublicKeyShown(Shape):
    """One public key, as a JSON Web Key (RFC 7517, RFC 8037)."""

    kty: str
    crv: str
    alg: str
    use: str
    kid: str
    x: str


class PublicKeysShown(Shape):
    """Every key that may have signed a receipt."""

    keys: list[PublicKeyShown]


class ReceiptKeysDoor(Door):
    """The keys with which receipts are checked."""

    open_to: ClassVar = {"GET": ANYONE}

    @extend_schema(responses={200: PublicKeysShown})
    def get(self, request: Request) -> Response:
        """List the public keys, to check receipts without asking us again."""
        return Response(PublicKeysShown(**signatures.published(signatures.public_keys())))


class VerificationDoor(Door):
    """Where a receipt is checked."""

    open_to: ClassVar = {"POST": ANYONE}
    most_per_minute: ClassVar = LOOKS_PER_MINUTE

    @extend_schema(request=SignedReceipt, responses={200: ReceiptFactsShown})
    def post(self, request: Request) -> Response:
        """Check a signed receipt, and say what it says. A forged one is refused."""
        said, refunded = signatures.verify(signed=self.body(SignedReceipt).signed)
        return Response(_shown(said, refunded=refunded))


class ReceiptDoor(Door):
    """One receipt, for whom its check code was given."""

    open_to: ClassVar = {"GET": ANYONE}
    most_per_minute: ClassVar = LOOKS_PER_MINUTE

    @extend_schema(parameters=[CODE], responses={200: ReceiptFactsShown})
    def get(self, request: Request, payment_id: UUID) -> Response:
        """Look a receipt up by the code that stands on it."""
        receipt = signatures.look_up(payment_id=payment_id, code=self.query(CodeAsked).code)
        return Response(_shown(signatures.facts(receipt), refunded=receipt.refunded))


def _shown(facts: Facts, *, refunded: int) -> ReceiptFactsShown:
    return ReceiptFactsShown(
        id=facts.id,
        merchant_id=facts.merchant_id,
        merchant_name=facts.merchant_name,
        price_satang=facts.price,
        own_part_satang=facts.own_part,
        state_satang=facts.state,
        paid_at=facts.paid_at,
        business_date=facts.business_date,
        refunded_satang=refunded,
    )
