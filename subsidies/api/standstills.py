"""Doors for officers who suspend a scheme, let it go on, or stop it for good."""

from typing import ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from config.authentication import OFFICER
from config.describing import KEY
from config.doors import Door
from config.shapes import Instant, Reason, Shape, Totp
from subsidies import stops
from subsidies.models import Stop, Suspension
from wallet import clock


class SchemeSuspensionAsked(Shape):
    """Why."""

    reason: Reason


class SchemeRestorationAsked(Shape):
    """Why, and a code from the second officer's device, made now."""

    reason: Reason
    totp: Totp


class SchemeSuspensionShown(Shape):
    """A scheme under which nobody pays or enrols, until it is restored."""

    scheme: str
    reason: str
    suspended_by: str
    suspended_at: Instant
    restored_by: str | None
    restored_at: Instant | None


class StopAsked(Shape):
    """Why."""

    reason: Reason


class StopApprovalAsked(Shape):
    """A code from the second officer's device, made now."""

    totp: Totp


class SchemeStopShown(Shape):
    """A scheme that is to end for good."""

    scheme: str
    reason: str
    asked_by: str
    asked_at: Instant
    decided_by: str | None
    stopped_at: Instant | None
    refused_at: Instant | None


class SchemeSuspensionDoor(Door):
    """The brake."""

    open_to: ClassVar = {"POST": OFFICER}

    @extend_schema(parameters=[KEY], request=SchemeSuspensionAsked, responses={201: SchemeSuspensionShown})
    def post(self, request: Request, code: str) -> Response:
        """Suspend a scheme at once; one officer may."""
        reason = self.body(SchemeSuspensionAsked).reason
        found = stops.suspend(code=code, reason=reason, actor=self.officer, at=clock.now(), key=self.key)
        return Response(_suspension(found), status=201)


class SchemeRestorationDoor(Door):
    """Letting go of the brake."""

    open_to: ClassVar = {"POST": OFFICER}

    @extend_schema(parameters=[KEY], request=SchemeRestorationAsked, responses={201: SchemeSuspensionShown})
    def post(self, request: Request, code: str) -> Response:
        """Let a suspended scheme go on, as another officer than the one who suspended it."""
        asked = self.body(SchemeRestorationAsked)
        found = stops.restore(
            code=code,
            reason=asked.reason,
            second_factor=asked.totp,
            actor=self.officer,
            at=clock.now(),
            key=self.key,
        )
        return Response(_suspension(found), status=201)


class StopDoor(Door):
    """An end before its time."""

    open_to: ClassVar = {"POST": OFFICER}

    @extend_schema(parameters=[KEY], request=StopAsked, responses={201: SchemeStopShown})
    def post(self, request: Request, code: str) -> Response:
        """Ask, as the first of two officers, that a scheme ends for good."""
        reason = self.body(StopAsked).reason
        found = stops.ask_to_stop(code=code, reason=reason, actor=self.officer, at=clock.now(), key=self.key)
        return Response(_stop(found), status=201)


class StopApprovalDoor(Door):
    """The second officer's word."""

    open_to: ClassVar = {"POST": OFFICER}

    @extend_schema(parameters=[KEY], request=StopApprovalAsked, responses={201: SchemeStopShown})
    def post(self, request: Request, code: str) -> Response:
        """Stop a scheme for good, from now on."""
        totp = self.body(StopApprovalAsked).totp
        found = stops.stop(code=code, second_factor=totp, actor=self.officer, at=clock.now(), key=self.key)
        return Response(_stop(found), status=201)


class StopRejectionDoor(Door):
    """No officer's yes."""

    open_to: ClassVar = {"POST": OFFICER}

    @extend_schema(parameters=[KEY], request=StopAsked, responses={201: SchemeStopShown})
    def post(self, request: Request, code: str) -> Response:
        """Say no to a stop that was asked for, or take it back."""
        reason = self.body(StopAsked).reason
        found = stops.refuse_to_stop(code=code, reason=reason, actor=self.officer, at=clock.now(), key=self.key)
        return Response(_stop(found), status=201)


def _suspension(found: Suspension) -> SchemeSuspensionShown:
    return SchemeSuspensionShown(
        scheme=found.scheme.code,
        reason=found.reason,
        suspended_by=found.officer.user.get_username(),
        suspended_at=found.at,
        restored_by=found.lifted_by.user.get_username() if found.lifted_by else None,
        restored_at=found.lifted_at,
    )


def _stop(found: Stop) -> SchemeStopShown:
    return SchemeStopShown(
        scheme=found.scheme.code,
        reason=found.reason,
        asked_by=found.officer.user.get_username(),
        asked_at=found.asked_at,
        decided_by=found.decided_by.user.get_username() if found.decided_by else None,
        stopped_at=found.stopped_at,
        refused_at=found.refused_at,
    )
