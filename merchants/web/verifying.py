"""Anyone checks a receipt that they are shown, without an account: a slip on a screen is easily forged."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar
from urllib.parse import parse_qs, urlsplit

from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve
from pydantic import StringConstraints

from config.authentication import ANYONE
from config.screens import Screen
from config.shapes import Shape
from merchants import signatures
from merchants.api.receipts import LOOKS_PER_MINUTE, CodeAsked


class ReceiptTyped(Shape):
    """What the QR of a receipt says: an address of ours, or the signed line itself."""

    receipt: Annotated[
        str, StringConstraints(min_length=1, max_length=4096, strip_whitespace=True, pattern=r"^[!-~]+$")
    ]


class VerifyScreen(Screen):
    """Where what a receipt's QR says is typed or pasted."""

    open_to: ClassVar = ANYONE
    most_per_minute: ClassVar = LOOKS_PER_MINUTE
    template = "merchants/verify.html"

    def post(self, request: HttpRequest) -> HttpResponse:
        """Say what a genuine receipt says."""
        typed = self.form(ReceiptTyped).receipt
        try:
            parts = urlsplit(typed)
            found = resolve(parts.path) if parts.scheme else None
        except (Resolver404, ValueError):  # not one of our pages, or no address at all
            found = None
        if found is not None and found.url_name == "verified":
            code = parse_qs(parts.query).get("code", [""])[0]
            return self.to("verified", found.kwargs["payment_id"], code=code)
        facts, refunded = signatures.verify(signed=typed)
        return self.show(facts=facts, refunded=refunded)


class VerifiedScreen(Screen):
    """Where the QR on a receipt leads: what was really paid."""

    open_to: ClassVar = ANYONE
    most_per_minute: ClassVar = LOOKS_PER_MINUTE
    template = "merchants/verify.html"

    def seen(self) -> Mapping[str, Any]:
        """Return what the receipt says to anybody, and what came back since."""
        code = self.query(CodeAsked).code
        receipt = signatures.look_up(payment_id=self.kwargs["payment_id"], code=code)
        return {"facts": signatures.facts(receipt), "refunded": receipt.refunded}
