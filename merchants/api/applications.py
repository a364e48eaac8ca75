"""Citizens apply for shops, owners for other particulars, and officers decide."""

from typing import Any, ClassVar, Literal
from uuid import UUID

from drf_spectacular.utils import extend_schema
from pydantic import Field
from rest_framework.request import Request
from rest_framework.response import Response

from config.authentication import CITIZEN, OFFICER, OWNER
from config.doors import Door
from config.shapes import Instant, Reason, Shape, Totp
from merchants import applications, approvals
from merchants.api.describing import NewShop, ShopDescribed
from merchants.api.invitations import InvitationShown, invitation_shown
from merchants.applications import Standing
from wallet import clock

# More than one citizen, one shop or one morning of an officer has.
MOST_SHOWN = 100


class OtherParticulars(ShopDescribed):
    """What a shop wants to be called and judged by from now on, and why."""

    reason: Reason


class ApplicationShown(Shape):
    """An application, what it says now, and what was decided about that."""

    id: UUID
    version_id: UUID = Field(description="what an officer's decision names as `seen`")
    number: int = Field(description="1, and one more with each correction")
    merchant_id: UUID | None = Field(description="the shop whose particulars it would change; null for a new shop")
    state: Literal["waiting", "approved", "rejected"]
    reason: str = Field(description="why it was rejected")
    name: str
    name_en: str
    city: str
    facts: dict[str, Any]
    bank_code: str
    bank_account_masked: str
    why: str = Field(description="why the owner asks for other particulars")
    said_at: Instant
    decided_at: Instant | None


class ApplicationsShown(Shape):
    """Applications."""

    results: list[ApplicationShown]


class Approving(Shape):
    """The version that the officer was shown, and a code from their authenticator, made now."""

    seen: UUID
    totp: Totp


class Rejecting(Shape):
    """The version that the officer was shown, and why not."""

    seen: UUID
    reason: Reason


class MerchantTaken(Shape):
    """The shop that was taken in, or that is now known otherwise."""

    merchant_id: UUID


class ApplicationsDoor(Door):
    """A citizen's applications for shops."""

    open_to: ClassVar = {"GET": CITIZEN, "POST": CITIZEN}

    @extend_schema(responses={200: ApplicationsShown})
    def get(self, request: Request) -> Response:
        """List one's own applications, newest first."""
        found = applications.of_citizen(citizen_id=self.caller.id, at_most=MOST_SHOWN)
        return Response(ApplicationsShown(results=[_shown(each) for each in found]))

    @extend_schema(request=NewShop, responses={201: ApplicationShown})
    def post(self, request: Request) -> Response:
        """Apply for a shop. One's identity was proven when one joined."""
        asked = self.body(NewShop)
        made = applications.apply(
            citizen_id=self.caller.id, described=asked.described, account=asked.account, at=clock.now()
        )
        return Response(_shown(made), status=201)


class CorrectionDoor(Door):
    """Where a citizen says it better."""

    open_to: ClassVar = {"POST": CITIZEN}

    @extend_schema(request=NewShop, responses={201: ApplicationShown})
    def post(self, request: Request, application_id: UUID) -> Response:
        """Correct an application that is not decided, or was rejected."""
        asked = self.body(NewShop)
        made = applications.correct(
            application_id=application_id,
            citizen_id=self.caller.id,
            described=asked.described,
            account=asked.account,
            at=clock.now(),
        )
        return Response(_shown(made), status=201)


class OwnerInvitationDoor(Door):
    """Where the citizen whose shop was taken in becomes its owner."""

    open_to: ClassVar = {"POST": CITIZEN}

    @extend_schema(request=None, responses={201: InvitationShown})
    def post(self, request: Request, application_id: UUID) -> Response:
        """Make an invitation to be the shop's owner, good for fifteen minutes."""
        made = applications.invite_owner(application_id=application_id, citizen_id=self.caller.id, at=clock.now())
        return Response(invitation_shown(made), status=201)


class ShopApplicationsDoor(Door):
    """What a shop's owners have asked to be called and judged by."""

    open_to: ClassVar = {"GET": OWNER, "POST": OWNER}

    @extend_schema(responses={200: ApplicationsShown})
    def get(self, request: Request) -> Response:
        """List the shop's applications, newest first."""
        found = applications.of_shop(merchant_id=self.shop_id, at_most=MOST_SHOWN)
        return Response(ApplicationsShown(results=[_shown(each) for each in found]))

    @extend_schema(request=OtherParticulars, responses={201: ApplicationShown})
    def post(self, request: Request) -> Response:
        """Ask that the shop be called and judged otherwise."""
        asked = self.body(OtherParticulars)
        made = applications.apply_for_change(
            staff_id=self.caller.id, described=asked.described, reason=asked.reason, at=clock.now()
        )
        return Response(_shown(made), status=201)


class WaitingApplicationsDoor(Door):
    """What waits for an officer."""

    open_to: ClassVar = {"GET": OFFICER}

    @extend_schema(responses={200: ApplicationsShown})
    def get(self, request: Request) -> Response:
        """List the applications that wait, the longest-waiting first."""
        found = applications.waiting(at_most=MOST_SHOWN)
        return Response(ApplicationsShown(results=[_shown(each) for each in found]))


class ApplicationApprovalDoor(Door):
    """Where an officer says yes."""

    open_to: ClassVar = {"POST": OFFICER}

    @extend_schema(request=Approving, responses={201: MerchantTaken})
    def post(self, request: Request, application_id: UUID) -> Response:
        """Take the shop in, or let its new particulars hold."""
        asked = self.body(Approving)
        merchant = approvals.approve(
            application_id=application_id,
            seen=asked.seen,
            actor=self.officer,
            second_factor=asked.totp,
            at=clock.now(),
        )
        return Response(MerchantTaken(merchant_id=merchant.id), status=201)


class ApplicationRejectionDoor(Door):
    """Where an officer says no."""

    open_to: ClassVar = {"POST": OFFICER}

    @extend_schema(request=Rejecting, responses={201: ApplicationShown})
    def post(self, request: Request, application_id: UUID) -> Response:
        """Reject it, and say why; it may be corrected."""
        asked = self.body(Rejecting)
        decided = approvals.reject(
            application_id=application_id, seen=asked.seen, reason=asked.reason, actor=self.officer, at=clock.now()
        )
        return Response(_shown(decided), status=201)


def _shown(standing: Standing) -> ApplicationShown:
    application, version, decision = standing.application, standing.version, standing.decision
    return ApplicationShown(
        id=application.id,
        version_id=version.id,
        number=version.number,
        merchant_id=application.merchant_id,
        state=standing.state,
        reason=decision.reason if decision else "",
        name=version.name,
        name_en=version.name_en,
        city=version.city,
        facts=version.facts,
        bank_code=version.bank_code,
        bank_account_masked=standing.account_masked,
        why=version.reason,
        said_at=version.at,
        decided_at=decision.at if decision else None,
    )
