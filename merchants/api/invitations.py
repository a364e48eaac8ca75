"""A phone becomes a till and a person one of the staff, by a code that is good once and for minutes."""

from typing import Annotated, ClassVar, Literal
from uuid import UUID

from drf_spectacular.utils import extend_schema
from pydantic import Field, StringConstraints
from rest_framework.request import Request
from rest_framework.response import Response

from config.authentication import ANYONE, MANAGERS
from config.doors import Door
from config.shapes import Instant, Name, Opaque, Shape
from merchants import drawing, invitations, staff
from merchants.invitations import Invited
from merchants.models import Role
from wallet import clock

StaffRoleName = Literal["owner", "manager", "cashier"]
Username = Annotated[str, StringConstraints(min_length=3, max_length=60, pattern=r"^[a-z0-9_.@-]+$")]
Password = Annotated[str, StringConstraints(min_length=1, max_length=256, pattern=r"^[^\x00]+$")]

QR_TITLE = "คิวอาร์โค้ดสำหรับเพิ่มเครื่องหรือพนักงาน (invitation QR code)"


class TillInviting(Shape):
    """What the new till will be called, and the branch where it stands."""

    name: Name
    branch_id: UUID | None = None


class StaffInviting(Shape):
    """What the new member of the staff may do, and a name by which the invitation is known."""

    role: StaffRoleName
    name: Name


class InvitationShown(Shape):
    """An invitation: show `qr_svg` to the phone that shall scan it. It is not shown again."""

    id: UUID
    payload: str
    letters: str = Field(description="twelve, which may be typed in place of scanning")
    qr_svg: str
    expires_at: Instant


class TillEnrolling(Shape):
    """What the phone has scanned, or the twelve letters."""

    invitation: Opaque


class TillEnrolled(Shape):
    """A till, and the secret with which it signs in (`grant: till`). The secret is not shown again."""

    till_id: UUID
    secret: str
    name: str
    merchant_name: str


class StaffJoining(TillEnrolling):
    """What the phone has scanned, and how its holder will sign in (`grant: staff`)."""

    username: Username
    password: Password


class StaffJoined(Shape):
    """A member of the staff. An owner's authenticator app scans `totp_url`, which is not shown again."""

    staff_id: UUID
    role: StaffRoleName
    totp_url: str | None = Field(description="otpauth://…, for owners")


class TillsDoor(Door):
    """Where a phone becomes a till."""

    open_to: ClassVar = {"POST": ANYONE}

    @extend_schema(request=TillEnrolling, responses={201: TillEnrolled})
    def post(self, request: Request) -> Response:
        """Become the till that an invitation is for."""
        till, secret = invitations.enrol_till(payload=self.body(TillEnrolling).invitation, at=clock.now())
        shown = TillEnrolled(till_id=till.id, secret=secret, name=till.name, merchant_name=till.merchant.name)
        return Response(shown, status=201)


class StaffDoor(Door):
    """Where a person joins a shop's staff."""

    open_to: ClassVar = {"POST": ANYONE}

    @extend_schema(request=StaffJoining, responses={201: StaffJoined})
    def post(self, request: Request) -> Response:
        """Join the staff, in the role that an invitation is for."""
        asked = self.body(StaffJoining)
        joined = invitations.join(
            payload=asked.invitation, username=asked.username, password=asked.password, at=clock.now()
        )
        shown = StaffJoined(staff_id=joined.member.id, role=staff.role_of(joined.member), totp_url=joined.totp_url)
        return Response(shown, status=201)


class TillInvitationsDoor(Door):
    """Where a shop invites phones."""

    open_to: ClassVar = {"POST": MANAGERS}

    @extend_schema(request=TillInviting, responses={201: InvitationShown})
    def post(self, request: Request) -> Response:
        """Invite a phone to become a till."""
        asked = self.body(TillInviting)
        made = invitations.invite_till(
            by=staff.at_work(staff_id=self.caller.id), name=asked.name, branch_id=asked.branch_id, at=clock.now()
        )
        return Response(invitation_shown(made), status=201)


class StaffInvitationsDoor(Door):
    """Where a shop invites people."""

    open_to: ClassVar = {"POST": MANAGERS}

    @extend_schema(request=StaffInviting, responses={201: InvitationShown})
    def post(self, request: Request) -> Response:
        """Invite a person to work for the shop."""
        asked = self.body(StaffInviting)
        made = invitations.invite_staff(
            by=staff.at_work(staff_id=self.caller.id), role=Role(asked.role), name=asked.name, at=clock.now()
        )
        return Response(invitation_shown(made), status=201)


def invitation_shown(made: Invited) -> InvitationShown:
    """Return an invitation as every door shows it."""
    return InvitationShown(
        id=made.invitation.id,
        payload=made.payload,
        letters=made.letters,
        qr_svg=drawing.svg(payload=made.payload, title=QR_TITLE),
        expires_at=made.invitation.expires_at,
    )
