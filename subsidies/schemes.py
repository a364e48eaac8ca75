"""Schemes are published as immutable documents, and paid for before anyone is promised a place."""

import datetime as dt
import hashlib
from functools import lru_cache
from typing import ClassVar, Final
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Max

from subsidies import compiled as rules_of
from subsidies import documents, examples, tickets
from subsidies.models import Scheme, SchemeVersion
from wallet import audit, ledger
from wallet.accounts import BANK, TREASURY, fund
from wallet.ids import uuid7
from wallet.models import TransferKind
from wallet.money import Satang
from wallet.refusals import Refusal

# Whoever sets Treasury money aside does so alone. "gfun" in ASCII.
ALLOTTING: Final = 0x6766756E


class VersionNotNext(Refusal):
    """The document's version is not the next one of its scheme."""

    code: ClassVar = "version_not_next"


class ExamplesFail(Refusal):
    """The rules answer otherwise than the document's own examples expect."""

    code: ClassVar = "examples_fail"
    status: ClassVar = 422


class BudgetShort(Refusal):
    """Places times the largest grant is more than the scheme has been funded with."""

    code: ClassVar = "budget_short"


class SchemeNotFunded(Refusal):
    """The scheme's money is not set aside yet, so nobody can be promised a place."""

    code: ClassVar = "scheme_not_funded"


class SchemeUnknown(Refusal):
    """There is no published scheme of this code."""

    code: ClassVar = "scheme_unknown"
    status: ClassVar = 404


@lru_cache(maxsize=512)
def compiled(version_id: UUID) -> rules_of.Scheme:
    """Return the compiled rules of one published version. It never changes, so each process reads it once."""
    text = SchemeVersion.objects.values_list("document", flat=True).get(id=version_id)
    return rules_of.compile_scheme(documents.read(text))


def publish(*, document: str, actor: audit.Actor, at: dt.datetime) -> SchemeVersion:
    """Publish a document as the next version of its scheme, in force from the instant that it names.

    :raises DocumentInvalid: it breaks the format.
    :raises ExamplesFail: one of its own examples fails.
    :raises VersionNotNext: its number does not follow the newest published one.
    """
    read = documents.read(document)
    if wrong := [answer.example for answer in examples.run(read) if not answer.is_right]:
        raise ExamplesFail(examples=wrong)
    with transaction.atomic(durable=True):
        scheme, _ = Scheme.objects.get_or_create(code=read.scheme.code, defaults={"begun_at": at})
        scheme = Scheme.objects.select_for_update().get(id=scheme.id)
        newest = scheme.versions.aggregate(newest=Max("number"))["newest"] or 0
        if read.scheme.version != newest + 1:
            raise VersionNotNext(version=read.scheme.version, next_version=newest + 1)
        version = scheme.versions.create(
            id=uuid7(),
            number=read.scheme.version,
            document=document,
            digest=hashlib.sha256(document.encode()).digest(),
            effective_at=read.scheme.effective_at,
            published_at=at,
            published_by=str(actor),
        )
        tickets.begin(scheme_id=scheme.id, pools=[pool.code for pool in read.quota.pools] if read.quota else [])
        audit.record(actor=actor, act="scheme.publish", subject_id=version.id, at=at, number=version.number)
    return version


def remit(*, amount: Satang, cause: UUID, actor: audit.Actor, at: dt.datetime) -> None:
    """Book money that the Treasury sent to our bank account."""
    with ledger.posting() as business_date:
        move = ledger.Move(
            source=BANK, target=TREASURY, amount=amount, kind=TransferKind.REMITTANCE, cause=cause, owner_id=cause
        )
        ledger.post(moves=[move], business_date=business_date, at=at)
        audit.record(actor=actor, act="treasury.remit", subject_id=cause, at=at, amount_satang=amount)


def allot(*, scheme: Scheme, amount: Satang, cause: UUID, actor: audit.Actor, at: dt.datetime) -> None:
    """Set Treasury money aside for one scheme.

    :raises BudgetShort: the Treasury has not remitted that much.
    """
    with ledger.posting() as business_date:
        allot_alone()
        if (free := ledger.balance(TREASURY)) < amount:
            raise BudgetShort(needed_satang=amount, funded_satang=free)
        move = ledger.Move(
            source=TREASURY,
            target=fund(scheme.id),
            amount=amount,
            kind=TransferKind.FUNDING,
            cause=cause,
            owner_id=scheme.id,
            scheme_id=scheme.id,
        )
        ledger.post(moves=[move], business_date=business_date, at=at)
        audit.record(actor=actor, act="scheme.fund", subject_id=scheme.id, at=at, amount_satang=amount)


def in_force(*, code: str, at: dt.datetime) -> SchemeVersion:
    """Return the version of a scheme that is in force at this instant.

    :raises SchemeUnknown: no such scheme, or none of its versions is in force yet.
    """
    found = (
        SchemeVersion.objects.filter(scheme__code=code, effective_at__lte=at)
        .select_related("scheme")
        .order_by("-number")
        .first()
    )
    if found is None:
        raise SchemeUnknown(scheme=code)
    return found


def must_be_funded(version: SchemeVersion) -> None:
    """Return if the scheme has money for each of its places, were each granted the most.

    :raises SchemeNotFunded: it has less, or has no quota: then no sum of money would be sure to be enough.
    """
    rules = compiled(version.id)
    if rules.places is None or funded(scheme_id=version.scheme_id) < rules.places * rules.largest_grant:
        raise SchemeNotFunded(scheme=version.scheme.code)


def funded(*, scheme_id: UUID) -> Satang:
    """Return what was set aside for a scheme in all, spent or not, in satang."""
    # These few transfers are the scheme's own; those into purses are their citizens'.
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(sum(CASE WHEN to_kind = 5 THEN amount ELSE -amount END), 0) FROM wallet_transfer"
            " WHERE owner_id = %s AND (to_kind = 5 OR from_kind = 5)",
            [scheme_id],
        )
        (amount,) = cursor.fetchone()
    return int(amount)


def all_in_force(*, at: dt.datetime) -> list[SchemeVersion]:
    """Return the version in force of every scheme, by code."""
    versions = SchemeVersion.objects.filter(effective_at__lte=at).select_related("scheme")
    return list(versions.order_by("scheme__code", "-number").distinct("scheme__code"))


def allot_alone() -> None:
    """Wait until nobody else sets Treasury money aside or gives it back, for the rest of the transaction."""
    # Two schemes that are funded at once must not both find the same free money of the Treasury's.
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ALLOTTING])
