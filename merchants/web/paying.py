"""What a code asks for, split between citizen and State; and the PIN by which the citizen confirms it."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from pydantic import AfterValidator, StringConstraints

from config.authentication import CITIZEN
from config.screens import Screen
from config.shapes import Pin, Price, Shape, Share, TypedKey
from merchants import payments, scans
from merchants.api.payments import LONGEST_SCAN
from merchants.looking import AlreadyPaid
from merchants.terms import Terms
from wallet.proofs import PinProof
from wallet.refusals import Refusal
from wallet.tokens import TokenRefused

Payload = Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_SCAN, pattern=r"^[^\x00]+$")]


def _listed(codes: str) -> str:
    if len(codes) > 600:
        raise ValueError("too many schemes")
    return codes


class PayAsked(Shape):
    """What was scanned; and `own`, where the citizen chooses to pay all of it."""

    qr: Payload
    own: Literal["", "1"] = ""


class Confirmed(Shape):
    """The terms as the page showed them, and the PIN."""

    charge_id: UUID
    price_satang: Price
    own_part_satang: Share
    schemes: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.,-]*$"), AfterValidator(_listed)]
    key: TypedKey
    pin: Pin

    @property
    def terms(self) -> Terms:
        """What the citizen confirms."""
        return Terms(
            charge_id=self.charge_id,
            price=self.price_satang,
            own_part=self.own_part_satang,
            schemes=tuple(code for code in self.schemes.split(",") if code),
            nonce=self.key,
        )


class PayScreen(Screen):
    """Where a citizen sees the split and confirms it."""

    open_to: ClassVar = CITIZEN
    template = "merchants/pay.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Show it; or the receipt, if this citizen has paid it already: by another tap, before the answer was lost."""
        try:
            return self.show()
        except AlreadyPaid as paid:
            return self._receipt(paid)

    def post(self, request: HttpRequest) -> HttpResponse:
        """Pay, and go to the receipt. The key in the form makes a second tap the same payment."""
        typed = self.form(Confirmed)
        device_id = self.caller.device_id
        if device_id is None:
            raise TokenRefused
        receipt = payments.pay(
            citizen_id=self.caller.id,
            device_id=device_id,
            terms=typed.terms,
            proof=PinProof(typed.pin),
            key=typed.key,
            at=self.at,
        )
        return self.to("payment", receipt.payment.id)

    def seen(self) -> Mapping[str, Any]:
        """Return the split as it is now."""
        asked = self.query(PayAsked)
        schemes = () if asked.own else None
        offer = scans.scan(citizen_id=self.caller.id, payload=asked.qr, schemes=schemes, at=self.at)
        return {
            "asked": asked,
            "offer": offer,
            "own": bool(asked.own),
            "own_part": offer.split.citizen if offer.split else offer.price,
            "state": offer.split.state if offer.split else 0,
            "schemes": ",".join(offer.schemes),
            "now": self.at,
        }

    def refused(self, refusal: Refusal) -> HttpResponse:
        """Show the no; but of what this citizen has paid already, the receipt."""
        if isinstance(refusal, AlreadyPaid):
            return self._receipt(refusal)
        return super().refused(refusal)

    def _receipt(self, paid: AlreadyPaid) -> HttpResponse:
        mine = paid.facts.get("payment_id")
        return super().refused(paid) if mine is None else self.to("payment", mine)
