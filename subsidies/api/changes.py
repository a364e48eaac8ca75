"""The door for citizens who change something after enrolling: a fact, or the scheme."""

from typing import ClassVar
from uuid import UUID

from drf_spectacular.utils import extend_schema
from pydantic import Field, model_validator
from rest_framework.request import Request
from rest_framework.response import Response

from config.authentication import CITIZEN
from config.describing import KEY
from config.doors import Door
from config.shapes import Code, Instant, Name, Satang, Shape
from subsidies import changes, coming_over
from subsidies.models import ComingOver, FactChange
from wallet import clock


class ChangeAsked(Shape):
    """Which of a scheme's changes: of this enrolment's, with the new value; or of the scheme to come over to."""

    change: Code
    value: Name | None = None
    scheme: Code | None = Field(None, description="the scheme to come over to; this right must never have been used")

    @model_validator(mode="after")
    def _one_of_two(self) -> "ChangeAsked":
        if (self.value is None) == (self.scheme is None):
            raise ValueError("exactly one of `value` and `scheme`")
        return self


class ChangeShown(Shape):
    """What was changed."""

    enrolment_id: UUID = Field(description="the enrolment that is theirs now")
    change: str
    fact: str | None
    was: str | None
    value: str | None
    given_up_satang: Satang | None = Field(description="what went back to the scheme that they left")
    at: Instant


class ChangesDoor(Door):
    """Changes of one enrolment."""

    open_to: ClassVar = {"POST": CITIZEN}

    @extend_schema(parameters=[KEY], request=ChangeAsked, responses={201: ChangeShown})
    def post(self, request: Request, enrolment_id: UUID) -> Response:
        """Change what the scheme lets one change, or come over to another scheme: so often, until so long."""
        asked, at = self.body(ChangeAsked), clock.now()
        if asked.scheme is not None:
            came = coming_over.come_over(
                citizen_id=self.caller.id,
                device_id=self.device_id,
                enrolment_id=enrolment_id,
                code=asked.change,
                scheme=asked.scheme,
                key=self.key,
                at=at,
            )
            return Response(_came_over(came), status=201)
        changed = changes.change_fact(
            citizen_id=self.caller.id,
            device_id=self.device_id,
            enrolment_id=enrolment_id,
            code=asked.change,
            value=asked.value or "",
            key=self.key,
            at=at,
        )
        return Response(_changed(changed), status=201)


def _changed(changed: FactChange) -> ChangeShown:
    return ChangeShown(
        enrolment_id=changed.enrolment_id,
        change=changed.code,
        fact=changed.fact,
        was=changed.was,
        value=changed.value,
        given_up_satang=None,
        at=changed.at,
    )


def _came_over(came: ComingOver) -> ChangeShown:
    return ChangeShown(
        enrolment_id=came.to_enrolment_id,
        change=came.code,
        fact=None,
        was=None,
        value=None,
        given_up_satang=came.amount,
        at=came.at,
    )
