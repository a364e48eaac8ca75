"""What a charge asks for, split between citizen and State; and the PIN by which the citizen confirms it."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Final, Literal
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from pydantic import ConfigDict, StringConstraints

from config.authentication import CITIZEN
from config.screens import Screen
from config.shapes import Pin, Price, Shape, Share, TypedKey
from merchants import hints, payments, scans
from merchants.api.scans import LONGEST_SCAN, MOST_SCHEMES
from merchants.looking import AlreadyPaid
from merchants.qr import AmountNeeded
from merchants.receipts import Held
from merchants.scans import Offer
from merchants.terms import Terms
from merchants.web import choosing
from merchants.web.choosing import Choice
from wallet.proofs import PinProof
from wallet.refusals import Refusal
from wallet.tokens import TokenRefused

LONGEST_CODE: Final = 60
LONGEST_CHOICE: Final = 2_000  # of notes, in one field

Payload = Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_SCAN, pattern=r"^[^\x00]+$")]
# Codes of schemes with commas between them, as one field of a form.
Codes = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.,-]*$", max_length=MOST_SCHEMES * (LONGEST_CODE + 1))]


class OwnAsked(Shape):
    """Whether the citizen chooses to pay all of it. Which rights are to pay stands beside it; see `choosing`."""

    model_config = ConfigDict(extra="ignore")

    own: Literal["", "1"] = ""


class PayAsked(OwnAsked):
    """And what was scanned."""

    qr: Payload


class Confirmed(Shape):
    """The terms as the page showed them, and the PIN."""

    charge_id: UUID
    price_satang: Price
    own_part_satang: Share
    schemes: Codes
    notes: Annotated[str, StringConstraints(max_length=LONGEST_CHOICE)] = ""
    pays_all: Literal["", "1"] = ""
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
            notes=choosing.read_notes(self.notes),
            pays_all=bool(self.pays_all),
        )


class PayScreen(Screen):
    """Where a citizen sees the split of what they scanned, and confirms it."""

    open_to: ClassVar = CITIZEN
    template = "merchants/pay.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Show it; or the receipt, if this citizen has confirmed it already: by a tap whose answer was lost."""
        try:
            return self.show()
        except AlreadyPaid as paid:
            return self._receipt(paid)
        except AmountNeeded:
            return self.to("poster", qr=self.query(PayAsked).qr)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Pay, and go to the receipt, or to what is held. The key in the form makes a second tap the same."""
        typed = self.form(Confirmed)
        if self.caller.device_id is None:
            raise TokenRefused
        receipt = payments.pay(
            citizen_id=self.caller.id,
            device_id=self.caller.device_id,
            terms=typed.terms,
            proof=PinProof(typed.pin),
            key=typed.key,
            at=self.at,
        )
        if isinstance(receipt, Held):
            hints.tell(hints.held(receipt.hold))
            return self.to("hold", receipt.hold.id)
        hints.tell(hints.paid(receipt.payment))
        return self.to("payment", receipt.payment.id)

    def seen(self) -> Mapping[str, Any]:
        """Return the split as it is now."""
        asked, choice = self.query(PayAsked), self._choice()
        offer = scans.scan(
            citizen_id=self.caller.id, payload=asked.qr, schemes=choice.those, notes=choice.notes, at=self.at
        )
        return self._shown(offer, choice, {"qr": asked.qr})

    def refused(self, refusal: Refusal) -> HttpResponse:
        """Show the no; but of what this citizen has paid already, the receipt."""
        if isinstance(refusal, AlreadyPaid):
            return self._receipt(refusal)
        return super().refused(refusal)

    def _choice(self) -> Choice:
        # Who pays all of it chooses no right.
        return Choice(schemes=[]) if self.query(OwnAsked).own else choosing.choice(self.request.GET)

    def _shown(self, offer: Offer, choice: Choice, address: Mapping[str, str]) -> Mapping[str, Any]:
        return {
            "offer": offer,
            "own": bool(self.query(OwnAsked).own),
            "address": address,
            "all_of_it": urlencode({**address, "own": "1"}),
            "rights": choosing.rights(offer, choice),
            "chosen": choice.schemes is not None,
            "notes": choosing.written(choice.notes),
            "own_part": offer.split.citizen if offer.split else offer.price,
            "state": offer.split.state if offer.split else 0,
            "schemes": ",".join(offer.schemes),
            "now": self.at,
        }

    def _receipt(self, paid: AlreadyPaid) -> HttpResponse:
        for screen, fact in (("payment", "payment_id"), ("hold", "hold_id")):
            if mine := paid.facts.get(fact):
                return self.to(screen, mine)
        return super().refused(paid)


class ChargeScreen(PayScreen):
    """The same for a charge that came to the phone without a scan: a till read its code, or said yes at a poster."""

    def seen(self) -> Mapping[str, Any]:
        """Return the split as it is now."""
        choice = self._choice()
        offer = scans.show(
            citizen_id=self.caller.id,
            charge_id=self.kwargs["charge_id"],
            schemes=choice.those,
            notes=choice.notes,
            at=self.at,
        )
        return self._shown(offer, choice, {})
