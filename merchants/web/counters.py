"""Other ways to ask at a counter: a customer shows a code, or keys an amount at the poster and waits for a yes."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal
from uuid import UUID

from csp.decorators import csp_update
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.decorators import method_decorator
from pydantic import StringConstraints

from config.authentication import TILL
from config.shapes import Shape, TypedBaht, TypedKey
from merchants import photos, presented, proposals, tills
from merchants.api.scans import LONGEST_SCAN
from merchants.charges import Bill
from merchants.web.holding import KeptForOrNot, seconds
from merchants.web.scanning import decoder
from merchants.web.shops import OfShop

ShownCode = Annotated[str, StringConstraints(max_length=LONGEST_SCAN, pattern=r"^[^\x00]*$", strip_whitespace=True)]


class CodeSeen(Shape):
    """What the camera has read, and the price if it was keyed before."""

    qr: ShownCode = ""
    amount: Annotated[str, StringConstraints(max_length=12, pattern=r"^[0-9.,]*$")] = ""


class CustomerAsked(Shape):
    """A customer's code and the price; and for how long it is held, if it is for later."""

    code: Annotated[ShownCode, StringConstraints(min_length=1)]
    amount: TypedBaht
    kept_for: KeptForOrNot = ""
    key: TypedKey


class Answered(Shape):
    """Yes or no to somebody at the poster; and for how long it is held, if it is for later."""

    proposal_id: UUID
    answer: Literal["yes", "no"]
    kept_for: KeptForOrNot = ""
    key: TypedKey


@method_decorator(csp_update({"script-src": ["'wasm-unsafe-eval'"]}), name="dispatch")
class CustomerScreen(OfShop):
    """Where a customer's code is scanned or entered, and its owner asked for the price."""

    open_to: ClassVar = TILL
    template = "merchants/shop/customer.html"

    def seen(self) -> Mapping[str, Any]:
        """Return what was scanned, and where the page finds a reader of codes."""
        return {"asked": self.query(CodeSeen), "decoder": decoder()}

    def post(self, request: HttpRequest) -> HttpResponse:
        """Ask. They see it on their phone and confirm there; this page waits for it."""
        typed = self.form(CustomerAsked)
        charge = presented.ask(
            till=tills.of(till_id=self.caller.id),
            payload=typed.code,
            bill=Bill(amount=typed.amount, hold_seconds=seconds(typed.kept_for)),
            key=typed.key,
            at=self.at,
        )
        return self.to("shop-charge", charge.id)


class CustomerPhotoScreen(CustomerScreen):
    """Where a photo of a customer's code is sent."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Send who reloads back."""
        return self.to("shop-customer")

    def post(self, request: HttpRequest) -> HttpResponse:
        """Read the code in it, and ask for the price."""
        photo = request.FILES.get("photo")
        if not isinstance(photo, UploadedFile) or (photo.size or 0) > photos.LARGEST_BYTES:
            raise photos.PhotoUnreadable
        return self.show(asked=CodeSeen(qr=photos.read(photo.read())))


class WaitingScreen(OfShop):
    """Who at a poster waits for a yes."""

    open_to: ClassVar = TILL
    template = "merchants/shop/waiting.html"

    def seen(self) -> Mapping[str, Any]:
        """Return them, oldest first."""
        return {"waiting": proposals.waiting(till=tills.of(till_id=self.caller.id), at=self.at)}

    def post(self, request: HttpRequest) -> HttpResponse:
        """Say yes, and wait for the payment; or no."""
        typed, till = self.form(Answered), tills.of(till_id=self.caller.id)
        if typed.answer == "yes":
            charge = proposals.accept(
                till=till,
                proposal_id=typed.proposal_id,
                hold_seconds=seconds(typed.kept_for),
                key=typed.key,
                at=self.at,
            )
            return self.to("shop-charge", charge.id)
        proposals.decline(till=till, proposal_id=typed.proposal_id, at=self.at)
        return self.to("shop-waiting")
