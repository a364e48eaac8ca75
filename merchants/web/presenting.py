"""A citizen shows a code for the till to scan; or keys an amount at a poster, and waits for the till's yes."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.safestring import mark_safe
from django.utils.translation import gettext

from config.authentication import CITIZEN
from config.screens import Screen
from config.shapes import Shape, TypedBaht, TypedKey
from merchants import charges, drawing, hints, posters, presented, proposals
from merchants.web.paying import Payload
from wallet.tokens import TokenRefused


class PosterAsked(Shape):
    """What was scanned."""

    qr: Payload


class AmountKeyed(Shape):
    """What the citizen is about to pay."""

    amount: TypedBaht
    key: TypedKey


class MyCodeScreen(Screen):
    """What a citizen shows to a till, and what tills ask them for."""

    open_to: ClassVar = CITIZEN
    template = "merchants/my_code.html"

    def seen(self) -> Mapping[str, Any]:
        """Return the code of now."""
        if self.caller.device_id is None:
            raise TokenRefused
        (code,) = presented.codes(device_id=self.caller.device_id, ahead=0, at=self.at)
        drawn = drawing.svg(payload=code.payload, title=gettext("My QR"))
        return {
            "code": mark_safe(drawn),  # noqa: S308  drawn by us
            "waiting": charges.waiting_for(citizen_id=self.caller.id, at=self.at),
        }


class PosterScreen(Screen):
    """Where the amount is keyed."""

    open_to: ClassVar = CITIZEN
    template = "merchants/poster.html"

    def seen(self) -> Mapping[str, Any]:
        """Return whose poster it is."""
        return {"poster": posters.scanned(payload=self.query(PosterAsked).qr)}

    def post(self, request: HttpRequest) -> HttpResponse:
        """Tell the shop."""
        typed = self.form(AmountKeyed)
        made = proposals.propose(
            citizen_id=self.caller.id,
            payload=self.query(PosterAsked).qr,
            amount=typed.amount,
            key=typed.key,
            at=self.at,
        )
        hints.tell(hints.proposed(made.proposal))
        return self.to("proposal", made.proposal.id)


class ProposalScreen(Screen):
    """Where the citizen waits for the till's yes."""

    open_to: ClassVar = CITIZEN
    template = "merchants/proposal.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Show how it stands; once the till has said yes, the split."""
        standing = proposals.of(citizen_id=self.caller.id, proposal_id=self.kwargs["proposal_id"], at=self.at)
        if standing.proposal.charge_id is not None:
            return self.to("charge", standing.proposal.charge_id)
        return self.show(standing=standing, number=f"{standing.number:02d}")
