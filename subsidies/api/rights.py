"""The door to a citizen's home screen: own money, and what each right is still worth."""

from typing import ClassVar
from uuid import UUID

from drf_spectacular.utils import extend_schema
from pydantic import Field
from rest_framework.request import Request
from rest_framework.response import Response

from config.authentication import CITIZEN
from config.doors import Door
from config.shapes import Instant, Satang, Shape
from merchants import holds
from subsidies import rights
from subsidies.rights import Right
from wallet import clock, people


class RightShown(Shape):
    """A citizen's place in a scheme, and what it is still worth."""

    code: str
    name_th: str
    name_en: str
    enrolment_id: UUID
    left_satang: Satang
    left_today_satang: Satang
    opens_at: Instant | None = Field(description="when it can be used next; null while it can be used")
    closes_at: Instant | None
    first_use_by_at: Instant | None = Field(description="unused until then, the right is lost; null once it was used")
    first_used_at: Instant | None
    suspended_at: Instant | None = Field(description="nobody can use it for now; what is left is kept")
    stopped_at: Instant | None = Field(description="it ended for good, before its time")


class Me(Shape):
    """A citizen's home screen."""

    citizen_id: UUID
    name: str
    cash_satang: Satang
    held_satang: Satang = Field(description="set aside by holds, of own money and of rights; see holds/")
    schemes: list[RightShown]


class MeDoor(Door):
    """The citizen who calls."""

    open_to: ClassVar = {"GET": CITIZEN}

    @extend_schema(responses={200: Me})
    def get(self, request: Request) -> Response:
        """Show what one has: own money, what is held of it, and each right today and in all."""
        home = rights.home(citizen_id=self.caller.id, at=clock.now())
        me = Me(
            citizen_id=self.caller.id,
            name=people.profile(self.caller.id).name,
            cash_satang=home.cash,
            held_satang=holds.held_by(citizen_id=self.caller.id),
            schemes=[_right(right) for right in home.rights],
        )
        return Response(me)


def _right(right: Right) -> RightShown:
    name = right.scheme.document.scheme.name
    return RightShown(
        code=right.scheme.code,
        name_th=name.th,
        name_en=name.en,
        enrolment_id=right.enrolment.id,
        left_satang=right.left.in_all,
        left_today_satang=right.left.today,
        opens_at=right.left.opens_at,
        closes_at=right.left.closes_at,
        first_use_by_at=right.first_use_by,
        first_used_at=right.enrolment.first_used_at,
        suspended_at=right.suspended_at,
        stopped_at=right.stopped_at,
    )
