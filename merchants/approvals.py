"""An officer takes a shop in, lets its new particulars hold, or says no and why.

What is decided is one version of what the applicant said, the one that the officer was shown.
"""

import datetime as dt
from typing import ClassVar
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from merchants import applications, notices, onboarding, particulars
from merchants.applications import ApplicationDecided, Standing
from merchants.models import Application, ApplicationDecision, ApplicationVerdict, Merchant
from merchants.particulars import Described
from wallet import audit, officers, second_factors
from wallet.models import Officer
from wallet.refusals import Refusal


class ApplicationChanged(Refusal):
    """What the officer was shown is not what the application says now."""

    code: ClassVar = "application_changed"


def approve(*, application_id: UUID, seen: UUID, actor: audit.Actor, second_factor: str, at: dt.datetime) -> Merchant:
    """Take the shop in, or let its new particulars hold from now on. Money follows both.

    :param seen: the version that the officer was shown.
    :raises NotAnOfficer | ApplicationUnknown | ApplicationChanged | ApplicationDecided:
    :raises SecondFactorWrong: counted, and that alone is committed.
    """
    with transaction.atomic(durable=True):
        officer, now = _to_decide(application_id, seen=seen, actor=actor)
        wrong = second_factors.judge(officer=officer, code=second_factor)
        if wrong is None:
            _decide(now, ApplicationVerdict.APPROVED, officer=officer, actor=actor, at=at)
            return _let_hold(now, actor=actor, at=at)
        audit.record(actor=actor, act="application.second_factor_wrong", subject_id=application_id, at=at)
    raise wrong


def reject(*, application_id: UUID, seen: UUID, reason: str, actor: audit.Actor, at: dt.datetime) -> Standing:
    """Say no, and why. The applicant may correct what they said.

    :raises NotAnOfficer | ApplicationUnknown | ApplicationChanged | ApplicationDecided:
    """
    with transaction.atomic(durable=True):
        officer, now = _to_decide(application_id, seen=seen, actor=actor)
        decided = _decide(now, ApplicationVerdict.REJECTED, reason=reason, officer=officer, actor=actor, at=at)
        said = {"shop": now.version.name, "reason": reason}
        if now.application.merchant_id is not None:
            notices.tell_shop(merchant_id=now.application.merchant_id, code="application_rejected", at=at, **said)
        else:
            notices.tell_opener(merchant_id=application_id, code="application_rejected", at=at, **said)
    return decided


def _to_decide(application_id: UUID, *, seen: UUID, actor: audit.Actor) -> tuple[Officer, Standing]:
    """Return the officer who acts, and what they are to decide, locked: it is what they were shown."""
    officer = officers.of(actor)
    now = applications.locked(application_id, Q())
    if now.version.id != seen:
        raise ApplicationChanged(version=str(now.version.id))
    if now.decision is not None:
        raise ApplicationDecided
    return officer, now


def _decide(
    now: Standing,
    verdict: ApplicationVerdict,
    *,
    reason: str = "",
    officer: Officer,
    actor: audit.Actor,
    at: dt.datetime,
) -> Standing:
    decision = ApplicationDecision.objects.create(
        version=now.version, verdict=verdict, reason=reason, officer=officer, at=at
    )
    Application.objects.filter(id=now.application.id).update(waits_since=None)
    act = f"application.{'approve' if verdict == ApplicationVerdict.APPROVED else 'reject'}"
    audit.record(actor=actor, act=act, subject_id=now.application.id, at=at, seen=str(now.version.id), reason=reason)
    return Standing(now.application, now.version, decision)


def _let_hold(now: Standing, *, actor: audit.Actor, at: dt.datetime) -> Merchant:
    application, version = now.application, now.version
    described = Described(name=version.name, name_en=version.name_en, city=version.city, facts=version.facts)
    if application.merchant_id is not None:
        particulars.put_in_force(
            merchant_id=application.merchant_id,
            described=described,
            reason=version.reason,
            actor=actor,
            at=at,
        )
        notices.tell_shop(merchant_id=application.merchant_id, code="particulars_changed", at=at)
        return onboarding.merchant(merchant_id=application.merchant_id)
    merchant = onboarding.begin(
        merchant_id=application.id,
        described=described,
        bank_code=version.bank_code,
        bank_account_sealed=bytes(version.bank_account_sealed or b""),
        actor=actor,
        at=at,
    )
    notices.tell_opener(merchant_id=merchant.id, code="application_approved", at=at, shop=version.name)
    return merchant
