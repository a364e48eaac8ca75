"""A document becomes the next version of its scheme: immutable, and in force from the instant that it names."""

import datetime as dt
import hashlib
from collections.abc import Iterable
from typing import ClassVar, Final

from django.db import transaction

from subsidies import documents, examples, schemes, succession, tickets
from subsidies.compiled import compile_scheme
from subsidies.documents import Document
from subsidies.examples import Answer
from subsidies.models import Scheme, SchemeVersion
from wallet import audit
from wallet.ids import uuid7
from wallet.refusals import Refusal

# A version must be there for every process, whatever its clock says, before anything is decided at its instant: so
# every payment from then on is made under it, and can be decided again.
LEAD: Final = dt.timedelta(minutes=1)


class VersionNotNext(Refusal):
    """The document's version is not the next one of its scheme."""

    code: ClassVar = "version_not_next"


class ExamplesFail(Refusal):
    """The rules answer otherwise than the document's own examples expect."""

    code: ClassVar = "examples_fail"
    status: ClassVar = 422


class TakesEffectTooEarly(Refusal):
    """The version would take effect in the past, at once, or not after the version before it."""

    code: ClassVar = "takes_effect_too_early"


class PlacesLeftBehind(Refusal):
    """People hold places that the version has no rules for; the facts name what is missing, kind by kind."""

    code: ClassVar = "places_left_behind"


def publish(*, document: str, actor: audit.Actor, at: dt.datetime) -> SchemeVersion:
    """Publish a document as the next version of its scheme, in force from the instant that it names.

    Officers publish through `drafts`, where a second one approves; this is how whoever runs the service begins one.

    :raises Refusal: as `enter` says.
    """
    with transaction.atomic(durable=True):
        return enter(document=document, actor=actor, at=at)


def enter(*, document: str, actor: audit.Actor, at: dt.datetime) -> SchemeVersion:
    """Publish within the caller's transaction.

    :raises DocumentInvalid | ExamplesFail: as `must_be_sound` says.
    :raises VersionNotNext | TakesEffectTooEarly | PlacesLeftBehind: as `must_follow` says.
    """
    read = must_be_sound(document=document)  # before any lock: it takes a tenth of a second
    scheme, _ = Scheme.objects.get_or_create(code=read.scheme.code, defaults={"begun_at": at})
    # Locked in one statement and looked at in the next: another version may have come while this one waited.
    scheme = Scheme.objects.select_for_update().get(id=scheme.id)
    must_follow(read=read, at=at)
    version = scheme.versions.create(
        id=uuid7(),
        number=read.scheme.version,
        document=document,
        digest=digest_of(document),
        effective_at=read.scheme.effective_at,
        published_at=at,
        published_by=str(actor),
    )
    tickets.begin(scheme_id=scheme.id, pools=[pool.code for pool in read.quota.pools] if read.quota else [])
    audit.record(actor=actor, act="scheme.publish", subject_id=version.id, at=at, number=version.number)
    return version


def must_be_publishable(*, document: str, at: dt.datetime) -> Document:
    """Return the document, if it could be published now.

    :raises Refusal: as `must_be_sound` and `must_follow` say.
    """
    read = must_be_sound(document=document)
    must_follow(read=read, at=at)
    return read


def must_be_sound(*, document: str) -> Document:
    """Return the document, if it keeps the format and its own examples.

    :raises DocumentInvalid: it breaks the format.
    :raises ExamplesFail: one of its own examples fails.
    """
    read = documents.read(document)
    must_be_right(answers=examples.run(read))
    return read


def must_be_right(*, answers: Iterable[Answer]) -> None:
    """Return if the rules answer what the document expects.

    :raises ExamplesFail: one of its own examples fails.
    """
    if wrong := [answer.example for answer in answers if not answer.is_right]:
        raise ExamplesFail(examples=wrong)


def must_follow(*, read: Document, at: dt.datetime) -> None:
    """Return if a document can be the next version of its scheme, were it published now.

    :raises VersionNotNext: its number does not follow the newest published one.
    :raises TakesEffectTooEarly: its instant is not `LEAD` ahead, or not after the newest one's.
    :raises PlacesLeftBehind: people hold places that it has no rules for.
    """
    newest = SchemeVersion.objects.filter(scheme__code=read.scheme.code).order_by("-number").first()
    number = 0 if newest is None else newest.number
    if read.scheme.version != number + 1:
        raise VersionNotNext(version=read.scheme.version, next_version=number + 1)
    earliest = at + LEAD if newest is None else max(at + LEAD, newest.effective_at + LEAD)
    if read.scheme.effective_at < earliest:
        raise TakesEffectTooEarly(effective_at=read.scheme.effective_at.isoformat(), earliest_at=earliest.isoformat())
    if newest is None:
        return
    if missing := succession.left_behind(before=schemes.compiled(newest.id), now=compile_scheme(read)):
        names = ", ".join(name for names in missing.values() for name in names)
        raise PlacesLeftBehind(scheme=read.scheme.code, names=names, **missing)


def digest_of(document: str) -> bytes:
    """Return the SHA-256 by which a document is known, byte for byte."""
    return hashlib.sha256(document.encode()).digest()
