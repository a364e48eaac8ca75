"""The counter: a price is keyed, its QR fills the screen, and "paid" comes by itself."""

from collections.abc import Mapping
from typing import Any, ClassVar, Final

from csp.decorators import csp_update
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from config.authentication import SHOP, TILL
from config.shapes import Shape, TypedBaht, TypedKey
from merchants import charges, drawing, hints, proposals, takings, tills, typed_codes
from merchants.api.events import let_page_listen
from merchants.charges import ChargeHeld, State
from merchants.looking import AlreadyPaid
from merchants.web.shops import OfShop
from wallet.models import Channel

# What a cashier looks back at between two customers.
LATELY: Final = 3
EVENTS: Final = "/api/v1/till/events/"


class PriceKeyed(Shape):
    """A price."""

    amount: TypedBaht
    key: TypedKey


class StateSeen(Shape):
    """How the page shows the charge now; and whether it was confirmed just when it was to be taken back."""

    was: State | None = None
    late: bool = False


class KeypadScreen(OfShop):
    """Where a price is keyed."""

    open_to: ClassVar = TILL
    template = "merchants/shop/keypad.html"
    piece = "merchants/shop/lately.html"

    def seen(self) -> Mapping[str, Any]:
        """Return the till, what it took last, and how many at a poster wait for its yes."""
        till = tills.of(till_id=self.caller.id)
        return {
            "till": till,
            "lately": takings.newest(merchant_id=self.shop_id, till_id=till.id, at_most=LATELY),
            "waiting": len(proposals.waiting(till=till, at=self.at)),
        }

    def post(self, request: HttpRequest) -> HttpResponse:
        """Ask for it, and show the QR."""
        typed = self.form(PriceKeyed)
        charge = charges.ask(
            till=tills.of(till_id=self.caller.id),
            amount=typed.amount,
            channel=Channel.SHOP,
            lines=[],
            facts={},
            note="",
            key=typed.key,
            at=self.at,
        )
        return self.to("shop-charge", charge.id)


# Where no proxy leads to the process that tells events, it has an origin of its own.
@method_decorator(csp_update({"connect-src": [settings.LIVE_ORIGIN] if settings.LIVE_ORIGIN else []}), name="dispatch")
class ChargeScreen(OfShop):
    """One charge: its QR until it is paid, and then how much came."""

    open_to: ClassVar = SHOP
    template = "merchants/shop/charge.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Show it; of who asks for news and has seen it as it is, nothing is drawn again."""
        asked = self.query(StateSeen)
        standing = charges.standing(merchant_id=self.shop_id, charge_id=self.kwargs["charge_id"], at=self.at)
        if asked.was == standing.state:
            return HttpResponse(status=204)
        charge = standing.charge
        answer = self.show(
            charge=charge,
            state=standing.state,
            payment_id=standing.payment_id,
            hold_id=standing.hold_id,
            late=asked.late and standing.state in {"paid", "held"},
            baht=charge.amount // 100,
            satang=charge.amount % 100,
            hold_hours=(charge.hold_seconds or 0) // 3_600,
            code=_drawn(charges.payload(charge)) if standing.state == "open" else "",
            digits=typed_codes.of(charge.id),
            events=f"{settings.LIVE_ORIGIN}{EVENTS}",
            now=self.at,
        )
        if standing.state == "open":
            let_page_listen(answer, caller=self.caller, at=timezone.now())
        return answer


class CancelScreen(ChargeScreen):
    """Where a charge is taken back."""

    open_to: ClassVar = TILL

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Send who reloads to the charge."""
        return self.to("shop-charge", self.kwargs["charge_id"])

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Take it back; or, where the citizen was faster, see that they confirmed it after all."""
        charge_id = self.kwargs["charge_id"]
        try:
            end = charges.cancel(till=tills.of(till_id=self.caller.id), charge_id=charge_id, at=self.at)
        except (AlreadyPaid, ChargeHeld):
            return self.to("shop-charge", charge_id, late="1")
        hints.tell(hints.cancelled(charges.of(merchant_id=self.shop_id, charge_id=charge_id), at=end.at))
        return self.to("shop-charge", charge_id)


def _drawn(payload: str) -> SafeString:
    return mark_safe(drawing.svg(payload=payload, title=gettext("QR to pay this price")))  # noqa: S308  drawn by us
