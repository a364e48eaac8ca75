"""The first floor's doors of the API: schemes, what a citizen has, and taking a place."""

import datetime as dt
from typing import Annotated, ClassVar
from uuid import UUID

from drf_spectacular.utils import extend_schema
from pydantic import AfterValidator, Field
from rest_framework.request import Request
from rest_framework.response import Response

from config.authentication import ANYONE, CITIZEN
from config.describing import KEY
from config.doors import Door
from config.shapes import Code, Instant, Satang, Shape
from subsidies import enrolment, rights, schemes
from subsidies.documents.section import Weekday
from subsidies.enrolment import MustAccept
from subsidies.models import SchemeVersion
from subsidies.rights import Right
from wallet import clock, people


class CapShown(Shape):
    """A limit on what the State pays or counts."""

    code: str
    counts: str = Field(description="state: the State's money; spend: the covered price; else a count")
    per: str
    limit: int = Field(description="satang where money counts, else how many")


class HoursShown(Shape):
    """When a right can be used on some channels, in the scheme's own zone; `closes` is not included."""

    channels: list[str]
    opens: dt.time
    closes: dt.time
    weekdays: list[Weekday] | None = Field(description="null: every day")


class SchemeShown(Shape):
    """A scheme as its version in force says it."""

    code: str
    name_th: str
    name_en: str
    version: int
    registration_starts_at: Instant | None
    registration_ends_at: Instant | None
    spend_starts_at: Instant
    spend_ends_at: Instant
    zone: str
    hours: list[HoursShown]
    places: int | None = Field(description="how many people; null without a quota")
    daily_cap_satang: Satang | None = Field(description="the most that the State pays for one person a day")
    caps: list[CapShown]
    sources: list[str]


class SchemesShown(Shape):
    """Every scheme in force, by code."""

    results: list[SchemeShown]


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


class Me(Shape):
    """A citizen's home screen."""

    citizen_id: UUID
    name: str
    cash_satang: Satang
    schemes: list[RightShown]


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


class SchemesDoor(Door):
    """All schemes."""

    open_to: ClassVar = {"GET": ANYONE}

    @extend_schema(responses={200: SchemesShown})
    def get(self, request: Request) -> Response:
        """List the schemes in force."""
        found = schemes.all_in_force(at=clock.now())
        return Response(SchemesShown(results=[_scheme(version) for version in found]))


class SchemeDoor(Door):
    """One scheme."""

    open_to: ClassVar = {"GET": ANYONE}

    @extend_schema(responses={200: SchemeShown})
    def get(self, request: Request, code: str) -> Response:
        """Look at one scheme."""
        return Response(_scheme(schemes.in_force(code=code, at=clock.now())))


class MeDoor(Door):
    """The citizen who calls."""

    open_to: ClassVar = {"GET": CITIZEN}

    @extend_schema(responses={200: Me})
    def get(self, request: Request) -> Response:
        """Show what one has: own money, and each right today and in all."""
        home = rights.home(citizen_id=self.caller.id, at=clock.now())
        me = Me(
            citizen_id=self.caller.id,
            name=people.profile(self.caller.id).name,
            cash_satang=home.cash,
            schemes=[_right(right) for right in home.rights],
        )
        return Response(me)


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


def _scheme(version: SchemeVersion) -> SchemeShown:
    rules = schemes.compiled(version.id)
    document = rules.document
    registration = document.registration
    daily = [cap.limit_satang for cap in document.caps if cap.counts == "state" and cap.per == "day"]
    return SchemeShown(
        code=rules.code,
        name_th=document.scheme.name.th,
        name_en=document.scheme.name.en,
        version=rules.version,
        registration_starts_at=registration.starts_at if registration else None,
        registration_ends_at=registration.ends_at if registration else None,
        spend_starts_at=document.spend.starts_at,
        spend_ends_at=document.spend.ends_at,
        zone=document.scheme.zone,
        hours=[
            HoursShown(channels=row.channels, opens=row.opens, closes=row.closes, weekdays=row.weekdays)
            for row in document.spend.hours
        ],
        places=rules.places,
        daily_cap_satang=next(iter(daily), None),
        caps=[
            CapShown(code=cap.code, counts=cap.counts, per=cap.per, limit=cap.limit_satang or cap.limit or 0)
            for cap in document.caps
        ],
        sources=[str(source) for source in document.scheme.sources],
    )


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
    )
