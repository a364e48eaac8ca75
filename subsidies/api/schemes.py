"""Doors for anyone: the schemes in force, and what each promises."""

from typing import ClassVar

from drf_spectacular.utils import extend_schema
from pydantic import Field
from rest_framework.request import Request
from rest_framework.response import Response

from config.authentication import ANYONE
from config.doors import Door
from config.shapes import ClockTime, Instant, Satang, Shape
from subsidies import schemes
from subsidies.documents.section import Weekday
from subsidies.models import SchemeVersion
from wallet import clock


class CapShown(Shape):
    """A limit on what the State pays or counts."""

    code: str
    counts: str = Field(description="state: the State's money; spend: the covered price; else a count")
    per: str
    limit: int = Field(description="satang where money counts, else how many")


class HoursShown(Shape):
    """When a right can be used on some channels, in the scheme's own zone; `closes` is not included."""

    channels: list[str]
    opens: ClockTime
    closes: ClockTime
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
