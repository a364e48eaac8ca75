"""Doors for officers who give what is left of a scheme back to the Treasury."""

from typing import ClassVar

from drf_spectacular.utils import extend_schema
from pydantic import Field
from rest_framework.request import Request
from rest_framework.response import Response

from config.authentication import OFFICER
from config.describing import KEY
from config.doors import Door
from config.shapes import Instant, Reason, Satang, Shape, Totp
from subsidies import handing_back
from subsidies.models import HandBack
from wallet import clock


class HandBackAsked(Shape):
    """Why."""

    reason: Reason


class HandBackApprovalAsked(Shape):
    """A code from the second officer's device, made now."""

    totp: Totp


class HandBackShown(Shape):
    """What is left of a scheme that is over, on its way back to the Treasury."""

    scheme: str
    amount_satang: Satang = Field(description="what was left when it was asked for")
    reason: str
    asked_by: str
    asked_at: Instant
    decided_by: str | None
    handed_back_at: Instant | None
    refused_at: Instant | None


class HandBackDoor(Door):
    """The end of a scheme's money."""

    open_to: ClassVar = {"POST": OFFICER}

    @extend_schema(parameters=[KEY], request=HandBackAsked, responses={201: HandBackShown})
    def post(self, request: Request, code: str) -> Response:
        """Ask, as the first of two officers, that what is left of a scheme that is over goes back to the Treasury."""
        reason = self.body(HandBackAsked).reason
        found = handing_back.ask(code=code, reason=reason, actor=self.officer, key=self.key, at=clock.now())
        return Response(_shown(found), status=201)


class HandBackApprovalDoor(Door):
    """The second officer's word."""

    open_to: ClassVar = {"POST": OFFICER}

    @extend_schema(parameters=[KEY], request=HandBackApprovalAsked, responses={201: HandBackShown})
    def post(self, request: Request, code: str) -> Response:
        """Give the sum that was asked for back to the Treasury."""
        totp = self.body(HandBackApprovalAsked).totp
        found = handing_back.agree(code=code, second_factor=totp, actor=self.officer, key=self.key, at=clock.now())
        return Response(_shown(found), status=201)


class HandBackRejectionDoor(Door):
    """No officer's yes."""

    open_to: ClassVar = {"POST": OFFICER}

    @extend_schema(parameters=[KEY], request=HandBackAsked, responses={201: HandBackShown})
    def post(self, request: Request, code: str) -> Response:
        """Say no to it, or take it back."""
        reason = self.body(HandBackAsked).reason
        found = handing_back.refuse(code=code, reason=reason, actor=self.officer, key=self.key, at=clock.now())
        return Response(_shown(found), status=201)


def _shown(found: HandBack) -> HandBackShown:
    return HandBackShown(
        scheme=found.scheme.code,
        amount_satang=found.amount,
        reason=found.reason,
        asked_by=found.officer.user.get_username(),
        asked_at=found.asked_at,
        decided_by=found.decided_by.user.get_username() if found.decided_by else None,
        handed_back_at=found.handed_back_at,
        refused_at=found.refused_at,
    )
