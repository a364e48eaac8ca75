"""The door for citizens who change something after enrolling."""

from typing import ClassVar
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from config.authentication import CITIZEN
from config.describing import KEY
from config.doors import Door
from config.shapes import Code, Instant, Name, Shape
from subsidies import changes
from wallet import clock


class ChangeAsked(Shape):
    """Which of the scheme's changes, and what it shall be."""

    change: Code
    value: Name


class ChangeShown(Shape):
    """What was changed."""

    enrolment_id: UUID
    change: str
    number: int
    fact: str
    was: str | None
    value: str
    at: Instant


class ChangesDoor(Door):
    """Changes of one enrolment."""

    open_to: ClassVar = {"POST": CITIZEN}

    @extend_schema(parameters=[KEY], request=ChangeAsked, responses={201: ChangeShown})
    def post(self, request: Request, enrolment_id: UUID) -> Response:
        """Change what the scheme lets one change: so often, until so long."""
        asked = self.body(ChangeAsked)
        changed = changes.change_fact(
            citizen_id=self.caller.id,
            enrolment_id=enrolment_id,
            code=asked.change,
            value=asked.value,
            key=self.key,
            at=clock.now(),
        )
        shown = ChangeShown(
            enrolment_id=changed.enrolment_id,
            change=changed.code,
            number=changed.number,
            fact=changed.fact,
            was=changed.was,
            value=changed.value,
            at=changed.at,
        )
        return Response(shown, status=201)
