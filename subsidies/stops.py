"""A scheme is suspended, let go on, or stopped for good; never by one officer alone, but for the brake.

Suspending is the brake: one officer does it at once, and payments and enrolments under the scheme are refused from then
on, while people go on buying with their own money. Restoring it takes another officer with their second factor, and so
does stopping it, which one officer asks for. A stopped scheme never pays again: the timetable gives back what is left.
"""

import datetime as dt
from collections.abc import Iterable
from typing import ClassVar, Final, NamedTuple
from uuid import UUID

from django.db import connection, transaction
from django.db.models import QuerySet

from subsidies.models import Scheme, Stop, Suspension
from subsidies.rules.windows import SchemeStopped, SchemeSuspended
from subsidies.schemes import SchemeUnknown
from wallet import audit, keys, officers, second_factors
from wallet.ids import uuid7
from wallet.models import Officer
from wallet.refusals import Refusal


class SuspendedAlready(Refusal):
    """The scheme is suspended already."""

    code: ClassVar = "scheme_suspended_already"


class GoesOn(Refusal):
    """The scheme is not suspended, so there is nothing to restore."""

    code: ClassVar = "scheme_goes_on"


class SecondOfficerNeeded(Refusal):
    """Who began this cannot also agree to it."""

    code: ClassVar = "second_officer_needed"
    status: ClassVar = 403


class StopAskedAlready(Refusal):
    """An officer has asked to stop the scheme already; another one agrees, or says no."""

    code: ClassVar = "stop_asked_already"


class StopNotAsked(Refusal):
    """Nobody has asked to stop the scheme."""

    code: ClassVar = "stop_not_asked"


class Standstill(NamedTuple):
    """Why a scheme pays nothing: since when it is suspended, and when it was stopped."""

    suspended_at: dt.datetime | None = None
    stopped_at: dt.datetime | None = None


GOES_ON: Final = Standstill()


class Brakes(NamedTuple):
    """What officers have said against a scheme, as rows: a suspension that lasts, a stop that was asked for or made."""

    suspension: Suspension | None = None
    stop: Stop | None = None


STANDSTILLS: Final = """
    SELECT scheme_id, max(suspended_at), max(stopped_at) FROM (
        SELECT scheme_id, at AS suspended_at, NULL::timestamptz AS stopped_at FROM subsidies_suspension
         WHERE scheme_id = ANY(%(schemes)s::uuid[]) AND lifted_at IS NULL
         UNION ALL
        SELECT scheme_id, NULL, stopped_at FROM subsidies_stop
         WHERE scheme_id = ANY(%(schemes)s::uuid[]) AND stopped_at <= %(at)s
    ) standstill GROUP BY 1
"""


def suspend(*, code: str, reason: str, actor: audit.Actor, at: dt.datetime, key: str | None = None) -> Suspension:
    """Let nobody pay or enrol under a scheme until it is restored. One officer may, at once.

    :raises NotAnOfficer | SchemeUnknown | SchemeStopped | SuspendedAlready | KeyReused:
    """
    officer, suspension_id = officers.of(actor), uuid7()
    with transaction.atomic(durable=True):
        scheme = _locked(code)
        if key:
            content = {"suspend": code, "reason": reason}
            earlier = keys.claim(caller_id=officer.id, key=key, content=content, outcome_id=suspension_id, at=at)
            if earlier is not None:
                return Suspension.objects.get(id=earlier)
        _must_not_be_stopped(scheme)
        if Suspension.objects.filter(scheme=scheme, lifted_at=None).exists():
            raise SuspendedAlready(scheme=code)
        audit.record(actor=actor, act="scheme.suspend", subject_id=scheme.id, at=at, reason=reason)
        return Suspension.objects.create(id=suspension_id, scheme=scheme, officer=officer, reason=reason, at=at)


def restore(
    *, code: str, reason: str, second_factor: str, actor: audit.Actor, at: dt.datetime, key: str | None = None
) -> Suspension:
    """Let a suspended scheme go on, as another officer than the one who suspended it.

    :param second_factor: a TOTP code from the officer's device, made now.
    :raises NotAnOfficer | SchemeUnknown | SchemeStopped | GoesOn | SecondOfficerNeeded | KeyReused:
    :raises SecondFactorWrong: counted, and that alone is committed.
    """
    officer, content = officers.of(actor), {"let go on": code, "reason": reason}
    with transaction.atomic(durable=True):
        scheme = _locked(code)
        if key and (earlier := keys.earlier(caller_id=officer.id, key=key, content=content)):
            return Suspension.objects.get(id=earlier)
        _must_not_be_stopped(scheme)
        suspension = Suspension.objects.filter(scheme=scheme, lifted_at=None).first()
        if suspension is None:
            raise GoesOn(scheme=code)
        wrong = _agrees(officer, second_factor, began=suspension.officer_id, scheme=scheme, actor=actor, at=at)
        if wrong is None:
            if key:
                keys.claim(caller_id=officer.id, key=key, content=content, outcome_id=suspension.id, at=at)
            suspension.lifted_by, suspension.lifted_why, suspension.lifted_at = officer, reason, at
            suspension.save(update_fields=["lifted_by", "lifted_why", "lifted_at"])
            audit.record(actor=actor, act="scheme.restore", subject_id=scheme.id, at=at, reason=reason)
            return suspension
    raise wrong


def ask_to_stop(*, code: str, reason: str, actor: audit.Actor, at: dt.datetime, key: str | None = None) -> Stop:
    """Ask, as the first of two officers, that a scheme ends for good. Nothing ends before another one agrees.

    :raises NotAnOfficer | SchemeUnknown | SchemeStopped | StopAskedAlready | KeyReused:
    """
    officer, stop_id = officers.of(actor), uuid7()
    with transaction.atomic(durable=True):
        scheme = _locked(code)
        if key:
            content = {"stop": code, "reason": reason}
            earlier = keys.claim(caller_id=officer.id, key=key, content=content, outcome_id=stop_id, at=at)
            if earlier is not None:
                return Stop.objects.get(id=earlier)
        _must_not_be_stopped(scheme)
        if _asked(scheme) is not None:
            raise StopAskedAlready(scheme=code)
        audit.record(actor=actor, act="scheme.ask_to_stop", subject_id=scheme.id, at=at, reason=reason)
        return Stop.objects.create(id=stop_id, scheme=scheme, officer=officer, reason=reason, asked_at=at)


def stop(*, code: str, second_factor: str, actor: audit.Actor, at: dt.datetime, key: str | None = None) -> Stop:
    """Stop a scheme for good, as the second officer: from now on it pays nothing and takes nobody in.

    What is left in its purses goes back to its fund by the timetable, as at any scheme's end.

    :param second_factor: a TOTP code from the officer's device, made now.
    :raises NotAnOfficer | SchemeUnknown | SchemeStopped | StopNotAsked | SecondOfficerNeeded | KeyReused:
    :raises SecondFactorWrong: counted, and that alone is committed.
    """
    officer, content = officers.of(actor), {"stop for good": code}
    with transaction.atomic(durable=True):
        scheme = _locked(code)
        if key and (earlier := keys.earlier(caller_id=officer.id, key=key, content=content)):
            return Stop.objects.get(id=earlier)
        _must_not_be_stopped(scheme)
        asked = _asked(scheme)
        if asked is None:
            raise StopNotAsked(scheme=code)
        wrong = _agrees(officer, second_factor, began=asked.officer_id, scheme=scheme, actor=actor, at=at)
        if wrong is None:
            if key:
                keys.claim(caller_id=officer.id, key=key, content=content, outcome_id=asked.id, at=at)
            asked.decided_by, asked.stopped_at = officer, at
            asked.save(update_fields=["decided_by", "stopped_at"])
            audit.record(actor=actor, act="scheme.stop", subject_id=scheme.id, at=at)
            return asked
    raise wrong


def refuse_to_stop(*, code: str, reason: str, actor: audit.Actor, at: dt.datetime, key: str | None = None) -> Stop:
    """Say no to stopping a scheme; also how the officer who asked takes it back.

    :raises NotAnOfficer | SchemeUnknown | SchemeStopped | StopNotAsked | KeyReused:
    """
    officer, content = officers.of(actor), {"do not stop": code, "reason": reason}
    with transaction.atomic(durable=True):
        scheme = _locked(code)
        if key and (earlier := keys.earlier(caller_id=officer.id, key=key, content=content)):
            return Stop.objects.get(id=earlier)
        _must_not_be_stopped(scheme)
        asked = _asked(scheme)
        if asked is None:
            raise StopNotAsked(scheme=code)
        if key:
            keys.claim(caller_id=officer.id, key=key, content=content, outcome_id=asked.id, at=at)
        asked.decided_by, asked.decided_why, asked.refused_at = officer, reason, at
        asked.save(update_fields=["decided_by", "decided_why", "refused_at"])
        audit.record(actor=actor, act="scheme.refuse_to_stop", subject_id=scheme.id, at=at, reason=reason)
        return asked


def standstills(*, scheme_ids: Iterable[UUID], at: dt.datetime) -> dict[UUID, Standstill]:
    """Return which of these schemes pay nothing now, and why; those that go on are not in it."""
    with connection.cursor() as cursor:
        cursor.execute(STANDSTILLS, {"schemes": list(scheme_ids), "at": at})
        return {scheme_id: Standstill(suspended_at, stopped_at) for scheme_id, suspended_at, stopped_at in cursor}


def brakes(*, scheme_ids: Iterable[UUID]) -> dict[UUID, Brakes]:
    """Return who holds these schemes back and why; those that nobody holds back are not in it."""
    of, found = list(scheme_ids), dict[UUID, Brakes]()
    for suspension in _lasting().filter(scheme_id__in=of):
        found[suspension.scheme_id] = Brakes(suspension=suspension)
    for stop in _not_refused().filter(scheme_id__in=of):
        found[stop.scheme_id] = found.get(stop.scheme_id, Brakes())._replace(stop=stop)
    return found


def asked_for(*, at_most: int) -> list[Stop]:
    """Return the stops that wait for a second officer, oldest first."""
    return list(_not_refused().filter(stopped_at=None).order_by("asked_at")[:at_most])


def suspended(*, at_most: int) -> list[Suspension]:
    """Return the suspensions that last, oldest first; those of schemes that were stopped since are over with them."""
    stopped = Stop.objects.filter(stopped_at__isnull=False).values("scheme_id")
    return list(_lasting().exclude(scheme_id__in=stopped).order_by("at")[:at_most])


def must_go_on(*, scheme_id: UUID, at: dt.datetime) -> None:
    """Return if a scheme takes people in and pays for them.

    :raises SchemeStopped | SchemeSuspended: officers have said otherwise.
    """
    found = standstills(scheme_ids=[scheme_id], at=at).get(scheme_id, GOES_ON)
    if found.stopped_at is not None:
        raise SchemeStopped(ended_at=found.stopped_at.isoformat())
    if found.suspended_at is not None:
        raise SchemeSuspended(suspended_at=found.suspended_at.isoformat())


def _lasting() -> QuerySet[Suspension]:
    return Suspension.objects.filter(lifted_at=None).select_related("scheme", "officer__user")


def _not_refused() -> QuerySet[Stop]:
    return Stop.objects.filter(refused_at=None).select_related("scheme", "officer__user", "decided_by__user")


def _locked(code: str) -> Scheme:
    """Return the scheme, so that its officers decide one after the other.

    :raises SchemeUnknown: there is none of this code.
    """
    scheme = Scheme.objects.select_for_update(no_key=True).filter(code=code).first()
    if scheme is None:
        raise SchemeUnknown(scheme=code)
    return scheme


def _must_not_be_stopped(scheme: Scheme) -> None:
    stopped = Stop.objects.filter(scheme=scheme, stopped_at__isnull=False).first()
    if stopped is not None and stopped.stopped_at is not None:
        raise SchemeStopped(ended_at=stopped.stopped_at.isoformat())


def _asked(scheme: Scheme) -> Stop | None:
    return Stop.objects.filter(scheme=scheme, stopped_at=None, refused_at=None).first()


def _agrees(
    officer: Officer, second_factor: str, *, began: UUID, scheme: Scheme, actor: audit.Actor, at: dt.datetime
) -> Refusal | None:
    """Return None if a second officer has proven to be there, else the refusal to raise after the commit.

    :raises SecondOfficerNeeded: it is the one who began.
    """
    if officer.id == began:
        raise SecondOfficerNeeded
    wrong = second_factors.judge(officer=officer, code=second_factor)
    if wrong is not None:
        audit.record(actor=actor, act="scheme.second_factor_wrong", subject_id=scheme.id, at=at)
    return wrong
