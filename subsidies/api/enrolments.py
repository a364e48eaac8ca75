"""Doors for citizens who take a place in a scheme, or wait for one."""

from typing import Annotated, Any, ClassVar
from uuid import UUID

from drf_spectacular.utils import extend_schema
from pydantic import AfterValidator, Field
from rest_framework.request import Request
from rest_framework.response import Response

from config.authentication import CITIZEN
from config.describing import KEY
from config.doors import Door
from config.shapes import Code, Instant, Satang, Shape
from config.words import worded
from subsidies import enrolment, standing
from subsidies.enrolment import MustAccept
from subsidies.models import PassedOver
from subsidies.standing import Standing
from wallet import clock


def _accepted(accepts: bool) -> bool:  # noqa: FBT001  the library hands it over like this
    if not accepts:
        raise MustAccept
    return accepts


class EnrolmentAsked(Shape):
    """Which scheme, and that its terms were read."""

    scheme: Code
    accepts_terms: Annotated[bool, AfterValidator(_accepted)]
    chosen_province: Annotated[str, Field(min_length=1, max_length=60)] | None = Field(
        None, description="where the right is to be used, for a scheme that lets people choose; only then"
    )


class EnrolmentShown(Shape):
    """A place with its purse filled, or a number in the queue."""

    ticket_number: int | None = Field(description="null where people are counted at their first payment, until then")
    enrolment_id: UUID | None = Field(description="null while in the queue")
    granted_satang: Satang
    ahead_in_queue: int


class TurnPassed(Shape):
    """Their turn came, in the queue or on a list, and they could not be given a place."""

    at: Instant
    code: str
    detail_th: str
    detail_en: str
    facts: dict[str, Any]


class StandingShown(Shape):
    """What came of asking for a place, or of being on a list, as it stands now."""

    scheme: str
    name_th: str
    name_en: str
    pool: str | None = Field(description="whom the place is kept for; null for the places open to all")
    ticket_number: int | None = Field(
        description="null where people are counted at their first payment, until then, and for who was passed over"
        " on a list"
    )
    ahead_in_queue: int | None = Field(description="null when not in the queue; far back, at most so many")
    enrolment_id: UUID | None = Field(description="null while in the queue")
    place: int | None = Field(description="null while there is none, and after it went to somebody else")
    enrolled_at: Instant | None
    turn_passed: TurnPassed | None
    forfeited_at: Instant | None = Field(description="when the right was taken back, because it was not used in time")


class StandingsShown(Shape):
    """Every scheme in which the citizen has asked for a place, or that a list called them to, newest first."""

    results: list[StandingShown]


class EnrolmentsDoor(Door):
    """Places in schemes."""

    open_to: ClassVar = {"GET": CITIZEN, "POST": CITIZEN}

    @extend_schema(responses={200: StandingsShown})
    def get(self, request: Request) -> Response:
        """Show places, and how many are ahead in queues."""
        found = standing.of_citizen(citizen_id=self.caller.id)
        return Response(StandingsShown(results=[_standing(one) for one in found]))

    @extend_schema(parameters=[KEY], request=EnrolmentAsked, responses={201: EnrolmentShown})
    def post(self, request: Request) -> Response:
        """Take a place in a scheme, or a number in its queue."""
        asked = self.body(EnrolmentAsked)
        chosen = {} if asked.chosen_province is None else {"chosen_province": asked.chosen_province}
        joined = enrolment.enrol(
            citizen_id=self.caller.id, code=asked.scheme, key=self.key, at=clock.now(), chosen=chosen
        )
        shown = EnrolmentShown(
            ticket_number=joined.ticket.number if joined.ticket else None,
            enrolment_id=joined.enrolment.id if joined.enrolment else None,
            granted_satang=joined.granted,
            ahead_in_queue=joined.ahead,
        )
        return Response(shown, status=201)


def _standing(one: Standing) -> StandingShown:
    name = one.scheme.document.scheme.name
    ticket, held = one.ticket, one.enrolment
    return StandingShown(
        scheme=one.scheme.code,
        name_th=name.th,
        name_en=name.en,
        pool=one.pool or None,
        ticket_number=ticket.number if ticket else None,
        ahead_in_queue=one.ahead,
        enrolment_id=held.id if held else None,
        place=held.place if held else None,
        enrolled_at=held.enrolled_at if held else None,
        turn_passed=_turn(one.passed_over) if one.passed_over else None,
        forfeited_at=one.forfeit.at if one.forfeit else None,
    )


def _turn(passed: PassedOver) -> TurnPassed:
    thai, english = worded(code=passed.code, facts=passed.facts)
    return TurnPassed(at=passed.at, code=passed.code, detail_th=thai, detail_en=english, facts=passed.facts)
