"""What is left of a scheme that is over goes back to the Treasury, once two officers agree to the sum.

The first one asks, and the sum that is left is written down; the second one agrees to that sum with their second
factor, or says no. If it is another sum by then, nothing moves, and it is asked for anew.
"""

import datetime as dt
from typing import ClassVar
from uuid import UUID

from django.db.models import QuerySet

from subsidies import funding, schemes, stops
from subsidies.models import Enrolment, HandBack, Scheme
from subsidies.rules.calendar import LIFETIME
from subsidies.stops import SecondOfficerNeeded
from wallet import audit, keys, ledger, officers, second_factors
from wallet.accounts import TREASURY, fund
from wallet.ids import uuid7
from wallet.models import TransferKind
from wallet.money import Satang
from wallet.refusals import Refusal


class SchemeNotOver(Refusal):
    """The right can still be used, so its money is still needed."""

    code: ClassVar = "scheme_not_over"


class RightsNotOver(Refusal):
    """The scheme is over, but something still falls due on some of its rights."""

    code: ClassVar = "rights_not_over"


class NothingToHandBack(Refusal):
    """The scheme's fund is empty."""

    code: ClassVar = "nothing_to_hand_back"


class HandBackAskedAlready(Refusal):
    """An officer has asked for it already; another one agrees, or says no."""

    code: ClassVar = "hand_back_asked_already"


class HandBackNotAsked(Refusal):
    """Nobody has asked for it."""

    code: ClassVar = "hand_back_not_asked"


class HandBackChanged(Refusal):
    """Another sum is left than the one that was asked for."""

    code: ClassVar = "hand_back_changed"


def ask(*, code: str, reason: str, actor: audit.Actor, key: str, at: dt.datetime) -> HandBack:
    """Ask, as the first of two officers, that what is left in the fund of a scheme goes back. Nothing moves yet.

    :raises NotAnOfficer | SchemeUnknown | KeyReused | HandBackAskedAlready:
    :raises SchemeNotOver | RightsNotOver | NothingToHandBack:
    """
    officer, asked_id = officers.of(actor), uuid7()
    with ledger.posting():
        scheme = _alone(code)
        content = {"ask to hand back": code, "reason": reason}
        if was := keys.claim(caller_id=officer.id, key=key, content=content, outcome_id=asked_id, at=at):
            return _told().get(id=was)
        if _waiting().filter(scheme=scheme).exists():
            raise HandBackAskedAlready(scheme=code)
        left = _left(scheme, at)
        audit.record(
            actor=actor, act="scheme.ask_to_hand_back", subject_id=scheme.id, at=at, amount_satang=left, reason=reason
        )
        return HandBack.objects.create(
            id=asked_id, scheme=scheme, amount=left, officer=officer, reason=reason, asked_at=at
        )


def agree(*, code: str, second_factor: str, actor: audit.Actor, key: str, at: dt.datetime) -> HandBack:
    """Give the sum that was asked for back to the Treasury, as the second officer.

    :param second_factor: a TOTP code from the officer's device, made now.
    :raises NotAnOfficer | SchemeUnknown | KeyReused | HandBackNotAsked | SecondOfficerNeeded | HandBackChanged:
    :raises SchemeNotOver | RightsNotOver | NothingToHandBack: something has changed since it was asked for.
    :raises SecondFactorWrong: counted, and that alone is committed.
    """
    officer, content = officers.of(actor), {"hand back": code}
    with ledger.posting() as business_date:
        scheme = _alone(code)
        if was := keys.earlier(caller_id=officer.id, key=key, content=content):
            return _told().get(id=was)
        asked = _asked(scheme)
        if asked.officer_id == officer.id:
            raise SecondOfficerNeeded
        if (left := _left(scheme, at)) != asked.amount:
            raise HandBackChanged(asked_satang=asked.amount, left_satang=left)
        wrong = second_factors.judge(officer=officer, code=second_factor)
        if wrong is None:
            keys.claim(caller_id=officer.id, key=key, content=content, outcome_id=asked.id, at=at)
            asked.decided_by, asked.handed_back_at = officer, at
            asked.save(update_fields=["decided_by", "handed_back_at"])
            ledger.post(moves=[_move(asked)], business_date=business_date, at=at)
            audit.record(actor=actor, act="scheme.hand_back", subject_id=scheme.id, at=at, amount_satang=left)
            return asked
        audit.record(actor=actor, act="scheme.second_factor_wrong", subject_id=scheme.id, at=at)
    raise wrong


def refuse(*, code: str, reason: str, actor: audit.Actor, key: str, at: dt.datetime) -> HandBack:
    """Say no to it; also how the officer who asked takes it back.

    :raises NotAnOfficer | SchemeUnknown | KeyReused | HandBackNotAsked:
    """
    officer, content = officers.of(actor), {"hand nothing back": code, "reason": reason}
    with ledger.posting():
        scheme = _alone(code)
        if was := keys.earlier(caller_id=officer.id, key=key, content=content):
            return _told().get(id=was)
        asked = _asked(scheme)
        keys.claim(caller_id=officer.id, key=key, content=content, outcome_id=asked.id, at=at)
        asked.decided_by, asked.decided_why, asked.refused_at = officer, reason, at
        asked.save(update_fields=["decided_by", "decided_why", "refused_at"])
        audit.record(actor=actor, act="scheme.refuse_to_hand_back", subject_id=scheme.id, at=at, reason=reason)
        return asked


def asked_for(*, at_most: int) -> list[HandBack]:
    """Return those that wait for a second officer, oldest first."""
    return list(_waiting().order_by("asked_at")[:at_most])


def waiting_of(*, scheme_id: UUID) -> HandBack | None:
    """Return the one that waits for a second officer in this scheme."""
    return _waiting().filter(scheme_id=scheme_id).first()


def _told() -> QuerySet[HandBack]:
    return HandBack.objects.select_related("scheme", "officer__user", "decided_by__user")


def _waiting() -> QuerySet[HandBack]:
    return _told().filter(handed_back_at=None, refused_at=None)


def _asked(scheme: Scheme) -> HandBack:
    """Return the one that waits.

    :raises HandBackNotAsked: none does.
    """
    asked = waiting_of(scheme_id=scheme.id)
    if asked is None:
        raise HandBackNotAsked(scheme=scheme.code)
    return asked


def _alone(code: str) -> Scheme:
    """Return the scheme; until the commit nobody else sets Treasury money aside or gives it back.

    :raises SchemeUnknown: there is none of this code.
    """
    scheme = Scheme.objects.filter(code=code).first()
    if scheme is None:
        raise schemes.SchemeUnknown(scheme=code)
    funding.allot_alone()
    return scheme


def _left(scheme: Scheme, at: dt.datetime) -> Satang:
    """Return what is left of a scheme of which nobody needs anything any more, in satang.

    :raises SchemeNotOver: it can still be used.
    :raises RightsNotOver: the timetable has not ended all of its rights, or something is still to be paid back.
    :raises NothingToHandBack: the fund is empty.
    """
    over_at = max((schemes.compiled(version.id).windows.ends_at for version in scheme.versions.all()), default=at)
    is_stopped = stops.standstills(scheme_ids=[scheme.id], at=at).get(scheme.id, stops.GOES_ON).stopped_at is not None
    if at < over_at and not is_stopped:
        raise SchemeNotOver(scheme=scheme.code, ends_at=over_at.isoformat())
    places = Enrolment.objects.filter(scheme_id=scheme.id, place__isnull=False)
    if going_on := places.exclude(next_due_at=LIFETIME).count():
        raise RightsNotOver(scheme=scheme.code, rights=going_on)
    if not (left := ledger.balance(fund(scheme.id))):
        raise NothingToHandBack(scheme=scheme.code)
    return left


def _move(asked: HandBack) -> ledger.Move:
    return ledger.Move(
        source=fund(asked.scheme_id),
        target=TREASURY,
        amount=asked.amount,
        kind=TransferKind.HANDED_BACK,
        cause=asked.id,
        owner_id=asked.scheme_id,
        scheme_id=asked.scheme_id,
    )
