"""Doors for citizens who take a place in a scheme."""

from typing import Annotated, ClassVar
from uuid import UUID

from drf_spectacular.utils import extend_schema
from pydantic import AfterValidator, Field
from rest_framework.request import Request
from rest_framework.response import Response

from config.authentication import CITIZEN
from config.describing import KEY
from config.doors import Door
from config.shapes import Code, Satang, Shape
from subsidies import enrolment
from subsidies.enrolment import MustAccept
from wallet import clock


def _accepted(accepts: bool) -> bool:  # noqa: FBT001  the library hands it over like this
    if not accepts:
        raise MustAccept
    return accepts


class EnrolmentAsked(Shape):
    """Which scheme, and that its terms were read."""

    scheme: Code
    accepts_terms: Annotated[bool, AfterValidator(_accepted)]


class EnrolmentShown(Shape):
    """A place with its purse filled, or a number in the queue."""

    ticket_number: int
    enrolment_id: UUID | None = Field(description="null while in the queue")
    granted_satang: Satang
    ahead_in_queue: int


class EnrolmentsDoor(Door):
    """Places in schemes."""

    open_to: ClassVar = {"POST": CITIZEN}

    @extend_schema(parameters=[KEY], request=EnrolmentAsked, responses={201: EnrolmentShown})
    def post(self, request: Request) -> Response:
        """Take a place in a scheme, or a number in its queue."""
        code = self.body(EnrolmentAsked).scheme
        joined = enrolment.enrol(citizen_id=self.caller.id, code=code, key=self.key, at=clock.now())
        shown = EnrolmentShown(
            ticket_number=joined.ticket.number,
            enrolment_id=joined.enrolment.id if joined.enrolment else None,
            granted_satang=joined.granted,
            ahead_in_queue=joined.ahead,
        )
        return Response(shown, status=201)
