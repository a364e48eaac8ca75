"""Money in: a citizen asks for a top-up, pays its QR in their bank's app or types a card, and sees it arrive."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Final, Literal

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext
from pydantic import StringConstraints

from config.authentication import CITIZEN
from config.screens import Screen
from config.shapes import Shape, TypedBaht, TypedKey
from merchants import drawing
from wallet import topups
from wallet.money import Satang

SHOWN: Final = 10
USUAL: Final[tuple[Satang, ...]] = (100_00, 200_00, 500_00, 1_000_00)


class AmountAsked(Shape):
    """What a page before this one already knows is missing, in baht."""

    amount: Annotated[str, StringConstraints(max_length=12, pattern=r"^[0-9.]*$")] = ""


class TopUpTyped(Shape):
    """How much to top up by, and by which button."""

    amount: TypedBaht
    by: Literal["promptpay", "card"] = "promptpay"
    key: TypedKey


class TopUpsScreen(Screen):
    """Where a citizen asks for a top-up, and sees earlier ones."""

    open_to: ClassVar = CITIZEN
    template = "wallet/top_ups.html"

    def seen(self) -> Mapping[str, Any]:
        """Return usual amounts, and what was asked before."""
        found = topups.newest(citizen_id=self.caller.id, at_most=SHOWN)
        return {
            "usual": USUAL,
            "amount": self.query(AmountAsked).amount,
            "least": topups.SMALLEST,
            "top_ups": [{"it": top_up, "state": topups.state(top_up)} for top_up in found],
        }

    def post(self, request: HttpRequest) -> HttpResponse:
        """Ask for it, and show the QR or the way to the card page."""
        typed = self.form(TopUpTyped)
        if typed.by == "card":
            top_up = topups.begin_by_card(
                citizen_id=self.caller.id,
                amount=typed.amount,
                back_to=request.build_absolute_uri(reverse("top-ups")),
                key=typed.key,
                at=self.at,
            )
        else:
            top_up = topups.begin(citizen_id=self.caller.id, amount=typed.amount, key=typed.key, at=self.at)
        return self.to("top-up", top_up.id)


class TopUpScreen(Screen):
    """One top-up: its QR or the way to the card page, until the money is here."""

    open_to: ClassVar = CITIZEN
    template = "wallet/top_up.html"

    def seen(self) -> Mapping[str, Any]:
        """Return how far it has come."""
        top_up = topups.of(citizen_id=self.caller.id, top_up_id=self.kwargs["top_up_id"])
        state = topups.state(top_up)
        shows_code = state == "waiting" and not top_up.by_card
        return {"top_up": top_up, "state": state, "code": drawn(top_up.qr_payload) if shows_code else ""}


def drawn(payload: str) -> SafeString:
    """Return a QR as an SVG element of the page."""
    return mark_safe(drawing.svg(payload=payload, title=gettext("QR to pay in your bank's app")))  # noqa: S308  drawn by us
