"""Doors for officers to a scheme's versions: each one's text, what it says in plain words, and what it changed."""

import datetime as dt
from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema
from pydantic import Field
from rest_framework.request import Request
from rest_framework.response import Response

from config.authentication import OFFICER
from config.doors import Door
from config.shapes import Instant, Shape
from subsidies import differences, schemes
from subsidies.models import SchemeVersion
from subsidies.plain_words import SECTIONS, explain
from wallet import clock


class VersionListed(Shape):
    """One published version."""

    version: int
    effective_at: Instant
    in_force: bool
    published_at: Instant
    published_by: str
    digest: str = Field(description="SHA-256 of the document")


class VersionShown(VersionListed):
    """One published version with its text."""

    document: str = Field(description="TOML, exactly as it was published")


class VersionsShown(Shape):
    """Every version of a scheme, newest first."""

    results: list[VersionListed]


class SaidShown(Shape):
    """One sentence."""

    th: str
    en: str


class ChangedShown(Shape):
    """One field that differs; null where a version has no such field."""

    field: str
    was: Any
    now: Any


class DifferencesShown(Shape):
    """What a version says otherwise than the one before it."""

    version: int
    before: int
    was: list[SaidShown]
    now: list[SaidShown]
    fields: list[ChangedShown]


class SectionShown(Shape):
    """A part of the rules, under its heading."""

    th: str
    en: str
    sentences: list[SaidShown]


class ExplanationShown(Shape):
    """A version's rules in plain words."""

    version: int
    sections: list[SectionShown]


class VersionsDoor(Door):
    """All versions of a scheme."""

    open_to: ClassVar = {"GET": OFFICER}

    @extend_schema(responses={200: VersionsShown})
    def get(self, request: Request, code: str) -> Response:
        """List the versions, those ahead included, newest first."""
        found, at = schemes.versions(code=code), clock.now()
        return Response(VersionsShown(results=[VersionListed(**_listed(version, found, at)) for version in found]))


class VersionDoor(Door):
    """One version of a scheme."""

    open_to: ClassVar = {"GET": OFFICER}

    @extend_schema(responses={200: VersionShown})
    def get(self, request: Request, code: str, number: int) -> Response:
        """Look at a version's document."""
        version = schemes.version(code=code, number=number)
        listed = _listed(version, schemes.versions(code=code), clock.now())
        return Response(VersionShown(document=version.document, **listed))


class DifferencesDoor(Door):
    """What a version changed."""

    open_to: ClassVar = {"GET": OFFICER}

    @extend_schema(responses={200: DifferencesShown})
    def get(self, request: Request, code: str, number: int) -> Response:
        """Compare a version with the one before it, in sentences and field by field."""
        version = schemes.version(code=code, number=number)
        before = schemes.version(code=code, number=number - 1)
        found = differences.between(schemes.compiled(before.id).document, schemes.compiled(version.id).document)
        shown = DifferencesShown(
            version=version.number,
            before=before.number,
            was=[SaidShown(th=th, en=en) for th, en in found.was],
            now=[SaidShown(th=th, en=en) for th, en in found.now],
            fields=[ChangedShown(field=field, was=was, now=now) for field, was, now in found.fields],
        )
        return Response(shown)


class ExplanationDoor(Door):
    """A version in plain words."""

    open_to: ClassVar = {"GET": OFFICER}

    @extend_schema(responses={200: ExplanationShown})
    def get(self, request: Request, code: str, number: int) -> Response:
        """Say a version's rules in Thai and English."""
        version = schemes.version(code=code, number=number)
        said = explain(schemes.compiled(version.id).document)
        sections = [
            SectionShown(
                th=thai,
                en=english,
                sentences=[SaidShown(th=one.th, en=one.en) for one in said if one.section == section],
            )
            for section, (thai, english) in SECTIONS.items()
        ]
        return Response(ExplanationShown(version=version.number, sections=sections))


def _listed(version: SchemeVersion, every: list[SchemeVersion], at: dt.datetime) -> dict[str, Any]:
    in_force = next((one.number for one in every if one.effective_at <= at), None)
    return {
        "version": version.number,
        "effective_at": version.effective_at,
        "in_force": version.number == in_force,
        "published_at": version.published_at,
        "published_by": version.published_by,
        "digest": bytes(version.digest).hex(),
    }
