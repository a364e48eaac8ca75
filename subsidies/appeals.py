"""A citizen whom a rule refused asks for another look, and an officer decides.

A granted appeal lifts that one rule for that citizen (`people_facts`), so that they can enrol (or are, where nobody
asks) as long as places and dates allow; who granted it and why stays with it.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from django.db.models import QuerySet

from subsidies import entitlements, people_facts, roll_calls, schemes
from subsidies.enrolment import AlreadyEnrolled
from subsidies.models import Appeal, AppealDecision, Enrolment, Scheme, SchemeVersion
from subsidies.rules.eligibility import NotEligible
from wallet import audit, keys, ledger, officers, privacy
from wallet.ids import uuid7
from wallet.refusals import Refusal


class NothingToAppeal(Refusal):
    """No rule refuses the citizen, so there is nothing to look at again."""

    code: ClassVar = "nothing_to_appeal"


class AppealNotTaken(Refusal):
    """The scheme takes no appeals against this rule, or takes none any more."""

    code: ClassVar = "appeal_not_taken"


class AppealOpen(Refusal):
    """The citizen's appeal in this scheme is waiting for an officer."""

    code: ClassVar = "appeal_open"


class AppealUnknown(Refusal):
    """There is no such appeal."""

    code: ClassVar = "appeal_unknown"
    status: ClassVar = 404


class AppealDecided(Refusal):
    """An officer has decided this appeal."""

    code: ClassVar = "appeal_decided"


@dataclass(frozen=True, slots=True)
class Told:
    """An appeal with its scheme's code and its statement, opened from its seal."""

    appeal: Appeal
    scheme: str
    statement: str

    @property
    def decision(self) -> AppealDecision | None:
        """Return what an officer decided."""
        decision: AppealDecision | None = getattr(self.appeal, "decision", None)
        return decision


def ask(*, citizen_id: UUID, code: str, statement: str, key: str, at: dt.datetime) -> Told:
    """Ask for another look at the rule that refuses a citizen; of several, the one that they are told.

    :raises SchemeUnknown | KeyReused:
    :raises AlreadyEnrolled | NothingToAppeal: nothing refuses them.
    :raises AppealNotTaken | AppealOpen: the rule stands, or an officer is looking at it.
    :raises NoTier: no group of the scheme is for them; that is no rule that could be lifted.
    """
    version = schemes.in_force(code=code, at=at)
    content = {"appeal": code, "statement": statement}
    with ledger.posting(citizens=[citizen_id]):
        appeal_id = uuid7()
        if was := keys.claim(caller_id=citizen_id, key=key, content=content, outcome_id=appeal_id, at=at):
            return _told([_with_decision().get(id=was)])[0]
        if Enrolment.objects.filter(citizen_id=citizen_id, scheme_id=version.scheme_id).exists():
            raise AlreadyEnrolled(scheme=code)
        earlier = Appeal.objects.filter(citizen_id=citizen_id, scheme_id=version.scheme_id).order_by("number")
        if waiting := earlier.filter(decision__isnull=True).first():
            raise AppealOpen(rule=waiting.rule, asked_at=waiting.asked_at.isoformat())
        appeal = Appeal.objects.create(
            id=appeal_id,
            citizen_id=citizen_id,
            scheme_id=version.scheme_id,
            number=earlier.count() + 1,
            rule=_refusing_rule(citizen_id, version, at),
            version_id=version.id,
            statement_sealed=privacy.seal({"statement": statement}, subject_id=appeal_id),
            asked_at=at,
        )
        return Told(appeal, code, statement)


def decide(*, appeal_id: UUID, actor: audit.Actor, granted: bool, reason: str, at: dt.datetime) -> Told:
    """Lift the rule for the citizen, or let it stand, and say why.

    :raises NotAnOfficer | AppealUnknown | AppealDecided:
    """
    officer = officers.of(actor)
    appeal = Appeal.objects.filter(id=appeal_id).first()
    if appeal is None:
        raise AppealUnknown
    with ledger.posting(citizens=[appeal.citizen_id]):
        if decided := AppealDecision.objects.filter(appeal=appeal).first():
            raise AppealDecided(granted=decided.granted, decided_at=decided.at.isoformat())
        AppealDecision.objects.create(appeal=appeal, granted=granted, officer=officer, reason=reason, at=at)
        act = "appeal.grant" if granted else "appeal.reject"
        audit.record(actor=actor, act=act, subject_id=appeal.id, at=at, rule=appeal.rule, reason=reason)
        if granted:
            roll_calls.call(citizen_id=appeal.citizen_id, version_id=appeal.version_id)
    return _told([_with_decision().get(id=appeal_id)])[0]


def of_citizen(*, citizen_id: UUID, at_most: int, before: UUID | None = None) -> list[Told]:
    """Return a citizen's appeals, newest first."""
    appeals = _with_decision().filter(citizen_id=citizen_id).order_by("-id")
    return _told((appeals if before is None else appeals.filter(id__lt=before))[:at_most])


def latest(*, citizen_id: UUID, code: str) -> Told | None:
    """Return what a citizen asked last in one scheme."""
    scheme = Scheme.objects.filter(code=code).values("id")
    found = _told(_with_decision().filter(citizen_id=citizen_id, scheme_id__in=scheme).order_by("-number")[:1])
    return found[0] if found else None


def waiting(*, at_most: int, after: UUID | None = None) -> list[Told]:
    """Return the appeals that wait for an officer, oldest first."""
    appeals = _with_decision().filter(decision__isnull=True).order_by("id")
    return _told((appeals if after is None else appeals.filter(id__gt=after))[:at_most])


def of(*, appeal_id: UUID) -> Told:
    """Return an appeal, for an officer.

    :raises AppealUnknown: there is none of this id.
    """
    found = _told(_with_decision().filter(id=appeal_id))
    if not found:
        raise AppealUnknown
    return found[0]


def _refusing_rule(citizen_id: UUID, version: SchemeVersion, at: dt.datetime) -> str:
    rules = schemes.compiled(version.id)
    try:
        entitlements.tier_of(scheme=rules, person=people_facts.facts_of(citizen_id=citizen_id, at=at), at=at)
    except NotEligible as no:
        facts: dict[str, Any] = no.facts
        if facts["appeal"]:
            return str(facts["rule"])
        raise AppealNotTaken(**facts) from None
    raise NothingToAppeal(scheme=version.scheme.code)


def _with_decision() -> QuerySet[Appeal]:
    return Appeal.objects.select_related("decision__officer__user")


def _told(appeals: Iterable[Appeal]) -> list[Told]:
    found = list(appeals)
    codes = dict(Scheme.objects.filter(id__in={appeal.scheme_id for appeal in found}).values_list("id", "code"))
    return [
        Told(
            appeal,
            codes[appeal.scheme_id],
            privacy.unseal(appeal.statement_sealed, subject_id=appeal.id)["statement"],
        )
        for appeal in found
    ]
