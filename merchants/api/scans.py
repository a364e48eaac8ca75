"""A citizen scans, and sees the split with its reasons before anything is confirmed."""

from collections.abc import Iterable, Mapping
from typing import Annotated, Any, ClassVar
from uuid import UUID

from drf_spectacular.utils import extend_schema
from pydantic import Field, StringConstraints
from rest_framework.request import Request
from rest_framework.response import Response

from config.authentication import CITIZEN
from config.doors import Door
from config.problems import document
from config.shapes import Code, Instant, Problem, Satang, Shape
from config.words import worded
from merchants import scans
from merchants.receipts import SchemeShare
from merchants.scans import Offer
from wallet import clock

# EMVCo's longest payload; what is longer is refused by name, by who reads it.
LONGEST_SCAN = 2_000
MOST_SCHEMES = 10
MOST_NOTES = 10_000
MOST_KINDS_OF_NOTES = 20

QRText = Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_SCAN, pattern=r"^[^\x00]+$")]
Schemes = Annotated[list[Code], Field(max_length=MOST_SCHEMES)]
Count = Annotated[int, Field(ge=0, le=MOST_NOTES)]
Notes = Annotated[
    dict[Code, Annotated[dict[Code, Count], Field(max_length=MOST_KINDS_OF_NOTES)]],
    Field(max_length=MOST_SCHEMES, description="of rights in notes: scheme, note, how many; left out: the best ones"),
]


class ScanAsked(Shape):
    """What the camera read. `schemes` null: every scheme that the citizen is in; []: the price without any."""

    qr_payload: QRText
    schemes: Schemes | None = None
    notes: Notes = {}


class ReasonShown(Shape):
    """Why the split is what it is."""

    code: str
    facts: dict[str, Any]
    th: str
    en: str


class SchemeShareShown(Shape):
    """What one scheme pays."""

    scheme: str
    amount_satang: Satang
    lost_satang: Satang = Field(description="what the last note is worth above that: no change is given")
    later_satang: Satang = Field(description="what becomes the citizen's own money on a later day")
    later_at: Instant | None


class QuoteShown(Shape):
    """The split of a price; or why the schemes do not pay, beside the price without them."""

    merchant_name: str = Field(description="empty where no shop was named")
    price_satang: Satang
    own_part_satang: Satang
    state_satang: Satang
    schemes: list[str]
    notes: dict[str, dict[str, int]] = Field(description="the notes that would be handed over, by scheme")
    shares: list[SchemeShareShown]
    reasons: list[ReasonShown]
    cash_satang: Satang
    short_satang: Satang = Field(description="how much own money is missing: top up by at least this")
    refusal: Problem | None = Field(description="why no scheme pays")
    pays_all: bool = Field(
        description="no scheme pays: say so, and confirm with schemes [] and pays_all true only if they want to"
    )


class OfferShown(QuoteShown):
    """The split of a charge, before anything is confirmed."""

    charge_id: UUID
    expires_at: Instant
    hold_seconds: int | None = Field(description="the money is held for so long, for a delivery; null: paid at once")


class ScansDoor(Door):
    """Where a citizen scans."""

    open_to: ClassVar = {"POST": CITIZEN}

    @extend_schema(request=ScanAsked, responses={200: OfferShown})
    def post(self, request: Request) -> Response:
        """Show what this citizen would pay for the charge in a QR, and why."""
        asked = self.body(ScanAsked)
        schemes = None if asked.schemes is None else tuple(asked.schemes)
        offer = scans.scan(
            citizen_id=self.caller.id, payload=asked.qr_payload, schemes=schemes, notes=asked.notes, at=clock.now()
        )
        return Response(offer_shown(offer))


def offer_shown(offer: Offer) -> OfferShown:
    """Return an offer as every door shows it."""
    shown = dict(quote_shown(offer))
    return OfferShown(**shown, charge_id=offer.charge_id, expires_at=offer.expires_at, hold_seconds=offer.hold_seconds)


def quote_shown(offer: Offer) -> QuoteShown:
    """Return what the phone shows of an offer, whether a charge is behind it or not."""
    split, no = offer.split, offer.refusal
    return QuoteShown(
        merchant_name=offer.merchant_name,
        price_satang=offer.price,
        own_part_satang=split.citizen if split else offer.price,
        state_satang=split.state if split else 0,
        schemes=list(offer.schemes),
        notes=offer.notes,
        shares=[share_shown(share) for share in offer.shares],
        reasons=reasons_shown((reason.code, reason.facts) for reason in split.reasons) if split else [],
        cash_satang=offer.cash,
        short_satang=offer.short,
        pays_all=offer.pays_all,
        refusal=None if no is None else Problem(**document(no.code, status=no.status, facts=no.facts)),
    )


def share_shown(share: SchemeShare) -> SchemeShareShown:
    """Return what one scheme pays, as every door shows it."""
    return SchemeShareShown(
        scheme=share.scheme,
        amount_satang=share.amount,
        lost_satang=share.lost,
        later_satang=share.later,
        later_at=share.later_at,
    )


def reasons_shown(reasons: Iterable[tuple[str, Mapping[str, Any]]]) -> list[ReasonShown]:
    """Return why a split is what it is, by codes and facts, in words."""
    shown = []
    for code, facts in reasons:
        thai, english = worded(code=code, facts=facts)
        shown.append(ReasonShown(code=code, facts=dict(facts), th=thai, en=english))
    return shown
