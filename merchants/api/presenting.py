"""A citizen shows a code and confirms what the till asks; or keys an amount at a poster, and the till says yes."""

from typing import Annotated, ClassVar, Literal
from uuid import UUID

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from pydantic import Field
from rest_framework.request import Request
from rest_framework.response import Response

from config.authentication import CITIZEN, TILL
from config.describing import KEY
from config.doors import Door
from config.shapes import Instant, Price, Satang, Shape
from merchants import charges, drawing, hints, presented, proposals, scans, tills
from merchants.api.charges import ChargeAsked, ChargeShown, ForLater, charge_shown
from merchants.api.scans import Notes, OfferShown, QRText, Schemes, offer_shown
from merchants.presented import MOST_AHEAD
from merchants.proposals import Standing
from wallet import clock

CODE_TITLE = "คิวอาร์โค้ดของฉัน (my QR code)"
AHEAD = OpenApiParameter("ahead", {"type": "integer", "minimum": 0, "maximum": MOST_AHEAD, "default": 0})


class CodesAsked(Shape):
    """How many codes after the one of now, for a phone that may lose its network."""

    ahead: int = Field(0, ge=0, le=MOST_AHEAD)


class CodeShown(Shape):
    """What to show from one instant until another."""

    payload: str
    from_at: Instant
    until_at: Instant


class CodesShown(Shape):
    """Codes, the one of now first."""

    results: list[CodeShown]


class WaitingChargeShown(Shape):
    """What a till asks this citizen for."""

    charge_id: UUID
    merchant_name: str
    amount_satang: Satang
    asked_at: Instant
    expires_at: Instant


class WaitingChargesShown(Shape):
    """All that waits for this citizen, newest first."""

    results: list[WaitingChargeShown]


class OfferAsked(Shape):
    """`schemes` null: every scheme that the citizen is in; []: the price without any."""

    schemes: Schemes | None = None
    notes: Notes = {}


class PresentedAsked(ChargeAsked):
    """The code that the till scanned, and the price."""

    code: QRText


class ProposalAsked(Shape):
    """The poster that the phone scanned, and the amount that the citizen keyed."""

    qr_payload: QRText
    amount_satang: Price


class ProposalShown(Shape):
    """A proposal. `number` stands on both screens; `charge_id` is there once the till has said yes: see its offer."""

    id: UUID
    number: Annotated[int, Field(ge=0, le=99)]
    merchant_name: str
    amount_satang: Satang
    state: Literal["open", "expired", "accepted", "declined"]
    charge_id: UUID | None
    asked_at: Instant
    expires_at: Instant


class ProposalsShown(Shape):
    """What a till is asked to say yes or no to, oldest first."""

    results: list[ProposalShown]


class MyCodeDoor(Door):
    """What a citizen shows to a till."""

    open_to: ClassVar = {"GET": CITIZEN}

    @extend_schema(parameters=[AHEAD], responses={200: CodesShown})
    def get(self, request: Request) -> Response:
        """Have the code of now, and some of those after it. Each is good for its half minute, and for one charge."""
        found = presented.codes(device_id=self.device_id, ahead=self.query(CodesAsked).ahead, at=clock.now())
        shown = [CodeShown(payload=code.payload, from_at=code.from_at, until_at=code.until_at) for code in found]
        return Response(CodesShown(results=shown))


class MyCodeSVGDoor(Door):
    """The same, as a drawing."""

    open_to: ClassVar = {"GET": CITIZEN}

    @extend_schema(responses={(200, "image/svg+xml"): OpenApiTypes.STR})
    def get(self, request: Request) -> HttpResponse:
        """Draw the code of now as SVG."""
        (code,) = presented.codes(device_id=self.device_id, ahead=0, at=clock.now())
        return HttpResponse(drawing.svg(payload=code.payload, title=CODE_TITLE), content_type="image/svg+xml")


class MyChargesDoor(Door):
    """What waits for a citizen."""

    open_to: ClassVar = {"GET": CITIZEN}

    @extend_schema(responses={200: WaitingChargesShown})
    def get(self, request: Request) -> Response:
        """List what tills ask this citizen for, after scanning their code or saying yes to their proposal."""
        shown = [
            WaitingChargeShown(
                charge_id=waiting.charge.id,
                merchant_name=waiting.merchant_name,
                amount_satang=waiting.charge.amount,
                asked_at=waiting.charge.asked_at,
                expires_at=waiting.charge.expires_at,
            )
            for waiting in charges.waiting_for(citizen_id=self.caller.id, at=clock.now())
        ]
        return Response(WaitingChargesShown(results=shown))


class MyChargeOfferDoor(Door):
    """The split of one of them."""

    open_to: ClassVar = {"POST": CITIZEN}

    @extend_schema(request=OfferAsked, responses={200: OfferShown})
    def post(self, request: Request, charge_id: UUID) -> Response:
        """Show what this citizen would pay for a charge that came to their phone, and why."""
        asked = self.body(OfferAsked)
        schemes = None if asked.schemes is None else tuple(asked.schemes)
        offer = scans.show(
            citizen_id=self.caller.id, charge_id=charge_id, schemes=schemes, notes=asked.notes, at=clock.now()
        )
        return Response(offer_shown(offer))


class PresentedChargesDoor(Door):
    """Where a till asks the citizen whose code it scanned."""

    open_to: ClassVar = {"POST": TILL}

    @extend_schema(parameters=[KEY], request=PresentedAsked, responses={201: ChargeShown})
    def post(self, request: Request) -> Response:
        """Ask the citizen for money. They see it on their phone, and confirm there."""
        asked, at = self.body(PresentedAsked), clock.now()
        charge = presented.ask(
            till=tills.of(till_id=self.caller.id), payload=asked.code, bill=asked.bill, key=self.key, at=at
        )
        return Response(
            charge_shown(charges.standing(merchant_id=charge.merchant_id, charge_id=charge.id, at=at)), status=201
        )


class ProposalsDoor(Door):
    """Where a citizen says what they are about to pay at a poster."""

    open_to: ClassVar = {"POST": CITIZEN}

    @extend_schema(parameters=[KEY], request=ProposalAsked, responses={201: ProposalShown})
    def post(self, request: Request) -> Response:
        """Key an amount at a poster. Nothing can be paid before a till of the shop has said yes."""
        asked = self.body(ProposalAsked)
        made = proposals.propose(
            citizen_id=self.caller.id,
            payload=asked.qr_payload,
            amount=asked.amount_satang,
            key=self.key,
            at=clock.now(),
        )
        hints.tell(hints.proposed(made.proposal))
        return Response(_proposal(made), status=201)


class ProposalDoor(Door):
    """One of a citizen's proposals."""

    open_to: ClassVar = {"GET": CITIZEN}

    @extend_schema(responses={200: ProposalShown})
    def get(self, request: Request, proposal_id: UUID) -> Response:
        """Look whether the till has said yes."""
        return Response(_proposal(proposals.of(citizen_id=self.caller.id, proposal_id=proposal_id, at=clock.now())))


class TillProposalsDoor(Door):
    """What a till is asked to say yes or no to."""

    open_to: ClassVar = {"GET": TILL}

    @extend_schema(responses={200: ProposalsShown})
    def get(self, request: Request) -> Response:
        """List the proposals that wait at the shop's posters, oldest first."""
        found = proposals.waiting(till=tills.of(till_id=self.caller.id), at=clock.now())
        return Response(ProposalsShown(results=[_proposal(each) for each in found]))


class ProposalAcceptanceDoor(Door):
    """Where a till says yes."""

    open_to: ClassVar = {"POST": TILL}

    @extend_schema(parameters=[KEY], request=ForLater, responses={201: ChargeShown})
    def post(self, request: Request, proposal_id: UUID) -> Response:
        """Say yes to the person before the till: the proposal becomes a charge that they alone may pay."""
        asked, at = self.body(ForLater) if self.bytes else ForLater(), clock.now()
        charge = proposals.accept(
            till=tills.of(till_id=self.caller.id),
            proposal_id=proposal_id,
            hold_seconds=asked.seconds_held,
            key=self.key,
            at=at,
        )
        return Response(
            charge_shown(charges.standing(merchant_id=charge.merchant_id, charge_id=charge.id, at=at)), status=201
        )


class ProposalRejectionDoor(Door):
    """Where a till says no."""

    open_to: ClassVar = {"POST": TILL}

    @extend_schema(request=None, responses={204: None})
    def post(self, request: Request, proposal_id: UUID) -> Response:
        """Say no: nobody here is buying that."""
        proposals.decline(till=tills.of(till_id=self.caller.id), proposal_id=proposal_id, at=clock.now())
        return Response(status=204)


def _proposal(standing: Standing) -> ProposalShown:
    proposal = standing.proposal
    return ProposalShown(
        id=proposal.id,
        number=standing.number,
        merchant_name=standing.merchant_name,
        amount_satang=proposal.amount,
        state=standing.state,
        charge_id=proposal.charge_id,
        asked_at=proposal.asked_at,
        expires_at=proposal.expires_at,
    )
