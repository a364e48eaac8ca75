"""What an officer does about a shop: looks at it for a reason, corrects its particulars, stops it, lets it go on."""

from typing import Any, ClassVar
from uuid import UUID

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from config.authentication import OFFICER
from config.doors import Door
from config.shapes import Instant, Reason, Shape
from merchants import looks, onboarding, particulars, suspensions
from merchants.api.describing import OfficeFacts, ShopDescribed
from merchants.looks import Dossier
from wallet import clock

WHY = OpenApiParameter("reason", str, required=True, description="why the officer looks; the shop's owners read it")


class LookAsked(Shape):
    """Why the officer looks."""

    reason: Reason


class ParticularsAsked(ShopDescribed):
    """What a shop is to be called and judged by from now on, and why."""

    facts: OfficeFacts
    reason: Reason


class ParticularsShown(Shape):
    """What a shop was called and judged by from an instant on."""

    name: str
    name_en: str
    city: str
    facts: dict[str, Any]
    by: str
    reason: str
    from_at: Instant


class SuspensionAsked(Shape):
    """Why."""

    reason: Reason


class SuspensionShown(Shape):
    """A shop that may not take payments."""

    id: UUID
    merchant_id: UUID
    reason: str
    by: str
    at: Instant


class StopShown(Shape):
    """A time in which a shop might not take payments."""

    reason: str
    by: str
    at: Instant
    lifted_at: Instant | None
    lifted_by: str
    lifted_reason: str


class DossierShown(Shape):
    """All that an officer is shown of a shop. The bank account's number is masked."""

    id: UUID
    name: str
    name_en: str
    city: str
    facts: dict[str, Any]
    joined_at: Instant
    bank_code: str
    bank_account_masked: str
    particulars: list[ParticularsShown]
    suspensions: list[StopShown]
    branches: list[str]
    tills: list[str]
    staff: dict[str, int]


class MerchantDoor(Door):
    """One shop."""

    open_to: ClassVar = {"GET": OFFICER}

    @extend_schema(parameters=[WHY], responses={200: DossierShown})
    def get(self, request: Request, merchant_id: UUID) -> Response:
        """Look at a shop. That one has looked, and why, is kept, and its owners can read it."""
        found = looks.dossier(
            merchant_id=merchant_id, reason=self.query(LookAsked).reason, actor=self.officer, at=clock.now()
        )
        return Response(_dossier(found))


class ParticularsDoor(Door):
    """What a shop is called and judged by."""

    open_to: ClassVar = {"POST": OFFICER}

    @extend_schema(request=ParticularsAsked, responses={201: ParticularsShown})
    def post(self, request: Request, merchant_id: UUID) -> Response:
        """Let a shop be called and judged otherwise from now on."""
        asked = self.body(ParticularsAsked)
        row = particulars.change(
            merchant=onboarding.merchant(merchant_id=merchant_id),
            described=asked.described,
            reason=asked.reason,
            actor=self.officer,
            at=clock.now(),
        )
        return Response(_particulars(row), status=201)


class SuspensionDoor(Door):
    """Where an officer stops a shop."""

    open_to: ClassVar = {"POST": OFFICER}

    @extend_schema(request=SuspensionAsked, responses={201: SuspensionShown})
    def post(self, request: Request, merchant_id: UUID) -> Response:
        """Stop a shop from taking payments."""
        suspension = suspensions.suspend(
            merchant=onboarding.merchant(merchant_id=merchant_id),
            reason=self.body(SuspensionAsked).reason,
            actor=self.officer,
            at=clock.now(),
        )
        shown = SuspensionShown(
            id=suspension.id,
            merchant_id=merchant_id,
            reason=suspension.reason,
            by=suspension.by,
            at=suspension.at,
        )
        return Response(shown, status=201)


class RestorationDoor(Door):
    """Where an officer lets a shop go on."""

    open_to: ClassVar = {"POST": OFFICER}

    @extend_schema(request=SuspensionAsked, responses={204: None})
    def post(self, request: Request, merchant_id: UUID) -> Response:
        """Let a suspended shop take payments again, and say why."""
        suspensions.restore(
            merchant=onboarding.merchant(merchant_id=merchant_id),
            reason=self.body(SuspensionAsked).reason,
            actor=self.officer,
            at=clock.now(),
        )
        return Response(status=204)


def _dossier(found: Dossier) -> DossierShown:
    shop = found.merchant
    return DossierShown(
        id=shop.id,
        name=shop.name,
        name_en=shop.name_en,
        city=shop.city,
        facts=shop.facts,
        joined_at=shop.joined_at,
        bank_code=shop.bank_code,
        bank_account_masked=found.bank_account_masked,
        particulars=[_particulars(row) for row in found.particulars],
        suspensions=[
            StopShown(
                reason=stop.reason,
                by=stop.by,
                at=stop.at,
                lifted_at=stop.lifted_at,
                lifted_by=stop.lifted_by,
                lifted_reason=stop.lifted_reason,
            )
            for stop in found.suspensions
        ],
        branches=[branch.name for branch in found.branches],
        tills=[till.name for till in found.tills],
        staff=found.staff_by_role,
    )


def _particulars(row: Any) -> ParticularsShown:
    return ParticularsShown(
        name=row.name,
        name_en=row.name_en,
        city=row.city,
        facts=row.facts,
        by=row.by,
        reason=row.reason,
        from_at=row.from_at,
    )
