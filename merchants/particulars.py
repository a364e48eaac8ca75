"""What a shop is called and judged by: each change is a row with effect from its instant.

The shop's own row holds what is in force, so that nothing has to be looked up when a till asks; what a till asks for
keeps a copy of the facts, so that a payment can be decided again by what was true then.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, TypeAlias
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Max

from merchants.models import Acceptance, Branch, Merchant, Particulars
from subsidies.models import SchemeVersion
from subsidies.schemes import SchemeUnknown
from wallet import audit, officers
from wallet.clock import today
from wallet.ids import uuid7
from wallet.refusals import Refusal

# The names are those of the documents' vocabulary, without `merchant.` before them; plain JSON values.
Facts: TypeAlias = Mapping[str, Any]


class TermsChanged(Refusal):
    """The terms that the shop was shown are not the newest."""

    code: ClassVar = "terms_changed"


class AlreadyAccepted(Refusal):
    """The shop has accepted these terms before."""

    code: ClassVar = "already_accepted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Described:
    """What a shop is called, in Thai and in Latin letters, where it is, and the facts that schemes judge it by."""

    name: str
    name_en: str
    city: str
    facts: Facts


@dataclass(frozen=True, slots=True)
class Terms:
    """The newest terms of a scheme.

    :ivar accepted: the number of the newest version that the shop has accepted; None if it has accepted none.
    """

    scheme: str
    version: int
    accepted: int | None
    version_id: UUID

    @property
    def is_accepted(self) -> bool:
        """Whether it is these terms that the shop has accepted."""
        return self.accepted == self.version


def change(
    *, merchant: Merchant, described: Described, reason: str, actor: audit.Actor, at: dt.datetime
) -> Particulars:
    """Let a shop be called and judged otherwise from now on.

    :raises NotAnOfficer: it is an officer who has left.
    """
    officers.must_not_have_left(actor)
    with transaction.atomic(durable=True):
        return put_in_force(merchant_id=merchant.id, described=described, reason=reason, actor=actor, at=at)


def put_in_force(
    *, merchant_id: UUID, described: Described, reason: str, actor: audit.Actor, at: dt.datetime
) -> Particulars:
    """Write new particulars and let the shop's row say them. Needs a transaction."""
    _lock(merchant_id)
    row = add(merchant_id=merchant_id, described=described, reason=reason, actor=actor, at=at)
    Merchant.objects.filter(id=merchant_id).update(
        name=described.name,
        name_en=described.name_en,
        city=described.city,
        facts={**described.facts, **_accepted(merchant_id)},
    )
    audit.record(actor=actor, act="merchant.change", subject_id=merchant_id, at=at, reason=reason)
    return row


def add(*, merchant_id: UUID, described: Described, reason: str, actor: audit.Actor, at: dt.datetime) -> Particulars:
    """Write the row alone. Needs a transaction."""
    return Particulars.objects.create(
        id=uuid7(),
        merchant_id=merchant_id,
        name=described.name,
        name_en=described.name_en,
        city=described.city,
        facts=dict(described.facts),
        by=str(actor),
        reason=reason,
        from_at=at,
    )


def accept_terms(*, merchant: Merchant, scheme: str, version: int, actor: audit.Actor, at: dt.datetime) -> Acceptance:
    """Accept the newest terms of a scheme, as the shop was shown them.

    :raises SchemeUnknown: nothing was published under this code.
    :raises TermsChanged: there are newer terms; the facts name their version.
    :raises AlreadyAccepted: it has accepted these.
    """
    newest = SchemeVersion.objects.filter(scheme__code=scheme).order_by("-number").values_list("number", flat=True)
    if not newest:
        raise SchemeUnknown(scheme=scheme)
    if version != newest[0]:
        raise TermsChanged(scheme=scheme, version=newest[0])
    try:
        with transaction.atomic(durable=True):
            _lock(merchant.id)
            acceptance = Acceptance.objects.create(
                id=uuid7(), merchant=merchant, scheme=scheme, version=version, by=str(actor), at=at
            )
            facts = Merchant.objects.values_list("facts", flat=True).get(id=merchant.id)
            Merchant.objects.filter(id=merchant.id).update(facts={**facts, **_accepted(merchant.id)})
            audit.record(actor=actor, act="merchant.accept_terms", subject_id=merchant.id, at=at, scheme=scheme)
    except IntegrityError as error:
        raise AlreadyAccepted(scheme=scheme, version=version) from error
    return acceptance


def terms(*, merchant_id: UUID) -> list[Terms]:
    """Return the newest terms of every scheme, by its code, and which of them a shop has accepted."""
    newest = SchemeVersion.objects.select_related("scheme").order_by("scheme__code", "-number").distinct("scheme__code")
    accepted = Acceptance.objects.filter(merchant_id=merchant_id).values_list("scheme").annotate(Max("version"))
    by_code: dict[str, int] = dict(accepted)
    return [Terms(row.scheme.code, row.number, by_code.get(row.scheme.code), row.id) for row in newest]


def judged_by(*, merchant: Merchant, branch: Branch | None) -> dict[str, Any]:
    """Return what schemes judge a sale's shop by: a branch's own place stands before the merchant's."""
    return {**merchant.facts, **(branch.facts if branch else {})}


def _accepted(merchant_id: UUID) -> dict[str, Any]:
    first: dict[str, str] = {}
    for scheme, at in Acceptance.objects.filter(merchant_id=merchant_id).order_by("at").values_list("scheme", "at"):
        first.setdefault(scheme, today(at).isoformat())
    return {"accepted_schemes": sorted(first), "accepted_on": first} if first else {}


def _lock(merchant_id: UUID) -> None:
    # Two changes at once must not each write the facts without the other's. Payers never lock a shop.
    Merchant.objects.select_for_update(no_key=True).get(id=merchant_id)
