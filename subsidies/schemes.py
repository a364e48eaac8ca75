"""Schemes as their published versions say them, and which version holds when.

A version is in force for everybody from the instant that it names until the next one's. Payments, grants and settlement
ask for it by the instant of the act; each payment and each enrolment keeps the one that it was made under.
"""

import datetime as dt
from collections.abc import Iterable
from functools import lru_cache
from typing import ClassVar, Final
from uuid import UUID

from django.db import connection

from subsidies import compiled as rules_of
from subsidies import documents
from subsidies.models import Enrolment, SchemeVersion
from wallet.refusals import Refusal

IDS_IN_FORCE: Final = """
    SELECT DISTINCT ON (scheme_id) scheme_id, id FROM subsidies_schemeversion
     WHERE scheme_id = ANY(%s::uuid[]) AND effective_at <= %s ORDER BY scheme_id, effective_at DESC
"""


class SchemeUnknown(Refusal):
    """There is no published scheme of this code."""

    code: ClassVar = "scheme_unknown"
    status: ClassVar = 404


class VersionUnknown(Refusal):
    """The scheme has no version of this number."""

    code: ClassVar = "version_unknown"
    status: ClassVar = 404


@lru_cache(maxsize=512)
def compiled(version_id: UUID) -> rules_of.Scheme:
    """Return the compiled rules of one published version. It never changes, so each process reads it once."""
    text = SchemeVersion.objects.values_list("document", flat=True).get(id=version_id)
    return rules_of.compile_scheme(documents.read(text))


def in_force(*, code: str, at: dt.datetime) -> SchemeVersion:
    """Return the version of a scheme that is in force at this instant.

    :raises SchemeUnknown: no such scheme, or none of its versions is in force yet.
    """
    found = (
        SchemeVersion.objects.filter(scheme__code=code, effective_at__lte=at)
        .select_related("scheme")
        .order_by("-effective_at")
        .first()
    )
    if found is None:
        raise SchemeUnknown(scheme=code)
    return found


def all_in_force(*, at: dt.datetime) -> list[SchemeVersion]:
    """Return the version in force of every scheme, by code."""
    versions = SchemeVersion.objects.filter(effective_at__lte=at).select_related("scheme")
    return list(versions.order_by("scheme__code", "-effective_at").distinct("scheme__code"))


def ids_in_force(*, scheme_ids: Iterable[UUID], at: dt.datetime) -> dict[UUID, UUID]:
    """Return the id of the version in force at this instant, by scheme; nothing for a scheme that has none yet."""
    with connection.cursor() as cursor:
        cursor.execute(IDS_IN_FORCE, [list(scheme_ids), at])
        return dict(cursor.fetchall())


def of_place(place: Enrolment, *, at: dt.datetime) -> rules_of.Scheme:
    """Return the rules by which a place is judged at this instant, whichever version it was taken under."""
    in_force = ids_in_force(scheme_ids=[place.scheme_id], at=at)
    return compiled(in_force.get(place.scheme_id, place.version_id))


def versions(*, code: str) -> list[SchemeVersion]:
    """Return every version of a scheme, newest first.

    :raises SchemeUnknown: there is no such scheme.
    """
    found = SchemeVersion.objects.filter(scheme__code=code).select_related("scheme").order_by("-number")
    if not found:
        raise SchemeUnknown(scheme=code)
    return list(found)


def version(*, code: str, number: int) -> SchemeVersion:
    """Return one version of a scheme, whenever it holds.

    :raises VersionUnknown: there is no such version.
    """
    found = SchemeVersion.objects.filter(scheme__code=code, number=number).select_related("scheme").first()
    if found is None:
        raise VersionUnknown(scheme=code, version=number)
    return found
